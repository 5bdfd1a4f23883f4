"""A policy over columns: the same lines as `enforcement.credit.scoring`, all businesses at once, in whole hundredths.

A clause becomes one frame of what it matches – business, first day, clock, end, points –, made once for all days, since
a repeat is no more than an earlier end. A day is then a filter, the fade, and sums by business and category. Nothing
of the pure scoring is used here: the two are held against each other (`checking.py`).
"""

from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from operator import and_, eq, ge, gt, le, lt, ne, or_
from typing import Any

import polars as pl

from enforcement.credit.conditions import Atom, Condition
from enforcement.credit.policy import GRADES, Clause, Points, Policy
from projections.whatif.columns import LAST_DAY, field, state


@dataclass(frozen=True)
class Matched:
    """A clause with everything that it matches: business, start, clock, end, points at the start."""

    clause: Clause
    rows: pl.DataFrame

    def on(self, day: date) -> pl.DataFrame:
        """Business and points of its lines on a day."""
        active = self.rows.filter(pl.col("start") <= day, pl.col("end") > day)
        return active.select("business", points=_faded(self.clause, day))


class Vector:
    """A policy with what its clauses match among the facts of all businesses."""

    def __init__(self, policy: Policy, facts: pl.DataFrame, every: pl.DataFrame) -> None:
        self.policy = policy
        self.every = every.select("business")
        types = {str(key[0]): piece for key, piece in facts.partition_by("type", as_dict=True).items()}
        earlier: dict[str | None, list[Clause]] = {}
        self.matched: list[Matched] = []
        for clause in policy.clauses:
            own = pl.concat([facts.clear(), *(types[topic] for topic in clause.on if topic in types)])
            self.matched.append(_matched(clause, own, earlier.setdefault(clause.group, [])))
            if clause.group is not None:
                earlier[clause.group].append(clause)

    def on(self, day: date) -> pl.DataFrame:
        """business, total (hundredths) and grade (0 for A) of every business on a day, in order of business."""
        points = self._capped(day).group_by("business").agg(pl.col("points").sum())
        joined = self.every.join(points, on="business", how="left", maintain_order="left")
        joined = joined.join(self._vetoes(day), on="business", how="left", maintain_order="left")
        total = (pl.col("points").fill_null(0) + self.policy.base).alias("total")
        return joined.select("business", total, "veto").select(
            "business", "total", grade=pl.max_horizontal(self._by_total(), pl.col("veto").fill_null(0))
        )

    def _by_total(self) -> pl.Expr:
        """The class of a total: the best whose least it reaches."""
        grade = pl.lit(len(GRADES) - 1, pl.Int8)
        for row in reversed(self.policy.grades):
            if row.least is not None:
                own = pl.lit(GRADES.index(row.grade), pl.Int8)
                grade = pl.when(pl.col("total") >= row.least).then(own).otherwise(grade)
        return grade

    def _capped(self, day: date) -> pl.DataFrame:
        """business and points of each category, caps kept."""
        parts = [_NO_LINES]
        for category in self.policy.categories:
            lines = [one.on(day) for one in self.matched if one.clause.category == category.id]
            sums = pl.concat([_NO_LINES, *lines]).group_by("business").agg(pl.col("points").sum())
            parts.append(sums.with_columns(pl.col("points").clip(category.least, category.most)))
        return pl.concat(parts)

    def _vetoes(self, day: date) -> pl.DataFrame:
        """business and the best class that its vetoes leave."""
        held = [
            one.on(day).select("business", veto=pl.lit(GRADES.index(one.clause.at_best), pl.Int8))
            for one in self.matched
            if one.clause.at_best is not None
        ]
        return pl.concat([_NO_VETOES, *held]).group_by("business").agg(pl.col("veto").max())

    def by_clause(self, day: date, some: pl.DataFrame) -> pl.DataFrame:
        """business, clause, points and lines of some businesses on a day."""
        lines = [_NO_LINES.with_columns(clause=pl.lit(""))]
        for one in self.matched:
            own = one.on(day).join(some.select("business"), on="business", how="semi")
            lines.append(own.with_columns(clause=pl.lit(one.clause.id)))
        return pl.concat(lines).group_by("business", "clause").agg(pl.col("points").sum(), lines=pl.len())

    def idle(self, days: Sequence[date]) -> list[str]:
        """The clauses that have no line on any of the days."""
        return [one.clause.id for one in self.matched if not any(one.on(day).height for day in days)]


_NO_LINES = pl.DataFrame(schema={"business": pl.UInt32, "points": pl.Int64})
_NO_VETOES = pl.DataFrame(schema={"business": pl.UInt32, "veto": pl.Int8})


# -- what a clause matches -------------------------------------------------------------------------------------


def _matched(clause: Clause, own: pl.DataFrame, before: Sequence[Clause]) -> Matched:
    """`own` are the facts of the clause's types, `before` the earlier clauses of its group."""
    meets = own.filter(_meets(clause, own))
    free = meets.filter(~reduce(or_, (_meets(one, own) for one in before), pl.lit(value=False)))
    rows = _timed(clause, free)
    if clause.again_within is not None:
        rows = _repeated(clause, rows, meets)
    rows = rows.filter(pl.col("start") < pl.col("end"))
    if clause.once_per is not None:
        rows = _once(clause, rows, field(clause.once_per)).filter(pl.col("start") < pl.col("end"))
    return Matched(clause, rows.select("business", "start", "clock", "end", "points"))


def _meets(clause: Clause, facts: pl.DataFrame) -> pl.Expr:
    return pl.col("type").is_in(clause.on) & _holds(clause.when, facts.schema)


def _holds(condition: Condition, schema: pl.Schema) -> pl.Expr:
    if isinstance(condition, Atom):
        column = pl.col(field(condition.field))
        if isinstance(schema[field(condition.field)], pl.List):
            test = column.list.eval(_compared(pl.element(), condition)).list.any()
        else:
            test = _compared(column, condition)
        return test.fill_null(value=False)
    parts = (_holds(part, schema) for part in condition.parts)
    return reduce(and_, parts, pl.lit(value=True)) if condition.how == "all" else reduce(or_, parts)


def _compared(column: pl.Expr, atom: Atom) -> pl.Expr:
    return COMPARED[atom.op](column, atom.value)


COMPARED: dict[str, Callable[[pl.Expr, Any], pl.Expr]] = {
    "in": lambda column, values: column.is_in(list(values)),
    "eq": eq,
    "ne": ne,
    "lt": lt,
    "le": le,
    "gt": gt,
    "ge": ge,
}


def _timed(clause: Clause, rows: pl.DataFrame) -> pl.DataFrame:
    """Start, clock, end and points at the start; rows without a start or points go."""
    start = pl.col("day")
    if clause.state is not None:
        start = pl.when(pl.col("day").is_not_null()).then(pl.col(state(clause.state)))
    elif clause.after is not None:
        named = pl.col(field(clause.after)) + timedelta(days=1)
        start = pl.when(pl.col("day").is_not_null() & named.is_not_null()).then(
            pl.max_horizontal(named, "day")
        )
    since = pl.col(state(clause.fade.since)) if clause.fade.since else pl.col("start")
    term = pl.lit(LAST_DAY)
    if clause.fade.months is not None:
        term = pl.col("clock").dt.offset_by(f"{clause.fade.months}mo")
    points = pl.lit(0, pl.Int64) if clause.at_best is not None else _worth(clause.points, rows.schema)
    return (
        rows.with_columns(start=start, points=points)
        .drop_nulls(["start", "points"])
        .with_columns(clock=pl.max_horizontal("start", since))
        .with_columns(end=pl.min_horizontal(term, _ended(clause)))
    )


def _ended(clause: Clause) -> pl.Expr:
    """The first day on which something ends the line early."""
    return pl.min_horizontal(pl.lit(LAST_DAY), *(pl.col(state(kind)) for kind in sorted(clause.ends)))


def _worth(points: Points, schema: pl.Schema) -> pl.Expr:
    if points.field is None:
        return pl.lit(points.fixed, pl.Int64)
    found = pl.col(field(points.field))
    if isinstance(schema[field(points.field)], pl.List):
        found = pl.when(found.is_not_null()).then(found.list.sum())
    if points.each is None:
        worth = pl.lit(None, pl.Int64)
        for least, given in points.bands:
            worth = pl.when(found >= least).then(pl.lit(given, pl.Int64)).otherwise(worth)
        return worth
    product = found * points.each
    if points.most is not None:
        product = product.clip(points.most, None) if points.most < 0 else product.clip(None, points.most)
    return pl.when(product != 0).then(product)


def _repeated(clause: Clause, rows: pl.DataFrame, meets: pl.DataFrame) -> pl.DataFrame:
    """Only repeats, and each no longer than one of its earlier events stands."""
    dated = meets.filter(pl.col("day").is_not_null())
    before = dated.select("business", before="day", place="position", stands=_ended(clause))
    pairs = (
        rows.with_row_index("row")
        .join(before, on="business")
        .filter(
            (pl.col("before") < pl.col("day"))
            | ((pl.col("before") == pl.col("day")) & (pl.col("place") < pl.col("position"))),
            pl.col("before").dt.offset_by(f"{clause.again_within}mo") >= pl.col("day"),
        )
    )
    longest = pairs.group_by("row").agg(pl.col("stands").max())
    joined = rows.with_row_index("row").join(longest, on="row")
    return joined.with_columns(end=pl.min_horizontal("end", "stands"))


def _once(clause: Clause, rows: pl.DataFrame, matter: str) -> pl.DataFrame:
    """Each only from the day on which no earlier one of its matter stands any more; its months run all the same."""
    numbered = rows.with_row_index("row")
    before = rows.select("business", matter, before="start", place="position", stands=_ended(clause))
    pairs = numbered.join(before, on=["business", matter]).filter(
        (pl.col("before") < pl.col("start"))
        | ((pl.col("before") == pl.col("start")) & (pl.col("place") < pl.col("position")))
    )
    longest = pairs.group_by("row").agg(pl.col("stands").max())
    joined = numbered.join(longest, on="row", how="left")
    return joined.with_columns(start=pl.max_horizontal("start", "stands"))


def _faded(clause: Clause, day: date) -> pl.Expr:
    """The points on a day, cut towards zero to whole hundredths."""
    points, fade = pl.col("points"), clause.fade
    if fade.kind == "none":
        return points
    gone = _passed(day)
    if fade.kind == "linear":
        months = fade.months or 1
        return points.sign() * (points.abs() * (months - gone) // months)
    kept = pl.lit(100, pl.Int64)
    for after, keep in fade.steps:
        kept = pl.when(gone >= after).then(pl.lit(keep, pl.Int64)).otherwise(kept)
    return points.sign() * (points.abs() * kept // 100)


def _passed(day: date) -> pl.Expr:
    """Whole months from the clock to a day: the day of the month counts, or the last of a shorter month."""
    clock = pl.col("clock")
    months = (day.year - clock.dt.year()) * 12 + day.month - clock.dt.month().cast(pl.Int32)
    last = monthrange(day.year, day.month)[1]
    short = pl.min_horizontal(clock.dt.day().cast(pl.Int32), pl.lit(last, pl.Int32)) > day.day
    return pl.max_horizontal(months - short.cast(pl.Int32), pl.lit(0, pl.Int32)).cast(pl.Int64)

"""A draft policy beside the one in force: who would change class and by which clauses, today and for a year to come.

Both policies score the same real histories, for today and the next twelve month-ends, as if each were in force on all
of these days and nothing new happened. With the policy in force as the draft, it is the identity.
"""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import polars as pl

from enforcement.credit.months import later, month_end
from enforcement.credit.policy import GRADES, Policy, Sampling
from projections.whatif.vector import Vector

MONTHS = 12


class Load(NamedTuple):
    """What a class costs the next quarter's draw: its size, the ratio and the number drawn, before and after."""

    grade: str
    size_before: int
    size_after: int
    ratio_before: str
    ratio_after: str
    drawn_before: int
    drawn_after: int
    visits_before: int | None
    visits_after: int | None


@dataclass(frozen=True)
class Simulation:
    """What the draft would change. `scores`: business, total and grade before and after, today.

    `moves`: day, before, after, count of every day; `movers`: uscc, before, after and the totals of those who change
    class today; `causes`: uscc, clause, points before and after, of these, where the two differ. Grades are letters.
    """

    draft: Policy
    current: Policy
    days: tuple[date, ...]
    businesses: int
    facts: int
    scores: pl.DataFrame
    moves: pl.DataFrame
    movers: pl.DataFrame
    causes: pl.DataFrame
    load: tuple[Load, ...]
    idle: tuple[str, ...]


def days_from(today: date) -> tuple[date, ...]:
    """Today and the next twelve month-ends after it."""
    ends = [month_end(later(today.replace(day=1), n)) for n in range(MONTHS + 1)]
    return today, *[end for end in ends if end > today][:MONTHS]


def quarter_end(today: date) -> date:
    """The last day of today's quarter: the next quarter's draw is made from the classes of that day."""
    return month_end(date(today.year, (today.month + 2) // 3 * 3, 1))


def simulate(
    draft: Policy, current: Policy, every: pl.DataFrame, facts: pl.DataFrame, today: date
) -> Simulation:
    """Both policies over all businesses (`every`: business, uscc) and the columns of their facts."""
    days = days_from(today)
    before, after = Vector(current, facts, every), Vector(draft, facts, every)
    scored = {day: _beside(before.on(day), after.on(day)) for day in days}
    movers = scored[today].filter(pl.col("grade_before") != pl.col("grade_after"))
    drawn = scored[quarter_end(today)] if quarter_end(today) in scored else scored[today]
    return Simulation(
        draft,
        current,
        days,
        every.height,
        facts.height,
        scored[today],
        pl.concat(_moves(day, both) for day, both in scored.items()),
        _named(movers, every),
        _causes(before.by_clause(today, movers), after.by_clause(today, movers), every),
        _load(drawn, current, draft),
        tuple(after.idle(days)),
    )


def _beside(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "business": before["business"],
            "total_before": before["total"],
            "total_after": after["total"],
            "grade_before": before["grade"],
            "grade_after": after["grade"],
        }
    )


def _letters(*columns: str) -> list[pl.Expr]:
    return [
        pl.col(name).replace_strict(range(len(GRADES)), GRADES, return_dtype=pl.String) for name in columns
    ]


def _moves(day: date, both: pl.DataFrame) -> pl.DataFrame:
    """How many go from which class to which on a day."""
    counted = (
        both.group_by("grade_before", "grade_after").len("businesses").sort("grade_before", "grade_after")
    )
    return counted.select(
        pl.lit(day).alias("day"),
        *_letters("grade_before", "grade_after"),
        pl.col("businesses").cast(pl.Int64),
    )


def _named(movers: pl.DataFrame, every: pl.DataFrame) -> pl.DataFrame:
    named = (
        movers.join(every, on="business").sort("uscc").with_columns(_letters("grade_before", "grade_after"))
    )
    return named.select("uscc", "grade_before", "grade_after", "total_before", "total_after")


def _causes(before: pl.DataFrame, after: pl.DataFrame, every: pl.DataFrame) -> pl.DataFrame:
    """Of those who change, the clauses whose points (or, for a veto, lines) differ."""
    both = before.join(after, on=["business", "clause"], how="full", coalesce=True, suffix="_after")
    both = both.with_columns(
        pl.col("points", "points_after").fill_null(0), pl.col("lines", "lines_after").fill_null(0)
    )
    differing = both.filter(
        (pl.col("points") != pl.col("points_after")) | (pl.col("lines") != pl.col("lines_after"))
    )
    named = differing.join(every, on="business").sort("uscc", "clause")
    return named.select("uscc", "clause", points_before="points", points_after="points_after")


def _load(both: pl.DataFrame, current: Policy, draft: Policy) -> tuple[Load, ...]:
    """The sampling tables applied to the classes of a day."""
    return tuple(
        _of_grade(
            grade,
            both.filter(pl.col("grade_before") == n).height,
            both.filter(pl.col("grade_after") == n).height,
            current.sampling[grade],
            draft.sampling[grade],
        )
        for n, grade in enumerate(GRADES)
    )


def _of_grade(grade: str, old: int, new: int, before: Sampling, after: Sampling) -> Load:
    drawn = _sample(old, before.ratio), _sample(new, after.ratio)
    return Load(grade, old, new, before.ratio, after.ratio, *drawn, before.visits, after.visits)


def _sample(size: int, ratio: str) -> int:
    """ceil(size · p/q), in integers."""
    p, q = map(int, ratio.split("/"))
    return -(-size * p // q)

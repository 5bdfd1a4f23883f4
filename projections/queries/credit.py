"""The score of a business on any day, as known at any position, by any policy; the classes recorded.

What is asked of the past is answered from the events kept, read anew up to the position; what is asked of now from the
facts that were read of the same events. Both ways meet in one `score`, so they cannot disagree, and the same question
gives the same bytes for ever.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import orjson
from sqlalchemy import Connection, func, select

from enforcement.credit.facts import Fact, State
from enforcement.credit.policy import NoPolicy, Policy, in_force
from enforcement.credit.reading import Mark, read
from enforcement.credit.scoring import Score, score
from projections import sql
from projections.credit import CREDIT, events_of
from projections.queries.paging import Page, page, taken
from projections.queries.reading import tables_of
from projections.tables import Tables
from streams.feed import decode

CONTESTED = "contested"
OUTLOOK_MONTHS = 36
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Asked:
    """A question: the legal day, the position up to which the ledger is known, the policies known there.

    `policy` names one of them; without it the one in force on the day is asked, and its end is a change too.
    """

    as_of: date
    known_at: int
    policies: Sequence[Policy]
    policy: str | None = None

    def on(self, day: date) -> "Asked":
        return replace(self, as_of=day)

    def chosen(self) -> Policy:
        """NoPolicy where the day has none; KeyError where the one named was not adopted."""
        if self.policy is None:
            return in_force(self.policies, self.as_of)
        return {policy.id: policy for policy in self.policies}[self.policy]

    def policy_changes(self) -> date | None:
        """The next day on which another policy is in force, or none."""
        if self.policy is not None:
            return None
        now = self.chosen()
        days = {policy.valid_from for policy in self.policies}
        days |= {policy.valid_to + ONE_DAY for policy in self.policies if policy.valid_to}
        return next((day for day in sorted(days) if day > self.as_of and self._other(day) is not now), None)

    def _other(self, day: date) -> Policy | None:
        try:
            return in_force(self.policies, day)
        except NoPolicy:
            return None


def answer(uscc: str, facts: Iterable[Fact], asked: Asked) -> dict[str, Any]:
    """The answer with exactly the members that every reader gets."""
    known = list(facts)
    policy = asked.chosen()
    return _answer(uscc, score(known, policy, asked.as_of), policy, asked)


def with_contested(uscc: str, facts: Iterable[Fact], asked: Asked) -> dict[str, Any]:
    """The answer, and beside it the same question without what is contested, where anything is."""
    known = list(facts)
    found = answer(uscc, known, asked)
    contested = [fact.event for fact in known if fact.is_in(CONTESTED, asked.as_of)]
    found["contested"] = contested
    if contested:
        rest = [fact for fact in known if fact.event not in contested]
        found["without_contested"] = score(rest, asked.chosen(), asked.as_of).dump()
    return found


def _answer(uscc: str, found: Score, policy: Policy, asked: Asked) -> dict[str, Any]:
    dumped = found.dump()
    changes = (dumped["next_change"], asked.policy_changes())
    dumped["next_change"] = min((str(day) for day in changes if day), default=None)
    head = {"uscc": uscc, "as_of": asked.as_of.isoformat(), "known_at": asked.known_at, "policy": policy.id}
    return head | dumped


def outlook(uscc: str, facts: Iterable[Fact], asked: Asked) -> Iterator[dict[str, Any]]:
    """What changes if nothing new happens, and when: each day with its total, class, and the lines that differ."""
    known = list(facts)
    before = answer(uscc, known, asked)
    last = asked.as_of + timedelta(days=31 * OUTLOOK_MONTHS)
    while before["next_change"] is not None and (day := date.fromisoformat(before["next_change"])) <= last:
        try:
            after = answer(uscc, known, asked.on(day))
        except NoPolicy:
            return
        lines = list(_differing(before["lines"], after["lines"]))
        yield {"on": day.isoformat(), "policy": after["policy"], **_sums(after), "lines": lines}
        before = after


def _sums(found: Mapping[str, Any]) -> dict[str, Any]:
    return {"total": found["total"], "class": found["class"]}


def _differing(before: Sequence[dict[str, Any]], after: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    then = {(line["clause"], line["event"]): line["points"] for line in before}
    now = {(line["clause"], line["event"]): line["points"] for line in after}
    for key in sorted({*then, *now}, key=str):
        if then.get(key) != now.get(key):
            yield {"clause": key[0], "event": key[1], "points": now.get(key), "points_before": then.get(key)}


# -- facts -----------------------------------------------------------------------------------------------------


def known(conn: Connection, uscc: str) -> bool:
    """Whether anything is recorded about a business."""
    tables = tables_of(conn, CREDIT)
    named = select(tables["sources"].c.uscc).where(tables["sources"].c.uscc == uscc).limit(1)
    return region(conn, uscc) is not None or conn.execute(named).first() is not None


def region(conn: Connection, uscc: str) -> str | None:
    """Where a business is registered now."""
    c = tables_of(conn, CREDIT)["businesses"].c
    found: str | None = conn.scalar(
        select(c.region).where(c.uscc == uscc).order_by(c.version.desc()).limit(1)
    )
    return found


def facts_at(conn: Connection, uscc: str, known_at: int) -> list[Fact]:
    """The facts about a business as the ledger had them at a position."""
    return facts_of(conn, [uscc], known_at)[uscc]


def facts_of(conn: Connection, usccs: Sequence[str], known_at: int) -> dict[str, list[Fact]]:
    """The same of some businesses; only those of which more is known since are read anew."""
    tables = tables_of(conn, CREDIT)
    c = tables["sources"].c
    sources: dict[str, list[str]] = {}
    newer: set[str] = set()
    for row in sql.by_keys(conn, select(c.uscc, c.aggregate, c.position), c.uscc, usccs):
        sources.setdefault(row.uscc, []).append(row.aggregate)
        if row.position > known_at:
            newer.add(row.uscc)
    found = facts_now(conn, tables, [uscc for uscc in usccs if uscc not in newer])
    return found | {uscc: _read_anew(conn, tables, uscc, sources[uscc], known_at) for uscc in newer}


def _read_anew(
    conn: Connection, tables: Tables, uscc: str, sources: Sequence[str], known_at: int
) -> list[Fact]:
    facts: list[Fact] = []
    marks: list[Mark] = []
    for id, rows in events_of(conn, tables, sorted(sources), known_at).items():
        events = [(row.position, event) for row in rows if (event := decode(row)) is not None]
        reading = read(id, events)
        facts += [fact for fact in reading.facts if fact.uscc == uscc]
        marks += reading.marks
    return _marked(sorted(facts, key=lambda fact: fact.position), marks)


def facts_now(conn: Connection, tables: Tables, usccs: Sequence[str]) -> dict[str, list[Fact]]:
    """The facts about some businesses as they are read now, with what other events say of them."""
    f, m = tables["facts"].c, tables["marks"].c
    found: dict[str, list[Fact]] = {uscc: [] for uscc in usccs}
    for row in sql.by_keys(conn, select(f.document).order_by(f.position), f.uscc, usccs):
        fact = Fact.restore(orjson.loads(row.document))
        found[fact.uscc].append(fact)
    events = [fact.event for facts in found.values() for fact in facts]
    query = select(m.target, m.kind, m.since, m.until)
    marks = [Mark(row.target, _state(row)) for row in sql.by_keys(conn, query, m.target, events)]
    if not marks:
        return found
    return {uscc: _marked(facts, marks) for uscc, facts in found.items()}


def _state(row: Any) -> State:
    return State(
        row.kind, date.fromisoformat(row.since), date.fromisoformat(row.until) if row.until else None
    )


def _marked(facts: Iterable[Fact], marks: Iterable[Mark]) -> list[Fact]:
    by_target: dict[str, list[State]] = {}
    for mark in marks:
        by_target.setdefault(mark.target, []).append(mark.state)
    return [fact.with_states(by_target[fact.event]) if fact.event in by_target else fact for fact in facts]


def everyone(conn: Connection, after: str = "", limit: int = 1000) -> list[str]:
    """The businesses that are registered or have facts, by their code; the next after one."""
    tables = tables_of(conn, CREDIT)
    b, f = tables["businesses"].c, tables["facts"].c
    registered = select(b.uscc.label("uscc")).where(b.uscc > after)
    query = registered.union(select(f.uscc.label("uscc")).where(f.uscc > after)).subquery()
    return list(conn.scalars(select(query.c.uscc).order_by(query.c.uscc).limit(limit)))


# -- classes ---------------------------------------------------------------------------------------------------


def history(conn: Connection, uscc: str, limit: int = 50, after: str | None = None) -> Page:
    """Every class that was recorded of a business, the last first."""
    c = tables_of(conn, CREDIT)["classes"].c
    names = ("as_of", "before", "grade", "total", "policy", "policy_hash", "looked_at", "lines_digest")
    query = page(select(*c).where(c.uscc == uscc), [c.position], "classes", True, limit, after)
    rows = [row._asdict() for row in conn.execute(query)]
    found = taken(rows, ["position"], "classes", limit)
    shown = [{"position": row["position"], **{name: row[name] for name in names}} for row in found.items]
    return Page([_as_from_to(row) for row in shown], found.next)


def _as_from_to(row: dict[str, Any]) -> dict[str, Any]:
    return {"from_class": row.pop("before"), "to_class": row.pop("grade"), **row}


def recorded_class(conn: Connection, uscc: str) -> str | None:
    """The class recorded last."""
    c = tables_of(conn, CREDIT)["classes"].c
    query = select(c.grade).where(c.uscc == uscc).order_by(c.position.desc()).limit(1)
    found: str | None = conn.scalar(query)
    return found


def counts(
    conn: Connection, scope: str | None, on: date, known_at: int, region: str | None = None
) -> list[dict[str, Any]]:
    """How many businesses had which class on a day, by region and sector of that day."""
    classes, places = _classes_on(conn, on, known_at), _places_on(conn, on, known_at)
    query = (
        select(places.c.region, places.c.sector, classes.c.grade, func.count().label("count"))
        .select_from(classes.outerjoin(places, places.c.uscc == classes.c.uscc))
        .where(classes.c.grade.is_not(None))
        .group_by(places.c.region, places.c.sector, classes.c.grade)
        .order_by(places.c.region, places.c.sector, classes.c.grade)
    )
    for limit in (scope, region):
        if limit is not None:
            query = query.where(places.c.region.startswith(_beginning(limit)))
    names = ("region", "sector", "class", "count")
    return [dict(zip(names, row, strict=True)) for row in conn.execute(query)]


def migration(
    conn: Connection, scope: str | None, start: date, end: date, known_at: int
) -> list[dict[str, Any]]:
    """How many businesses went from which class to which between two days; null: not rated then."""
    before, after = _classes_on(conn, start, known_at), _classes_on(conn, end, known_at)
    places = _places_on(conn, end, known_at)
    query = (
        select(before.c.grade.label("before"), after.c.grade.label("after"), func.count().label("count"))
        .select_from(
            after.outerjoin(before, before.c.uscc == after.c.uscc).outerjoin(
                places, places.c.uscc == after.c.uscc
            )
        )
        .group_by(before.c.grade, after.c.grade)
        .order_by(before.c.grade, after.c.grade)
    )
    if scope is not None:
        query = query.where(places.c.region.startswith(_beginning(scope)))
    return [{"from": row.before, "to": row.after, "count": row.count} for row in conn.execute(query)]


def _beginning(code: str) -> str:
    while code.endswith("00"):
        code = code[:-2]
    return code


def _classes_on(conn: Connection, on: date, known_at: int) -> Any:
    """The last class of every business up to a day."""
    c = tables_of(conn, CREDIT)["classes"].c
    there = (c.as_of <= on.isoformat(), c.position <= known_at)
    last = select(c.uscc, func.max(c.position).label("position")).where(*there).group_by(c.uscc).subquery()
    same = (last.c.uscc == c.uscc, last.c.position == c.position)
    return select(c.uscc, c.grade).join(last, same[0] & same[1]).subquery()


def _places_on(conn: Connection, on: date, known_at: int) -> Any:
    """Region and sector of every business on a day."""
    c = tables_of(conn, CREDIT)["businesses"].c
    there = (c.since <= on.isoformat(), c.position <= known_at)
    last = select(c.uscc, func.max(c.version).label("version")).where(*there).group_by(c.uscc).subquery()
    same = (last.c.uscc == c.uscc, last.c.version == c.version)
    return select(c.uscc, c.region, c.sector).join(last, same[0] & same[1]).subquery()


def repairable(conn: Connection, uscc: str, on: date) -> list[dict[str, Any]]:
    """The public records whose earlier end can be asked for, and from when."""
    table = tables_of(conn, CREDIT)["records"]
    c, day = table.c, on.isoformat()
    query = select(table).where(c.uscc == uscc, c.repairable.is_not(None))
    query = query.where((c.until.is_(None)) | (c.until >= day)).order_by(c.repairable, c.id)
    return [
        {"id": r.id, "kind": r.kind, "class": r.grade, "from": r.repairable, "until": r.until}
        for r in conn.execute(query)
    ]

"""Current scores, kept by the clock: whoever has something new, or whose next change has come, is scored again.

`scores` is the one table that time changes without an event, so no event derives it. Every row says of what and for
which day it was worked out; a rebuild begins it anew, and the next tick fills it. What was told of a business is known
by the sum of its positions, not by the last one: another worker may bring an older event later.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, cast, func, or_, select

from enforcement.credit.facts import Fact
from enforcement.credit.policy import points_text
from enforcement.credit.scoring import Score, score
from projections import sql
from projections.credit import CREDIT
from projections.queries.credit import CONTESTED, Asked, facts_now
from projections.queries.reading import tables_of
from projections.store import Store
from projections.tables import Position, Tables

PIECE = 500
GONE = frozenset({"deregistered", "moved_out", "revoked"})


@dataclass(frozen=True)
class Scored:
    """A business with its score now; `held` while an objection runs, `gone` when it has left the register."""

    uscc: str
    score: Score
    held: bool
    gone: bool

    @property
    def veto(self) -> bool:
        """Whether a veto has a say in the class."""
        return any(line.at_best for line in self.score.lines)


def due(conn: Connection, asked: Asked, after: str = "", limit: int = PIECE) -> dict[str, int]:
    """Who has to be scored again, by code, and the sum of what was told of it: never scored, something else told, a day
    or a policy that has come."""
    tables = tables_of(conn, CREDIT)
    b, s, o = tables["businesses"].c, tables["sources"].c, tables["scores"].c
    new = _told(select(b.uscc, b.position).union_all(select(s.uscc, s.position).where(_has_facts(tables))))
    stale = or_(
        o.uscc.is_(None),
        o.told != new.c.told,
        o.next_change <= asked.as_of.isoformat(),
        o.policy != asked.chosen().id,
        o.as_of > asked.as_of.isoformat(),
    )
    query = select(new.c.uscc, new.c.told).outerjoin(tables["scores"], o.uscc == new.c.uscc)
    query = query.where(new.c.uscc > after, stale).order_by(new.c.uscc).limit(limit)
    return {row.uscc: row.told for row in conn.execute(query)}


def scored(conn: Connection, facts: Mapping[str, Sequence[Fact]], asked: Asked) -> Iterator[Scored]:
    """The scores of some businesses from their facts."""
    gone = _gone(conn, tables_of(conn, CREDIT), list(facts))
    for uscc, known in facts.items():
        found = score(known, asked.chosen(), asked.as_of)
        yield Scored(uscc, found, any(fact.is_in(CONTESTED, asked.as_of) for fact in known), uscc in gone)


def tick(store: Store, asked: Asked) -> Iterator[Scored]:
    """Score everyone who is due and keep it, a piece a transaction; those scored, in order of code."""
    after = ""
    while True:
        with store.write() as conn:
            tables = tables_of(conn, CREDIT)
            told = due(conn, asked, after)
            found = list(scored(conn, facts_now(conn, tables, list(told)), asked))
            sql.upsert(conn, tables["scores"], [_row(one, asked, told[one.uscc]) for one in found])
        yield from found
        if not told:
            return
        after = max(told)


def _row(found: Scored, asked: Asked, told: int) -> tuple[object, ...]:
    days = (found.score.next_change, asked.policy_changes())
    change = min((day.isoformat() for day in days if day), default=None)
    total = points_text(found.score.total)
    as_of, policy = asked.as_of.isoformat(), asked.chosen().id
    return (found.uscc, told, as_of, policy, total, found.score.grade, found.veto, change)


def _has_facts(tables: Tables) -> Any:
    """Codes that merely stand in some event are no businesses of ours."""
    s, f = tables["sources"].c, tables["facts"].c
    return s.uscc.in_(select(f.uscc))


def _told(rows: Any) -> Any:
    """It grows with every event, whichever comes first."""
    found = rows.subquery()
    told = cast(func.sum(found.c.position), Position).label("told")
    return select(found.c.uscc, told).group_by(found.c.uscc).subquery()


def _gone(conn: Connection, tables: Tables, usccs: Sequence[str]) -> set[str]:
    c = tables["businesses"].c
    query = select(c.uscc, c.status).order_by(c.uscc, c.version)
    last = {row.uscc: row.status for row in sql.by_keys(conn, query, c.uscc, usccs)}
    return {uscc for uscc, status in last.items() if status in GONE}

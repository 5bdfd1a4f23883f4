"""The case register, the deadline board and the history: one projection, one fold a case and page.

Of each page, the events of a case are folded into its document and all rows of the case are made from that; a new
case is folded from nothing, a known one from its stored document. A correction and a newly loaded calendar change
the past, so the cases they touch are folded again from the history.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import orjson
from sqlalchemy import Connection, MetaData, select

import enforcement.cases.events  # noqa: F401  every type of event is known from here on
from enforcement.cases import deadlines as clocks
from enforcement.cases.case import Case
from enforcement.law import Law
from enforcement.values import occurred_bounds
from projections import case_tables, deadlines, history, processes, sql
from projections.case_tables import LINKS, CaseRow, DeadlineRow
from projections.history import CALENDAR, Read
from projections.model import Changes, Projection
from projections.tables import Tables
from streams.feed import Row

PREFIX = "case-"
REFOLD_PAGE = 1000


def shape(meta: MetaData, suffix: str) -> None:
    history.shape(meta, suffix)
    case_tables.shape(meta, suffix)


def derive(conn: Connection, tables: Tables, rows: Sequence[Row]) -> Iterator[Changes]:
    """The rows of a page; with a calendar in it, then those of the older cases that it reaches."""
    reads = [Read(row) for row in rows]
    loaded = [row for row in rows if row.topic == CALENDAR]
    law = history.law(conn, tables, loaded)
    groups = _by_case(reads)
    changes = Changes(add={"history": [read.kept for read in reads]})
    for folded in _folded(conn, tables, groups, law):
        folded.into(changes, law)
    processes.rows(conn, tables, reads, law, changes)
    yield changes
    if loaded:
        yield from _rederived(conn, tables, loaded, groups, law)
        yield processes.rederived(conn, tables, loaded, reads, law)


def _by_case(reads: Iterable[Read]) -> dict[str, list[Read]]:
    groups: dict[str, list[Read]] = {}
    for read in reads:
        if read.row.aggregate.startswith(PREFIX):
            groups.setdefault(read.row.aggregate, []).append(read)
    return groups


def _folded(conn: Connection, tables: Tables, groups: dict[str, list[Read]], law: Law) -> Iterator["Folded"]:
    known = {id: reads for id, reads in groups.items() if reads[0].row.version > 1}
    anew = [id for id, reads in known.items() if any(r.event and r.event.REFOLDS for r in reads)]
    past = history.events_of(conn, tables, anew)
    documents = _documents(conn, tables, [id for id in known if id not in past])
    for id, reads in groups.items():
        if id in documents:
            yield Folded.further(documents[id], reads, law)
        else:
            yield Folded.whole(id, [*map(Read, past.get(id, ())), *reads], law, stored=id in known)


def _documents(conn: Connection, tables: Tables, ids: Sequence[str]) -> dict[str, bytes]:
    c = tables["case_documents"].c
    return {row.id: row.document for row in sql.by_keys(conn, select(c.id, c.document), c.id, ids)}


def _rederived(
    conn: Connection, tables: Tables, loaded: Sequence[Row], done: dict[str, Any], law: Law
) -> Iterator[Changes]:
    """Every other case whose counting reaches into the years of the calendars, folded again."""
    c = tables["cases"].c
    since = min(map(deadlines.reached_by, history.years(loaded)))
    ids = [id for id in conn.scalars(select(c.id).where(c.reach >= since).order_by(c.id)) if id not in done]
    for piece in sql.pieces(ids, REFOLD_PAGE):
        changes = Changes()
        for id, rows in history.events_of(conn, tables, piece).items():
            Folded.whole(id, list(map(Read, rows)), law, stored=True).into(changes, law)
        yield changes


class Folded:
    """A case with the places of its events, ready to become rows."""

    def __init__(self, case: Case, positions: list[int], last: Read, stored: bool) -> None:
        self.case, self.positions, self.last, self.stored = case, positions, last, stored

    @classmethod
    def whole(cls, id: str, reads: Sequence[Read], law: Law, stored: bool) -> "Folded":
        """From all events; `stored` says that older rows have to go."""
        case = Case.fold(id, [read.event for read in reads if read.event is not None], law)
        return cls(case, _placed([], reads), reads[-1], stored)

    @classmethod
    def further(cls, document: bytes, reads: Sequence[Read], law: Law) -> "Folded":
        """From the stored document and what came since."""
        case, positions = restored(document)
        for read in reads:
            if read.event is not None:
                case.apply(read.event, law)
        return cls(case, _placed(positions, reads), reads[-1], True)

    def into(self, changes: Changes, law: Law) -> None:
        """Add the rows of the case to the changes."""
        case = self.case
        case.version = self.last.row.version
        running = [deadlines.row(case, d) for d in clocks.running(case, law)] if case.open else []
        if self.stored:
            for link, column in LINKS.items():
                changes.take.setdefault((link, column), []).append(case.id)
        add = changes.add.setdefault
        put = changes.put.setdefault if self.stored else add
        put("cases", []).append(self._row(running))
        put("case_documents", []).append((case.id, orjson.dumps([case.dump(), self.positions])))
        add("case_parties", []).extend(_parties(case))
        add("case_officers", []).extend((case.id, o, o in case.handlers) for o in sorted(case.officers()))
        add("case_violations", []).extend((case.id, v, of.get("code")) for v, of in case.violations.items())
        add("deadlines", []).extend(running)

    def _row(self, running: list[DeadlineRow]) -> CaseRow:
        case = self.case
        bounds = occurred_bounds(case.opened)
        return CaseRow(
            id=case.id,
            version=case.version,
            first=self.positions[0],
            position=self.last.row.position,
            recorded=self.last.kept[5],
            state=case.state,
            open=case.open,
            region=case.region,
            unit=case.unit,
            authority=case.authority,
            source=case.source,
            procedure=case.procedure,
            outcome=case.outcome,
            opened=case.opened,
            opened_lo=bounds[0].isoformat() if bounds else "",
            opened_hi=bounds[1].isoformat() if bounds else "",
            findings=len(case.findings),
            next_due=deadlines.next_due(running),
            provisional=any(d.provisional for d in running),
            reach=deadlines.reach(case, running),
        )


def _parties(case: Case) -> Iterator[tuple[Any, ...]]:
    for party, about in case.parties.items():
        yield case.id, party, about.get("kind"), about.get("uscc"), about.get("name")


def _placed(positions: list[int], reads: Iterable[Read]) -> list[int]:
    """The position of every version; 0 where an event was left out of the projection."""
    for read in reads:
        positions += [0] * (read.row.version - len(positions))
        positions[read.row.version - 1] = read.row.position
    return positions


def restored(document: bytes) -> tuple[Case, list[int]]:
    """The case of a stored document, and the position of each of its events."""
    dumped, positions = orjson.loads(document)
    return Case.restore(dumped), positions


CASES = Projection("cases", 3, shape, derive, frozenset({CALENDAR}))

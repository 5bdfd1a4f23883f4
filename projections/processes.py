"""Listings, repairs and objections on the deadline board: their running periods, beside those of the cases.

A procedure has a dozen events at most, so it is folded whole from the history whenever a page tells of it. When a
calendar comes, those with a day that it may move are counted again, whichever came first.
"""

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import Connection, select

from enforcement.credit.commands import PROCESSES
from enforcement.credit.process import Process
from enforcement.law import Law
from projections import deadlines, history
from projections.case_tables import DeadlineRow
from projections.history import Read
from projections.model import Changes
from projections.tables import Tables
from streams.feed import Row


def family(id: str) -> type[Process] | None:
    """The kind of procedure of an aggregate's id, None for what is none."""
    return PROCESSES.get(id.partition("-")[0])


def rows(conn: Connection, tables: Tables, reads: Sequence[Read], law: Law, changes: Changes) -> None:
    """The deadlines of the procedures of a page, in place of those from before."""
    mine: dict[str, list[Read]] = {}
    for read in reads:
        if family(read.row.aggregate) is not None:
            mine.setdefault(read.row.aggregate, []).append(read)
    known = [id for id, page in mine.items() if page[0].row.version > 1]
    for id, before in history.events_of(conn, tables, known).items():
        mine[id] = [*map(Read, before), *mine[id]]
    _into(changes, mine, law)


def rederived(
    conn: Connection, tables: Tables, loaded: Sequence[Row], done: Iterable[Read], law: Law
) -> Changes:
    """The deadlines of every other procedure on which the calendars have a say."""
    d = tables["deadlines"].c
    since = min(map(deadlines.reached_by, history.years(loaded)))
    told = {read.row.aggregate for read in done}
    reached = conn.scalars(select(d.about).where(d.due >= since).distinct())
    ids = sorted(id for id in reached if family(id) is not None and id not in told)
    changes = Changes()
    past = history.events_of(conn, tables, ids)
    _into(changes, {id: list(map(Read, rows)) for id, rows in past.items()}, law)
    return changes


def folded(id: str, reads: Iterable[Read], law: Law) -> Process:
    """A procedure from all its events."""
    kind = family(id)
    assert kind is not None
    return kind.fold(id, [read.event for read in reads if read.event is not None], law)


def _into(changes: Changes, groups: dict[str, list[Read]], law: Law) -> None:
    for id, reads in groups.items():
        changes.take.setdefault(("deadlines", "about"), []).append(id)
        changes.add.setdefault("deadlines", []).extend(_running(folded(id, reads, law), law))


def _running(process: Process, law: Law) -> Iterator[DeadlineRow]:
    """What runs while a step can still follow: a right of the business lapses, a duty becomes overdue."""
    for key in () if process.ended else process.running():
        due = process.due(key, law)
        lapses = process.rule(key, law).duty == "party"
        day = deadlines.day(due.at)
        yield DeadlineRow(process.id, key, key, day, lapses, due.provisional, False, process.region, None)

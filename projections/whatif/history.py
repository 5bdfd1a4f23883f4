"""What a what-if is about: every business of the ledger and its facts, up to a position.

Read from the events themselves and not from today's tables, so the same position gives the same answer for ever; what
other aggregates say of a fact (an objection upheld) is put on it here.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import orjson

from enforcement.credit.facts import Fact, State
from enforcement.credit.reading import READERS, read
from enforcement.events import Event, registry
from enforcement.registry.entity import EntityChanged, EntityRegistered
from projections.whatif.columns import Page
from streams.feed import Log, Row, decode

PAGE = 10_000
LEFT = frozenset({"deregistered", "moved_out", "revoked"})


@dataclass(frozen=True)
class Known:
    """The facts of every business that is on the register, by code; without facts an empty list."""

    facts: dict[str, list[Fact]]

    def pages(self) -> Iterator[Page]:
        """The facts as documents, in pages of one size."""
        page: list[tuple[str, bytes]] = []
        for uscc, facts in self.facts.items():
            page += [(uscc, orjson.dumps(fact.dump())) for fact in facts]
            if len(page) >= PAGE:
                yield page
                page = []
        yield page


def known(log: Log, upto: int) -> Known:
    """Everything up to a position."""
    status: dict[str, str] = {}
    aggregates: dict[str, list[tuple[int, Event]]] = {}
    for row in _rows(log, upto):
        event = decode(row)
        if isinstance(event, EntityRegistered | EntityChanged):
            uscc = row.aggregate.removeprefix("entity-")
            status[uscc] = event.status or status.get(uscc, "active")
        elif event is not None:
            aggregates.setdefault(row.aggregate, []).append((row.position, event))
    return Known(_by_business(aggregates, status))


def _rows(log: Log, upto: int) -> Iterator[Row]:
    """The rows of everything that is read, in order of position."""
    topics = [topic for topic in registry() if topic.partition(".")[0] in (*READERS, "entity")]
    after = 0
    while page := log.rows(after, PAGE, upto, topics):
        yield from (Row(*row) for row in page)
        after = page[-1][0]


def _by_business(
    aggregates: dict[str, list[tuple[int, Event]]], status: dict[str, str]
) -> dict[str, list[Fact]]:
    """Facts by code, with what is said of them elsewhere; who has left the register is left out."""
    facts: list[Fact] = []
    marks: dict[str, list[State]] = {}
    for id, events in aggregates.items():
        reading = read(id, events)
        facts += reading.facts
        for mark in reading.marks:
            marks.setdefault(mark.target, []).append(mark.state)
    found: dict[str, list[Fact]] = {uscc: [] for uscc, its in status.items() if its not in LEFT}
    for fact in facts:
        if status.get(fact.uscc) not in LEFT:
            found.setdefault(fact.uscc, []).append(fact.with_states(marks.get(fact.event, ())))
    return found

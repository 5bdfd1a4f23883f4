"""From the events of one aggregate to the facts that clauses look at, and to what they say of events elsewhere.

Pure, and whole: the reading of an aggregate is made anew from all its events known at a position, corrections in the
place of what they correct, so it does not depend on when which event arrived. What an aggregate says about events of
another one (a repair of a penalty, an objection to a record) comes back as marks, to be put on those facts by whoever
has both (`Fact.with_states`).
"""

from collections.abc import Iterable

from enforcement.cases.corrections import corrected
from enforcement.credit import (
    reading_cases,
    reading_checks,
    reading_commitments,
    reading_instruments,
    reading_processes,
)
from enforcement.credit.reading_parts import Dated, Mark, Reader, Reading, dated
from enforcement.events import Event

__all__ = ["READERS", "Dated", "Mark", "Reader", "Reading", "read"]

READERS: dict[str, Reader] = {
    "case": reading_cases.read,
    "commitment": reading_commitments.read,
    "inspection": reading_checks.read_inspection,
    "instrument": reading_instruments.read,
    "listing": reading_processes.read_listing,
    "netcontent": reading_checks.read_netcontent,
    "objection": reading_processes.read_objection,
    "report": reading_checks.read_report,
}
"""By the first part of an aggregate's id."""


def read(aggregate: str, events: Iterable[tuple[int, Event]]) -> Reading:
    """The reading of an aggregate from its events with their positions, in order; empty for what no clause looks at."""
    reader = READERS.get(aggregate.partition("-")[0])
    if reader is None:
        return Reading()
    known = list(events)
    positions = {event.originator_version: position for position, event in known}
    now = corrected([event for _, event in known])
    return reader(list(dated((positions[event.originator_version], event) for event in now)))

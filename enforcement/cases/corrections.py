"""Corrections 更正: a wrongly recorded event stays, and a later one says what holds in its place.

Pure: from the events as recorded to the events as they hold now. Whoever folds a case folds these.
"""

from collections.abc import Sequence

from enforcement.cases.events.file import EventCorrected
from enforcement.events import Event, known

KEPT = ("originator_id", "originator_version", "recorded", "actor", "role", "correlation", "subject")


def corrected(events: Sequence[Event]) -> list[Event]:
    """The events as they hold now: amended ones with their new data, those set aside as mere notes.

    A later correction of the same event wins; corrections themselves stay in their place as events.
    """
    by_version = {e.corrects: e for e in events if isinstance(e, EventCorrected)}
    if not by_version:
        return list(events)
    return [_amended(event, by_version.get(event.originator_version)) for event in events]


def _amended(event: Event, correction: EventCorrected | None) -> Event:
    if correction is None or isinstance(event, EventCorrected):
        return event
    cls: type[Event] = type(event)
    if correction.kind == "set_aside":
        cls = known("case.noted") or cls
        data: dict[str, object] = {"what": f"set aside: {event.TOPIC}"}
    else:
        data = _becomes(event, correction)
    amended = object.__new__(cls)
    amended.__dict__.update(data)
    amended.__dict__.update({name: event.__dict__[name] for name in KEPT})
    amended.__dict__["occurred"] = correction.becomes_on or event.occurred
    return amended


def _becomes(event: Event, correction: EventCorrected) -> dict[str, object]:
    """The new data; a document that was issued keeps its number."""
    before = event.data()
    if correction.becomes is None:
        return before
    issued = {"document": before["document"]} if before.get("document") else {}
    return {**issued, **correction.becomes}

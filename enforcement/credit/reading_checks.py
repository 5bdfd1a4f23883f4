"""Facts of checks 检查, of net-content tests and of reports: one result, one fact.

A result counts once it is published, which the clause says by the state; one that is entered anew supersedes the one
before, one that was withdrawn as wrong is as good as revoked, and a re-check that finds the problem gone marks it
corrected. A repair that was got by false papers is as good as never made. A report is a fact only once it turned out
to be true, and says nothing about who made it.
"""

from collections.abc import Sequence

from enforcement.credit.facts import State
from enforcement.credit.reading_parts import Dated, Reading

SAYS = {
    "inspection.results-entered": "superseded",
    "inspection.published": "published",
    "netcontent.withdrawn": "revoked",
}
RESTORED = "inspection.restored"
WITHDRAWN = {"wrong": "revoked", "revoked": "revoked", "term": "publicity_ended", "repair": "repaired"}


def read_inspection(events: Sequence[Dated]) -> Reading:
    """The reading of an inspection: of each result entered, what came after it."""
    return _results(events, "inspection.results-entered", "entity")


def read_netcontent(events: Sequence[Dated]) -> Reading:
    """The reading of a net-content test."""
    return _results(events, "netcontent.judged", "entity")


def read_report(events: Sequence[Dated]) -> Reading:
    """The reading of a report."""
    return _results(events, "report.substantiated", "target")


def _results(events: Sequence[Dated], topic: str, whom: str) -> Reading:
    reading = Reading()
    for place, dated in enumerate(events):
        uscc = dated.event.__dict__.get(whom)
        if topic == dated.event.TOPIC and uscc is not None:
            reading.facts.append(dated.fact(uscc, states=_said(events[place + 1 :])))
    return reading


def _said(later: Sequence[Dated]) -> list[State]:
    """What later events say of a result, until the next one takes its place."""
    states: list[State] = []
    for dated in later:
        kind = _kind(dated)
        if dated.event.TOPIC == RESTORED:
            states = [state for state in states if state.kind != "repaired"]
        if kind is not None and dated.day is not None:
            states.append(State(kind, dated.day))
        if kind == "superseded":
            break
    return states


def _kind(dated: Dated) -> str | None:
    event = dated.event
    if event.TOPIC == "inspection.withdrawn":
        return WITHDRAWN[event.why]
    if event.TOPIC == "inspection.rechecked":
        return "corrected" if event.result == "done" else None
    return SAYS.get(event.TOPIC)

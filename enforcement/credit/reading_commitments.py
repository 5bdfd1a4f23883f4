"""Facts of commitments 承诺 and demonstration units 示范单位: what speaks for a business, until it is taken back."""

from collections.abc import Sequence
from datetime import date, timedelta

from enforcement.credit.facts import State
from enforcement.credit.reading_parts import Dated, Reading

TAKEN_BACK = {
    "commitment.made": "commitment.withdrawn",
    "commitment.demonstration-recognised": "commitment.demonstration-withdrawn",
}


def read(events: Sequence[Dated]) -> Reading:
    """The reading of the commitments of one business."""
    reading = Reading()
    for place, dated in enumerate(events):
        if dated.event.TOPIC in TAKEN_BACK:
            reading.facts.append(dated.fact(dated.event.uscc, states=_over(dated, events[place + 1 :])))
    return reading


def _over(dated: Dated, later: Sequence[Dated]) -> list[State]:
    """Taken back, made anew, or over by its own last day."""
    topic = dated.event.TOPIC
    ends = {topic: "superseded", TAKEN_BACK[topic]: "revoked"}
    states = [State(ends[e.event.TOPIC], e.day) for e in later if e.event.TOPIC in ends and e.day][:1]
    until = dated.event.__dict__.get("until")
    if until is not None:
        states.append(State("superseded", date.fromisoformat(until) + timedelta(days=1)))
    return states

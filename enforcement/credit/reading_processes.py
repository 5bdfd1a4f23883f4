"""Facts and marks of listings and objections.

An entry that a case carries is a fact of the case (`case.listed`); one without a case is a fact of its own, from its
publication on. An objection marks what it contests while it runs, and what it has set aside from its outcome on.
"""

from collections.abc import Iterator, Sequence

from enforcement.credit.facts import State
from enforcement.credit.reading_parts import Dated, Mark, Reading

ENDS = ("objection.refused", "objection.withdrawn", "objection.decided")
GONE = {"listing.removed": "delisted", "listing.revoked": "revoked"}


def read_listing(events: Sequence[Dated]) -> Reading:
    """The reading of an entry."""
    opened = events[0].event
    if opened.case is not None:
        return Reading()
    published = [dated for dated in events if dated.event.TOPIC in ("listing.published", "listing.restored")]
    facts = []
    for dated in published:
        ends = [
            e for e in events if e.position > dated.position and e.event.TOPIC in (*GONE, "listing.restored")
        ]
        states = [State(GONE.get(e.event.TOPIC, "superseded"), e.day) for e in ends[:1] if e.day]
        facts.append(dated.fact(opened.uscc, {"list": opened.list}, states))
    return Reading(facts)


def read_objection(events: Sequence[Dated]) -> Reading:
    """The reading of an objection: marks alone."""
    return Reading([], list(_marks(events)))


def _marks(events: Sequence[Dated]) -> Iterator[Mark]:
    filed = events[0]
    end = next((dated for dated in events if dated.event.TOPIC in ENDS), None)
    if filed.day is not None:
        for target in filed.event.events or ():
            yield Mark(target, State("contested", filed.day, end.day if end else None))
    if end is not None and end.event.TOPIC == "objection.decided" and end.day is not None:
        for target in end.event.set_aside or ():
            yield Mark(target, State("upheld", end.day))

"""Facts of an instrument 计量器具: a certificate in somebody's hands, until something takes its place.

Whether verification is overdue is nowhere recorded: it follows from the last day of the certificate and the day asked
for. So a certificate is a fact, with that day, about the business that uses the instrument; the next certificate, a
failed verification, putting out of use, scrapping, replacement or another user supersedes it.
"""

from collections.abc import Sequence
from typing import Any

from enforcement.credit.facts import State
from enforcement.credit.reading_parts import Dated, Reading

CERTIFIES = ("instrument.registered", "instrument.verified")
GOES_ON = ("instrument.transferred", "instrument.resumed")
"""Somebody uses it again, with the certificate that it has."""
SUPERSEDES = frozenset(
    {
        "instrument.verified",
        "instrument.failed",
        "instrument.stopped",
        "instrument.scrapped",
        "instrument.replaced",
        "instrument.transferred",
    }
)


def read(events: Sequence[Dated]) -> Reading:
    """The reading of an instrument."""
    reading, owner, until = Reading(), None, None
    for place, dated in enumerate(events):
        event: Any = dated.event
        owner = event.__dict__.get("owner") or owner
        if event.TOPIC in CERTIFIES:
            until = event.until
        elif event.TOPIC == "instrument.failed":
            until = None
        if event.TOPIC in (*CERTIFIES, *GOES_ON) and owner is not None and until is not None:
            reading.facts.append(dated.fact(owner, {"until": until}, _over(events[place + 1 :])))
    return reading


def _over(later: Sequence[Dated]) -> list[State]:
    """When the certificate in these hands is over."""
    for dated in later:
        if dated.event.TOPIC in SUPERSEDES and dated.day is not None:
            return [State("superseded", dated.day)]
    return []

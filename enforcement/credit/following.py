"""What else is recorded in the same save as a step: on the record repaired, the case listed, the standing held.

So that no reader ever sees half of it: a repair whose record is still public, a decided objection that still holds the
class. Each follower is named by the event type it follows; it sees the process as it stood before.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from enforcement.credit.guards.base import Act
from enforcement.law.calendar import add_months

OTHER_DEPARTMENT = "other_department"
BAN_MONTHS = 36
"""Three years without application after false papers (Order 107)."""


class Further(NamedTuple):
    """An event of another aggregate that goes into the same save."""

    id: str
    topic: str
    data: dict[str, Any]


Follower = Callable[[Act], Iterator[Further]]


def following(act: Act) -> Iterator[Further]:
    """Everything that the step brings with it."""
    follower = FOLLOWERS.get(act.step.topic)
    return follower(act) if follower else iter(())


def _listed(act: Act) -> Iterator[Further]:
    event = act.event
    if event.case:
        ground = event.serious or event.abnormal
        yield Further(event.case, "case.listed", {"list": event.list, "ground": ground})


def _unlisted(act: Act) -> Iterator[Further]:
    yield from _taken_off(act, act.process.id, getattr(act.event, "why", "revoked"))


def _taken_off(act: Act, listing_id: str, why: str) -> Iterator[Further]:
    """The case that carries the entry shows it as ended."""
    listing = act.world.listing(listing_id)
    case = act.world.case(listing.case) if listing and listing.case else None
    if listing and case and listing.list and case.state_of("list", listing.list) == "LISTED":
        yield Further(case.id, "case.delisted", {"list": listing.list, "reason": why})


def _applied(act: Act) -> Iterator[Further]:
    """What another department has repaired is no application of anybody here."""
    event = act.event
    if event.ground != OTHER_DEPARTMENT:
        opened = {"repair": act.process.id, "record": event.record}
        yield Further(f"credit-{event.uscc}", "credit.repair-opened", opened)


def _closed(act: Act) -> Iterator[Further]:
    repair = act.process
    if repair.ground != OTHER_DEPARTMENT:
        yield Further(f"credit-{repair.uscc}", "credit.repair-closed", {"repair": repair.id})


def _granted(act: Act) -> Iterator[Further]:
    if act.process.target == "penalty":
        yield Further(act.process.record, "case.credit-repaired", _its_own(act))


def _its_own(act: Act) -> dict[str, Any]:
    """Whose record it is, where others were punished in the same case: theirs is not touched."""
    case = act.world.case(act.process.record)
    return {"uscc": act.process.uscc} if case is not None and len(case.usccs()) > 1 else {}


def _stopped(act: Act) -> Iterator[Further]:
    yield from _closed(act)
    repair = act.process
    if repair.target == "penalty":
        yield Further(repair.record, "case.publicity-ended", {"why": "repair", **_its_own(act)})
    elif repair.target == "inspection":
        yield Further(repair.record, "inspection.withdrawn", {"why": "repair", "reason": "信用修复"})
    elif repair.target in ("abnormal", "serious"):
        yield Further(repair.record, "listing.removed", {"why": "repair"})
        yield from _taken_off(act, repair.record, "repair")


def _refused(act: Act) -> Iterator[Further]:
    yield from _cheated(act, "refused") if act.event.cheating else _closed(act)


def _revoked(act: Act) -> Iterator[Further]:
    yield from _cheated(act, "revoked")


def _cheated(act: Act, decision: str) -> Iterator[Further]:
    """The term of the record begins anew, and no application is taken for three years; this one is closed by it."""
    repair = act.process
    until = add_months(act.day, BAN_MONTHS)
    barred = {"repair": repair.id, "decision": decision, "until": until.isoformat()}
    yield Further(f"credit-{repair.uscc}", "credit.repair-barred", barred)
    if repair.target == "penalty":
        anew = {"where": "修复以虚假材料取得，重新公示", "anew": True}
        yield Further(repair.record, "case.published", anew | _its_own(act))
    elif repair.target == "inspection":
        restored = {"repair": repair.id, "reason": act.event.reason}
        yield Further(repair.record, "inspection.restored", restored)
    elif repair.target in ("abnormal", "serious"):
        reason = {"repair": repair.id, "reason": act.event.reason, "approved_by": act.event.approved_by}
        yield Further(repair.record, "listing.restored", reason)
        listing = act.world.listing(repair.record)
        if listing and listing.case and listing.state == "REMOVED":
            yield Further(listing.case, "case.listed", {"list": listing.list, "ground": listing.ground})


def _held(act: Act) -> Iterator[Further]:
    event = act.event
    if event.about == "credit":
        held = {"objection": act.process.id, "events": sorted(set(event.events))}
        yield Further(f"credit-{event.uscc}", "credit.class-held", held)


def _released(outcome: str) -> Follower:
    def follower(act: Act) -> Iterator[Further]:
        objection = act.process
        if objection.about != "credit":
            return
        released = {"objection": objection.id, "outcome": getattr(act.event, "outcome", None) or outcome}
        released["set_aside"] = sorted(set(getattr(act.event, "set_aside", None) or ()))
        yield Further(f"credit-{objection.uscc}", "credit.class-released", released)

    return follower


def _corrected(act: Act) -> Iterator[Further]:
    listing = act.process.listing
    reason = {"reason": act.event.what, "approved_by": act.event.approved_by}
    yield Further(listing, "listing.revoked", reason)
    yield from _taken_off(act, listing, "revoked")


FOLLOWERS: dict[str, Follower] = {
    "listing.decided": _listed,
    "listing.revoked": _unlisted,
    "listing.removed": _unlisted,
    "repair.applied": _applied,
    "repair.rejected": _closed,
    "repair.shield-lifted": _closed,
    "repair.granted": _granted,
    "repair.stopped": _stopped,
    "repair.refused": _refused,
    "repair.revoked": _revoked,
    "objection.filed": _held,
    "objection.refused": _released("refused"),
    "objection.withdrawn": _released("withdrawn"),
    "objection.decided": _released(""),
    "objection.corrected": _corrected,
}

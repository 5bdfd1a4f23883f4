"""Guards of objections (异常名录办法 15; 浙江省公共信用信息管理条例 31)."""

from collections.abc import Iterator

from enforcement.credit.guards.base import Act, guard
from enforcement.errors import Breach

OBJECT = "DL-ABN-OBJECT"


@guard
def events_are_its_own(act: Act) -> Iterator[Breach]:
    """An objection to the score names the events contested, each of them about this business."""
    event = act.event
    if event.about != "credit":
        return
    if not event.events:
        yield act.breach("nothing-contested", "no event is contested", "未指明有异议的事项")
    for contested in event.events:
        if event.uscc not in act.world.about(contested):
            yield act.breach(
                "not-its-event",
                f"{contested} is no event about {event.uscc}",
                f"{contested} 并非关于 {event.uscc} 的记录",
            )


@guard
def not_contested_already(act: Act) -> Iterator[Breach]:
    """One objection at a time to one event, and none to what was set aside."""
    if act.event.about != "credit":
        return
    standing = act.world.standing(act.event.uscc)
    held = {event: objection for objection, events in standing.held.items() for event in events}
    for event in act.event.events:
        if event in held:
            yield act.breach(
                "contested-already", f"{held[event]} contests {event}", f"{held[event]} 已就 {event} 提出异议"
            )
        elif event in standing.set_aside:
            yield act.breach("set-aside", f"{event} was set aside before", f"{event} 已不再计入")


@guard
def listing_open_to_objection(act: Act) -> Iterator[Breach]:
    """Thirty days from the publication of the entry in the abnormal list (异常名录办法 15)."""
    if act.event.about != "listing":
        return
    listing = act.world.listing(act.event.listing) if act.event.listing else None
    if listing is None or (listing.uscc, listing.list) != (act.event.uscc, "abnormal"):
        yield act.breach(
            "not-its-listing",
            f"{act.event.listing} is no entry of {act.event.uscc} in the abnormal list",
            f"{act.event.listing} 不是 {act.event.uscc} 的经营异常名录记录",
        )
    elif OBJECT not in listing.running() or listing.due(OBJECT, act.law).passed(act.day):
        due = listing.due(OBJECT, act.law).at if OBJECT in listing.clocks else None
        yield act.breach(
            "objection-late", f"objections were possible until {due}", f"异议期限已于 {due} 届满"
        )


@guard
def about_credit(act: Act) -> Iterator[Breach]:
    """The regulation of the province prolongs objections to credit information alone."""
    if act.process.about != "credit":
        yield act.breach(
            "not-about-credit", "only an objection to the score is prolonged", "仅信用信息异议可以延长"
        )


@guard
def outcome_fits_what_is_set_aside(act: Act) -> Iterator[Breach]:
    """Upheld: all of it; partly: some of it; rejected: nothing. An entry in a list stands or falls as a whole."""
    aside, contested = set(act.event.set_aside), set(act.process.events)
    if act.process.about == "listing":
        fits = act.event.outcome != "partly" and not aside
    else:
        fits = {
            "upheld": aside == contested,
            "partly": bool(aside) and aside < contested,
            "rejected": not aside,
        }[act.event.outcome]
    if not fits:
        yield act.breach(
            "outcome",
            f"{act.event.outcome} does not fit {len(aside)} of {len(contested)} events set aside",
            f"处理结果与不再计入的事项不符（{len(aside)}/{len(contested)}）",
        )


@guard
def listing_to_correct(act: Act) -> Iterator[Breach]:
    """Only an upheld objection to an entry is followed by its correction."""
    if act.process.about != "listing" or act.process.outcome != "upheld":
        yield act.breach("nothing-to-correct", "no entry was found wrong", "无需更正")

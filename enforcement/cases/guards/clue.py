"""Guards of the clue and of filing (P 12–20)."""

from collections.abc import Iterator
from datetime import date

from enforcement.cases.deadlines import running_keys
from enforcement.cases.guards.base import Act, guard
from enforcement.cases.terms import spec
from enforcement.errors import Breach, NotFound
from enforcement.law.grounds import check_ground, limitation
from enforcement.values import occurred_day

CONDITIONS = {"P19_1", "P19_2", "P19_3", "P19_4"}


@guard
def two_officers(act: Act) -> Iterator[Breach]:
    """At least two different officers (P 22, APL 42); published history often does not say."""
    if act.event is None:
        return
    officers = act.event.officers
    if officers is None:
        yield act.breach(
            "two-officers-unknown",
            "whether two officers acted is not recorded",
            "未记载是否由两名以上执法人员实施",
            hard=False,
        )
    elif len(set(officers)) < 2:
        yield act.breach(
            "two-officers",
            f"{act.row.topic} needs at least two officers; {len(set(officers))} named",
            f"{act.row.zh} 应由两名以上执法人员实施，现为 {len(set(officers))} 人",
            article="APL 42; P 22",
        )


@guard
def two_handlers(act: Act) -> Iterator[Breach]:
    """The unit head names at least two licensed handlers (P 19)."""
    handlers = act.event.handlers if act.event else None
    if handlers is not None and len(set(handlers)) < 2:
        yield act.breach(
            "two-officers", "at least two handlers must be named", "应指定两名以上办案人员", article="P 19"
        )


@guard
def filing_conditions(act: Act) -> Iterator[Breach]:
    """All four conditions of P 19 hold."""
    given = act.event.conditions if act.event else None
    if given is None:
        return
    for missing in sorted(CONDITIONS - set(given)):
        yield act.breach(
            "filing-condition",
            f"filing needs all four conditions of P 19; {missing} is not affirmed",
            f"立案应同时符合第十九条四项条件，未确认 {missing}",
        )


@guard
def extended_once(act: Act) -> Iterator[Breach]:
    """Verification is extended once (P 18, derived)."""
    clock = act.case.clocks.get("DL-VERIFY", {})
    if clock.get("extensions"):
        yield act.breach("extended-once", "verification was extended before", "核查期限已延长过一次")


@guard
def extension_in_time(act: Act) -> Iterator[Breach]:
    """An extension is valid only if decided no later than the current due date (1.3)."""
    rule = spec(act.row.extends or "").rule
    item = getattr(act.event, act.row.item) if act.event and act.row.item else None
    keys = running_keys(act.case, rule)
    if item:
        keys = [key for key in keys if key == f"{rule}:{item}"]
    if not keys and not act.history:
        yield act.breach("nothing-to-extend", f"{rule} is not running", f"没有进行中的 {rule} 期限可供延长")
    ends = [due.at for key in keys if (due := act.due(key)) and due.at]
    if ends and act.day and act.day > max(ends):
        yield act.breach(
            "extension-too-late",
            f"the period ended on {max(ends)}; an extension must be decided by then",
            f"期限已于 {max(ends)} 届满，延长决定应在届满前作出",
        )


@guard
def source_report(act: Act) -> Iterator[Breach]:
    """Only a report is handed back and answered; an own clue is not filed under P 19."""
    if act.case.source != "report" and not act.history:
        yield act.breach("not-a-report", "this case did not come from a report", "本案案源不是投诉举报")


@guard
def reporter_told(act: Act) -> Iterator[Breach]:
    """The reporter is told, in every case (Order 121 art 34)."""
    if act.event is not None and act.event.reporter_told is False:
        yield act.breach(
            "reporter-told", "the reporter must be told", "应当告知举报人", article="Order 121 art 34"
        )


@guard
def inside_limitation(act: Act) -> Iterator[Breach]:
    """Two years, five where life, health or financial safety was harmed, from the act's end to discovery (APL 36)."""
    discovered = _discovered(act)
    if discovered is None:
        return
    for id, violation in act.case.violations.items():
        ended = violation.get("ended") or (None if violation.get("continuing") else violation.get("began"))
        if ended is None:
            continue
        judged, life = act.day or discovered, bool(violation.get("danger"))
        found = limitation(date.fromisoformat(ended), judged, discovered=discovered, life=life)
        last = found.last_day
        if found.over:
            yield act.breach(
                "limitation",
                f"violation {id} ended {ended}, was discovered {discovered}; the limitation ran out on {last}",
                f"违法行为 {id} 于 {ended} 终了，{discovered} 被发现，追诉时效已于 {last} 届满",
                article="APL 36",
            )


@guard
def ground_met(act: Act) -> Iterator[Breach]:
    """The facts on which the ground rests were found (P 20; APL 30, 31, 33)."""
    event = act.event
    if event is None or act.history or event.ground == "other" or act.day is None:
        return
    try:
        yield from check_ground(event.ground, event.facts, act.day)
    except NotFound:
        return


def _discovered(act: Act) -> date | None:
    """The day of discovery, or of this event where it is what discovers."""
    found = act.case.discovered
    return (occurred_day(found["on"]) or act.day) if found else act.day

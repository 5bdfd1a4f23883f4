"""Guards of the investigation (P 4, 21–48, 64)."""

from collections.abc import Iterator
from datetime import date

from enforcement.cases.guards.base import Act, day_after, guard
from enforcement.cases.terms import spec
from enforcement.errors import Breach
from enforcement.values import occurred_day

PARTS = {"party", "source_and_course", "facts_and_evidence", "nature", "proposal", "discretion"}


@guard
def witness_if_absent(act: Act) -> Iterator[Breach]:
    """The party attends; if absent or refusing, a witness does (P 29)."""
    event = act.event
    if event is not None and event.party_present is False and not event.witness:
        yield act.breach(
            "witness",
            "the party was absent: a witness must be named",
            "当事人不在场，应有见证人",
            article="P 29",
        )


@guard
def able_body(act: Act) -> Iterator[Breach]:
    """The testing body has the statutory qualification (P 32)."""
    if act.event is not None and act.event.qualified is False:
        yield act.breach(
            "unqualified-body", "the testing body is not qualified", "检测机构不具备法定资质", article="P 32"
        )


@guard
def item_open(act: Act) -> Iterator[Breach]:
    """A result answers a test that was entrusted."""
    if act.history:
        return
    tests = act.case.regions.get("test", {})
    asked = [tests.get(act.event.test, {})] if act.event is not None else tests.values()
    if not any(test.get("state") == "ENTRUSTED" for test in asked):
        yield act.breach(
            "no-such-test", "no test with this id is under way", "没有进行中的该项检测", article="P 32"
        )


@guard
def report_complete(act: Act) -> Iterator[Breach]:
    """The final report has the six parts of P 48."""
    given = act.event.report if act.event else None
    if given is None:
        return
    for part in sorted(PARTS - set(given)):
        yield act.breach("report-incomplete", f"the final report lacks: {part}", f"调查终结报告缺少：{part}")


@guard
def rights_were_told(act: Act) -> Iterator[Breach]:
    """The party was told of its rights at the first evidence-taking (P 21)."""
    case = act.case
    if not case.flags.get("rights_told") and not act.history:
        yield act.breach(
            "rights-not-told",
            "the party has not been told of the rights to state, defend and ask recusal",
            "未告知当事人陈述、申辩和申请回避的权利",
            article="P 21",
        )
    taken, told = occurred_day(case.evidence_from), occurred_day(case.rights_told)
    if taken and told and told > taken:
        yield act.breach(
            "rights-told-late",
            f"evidence was first taken on {taken}, the rights were told on {told}",
            f"{taken} 首次取证，{told} 才告知权利",
            hard=False,
            article="P 21",
        )


@guard
def test_results_told(act: Act) -> Iterator[Breach]:
    """Every test result was told to the party (P 32); a test still open has no result."""
    for id, test in act.case.regions.get("test", {}).items():
        if test.get("state") == "REPORTED" and not act.history:
            yield act.breach(
                "result-not-told",
                f"the result of test {id} was not told to the party",
                f"检测 {id} 结果未告知当事人",
                article="P 32",
            )


@guard
def extension_steps(act: Act) -> Iterator[Breach]:
    """First thirty days by the head; the second by collective discussion, to a fixed date, and no third (P 64)."""
    event = act.event
    if event is None:
        return
    clock = act.case.clocks.get("DL-CASE")
    before = len(act.case.regions.get("extension", {}) if clock is None else clock.get("extensions", ()))
    step = event.step
    if step == "first" and event.days not in (None, 30):
        yield act.breach("first-extension", "the head extends by thirty days", "负责人批准的延长为三十日")
    if before >= 2:
        yield act.breach("extended-twice", "the case was extended twice before", "办案期限已延长两次")
    elif step == "first" and before:
        yield act.breach(
            "second-extension", "a second extension needs collective discussion", "再次延长应经集体讨论"
        )
    elif step == "second":
        yield from _second(act, before)
    if step == "first" and event.until:
        yield act.breach(
            "first-extension", "the head extends by thirty days, not to a date", "负责人批准的延长为三十日"
        )


def _second(act: Act, before: int) -> Iterator[Breach]:
    event = act.event
    if not before:
        yield act.breach(
            "first-extension", "the head's extension of 30 days comes first", "应先由负责人批准延长三十日"
        )
    if not event.collective:
        yield act.breach(
            "second-extension", "a second extension needs collective discussion", "再次延长应经集体讨论"
        )
    elif not act.history and len(event.members or ()) < 2:
        yield act.breach(
            "collective", "the collective discussion names no members", "未记载集体讨论成员及意见"
        )
    if not event.until and not act.history:
        yield act.breach(
            "no-end-date", "a second extension fixes a reasonable end date", "再次延长应确定合理期限"
        )
    due = act.due("DL-CASE")
    if event.until and due and due.at and event.until <= due.at.isoformat():
        yield act.breach(
            "extends-nothing",
            f"{event.until} is not after the current last day {due.at}",
            f"{event.until} 不晚于现有期限 {due.at}",
        )


@guard
def until_later(act: Act) -> Iterator[Breach]:
    """A period that is extended to a date ends later than before (P 55)."""
    last = act.last(spec(act.row.extends or "").rule)
    if act.event is not None and act.event.until and last and act.event.until <= last.isoformat():
        yield act.breach(
            "extends-nothing",
            f"{act.event.until} is not after the current last day {last}",
            f"{act.event.until} 不晚于现有期限 {last}",
        )


@guard
def samples_sealed(act: Act) -> Iterator[Breach]:
    """Samples are sealed and listed on the spot (P 31)."""
    if act.event is not None and act.event.sealed is False:
        yield act.breach("samples", "samples are sealed and listed on the spot", "样品应当场封样并开具清单")


@guard
def no_successor(act: Act) -> Iterator[Breach]:
    """The investigation ends only where nobody takes over rights and duties (P 47)."""
    named = [act.event.successor] if act.event is not None else []
    named += [party.get("successor") for party in act.case.parties.values()]
    for successor in filter(None, named):
        yield act.breach(
            "successor",
            f"{successor} takes over the party's rights and duties: the case goes on",
            f"{successor} 承受当事人权利义务，不应终止调查",
            article="P 47",
        )


@guard
def correction_due(act: Act) -> Iterator[Breach]:
    """Whether an order was obeyed is settled by its date; a refusal 拒不改正 shows at once (5.1)."""
    event = act.event
    if event is None or event.result != "not_done" or act.history:
        return
    due = act.case.regions.get("correction", {}).get(event.order, {}).get("due")
    if due and act.day and act.day.isoformat() <= due:
        yield act.breach(
            "order-running",
            f"the order can be obeyed until {due}",
            f"责令改正期限至 {due}",
            earliest=day_after(date.fromisoformat(due)),
        )


@guard
def handlers_not_reviewers(act: Act) -> Iterator[Breach]:
    """Who reviews the case, or hosts its hearing, does not become its handler (P 51, 52; H 11)."""
    event = act.event
    judges = {
        act.case.review.get("reviewer"),
        act.case.hearing.get("host"),
        *act.case.hearing.get("assessors", []),
    }
    for officer in sorted(set(event.handlers or ()) & judges) if event is not None else ():
        yield act.breach(
            "reviewer-handled-case",
            f"{officer} reviews this case or hosts its hearing and cannot handle it",
            f"{officer} 系本案审核或者听证人员，不得办理本案",
            article="P 51, 52; H 11",
        )


@guard
def recusal_decider(act: Act) -> Iterator[Breach]:
    """The principal head's recusal is decided collectively (P 4); nobody decides on their own."""
    event = act.event
    if event is None:
        return
    if event.officer_is == "principal_head" and not event.collective:
        yield act.breach(
            "recusal-decider",
            "recusal of the principal head is decided collectively",
            "主要负责人的回避由集体讨论决定",
            article="P 4",
        )
    if event.decided_by == event.officer:
        yield act.breach(
            "recusal-decider", "nobody decides on their own recusal", "不得决定本人的回避", article="P 4"
        )


@guard
def corrects_known(act: Act) -> Iterator[Breach]:
    """A correction names an event of this case: no correction, and what opened the case is only amended."""
    event = act.event
    if event is None:
        return
    corrects = event.corrects
    mine = {c["version"] for c in act.case.corrections}
    opening = corrects == 1 and event.kind == "set_aside"
    if not 1 <= corrects <= act.case.version or corrects in mine or opening:
        yield act.breach(
            "no-such-event",
            f"this case has no event {corrects} that can be corrected",
            f"本案没有可更正的第 {corrects} 号事件",
        )

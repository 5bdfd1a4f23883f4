"""Guards of the investigation (P 4, 21–48, 64)."""

from collections.abc import Iterator

from enforcement.cases.guards.base import Act, guard
from enforcement.errors import Breach

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
    event = act.event
    if event is None or act.history:
        return
    test = act.case.regions.get("test", {}).get(event.test)
    if test is None or test.get("state") != "ENTRUSTED":
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
    if not act.case.flags.get("rights_told") and not act.history:
        yield act.breach(
            "rights-not-told",
            "the party has not been told of the rights to state, defend and ask recusal",
            "未告知当事人陈述、申辩和申请回避的权利",
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
    """A correction names an event of this case, not itself and not another correction."""
    event = act.event
    if event is None:
        return
    corrects = event.corrects
    mine = {c["version"] for c in act.case.corrections}
    if not 1 <= corrects <= act.case.version or corrects in mine:
        yield act.breach(
            "no-such-event",
            f"this case has no event {corrects} that can be corrected",
            f"本案没有可更正的第 {corrects} 号事件",
        )

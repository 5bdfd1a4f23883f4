"""What must hold on the way to the reward: who qualifies, how much, by when."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from enforcement.law.calendar import ONE_DAY
from enforcement.reports import deadlines, ending, merging, several
from enforcement.reports.guards.base import Asked, Why, guard, no
from enforcement.reports.report import Report
from enforcement.reports.reward import Qualification, Reporter, Reward, qualify, reward
from enforcement.values import Text, occurred_day

CLAIM_EXT = "DL-REWARD-CLAIM-EXT"


def qualification(report: Report, event: Any, asked: Asked) -> Qualification:
    """Whether a reward is due, by what the event says and how the linked case ended."""
    case, day = asked.case(report.case or ""), _receipt(report)
    assert case is not None
    reporter = Reporter(
        event.natural_person,
        event.insider,
        frozenset(event.excluded),
        event.target_and_evidence,
        event.unknown_before,
        _first(report, event, asked),
    )
    return qualify(ending.of(case), reporter, event.fields, day, report.jurisdiction)


def _first(report: Report, event: Any, asked: Asked) -> bool | None:
    """Of one matter the first in time is rewarded, and a later one for what it adds of its own."""
    reports = merging.matter(report, asked.report)
    return None if len(reports) == 1 else event.own_part or reports[0].id == report.id


def _of_matter(report: Report, asked: Asked) -> list[Report]:
    """The other reports of the same matter."""
    return [other for other in merging.matter(report, asked.report) if other.id != report.id]


def standard(report: Report, asked: Asked, event: Any = None) -> Reward:
    """The standard of a graded report."""
    given: Mapping[str, str] = report.reward
    grade, matching, factor = (
        (event.grade, event.matching, event.insider_factor)
        if event is not None
        else (given["grade"], given["matching"], given["factor"])
    )
    return reward(grade, Decimal(matching), _receipt(report), report.jurisdiction, Decimal(factor))


def _receipt(report: Report) -> date:
    day = occurred_day(report.received)
    assert day is not None
    return day


@guard
def wished(report: Report, _: Any, __: Asked) -> Why | None:
    return no(report.facts["reward_wished"], "no reward is wished", "举报人未申请奖励")


@guard
def eligible_as_computed(report: Report, event: Any, asked: Asked) -> Why | None:
    found = qualification(report, event, asked)
    open_lines = [line for line in found.lines if line.holds is None]
    qualifies = event.large if found.qualifies is None else found.qualifies
    if qualifies is None:
        return Why(open_lines[0].text)
    failed = next((line for line in found.lines if line.holds is False), None)
    if event.eligible and not qualifies:
        said = failed.text if failed else open_lines[0].text
        return Why(Text(f"no reward is due: {said.en}", f"不符合奖励条件：{said.zh}"))
    return no(event.eligible == qualifies, "every condition of a reward is met", "已符合全部奖励条件")


@guard
def grade_computes(report: Report, event: Any, asked: Asked) -> Why | None:
    case = asked.case(report.case or "")
    total = ending.of(case).total if case else Decimal(0)
    if Decimal(event.matching) > total:
        return Why(
            Text(
                f"the part that matches is more than fine and confiscation of {case.id if case else '-'}: {total}",
                f"相符部分超过案件罚没款 {total}元",
            )
        )
    left = total - several.matched(_of_matter(report, asked))
    if Decimal(event.matching) > left:
        return Why(
            Text(
                f"other reports of the matter match the rest: {max(left, Decimal(0))} CNY is left",
                f"同一事项的其他举报已有相符部分，尚余 {max(left, Decimal(0))}元",
            )
        )
    insider = report.reward.get("insider") or Decimal(event.insider_factor) == 1
    standard(report, asked, event)
    return no(bool(insider), "only an insider's reward is raised", "仅内部举报人可以增发")


@guard
def within_standard(report: Report, event: Any, asked: Asked) -> Why | None:
    found = standard(report, asked)
    if (Decimal(event.standard), event.finance) != (found.amount, found.finance):
        return Why(
            Text(
                f"the standard is {found.amount} CNY, finance needed: {found.finance}",
                f"奖励标准为 {found.amount}元，须会同财政：{'是' if found.finance else '否'}",
            )
        )
    amount = Decimal(event.amount)
    if amount > found.amount:
        return Why(Text(f"more than the standard of {found.amount} CNY", f"超过奖励标准 {found.amount}元"))
    holds = amount == found.amount or event.reason is not None
    return no(holds, "less than the standard needs its reason", "低于奖励标准应当说明理由")


@guard
def within_highest(report: Report, event: Any, asked: Asked) -> Why | None:
    """All reports of the case together; what was fixed for them before is taken from their own events."""
    known = {other.id: other for other in (*asked.of_case(report.case or ""), *_of_matter(report, asked))}
    others = [other for id, other in known.items() if id != report.id]
    left = several.left(others, Decimal(event.standard))
    return no(
        Decimal(event.amount) <= left,
        f"the reports of {report.case} together get the highest of their standards; {left} CNY is left",
        f"{report.case} 的各举报合计不超过其中最高标准，尚余 {left}元",
    )


@guard
def finance_needed(report: Report, _: Any, __: Asked) -> Why | None:
    return no(report.reward["finance"], "finance need not agree", "无须会同财政部门")


@guard
def finance_done(report: Report, _: Any, __: Asked) -> Why | None:
    holds = not report.reward["finance"] or report.state == "FINANCE_CONFIRMED"
    return no(holds, "the finance department has to agree first", "须先会同财政部门确定")


def _in_time(report: Report, key: str, asked: Asked) -> tuple[bool, date | None]:
    found = deadlines.one(report, key, asked.law)
    return (found is None or found.due is None or asked.day <= found.due), found.due if found else None


@guard
def claim_open(report: Report, _: Any, asked: Asked) -> Why | None:
    """A reward that was claimed in time may be claimed again, when the voucher is lost."""
    if report.state == "CLAIMED":
        return None
    open_, due = _in_time(report, "reward-claim", asked)
    return no(open_, f"the period for the claim ended on {due}", f"领取期限已于 {due} 届满")


@guard
def claim_extendable(report: Report, event: Any, asked: Asked) -> Why | None:
    most = asked.law.deadlines.rule(CLAIM_EXT, _receipt(report), report.jurisdiction).length
    if report.clocks["reward-claim"]["extensions"]:
        return Why(Text("it was prolonged once already", "已经延长过一次"))
    return no(1 <= event.days <= most, f"1 to {most} working days", f"延长为 1 至 {most} 个工作日")


@guard
def objection_open(report: Report, _: Any, asked: Asked) -> Why | None:
    open_, due = _in_time(report, "reward-object", asked)
    return no(open_, f"the period for an objection ended on {due}", f"异议期限已于 {due} 届满")


@guard
def may_lapse(report: Report, event: Any, asked: Asked) -> Why | None:
    open_, due = _in_time(report, "reward-claim", asked)
    if event.ground == "reporter":
        return None
    earliest = due + ONE_DAY if due else None
    return no(not open_, f"the reporter may claim until {due}", f"举报人可在 {due} 前领取", earliest)

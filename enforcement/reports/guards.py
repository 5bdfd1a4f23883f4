"""What must hold before a step of a report, by the names that the table uses.

Each guard looks at the report, the event that would be recorded, and what it may ask of the ledger; it answers the
sentence that refuses, or None. The judge adds rule and article of the row.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from enforcement.cases.case import Case
from enforcement.law import Law
from enforcement.law.calendar import ONE_DAY, add_months
from enforcement.registry.inspector import Inspector
from enforcement.reports import deadlines, ending
from enforcement.reports.conflicts import Interested, kept_away
from enforcement.reports.procedure import table
from enforcement.reports.report import Report
from enforcement.reports.reward import Qualification, Reporter, Reward, qualify, reward
from enforcement.values import Text, occurred_day

LONGEST_HOURS = 72
CLAIM_EXT = "DL-REWARD-CLAIM-EXT"


class Why(NamedTuple):
    """The sentence that refuses, and the first moment at which it would be possible, where waiting is the cure."""

    message: Text
    earliest: date | datetime | None = None


@dataclass(frozen=True)
class Asked:
    """What a guard may ask."""

    case: Callable[[str], Case | None]
    report: Callable[[str], Report | None]
    officer: Callable[[str], Inspector | None]
    interested: Interested
    law: Law
    day: date
    now: datetime


Guard = Callable[[Report, Any, Asked], Why | None]


def _no(holds: bool, en: str, zh: str, earliest: date | datetime | None = None) -> Why | None:
    return None if holds else Why(Text(en, zh), earliest)


# -- intake ----------------------------------------------------------------------------------------------------


def holds_complaint(report: Report, _: Any, __: Asked) -> Why | None:
    return _no(report.facts["complaint"], "the paper holds no complaint", "来件不含投诉事项")


def complaint_split(report: Report, _: Any, __: Asked) -> Why | None:
    holds = report.split or not report.facts["complaint"]
    return _no(holds, "the paper also holds a complaint: split it first", "来件同时含投诉，应先分离")


def no_conflict(report: Report, event: Any, asked: Asked) -> Why | None:
    for officer in event.officers:
        found = asked.officer(officer)
        if found is None:
            return Why(Text(f"{officer} is no officer on record", f"{officer} 不是登记的执法人员"))
        if kept_away(report, officer, found.facts, asked.interested):
            return Why(Text(f"{officer} must be kept away from this report", f"{officer} 应当回避"))
    unit = getattr(event, "unit", None)
    holds = bool(event.officers) and unit not in report.kept_away["units"]
    return _no(holds, "it cannot go to this unit, or names no officer", "不得分送该机构，或者未指定承办人员")


def names_bureau(_: Report, event: Any, __: Asked) -> Why | None:
    holds = event.to is not None or not event.market_supervision
    return _no(
        holds,
        "within market supervision the reporter is told which bureau is competent",
        "属于市场监管职责的，应当告知有处理权限的机关",
    )


def earlier_exists(report: Report, event: Any, asked: Asked) -> Why | None:
    earlier = asked.report(event.earlier)
    return _no(
        earlier is not None and event.earlier != report.id,
        f"there is no earlier report {event.earlier}",
        f"未找到先前的举报 {event.earlier}",
    )


def mergeable(report: Report, event: Any, asked: Asked) -> Why | None:
    into = asked.report(event.into)
    if into is None or event.into == report.id:
        return Why(Text(f"there is no other report {event.into}", f"未找到另一举报 {event.into}"))
    holds = into.state in table().rows["report.absorbed"].states
    return _no(holds, f"{event.into} is past its verification", f"{event.into} 已完成核查，不能合并")


# -- verification ------------------------------------------------------------------------------------------------


def two_officers(_: Report, event: Any, __: Asked) -> Why | None:
    count = len(set(event.officers))
    return _no(
        count >= 2,
        f"two or more officers verify, not {count}",
        f"核查应由两名以上执法人员实施，现为 {count} 人",
    )


def are_assigned(report: Report, event: Any, _: Asked) -> Why | None:
    strangers = sorted(set(event.officers) - set(report.officers))
    listed = ", ".join(strangers)
    return _no(not strangers, f"not assigned to it: {listed}", f"非承办人员：{listed}")


def can_extend(report: Report, event: Any, asked: Asked) -> Why | None:
    clock = report.clocks.get("verify")
    rule = deadlines.rule_of(report, clock, asked.law) if clock else None
    if clock is None or rule is None or "end" in clock:
        return Why(Text("no verification period is running", "核查期限未在计算中"))
    if not rule.extension_steps:
        return Why(Text(f"{rule.article} knows no extension", f"{rule.article} 未规定延长"))
    if clock["extensions"]:
        return Why(Text("it was prolonged once already", "已经延长过一次"))
    due = deadlines.due_of(report, clock, rule, asked.law)
    holds = due.at is None or not due.passed(asked.day)
    return _no(holds, f"the period ended on {due.at}", f"期限已于 {due.at} 届满")


def not_paused(report: Report, _: Any, __: Asked) -> Why | None:
    return _no(not report.paused, "the clock stands still already", "期限已处于扣除期间")


def is_paused(report: Report, _: Any, __: Asked) -> Why | None:
    return _no(report.paused, "the clock is running", "期限正在计算")


def case_filed(_: Report, event: Any, asked: Asked) -> Why | None:
    case = asked.case(event.case)
    holds = case is not None and case.filed is not None
    return _no(holds, f"{event.case} is no case that was filed", f"{event.case} 不是已立案的案件")


def case_exists(_: Report, event: Any, asked: Asked) -> Why | None:
    holds = event.case is None or asked.case(event.case) is not None
    return _no(holds, f"there is no case {event.case}", f"未找到案件 {event.case}")


def _linked(report: Report, event: Any, asked: Asked) -> Case | Why:
    case = asked.case(report.case or "")
    if case is None or event.case != report.case:
        return Why(Text(f"the report is linked to {report.case}", f"举报关联的案件为 {report.case}"))
    if not ending.is_over(case):
        return Why(Text(f"{case.id} is not closed", f"{case.id} 尚未结案"))
    return case


def case_punished(report: Report, event: Any, asked: Asked) -> Why | None:
    case = _linked(report, event, asked)
    if isinstance(case, Why):
        return case
    if event.target != report.facts["target"]:
        return Why(Text("the target is not that of the report", "被举报主体与举报不符"))
    found = ending.of(case)
    holds = found.crime if event.outcome == "crime" else found.punished
    return _no(holds, f"{case.id} did not end so", f"{case.id} 的处理结果不是如此")


def case_not_punished(report: Report, event: Any, asked: Asked) -> Why | None:
    case = _linked(report, event, asked)
    if isinstance(case, Why):
        return case
    return _no(
        not ending.of(case).punished,
        f"{case.id} ended in a penalty or with the police",
        f"{case.id} 已作出处罚或者移送",
    )


def told_what_happened(report: Report, event: Any, _: Asked) -> Why | None:
    decided = {
        "filing": report.state in ("FILED", "NOT_FILED") or report.case is not None,
        "transfer": report.state == "TRANSFERRED",
        "result": not report.open or report.case is not None,
        "reward": "amount" in report.reward or report.state in ("SUBSTANTIATED", "ELIGIBLE", "NOT_ELIGIBLE"),
    }
    return _no(decided[event.about], "there is nothing of this kind to tell yet", "尚无可告知的该类事项")


# -- reward ------------------------------------------------------------------------------------------------------


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
    )
    return qualify(ending.of(case), reporter, event.fields, day, report.jurisdiction)


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


def wished(report: Report, _: Any, __: Asked) -> Why | None:
    return _no(report.facts["reward_wished"], "no reward is wished", "举报人未申请奖励")


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
    return _no(event.eligible == qualifies, "every condition of a reward is met", "已符合全部奖励条件")


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
    insider = report.reward.get("insider") or Decimal(event.insider_factor) == 1
    standard(report, asked, event)
    return _no(bool(insider), "only an insider's reward is raised", "仅内部举报人可以增发")


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
    return _no(holds, "less than the standard needs its reason", "低于奖励标准应当说明理由")


def finance_needed(report: Report, _: Any, __: Asked) -> Why | None:
    return _no(report.reward["finance"], "finance need not agree", "无须会同财政部门")


def finance_done(report: Report, _: Any, __: Asked) -> Why | None:
    holds = not report.reward["finance"] or report.state == "FINANCE_CONFIRMED"
    return _no(holds, "the finance department has to agree first", "须先会同财政部门确定")


def _in_time(report: Report, key: str, asked: Asked) -> tuple[bool, date | None]:
    found = deadlines.one(report, key, asked.law)
    return (found is None or found.due is None or asked.day <= found.due), found.due if found else None


def claim_open(report: Report, _: Any, asked: Asked) -> Why | None:
    """A reward that was claimed in time may be claimed again, when the voucher is lost."""
    if report.state == "CLAIMED":
        return None
    open_, due = _in_time(report, "reward-claim", asked)
    return _no(open_, f"the period for the claim ended on {due}", f"领取期限已于 {due} 届满")


def claim_extendable(report: Report, event: Any, asked: Asked) -> Why | None:
    most = asked.law.deadlines.rule(CLAIM_EXT, _receipt(report), report.jurisdiction).length
    if report.clocks["reward-claim"]["extensions"]:
        return Why(Text("it was prolonged once already", "已经延长过一次"))
    return _no(1 <= event.days <= most, f"1 to {most} working days", f"延长为 1 至 {most} 个工作日")


def objection_open(report: Report, _: Any, asked: Asked) -> Why | None:
    open_, due = _in_time(report, "reward-object", asked)
    return _no(open_, f"the period for an objection ended on {due}", f"异议期限已于 {due} 届满")


def may_lapse(report: Report, event: Any, asked: Asked) -> Why | None:
    open_, due = _in_time(report, "reward-claim", asked)
    if event.ground == "reporter":
        return None
    earliest = due + ONE_DAY if due else None
    return _no(not open_, f"the reporter may claim until {due}", f"举报人可在 {due} 前领取", earliest)


# -- identity ----------------------------------------------------------------------------------------------------


def has_identity(report: Report, _: Any, __: Asked) -> Why | None:
    return _no(report.identity is not None, "the report is anonymous", "该举报为匿名举报")


def request_pending(report: Report, event: Any, _: Asked) -> Why | None:
    found = report.requests.get(event.request, {})
    return _no(
        found.get("state") == "pending",
        f"no request {event.request} is pending",
        f"没有待批的申请 {event.request}",
    )


def second_person(report: Report, event: Any, _: Asked) -> Why | None:
    asker = report.requests.get(event.request, {}).get("by")
    return _no(asker != event.actor, "a second person decides on a request", "应由申请人以外的人员审批")


def short_time(_: Report, event: Any, __: Asked) -> Why | None:
    return _no(
        1 <= event.hours <= LONGEST_HOURS,
        f"1 to {LONGEST_HOURS} hours",
        f"授权时间为 1 至 {LONGEST_HOURS} 小时",
    )


def own_request(report: Report, event: Any, _: Asked) -> Why | None:
    asker = report.requests.get(event.request, {}).get("by")
    return _no(asker == event.actor, "only who asked may read", "仅申请人本人可以查阅")


def approval_open(report: Report, event: Any, asked: Asked) -> Why | None:
    found = report.requests.get(event.request, {})
    if found.get("state") != "approved":
        return Why(Text("no second person has approved it", "尚未经他人批准"))
    end = datetime.fromisoformat(found["decided"]) + timedelta(hours=found["hours"])
    return _no(
        asked.now <= end, f"the approval ended at {end.isoformat()}", f"授权已于 {end.isoformat()} 届满"
    )


def declares_itself(report: Report, event: Any, _: Asked) -> Why | None:
    """Anyone steps aside; keeping others away, or saying that nobody is concerned, is for those it goes around to."""
    own = event.officers == [event.actor] and not event.units
    holds = own or event.role in ("custodian", "principal_head", "head")
    holds = holds and (not report.around or own or event.role in ("custodian", "principal_head"))
    return _no(holds, "you may keep only yourself away", "仅可申请本人回避")


# -- keeping -----------------------------------------------------------------------------------------------------


def not_erased(report: Report, _: Any, __: Asked) -> Why | None:
    return _no(not report.erased, "it was erased", "已清除")


def is_open(report: Report, _: Any, __: Asked) -> Why | None:
    return _no(report.open, "the report is at its end", "该举报已办结")


def is_over(report: Report, event: Any, _: Asked) -> Why | None:
    holds = not report.open or event.ground == "unlawful"
    return _no(holds, "the report is not at its end", "该举报尚未办结")


def not_held(report: Report, _: Any, __: Asked) -> Why | None:
    return _no(not report.held, "it is under a legal hold", "处于保全状态")


def is_held(report: Report, _: Any, __: Asked) -> Why | None:
    return _no(report.held, "it is under no legal hold", "未处于保全状态")


def retention_over(report: Report, event: Any, asked: Asked) -> Why | None:
    end = retained_until(report)
    if event.ground != "retention" or end is None:
        return _no(event.ground == "retention" or event.reason is not None, "give the reason", "应当说明理由")
    return _no(
        asked.day > end, f"its sealed data are kept until {end}", f"封存数据保存至 {end}", end + ONE_DAY
    )


def retained_until(report: Report) -> date | None:
    """The last day on which its sealed data are kept; None while it is not at its end."""
    day = occurred_day(report.last_step)
    if report.open or day is None:
        return None
    return add_months(day, table().retention[report.state])


GUARDS: dict[str, Guard] = {
    guard.__name__: guard
    for guard in (
        holds_complaint,
        complaint_split,
        no_conflict,
        names_bureau,
        earlier_exists,
        mergeable,
        two_officers,
        are_assigned,
        can_extend,
        not_paused,
        is_paused,
        case_filed,
        case_exists,
        case_punished,
        case_not_punished,
        told_what_happened,
        wished,
        eligible_as_computed,
        grade_computes,
        within_standard,
        finance_needed,
        finance_done,
        claim_open,
        claim_extendable,
        objection_open,
        may_lapse,
        has_identity,
        request_pending,
        second_person,
        short_time,
        own_request,
        approval_open,
        declares_itself,
        not_erased,
        is_open,
        is_over,
        not_held,
        is_held,
        retention_over,
    )
}

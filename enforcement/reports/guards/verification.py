"""What must hold while a report is verified and until its case is over."""

from typing import Any

from enforcement.cases.case import Case
from enforcement.reports import deadlines, ending
from enforcement.reports.guards.base import Asked, Why, guard, no
from enforcement.reports.report import Report
from enforcement.values import Text


@guard
def two_officers(_: Report, event: Any, __: Asked) -> Why | None:
    count = len(set(event.officers))
    return no(
        count >= 2,
        f"two or more officers verify, not {count}",
        f"核查应由两名以上执法人员实施，现为 {count} 人",
    )


@guard
def are_assigned(report: Report, event: Any, _: Asked) -> Why | None:
    strangers = sorted(set(event.officers) - set(report.officers))
    listed = ", ".join(strangers)
    return no(not strangers, f"not assigned to it: {listed}", f"非承办人员：{listed}")


@guard
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
    return no(holds, f"the period ended on {due.at}", f"期限已于 {due.at} 届满")


@guard
def not_paused(report: Report, _: Any, __: Asked) -> Why | None:
    return no(not report.paused, "the clock stands still already", "期限已处于扣除期间")


@guard
def is_paused(report: Report, _: Any, __: Asked) -> Why | None:
    return no(report.paused, "the clock is running", "期限正在计算")


@guard
def case_filed(_: Report, event: Any, asked: Asked) -> Why | None:
    case = asked.case(event.case)
    holds = case is not None and case.filed is not None
    return no(holds, f"{event.case} is no case that was filed", f"{event.case} 不是已立案的案件")


@guard
def case_exists(_: Report, event: Any, asked: Asked) -> Why | None:
    holds = event.case is None or asked.case(event.case) is not None
    return no(holds, f"there is no case {event.case}", f"未找到案件 {event.case}")


def _linked(report: Report, event: Any, asked: Asked) -> Case | Why:
    case = asked.case(report.case or "")
    if case is None or event.case != report.case:
        return Why(Text(f"the report is linked to {report.case}", f"举报关联的案件为 {report.case}"))
    if not ending.is_over(case):
        return Why(Text(f"{case.id} is not closed", f"{case.id} 尚未结案"))
    return case


@guard
def case_punished(report: Report, event: Any, asked: Asked) -> Why | None:
    case = _linked(report, event, asked)
    if isinstance(case, Why):
        return case
    if event.target != report.facts["target"]:
        return Why(Text("the target is not that of the report", "被举报主体与举报不符"))
    found = ending.of(case)
    holds = found.crime if event.outcome == "crime" else found.punished
    return no(holds, f"{case.id} did not end so", f"{case.id} 的处理结果不是如此")


@guard
def case_not_punished(report: Report, event: Any, asked: Asked) -> Why | None:
    case = _linked(report, event, asked)
    if isinstance(case, Why):
        return case
    return no(
        not ending.of(case).punished,
        f"{case.id} ended in a penalty or with the police",
        f"{case.id} 已作出处罚或者移送",
    )


@guard
def told_what_happened(report: Report, event: Any, _: Asked) -> Why | None:
    decided = {
        "filing": report.state in ("FILED", "NOT_FILED") or report.case is not None,
        "transfer": report.state == "TRANSFERRED",
        "result": not report.open or report.case is not None,
        "reward": "amount" in report.reward or report.state in ("SUBSTANTIATED", "ELIGIBLE", "NOT_ELIGIBLE"),
    }
    return no(decided[event.about], "there is nothing of this kind to tell yet", "尚无可告知的该类事项")

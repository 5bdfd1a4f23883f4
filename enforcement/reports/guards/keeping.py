"""What must hold before sealed data are kept longer, or destroyed."""

from datetime import date
from typing import Any

from enforcement.law.calendar import ONE_DAY, add_months
from enforcement.reports import merging
from enforcement.reports.guards.base import Asked, Why, guard, no
from enforcement.reports.procedure import table
from enforcement.reports.report import Report
from enforcement.values import occurred_day


@guard
def not_erased(report: Report, _: Any, __: Asked) -> Why | None:
    return no(not report.erased, "it was erased", "已清除")


@guard
def is_open(report: Report, _: Any, __: Asked) -> Why | None:
    return no(report.open, "the report is at its end", "该举报已办结")


@guard
def is_over(report: Report, event: Any, _: Asked) -> Why | None:
    holds = not report.open or event.ground == "unlawful"
    return no(holds, "the report is not at its end", "该举报尚未办结")


@guard
def not_held(report: Report, _: Any, __: Asked) -> Why | None:
    return no(not report.held, "it is under a legal hold", "处于保全状态")


@guard
def is_held(report: Report, _: Any, __: Asked) -> Why | None:
    return no(report.held, "it is under no legal hold", "未处于保全状态")


@guard
def no_reward_to_come(report: Report, event: Any, asked: Asked) -> Why | None:
    """A merged report is kept while its reporter may come to a reward by the one that goes on."""
    holds = event.ground != "retention" or not merging.waits(report, asked.report)
    return no(holds, "the report that it was merged into is not decided yet", "其并入的举报尚未办结")


@guard
def retention_over(report: Report, event: Any, asked: Asked) -> Why | None:
    end = retained_until(report)
    if event.ground != "retention" or end is None:
        return no(event.ground == "retention" or event.reason is not None, "give the reason", "应当说明理由")
    return no(
        asked.day > end, f"its sealed data are kept until {end}", f"封存数据保存至 {end}", end + ONE_DAY
    )


def retained_until(report: Report) -> date | None:
    """The last day on which its sealed data are kept; None while it is not at its end."""
    day = occurred_day(report.last_step)
    if report.open or day is None:
        return None
    return add_months(day, table().retention[report.state])

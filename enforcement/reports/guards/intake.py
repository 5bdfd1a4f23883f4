"""What must hold when a report comes in: split, sent to people who stand in no conflict, passed on, merged."""

from typing import Any

from enforcement.reports.conflicts import kept_away
from enforcement.reports.guards.base import Asked, Why, guard, no
from enforcement.reports.procedure import table
from enforcement.reports.report import Report
from enforcement.values import Text


@guard
def holds_complaint(report: Report, _: Any, __: Asked) -> Why | None:
    return no(report.facts["complaint"], "the paper holds no complaint", "来件不含投诉事项")


@guard
def complaint_split(report: Report, _: Any, __: Asked) -> Why | None:
    holds = report.split or not report.facts["complaint"]
    return no(holds, "the paper also holds a complaint: split it first", "来件同时含投诉，应先分离")


@guard
def no_conflict(report: Report, event: Any, asked: Asked) -> Why | None:
    for officer in event.officers:
        found = asked.officer(officer)
        if found is None:
            return Why(Text(f"{officer} is no officer on record", f"{officer} 不是登记的执法人员"))
        if kept_away(report, officer, found.facts, asked.interested):
            return Why(Text(f"{officer} must be kept away from this report", f"{officer} 应当回避"))
    unit = getattr(event, "unit", None)
    holds = bool(event.officers) and unit not in report.kept_away["units"]
    return no(holds, "it cannot go to this unit, or names no officer", "不得分送该机构，或者未指定承办人员")


@guard
def declares_itself(report: Report, event: Any, _: Asked) -> Why | None:
    """Anyone steps aside; keeping others away, or saying that nobody is concerned, is for those it goes around to."""
    own = event.officers == [event.actor] and not event.units
    holds = own or event.role in ("custodian", "principal_head", "head")
    holds = holds and (not report.around or own or event.role in ("custodian", "principal_head"))
    return no(holds, "you may keep only yourself away", "仅可申请本人回避")


@guard
def names_bureau(_: Report, event: Any, __: Asked) -> Why | None:
    holds = event.to is not None or not event.market_supervision
    return no(
        holds,
        "within market supervision the reporter is told which bureau is competent",
        "属于市场监管职责的，应当告知有处理权限的机关",
    )


@guard
def earlier_exists(report: Report, event: Any, asked: Asked) -> Why | None:
    earlier = asked.report(event.earlier)
    return no(
        earlier is not None and event.earlier != report.id,
        f"there is no earlier report {event.earlier}",
        f"未找到先前的举报 {event.earlier}",
    )


@guard
def mergeable(report: Report, event: Any, asked: Asked) -> Why | None:
    into = asked.report(event.into)
    if into is None or event.into == report.id:
        return Why(Text(f"there is no other report {event.into}", f"未找到另一举报 {event.into}"))
    if into.facts.get("merged_into"):
        return Why(
            Text(
                f"{event.into} was itself merged into {into.facts['merged_into']}",
                f"{event.into} 已并入 {into.facts['merged_into']}",
            )
        )
    holds = into.state in table().rows["report.absorbed"].states
    return no(holds, f"{event.into} is past its verification", f"{event.into} 已完成核查，不能合并")

"""What must hold before an identity is opened: a purpose, a second person, a limited time."""

from datetime import datetime, timedelta
from typing import Any

from enforcement.reports.guards.base import Asked, Why, guard, no
from enforcement.reports.report import Report
from enforcement.values import Text

LONGEST_HOURS = 72


@guard
def has_identity(report: Report, _: Any, __: Asked) -> Why | None:
    return no(report.identity is not None, "the report is anonymous", "该举报为匿名举报")


@guard
def request_pending(report: Report, event: Any, _: Asked) -> Why | None:
    found = report.requests.get(event.request, {})
    return no(
        found.get("state") == "pending",
        f"no request {event.request} is pending",
        f"没有待批的申请 {event.request}",
    )


@guard
def second_person(report: Report, event: Any, _: Asked) -> Why | None:
    asker = report.requests.get(event.request, {}).get("by")
    return no(asker != event.actor, "a second person decides on a request", "应由申请人以外的人员审批")


@guard
def short_time(_: Report, event: Any, __: Asked) -> Why | None:
    return no(
        1 <= event.hours <= LONGEST_HOURS,
        f"1 to {LONGEST_HOURS} hours",
        f"授权时间为 1 至 {LONGEST_HOURS} 小时",
    )


@guard
def own_request(report: Report, event: Any, _: Asked) -> Why | None:
    asker = report.requests.get(event.request, {}).get("by")
    return no(asker == event.actor, "only who asked may read", "仅申请人本人可以查阅")


@guard
def approval_open(report: Report, event: Any, asked: Asked) -> Why | None:
    found = report.requests.get(event.request, {})
    if found.get("state") != "approved":
        return Why(Text("no second person has approved it", "尚未经他人批准"))
    end = datetime.fromisoformat(found["decided"]) + timedelta(hours=found["hours"])
    return no(
        asked.now <= end, f"the approval ended at {end.isoformat()}", f"授权已于 {end.isoformat()} 届满"
    )

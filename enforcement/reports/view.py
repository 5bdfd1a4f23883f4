"""A report as its officers and its reporter see it: the course of the procedure, and nothing that is sealed."""

from datetime import date
from typing import Any

from enforcement.law import Law
from enforcement.reports import deadlines
from enforcement.reports.guards.keeping import retained_until
from enforcement.reports.judging import REPORTER
from enforcement.reports.procedure import table
from enforcement.reports.report import Report
from enforcement.values import Text

STATES = {
    "RECEIVED": Text("received", "已收到"),
    "SPLIT": Text("split from a complaint", "已与投诉分离"),
    "ASSIGNED": Text("assigned", "已分送承办机构"),
    "TRANSFERRED": Text("passed on to the competent body", "已移送有权机关"),
    "NOT_HANDLED": Text("not handled again", "重复举报，不再处理"),
    "MERGED": Text("goes on with another report", "已合并办理"),
    "MALICIOUS": Text("with the police", "已移送公安机关"),
    "VERIFYING": Text("being verified", "正在核查"),
    "FILED": Text("a case was filed", "已立案"),
    "NOT_FILED": Text("no case was filed", "不予立案"),
    "SUBSTANTIATED": Text("substantiated", "查证属实"),
    "UNSUBSTANTIATED": Text("not substantiated", "未查实"),
    "ELIGIBLE": Text("a reward is due", "符合奖励条件"),
    "NOT_ELIGIBLE": Text("no reward is due", "不符合奖励条件"),
    "GRADED": Text("the reward is being fixed", "奖励等级已确定"),
    "AMOUNT_SET": Text("the reward is being fixed", "奖励金额确定中"),
    "FINANCE_CONFIRMED": Text("the reward is being fixed", "奖励金额确定中"),
    "TOLD": Text("the reward can be claimed", "可以领取奖励"),
    "CLAIMED": Text("claimed; pay-out with the voucher", "已申领，凭凭证领取"),
    "REVIEW_REQUESTED": Text("the objection is being looked at", "异议复核中"),
    "PAID": Text("paid", "已发放"),
    "WAIVED": Text("waived", "已放弃"),
}
ACTS = {
    "report.message-sent": Text("write to the bureau", "给承办机关留言"),
    "report.evidence-added": Text("add evidence", "补充材料"),
    "report.reward-claimed": Text(
        "claim the reward; again if the voucher is lost", "领取奖励（凭证遗失可再次申领）"
    ),
    "report.review-requested": Text("object to the amount", "对金额提出异议"),
    "report.reward-waived": Text("waive the reward", "放弃奖励"),
    "report.withdrawn": Text("withdraw the report", "撤回举报"),
}
AMOUNT_TOLD = ("TOLD", "CLAIMED", "REVIEW_REQUESTED", "PAID")


def due(deadline: deadlines.Deadline, today: date) -> dict[str, Any]:
    """A deadline as plain values."""
    return {
        "key": deadline.key,
        "name": deadline.name._asdict(),
        "article": deadline.article,
        "status": deadline.status,
        "started": deadline.started,
        "due": _day(deadline.due),
        "shown": _day(deadline.shown),
        "provisional": deadline.provisional,
        "ended": deadline.ended,
        "state": deadline.state(today),
    }


def officers(report: Report, law: Law, today: date) -> dict[str, Any]:
    """For officers: everything but what is sealed."""
    kept = retained_until(report)
    return {
        "id": report.id,
        "version": report.version,
        "state": report.state,
        "open": report.open,
        "received": report.received,
        "facts": report.facts,
        "unit": report.unit,
        "officers": report.officers,
        "case": report.case,
        "files": [_file(file, report) for file in report.files],
        "deadlines": [due(deadline, today) for deadline in deadlines.of(report, law)],
        "merged": report.merged,
        "lead": report.lead,
        "told": report.told,
        "reward": report.reward,
        "held": report.held,
        "erased": report.erased,
        "retained_until": _day(kept),
        "allowed_events": [
            {"type": row.topic, "name": row.name._asdict(), "roles": list(row.roles), "article": row.article}
            for row in table().possible_in(report.state)
        ],
    }


def mine(report: Report, law: Law, today: date) -> dict[str, Any]:
    """For the reporter: where it stands, what runs, what may be done. Nothing sealed is opened."""
    told = [part for part in report.sealed if part["field"] == "text" and part["role"] != REPORTER]
    possible = {row.topic for row in table().possible_in(report.state) if REPORTER in row.roles}
    return {
        "state": report.state,
        "name": STATES.get(report.state, Text("", ""))._asdict(),
        "received": report.received or "",
        "merged": "merged_into" in report.facts,
        "deadlines": [due(deadline, today) for deadline in deadlines.of(report, law)],
        "messages": len(told),
        "unread": sum(part["version"] > report.read_by_reporter for part in told),
        "reward": report.reward.get("amount") if report.state in AMOUNT_TOLD else None,
        "redacted": max((r["occurred"] for r in (*report.redactions, *report.replacements)), default=None),
        "may": []
        if report.erased
        else [{"act": topic, "name": name._asdict()} for topic, name in ACTS.items() if topic in possible],
    }


def _file(file: dict[str, Any], report: Report) -> dict[str, Any]:
    """A file that was handed in, and which one officers are given in its place."""
    found = report.replaced().get(file["sha256"])
    return file if found is None else {**file, "replaced_by": found["replacement"]["sha256"]}


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()

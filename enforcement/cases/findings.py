"""Findings 不规范事项: what in a case does not fit the statute, each with its rule. They follow from the history.

A live command that breaks a hard rule is refused before it is recorded; what is recorded all the same – published
history, facts that came late, periods that had run out – is named here and stays part of the case.
"""

from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from enforcement.cases import deadlines
from enforcement.cases.procedure import Row
from enforcement.errors import Breach
from enforcement.law import Law
from enforcement.values import Occurred, Text, instant, occurred_bounds, occurred_day

if TYPE_CHECKING:
    from enforcement.cases.case import Case
    from enforcement.cases.events.base import CaseEvent


def of(case: "Case", event: "CaseEvent", row: Row, law: Law) -> list[dict[str, Any]]:
    """What this event breaks, seen from the case before it."""
    return [finding(breach, event.originator_version) for breach in _judge()(case, row, event, law)]


@cache
def _judge() -> "Callable[[Case, Row, CaseEvent, Law], list[Breach]]":
    """The guards read cases, so they come in late."""
    from enforcement.cases.guards import breaches

    return breaches


def finding(breach: Breach, version: int) -> dict[str, Any]:
    """A breach as it stands in the case."""
    return {
        "kind": breach.rule,
        "article": breach.article,
        "version": version,
        "en": breach.message.en,
        "zh": breach.message.zh,
    }


def overrun(case: "Case", event: "CaseEvent", key: str, law: Law) -> None:
    """A period that ended after its due date; uncertain dates accuse nobody."""
    due = deadlines.due(case, key, law)
    if due is None or due.at is None or not _after(event.occurred, due.at):
        return
    clock = case.clocks[key]
    rule = clock["rule"]
    day = occurred_day(clock["start"])
    found = deadlines.find(rule, day, case, law) if day and rule != deadlines.OWN_DATE else None
    article = found.article if found else "APL 28"
    text = Text(
        f"{rule} was due {due.at} and ended {event.occurred}",
        f"{rule} 应于 {due.at} 前完成，实际为 {event.occurred}",
    )
    case.findings.append(
        {**finding(Breach("deadline-overrun", article, text), event.originator_version), "rule": rule}
    )


def no_rule(case: "Case", event: "CaseEvent", rule: str) -> None:
    """No version of the law known here covers the day: said once, and nothing is judged by a later text."""
    if case.flags.get("unjudged") or not event.occurred:
        return
    case.flags["unjudged"] = True
    text = Text(
        f"no version of {rule} known here was in force on {event.occurred}; its period is not judged",
        f"{event.occurred} 时 {rule} 的规则版本未收录，不作期限判断",
    )
    case.findings.append(
        {**finding(Breach("no-rule-in-force", "-", text), event.originator_version), "rule": rule}
    )


def earliest_day(occurred: Occurred) -> str | None:
    """The first day on which it can have happened, as text; None when unknown."""
    if occurred is None:
        return None
    if len(occurred) == 10:
        return occurred
    bounds = occurred_bounds(occurred)
    return bounds[0].isoformat() if bounds else None


def _after(occurred: Occurred, due: date | datetime) -> bool:
    if isinstance(due, datetime):
        moment = instant(occurred)
        if moment is not None:
            return moment > due
        due = due.date()
    first = earliest_day(occurred)
    return first is not None and date.fromisoformat(first) > due

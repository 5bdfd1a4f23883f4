"""An inspection as its readers see it: facts, what runs out when, what may happen next. Plain JSON values.

Due dates are never stored: they are counted here, with the calendar at hand, from the days of the events.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from enforcement.checks.inspection import Inspection
from enforcement.checks.inspection_guards import UNREACHABLE
from enforcement.checks.steps import Step, named, table
from enforcement.law import Law
from enforcement.law.deadlines import Due, NoRuleInForce, Rule, compute
from enforcement.values import occurred_day

SHEET, PUBLISHED, LISTED = "inspection.recorded", "inspection.published", "inspection.listed"
FACTS = (
    *("state", "facts", "officers", "recused", "entered", "visitors", "sheet", "results", "results_on"),
    *("audited", "published", "withdrawn", "orders", "cases", "listings", "finished", "voided"),
)


class Running(NamedTuple):
    """A period of an inspection: by which rule, from when, until when, and when it was met."""

    rule: Rule
    started: date
    due: Due
    ended: str | None


def periods(it: Inspection, law: Law) -> Iterator[Running]:
    """The statutory periods of an inspection; none where no rule was in force on the day it begins."""
    publish = "DL-CHECK-PUBLISH" if it.facts["public_information"] else "DL-CHECK-PUBLISH-METROLOGY"
    over = it.times.get(SHEET) if it.facts["public_information"] else it.results_on
    if it.results_on is not None and it.state != "VOIDED":
        yield from _running(law, publish, over, it.published)
    if UNREACHABLE in it.codes:
        listed = it.times.get(LISTED) if "contact" in it.listings else None
        yield from _running(law, "DL-ABNORMAL-CONTACT", it.results_on, listed)
    if it.shown and it.negative and not it.cases and not it.listings:
        yield from _running(law, "DL-STOP-CHECK", it.published, None)


def _running(law: Law, rule_id: str, start: str | None, ended: str | None) -> Iterator[Running]:
    day = occurred_day(start)
    if day is None:
        return
    try:
        rule = law.deadlines.rule(rule_id, day)
    except NoRuleInForce:
        return
    yield Running(rule, day, compute(rule, day, law.calendar), ended)


def view(it: Inspection, law: Law, today: date, positions: Sequence[int] = ()) -> dict[str, Any]:
    """Everything about an inspection; `today` decides what is overdue."""
    return {
        "id": it.id,
        "version": it.version,
        "position": positions[-1] if positions else None,
        **{name: getattr(it, name) for name in FACTS},
        "codes": [{"code": code, **named("national", code)._asdict()} for code in it.codes],
        "provincial": [
            {"code": code, **named("provincial", code)._asdict()}
            for code in (it.results or {}).get("provincial") or ()
        ],
        "open_followups": [
            {"code": code, **named("followup", code)._asdict()} for code in it.open_followups()
        ],
        "deadlines": [_deadline(each, today) for each in periods(it, law)],
        "orders_due": [
            {"order": id, "until": order["until"], "overdue": order["until"] < today.isoformat()}
            for id, order in it.orders.items()
            if order["result"] is None
        ],
        "allowed_events": [_allowed(row) for row in table("inspection").possible_in(it.state)],
    }


def _deadline(each: Running, today: date) -> dict[str, Any]:
    ended = occurred_day(each.ended)
    late = ended is not None and each.due.passed(ended)
    state = ("late" if late else "met") if ended else "overdue" if each.due.passed(today) else "running"
    return {
        "rule": each.rule.id,
        "name": each.rule.name._asdict(),
        "article": each.rule.article,
        "started": each.started.isoformat(),
        "due": _text(each.due.at),
        "due_strict": _text(each.due.strict),
        "due_rolled": _text(each.due.rolled),
        "provisional": each.due.provisional,
        "ended": each.ended,
        "state": state,
    }


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _allowed(row: Step) -> dict[str, Any]:
    return {"type": row.topic, "zh": row.zh, "roles": list(row.roles), "article": row.article}

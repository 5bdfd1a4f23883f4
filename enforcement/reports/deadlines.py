"""The deadlines of a report: its clocks counted with the rules and the calendar at hand."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from enforcement.law import Law
from enforcement.law.deadline_rules import NoRuleInForce, Rule
from enforcement.law.deadlines import compute
from enforcement.law.due import Due, Extension, Pause, china_date
from enforcement.reports.report import Report
from enforcement.values import Text, occurred_day


@dataclass(frozen=True)
class Deadline:
    """One period of a report; `kept` says of an ended one whether it ended in time."""

    key: str
    rule: str
    name: Text
    article: str
    status: str
    duty: str
    started: str
    due: date | None
    shown: date | None
    provisional: bool
    ended: str | None

    @property
    def kept(self) -> bool | None:
        ended = occurred_day(self.ended)
        return None if ended is None or self.due is None else ended <= self.due

    def state(self, today: date) -> str:
        """met · late · running · paused · overdue; the last day itself is in time."""
        if self.ended is not None:
            return "late" if self.kept is False else "met"
        if self.due is None:
            return "paused"
        return "running" if today <= self.due else "overdue"


def of(report: Report, law: Law) -> Iterator[Deadline]:
    """Every clock of the report, in the order in which they started."""
    for key in report.clocks:
        found = one(report, key, law)
        if found is not None:
            yield found


def one(report: Report, key: str, law: Law) -> Deadline | None:
    """One clock; None where it never started or its day is not known."""
    clock = report.clocks.get(key)
    rule = rule_of(report, clock, law) if clock else None
    if clock is None or rule is None:
        return None
    due = due_of(report, clock, rule, law)
    return Deadline(
        key,
        rule.id,
        rule.name,
        rule.article,
        rule.status,
        rule.duty,
        clock["start"],
        None if due.at is None else china_date(due.at),
        None if due.shown is None else china_date(due.shown),
        due.provisional,
        clock.get("end"),
    )


def rule_of(report: Report, clock: dict[str, Any], law: Law) -> Rule | None:
    """The version of the clock's rule, by the day that decides on it."""
    day = occurred_day(clock["law"])
    try:
        return None if day is None else law.deadlines.rule(clock["rule"], day, report.jurisdiction)
    except NoRuleInForce:
        return None


def due_of(report: Report, clock: dict[str, Any], rule: Rule, law: Law) -> Due:
    """The end of the period, with pauses and extensions."""
    start = occurred_day(clock["start"])
    assert start is not None
    return compute(
        rule, start, law.calendar, list(_pauses(report, rule, start)), list(_extensions(clock, rule))
    )


def _pauses(report: Report, rule: Rule, start: date) -> Iterator[Pause]:
    for pause in report.pauses:
        begun, ended = occurred_day(pause["from"]), occurred_day(pause.get("to"))
        kind = pause["kind"]
        if begun is not None and kind in rule.pauses and (ended is None or ended > start):
            yield Pause(max(begun, start), ended, kind)


def _extensions(clock: dict[str, Any], rule: Rule) -> Iterator[Extension]:
    for given in clock["extensions"]:
        decided = occurred_day(given["on"])
        step = rule.extension_steps[0].length if rule.extension_steps else None
        days = given.get("days", step)
        if decided is not None and days:
            yield Extension(decided, days, rule.unit)

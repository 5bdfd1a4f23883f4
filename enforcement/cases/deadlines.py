"""The deadlines of a case 期限: due when, by which rule, started by what, paused and extended by what.

A clock of the case is a fact; a deadline is that fact counted with the calendar, so a newly loaded calendar gives
new dates without any new event. Nothing here is stored in the case.
"""

from collections.abc import Iterator
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from enforcement.law import Law
from enforcement.law.deadline_rules import DeadlineRules, NoRuleInForce, Rule
from enforcement.law.deadlines import compute, latest_service
from enforcement.law.due import Due, Extension, Pause
from enforcement.values import Occurred, Text, instant, occurred_bounds, occurred_day

if TYPE_CHECKING:
    from enforcement.cases.case import Case

OWN_DATE = "own-date"
LIMIT = "DL-LIMIT"
PER_ITEM = frozenset(
    {
        "DL-PRESERVE",
        "DL-SEIZE",
        "DL-URGENT-REPORT",
        "DL-ASSIST",
        "DL-RECON-INTAKE",
        "DL-RECON-ANSWER",
        "DL-RECON-ANSWER-SIMPLE",
        "DL-RECON-DECIDE",
        "DL-RECON-DECIDE-SIMPLE",
        "DL-SUIT-FIRST",
        "DL-SUIT-APPEAL",
        "DL-SUIT-SECOND",
        OWN_DATE,
    }
)
"""Counted for each measure, letter, order or remedy: the key is `RULE:item`."""
PER_PARTY = frozenset(
    {
        "DL-DEFENCE",
        "DL-PAY",
        "DL-RECON",
        "DL-RECON-UNTOLD",
        "DL-SUE",
        "DL-SUE-METROLOGY",
        "DL-SELF-PUBLISH",
    }
)
"""Counted for each party of several, from the day on which that one was served: the key is `RULE:party`."""
PASSING = frozenset(
    {
        "DL-DEFENCE",
        "DL-RECON",
        "DL-RECON-UNTOLD",
        "DL-SUE",
        "DL-SUE-METROLOGY",
        "DL-SUE-AFTER-RECON",
        "DL-SUIT-APPEAL",
        "DL-PUBNOTICE",
        "DL-POLICE-RECON",
        "DL-POLICE-SUPERVISE",
        "DL-URGE",
        "DL-SURCHARGE",
        "DL-SELF-PUBLISH",
        "DL-PUBLISH-REMOTE",
        "DL-PRESERVE",
        LIMIT,
        "DL-LIMIT-LIFE",
    }
)
"""Periods that may simply pass: rights that lapse, waiting times, what ends by itself, duties that others record.
Over, never overdue."""


class Deadline(NamedTuple):
    """One deadline of a case. Dates are days, or moments for periods in hours; `started_by` is an event's version."""

    key: str
    rule: str
    name: Text
    article: str
    status: str
    duty: str
    started: Occurred
    started_by: int
    at: date | datetime | None
    strict: date | datetime | None
    rolled: date | datetime | None
    provisional: bool
    provisional_reason: Text | None
    paused_since: date | None
    remaining: int | None
    pauses: tuple[dict[str, Any], ...]
    extensions: tuple[dict[str, Any], ...]
    invalid_extensions: tuple[Text, ...]
    ended: Occurred
    ended_by: int | None
    untold: bool = False
    """It began in published history, which often does not tell how it ended: over, but nobody's delay."""

    @property
    def running(self) -> bool:
        return self.ended_by is None

    def state(self, today: date) -> str:
        """running · paused · overdue · lapsed · met; the day itself is still in time."""
        if self.ended_by is not None:
            return "met"
        if self.at is None:
            return "paused"
        if (self.at.date() if isinstance(self.at, datetime) else self.at) >= today:
            return "running"
        return "lapsed" if self.untold or self.rule in PASSING else "overdue"


def in_force(rule: str, start: Occurred, case: "Case", law: Law) -> bool:
    """Whether the rule had a version in force when the period started, or – of a month or a year – at its end."""
    bounds = occurred_bounds(start) or occurred_bounds(case.latest)
    return bounds is not None and find(rule, bounds[1], case, law) is not None


def find(rule: str, day: date, case: "Case", law: Law) -> Rule | None:
    """The version of a rule for this case on a day, or None."""
    return _version(law.deadlines, rule, day, case.jurisdiction)


@lru_cache(maxsize=20_000)
def _version(rules: DeadlineRules, rule: str, day: date, jurisdiction: str) -> Rule | None:
    try:
        return rules.rule(rule, day, jurisdiction)
    except NoRuleInForce:
        return None


def expired(rule: str, start: Occurred, law: Law) -> bool:
    """Whether every version of the rule had run out by then: it no longer exists, and nothing is left unjudged."""
    day = occurred_day(start)
    ends = [version.valid_to for version in law.deadlines if version.id == rule]
    return day is not None and all(end is not None and end < day for end in ends)


def running_keys(case: "Case", rule: str) -> list[str]:
    """The clocks of a rule that have not ended: several where items or parties have their own."""
    clocks = case.clocks
    own = clocks.get(rule)
    if own is not None and rule not in PER_ITEM and rule not in PER_PARTY and rule != LIMIT:
        return [] if "endv" in own else [rule]
    wanted = (rule, "DL-LIMIT-LIFE") if rule == LIMIT else (rule,)
    return [key for key, clock in clocks.items() if clock["rule"] in wanted and "endv" not in clock]


def replace(case: "Case", key: str, clock: dict[str, Any]) -> None:
    """Start a clock; one of the same key that has ended stays, under a key that names the event that began it."""
    before = case.clocks.pop(key, None)
    if before is not None and "endv" in before:
        case.clocks[f"{key}@{before['by']}"] = before
    case.clocks[key] = clock


def of(case: "Case", law: Law) -> list[Deadline]:
    """Every deadline of the case, ended ones too, in the order in which they started."""
    return [deadline for key in case.clocks if (deadline := one(case, key, law)) is not None]


def running(case: "Case", law: Law) -> list[Deadline]:
    """Those that have not ended."""
    clocks = case.clocks
    return [d for key in clocks if "endv" not in clocks[key] and (d := one(case, key, law)) is not None]


def one(case: "Case", key: str, law: Law) -> Deadline | None:
    """One deadline; None where its start is not known to the day."""
    clock = case.clocks.get(key)
    if clock is None or (start := occurred_day(clock["start"])) is None:
        return None
    if clock["rule"] == OWN_DATE:
        return _own_date(key, clock)
    rule = find(clock["rule"], _law_day(clock, start), case, law)
    if rule is None:
        return None
    due = _due(case, clock, rule, start, law)
    return _deadline(key, clock, rule, due, case)


def due(case: "Case", key: str, law: Law) -> Due | None:
    """When a clock of the case is due; None where it is not running or cannot be counted."""
    clock = case.clocks.get(key)
    if clock is None or (start := occurred_day(clock["start"])) is None:
        return None
    rule = find(clock["rule"], _law_day(clock, start), case, law) if clock["rule"] != OWN_DATE else None
    if rule is None:
        day = occurred_day(clock.get("fixed"))
        return Due(day, day, day, day, day) if day else None
    return _due(case, clock, rule, start, law)


def _due(case: "Case", clock: dict[str, Any], rule: Rule, start: date, law: Law) -> Due:
    if fixed := clock.get("fixed"):
        day = date.fromisoformat(fixed)
        return Due(day, day, day, day, day)
    if rule.backward:
        return _backwards(rule, occurred_day(clock.get("towards")), law)
    begin = (instant(clock["start"]) or start) if rule.unit == "hours" else start
    if "after" in clock:
        begin = _end_of(case, clock["after"], law) or begin
    pauses = tuple(_pauses(case, clock, rule, start)) if case.intervals else ()
    return compute(rule, begin, law.calendar, pauses, tuple(_extensions(clock, rule)))


def _law_day(clock: dict[str, Any], start: date) -> date:
    """The day that chooses the version of the rule: the start, unless the rule looks to another day."""
    return occurred_day(clock.get("law")) or start


def _end_of(case: "Case", rule: str, law: Law) -> date | None:
    """The last day of the periods that a further one follows."""
    ends = [
        found.at for key, c in case.clocks.items() if c["rule"] == rule and (found := due(case, key, law))
    ]
    return max((end for end in ends if end is not None), default=None)


def _backwards(rule: Rule, act: date | None, law: Law) -> Due:
    """The last day on which full days still lie before the act."""
    if act is None:
        return Due(None, None, None, None, None)
    found = latest_service(rule, act, law.calendar)
    day = found.day
    return Due(day, day, day, day, day, found.provisional, found.provisional_reason)


def _pauses(case: "Case", clock: dict[str, Any], rule: Rule, start: date) -> Iterator[Pause]:
    for interval in case.intervals:
        kind = _kind(interval, clock, rule)
        begins = occurred_day(interval["from"])
        if kind is None or begins is None or _ended_by(clock, begins):
            continue
        ends = occurred_day(interval.get("to"))
        if ends is None and "to" in interval:
            continue
        if (latest := occurred_day(interval.get("latest"))) is not None:
            ends = min(ends or latest, latest)
        if ends is not None and ends <= start:
            continue
        yield Pause(max(begins, start), ends, kind, interval["version"], interval.get("endv"))


def _ended_by(clock: dict[str, Any], day: date) -> bool:
    """Whether the period was over when something began that would have stopped it."""
    ended = occurred_day(clock.get("end"))
    return ended is not None and ended <= day


def _kind(interval: dict[str, Any], clock: dict[str, Any], rule: Rule) -> str | None:
    """The kind under which an interval stops this rule, or None."""
    kind: str = interval["kind"]
    if kind == "measure-test":
        return "test" if rule.id == "DL-SEIZE" and interval["item"] == clock.get("item") else None
    if rule.id == "DL-SEIZE":
        return None
    if kind == "test" and "verification-testing" in rule.pauses:
        return "verification-testing"
    return kind if kind in rule.pauses else None


def _extensions(clock: dict[str, Any], rule: Rule) -> Iterator[Extension]:
    step = rule.extension_steps[0] if rule.extension_steps else None
    for given in clock.get("extensions", ()):
        decided = occurred_day(given["on"])
        if decided is None:
            continue
        if "until" in given:
            yield Extension(
                decided, until=date.fromisoformat(given["until"]), by=given["by"], position=given["version"]
            )
        elif "days" in given:
            yield Extension(decided, given["days"], rule.unit, by=given["by"], position=given["version"])
        elif step and step.length and step.unit:
            yield Extension(decided, step.length, step.unit, by=given["by"], position=given["version"])


def _deadline(key: str, clock: dict[str, Any], rule: Rule, due: Due, case: "Case") -> Deadline:
    intervals = tuple(i for i in case.intervals if _kind(i, clock, rule))
    return Deadline(
        key=key,
        rule=rule.id,
        name=rule.name,
        article=rule.article,
        status=rule.status,
        duty=rule.duty,
        started=clock["start"],
        started_by=clock["by"],
        at=due.at,
        strict=due.strict,
        rolled=due.rolled,
        provisional=due.provisional,
        provisional_reason=due.provisional_reason,
        paused_since=due.paused_since,
        remaining=due.remaining,
        pauses=intervals,
        extensions=tuple(clock.get("extensions", ())),
        invalid_extensions=tuple(e.reason for e in due.invalid_extensions),
        ended=clock.get("end"),
        ended_by=clock.get("endv"),
        untold=bool(clock.get("history")),
    )


def _own_date(key: str, clock: dict[str, Any]) -> Deadline | None:
    if (day := occurred_day(clock.get("fixed"))) is None:
        return None
    return Deadline(
        key,
        OWN_DATE,
        Text("the date that the order names", "责令期限"),
        "APL 28",
        "confirmed",
        "party",
        clock["start"],
        clock["by"],
        day,
        day,
        day,
        False,
        None,
        None,
        None,
        (),
        (),
        (),
        clock.get("end"),
        clock.get("endv"),
        bool(clock.get("history")),
    )

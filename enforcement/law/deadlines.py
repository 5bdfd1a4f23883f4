"""How a statutory period 期限 is counted: `compute` from start to last day, `latest_service` backwards.

Source: P 80, APL 85, AEL 69, 复议法 88. The start day is never counted. A last day off moves in one of two
readings, and both are answered: `strict` moves only over days off named in a State Council notice
法定节假日, `rolled` over every non-working day. The default `at` is `rolled` for a party, who is never late
before it, and `strict` for every office; what runs out by itself (duty `measure`) ends on the last day and
never moves.

Everything is an argument; nothing here reads a clock. Facts that came too late are reported, never raised: a
published history may hold anything. Counting without pauses is the hot path of the projections.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from typing import NamedTuple

from enforcement.law.calendar import ONE_DAY, Calendar, add_months
from enforcement.law.deadline_rules import DeadlineRules, NoRuleInForce, Rule, Unit
from enforcement.law.due import Bound, Due, Extension, InvalidExtension, Pause, china_date
from enforcement.values import CHINA, Text

__all__ = [
    "Bound",
    "DeadlineRules",
    "Due",
    "Extension",
    "InvalidExtension",
    "NoRuleInForce",
    "Pause",
    "Rule",
    "compute",
    "earliest_hearing",
    "latest_service",
]

ONE_HOUR = timedelta(hours=1)


class _Stop(NamedTuple):
    """Merged pauses: the clock stands still from the day after `start` to `end` (None: for now)."""

    start: date
    end: date | None


class _Run(NamedTuple):
    """Where a count has come to: its last day, or since when it stands still and how much is left."""

    last: date | None
    since: date | None = None
    left: int | None = None


def compute(
    rule: Rule,
    start: date | datetime,
    calendar: Calendar,
    pauses: Sequence[Pause] = (),
    extensions: Sequence[Extension] = (),
) -> Due:
    """The end of the period that `rule` gives to a fact of `start`.

    Of `pauses` only the kinds that the rule names stop it; overlapping ones count once. An extension is
    applied when it was decided no later than the then current `at`, and is added to that day. ValueError for
    a rule that is counted backwards and for a naive datetime.
    """
    if rule.backward:
        raise ValueError(f"{rule.id} is counted back from an act: use latest_service or earliest_hearing")
    if rule.unit == "hours":
        return _in_hours(rule, start, extensions)
    begin = china_date(start)
    if not pauses and not extensions:
        return _plain(rule, begin, calendar)
    last = _advance(rule.unit, calendar, begin, rule.length)
    return _with_events(rule, calendar, begin, last, pauses, extensions)


@lru_cache(maxsize=20_000)
def _plain(rule: Rule, start: date, calendar: Calendar) -> Due:
    """Cases begin on the same days again and again."""
    return _settle(rule, calendar, start, _advance(rule.unit, calendar, start, rule.length))


def latest_service(rule: Rule, hearing: date, calendar: Calendar) -> Bound:
    """The last day of service that leaves the full working days before the day `hearing` (H 20-22)."""
    _backward(rule)
    first = calendar.add_working_days(hearing, -rule.length)
    return Bound(first - ONE_DAY, *_unknown(calendar, first, hearing - ONE_DAY))


def earliest_hearing(rule: Rule, service: date, calendar: Calendar) -> Bound:
    """The first day, working or not, that leaves the full working days after the day `service` (H 20-22)."""
    _backward(rule)
    last = calendar.add_working_days(service, rule.length)
    return Bound(last + ONE_DAY, *_unknown(calendar, service + ONE_DAY, last))


def _backward(rule: Rule) -> None:
    if not rule.backward:
        raise ValueError(f"{rule.id} runs forward: use compute")


def _advance(unit: Unit, calendar: Calendar, day: date, n: int) -> date:
    if unit == "wd":
        return calendar.add_working_days(day, n)
    if unit == "cd":
        return day + timedelta(days=n)
    return add_months(day, n if unit == "months" else 12 * n)


def _left(unit: Unit, calendar: Calendar, day: date, last: date) -> int:
    """The days after `day` up to and including `last`, in the unit of a period that can pause."""
    return calendar.working_days_between(day, last + ONE_DAY) if unit == "wd" else (last - day).days


def _settle(rule: Rule, calendar: Calendar, start: date, last: date) -> Due:
    """Both readings of a last day, and whether a calendar that is not yet loaded could change them."""
    if rule.unit == "wd" and calendar.is_working_day(last):
        return Due(last, last, last, last, last, *_unknown(calendar, start + ONE_DAY, last))
    if rule.duty == "measure":
        return Due(last, last, last, last, last)
    strict = calendar.next_day_not_named_off(last)
    rolled = calendar.next_working_day_on_or_after(last)
    provisional = _unknown(calendar, last, rolled)
    if rule.duty == "party":
        return Due(rolled, strict, rolled, strict, last, *provisional)
    return Due(strict, strict, rolled, rolled, last, *provisional)


def _unknown(calendar: Calendar, start: date, end: date) -> tuple[bool, Text | None]:
    year = calendar.first_unknown_year_touched(start, end)
    return (False, None) if year is None else (True, _no_notice(year))


@cache
def _no_notice(year: int) -> Text:
    return Text(
        f"the State Council's holiday notice for {year} is not loaded; {year} is counted with plain weekends",
        f"{year}年放假通知尚未载入，暂按普通周末计算",
    )


def _with_events(
    rule: Rule,
    calendar: Calendar,
    start: date,
    last: date,
    pauses: Sequence[Pause],
    extensions: Sequence[Extension],
) -> Due:
    """The period with its pauses, prolonged by one extension after the other in the order of decision."""
    own = [pause for pause in pauses if pause.kind in rule.pauses]
    run = _run(rule.unit, calendar, start, last, _union(own))
    due = _due(rule, calendar, start, run)
    invalid = []
    for extension in sorted(extensions, key=lambda e: e.decided):
        problem = _problem(rule, extension, due)
        if problem is not None:
            invalid.append(InvalidExtension(extension, problem))
            continue
        before, run = due, _prolong(rule, calendar, due, run, own, extension)
        due = _due(rule, calendar, before.at or extension.decided, run)
        if before.provisional and due.at is not None and extension.until is None:
            # Days added to a date that may still move move with it.
            due = due._replace(provisional=True, provisional_reason=before.provisional_reason)
    return due._replace(invalid_extensions=tuple(invalid))


def _due(rule: Rule, calendar: Calendar, start: date, run: _Run) -> Due:
    if run.last is None:
        return Due(None, None, None, None, None, paused_since=run.since, remaining=run.left)
    return _settle(rule, calendar, start, run.last)


def _union(pauses: Iterable[Pause]) -> list[_Stop]:
    """Pauses as disjoint stops in order; an interval that ends before it starts excludes nothing."""
    stops: list[_Stop] = []
    for pause in sorted(pauses, key=lambda p: p.start):
        if pause.end is not None and pause.end <= pause.start:
            continue
        before = stops[-1] if stops else None
        if before is None or (before.end is not None and before.end < pause.start):
            stops.append(_Stop(pause.start, pause.end))
        elif before.end is not None:
            end = None if pause.end is None else max(before.end, pause.end)
            stops[-1] = _Stop(before.start, end)
    return stops


def _run(unit: Unit, calendar: Calendar, start: date, last: date, stops: Iterable[_Stop]) -> _Run:
    """Move `last` behind every stop that begins before it is reached."""
    for stop in stops:
        if stop.end is not None and stop.end <= start:
            continue
        since = max(stop.start, start)
        if since >= last:
            break
        left = _left(unit, calendar, since, last)
        if stop.end is None:
            return _Run(None, since, left)
        last = _advance(unit, calendar, stop.end, left)
    return _Run(last)


def _prolong(
    rule: Rule, calendar: Calendar, due: Due, run: _Run, pauses: Sequence[Pause], extension: Extension
) -> _Run:
    """Add the days to the current `at`, or to what is left while paused; or go to the date that was fixed.

    Who fixes a date knows the pauses that have begun: only those that begin from then on move it.
    """
    if extension.until is not None:
        later = _union(pause for pause in pauses if pause.start >= extension.decided)
        return _run(rule.unit, calendar, extension.decided, extension.until, later)
    days = extension.days or 0
    if due.at is None:
        return run._replace(left=(run.left or 0) + days)
    return _run(rule.unit, calendar, due.at, _advance(rule.unit, calendar, due.at, days), _union(pauses))


def _problem(rule: Rule, extension: Extension, due: Due) -> Text | None:
    """Why an extension does not hold, or None."""
    days, until = extension.days, extension.until
    if (days is None) == (until is None) or (days is not None and days <= 0):
        return Text(
            "it gives neither a number of days nor a date, or both", "未写明延长日数或者期限，或者两者并存"
        )
    if days is not None and extension.unit not in (None, rule.unit):
        return Text(
            f"it is given in {extension.unit}, the period runs in {rule.unit}", "延长单位与期限单位不一致"
        )
    if due.at is not None and extension.decided > due.at:
        return Text(
            f"decided on {extension.decided}, after the period had ended on {due.at}",
            f"{extension.decided} 作出时，期限已于 {due.at} 届满",
        )
    if until is not None and until <= (due.at or extension.decided):
        return Text(f"its date {until} prolongs nothing", f"所定日期 {until} 并未延长期限")
    return None


def _in_hours(rule: Rule, start: date | datetime, extensions: Sequence[Extension]) -> Due:
    """Hours run from the next full clock hour, through every holiday (derived from P 80).

    When only the day of the act is known, they run from its end, so that nobody is called late too early.
    """
    exact = isinstance(start, datetime)
    day = china_date(start)
    hour = start.astimezone(CHINA).hour if isinstance(start, datetime) else 23
    at = datetime(day.year, day.month, day.day, hour, tzinfo=CHINA) + ONE_HOUR * (1 + rule.length)
    reason = Text("a period in hours is not extended", "以小时计算的期限不得延长")
    return Due(
        at,
        at,
        at,
        at,
        at,
        provisional=not exact,
        provisional_reason=None if exact else _NO_HOUR,
        invalid_extensions=tuple(InvalidExtension(extension, reason) for extension in extensions),
    )


_NO_HOUR = Text(
    "the hour of the act is not recorded; counted from the end of its day", "未记录行为时刻，自当日终了起算"
)

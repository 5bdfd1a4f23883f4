"""Counting against a second implementation that walks day by day and shares no code with the first."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import chinese_calendar
from chinese_calendar import constants
from hypothesis import given, settings
from hypothesis import strategies as st

from enforcement.law.calendar import Calendar
from enforcement.law.deadlines import (
    DeadlineRules,
    Extension,
    Pause,
    Rule,
    compute,
    earliest_hearing,
    latest_service,
)

NATIONAL = Calendar.national()
RULES = DeadlineRules.load()
TEMPLATE = RULES.rule("DL-CASE", date(2024, 1, 1))
NOTICE = RULES.rule("DL-HEAR-NOTICE", date(2024, 1, 1))
DAY = timedelta(days=1)
STARTS = st.dates(date(2004, 1, 1), date(2027, 6, 30))


def works(day: date) -> bool:
    return chinese_calendar.is_workday(day) if 2004 <= day.year <= 2026 else day.weekday() < 5


@dataclass
class Walk:
    """A count of days: the day it has come to, or that it stands still and how much is left."""

    at: date | None
    last: date | None = None
    strict: date | None = None
    rolled: date | None = None
    since: date | None = None
    left: int | None = None


def excluded(day: date, pauses: list[Pause]) -> bool:
    return any(p.start < day and (p.end is None or day <= p.end) for p in pauses)


def walk(rule: Rule, day: date, n: int, pauses: list[Pause], unit: str) -> Walk:
    start, left = day, n
    open_starts = [p.start for p in pauses if p.end is None]
    while left:
        day += DAY
        if any(day > begun for begun in open_starts):
            since = day - DAY
            while since > start and excluded(since, pauses):
                since -= DAY
            return Walk(None, since=since, left=left)
        if not excluded(day, pauses) and (unit == "cd" or works(day)):
            left -= 1
    return settle(rule, day)


def settle(rule: Rule, last: date) -> Walk:
    strict = rolled = last
    if rule.duty != "measure":
        while strict in constants.holidays:
            strict += DAY
        while not works(rolled):
            rolled += DAY
    return Walk(rolled if rule.duty == "party" else strict, last, strict, rolled)


def walk_all(rule: Rule, start: date, pauses: list[Pause], extensions: list[Extension]) -> tuple[Walk, int]:
    """The whole period, and how many extensions were invalid."""
    now, invalid = walk(rule, start, rule.length, pauses, rule.unit), 0
    for extension in sorted(extensions, key=lambda e: e.decided):
        if now.at is not None and extension.decided > now.at:
            invalid += 1
        elif extension.until is not None:
            if extension.until <= (now.at or extension.decided):
                invalid += 1
                continue
            days = (extension.until - extension.decided).days
            later = [p for p in pauses if p.start >= extension.decided]
            now = walk(rule, extension.decided, days, later, "cd")
        elif now.at is None:
            now.left = (now.left or 0) + (extension.days or 0)
        else:
            now = walk(rule, now.at, extension.days or 0, pauses, rule.unit)
    return now, invalid


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    return replace(
        TEMPLATE,
        unit=draw(st.sampled_from(["wd", "cd"])),
        length=draw(st.integers(1, 90)),
        duty=draw(st.sampled_from(["bureau", "party", "court", "police", "measure", "other"])),
    )


@st.composite
def pauses_from(draw: st.DrawFn, start: date) -> list[Pause]:
    """Up to five intervals around the period; some overlap, touch, end before they begin, or are open."""
    found = []
    for _ in range(draw(st.integers(0, 5))):
        begun = start + draw(st.integers(-20, 120)) * DAY
        days = draw(st.integers(-3, 40) | st.none())
        kind = draw(st.sampled_from(sorted(TEMPLATE.pauses)))
        found.append(Pause(begun, None if days is None else begun + days * DAY, kind))
    return found


@st.composite
def extensions_from(draw: st.DrawFn, start: date, unit: str) -> list[Extension]:
    found = []
    for _ in range(draw(st.integers(0, 3))):
        decided = start + draw(st.integers(0, 150)) * DAY
        if unit == "cd" and draw(st.booleans()):
            found.append(Extension(decided, until=decided + draw(st.integers(1, 200)) * DAY))
        else:
            found.append(Extension(decided, draw(st.integers(1, 60))))
    return found


@given(rules(), STARTS)
def test_plain_counts_equal_the_walk(rule: Rule, start: date) -> None:
    expected = walk(rule, start, rule.length, [], rule.unit)
    found = compute(rule, start, NATIONAL)
    assert (found.at, found.last, found.strict) == (expected.at, expected.last, expected.strict)
    assert found.rolled == expected.rolled
    assert found.shown == (found.strict if rule.duty == "party" else found.rolled)


@settings(max_examples=400)
@given(st.data(), rules(), STARTS)
def test_pauses_and_extensions_equal_the_walk(data: st.DataObject, rule: Rule, start: date) -> None:
    pauses = data.draw(pauses_from(start))
    extensions = data.draw(extensions_from(start, rule.unit))
    expected, invalid = walk_all(rule, start, pauses, extensions)
    found = compute(rule, start, NATIONAL, pauses, extensions)
    assert (found.at, found.strict, found.rolled) == (expected.at, expected.strict, expected.rolled)
    assert (found.paused_since, found.remaining) == (expected.since, expected.left)
    assert len(found.invalid_extensions) == invalid


@given(st.data(), rules(), STARTS)
def test_the_order_of_pauses_does_not_matter(data: st.DataObject, rule: Rule, start: date) -> None:
    pauses = data.draw(pauses_from(start))
    shuffled = data.draw(st.permutations(pauses))
    assert compute(rule, start, NATIONAL, pauses) == compute(rule, start, NATIONAL, shuffled)


@given(rules(), st.dates(date(2026, 8, 1), date(2027, 6, 30)), st.sets(st.integers(0, 364), max_size=30))
def test_a_final_date_survives_every_calendar(rule: Rule, start: date, off: set[int]) -> None:
    """What is not marked provisional may not move when the missing notices come, whatever they say."""
    days = [date(2027, 1, 1) + n * DAY for n in off]
    loaded = NATIONAL.with_year(2027, days, [], "x")
    found = compute(rule, start, NATIONAL)
    if not found.provisional:
        assert compute(rule, start, loaded) == found
    elif start.year == 2026:  # 90 days and 30 more days off end long before 2028
        assert not compute(rule, start, loaded).provisional


@given(STARTS)
def test_service_and_hearing_bound_each_other(day: date) -> None:
    def between(a: date, b: date) -> int:
        return sum(works(a + n * DAY) for n in range(1, (b - a).days))

    service = latest_service(NOTICE, day, NATIONAL).day
    assert between(service, day) >= 7 > between(service + DAY, day)
    hearing = earliest_hearing(NOTICE, day, NATIONAL).day
    assert between(day, hearing) >= 7 > between(day, hearing - DAY)

"""The working-day calendar against its source, a naive count, and dates worked out by hand."""

from datetime import date, timedelta

import chinese_calendar
import pytest
from chinese_calendar import constants
from hypothesis import given
from hypothesis import strategies as st

from enforcement.law.calendar import Calendar, add_months

NATIONAL = Calendar.national()
DAY = timedelta(days=1)
DAYS = st.dates(date(2002, 1, 1), date(2040, 12, 31))
NEW_YEAR_2027 = [date(2027, 1, 1), date(2027, 1, 2), date(2027, 1, 3)]


def works(day: date) -> bool:
    """The oracle: the package's own answer where it has one, plain weekends elsewhere."""
    return chinese_calendar.is_workday(day) if 2004 <= day.year <= 2026 else day.weekday() < 5


def naive_add(day: date, n: int) -> date:
    step = DAY if n > 0 else -DAY
    while n:
        day += step
        if works(day):
            n += -1 if n > 0 else 1
    return day


def test_every_day_agrees_with_the_package() -> None:
    day, last = date(2004, 1, 1), date(2026, 12, 31)
    seen = 0
    while day <= last:
        assert NATIONAL.is_working_day(day) == chinese_calendar.is_workday(day), day
        assert NATIONAL.is_working_day(day) != chinese_calendar.is_holiday(day), day
        assert NATIONAL.is_named_day_off(day) == (day in constants.holidays), day
        day, seen = day + DAY, seen + 1
    assert seen == 8401  # 23 years, leap days in 2004, 08, 12, 16, 20, 24: 23 * 365 + 6


@given(DAYS, st.integers(-60, 60))
def test_adding_working_days_equals_walking(day: date, n: int) -> None:
    assert NATIONAL.add_working_days(day, n) == naive_add(day, n)


@given(DAYS, st.integers(-10, 90))
def test_days_between_equal_a_count_of_them(a: date, days: int) -> None:
    b = a + timedelta(days=days)
    inside = [a + timedelta(days=n) for n in range(1, days)]
    assert NATIONAL.working_days_between(a, b) == sum(works(day) for day in inside)


@given(DAYS)
def test_next_working_day_is_the_first_one(day: date) -> None:
    found = NATIONAL.next_working_day_on_or_after(day)
    assert works(found)
    assert not any(works(day + timedelta(days=n)) for n in range((found - day).days))


@given(st.dates(date(1950, 1, 1), date(2100, 12, 31)), st.integers(-20, 20))
def test_far_years_count_plain_weekends(day: date, n: int) -> None:
    assert NATIONAL.add_working_days(day, n) == naive_add(day, n)
    b = day + timedelta(days=abs(n))
    inside = [day + timedelta(days=k) for k in range(1, abs(n))]
    assert NATIONAL.working_days_between(day, b) == sum(works(d) for d in inside)


@pytest.mark.parametrize(
    ("start", "n", "end"),
    [
        # Spring Festival 2024: off 10-17 Feb, worked Sun 4 and Sun 18 Feb.
        # Thu 1 Feb: Fri 2, Sun 4, Mon 5, Tue 6, Wed 7.
        (date(2024, 2, 1), 5, date(2024, 2, 7)),
        # Mon 5 Feb: 6, 7, 8, Fri 9, (10-17 off), Sun 18.
        (date(2024, 2, 5), 5, date(2024, 2, 18)),
        # Spring Festival 2025: off 28 Jan-4 Feb, worked Sun 26 Jan and Sat 8 Feb.
        # Thu 23 Jan: Fri 24, Sun 26, Mon 27, (off), Wed 5, Thu 6 Feb.
        (date(2025, 1, 23), 5, date(2025, 2, 6)),
        # Wed 5 Feb: 6, 7, Sat 8, Mon 10, Tue 11.
        (date(2025, 2, 5), 5, date(2025, 2, 11)),
        # Spring Festival 2026: off 15-23 Feb, worked Sat 14 and Sat 28 Feb.
        # Wed 11 Feb: 12, 13, Sat 14, (off), Tue 24, Wed 25.
        (date(2026, 2, 11), 5, date(2026, 2, 25)),
        # Tue 24 Feb: 25, 26, 27, Sat 28, Mon 2 Mar.
        (date(2026, 2, 24), 5, date(2026, 3, 2)),
        # National Day 2024: off 1-7 Oct, worked Sun 29 Sep and Sat 12 Oct.
        # Fri 20 Sep: 23-27 (5), Sun 29, Mon 30 (7), 8-11 Oct (11), Sat 12 (12), 14, 15, 16.
        (date(2024, 9, 20), 15, date(2024, 10, 16)),
        # National Day 2025: off 1-8 Oct, worked Sun 28 Sep and Sat 11 Oct.
        # Wed 24 Sep: 25, 26, Sun 28, 29, 30 (5), 9, 10, Sat 11 (8), 13, 14 Oct.
        (date(2025, 9, 24), 10, date(2025, 10, 14)),
        # 2026: Mid-autumn off 25-27 Sep, National Day off 1-7 Oct, worked Sun 20 Sep and Sat 10 Oct.
        # Fri 18 Sep: Sun 20, 21-24 (5), 28, 29, 30 (8), 8, 9, Sat 10 (11), 12, 13, 14, 15 Oct.
        (date(2026, 9, 18), 15, date(2026, 10, 15)),
    ],
)
def test_holidays_and_make_up_days_by_hand(start: date, n: int, end: date) -> None:
    assert NATIONAL.add_working_days(start, n) == end
    assert NATIONAL.working_days_between(start, end + DAY) == n


def test_ordinary_weekend_days_are_not_named() -> None:
    assert not NATIONAL.is_named_day_off(date(2024, 3, 16))  # an ordinary Saturday
    assert NATIONAL.is_named_day_off(date(2024, 10, 5))  # the Saturday inside National Day


def test_named_days_off_end_on_the_day_after() -> None:
    assert NATIONAL.next_day_not_named_off(date(2024, 10, 1)) == date(2024, 10, 8)
    # New Year 2016 was named for Friday 1 January only: the Saturday after it is an ordinary one.
    assert NATIONAL.next_day_not_named_off(date(2016, 1, 1)) == date(2016, 1, 2)
    assert NATIONAL.next_day_not_named_off(date(2024, 10, 12)) == date(2024, 10, 12)


def test_adding_nothing_leaves_the_day() -> None:
    assert NATIONAL.add_working_days(date(2024, 10, 5), 0) == date(2024, 10, 5)


def test_first_unknown_year_is_named() -> None:
    assert NATIONAL.knows(2004)
    assert NATIONAL.knows(2026)
    assert not NATIONAL.knows(2027)
    assert NATIONAL.first_unknown_year_touched(date(2004, 1, 1), date(2026, 12, 31)) is None
    assert NATIONAL.first_unknown_year_touched(date(2026, 12, 31), date(2028, 1, 1)) == 2027
    assert NATIONAL.first_unknown_year_touched(date(2003, 12, 31), date(2004, 1, 2)) == 2003


def test_a_new_notice_makes_a_new_calendar() -> None:
    later = NATIONAL.with_year(2027, NEW_YEAR_2027, [], "notice of 2026")
    assert later.knows(2027)
    assert not NATIONAL.knows(2027)
    assert NATIONAL.is_working_day(date(2027, 1, 1))
    assert not later.is_working_day(date(2027, 1, 1))
    assert later.add_working_days(date(2026, 12, 31), 1) == date(2027, 1, 4)
    assert NATIONAL.add_working_days(date(2026, 12, 31), 1) == date(2027, 1, 1)


def test_a_second_notice_replaces_the_year() -> None:
    first = NATIONAL.with_year(2027, NEW_YEAR_2027, [], "first")
    second = first.with_year(2027, [date(2027, 1, 1)], [date(2027, 1, 2)], "second")
    assert second.is_working_day(date(2027, 1, 2))
    assert not second.is_named_day_off(date(2027, 1, 3))
    assert second.notices[2027].name == "second"


def test_a_notice_may_reach_back_into_december() -> None:
    """As that of 2019, which named 30 and 31 December 2018 and worked Saturday the 29th."""
    later = NATIONAL.with_year(2027, [date(2026, 12, 31), *NEW_YEAR_2027], [date(2026, 12, 27)], "x")
    assert later.is_working_day(date(2026, 12, 27))  # a Sunday
    assert later.is_named_day_off(date(2026, 12, 31))
    assert later.is_named_day_off(date(2026, 10, 1))


def test_the_later_notice_rules_a_shared_december() -> None:
    saturday, sunday = date(2027, 12, 25), date(2027, 12, 26)
    of_2027 = (2027, [sunday], [saturday], "of 2027")
    of_2028 = (2028, [saturday], [sunday], "of 2028, reaching back")
    for first, second in ((of_2027, of_2028), (of_2028, of_2027)):
        calendar = NATIONAL.with_year(*first).with_year(*second)
        assert calendar.is_named_day_off(saturday)
        assert not calendar.is_working_day(saturday)
        assert calendar.is_working_day(sunday)
        assert not calendar.is_named_day_off(sunday)


@pytest.mark.parametrize(
    ("off", "on", "said"),
    [
        ([date(2028, 1, 1)], [], "2028-01-01 cannot stand"),
        ([date(2026, 11, 30)], [], "2026-11-30 cannot stand"),
        ([date(2027, 1, 2)], [date(2027, 1, 2)], "both as a day off and"),
        ([], [date(2027, 1, 4)], "no Saturday or Sunday"),
    ],
)
def test_a_notice_with_impossible_days_is_refused(off: list[date], on: list[date], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        NATIONAL.with_year(2027, off, on, "x")


@pytest.mark.parametrize(
    ("day", "months", "end"),
    [
        (date(2025, 1, 31), 1, date(2025, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 11, 30), 3, date(2025, 2, 28)),
        (date(2024, 12, 15), 1, date(2025, 1, 15)),
        (date(2025, 2, 28), 1, date(2025, 3, 28)),
    ],
)
def test_months_end_on_the_corresponding_day(day: date, months: int, end: date) -> None:
    assert add_months(day, months) == end

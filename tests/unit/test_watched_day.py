"""A day that notices what it is asked."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.queries.watched import PLAIN, Watched

TODAY = date(2026, 3, 20)
DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))
COMPARISONS: list[Callable[[date, date], bool]] = [
    lambda day, other: day < other,
    lambda day, other: day <= other,
    lambda day, other: day > other,
    lambda day, other: day >= other,
    lambda day, other: other < day,
    lambda day, other: other <= day,
    lambda day, other: other > day,
    lambda day, other: other >= day,
    lambda day, other: day == other,
    lambda day, other: day != other,
    lambda day, other: day in {other},
    lambda day, other: max(day, other) is day,
    lambda day, other: min(other, day) is day,
]
USES: list[Callable[[date], object]] = [
    lambda day: day.year,
    lambda day: day.isoformat(),
    lambda day: day.weekday(),
    lambda day: day + timedelta(days=1),
    lambda day: day - timedelta(days=1),
    lambda day: day - date(2026, 1, 1),
    lambda day: date(2027, 1, 1) - day,
    lambda day: str(day),
    lambda day: f"{day:%Y}",
    lambda day: hash(day),
    lambda day: day.replace(day=1),
    lambda day: day.timetuple(),
]


@given(DAYS, st.lists(st.tuples(st.sampled_from(COMPARISONS), DAYS), max_size=6), DAYS)
def test_answers_are_the_same_on_every_day_of_the_range(
    day: date, asked: list[tuple[Callable[[date, date], bool], date]], other: date
) -> None:
    watched = Watched.of(day)
    answers = [compare(watched, against) for compare, against in asked]
    assert answers == [compare(day, against) for compare, against in asked]
    assert watched.low <= day <= watched.high
    if watched.low <= other <= watched.high:
        assert answers == [compare(other, against) for compare, against in asked]


@pytest.mark.parametrize("use", USES)
def test_any_other_use_pins_the_answer_to_its_day(use: Callable[[date], object]) -> None:
    watched = Watched.of(TODAY)
    assert use(watched) == use(TODAY)
    assert (watched.low, watched.high) == (TODAY, TODAY)


def test_nothing_that_a_date_can_be_asked_is_left_out() -> None:
    of_the_class = {"min", "max", "resolution", "today", "strptime"}
    asked = {name for name in dir(date) if not name.startswith(("_", "from"))} - of_the_class
    assert asked == set(PLAIN)


def test_day_that_was_asked_nothing_holds_for_ever() -> None:
    watched = Watched.of(TODAY)
    assert (watched.low, watched.high) == (date.min, date.max)


def test_day_is_not_compared_with_a_moment() -> None:
    with pytest.raises(TypeError):
        assert Watched.of(TODAY) < datetime(2026, 3, 20)  # type: ignore[operator]  # noqa: DTZ001


def test_ends_of_the_calendar_are_days_like_others() -> None:
    for day in (date.min, date.max):
        watched = Watched.of(day)
        assert (watched <= date.max, watched >= date.min) == (True, True)
        assert watched.low <= day <= watched.high

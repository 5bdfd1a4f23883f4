"""Surcharge: 3 % a day, never above the fine, still during remedies; worked by the day."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforcement.errors import NotFound
from enforcement.law.surcharge import surcharge

DUE = date(2026, 1, 31)
FINE = Decimal("1000")


def after(days: int) -> date:
    return DUE + timedelta(days=days)


@pytest.mark.parametrize(
    ("days", "amount"),
    [(0, "0"), (1, "30"), (2, "60"), (33, "990"), (34, "1000"), (35, "1000"), (400, "1000")],
)
def test_three_percent_a_day_until_the_fine_is_reached(days: int, amount: str) -> None:
    found = surcharge(FINE, DUE, after(days))
    assert found.amount == found.shown == Decimal(amount)
    assert found.days == days


def test_cap_is_reached_on_day_thirty_four() -> None:
    assert surcharge(FINE, DUE, after(33)).capped_on is None
    assert surcharge(FINE, DUE, after(34)).capped_on == after(34) == date(2026, 3, 6)
    assert surcharge(FINE, DUE, after(99)).capped_on == after(34)


def test_days_before_the_end_of_the_term_cost_nothing() -> None:
    assert surcharge(FINE, DUE, DUE - timedelta(days=9)).amount == 0


def test_cents_are_rounded_to_the_nearest() -> None:
    assert surcharge(Decimal("0.50"), DUE, after(1)).amount == Decimal("0.02")
    assert surcharge(Decimal("1234.56"), DUE, after(1)).amount == Decimal("37.04")


def test_remedy_interval_stops_the_clock_both_days_included() -> None:
    paused = [(after(3), after(10))]
    assert surcharge(FINE, DUE, after(2), paused=paused).days == 2
    assert surcharge(FINE, DUE, after(10), paused=paused).days == 2
    assert surcharge(FINE, DUE, after(11), paused=paused).days == 3


def test_overlapping_and_open_intervals_count_once() -> None:
    paused = [(after(3), after(10)), (after(8), after(12)), (after(20), None)]
    assert surcharge(FINE, DUE, after(300), paused=paused).days == 2 + 7


def test_part_payment_leaves_the_whole_fine_as_base() -> None:
    found = surcharge(FINE, DUE, after(10), paid=[(after(5), Decimal("400"))])
    assert found.amount == Decimal("300")
    assert found.shown == Decimal("30") * 5 + Decimal("18") * 5


def test_full_payment_ends_the_count_with_its_day() -> None:
    paid = [(after(8), Decimal("600")), (after(5), Decimal("400"))]
    found = surcharge(FINE, DUE, after(30), paid=paid)
    assert found.days == 8
    assert found.amount == Decimal("240")
    assert found.shown == 5 * Decimal("30") + 3 * Decimal("18")


def test_waiver_is_taken_off_but_never_below_zero() -> None:
    assert surcharge(FINE, DUE, after(10), waived=Decimal("100")).amount == Decimal("200")
    assert surcharge(FINE, DUE, after(10), waived=Decimal("500")).amount == 0
    assert "AEL 42" in surcharge(FINE, DUE, after(10), waived=Decimal("1")).explanation.en


def test_no_surcharge_when_the_decision_told_no_rate() -> None:
    found = surcharge(FINE, DUE, after(10), rate_told=False)
    assert [found.amount, found.days] == [0, 0]
    assert "did not tell the rate" in found.explanation.en


def test_no_rate_before_the_law_in_force() -> None:
    with pytest.raises(NotFound):
        surcharge(FINE, date(2021, 7, 1), date(2021, 7, 14))


@given(
    fine=st.decimals("0.01", "1000000", places=2),
    days=st.integers(0, 120),
    paused=st.lists(st.tuples(st.integers(0, 100), st.integers(0, 30)), max_size=4),
    paid=st.lists(st.tuples(st.integers(0, 100), st.decimals("0.01", "100000", places=2)), max_size=4),
)
def test_surcharge_never_exceeds_the_fine(
    fine: Decimal, days: int, paused: list[tuple[int, int]], paid: list[tuple[int, Decimal]]
) -> None:
    intervals = [(after(start), after(start + length)) for start, length in paused]
    payments = [(after(day), amount) for day, amount in paid]
    found = surcharge(fine, DUE, after(days), paused=intervals, paid=payments)
    assert 0 <= found.shown <= found.amount <= fine
    assert found.amount == found.amount.quantize(Decimal("0.01"))
    assert found.amount <= surcharge(fine, DUE, after(days)).amount

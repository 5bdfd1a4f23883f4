"""Illegal gains under Order 118: what is taken off, what is confiscated, and since when."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforcement.errors import NotFound
from enforcement.law.gains import Cost, check_not_computed, gains_matter, illegal_gains
from enforcement.law.violations import Catalogue

ON = date(2026, 6, 1)
CATALOGUE = Catalogue.load()


def test_documented_purchase_price_is_taken_off() -> None:
    found = illegal_gains(Decimal("1000.50"), ON, costs=[Cost("purchase", Decimal("600.25"))])
    assert (found.gains, found.deducted, found.confiscable) == (
        Decimal("400.25"),
        Decimal("600.25"),
        Decimal("400.25"),
    )


@pytest.mark.parametrize(
    "cost",
    [
        Cost("purchase", Decimal(600), documented=False),
        Cost("material", Decimal(600), lawful=False),
        Cost("purchase", Decimal(600), mixed=True),
        Cost("other", Decimal(600)),
    ],
)
def test_cost_without_proof_or_application_is_not_taken_off(cost: Cost) -> None:
    assert illegal_gains(Decimal(1000), ON, costs=[cost]).gains == 1000


def test_other_cost_counts_on_application_and_proof() -> None:
    assert (
        illegal_gains(Decimal(1000), ON, costs=[Cost("other", Decimal(600), applied_for=True)]).gains == 400
    )


def test_taxes_paid_and_material_count_together() -> None:
    costs = [Cost("tax", Decimal("12.34")), Cost("material", Decimal("87.66"))]
    assert illegal_gains(Decimal(1000), ON, costs=costs).gains == 900


def test_refunded_money_is_gains_but_not_confiscated() -> None:
    found = illegal_gains(Decimal(1000), ON, refunded=Decimal(300))
    assert [found.gains, found.refunded, found.confiscable] == [1000, 300, 700]


def test_aiding_another_counts_all_income() -> None:
    found = illegal_gains(Decimal(1000), ON, costs=[Cost("purchase", Decimal(600))], aiding=True)
    assert found.gains == 1000
    assert "aiding" in found.explanation.en


def test_without_penalty_nothing_is_confiscated() -> None:
    found = illegal_gains(Decimal(1000), ON, not_punished=True)
    assert [found.gains, found.confiscable] == [1000, 0]
    assert found.article == "Order 118 art 15"


def test_costs_above_the_receipts_leave_no_gains() -> None:
    found = illegal_gains(Decimal(100), ON, costs=[Cost("purchase", Decimal(600))])
    assert [found.gains, found.deducted] == [0, 100]


def test_rule_begins_on_its_day_and_nothing_stands_before() -> None:
    assert illegal_gains(Decimal(1), date(2026, 3, 20)).gains == 1
    with pytest.raises(NotFound):
        illegal_gains(Decimal(1), date(2026, 3, 19))


def test_unknown_kind_of_cost_is_not_found() -> None:
    with pytest.raises(NotFound):
        illegal_gains(Decimal(1), ON, costs=[Cost("wages", Decimal(1))])


def test_uncomputed_gains_need_the_principal_head() -> None:
    assert check_not_computed(True, ON) == []
    (breach,) = check_not_computed(False, ON)
    assert (breach.rule, breach.article) == ("gains-approval", "Order 118 art 14")


@pytest.mark.parametrize(
    ("code", "cite", "matter"),
    [
        ("M-C03", None, True),
        ("M-G07", None, True),
        ("M-V01", None, False),
        ("M-M06", "细则 43", False),
        ("M-M06", "细则 48", True),
    ],
)
def test_gains_matter_only_under_articles_that_use_them(code: str, cite: str | None, matter: bool) -> None:
    assert gains_matter(CATALOGUE.get(code, ON), cite) is matter


@given(
    receipts=st.decimals("0", "1000000", places=2),
    cost=st.decimals("0", "1000000", places=2),
    refunded=st.decimals("0", "1000000", places=2),
)
def test_confiscated_part_stays_between_zero_and_the_gains(
    receipts: Decimal, cost: Decimal, refunded: Decimal
) -> None:
    found = illegal_gains(receipts, ON, costs=[Cost("material", cost)], refunded=refunded)
    assert 0 <= found.confiscable <= found.gains <= receipts

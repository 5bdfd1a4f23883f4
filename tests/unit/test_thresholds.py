"""Hearing, summary procedure and cash: each limit at, below and above its figure."""

from datetime import date
from decimal import Decimal

import pytest

from enforcement.errors import InvalidData, NotFound
from enforcement.law.thresholds import check_cash, check_summary, hearing

ON = date(2026, 6, 1)


def cny(text: str) -> Decimal:
    return Decimal(text)


@pytest.mark.parametrize(
    ("kind", "fine", "right"),
    [
        ("person", "9999.99", False),
        ("person", "10000", True),
        ("sole_trader", "9999.99", False),
        ("sole_trader", "10000", True),
        ("unknown", "10000", True),
        ("organisation", "99999.99", False),
        ("organisation", "100000", True),
        ("institution", "99999.99", False),
        ("institution", "100000", True),
    ],
)
def test_fine_that_reaches_the_limit_gives_a_hearing(kind: str, fine: str, right: bool) -> None:
    found = hearing(kind, ON, fine=cny(fine))
    assert found.right is right
    assert found.grounds == (("H5_3",) if right else ())


@pytest.mark.parametrize(
    ("gains", "goods", "right"),
    [("99999.99", "0", False), ("50000", "50000", True), ("100000", "0", True), ("0", "100000", True)],
)
def test_confiscated_gains_and_goods_count_together(gains: str, goods: str, right: bool) -> None:
    found = hearing("organisation", ON, gains=cny(gains), goods_value=cny(goods))
    assert found.grounds == (("H5_4",) if right else ())


def test_fine_does_not_count_with_the_confiscation() -> None:
    assert not hearing("organisation", ON, fine=cny("99999.99"), gains=cny("99999.99")).right


def test_small_fine_with_huge_gains_gives_a_hearing() -> None:
    assert hearing("organisation", ON, fine=cny("1300"), gains=cny("20679001.10")).grounds == ("H5_4",)


@pytest.mark.parametrize(
    ("kind", "ground"),
    [
        ("stop_business", "H5_1"),
        ("close", "H5_1"),
        ("restrict_occupation", "H5_1"),
        ("grade_lowered", "H5_2"),
        ("licence_revoked", "H5_2"),
    ],
)
def test_heavy_kinds_of_penalty_give_a_hearing(kind: str, ground: str) -> None:
    assert hearing("organisation", ON, kinds=[kind]).grounds == (ground,)


def test_warning_and_order_give_no_hearing() -> None:
    found = hearing("person", ON, kinds=["warning", "order_correct"])
    assert not found.right
    assert "no ground" in found.explanation.en


def test_bureau_may_name_another_ground() -> None:
    assert hearing("organisation", ON, other_ground="H5_5").grounds == ("H5_5",)
    with pytest.raises(NotFound):
        hearing("organisation", ON, other_ground="H5_9")


def test_unsettled_parameters_are_marked() -> None:
    assert hearing("organisation", ON).status == "confirmed"
    assert hearing("sole_trader", ON).status == "unconfirmed"
    assert hearing("organisation", ON, jurisdiction="zhejiang").status == "unconfirmed"


def test_no_threshold_before_the_rule() -> None:
    with pytest.raises(NotFound):
        hearing("person", date(2021, 7, 14))


@pytest.mark.parametrize(
    ("kind", "fine", "rules"),
    [
        ("person", "200", []),
        ("person", "200.01", ["summary-limit"]),
        ("sole_trader", "200.01", ["summary-limit"]),
        ("organisation", "3000", []),
        ("organisation", "3000.01", ["summary-limit"]),
    ],
)
def test_summary_procedure_ends_at_its_limit(kind: str, fine: str, rules: list[str]) -> None:
    assert [b.rule for b in check_summary(kind, ["fine"], cny(fine), ON)] == rules


def test_summary_procedure_knows_only_fine_and_warning() -> None:
    assert check_summary("person", ["warning", "order_correct", "stop"], None, ON) == []
    (breach,) = check_summary("person", ["confiscate_gains"], None, ON)
    assert breach.rule == "summary-kind"
    assert "没收违法所得" in breach.message.zh
    with pytest.raises(InvalidData):
        check_summary("person", ["prison"], None, ON)


@pytest.mark.parametrize(
    ("kind", "fine", "reason", "allowed"),
    [
        ("person", "100", "small", True),
        ("person", "100.01", "small", False),
        ("person", "100.01", "hard_to_collect", True),
        ("person", "200.01", "hard_to_collect", False),
        ("organisation", "3000", "hard_to_collect", True),
        ("organisation", "3000.01", "hard_to_collect", False),
        ("organisation", "30000", "remote_request", True),
        ("organisation", "30000", "none", True),
    ],
)
def test_cash_on_the_spot_is_the_exception(kind: str, fine: str, reason: str, allowed: bool) -> None:
    assert (check_cash(kind, cny(fine), reason, ON) == []) is allowed


def test_unknown_reason_for_cash_is_not_found() -> None:
    with pytest.raises(NotFound):
        check_cash("person", cny("150"), "convenience", ON)

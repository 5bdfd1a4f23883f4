"""Rewards: the worked examples, every figure at its edge, several reporters."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforcement.errors import InvalidData, NotFound
from enforcement.reports.reward import Claim, Ending, Reporter, qualify, reward, shares

ON = date(2026, 6, 1)
FIRST_DAY, ZHEJIANG = date(2021, 12, 1), date(2023, 4, 1)


def cny(text: str) -> Decimal:
    return Decimal(text)


def fined(amount: str, **more: Any) -> Ending:
    return Ending(fine=cny(amount), **more)


@pytest.mark.parametrize(
    ("penalty", "grade", "amount", "finance"),
    [
        ("2000000", "1", "100000.00", False),
        ("120000", "3", "1200.00", False),
        ("30000000", "1", "1000000", True),
        ("9999999.99", "1", "500000.00", True),
        ("9999999.79", "1", "499999.99", False),
        ("100000", "1", "5000.00", False),
        ("99999.99", "1", "5000.00", False),
        ("99999", "1", "5000", False),
        ("100000.33", "2", "3000.01", False),
        ("50000", "2", "3000", False),
        ("0", "1", "5000", False),
        ("0", "2", "3000", False),
        ("0", "3", "1000", False),
        ("20000000", "1", "1000000.00", True),
        ("20000000.20", "1", "1000000", True),
    ],
)
def test_standard_follows_rate_floor_and_cap(penalty: str, grade: str, amount: str, finance: bool) -> None:
    found = reward(grade, cny(penalty), ON, "zhejiang")
    assert found.amount == cny(amount)
    assert found.finance is finance


def test_every_step_is_a_line_with_its_article() -> None:
    found = reward("1", cny("30000000"), ON, "zhejiang")
    assert [(line.key, line.amount) for line in found.lines] == [
        ("grade", None),
        ("rate", cny("1500000.00")),
        ("cap", cny("1000000")),
        ("finance", cny("1000000")),
    ]
    assert found.lines[1].text.en == "5 % of 30,000,000.00 CNY = 1,500,000.00 CNY"
    assert found.lines[1].text.zh == "30,000,000.00元 × 5% = 1,500,000.00元"
    assert found.lines[2].status == "unconfirmed"
    assert all(line.article and line.text.zh for line in found.lines)


@given(
    base=st.decimals(0, 10**9, places=2),
    grade=st.sampled_from(["1", "2", "3"]),
    factor=st.decimals(1, 2, places=2),
)
def test_amount_is_what_the_formula_of_the_rule_says(base: Decimal, grade: str, factor: Decimal) -> None:
    cents = {"1": (5, 500_000), "2": (3, 300_000), "3": (1, 100_000)}
    percent, floor = cents[grade]
    rated = max((2 * percent * int(base * 100) + 100) // 200, floor)
    raised = (2 * rated * int(factor * 100) + 100) // 200
    found = reward(grade, base, ON, "zhejiang", factor)
    assert int(found.amount * 100) == min(raised, 100_000_000)
    assert found.finance is (min(raised, 100_000_000) >= 50_000_000 or factor != 1)


def test_insider_is_raised_to_twice_the_standard_at_most() -> None:
    twice = reward("1", cny("2000000"), ON, "zhejiang", cny("2"))
    assert (twice.amount, twice.finance) == (cny("200000"), True)
    assert reward("1", cny("15000000"), ON, "zhejiang", cny("2")).amount == cny("1000000")
    for factor in ("2.01", "0.99"):
        with pytest.raises(InvalidData):
            reward("1", cny("2000000"), ON, "zhejiang", cny(factor))


def test_only_zhejiang_from_its_first_day_raises_insiders() -> None:
    assert reward("1", cny("2000000"), ZHEJIANG, "zhejiang", cny("2")).amount == cny("200000")
    for day, place in ((date(2023, 3, 31), "zhejiang"), (ON, "national"), (ON, "liaoning")):
        with pytest.raises(InvalidData):
            reward("1", cny("2000000"), day, place, cny("2"))


def test_no_rule_of_another_time_or_grade_steps_in() -> None:
    assert reward("3", cny("0"), FIRST_DAY, "zhejiang").amount == 1000
    with pytest.raises(NotFound):
        reward("3", cny("0"), date(2021, 11, 30), "zhejiang")
    with pytest.raises(NotFound):
        reward("1", cny("0"), date(2017, 8, 8), "national")
    with pytest.raises(NotFound):
        reward("4", cny("0"), ON, "zhejiang")
    with pytest.raises(InvalidData):
        reward("1", cny("-0.01"), ON, "zhejiang")


@pytest.mark.parametrize(
    ("amount", "kind", "place", "on", "qualifies"),
    [
        ("80000", "organisation", "zhejiang", ON, False),
        ("99999.99", "organisation", "zhejiang", ON, False),
        ("100000", "organisation", "zhejiang", ON, True),
        ("99999.99", "person", "zhejiang", ON, False),
        ("100000", "person", "zhejiang", ON, True),
        ("9999.99", "person", "liaoning", ON, False),
        ("10000", "person", "liaoning", ON, True),
        ("10000", "organisation", "liaoning", ON, False),
        ("100000", "organisation", "liaoning", ON, True),
        ("100000", "organisation", "zhejiang", date(2023, 3, 31), None),
        ("500000", "organisation", "national", ON, None),
        ("0", "organisation", "national", ON, False),
    ],
)
def test_large_amount_is_what_the_place_has_fixed(
    amount: str, kind: str, place: str, on: date, qualifies: bool | None
) -> None:
    found = qualify(fined(amount, party_kind=kind), Reporter(), ["safety"], on, place)
    assert found.qualifies is qualifies


def test_fine_gains_and_goods_count_together() -> None:
    ending = Ending(fine=cny("1300"), gains=cny("98000"), goods=cny("700"))
    assert qualify(ending, Reporter(), ["safety"], ON, "zhejiang").qualifies is True


@pytest.mark.parametrize(
    "more",
    [
        {"kinds": frozenset({"stop_business"})},
        {"kinds": frozenset({"close"})},
        {"kinds": frozenset({"licence_revoked"})},
        {"crime": True},
    ],
)
def test_closure_or_crime_qualifies_below_the_amount(more: dict[str, Any]) -> None:
    assert qualify(fined("80000", **more), Reporter(), ["safety"], ON, "zhejiang").qualifies is True
    assert qualify(fined("80000", **more), Reporter(), [], ON, "zhejiang").qualifies is False


@pytest.mark.parametrize(
    ("reporter", "failed"),
    [
        (Reporter(natural_person=False), "natural_person"),
        (Reporter(target_and_evidence=False), "target_and_evidence"),
        (Reporter(unknown_before=False), "unknown_before"),
        (Reporter(excluded=frozenset({"staff"})), "not-staff"),
        (Reporter(excluded=frozenset({"staff"}), insider=True), "not-staff"),
        (Reporter(excluded=frozenset({"injured"})), "not-injured"),
        (Reporter(excluded=frozenset({"offender"})), "not-offender"),
        (Reporter(excluded=frozenset({"paid"})), "not-paid"),
    ],
)
def test_each_condition_alone_refuses_the_reward(reporter: Reporter, failed: str) -> None:
    found = qualify(fined("100000"), reporter, ["safety"], ON, "zhejiang")
    assert found.qualifies is False
    assert [line.key for line in found.lines if line.holds is False] == [failed]


def test_offender_from_inside_is_not_excluded() -> None:
    insider = Reporter(excluded=frozenset({"offender"}), insider=True)
    assert qualify(fined("100000"), insider, ["safety"], ON, "zhejiang").qualifies is True


def test_case_without_penalty_earns_nothing() -> None:
    found = qualify(Ending(punished=False), Reporter(), ["safety"], ON, "zhejiang")
    assert {line.key for line in found.lines if line.holds is False} == {"punished", "large_amount"}


def test_unknown_words_are_refused_by_name() -> None:
    with pytest.raises(InvalidData):
        qualify(fined("1"), Reporter(), ["scales"], ON, "zhejiang")
    with pytest.raises(InvalidData):
        qualify(fined("1"), Reporter(excluded=frozenset({"cousin"})), [], ON, "zhejiang")
    with pytest.raises(NotFound):
        qualify(fined("1"), Reporter(), [], date(2021, 11, 30), "zhejiang")


def test_first_of_the_same_clue_takes_the_reward() -> None:
    found = shares([Claim("a", "scale", cny("3000")), Claim("b", "scale", cny("5000"))], ON)
    assert [(s.claim, s.amount) for s in found] == [("a", cny("3000")), ("b", cny("0"))]
    assert [line.key for line in found[1].lines] == ["first"]


def test_joint_signers_share_evenly_to_the_cent() -> None:
    found = shares([Claim("a", "scale", cny("1000"), ("x", "y", "z"))], ON)
    assert [s.amount for s in found] == [cny("333.34"), cny("333.33"), cny("333.33")]
    assert {line.key for s in found for line in s.lines} == {"joint"}


def test_different_clues_stay_below_the_highest_standard() -> None:
    found = shares([Claim("a", "scale", cny("5000")), Claim("b", "label", cny("1000"))], ON)
    assert [s.amount for s in found] == [cny("4166.67"), cny("833.33")]
    assert sum(s.amount for s in found) == 5000


@given(st.lists(st.decimals("0", "1000000", places=2), min_size=1, max_size=6))
def test_shares_never_pass_the_highest_standard(standards: list[Decimal]) -> None:
    found = shares([Claim(str(n), str(n), amount) for n, amount in enumerate(standards)], ON)
    assert sum(s.amount for s in found) == max(standards)
    assert all(s.amount <= amount for s, amount in zip(found, standards, strict=True) if len(standards) > 1)


def test_a_claim_that_stands_twice_is_refused() -> None:
    with pytest.raises(InvalidData):
        shares([Claim("a", "scale", cny("1")), Claim("a", "label", cny("1"))], ON)

"""Rungs of discretion: which amounts they hold, and what a file must explain."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforcement.errors import NotFound
from enforcement.law.bands import Band
from enforcement.law.discretion import RUNGS, check_discretion, explain, ladder, rung_of, span, spans
from enforcement.values import Text

ON = date(2026, 6, 1)


def band(low: str, high: str) -> Band:
    return Band(Decimal(low), Decimal(high), "细则 43", Text("figures", "数额"), False)


def rules(
    low: str, high: str, fine: str | None, rung: str | None, reasons: str | None = "why", **more: Any
) -> list[str]:
    amount = None if fine is None else Decimal(fine)
    return [
        b.rule for b in check_discretion(band(low, high), amount, rung, reasons, more.pop("on", ON), **more)
    ]


def test_national_ladder_has_five_rungs_zhejiang_four() -> None:
    assert ladder(ON).rungs == RUNGS
    assert ladder(ON, "zhejiang").rungs == ("none", "reduced", "lighter", "heavier")
    assert ladder(ON, "zhejiang").status == "unconfirmed"
    with pytest.raises(NotFound):
        ladder(date(2022, 10, 7))


@pytest.mark.parametrize(
    ("low", "high", "rung", "first", "last"),
    [
        ("0", "1000", "lighter", "0.01", "300"),
        ("0", "1000", "ordinary", "300", "700"),
        ("0", "1000", "heavier", "700", "1000"),
        ("5000", "50000", "reduced", "0.01", "4999.99"),
        ("5000", "50000", "lighter", "5000", "18500"),
        ("5000", "50000", "ordinary", "18500", "36500"),
        ("5000", "50000", "heavier", "36500", "50000"),
        ("5000", "5000", "lighter", "5000", "5000"),
        ("5000", "5000", "heavier", "5000", "5000"),
    ],
)
def test_rungs_hold_thirty_percent_at_each_end(low: str, high: str, rung: str, first: str, last: str) -> None:
    found = span(band(low, high), rung)
    assert found is not None
    assert (found.min, found.max) == (Decimal(first), Decimal(last))


def test_no_penalty_and_reduced_without_minimum_allow_no_fine() -> None:
    assert span(band("5000", "50000"), "none") is None
    assert span(band("0", "1000"), "reduced") is None


@pytest.mark.parametrize(
    ("fine", "rung"),
    [
        ("0", "none"),
        ("4999.99", "reduced"),
        ("5000", "lighter"),
        ("18500", "lighter"),
        ("18500.01", "ordinary"),
        ("36499.99", "ordinary"),
        ("36500.01", "heavier"),
        ("50000", "heavier"),
        ("50000.01", None),
    ],
)
def test_amount_names_the_mildest_rung_it_fits(fine: str, rung: str | None) -> None:
    assert rung_of(band("5000", "50000"), Decimal(fine)) == rung


@pytest.mark.parametrize(
    ("fine", "rung", "found"),
    [
        ("300", "lighter", []),
        ("300.01", "lighter", ["rung-does-not-fit"]),
        ("300", "ordinary", []),
        ("299.99", "ordinary", ["rung-does-not-fit"]),
        ("700", "heavier", []),
        ("699.99", "heavier", ["rung-does-not-fit"]),
        ("1", "none", ["rung-does-not-fit"]),
        (None, "lighter", []),
        ("1000.01", "heavier", ["rung-does-not-fit"]),
    ],
)
def test_stated_rung_must_fit_the_amount(fine: str | None, rung: str, found: list[str]) -> None:
    assert rules("0", "1000", fine, rung) == found


@pytest.mark.parametrize(
    ("rung", "reasons"), [(None, "why"), ("lighter", None), ("lighter", " "), (None, None)]
)
def test_unexplained_discretion_is_a_breach(rung: str | None, reasons: str | None) -> None:
    (breach,) = check_discretion(band("0", "1000"), Decimal(100), rung, reasons, ON)
    assert breach.rule == "discretion-unexplained"
    assert breach.hard
    assert breach.article.endswith("20")


def test_rung_of_another_ladder_is_a_breach() -> None:
    assert rules("0", "1000", "500", "ordinary", jurisdiction="zhejiang") == ["rung-unknown"]
    assert rules("0", "1000", "500", "medium") == ["rung-unknown"]


def test_reduced_needs_a_ground_and_a_minimum() -> None:
    assert rules("5000", "50000", "4000", "reduced") == ["reduced-without-ground"]
    assert rules("5000", "50000", "4000", "reduced", grounds=["APL32_1"]) == []
    assert rules("0", "1000", "10", "reduced", grounds=["APL32_1"]) == ["rung-does-not-fit"]


@pytest.mark.parametrize("ground", ["APL30_14_18", "APL32_1", "APL32_2", "APL32_3", "APL32_4"])
def test_binding_ground_forbids_an_ordinary_or_heavier_penalty(ground: str) -> None:
    assert rules("0", "1000", "500", "ordinary", grounds=[ground]) == ["lighter-required"]
    assert rules("0", "1000", "800", "heavier", grounds=[ground]) == ["lighter-required"]
    assert rules("0", "1000", "100", "lighter", grounds=[ground]) == []


def test_before_the_opinion_there_is_nothing_to_judge_by() -> None:
    assert rules("0", "1000", "500", None, None, on=date(2022, 10, 7)) == []
    assert rules("0", "1000", "500", None, None, on=date(2022, 10, 8)) == ["discretion-unexplained"]


def test_explanation_names_rung_limits_and_article() -> None:
    text = explain(band("5000", "50000"), Decimal(20000))
    assert "general (18,500.00–36,500.00 CNY)" in text.en
    assert "一般" in text.zh
    assert "above the band" in explain(band("5000", "50000"), Decimal(50001)).en
    assert "no penalty" in explain(band("5000", "50000"), Decimal(0)).en


@given(
    low=st.decimals("0", "100000", places=2),
    width=st.decimals("0.05", "1000000", places=2),
    share=st.decimals("0", "1", places=4),
)
def test_every_amount_of_a_band_has_a_rung_inside_it(low: Decimal, width: Decimal, share: Decimal) -> None:
    whole = band(str(low), str(low + width))
    fine = (low + width * share).quantize(Decimal("0.01"))
    rung = rung_of(whole, fine)
    assert rung in (("none", "lighter") if fine == 0 else ("lighter", "ordinary", "heavier"))
    for found in spans(whole):
        if found.rung != "reduced":
            assert whole.min <= found.min <= found.max <= whole.max

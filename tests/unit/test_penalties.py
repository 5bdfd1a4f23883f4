"""Fine bands to the cent, and what the statute has against a proposal."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforcement.errors import InvalidData, Refused
from enforcement.law.penalties import check_proposal, fine_band
from enforcement.law.violations import Catalogue, Violation

ON = date(2026, 6, 1)
CATALOGUE = Catalogue.load()


def cny(text: str) -> Decimal:
    return Decimal(text)


def row(code: str) -> Violation:
    return CATALOGUE.get(code, ON)


def rules(code: str, cite: str | None = None, **proposal: Any) -> list[str]:
    return [breach.rule for breach in check_proposal(row(code), cite, **proposal) if breach.hard]


BANDS: list[tuple[str, dict[str, Any], str, str]] = [
    ("M-U02", {}, "0", "1000"),
    ("M-U03", {"flags": ["not_done"]}, "0", "1000"),
    ("M-U04", {"gains": cny("20679001.10")}, "2067900.11", "10339500.55"),
    ("M-U06", {"gains": cny("100000")}, "10000", "50000"),
    ("M-S01", {}, "0", "1000"),
    ("M-S04", {}, "0", "500"),
    ("M-S04", {"flags": ["failed"]}, "0", "1000"),
    ("M-S05", {}, "1000", "5000"),
    ("M-V01", {}, "0", "1000"),
    ("M-V01", {"cite": "细则 43"}, "0", "1000"),
    ("M-V01", {"cite": "处细 11(2)"}, "0", "500"),
    ("M-V01", {"cite": "法 25"}, "0", "1000"),
    ("M-V02", {"cite": "处细 11(2)"}, "0", "1000"),
    ("M-V03", {}, "0", "1000"),
    ("M-V03", {"cite": "处细 11(3)"}, "0", "200"),
    ("M-V03", {"cite": "处细 11(3)", "flags": ["failed"]}, "0", "500"),
    ("M-C01", {"flags": ["loss"]}, "0", "2000"),
    ("M-C02", {"flags": ["loss"]}, "0", "2000"),
    ("M-C03", {}, "0", "2000"),
    ("M-C04", {}, "5000", "50000"),
    ("M-C04", {"units": 7}, "35000", "350000"),
    ("M-C05", {"units": 2}, "6000", "20000"),
    ("M-C06", {"flags": ["not_done"], "goods_value": cny("13024")}, "13024", "39072"),
    ("M-P01", {}, "0", "3000"),
    ("M-P02", {}, "0", "30000"),
    ("M-P03", {}, "0", "50000"),
    ("M-P04", {"flags": ["not_done"]}, "0", "30000"),
    ("M-P05", {"flags": ["serious"]}, "0", "3000"),
    ("M-P05", {"flags": ["serious"], "party_kind": "sole_trader"}, "0", "500"),
    ("M-P06", {"party_kind": "sole_trader"}, "0", "500"),
    ("M-P07", {}, "0", "2000"),
    ("M-P08", {"goods_value": cny("1000.01")}, "0", "300.00"),
    ("M-P09", {"flags": ["not_done"]}, "0", "30000"),
    ("M-F01", {}, "0", "2000"),
    ("M-F02", {}, "0", "100000"),
    ("M-F03", {}, "0", "100000"),
    ("M-F04", {}, "10000", "50000"),
    ("M-B01", {}, "0", "100000"),
    ("M-B02", {}, "0", "100000"),
    ("M-B04", {}, "30000", "100000"),
    ("M-B05", {}, "30000", "100000"),
    ("M-B06", {}, "10000", "50000"),
    ("M-B07", {"flags": ["not_done"]}, "5000", "5000"),
    ("M-B08", {}, "0", "1000"),
    ("M-B09", {"flags": ["serious"]}, "0", "30000"),
    ("M-N02", {}, "0", "30000"),
    ("M-N03", {}, "0", "30000"),
    ("M-N04", {}, "0", "30000"),
    ("M-N05", {}, "0", "50000"),
    ("M-N06", {}, "0", "100000"),
    ("M-Q01", {}, "0", "30000"),
    ("M-Q02", {}, "0", "30000"),
    ("M-Q03", {}, "0", "20000"),
    ("M-Q04", {}, "0", "20000"),
    ("M-Q05", {"flags": ["refuses"]}, "2000", "20000"),
    ("M-M00", {"gains": cny("100")}, "100", "500"),
    ("M-M00", {"gains": cny("0")}, "0", "300000"),
    ("M-M00", {}, "0", "300000"),
    ("M-M00", {"cite": "集 13(1)"}, "0", "300000"),
    ("M-M01", {"flags": ["refuses"]}, "0", "10000"),
    ("M-M01", {"flags": ["serious"]}, "0", "10000"),
    ("M-M02", {}, "0", "50000"),
    ("M-M02", {"flags": ["serious"]}, "0", "100000"),
    ("M-M04", {"flags": ["refuses"]}, "0", "10000"),
    ("M-M05", {"flags": ["serious"]}, "0", "10000"),
    ("M-M06", {"cite": "细则 43"}, "0", "1000"),
    ("M-M06", {"cite": "细则 48"}, "0", "2000"),
    ("M-M07", {"flags": ["not_done"]}, "2000", "20000"),
    ("M-M08", {}, "0", "1000"),
    ("M-M09", {}, "0", "30000"),
    ("M-M09", {"cite": "商量 6"}, "0", "20000"),
    ("M-G01", {}, "0", "2000"),
    ("M-G02", {}, "0", "5000"),
    ("M-G02", {"flags": ["loss"]}, "5000", "30000"),
    ("M-G03", {}, "0", "5000"),
    ("M-G03", {"flags": ["loss"]}, "5000", "30000"),
    ("M-G04", {}, "0", "1000"),
    ("M-G05", {"flags": ["loss"]}, "0", "2000"),
    ("M-G06", {"flags": ["not_done"]}, "1000", "10000"),
    ("M-G07", {"flags": ["loss"], "gains": cny("333.33")}, "0", "999.99"),
    ("M-G07", {"flags": ["loss"], "gains": cny("10000.01")}, "0", "30000"),
    ("M-G08", {}, "0", "30000"),
    ("M-E01", {}, "0", "1000"),
    ("M-E02", {}, "1000", "10000"),
    ("M-E03", {"flags": ["loss"]}, "0", "2000"),
    ("M-E04", {}, "1000", "10000"),
    ("M-E04", {"flags": ["contact_lens"]}, "0", "2000"),
    ("M-E05", {"flags": ["loss"]}, "0", "2000"),
    ("M-E06", {}, "0", "30000"),
    ("M-R01", {"flags": ["not_done"]}, "10000", "50000"),
    ("M-R02", {"flags": ["not_done"]}, "10000", "30000"),
    ("M-R03", {}, "10000", "30000"),
    ("M-W01", {"flags": ["not_done"]}, "10000", "30000"),
    ("M-K02", {"goods_value": cny("13024")}, "6512", "39072"),
]
every_band = pytest.mark.parametrize(("code", "facts", "low", "high"), BANDS)


def test_every_fined_row_has_its_band_worked() -> None:
    fined = {r.code for r in CATALOGUE.rows if any(c.kind == "fine" for c in r.consequences)}
    assert {code for code, *_ in BANDS} == fined


@every_band
def test_band_is_what_the_article_says(code: str, facts: dict[str, Any], low: str, high: str) -> None:
    band = fine_band(row(code), **facts)
    assert (band.min, band.max) == (cny(low), cny(high))
    assert band.article == (facts.get("cite") or row(code).article)
    assert band.article in band.explanation.en
    assert band.article in band.explanation.zh


@every_band
def test_fine_at_the_edge_passes_and_one_fen_beyond_fails(
    code: str, facts: dict[str, Any], low: str, high: str
) -> None:
    given_facts = {"correction": "not_done", "decided_by_province": True, **facts}
    outside = ["fine-outside-band"]
    assert rules(code, fine=cny(high), **given_facts) == []
    assert rules(code, fine=cny(high) + cny("0.01"), **given_facts) == outside
    if cny(low) > 0:
        assert rules(code, fine=cny(low), **given_facts) == []
        assert rules(code, fine=cny(low) - cny("0.01"), **given_facts) == outside


def test_breach_shows_fine_and_band() -> None:
    (breach,) = check_proposal(row("M-V01"), "处细 11(2)", fine=cny("500.01"))
    assert breach.article == "处细 11(2)"
    assert "500.01" in breach.message.en
    assert "0.00–500.00" in breach.message.en
    assert "500.01" in breach.message.zh


@pytest.mark.parametrize(
    ("code", "mandatory"), [("M-V01", False), ("M-N03", True), ("M-C03", True), ("M-G07", True)]
)
def test_mandatory_and_optional_fines_differ(code: str, mandatory: bool) -> None:
    band = fine_band(row(code), gains=cny("1"), flags=["loss"])
    assert band.mandatory is mandatory


def test_cheating_instrument_shows_the_other_reading() -> None:
    band = fine_band(row("M-C03"))
    assert (band.mandatory, band.shown, band.status) == (True, "may", "unconfirmed")


def test_zhejiang_band_warns_of_its_article_number() -> None:
    band = fine_band(row("M-C04"))
    assert (band.status, band.print_article) == ("unverified", False)
    assert "check before printing" in band.explanation.en


@pytest.mark.parametrize(
    ("code", "facts", "rule"),
    [
        ("M-U01", {}, "no-fine-in-row"),
        ("M-M06", {}, "no-fine-in-row"),
        ("M-G06", {}, "two-step"),
        ("M-M01", {}, "two-step"),
        ("M-P05", {}, "serious-missing"),
        ("M-B09", {}, "serious-missing"),
        ("M-C01", {}, "loss-missing"),
        ("M-G07", {"gains": cny("1")}, "loss-missing"),
        ("M-P06", {}, "party-kind"),
        ("M-U04", {}, "amount-unknown"),
        ("M-U04", {"gains": cny("0")}, "amount-unknown"),
        ("M-C04", {"units": None}, "amount-unknown"),
        ("M-K02", {}, "amount-unknown"),
    ],
)
def test_no_band_without_what_it_rests_on(code: str, facts: dict[str, Any], rule: str) -> None:
    with pytest.raises(Refused) as refused:
        fine_band(row(code), **facts)
    assert [breach.rule for breach in refused.value.breaches] == [rule]
    assert rules(code, fine=cny("1"), **facts) == [rule]


def test_article_not_in_the_row_is_refused_with_the_right_ones() -> None:
    with pytest.raises(Refused, match="细则 43 or 处细 11"):
        fine_band(row("M-V01"), "细则 44")
    assert rules("M-V01", "细则 44", fine=cny("1")) == ["cite-not-in-row"]


def test_spaces_in_a_cited_article_do_not_matter() -> None:
    assert fine_band(row("M-V01"), "处细11 (2)").article == "处细 11(2)"


@pytest.mark.parametrize("wrong", [{"flags": ["angry"]}, {"party_kind": "robot"}])
def test_unknown_words_are_invalid_data(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidData):
        fine_band(row("M-V01"), **wrong)


def test_unknown_kind_of_consequence_is_invalid_data() -> None:
    with pytest.raises(InvalidData):
        check_proposal(row("M-V01"), kinds=["prison"])


@pytest.mark.parametrize(
    ("correction", "found"),
    [(None, ["two-step"]), ("ordered", ["two-step"]), ("done", ["two-step"]), ("not_done", [])],
)
def test_two_step_fine_needs_an_order_checked_and_not_obeyed(
    correction: str | None, found: list[str]
) -> None:
    assert rules("M-G06", fine=cny("2000"), flags=["not_done"], correction=correction) == found


def test_serious_alone_needs_no_earlier_order() -> None:
    assert rules("M-M01", fine=cny("2000"), flags=["serious"]) == []
    assert rules("M-M01", fine=cny("2000"), flags=["serious", "refuses"]) == []
    assert rules("M-M01", fine=cny("2000"), flags=["refuses"]) == ["two-step"]


def test_two_step_holds_for_criticism_too() -> None:
    assert rules("M-B10", kinds=["criticism"]) == ["two-step"]
    assert rules("M-B10", kinds=["criticism"], flags=["not_done"]) == ["two-step"]
    assert rules("M-B10", kinds=["criticism"], flags=["not_done"], correction="not_done") == []


def test_kind_that_the_article_does_not_know_is_refused() -> None:
    assert rules("M-V01", kinds=["stop", "confiscate_instrument"]) == ["kind-not-in-row"]
    assert rules("M-V01", kinds=["stop", "order_correct"]) == []


def test_kind_reserved_for_serious_cases_needs_the_flag() -> None:
    assert rules("M-P07", kinds=["licence_revoked"]) == ["serious-missing"]
    assert rules("M-P07", kinds=["licence_revoked"], flags=["serious"]) == []


def test_fine_of_zero_is_another_decision() -> None:
    assert rules("M-V01", fine=cny("0")) == ["fine-zero"]


def test_only_a_reduced_penalty_may_lie_below_the_band() -> None:
    assert rules("M-E02", fine=cny("999.99")) == ["fine-outside-band"]
    assert rules("M-E02", fine=cny("999.99"), rung="reduced") == []
    assert rules("M-E02", fine=cny("10000.01"), rung="reduced") == ["fine-outside-band"]


@pytest.mark.parametrize(
    ("fine", "found"),
    [("9999.99", []), ("10000.00", ["province-decides"]), ("10000.01", ["province-decides"])],
)
def test_large_fine_under_the_implementing_rules_goes_to_the_province(fine: str, found: list[str]) -> None:
    gains = cny("99999.90")
    assert rules("M-U04", fine=cny(fine), gains=gains) == found
    assert rules("M-U04", fine=cny(fine), gains=gains, decided_by_province=True) == []


@pytest.mark.parametrize(
    ("code", "facts"), [("M-N03", {}), ("M-C04", {}), ("M-U06", {"gains": cny("100000")}), ("M-M02", {})]
)
def test_fines_of_rules_and_of_zhejiang_never_need_the_province(code: str, facts: dict[str, Any]) -> None:
    assert rules(code, fine=cny("30000"), **facts) == []


def test_only_instruments_in_old_units_can_reach_the_province() -> None:
    reach = set()
    for r in CATALOGUE.all(ON, "zhejiang"):
        for consequence in r.consequences:
            figures = [a.article for a in r.cites if consequence.under(a.band_of or a.article)]
            high = consequence.max or cny("0")
            fixed = consequence.basis == "fixed" and high < 10000
            if consequence.kind == "fine" and not fixed and any(a.startswith("细则 ") for a in figures):
                reach.add(r.code)
    assert reach == {"M-U04"}


def test_missing_mandatory_penalties_are_soft_breaches() -> None:
    found = check_proposal(row("M-C03"), fine=cny("1000"), gains=cny("50"))
    assert [(b.rule, b.hard) for b in found] == [("mandatory-missing", False)] * 2
    full = ["confiscate_instrument", "confiscate_gains"]
    assert check_proposal(row("M-C03"), fine=cny("1000"), gains=cny("50"), kinds=full) == []
    assert [b.rule for b in check_proposal(row("M-C03"), kinds=full)] == ["mandatory-missing"]


def test_no_gains_means_none_to_confiscate() -> None:
    assert check_proposal(row("M-C03"), fine=cny("1000"), kinds=["confiscate_instrument"]) == []


@given(
    units=st.integers(min_value=1, max_value=10_000),
    gains=st.decimals("0.01", "99999999", places=2),
    value=st.decimals("0.01", "99999999", places=2),
    which=st.sampled_from(BANDS),
)
def test_a_band_is_never_upside_down(
    units: int, gains: Decimal, value: Decimal, which: tuple[str, dict[str, Any], str, str]
) -> None:
    code, facts, *_ = which
    band = fine_band(row(code), **{**facts, "units": units, "gains": gains, "goods_value": value})
    assert 0 <= band.min <= band.max
    assert band.min in band
    assert band.max in band

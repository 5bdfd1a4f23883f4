"""The violation catalogue: every row is there, typed, dated, and marked as sure as its source was."""

import re
from datetime import date

import pytest

from enforcement.errors import NotFound
from enforcement.law.norms import JURISDICTIONS, RANKS, STATUSES, kinds, norms, short_of
from enforcement.law.tables import load
from enforcement.law.violations import FLAGS, Catalogue, Violation

ON = date(2026, 6, 1)
CATALOGUE = Catalogue.load()
LISTED = """
    M-U01 M-U02 M-U03 M-U04 M-U05 M-U06
    M-S01 M-S02 M-S03 M-S04 M-S05
    M-V01 M-V02 M-V03
    M-C01 M-C02 M-C03 M-C04 M-C05 M-C06
    M-P01 M-P02 M-P03 M-P04 M-P05 M-P06 M-P07 M-P08 M-P09
    M-F01 M-F02 M-F03 M-F04
    M-B01 M-B02 M-B03 M-B04 M-B05 M-B06 M-B07 M-B08 M-B09 M-B10 M-B11
    M-N01 M-N02 M-N03 M-N04 M-N05 M-N06 M-N07
    M-Q01 M-Q02 M-Q03 M-Q04 M-Q05
    M-M00 M-M01 M-M02 M-M03 M-M04 M-M05 M-M06 M-M07 M-M08 M-M09
    M-G01 M-G02 M-G03 M-G04 M-G05 M-G06 M-G07 M-G08
    M-E01 M-E02 M-E03 M-E04 M-E05 M-E06
    M-R01 M-R02 M-R03
    M-W01
    M-K01 M-K02
"""
CODES = LISTED.split()
ZHEJIANG_2013 = [
    *("M-S05", "M-C04", "M-C05", "M-C06", "M-F04"),
    *("M-B04", "M-B05", "M-B06", "M-B07", "M-Q05", "M-W01"),
]
NO_FINE = [
    *("M-U01", "M-U05", "M-S02", "M-S03", "M-B03", "M-B10", "M-B11"),
    *("M-N01", "M-N07", "M-M03", "M-K01"),
]

every_row = pytest.mark.parametrize("row", CATALOGUE.rows, ids=lambda row: row.code)


def test_catalogue_holds_every_code_once() -> None:
    assert [row.code for row in CATALOGUE.rows] == CODES


@every_row
def test_every_row_says_what_and_by_which_article(row: Violation) -> None:
    assert row.act.en
    assert re.search(r"[一-鿿]", row.act.zh)
    assert row.cites
    assert all(re.fullmatch(r"\S+ \d+(\(\d+\))?", cite.article) for cite in row.cites)
    assert all(short_of(duty) in norms() for duty in row.duties)
    assert row.consequences


@every_row
def test_every_row_is_marked_and_dated(row: Violation) -> None:
    assert row.status in STATUSES
    assert row.status == "confirmed" or row.reason
    assert row.jurisdiction in JURISDICTIONS
    assert row.valid_to is None or row.valid_from <= row.valid_to
    assert row.on(row.valid_from).cites, "on its first day some article must be in force"


@every_row
def test_every_consequence_is_known_and_ordered(row: Violation) -> None:
    for consequence in row.consequences:
        assert consequence.kind in kinds()
        assert consequence.status in STATUSES
        assert consequence.status == "confirmed" or consequence.reason
        assert consequence.when <= FLAGS | {"no_gains"}
        assert consequence.cites <= {cite.article for cite in row.cites}
        if consequence.kind == "fine":
            assert consequence.max is not None
            assert consequence.min <= consequence.max


def test_rows_without_a_fine_are_the_known_ones() -> None:
    found = [row.code for row in CATALOGUE.rows if not any(c.kind == "fine" for c in row.consequences)]
    assert found == NO_FINE


@every_row
def test_figure_of_another_article_exists_in_the_row(row: Violation) -> None:
    articles = {cite.article for cite in row.cites}
    assert all(cite.band_of in articles for cite in row.cites if cite.band_of)


@pytest.mark.parametrize("code", ZHEJIANG_2013)
def test_rows_of_the_2013_zhejiang_text_are_unverified(code: str) -> None:
    row = CATALOGUE.get(code, ON)
    assert (row.jurisdiction, row.status) == ("zhejiang", "unverified")
    assert not row.cite().print_article


def test_only_the_zhejiang_regulation_hides_its_numbers() -> None:
    assert [norm.short for norm in norms().values() if not norm.print_article] == ["浙"]
    unverified = [row.code for row in CATALOGUE.rows if row.status == "unverified"]
    assert sorted(unverified) == sorted(ZHEJIANG_2013)


def test_norms_have_a_known_rank_and_status() -> None:
    assert {norm.rank for norm in norms().values()} == set(RANKS)
    assert all(norm.status in STATUSES and norm.valid_from_status in STATUSES for norm in norms().values())


@pytest.mark.parametrize(
    "table", ["thresholds", "discretion", "money", "grounds", "remedies", "publicity", "outcomes"]
)
def test_every_row_of_the_small_tables_is_marked(table: str) -> None:
    sections = [rows if isinstance(rows, list) else [rows] for rows in load(table).values()]
    for row in (row for rows in sections for row in rows):
        assert row["article"]
        assert row["status"] in STATUSES
        assert row["status"] in ("confirmed", "derived", "reading") or row["reason"]
        assert row["jurisdiction"] in JURISDICTIONS
        assert isinstance(row["valid_from"], date)


def test_row_is_not_found_the_day_before_its_text() -> None:
    assert CATALOGUE.get("M-M00", date(2025, 3, 1)).article == "消保条例 50(1)"
    with pytest.raises(NotFound):
        CATALOGUE.get("M-M00", date(2025, 2, 28))


@pytest.mark.parametrize(
    ("code", "first"),
    [
        ("M-M01", date(2025, 3, 1)),
        ("M-B01", date(2025, 1, 1)),
        ("M-U03", date(2024, 6, 1)),
        ("M-N03", date(2023, 6, 1)),
        ("M-P02", date(2023, 6, 1)),
        ("M-B09", date(2023, 6, 1)),
    ],
)
def test_rows_of_new_orders_start_with_them(code: str, first: date) -> None:
    assert CATALOGUE.get(code, first).valid_from == first


def test_unknown_code_is_not_found() -> None:
    with pytest.raises(NotFound):
        CATALOGUE.get("M-X99", ON)


def test_article_of_a_younger_text_is_not_offered_earlier() -> None:
    early = CATALOGUE.get("M-V01", date(2022, 6, 1))
    assert [cite.article for cite in early.cites] == ["细则 43", "法 25"]
    assert [cite.article for cite in CATALOGUE.get("M-V01", ON).cites] == ["细则 43", "处细 11(2)", "法 25"]


def test_national_listing_leaves_zhejiang_out() -> None:
    national = {row.code for row in CATALOGUE.all(ON, "national")}
    assert {row.code for row in CATALOGUE.all(ON, "zhejiang")} - national == {*ZHEJIANG_2013, "M-M07"}
    assert not CATALOGUE.get("M-C04", ON).applies_in("national")


def test_listing_of_an_early_day_is_shorter() -> None:
    assert CATALOGUE.all(date(2013, 12, 31), "zhejiang") == ()
    assert len(CATALOGUE.all(date(2024, 12, 31), "zhejiang")) < len(CODES)


def test_row_punished_through_another_takes_its_consequences() -> None:
    row = CATALOGUE.get("M-M08", ON)
    assert [(c.kind, c.max) for c in row.under(row.cite())] == [
        (c.kind, c.max) for c in CATALOGUE.get("M-V01", ON).under(CATALOGUE.get("M-V01", ON).cite())
    ]
    assert row.under(row.cite("集 14")) == ()


@pytest.mark.parametrize(
    ("code", "two_step"),
    [("M-G06", True), ("M-M01", True), ("M-M02", False), ("M-N03", False), ("M-B10", True)],
)
def test_two_step_rows_are_marked(code: str, two_step: bool) -> None:
    assert CATALOGUE.get(code, ON).requires_order is two_step


def test_civil_row_carries_no_fine() -> None:
    (civil,) = CATALOGUE.get("M-K01", ON).consequences
    assert (civil.kind, str(civil.min), str(civil.floor)) == ("civil", "3", "500")

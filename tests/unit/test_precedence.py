"""Which norm goes first, and one fine for one act."""

from datetime import date
from decimal import Decimal

import pytest

from enforcement.law.acts import Cite
from enforcement.law.bands import Band
from enforcement.law.norms import norms, short_of
from enforcement.law.penalties import fine_band
from enforcement.law.precedence import higher_fine_once, precedence
from enforcement.law.violations import Catalogue

CATALOGUE = Catalogue.load()
ON = date(2026, 6, 1)


def cites(*articles: str) -> list[Cite]:
    return [Cite(article, norms()[short_of(article)], None) for article in articles]


def band(code: str, cite: str | None = None) -> Band:
    return fine_band(CATALOGUE.get(code, ON), cite, gains=Decimal(1), flags=["not_done"])


@pytest.mark.parametrize(
    ("articles", "first", "note"),
    [
        (["处细 11(2)", "细则 43"], ["细则 43"], False),
        (["浙 41(4)", "细则 48", "法 27"], ["细则 48", "法 27"], False),
        (["浙 47"], ["浙 47"], False),
        (["商量 5", "浙 47"], ["浙 47"], True),
        (["集 13", "浙市 43"], ["浙市 43"], True),
        (["油 9(3)", "处细 11(2)"], ["油 9(3)", "处细 11(2)"], False),
    ],
)
def test_rank_decides_which_norm_goes_first(articles: list[str], first: list[str], note: bool) -> None:
    found = precedence(cites(*articles))
    assert [cite.article for cite in found.first] == first
    assert found.legal_note is note
    assert {c.article for c in (*found.first, *found.rest)} == set(articles)
    assert found.explanation.en
    assert found.explanation.zh


def test_stricter_local_fine_does_not_win_over_the_law() -> None:
    assert band("M-C04").max > band("M-C03").max
    assert [c.article for c in precedence(cites("浙 41(4)", "细则 48")).first] == ["细则 48"]


def test_without_an_article_there_is_nothing_to_choose() -> None:
    with pytest.raises(ValueError, match="no article"):
        precedence([])


def test_one_act_is_fined_once_under_the_higher_norm() -> None:
    found = higher_fine_once([band("M-V01"), band("M-M07"), band("M-G01")])
    assert (found.article, found.max) == ("浙市 43", Decimal("20000"))
    assert "APL 29" in found.explanation.en
    assert "细则 43 1,000.00" in found.explanation.en


def test_a_single_norm_stays_as_it_is() -> None:
    assert higher_fine_once([band("M-V01")]) == band("M-V01")

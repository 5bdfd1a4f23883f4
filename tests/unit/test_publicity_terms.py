"""Publicity: scope, classes and terms in months."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from enforcement.errors import NotFound
from enforcement.law.publicity import publicity

ON = date(2026, 6, 1)


def code(kinds: list[str], fine: str | None = None, rung: str | None = None, **more: Any) -> str:
    return publicity(kinds, ON, fine=None if fine is None else Decimal(fine), rung=rung, **more).code


@pytest.mark.parametrize(
    ("kinds", "summary"), [(["warning"], False), (["fine"], True), (["order_correct"], False)]
)
def test_warning_only_and_summary_are_not_published(kinds: list[str], summary: bool) -> None:
    found = publicity(kinds, ON, summary=summary)
    assert (found.code, found.published) == ("not_published", False)


@pytest.mark.parametrize(
    ("kinds", "fine", "rung", "party", "expected"),
    [
        (["fine"], "50000", "lighter", "organisation", "minor"),
        (["fine"], "50000.01", "lighter", "organisation", "general"),
        (["fine"], "5000", "reduced", "person", "minor"),
        (["fine"], "5000.01", "reduced", "person", "general"),
        (["fine"], "100", "ordinary", "organisation", "general"),
        (["fine"], "100", None, "organisation", "general"),
        (["criticism"], None, None, "organisation", "minor"),
        (["fine", "criticism"], "100", "lighter", "organisation", "general"),
        (["fine", "confiscate_gains"], "100", "lighter", "organisation", "general"),
        (["confiscate_gains"], None, None, "organisation", "general"),
        (["fine", "stop", "order_correct"], "100", "lighter", "organisation", "minor"),
    ],
)
def test_low_fine_on_a_low_rung_is_minor(
    kinds: list[str], fine: str | None, rung: str | None, party: str, expected: str
) -> None:
    assert code(kinds, fine, rung, party_kind=party) == expected


def test_warning_beside_a_low_fine_is_flagged_for_the_legal_unit() -> None:
    found = publicity(["fine", "warning"], ON, fine=Decimal(100), rung="lighter")
    assert (found.code, found.legal_unit) == ("minor", True)
    assert not publicity(["fine"], ON, fine=Decimal(100), rung="lighter").legal_unit


@pytest.mark.parametrize(
    ("kinds", "more", "expected", "terms"),
    [
        (["fine"], {}, "general", (3, 12)),
        (["stop_business"], {}, "serious_restriction", (12, 36)),
        (["licence_revoked"], {}, "serious_closure", (36, 36)),
        (["stop_business", "licence_revoked"], {}, "serious_closure", (36, 36)),
        (["fine"], {"serious_list": True}, "serious_list", (12, 36)),
        (["fine"], {"serious_goods": True}, "serious_goods", (12, 36)),
    ],
)
def test_serious_classes_and_their_terms(
    kinds: list[str], more: dict[str, Any], expected: str, terms: tuple[int, int]
) -> None:
    found = publicity(kinds, ON, **more)
    assert (found.code, (found.shortest, found.longest)) == (expected, terms)


def test_serious_goods_stay_minor_when_the_fine_is_low() -> None:
    assert code(["fine"], "100", "lighter", serious_goods=True) == "minor"


def test_only_general_and_serious_records_can_be_repaired_early() -> None:
    assert publicity(["fine"], ON).apply
    assert not publicity(["criticism"], ON).apply
    assert publicity(["criticism"], ON).longest == 3
    assert not publicity(["licence_revoked"], ON).apply
    assert publicity(["stop_business"], ON).until_restriction_over


def test_classes_begin_with_order_107() -> None:
    assert publicity(["fine"], date(2025, 12, 25)).code == "general"
    with pytest.raises(NotFound):
        publicity(["fine"], date(2025, 12, 24))

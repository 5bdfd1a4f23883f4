"""Remedies: which way, how long, and when the fifteen days of the Metrology Law apply."""

from datetime import date

import pytest

from enforcement.errors import NotFound
from enforcement.law.remedies import remedy

ON = date(2026, 6, 1)


@pytest.mark.parametrize(
    ("cited", "told", "number", "unit"),
    [
        (["法 25", "细则 43"], True, 15, "cd"),
        (["计量法 26"], True, 15, "cd"),
        (["法 25"], False, 6, "months"),
        (["细则 43"], True, 6, "months"),
        (["计量法实施细则 43"], True, 6, "months"),
        (["油 9(3)"], True, 6, "months"),
        ([], True, 6, "months"),
    ],
)
def test_fifteen_days_need_the_law_cited_and_told(
    cited: list[str], told: bool, number: int, unit: str
) -> None:
    found = remedy(ON, cited=cited, told_15_days=told)
    assert found.path == "either"
    assert (found.sue.number, found.sue.unit) == (number, unit)
    assert (found.reconsideration.number, found.reconsideration.unit) == (60, "cd")


@pytest.mark.parametrize("case", ["summary", "failure_to_act"])
def test_reconsideration_comes_first_where_the_law_says_so(case: str) -> None:
    found = remedy(ON, cited=["法 25"], told_15_days=True, **{case: True})
    assert found.path == "recon_first"
    assert (found.sue.number, found.sue.article) == (15, "行诉法 45")


def test_explanation_names_both_periods() -> None:
    text = remedy(ON).explanation
    assert "60 days (复议法 20)" in text.en
    assert "6个月（行诉法 46）" in text.zh


def test_no_remedy_rule_before_the_new_reconsideration_law() -> None:
    with pytest.raises(NotFound):
        remedy(date(2023, 12, 31))

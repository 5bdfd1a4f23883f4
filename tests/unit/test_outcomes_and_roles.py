"""Review and closing codes, and the table of who decides what."""

from datetime import date

import pytest

from enforcement.errors import NotFound
from enforcement.law.outcomes import closing_outcomes, collective_needed, review_grounds, review_kind
from enforcement.law.roles import competences, role_names, who_decides
from enforcement.law.tables import load

ON = date(2026, 6, 1)


def test_closing_outcomes_are_those_of_the_form() -> None:
    assert list(closing_outcomes(ON)) == [
        "EXECUTED",
        "COURT_TERMINATED",
        "INVESTIGATION_TERMINATED",
        "NO_PENALTY",
        "NOT_ESTABLISHED",
        "TO_OTHER_AGENCY",
        "TO_JUDICIARY",
        "OTHER",
    ]
    assert [row["code"] for row in load("outcomes")["performed"]] == ["voluntarily", "by_force", "other"]


@pytest.mark.parametrize(
    ("grounds", "held", "kind"),
    [
        ([], False, "case"),
        (["P50_1_1"], False, "legal"),
        (["P50_1_3"], False, "legal"),
        (["P50_1_4"], False, "legal"),
        (["P50_3"], False, "legal"),
        (["P50_1_2"], False, "case"),
        (["P50_1_2"], True, "legal"),
        ([], True, "legal"),
    ],
)
def test_grounds_choose_the_kind_of_review(grounds: list[str], held: bool, kind: str) -> None:
    assert review_kind(grounds, ON, hearing_held=held) == kind


def test_unknown_review_ground_is_not_found() -> None:
    assert set(review_grounds(ON)) == {"P50_1_1", "P50_1_2", "P50_1_3", "P50_1_4", "P50_3"}
    with pytest.raises(NotFound):
        review_kind(["P50_9"], ON)


@pytest.mark.parametrize(
    ("grounds", "penalty", "held", "needed"),
    [
        (["P50_1_1"], True, False, True),
        (["P50_1_1"], False, False, False),
        (["P50_3"], True, False, False),
        (["P50_1_2"], True, False, False),
        (["P50_1_2"], True, True, True),
        ([], True, True, False),
    ],
)
def test_collective_discussion_hangs_on_the_first_paragraph(
    grounds: list[str], penalty: bool, held: bool, needed: bool
) -> None:
    assert collective_needed(grounds, penalty=penalty, hearing_held=held) is needed


def test_every_decision_names_roles_and_articles() -> None:
    found = competences(ON)
    assert len({c.id for c in found}) == len(found) == len(load("roles")["decisions"])
    for c in found:
        assert c.articles
        assert set(c.who) <= role_names().keys()
        assert c.decision.en
        assert c.decision.zh


@pytest.mark.parametrize(
    ("decision", "who", "article"),
    [
        ("file", "head", "P 18"),
        ("name_handlers", "unit_head", "P 19"),
        ("recuse_principal", "collective", "P 4"),
        ("extend_second", "collective", "P 64"),
        ("transfer_police", "principal_head", "TR 5"),
        ("province", "provincial_authority", "计量法实施细则 55"),
        ("serious_list", "next_higher_bureau", "Order 44 art 22"),
    ],
)
def test_the_right_office_decides(decision: str, who: str, article: str) -> None:
    found = who_decides(decision, ON)
    assert (found.who, found.articles) == ((who,), (article,))


def test_decision_of_a_later_rule_is_not_found_before_it() -> None:
    with pytest.raises(NotFound):
        who_decides("repair", date(2025, 12, 24))

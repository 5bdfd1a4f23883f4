"""Adopting a policy: its whole text in one event, and nothing changed before it begins."""

from datetime import date
from pathlib import Path

import pytest

from enforcement.credit.policy import NoPolicy
from enforcement.credit.scoring import score
from enforcement.errors import InvalidData, NotFound, VersionConflict
from enforcement.events import Who
from enforcement.ledger import Ledger
from tests.unit.credit.given import document, fact, text
from tests.unit.ledgers import at

HEAD = Who("wz-h1", "head", "adopt-1")
TODAY = "2026-11-23"


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return at(tmp_path / "ledger.db")


def adopt(ledger: Ledger, key: str = "adopt-1", **changed: str | None) -> int:
    return ledger.adopt_policy(Who("wz-h1", "head", key), TODAY, text(document(**changed))).position


def test_an_adopted_policy_is_found_by_its_id_and_by_its_days(ledger: Ledger) -> None:
    adopt(ledger, valid_from="2026-01-01")
    assert ledger.policy("test-2026").text == text(document(valid_from="2026-01-01"))
    assert ledger.policy_on(date(2026, 1, 1)).id == "test-2026"
    with pytest.raises(NoPolicy):
        ledger.policy_on(date(2025, 12, 31))


def test_the_event_holds_the_hash_of_the_document(ledger: Ledger) -> None:
    position = adopt(ledger)
    [row] = ledger.recorder.at([position])
    assert ledger.policy("test-2026").hash.encode() in row[4]


def test_a_policy_adopted_for_tomorrow_changes_no_score_up_to_today(ledger: Ledger) -> None:
    adopt(ledger, valid_from="2026-01-01")
    known = [fact(1, "2026-10-10")]

    def scores() -> list[object]:
        days = [date(2026, month, day) for month in range(1, 12) for day in (1, 23)]
        return [
            (policy := ledger.policy_on(day)).hash + str(score(known, policy, day).dump()) for day in days
        ]

    before = scores()
    adopt(ledger, "adopt-2", id="next", base="10", valid_from="2026-11-24")
    assert scores() == before
    assert ledger.policy_on(date(2026, 11, 24)).id == "next"


@pytest.mark.parametrize("valid_from", ["2026-11-23", "2026-01-01", "2025-06-30"])
def test_a_policy_cannot_begin_among_days_that_have_one(ledger: Ledger, valid_from: str) -> None:
    adopt(ledger, valid_from="2026-01-01")
    with pytest.raises(InvalidData, match="a policy changes nothing before it begins"):
        adopt(ledger, "adopt-2", id="next", valid_from=valid_from)
    assert [policy.id for policy in ledger.policies()] == ["test-2026"]


def test_days_that_never_had_a_policy_may_be_given_one(ledger: Ledger) -> None:
    adopt(ledger, valid_from="2026-01-01", valid_to="2026-06-30")
    adopt(ledger, "adopt-2", id="next", valid_from="2026-07-01")
    assert ledger.policy_on(date(2026, 6, 30)).id == "test-2026"
    assert ledger.policy_on(date(2026, 7, 1)).id == "next"


def test_what_was_known_at_a_position_is_asked_for_by_it(ledger: Ledger) -> None:
    first = adopt(ledger)
    adopt(ledger, "adopt-2", id="next", valid_from="2026-12-01")
    assert [policy.id for policy in ledger.policies(first)] == ["test-2026"]
    with pytest.raises(NotFound):
        ledger.policy("next", first)


def test_an_id_is_adopted_once_and_a_repeat_answers_the_first_receipt(ledger: Ledger) -> None:
    position = adopt(ledger)
    assert adopt(ledger) == position
    with pytest.raises(VersionConflict):
        adopt(ledger, "adopt-2", base="99")


def test_a_policy_adopted_by_another_process_is_seen(tmp_path: Path) -> None:
    one, other = at(tmp_path / "ledger.db"), at(tmp_path / "ledger.db")
    assert one.policies() == []
    other.adopt_policy(HEAD, TODAY, text(document()))
    assert [policy.id for policy in one.policies()] == ["test-2026"]


def test_a_policy_with_faults_is_not_recorded(ledger: Ledger) -> None:
    with pytest.raises(InvalidData):
        adopt(ledger, base="x")
    assert ledger.head() == 1

"""Commitments and demonstration units: recorded, taken back, and what they count for."""

from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from enforcement.credit.parsing import parse
from enforcement.credit.scoring import score
from enforcement.errors import InvalidData, Refused
from enforcement.ledger import Ledger
from projections.whatif.history import known
from tests.unit.ledgers import at, who

USCC = "91330302MA2AAAAA0J"
SHIPPED = parse(
    files("enforcement.credit").joinpath("policies", "wenzhou-metrology-2026.yaml").read_text("utf-8")
)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return at(tmp_path / "ledger.db")


def tell(ledger: Ledger, topic: str, day: str, **data: Any) -> None:
    ledger.record_commitment(who(f"{topic}-{day}", "head"), USCC, topic, day, data)


def lines(ledger: Ledger, on: str) -> list[str]:
    facts = known(ledger.recorder, ledger.head()).facts.get(USCC, [])
    return [line.clause for line in score(facts, SHIPPED, date.fromisoformat(on)).lines]


def test_a_commitment_counts_until_it_is_withdrawn(ledger: Ledger) -> None:
    tell(ledger, "commitment.made", "2026-02-01", uscc=USCC)
    tell(ledger, "commitment.withdrawn", "2026-05-01", reason="broken")
    assert [lines(ledger, day) for day in ("2026-01-31", "2026-02-01", "2026-05-01")] == [
        [],
        ["commitment"],
        [],
    ]


def test_a_commitment_made_anew_replaces_the_one_before(ledger: Ledger) -> None:
    tell(ledger, "commitment.made", "2026-02-01", uscc=USCC)
    tell(ledger, "commitment.made", "2026-06-01", uscc=USCC)
    assert lines(ledger, "2026-07-01") == ["commitment"]


def test_a_demonstration_unit_counts_to_its_last_day(ledger: Ledger) -> None:
    tell(ledger, "commitment.made", "2026-02-01", uscc=USCC)
    tell(
        ledger,
        "commitment.demonstration-recognised",
        "2026-03-01",
        uscc=USCC,
        until="2026-09-30",
        by="温州市局",
    )
    assert lines(ledger, "2026-09-30") == ["commitment", "demonstration-unit"]
    assert lines(ledger, "2026-10-01") == ["commitment"]
    found = ledger.commitment(USCC)
    assert (found.committed, found.demonstration, found.until) == (True, True, "2026-09-30")


def test_a_demonstration_unit_may_be_ended_early(ledger: Ledger) -> None:
    tell(ledger, "commitment.made", "2026-02-01", uscc=USCC)
    tell(
        ledger,
        "commitment.demonstration-recognised",
        "2026-03-01",
        uscc=USCC,
        until="2026-09-30",
        by="温州市局",
    )
    tell(ledger, "commitment.demonstration-withdrawn", "2026-04-01", reason="a penalty")
    assert lines(ledger, "2026-04-01") == ["commitment"]
    assert ledger.commitment(USCC).demonstration is False


@pytest.mark.parametrize(
    ("topic", "data", "said"),
    [
        ("commitment.withdrawn", {"reason": "x"}, "has made no commitment"),
        (
            "commitment.demonstration-recognised",
            {"uscc": USCC, "until": "2027-01-01", "by": "x"},
            "has made no commitment",
        ),
        ("commitment.demonstration-withdrawn", {"reason": "x"}, "is no demonstration unit"),
    ],
)
def test_what_was_not_given_cannot_be_taken_back(
    ledger: Ledger, topic: str, data: dict[str, Any], said: str
) -> None:
    with pytest.raises(Refused, match=said):
        tell(ledger, topic, "2026-02-01", **data)
    assert ledger.commitment(USCC).version == 0


def test_a_commitment_of_another_business_is_refused(ledger: Ledger) -> None:
    with pytest.raises(InvalidData, match="expected 91330302MA2AAAAA0J"):
        tell(ledger, "commitment.made", "2026-02-01", uscc="91330303MA2BBBBB0B")
    with pytest.raises(InvalidData, match="expected one of"):
        tell(ledger, "entity.registered", "2026-02-01")

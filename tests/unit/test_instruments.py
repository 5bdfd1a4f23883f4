"""Measuring instruments: what may happen to one, how long a verification counts, how it stands on a day."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from enforcement.errors import Refused
from enforcement.events import registry
from enforcement.law import instruments as law
from enforcement.ledger import Ledger
from enforcement.registry.instrument import Instrument, standing
from tests.unit import ledgers
from tests.unit.ledgers import who

OWNER, OTHER = "91330302MA2AAAAA0J", "91330302000000001K"
DISPENSER = {"instrument": "g-1", "kind": "fuel-dispenser", "owner": OWNER, "region": "330302"}


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = ledgers.at(tmp_path / "ledger.db")
    yield made
    made.close()


class Told:
    """One instrument and what happens to it."""

    def __init__(self, ledger: Ledger, **changed: Any) -> None:
        self.ledger, self.given = ledger, 0
        ledger.register_instrument(self._who(), "2026-01-05", DISPENSER | changed)

    def _who(self) -> Any:
        self.given += 1
        return who(f"i{self.given}", "handler", "wz-h1")

    def happens(self, what: str, on: str | None = "2026-03-02", **data: Any) -> "Told":
        self.ledger.record_instrument(self._who(), "g-1", f"instrument.{what}", on, data)
        return self

    @property
    def facts(self) -> dict[str, Any]:
        return self.ledger.held.take(Instrument, "instrument-g-1", self.ledger.law).facts

    def stands(self, on: str) -> str:
        return standing(self.facts, date.fromisoformat(on))


def verified(ledger: Ledger, until: str = "2026-09-01") -> Told:
    return Told(ledger).happens("filed").happens("applied").happens("verified", until=until)


def test_new_instrument_goes_the_way_of_the_statute(ledger: Ledger) -> None:
    told = Told(ledger)
    phases = [told.facts["phase"]]
    for step in ("filed", "applied", "accepted", "verification-started"):
        phases.append(told.happens(step).facts["phase"])
    told.happens("verified", until="2026-09-01", certificate="证-1")
    phases.append(told.facts["phase"])
    assert phases == ["REGISTERED", "FILED", "APPLIED", "ACCEPTED", "UNDER_VERIFICATION", "VALID"]


def test_due_soon_and_overdue_come_by_the_day_alone(ledger: Ledger) -> None:
    told = verified(ledger)
    head = ledger.head()
    days = ("2026-08-01", "2026-08-02", "2026-09-01", "2026-09-02")
    assert [told.stands(day) for day in days] == ["valid", "due_soon", "due_soon", "overdue"]
    assert (told.facts["phase"], ledger.head()) == ("VALID", head)


def test_certificate_beyond_a_confirmed_cycle_is_refused(ledger: Ledger) -> None:
    told = Told(ledger).happens("filed").happens("applied")
    with pytest.raises(Refused, match="valid until 2026-09-01 at the latest") as error:
        told.happens("verified", until="2026-09-02")
    assert error.value.breaches[0].article == "JJG 443"
    with pytest.raises(Refused, match="no end"):
        told.happens("verified")
    assert told.happens("verified", until="2026-09-01").facts["until"] == "2026-09-01"


def test_unconfirmed_cycle_and_unknown_day_refuse_nothing(ledger: Ledger) -> None:
    told = Told(ledger, kind="price-scale").happens("filed").happens("applied")
    assert told.happens("verified", until="2029-01-01").facts["until"] == "2029-01-01"
    told.happens("applied").happens("verified", None, until="2030-01-01")
    assert told.facts["until"] == "2030-01-01"


def test_kind_that_is_used_until_inaccurate_has_no_end(ledger: Ledger) -> None:
    told = Told(ledger, kind="liquid-dipper").happens("filed").happens("applied").happens("verified")
    assert told.stands("2060-01-01") == "valid"


def test_failed_instrument_must_be_repaired_and_verified_again(ledger: Ledger) -> None:
    told = verified(ledger).happens("failed", notice="通知书-1")
    assert (told.stands("2026-03-02"), told.facts["until"]) == ("failed", None)
    with pytest.raises(Refused, match="the instrument is FAILED"):
        told.happens("applied")
    told.happens("repaired")
    assert told.stands("2026-03-02") == "failed"
    told.happens("applied")
    assert told.stands("2026-03-02") == "unverified"
    assert told.happens("verified", until="2026-09-01").stands("2026-03-03") == "valid"


def test_transferred_instrument_keeps_its_certificate_and_changes_owner(ledger: Ledger) -> None:
    told = verified(ledger).happens("transferred", owner=OTHER, region="330304")
    assert (told.facts["owner"], told.facts["region"], told.facts["phase"]) == (
        OTHER,
        "330304",
        "TRANSFERRED",
    )
    assert told.stands("2026-09-02") == "overdue"
    last = ledger.read(ledger.head() - 1, 1)[0].event
    assert last is not None
    assert last.subject == OTHER


@pytest.mark.parametrize("end", ["scrapped", "replaced"])
def test_nothing_happens_to_an_instrument_that_is_gone(ledger: Ledger, end: str) -> None:
    told = Told(ledger).happens(end, **({"reason": "破损"} if end == "scrapped" else {"by": "g-2"}))
    assert told.stands("2026-03-02") == "gone"
    for what, data in (("filed", {}), ("changed", {"place": "1号"}), ("scrapped", {"reason": "again"})):
        with pytest.raises(Refused):
            told.happens(what, **data)


def test_stopped_instrument_is_neither_due_nor_overdue_until_resumed(ledger: Ledger) -> None:
    told = verified(ledger).happens("stopped", reason="停业")
    assert told.stands("2027-01-01") == "stopped"
    assert told.happens("resumed").stands("2027-01-01") == "overdue"


def test_suspicion_leads_to_a_case_or_is_cleared(ledger: Ledger) -> None:
    told = Told(ledger)
    with pytest.raises(Refused, match="TAMPER_SUSPECTED"):
        told.happens("case-opened", case="case-1")
    told.happens("tamper-suspected", reason="铅封破损").happens("case-opened", case="case-1")
    assert (told.facts["phase"], told.facts["case"]) == ("CASE_OPENED", "case-1")
    assert told.happens("tamper-cleared", reason="结案").facts["phase"] == "FILED"


def test_instrument_verified_before_registration_is_valid(ledger: Ledger) -> None:
    told = Told(ledger, until="2026-05-01")
    assert (told.facts["phase"], told.stands("2026-03-31")) == ("VALID", "valid")


def test_every_row_of_the_table_names_known_events_and_phases() -> None:
    phases = {"REGISTERED", *(step.target for step in law.steps() if step.target)}
    for step in law.steps():
        assert step.event in registry()
        assert step.sources <= phases, step.event
    happening = {topic for topic in registry() if topic.startswith("instrument.")}
    assert {step.event for step in law.steps()} == happening - {"instrument.registered"}


def test_every_cycle_has_a_known_kind_and_one_length() -> None:
    for kind in law.kinds():
        cycle = law.cycle(kind, date(2026, 11, 26))
        assert cycle is not None, kind
        assert (cycle.months is None) == (cycle.mode == "scrap")
        assert cycle.confirmed or cycle.reason, kind


@pytest.mark.parametrize(
    ("kind", "day", "last"),
    [
        ("fuel-dispenser", date(2026, 8, 31), date(2027, 2, 27)),
        ("ev-charger", date(2026, 3, 2), date(2029, 3, 1)),
        ("water-meter-dn25", date(2024, 2, 29), date(2030, 2, 27)),
        ("water-meter-dn50", date(2026, 3, 2), date(2030, 3, 1)),
        ("gas-meter", date(2026, 3, 2), date(2036, 3, 1)),
    ],
)
def test_last_day_is_the_eve_of_the_cycles_end(kind: str, day: date, last: date) -> None:
    cycle = law.cycle(kind, day)
    assert cycle is not None
    assert cycle.last_day(day) == last


def test_price_scales_change_their_regulation_in_january_2027() -> None:
    found = [law.cycle("price-scale", date(2027, 1, day)) for day in (7, 8)]
    assert [cycle.jjg for cycle in found if cycle] == ["JJG 539-2016", "JJG 1204-2025"]


def test_day_before_a_row_was_in_force_has_no_cycle() -> None:
    assert law.cycle("ev-charger", date(2022, 12, 31)) is None
    assert law.cycle("sundial", date(2026, 1, 1)) is None

"""Credit repair: when it may be asked for, its papers and periods, what ends with it, and what false papers cost."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from enforcement.credit.publicity import of_listing, of_penalty
from enforcement.credit.reading import read
from enforcement.errors import NotFound, NotPermitted, Refused
from enforcement.events import Who
from tests.unit.ledgers import at
from tests.unit.processes.given import DATA, FINE, NOW, OTHER, USCC, Bureau
from tests.unit.processes.test_listing import ABNORMAL, HEAVY

LOW = FINE | {"fine": "500", "rung": "lighter"}
ALL = ("repair.accepted", "repair.verified", "repair.granted")


def public(bureau: Bureau, case: str, on: str) -> bool:
    day = date.fromisoformat(on)
    found = of_penalty(bureau.ledger.case(case), USCC, bureau.ledger.law, day)
    return found is not None and found.public(day)


def granted(bureau: Bureau, record: str, on: str = "2026-05-06", **data: Any) -> str:
    """An application that has been granted, on one day."""
    id = bureau.opens("repair.applied", on, record=record, **data)
    for topic in ALL:
        bureau.takes(id, topic, on)
    return id


def test_repair_from_application_to_the_end_of_publicity(bureau: Bureau) -> None:
    case = bureau.case("2026-01-15")
    id = bureau.opens("repair.applied", "2026-04-16", "intake", record=case)
    assert str(bureau.due(id, "DL-REPAIR-ACCEPT")) == "2026-04-20"
    bureau.takes(id, "repair.accepted", "2026-04-20")
    assert str(bureau.due(id, "DL-REPAIR-DECIDE")) == "2026-04-29"
    bureau.takes(id, "repair.verified", "2026-04-23")
    bureau.takes(id, "repair.granted", "2026-04-29")
    assert str(bureau.due(id, "DL-REPAIR-DATA")) == "2026-05-07"
    assert public(bureau, case, "2026-05-06")
    repair = bureau.takes(id, "repair.stopped", "2026-05-07", "bureau_system")
    assert (repair.state, repair.findings) == ("STOPPED", [])
    assert bureau.types(case)[-1] == "case.publicity-ended"
    assert not public(bureau, case, "2026-05-07")


def test_general_record_waits_for_the_day_after_three_months(bureau: Bureau) -> None:
    case = bureau.case("2026-01-15")
    refused = bureau.refuses(None, "repair.applied", "2026-04-15", record=case)
    assert str(refused["too-early"].earliest) == "2026-04-16"


@pytest.mark.parametrize("penalty", [LOW, FINE | {"kinds": ["licence_revoked"]}])
def test_minor_and_final_records_are_not_repaired(bureau: Bureau, penalty: dict[str, Any]) -> None:
    case = bureau.case("2026-01-15", penalty)
    assert "no-early-end" in bureau.refuses(None, "repair.applied", "2026-03-02", record=case)


def test_record_that_has_ended_needs_no_repair(bureau: Bureau) -> None:
    case = bureau.case("2026-01-15")
    assert "not-public" in bureau.refuses(None, "repair.applied", "2027-01-16", record=case)
    assert "not-public" in bureau.refuses(None, "repair.applied", "2026-03-02", record=bureau.case(None))


@pytest.mark.parametrize(
    "changed", [{"record": "case-none"}, {"uscc": OTHER}, {"target": "serious"}, {"target": "inspection"}]
)
def test_only_the_own_record_is_repaired(bureau: Bureau, changed: dict[str, Any]) -> None:
    data = {"record": bureau.case("2026-01-15")} | changed
    assert "not-its-record" in bureau.refuses(None, "repair.applied", "2026-05-06", **data)


def test_supplements_are_asked_for_once_and_restart_the_two_days(bureau: Bureau) -> None:
    id = bureau.opens(
        "repair.applied", "2026-05-06", record=bureau.case("2026-01-15"), papers=["application"]
    )
    missing = bureau.refuses(id, "repair.accepted", "2026-05-06")["papers"].message.en
    assert missing == "missing: commitment, entity_document, proof"
    bureau.takes(id, "repair.supplement-asked", "2026-05-07")
    assert bureau.running(id) == set()
    papers = ["entity_document", "commitment", "proof_shared"]
    bureau.takes(id, "repair.supplemented", "2026-05-12", papers=papers)
    assert str(bureau.due(id, "DL-REPAIR-ACCEPT")) == "2026-05-14"
    assert "asked-once" in bureau.refuses(id, "repair.supplement-asked", "2026-05-13")
    assert bureau.takes(id, "repair.accepted", "2026-05-13").state == "ACCEPTED"


@pytest.mark.parametrize(
    "steps",
    [
        [("repair.rejected", {})],
        [("repair.accepted", {}), ("repair.refused", {})],
        [("repair.accepted", {}), ("repair.verified", {"corrected": False}), ("repair.refused", {})],
    ],
)
def test_record_has_one_open_application_at_a_time(bureau: Bureau, steps: list[Any]) -> None:
    case, other = bureau.case("2026-01-15"), bureau.case("2026-01-15")
    id = bureau.opens("repair.applied", "2026-05-06", record=case)
    for topic, data in steps:
        refused = bureau.refuses(None, "repair.applied", "2026-05-07", record=case)
        assert (refused["open-already"].article, id in refused["open-already"].message.en) == (
            "Order 107 art 7-14, 22, 25",
            True,
        )
        bureau.takes(id, topic, "2026-05-07", **data)
    assert bureau.opens("repair.applied", "2026-05-08", record=case)
    assert bureau.opens("repair.applied", "2026-05-08", record=other)


def test_what_another_department_repaired_waits_for_no_application(bureau: Bureau) -> None:
    case = bureau.case("2026-01-15")
    bureau.opens("repair.applied", "2026-05-06", record=case)
    id = bureau.opens("repair.applied", "2026-05-07", record=case, ground="other_department")
    assert bureau.takes(id, "repair.stopped", "2026-05-08").state == "STOPPED"
    assert list(bureau.ledger.standing(USCC).repairing.values()) == [case]


def test_stopped_shielded_and_revoked_applications_are_open_no_more(bureau: Bureau) -> None:
    case = bureau.case("2026-01-15")
    shield: dict[str, Any] = {"record": case, "ground": "reorganisation", "papers": ["court_order"]}
    id = bureau.opens("repair.applied", "2026-05-06", **shield)
    bureau.takes(id, "repair.shielded", "2026-05-07")
    assert "open-already" in bureau.refuses(None, "repair.applied", "2026-05-08", record=case)
    bureau.takes(id, "repair.shield-lifted", "2026-05-09")
    id = granted(bureau, case, "2026-05-10")
    assert list(bureau.ledger.standing(USCC).repairing) == [id]
    bureau.takes(id, "repair.revoked", "2026-05-11")
    assert bureau.ledger.standing(USCC).repairing == {}
    bureau.takes(granted(bureau, bureau.case("2029-03-02"), "2029-06-04"), "repair.stopped", "2029-06-05")
    assert bureau.ledger.standing(USCC).repairing == {}


def test_of_two_applications_at_the_same_moment_one_is_recorded(
    bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second desk judges before the first one saves, and saves after it."""
    case = bureau.case("2026-01-15")
    first = bureau.ledger
    second = at(Path(first.env["SQLITE_DBNAME"]), NOW)
    saved = second._save
    told: list[str] = []

    def late(events: Any) -> list[int]:
        if not told:
            told.append(bureau.opens("repair.applied", "2026-05-06", record=case))
        return saved(events)

    monkeypatch.setattr(second, "_save", late)
    who = Who("wz-h2", "handler", "desk-2")
    data = DATA["repair.applied"] | {"record": case}
    with pytest.raises(Refused) as refused:
        second.open_process(who, "repair.applied", "2026-05-06", data)
    assert [breach.rule for breach in refused.value.breaches] == ["open-already"]
    assert list(first.standing(USCC).repairing) == told
    second.close()


def test_rejection_at_intake_needs_the_head(bureau: Bureau) -> None:
    id = bureau.opens("repair.applied", "2026-05-06", record=bureau.case("2026-01-15"))
    assert "wrong-decider" in bureau.refuses(id, "repair.rejected", "2026-05-07", approved_by="wz-u1")
    repair = bureau.takes(id, "repair.rejected", "2026-05-11")
    assert (repair.state, repair.ended) == ("REJECTED_INTAKE", True)
    assert [f["kind"] for f in repair.findings] == ["overrun"]


def test_complex_case_gets_ten_working_days_more_once(bureau: Bureau) -> None:
    id = bureau.opens("repair.applied", "2026-05-06", record=bureau.case("2026-01-15"))
    bureau.takes(id, "repair.accepted", "2026-05-06")
    assert "extension-late" in bureau.refuses(id, "repair.extended", "2026-05-15")
    bureau.takes(id, "repair.verified", "2026-05-13")
    bureau.takes(id, "repair.extended", "2026-05-14")
    assert str(bureau.due(id, "DL-REPAIR-DECIDE")) == "2026-05-28"
    bureau.takes(id, "repair.verified", "2026-05-15")
    assert "extended-once" in bureau.refuses(id, "repair.extended", "2026-05-18")
    assert bureau.takes(id, "repair.granted", "2026-05-28").findings == []


@pytest.mark.parametrize("name", ["performed", "corrected", "harm_removed", "repeated"])
def test_every_condition_must_be_met(bureau: Bureau, name: str) -> None:
    id = bureau.opens("repair.applied", "2026-05-06", record=bureau.case("2026-01-15"))
    bureau.takes(id, "repair.accepted", "2026-05-06")
    assert "out-of-order" in bureau.refuses(id, "repair.granted", "2026-05-06")
    bureau.takes(id, "repair.verified", "2026-05-06", **{name: name == "repeated"})
    refused = bureau.refuses(id, "repair.granted", "2026-05-07")
    assert refused["conditions"].message.en == f"not met: {name}"
    assert bureau.takes(id, "repair.refused", "2026-05-07").ended


@pytest.mark.parametrize("officers", [["wz-h1"], ["wz-h1", "wz-h1"], ["wz-h1", "wz-none"]])
def test_two_officers_verify(bureau: Bureau, officers: list[str]) -> None:
    id = bureau.opens("repair.applied", "2026-05-06", record=bureau.case("2026-01-15"))
    bureau.takes(id, "repair.accepted", "2026-05-06")
    assert "two-officers" in bureau.refuses(id, "repair.verified", "2026-05-06", officers=officers)


def test_abnormal_entry_is_repaired_in_two_working_days(bureau: Bureau) -> None:
    listing = bureau.opens("listing.decided", "2026-05-06", **ABNORMAL)
    bureau.takes(listing, "listing.published", "2026-05-06")
    id = bureau.opens("repair.applied", "2026-05-07", record=listing, target="abnormal")
    bureau.takes(id, "repair.accepted", "2026-05-07")
    assert bureau.running(id) == {"DL-REPAIR-DECIDE-ABN"}
    assert str(bureau.due(id, "DL-REPAIR-DECIDE-ABN")) == "2026-05-09"
    bureau.takes(id, "repair.verified", "2026-05-08")
    bureau.takes(id, "repair.granted", "2026-05-08")
    bureau.takes(id, "repair.stopped", "2026-05-08")
    found = bureau.ledger.listing(listing)
    assert found is not None
    assert (found.state, found.why) == ("REMOVED", "repair")


def test_serious_entry_waits_a_year_from_its_publication(bureau: Bureau) -> None:
    case = bureau.case("2026-03-02", HEAVY)
    listing = bureau.opens("listing.decided", "2026-03-02", case=case)
    bureau.takes(listing, "listing.published", "2026-03-10")
    data: dict[str, Any] = {"record": listing, "target": "serious"}
    refused = bureau.refuses(None, "repair.applied", "2027-03-10", **data)
    assert str(refused["too-early"].earliest) == "2027-03-11"
    id = granted(bureau, listing, "2027-03-11", target="serious")
    bureau.takes(id, "repair.stopped", "2027-03-11")
    assert bureau.types(case)[-1] == "case.delisted"


def test_false_papers_before_the_decision_bar_three_years_and_restart_the_term(bureau: Bureau) -> None:
    case = bureau.case("2026-01-15")
    id = bureau.opens("repair.applied", "2026-05-06", record=case)
    bureau.takes(id, "repair.accepted", "2026-05-06")
    bureau.takes(id, "repair.refused", "2026-05-08", cheating=True)
    assert bureau.ledger.standing(USCC).barred_until == "2029-05-08"
    refused = bureau.refuses(None, "repair.applied", "2026-08-07", record=case)
    assert str(refused["too-early"].earliest) == "2026-08-09"
    assert str(refused["barred"].earliest) == "2029-05-09"
    again = bureau.case("2028-12-01")
    assert "barred" in bureau.refuses(None, "repair.applied", "2029-05-08", record=again)
    assert bureau.opens("repair.applied", "2029-05-09", record=again)


def test_repair_got_by_fraud_is_revoked_and_the_record_public_again(bureau: Bureau) -> None:
    case = bureau.case("2026-01-15")
    id = granted(bureau, case)
    bureau.takes(id, "repair.stopped", "2026-05-07")
    repair = bureau.takes(id, "repair.revoked", "2026-07-01")
    assert (repair.state, repair.ended) == ("REVOKED_FOR_FRAUD", True)
    assert bureau.ledger.standing(USCC).barred_until == "2029-07-01"
    assert public(bureau, case, "2027-07-01")
    assert not public(bureau, case, "2027-07-02")


def test_entry_removed_by_fraud_is_restored_with_a_new_term(bureau: Bureau) -> None:
    case = bureau.case("2026-03-02", HEAVY)
    listing = bureau.opens("listing.decided", "2026-03-02", case=case)
    bureau.takes(listing, "listing.published", "2026-03-10")
    id = granted(bureau, listing, "2027-03-11", target="serious")
    bureau.takes(id, "repair.stopped", "2027-03-12")
    bureau.takes(id, "repair.revoked", "2027-06-01")
    found = bureau.ledger.listing(listing)
    assert found is not None
    term = of_listing(found, bureau.ledger.law, date(2027, 6, 2))
    assert (found.state, term and term.until) == ("PUBLISHED", date(2030, 6, 1))
    assert bureau.types(case)[-1] == "case.listed"


def test_bankrupt_business_is_shielded_within_seven_working_days(bureau: Bureau) -> None:
    case = bureau.case("2026-03-02")
    data: dict[str, Any] = {"record": case, "ground": "reorganisation"}
    id = bureau.opens("repair.applied", "2026-05-06", **data, papers=["court_order"])
    assert str(bureau.due(id, "DL-REPAIR-BANKRUPT")) == "2026-05-14"
    assert "other-ground" in bureau.refuses(id, "repair.accepted", "2026-05-07")
    assert bureau.takes(id, "repair.shielded", "2026-05-14").findings == []
    assert bureau.takes(id, "repair.stopped", "2026-10-09").state == "STOPPED"
    assert not public(bureau, case, "2026-10-09")


def test_failed_reorganisation_restores_publicity(bureau: Bureau) -> None:
    data: dict[str, Any] = {"record": bureau.case("2026-03-02"), "ground": "reorganisation"}
    id = bureau.opens("repair.applied", "2026-05-06", **data, papers=["court_order"])
    bureau.takes(id, "repair.shielded", "2026-05-07")
    repair = bureau.takes(id, "repair.shield-lifted", "2026-09-01")
    assert (repair.state, repair.ended) == ("RESTORED", True)


def test_nothing_is_shielded_without_a_court_order(bureau: Bureau) -> None:
    data: dict[str, Any] = {"record": bureau.case("2026-03-02"), "ground": "reorganisation"}
    id = bureau.opens("repair.applied", "2026-05-06", **data, papers=["application"])
    assert "no-reorganisation" in bureau.refuses(id, "repair.shielded", "2026-05-07")


def test_repair_of_another_department_stops_in_three_working_days(bureau: Bureau) -> None:
    data: dict[str, Any] = {"record": bureau.case("2026-03-02"), "ground": "other_department"}
    id = bureau.opens("repair.applied", "2026-05-06", **data, papers=[])
    assert str(bureau.due(id, "DL-REPAIR-OTHER-DEPT")) == "2026-05-09"
    assert bureau.takes(id, "repair.stopped", "2026-05-09").state == "STOPPED"


def test_own_application_does_not_stop_without_a_decision(bureau: Bureau) -> None:
    id = bureau.opens("repair.applied", "2026-05-06", record=bureau.case("2026-01-15"))
    assert "not-granted" in bureau.refuses(id, "repair.stopped", "2026-05-07")


def test_remote_repair_is_pushed_in_three_working_days(bureau: Bureau) -> None:
    id = granted(bureau, bureau.case("2026-01-15"), remote=True)
    assert str(bureau.due(id, "DL-REPAIR-PUSH")) == "2026-05-09"
    bureau.takes(id, "repair.pushed", "2026-05-11")
    assert [f["article"] for f in bureau.ledger.process(id).findings] == ["Order 107 art 4"]


def test_business_applies_for_itself_and_for_nobody_else(bureau: Bureau) -> None:
    case = bureau.case("2026-01-15")
    assert bureau.opens("repair.applied", "2026-05-06", "business", actor=USCC, record=case)
    with pytest.raises(NotFound):
        bureau.opens("repair.applied", "2026-05-06", "business", actor=OTHER, record=case)


def test_business_decides_nothing(bureau: Bureau) -> None:
    id = bureau.opens("repair.applied", "2026-05-06", record=bureau.case("2026-01-15"))
    with pytest.raises(NotPermitted):
        bureau.takes(id, "repair.accepted", "2026-05-07", "business")


def states(bureau: Bureau, case: str) -> list[str]:
    """What the facts of the case say of its decision."""
    rows = bureau.ledger.recorder.select_events(case)
    events = [bureau.ledger.mapper.to_domain_event(row) for row in rows]
    facts = read(case, list(enumerate(events, 1))).facts  # type: ignore[arg-type]
    decision = next(fact for fact in facts if fact.type == "case.penalty-decided")
    return [f"{state.kind} {state.since}" for state in decision.states]


def test_fraud_takes_back_what_the_repair_did_to_the_score(bureau: Bureau) -> None:
    case = bureau.case("2026-01-15")
    id = granted(bureau, case)
    bureau.takes(id, "repair.stopped", "2026-05-07")
    assert states(bureau, case) == ["published 2026-01-15", "repaired 2026-05-06", "repaired 2026-05-07"]
    bureau.takes(id, "repair.revoked", "2026-07-01")
    assert states(bureau, case) == ["published 2026-07-01"]


def test_repair_of_one_business_leaves_what_is_public_of_another(bureau: Bureau) -> None:
    """Two were punished by one decision: record, score, and the new term after false papers are each one's own."""
    parties = [{"id": f"p{n}", "kind": "organisation", "uscc": uscc} for n, uscc in ((1, USCC), (2, OTHER))]
    case = bureau.case("2026-01-15", FINE, FINE | {"party": "p2"}, parties=parties)

    def ends(uscc: str) -> date | None:
        term = of_penalty(bureau.ledger.case(case), uscc, bureau.ledger.law, date(2026, 6, 1))
        return term.until if term else None

    def facts(uscc: str) -> list[tuple[str, list[str]]]:
        told = read(case, enumerate(bureau.ledger.events_of(case), 1)).facts
        return [(f.type, [s.kind for s in f.states]) for f in told if f.uscc == uscc]

    untouched = [("case.penalty-decided", ["published"])]
    id = granted(bureau, case)
    bureau.takes(id, "repair.stopped", "2026-05-07")
    assert (ends(USCC), ends(OTHER)) == (None, date(2027, 1, 15))
    assert facts(OTHER) == untouched
    assert facts(USCC)[1:] == [("case.credit-repaired", [])]
    bureau.takes(id, "repair.revoked", "2026-05-20")
    assert (ends(USCC), ends(OTHER)) == (date(2027, 5, 20), date(2027, 1, 15))
    assert facts(USCC) == facts(OTHER) == untouched
    other = granted(bureau, case, "2026-05-21", uscc=OTHER)
    bureau.takes(other, "repair.stopped", "2026-05-22")
    assert (ends(USCC), ends(OTHER)) == (date(2027, 5, 20), None)
    bureau.then(case, "case.publicity-withdrawn", "2026-05-25", reason="决定撤销")
    bureau.ledger.held.forget()
    assert (ends(USCC), ends(OTHER)) == (None, None)


def test_second_place_of_publication_begins_no_second_term(bureau: Bureau) -> None:
    case = bureau.case("2026-01-15")
    bureau.then(case, "case.published", "2026-03-02", where="浙江省政务服务网")
    found = of_penalty(bureau.ledger.case(case), USCC, bureau.ledger.law, date(2026, 4, 1))
    assert found is not None
    assert found.published == date(2026, 1, 15)

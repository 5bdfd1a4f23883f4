"""Negative results of checks: how long they are public, their repair, and what false papers cost (Order 107 art 10)."""

from datetime import date
from typing import Any

import pytest

from enforcement.credit.publicity import Term
from enforcement.credit.reading import read
from enforcement.errors import NotPermitted, Refused
from enforcement.events import Who
from tests.unit.processes.given import FINE, NUMBERS, USCC, Bureau
from tests.unit.processes.test_repair import ALL, granted

LOW = FINE | {"fine": "500", "rung": "lighter"}
ASSIGNED = {
    "item": "jl-jmsc-01",
    "object": USCC,
    "entity": USCC,
    "region": "330302",
    "unit": "鹿城计量科",
    "check_kind": "daily",
    "officers": ["wz-h1", "wz-h2"],
    "questions": [],
}
MARCH = "2026-03-09"


def check(bureau: Bureau, *more: tuple[str, str, dict[str, Any]], codes: tuple[str, ...] = ("5",)) -> str:
    """A result published on 9 March, as it was recorded; and what came after it."""
    return bureau.append(
        f"inspection-i{next(NUMBERS)}",
        ("inspection.assigned", "2026-03-02", ASSIGNED),
        ("inspection.results-entered", "2026-03-05", {"codes": [*codes], "followups": [], "entity": USCC}),
        ("inspection.audited", "2026-03-06", {"result": "passed"}),
        ("inspection.published", MARCH, {}),
        *more,
    )


def term(bureau: Bureau, id: str, on: str = "2026-04-01") -> Term | None:
    return bureau.ledger.term_of(bureau.ledger.inspection(id), date.fromisoformat(on))


def until(bureau: Bureau, id: str) -> date | None:
    found = term(bureau, id)
    assert found is not None
    return found.until


def withdraw(bureau: Bureau, id: str, on: str, why: str = "term") -> None:
    who = Who("wz-sys", "bureau_system", f"w{next(NUMBERS)}")
    bureau.ledger.record_check(who, id, "inspection.withdrawn", on, {"why": why, "reason": "公示期满"})


def test_negative_result_is_public_three_months_and_not_the_day_after(bureau: Bureau) -> None:
    id = check(bureau)
    found = term(bureau, id)
    assert found is not None
    assert [found.public(date(2026, 6, day)) for day in (9, 10)] == [True, False]
    with pytest.raises(Refused) as refused:
        withdraw(bureau, id, "2026-06-09")
    assert [(b.rule, b.earliest) for b in refused.value.breaches] == [("term-running", date(2026, 6, 10))]
    withdraw(bureau, id, "2026-06-10")
    assert term(bureau, id) is None
    assert not bureau.ledger.inspection(id).shown


def test_result_without_a_problem_has_no_term(bureau: Bureau) -> None:
    assert term(bureau, check(bureau, codes=("1",))) is None


@pytest.mark.parametrize(
    ("penalty", "last"),
    [(None, date(2026, 6, 9)), (LOW, date(2026, 6, 9)), (FINE, date(2027, 4, 1))],
    ids=["no penalty", "a minor one", "a general one"],
)
def test_penalty_more_than_minor_keeps_its_check_in_public(
    bureau: Bureau, penalty: dict[str, Any] | None, last: date
) -> None:
    case = bureau.case("2026-04-01" if penalty else None, penalty or FINE)
    id = check(bureau, ("inspection.case-opened", MARCH, {"case": case, "summary": "?"}))
    assert until(bureau, id) == last


def test_entry_in_a_list_keeps_its_check_until_it_ends(bureau: Bureau) -> None:
    abnormal = {"list": "abnormal", "serious": None, "abnormal": "unreachable", "since": MARCH}
    entry = bureau.opens("listing.decided", "2026-03-10", **abnormal)
    named = ("inspection.listed", "2026-03-10", {"ground": "contact", "listing": entry})
    id, unnamed = check(bureau, named, codes=("4",)), check(bureau, (*named[:2], {"ground": "contact"}))
    bureau.takes(entry, "listing.published", "2026-03-11")
    assert [until(bureau, each) for each in (id, unnamed)] == [None, None]
    with pytest.raises(Refused):
        withdraw(bureau, id, "2026-12-31")
    repair = granted(bureau, entry, "2026-12-31", target="abnormal")
    bureau.takes(repair, "repair.stopped", "2026-12-31")
    assert until(bureau, id) == date(2026, 6, 9)


def test_repair_of_a_check_ends_its_publicity_in_the_same_save(bureau: Bureau) -> None:
    id = check(bureau)
    repair = granted(bureau, id, "2026-04-01", target="inspection")
    assert str(bureau.due(repair, "DL-REPAIR-DATA")) == "2026-04-07"
    assert bureau.ledger.inspection(id).shown
    bureau.takes(repair, "repair.stopped", "2026-04-02")
    assert not bureau.ledger.inspection(id).shown
    assert bureau.types(id)[-1] == "inspection.withdrawn"
    told = read(id, enumerate(bureau.ledger.events_of(id), 1)).facts
    assert [(s.kind, str(s.since)) for s in told[0].states][-1] == ("repaired", "2026-04-02")


def test_check_that_is_not_in_public_needs_no_repair(bureau: Bureau) -> None:
    over = check(bureau)
    assert "not-public" in bureau.refuses(
        None, "repair.applied", "2026-06-10", target="inspection", record=over
    )
    withdraw(bureau, over, "2026-04-01", "revoked")
    fine = check(bureau, codes=("1",))
    for id in (over, fine):
        found = bureau.refuses(None, "repair.applied", "2026-04-01", target="inspection", record=id)
        assert "not-public" in found


def test_check_kept_by_a_penalty_is_repaired_no_earlier_than_it(bureau: Bureau) -> None:
    case = bureau.case("2026-04-01", FINE)
    id = check(bureau, ("inspection.case-opened", MARCH, {"case": case, "summary": "?"}))
    found = bureau.refuses(None, "repair.applied", "2026-07-01", target="inspection", record=id)
    assert str(found["too-early"].earliest) == "2026-07-02"
    assert bureau.opens("repair.applied", "2026-07-02", target="inspection", record=id)


def test_check_that_ended_by_itself_meanwhile_is_not_granted(bureau: Bureau) -> None:
    id = check(bureau)
    repair = bureau.opens("repair.applied", "2026-06-08", target="inspection", record=id)
    for topic in ALL[:2]:
        bureau.takes(repair, topic, "2026-06-09")
    assert "not-public" in bureau.refuses(repair, "repair.granted", "2026-06-10")


def test_false_papers_bring_the_result_back_with_a_new_term(bureau: Bureau) -> None:
    id = check(bureau)
    repair = granted(bureau, id, "2026-04-01", target="inspection")
    bureau.takes(repair, "repair.stopped", "2026-04-02")
    bureau.takes(repair, "repair.revoked", "2026-08-03")
    assert bureau.types(id)[-1] == "inspection.restored"
    assert until(bureau, id) == date(2026, 11, 3)
    told = read(id, enumerate(bureau.ledger.events_of(id), 1)).facts
    assert "repaired" not in {state.kind for state in told[0].states}


def test_what_a_repair_does_to_a_check_is_no_step_of_its_own(bureau: Bureau) -> None:
    id = check(bureau)
    with pytest.raises(Refused) as refused:
        withdraw(bureau, id, "2026-04-01", "repair")
    assert [b.rule for b in refused.value.breaches] == ["by-repair-only"]
    who = Who("wz-u1", "head", f"w{next(NUMBERS)}")
    data = {"repair": "repair-1", "reason": "?"}
    with pytest.raises(NotPermitted):
        bureau.ledger.record_check(who, id, "inspection.restored", "2026-04-01", data)

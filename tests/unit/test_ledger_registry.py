"""Entities, officers and calendars in the ledger, and what a new holiday notice changes."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from enforcement.cases import deadlines
from enforcement.errors import InvalidData, KeyReused, NotFound, VersionConflict
from enforcement.events import Who
from enforcement.ledger import Ledger
from enforcement.registry.entity import Entity
from enforcement.registry.inspector import Inspector
from tests.unit import ledgers
from tests.unit.cases.given import filled, officer
from tests.unit.ledgers import who

USCC = "91330302MA2AAAAA0J"
ENTITY = {"uscc": USCC, "name": "某商行", "kind": "company", "region": "330302"}
NOTICE = {
    "year": 2027,
    "notice": "国办发明电〔2026〕9号",
    "off": ["2027-01-01", "2027-01-02", "2027-01-03"],
    "on": [],
}


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = ledgers.staffed(tmp_path / "ledger.db")
    yield made
    made.close()


def system(key: str) -> Who:
    return who(key, "bureau_system", "wz-sys")


def test_entity_is_registered_once_by_its_code(ledger: Ledger) -> None:
    receipt = ledger.register_entity(system("e1"), "2020-05-01", ENTITY)
    assert (receipt.id, receipt.version) == (f"entity-{USCC}", 1)
    assert ledger.register_entity(system("e1"), "2020-05-01", ENTITY).replayed
    with pytest.raises(VersionConflict):
        ledger.register_entity(system("e2"), "2020-05-01", ENTITY)
    with pytest.raises(KeyReused):
        ledger.register_entity(system("e1"), "2020-05-01", ENTITY | {"name": "另一商行"})


def test_entity_keeps_what_a_change_does_not_name(ledger: Ledger) -> None:
    ledger.register_entity(system("e1"), "2020-05-01", ENTITY)
    ledger.change_entity(system("e2"), USCC, "2026-05-01", {"status": "deregistered"}, 1)
    entity = ledger.held.take(Entity, f"entity-{USCC}", ledger.law)
    assert (entity.facts["name"], entity.facts["status"]) == ("某商行", "deregistered")
    event = ledger.read(ledger.head() - 1, 1)[0].event
    assert event is not None
    assert event.subject == USCC


def test_unknown_entity_and_officer_cannot_change(ledger: Ledger) -> None:
    with pytest.raises(NotFound):
        ledger.change_entity(system("e1"), USCC, "2026-05-01", {"status": "revoked"})
    with pytest.raises(NotFound):
        ledger.change_inspector(system("e2"), "wz-none", "2026-05-01", {"unit": "法规科"})


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"uscc": "91330302MA2AAAAA0X"}, "data.uscc"),
        ({"region": "0330"}, "data.region"),
        ({"kind": "shop"}, "data.kind"),
        ({"boss": "张三"}, "data.boss"),
    ],
)
def test_entity_of_a_wrong_form_is_refused(ledger: Ledger, changed: dict[str, str], field: str) -> None:
    head = ledger.head()
    with pytest.raises(InvalidData) as error:
        ledger.register_entity(system("e1"), "2020-05-01", ENTITY | changed)
    assert list(error.value.errors) == [field]
    assert ledger.head() == head


def test_renewed_licence_counts_from_the_next_command(ledger: Ledger) -> None:
    case = ledgers.clue(ledger, "k1").id
    ledger.register_inspector(
        system("x"), "2020-01-01", officer("wz-x", "handler", licence_until="2025-12-31")
    )
    data = filled("case.verification-started", {"officers": ["wz-h1", "wz-x"]})

    def verify(key: str) -> str:
        return ledger.record(
            who(key, "handler", "wz-h1"), case, "case.verification-started", "2026-03-03", data
        ).id

    with pytest.raises(Exception, match="licence of wz-x"):
        verify("k2")
    ledger.change_inspector(system("y"), "wz-x", "2026-01-01", {"licence_until": "2030-12-31"}, 1)
    assert verify("k3") == case


def test_roles_are_replaced_as_a_list(ledger: Ledger) -> None:
    roles = [{"role": "reviewer", "start": "2026-01-01", "end": "2026-06-30"}]
    ledger.change_inspector(system("y"), "wz-h3", "2026-01-01", {"roles": roles})
    inspector = ledger.held.take(Inspector, "inspector-wz-h3", ledger.law)
    assert not inspector.holds("handler", date(2026, 3, 1))
    assert [inspector.holds("reviewer", date(2026, month, 30)) for month in (6, 7)] == [True, False]


# -- calendars --------------------------------------------------------------------------------------------------


def late_case(ledger: Ledger) -> str:
    """Found on 18 December 2026: fifteen working days reach into 2027."""
    ledger.clock = lambda: ledgers.NOW.replace(month=12, day=30)
    return ledger.register_clue(who("late"), "2026-12-18", filled("case.clue-registered", {})).id


def due(ledger: Ledger, case: str) -> tuple[str, bool]:
    found = deadlines.one(ledger.case(case), "DL-VERIFY", ledger.law)
    assert found is not None
    return str(found.at), found.provisional


def test_loaded_notice_makes_provisional_dates_final(ledger: Ledger) -> None:
    case = late_case(ledger)
    # 21–25, 28–31 December are nine; plain weekends make 1, 4–8 January the rest
    assert due(ledger, case) == ("2027-01-08", True)
    ledger.load_calendar(system("c1"), "2026-11-20", NOTICE)
    assert due(ledger, case) == ("2027-01-11", False)


def test_corrected_notice_replaces_the_first(ledger: Ledger) -> None:
    case = late_case(ledger)
    ledger.load_calendar(system("c1"), "2026-11-20", NOTICE)
    ledger.load_calendar(system("c2"), "2026-12-20", NOTICE | {"off": ["2027-01-01"]})
    assert due(ledger, case) == ("2027-01-11", False)
    ledger.load_calendar(system("c3"), "2026-12-21", NOTICE | {"off": ["2027-01-01", "2027-01-04"]})
    assert due(ledger, case) == ("2027-01-12", False)


def test_calendar_is_there_when_the_ledger_opens_again(tmp_path: Path, ledger: Ledger) -> None:
    ledger.load_calendar(system("c1"), "2026-11-20", NOTICE)
    again = ledgers.at(tmp_path / "ledger.db")
    assert again.law.calendar.knows(2027)
    again.close()


def test_other_process_learns_of_a_calendar_when_it_needs_it(tmp_path: Path, ledger: Ledger) -> None:
    other = ledgers.at(tmp_path / "ledger.db")
    ledger.load_calendar(system("c1"), "2026-11-20", NOTICE)
    assert not other.law.calendar.knows(2027)
    assert due(other, late_case(other)) == ("2027-01-11", False)
    other.close()


def test_new_calendar_folds_cases_anew(ledger: Ledger) -> None:
    """Filing on 11 January is late by plain weekends and in time by the notice: the finding goes."""
    ledger.clock = lambda: ledgers.NOW.replace(year=2027, month=2)
    case = ledger.register_clue(who("late"), "2026-12-18", filled("case.clue-registered", {})).id
    data = filled("case.verification-started", {})
    ledger.record(who("v", "handler", "wz-h1"), case, "case.verification-started", "2026-12-21", data)
    data = filled("case.not-filed", {})
    ledger.record(who("n", "handler", "wz-h1"), case, "case.not-filed", "2027-01-11", data)
    assert [f["kind"] for f in ledger.case(case).findings] == ["deadline-overrun"]
    ledger.load_calendar(system("c1"), "2027-01-12", NOTICE)
    assert ledger.case(case).findings == []


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"off": ["2027-01-01"], "on": ["2027-01-01"]}, "data"),
        ({"on": ["2027-01-04"]}, "data"),
        ({"off": ["2028-01-01"]}, "data"),
        ({"off": ["2027-02-30"]}, "data.off.0"),
        ({"year": 9999}, "data.year"),
        ({"year": 1999}, "data.year"),
        ({"year": "2027"}, "data.year"),
    ],
)
def test_notice_that_cannot_be_is_refused(ledger: Ledger, changed: dict[str, object], field: str) -> None:
    head, law = ledger.head(), ledger.law
    with pytest.raises(InvalidData) as error:
        ledger.load_calendar(system("c1"), "2026-11-20", NOTICE | changed)
    assert list(error.value.errors) == [field]
    assert ledger.head() == head
    assert ledger.law is law

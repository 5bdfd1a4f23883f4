"""Fairness, prediction and indicators over HTTP and from the terminal."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from api.cli import main
from projections.queries import fairness as questions
from projections.store import Store
from streams.feed import LedgerFeed
from tests.api.conftest import Bureau, enrol, start
from tests.api.test_checks import PARTIES, event, frozen, nonce
from tests.unit.checks.given import STEPS
from tests.unit.test_item_list_and_plans import ITEM


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bureau]:
    """Two businesses drawn of six, both inspected, a problem found at one; a voided campaign beside it."""
    bureau = start(tmp_path_factory.mktemp("fair"))
    enrol(bureau)
    id = frozen(bureau, policy={"id": "policy-x", "hash": "ab" * 32})
    for party in PARTIES:
        event(bureau, id, "revealed", "auditor", name=party, nonce=nonce(party).hex())
    event(bureau, id, "drawn")
    event(bureau, id, "staffed")
    bureau.caught_up()
    rows = bureau.get(f"/inspections?campaign={id}").json["items"]
    for row, code in zip(rows, ("1", "8"), strict=True):
        inspect(bureau, row["id"], code)
    body = {"occurred": "2026-03-20", "data": {**PLANNED, "joint": [{"department": "消防", "item": "xf-01"}]}}
    other = bureau.post("/campaigns", body, "unit_head").json["id"]
    event(bureau, other, "voided", why="other", reason="任务取消")
    bureau.caught_up()
    yield bureau
    bureau.services.close()


PLANNED = {
    "item": {"code": "jl-jmsc-02", "kind": "general"},
    "region": "330302",
    "unit": "鹿城计量科",
    "start": "2026-03-20",
    "end": "2026-04-20",
    "questions": [{"id": "q1", "text": "?"}],
}


def inspect(bureau: Bureau, id: str, code: str) -> None:
    team = bureau.get(f"/inspections/{id}").json["officers"]
    followups = [{"code": "1" if code == "1" else "4"}]
    changed = {
        "notified": {"approved_by": "wz-lc-003"},
        "entered": {"officers": team},
        "recorded": {"answers": [{"question": "q1", "answer": "yes"}]},
        "results-entered": {"codes": [code], "provincial": [], "followups": followups},
    }
    for name, more in changed.items():
        role, _, _, data = STEPS[name]
        body = {"type": f"inspection.{name}", "occurred": "2026-03-20", "data": data | more}
        answer = bureau.post(f"/inspections/{id}/events", body, role)
        assert answer.status_code == 201, answer.json


def test_inspectors_are_told_with_load_pairs_and_strictness(checked: Bureau) -> None:
    found = checked.get("/checks/fairness", "auditor").json
    assert (found["inspections"], found["findings"]["found"], found["findings"]["of"]) == (2, 1, 2)
    assert sum(each["inspections"] for each in found["inspectors"]) == 4
    assert all(each["recusals"]["found"] == 0 and not each["apart"] for each in found["inspectors"])
    assert (found["repeats"]["observed"], found["repeats"]["p_value"]) == (0, 1.0)
    assert found["organisers"] == [
        {"organiser": "wz-lc-001", "campaigns": 2, "redraws": 0, "recusals": 0, "voided": {"other": 1}}
    ]


def test_days_limit_what_is_looked_at(checked: Bureau) -> None:
    found = checked.get("/checks/fairness?since=2026-01-01&until=2026-03-19", "auditor").json
    assert (found["inspections"], found["inspectors"], found["organisers"]) == (0, [], [])
    assert checked.get("/checks/fairness?since=2026-13-01", "auditor").status_code == 422


def test_only_auditors_and_leaders_read_it(checked: Bureau) -> None:
    assert checked.get("/checks/fairness", "handler").status_code == 403
    assert checked.get("/checks/indicators", "head", region="330304").json["items"][0]["of"] == 0


def test_prediction_has_every_class_and_its_lift(checked: Bureau) -> None:
    found = checked.get("/checks/prediction", "auditor").json
    assert found["overall"]["share"] == 0.5
    assert [each["grade"] for each in found["classes"]] == ["A", "B", "C", "D"]
    assert all(each["of"] == 0 and each["lift"] is None for each in found["classes"])


def test_indicators_have_the_bureau_s_own_names(checked: Bureau) -> None:
    found = {
        each["zh"]: (each["found"], each["of"]) for each in checked.get("/checks/indicators").json["items"]
    }
    assert found == {
        "计划完成率": (0, 1),
        "公示率": (0, 2),
        "后续处置率": (0, 0),
        "抽查事项覆盖率": (0, 0),
        "联合监管率": (0, 1),
        "信用规则应用率": (1, 1),
    }


def test_terminal_prints_table_json_and_picture(checked: Bureau, tmp_path: Path) -> None:
    environ = {
        "STEELYARD_DATABASE_URL": checked.services.settings.database_url,
        "STEELYARD_FILES_URL": checked.services.settings.files_url,
    }
    picture = tmp_path / "fair.png"
    days = ["--since", "2026-01-01", "--until", "2026-12-31"]
    run = CliRunner().invoke(main, ["checks", "fairness", *days, "--picture", str(picture)], env=environ)
    assert run.exit_code == 0, run.output
    assert "2 random checks from 2026-01-01" in run.output
    assert picture.read_bytes().startswith(b"\x89PNG")
    run = CliRunner().invoke(main, ["checks", "indicators", *days, "--json"], env=environ)
    assert '"公示率"' in run.output
    id = checked.get("/campaigns?state=STAFFED").json["items"][0]["id"]
    run = CliRunner().invoke(main, ["draw", "transcript", id], env=environ)
    assert run.stdout_bytes == checked.client.get(f"/campaigns/{id}/transcript").data


def test_share_of_an_inspector_that_stands_apart_is_marked(store_with_grades: Store) -> None:
    from datetime import date

    with store_with_grades.read() as conn:
        found = questions.fairness(conn, None, date(2026, 1, 1), date(2026, 12, 31))
        told = questions.prediction(conn, None, date(2026, 1, 1), date(2026, 12, 31))
    apart = {each["inspector"]: each["apart"] for each in found["inspectors"]}
    assert apart == {"wz-1": True, "wz-2": True, "wz-3": False}
    lifts = {each["grade"]: each["lift"] for each in told["classes"]}
    assert (lifts["A"], lifts["D"], lifts["B"]) == (0.0, 2.0, None)


def test_leave_is_the_share_of_days_each_once(store_with_grades: Store) -> None:
    """A hundred days; leave that began before, overlaps itself, has no end, or lies outside."""
    from datetime import date

    with store_with_grades.read() as conn:
        found = questions.fairness(conn, None, date(2026, 1, 1), date(2026, 4, 10))
        one_day = questions.fairness(conn, None, date(2026, 3, 2), date(2026, 3, 2))
    assert {each["inspector"]: each["leave"] for each in found["inspectors"]} == {
        "wz-1": 0.12,
        "wz-2": 0.10,
        "wz-3": 0.0,
    }
    assert {each["inspector"]: each["leave"] for each in one_day["inspectors"]} == {
        "wz-1": 1.0,
        "wz-2": 0.0,
        "wz-3": 0.0,
    }


def test_coverage_is_of_the_items_that_stand_on_the_list(store_with_grades: Store) -> None:
    """Two stand on it, one of them was checked at random; the checked one that was taken off counts nowhere."""
    from datetime import date

    with store_with_grades.read() as conn:
        found = questions.indicators(conn, None, date(2026, 1, 1), date(2026, 12, 31))
    (coverage,) = (each for each in found if each["zh"] == "抽查事项覆盖率")
    assert (coverage["found"], coverage["of"], coverage["share"]) == (1, 2, 0.5)


LEAVE = {
    "wz-1": [("2025-12-20", "2026-01-02"), ("2026-03-01", "2026-03-10"), ("2026-03-02", "2026-03-05")],
    "wz-2": [("2026-04-01", None)],
    "wz-3": [("2025-01-01", "2025-12-31"), ("2026-04-11", "2026-04-30")],
}


def registers(book: Any) -> None:
    """Officers with their leave; an item that was checked, one that was not, and one that was taken off the list."""
    for officer, away in LEAVE.items():
        leave = [{"start": start} | ({"end": end} if end else {}) for start, end in away]
        data = {"officer": officer, "unit": "计量科", "region": "330302", "licence_until": "2028-01-01"}
        book.add(f"inspector-{officer}", "inspector.registered", "2025-01-01", **data, roles=[], leave=leave)
    for code in ("jl-jmsc-01", "jl-jyz-02", "jl-old"):
        book.add(f"item-{code}", "item.listed", "2026-01-05", **ITEM | {"code": code})
    book.add("item-jl-old", "item.withdrawn", "2026-02-01", reason="依据废止")


@pytest.fixture
def store_with_grades(tmp_path: Path) -> Iterator[Store]:
    """Sixty random checks: what wz-1 inspects is always of class D with a problem, what wz-2 inspects never."""
    from projections.checks import CHECKS
    from projections.rebuild import prepare
    from projections.registers import REGISTERS
    from tests.store.caseside import Book, followed
    from tests.store.checkside import ASSIGNED
    from tests.store.readside import ListLog

    book = Book()
    registers(book)
    for n in range(60):
        bad = n % 2 == 0
        id, team = f"inspection-{n}", ["wz-1" if bad else "wz-2", "wz-3"]
        given = {"officers": team, "random": True, "grade": "D" if bad else "A", "object": f"o-{n}"}
        given |= {"item": "jl-old"} if n > 50 else {}
        book.add(id, "inspection.assigned", "2026-03-02", **ASSIGNED | given)
        book.add(id, "inspection.entered", "2026-03-02", officers=team, entry="check_in", licence_shown=True)
        codes = ["8"] if bad else ["1"]
        book.add(id, "inspection.results-entered", "2026-03-03", codes=codes, followups=[])
    store = Store(f"sqlite:///{tmp_path}/read.db")
    prepare(store)
    for projection in (CHECKS, REGISTERS):
        followed(store, projection, LedgerFeed(ListLog(book.rows)))
    yield store
    store.close()

"""Policies over HTTP and at the command line: adopted by a head, read by all, checked before."""

import json
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest
from click.testing import CliRunner

from api.cli import main
from api.services import build
from enforcement.credit.city import City
from enforcement.settings import Settings
from tests.api.conftest import Bureau
from tests.unit.credit.given import clause, document, text

SHIPPED = files("enforcement.credit").joinpath("policies", "wenzhou-metrology-2026.yaml")


def adopted(bureau: Bureau, key: str = "k1", roles: tuple[str, ...] = ("head",), **changed: str):  # type: ignore[no-untyped-def]
    body = {"occurred": "2026-03-19", "data": {"text": text(document(**changed))}}
    return bureau.post("/policies", body, *roles, Idempotency_Key=key)


def test_a_head_adopts_and_everyone_reads(bureau: Bureau) -> None:
    answer = adopted(bureau)
    assert (answer.status_code, answer.headers["Location"]) == (201, "/policies/test-2026")
    listed = bureau.get("/policies", "handler").json
    assert [item["id"] for item in listed["items"]] == ["test-2026"]
    assert listed["in_force"] == "test-2026"
    one = bureau.get("/policies/test-2026", "auditor").json
    assert one["document"]["clauses"][0]["points"] == {"fixed": "-10"}
    assert one["text"] == text(document())


def test_a_day_before_every_policy_has_none_in_force(bureau: Bureau) -> None:
    adopted(bureau)
    assert bureau.get("/policies?on=2023-12-31").json["in_force"] is None


def test_only_a_head_adopts(bureau: Bureau) -> None:
    assert adopted(bureau, roles=("handler",)).status_code == 403


def test_every_fault_of_a_draft_is_named_by_its_path(bureau: Bureau) -> None:
    answer = adopted(bureau, base="x", valid_to="2023-01-01")
    assert answer.status_code == 422
    assert [error["path"] for error in answer.json["errors"]] == ["policy.base"]


def test_the_same_key_adopts_once_and_another_key_conflicts(bureau: Bureau) -> None:
    first = adopted(bureau)
    again = adopted(bureau)
    assert (again.status_code, again.headers["Idempotent-Replayed"]) == (201, "true")
    assert again.json == first.json
    assert adopted(bureau, "k2", base="99").status_code in (409, 412)


def test_a_policy_that_was_not_adopted_is_not_found(bureau: Bureau) -> None:
    assert bureau.get("/policies/no-such").status_code == 404


def test_a_draft_is_tried_out_over_http(bureau: Bureau) -> None:
    adopted(bureau)
    bureau.services.ledger.append(list(City("http", 40, date(2026, 3, 19), busy=40).histories()))
    draft = text(document(clause(points={"fixed": "-45"}), id="draft"))
    answer = bureau.post("/policies/simulate", {"text": draft}, "head")
    assert answer.status_code == 200, answer.json
    assert (answer.json["businesses"], answer.json["checked"]) == (40, {"businesses": 40, "different": []})
    assert answer.json["changes"] == len(answer.json["movers"]) > 0
    assert answer.json["movers"][0]["clauses"][0]["clause"] == "penalty"


def test_a_what_if_without_a_policy_in_force_says_so(bureau: Bureau) -> None:
    answer = bureau.post("/policies/simulate", {"text": text(document())}, "head")
    assert (answer.status_code, answer.json["detail"]) == (404, "no scoring policy is in force on 2026-03-20")


# -- at the command line ---------------------------------------------------------------------------------------


def run(*args: str, env: dict[str, str] | None = None) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["policy", *args], env=env)
    return result.exit_code, result.output


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return {"STEELYARD_DATABASE_URL": f"sqlite:///{tmp_path}/ledger.db"}


def test_check_finds_no_fault_in_the_shipped_policy() -> None:
    code, said = run("check", str(SHIPPED))
    assert code == 0
    assert said.startswith("wenzhou-metrology-2026: no fault in ")


def test_check_lists_faults_in_both_languages_and_ends_with_one(tmp_path: Path) -> None:
    draft = tmp_path / "draft.json"
    draft.write_text(text(document(clause(ends=["forgotten"]))), "utf-8")
    code, said = run("check", str(draft), "--json")
    faults = json.loads(said)["faults"]
    assert (code, faults[0]["path"]) == (1, "policy.clauses.penalty.ends")
    assert faults[0]["en"].startswith("no such state: forgotten")
    assert "没有该状态" in faults[0]["zh"]
    assert run("check", str(draft))[0] == 1


def test_fields_lists_what_clauses_may_look_at() -> None:
    code, said = run("fields", "case.penalty-decided", "--json")
    rows = {row["field"]: row for row in map(json.loads, said.splitlines())}
    assert code == 0
    assert rows["record"]["values"] == "general, minor, not_published, serious"
    assert rows["penalties.code"]["kind"] == "list of text"
    assert run("fields", "calendar.loaded")[0] == 2


def test_adopt_list_and_show(env: dict[str, str]) -> None:
    code, said = run("adopt", str(SHIPPED), "--actor", "wz-h1", "--key", "k1", "--json", env=env)
    assert (code, json.loads(said)["id"]) == (0, "policy-wenzhou-metrology-2026")
    code, said = run("list", "--json", env=env)
    assert json.loads(said)["valid_from"] == "2026-01-01"
    assert "penalty-minor" in run("show", "wenzhou-metrology-2026", env=env)[1]
    assert run("show", "wenzhou-metrology-2026", "--text", env=env)[1] == SHIPPED.read_text("utf-8")
    assert run("show", "nothing", env=env)[0] == 1


def test_simulate_at_the_command_line(env: dict[str, str], tmp_path: Path) -> None:
    run("adopt", str(SHIPPED), "--actor", "wz-h1", env=env)
    services = build(Settings.from_env(env))
    services.ledger.append(list(City("cli", 40, date(2026, 11, 1), busy=40).histories()))
    services.close()
    same = json.loads(run("simulate", str(SHIPPED), "--json", env=env)[1])
    assert (same["changes"], same["checked"]) == (0, {"businesses": 40, "different": []})
    draft = tmp_path / "draft.yaml"
    shipped = SHIPPED.read_text("utf-8")
    draft.write_text(
        shipped.replace("fixed: -15", "fixed: -45", 1).replace("id: wenzhou-metrology-2026", "id: draft")
    )
    files = ["--out", str(tmp_path / "out"), "--picture", str(tmp_path / "change.svg")]
    code, said = run("simulate", str(draft), "--as-of", "2026-11-01", *files, env=env)
    assert code == 0, said
    assert "draft beside wenzhou-metrology-2026: 40 businesses" in said
    assert "penalty-general" in (tmp_path / "out" / "causes.csv").read_text()
    assert (tmp_path / "change.svg").read_text().startswith("<?xml")

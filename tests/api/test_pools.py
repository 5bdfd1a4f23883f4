"""Pools over HTTP and at the command line: counted, streamed, explained, to those who may know."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import orjson
import pytest
from click.testing import CliRunner

from api.cli import main
from tests.api.conftest import CLUE, Bureau, enrol, start
from tests.unit.test_item_list_and_plans import ITEM

A, B, C = "91330302MA2AAAAA0J", "91330302000000001K", "91330304000000002K"
CODE = ITEM["code"]


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bureau]:
    """Three businesses, of which one left and one has a case open; one item."""
    bureau = start(tmp_path_factory.mktemp("pools"))
    enrol(bureau)
    give(bureau, "/items", {**ITEM, "ratio": "1/5"}, "head")
    for uscc, region in ((A, "330302"), (B, "330302"), (C, "330304")):
        business = {"uscc": uscc, "name": "某商行", "kind": "company", "region": region}
        give(bureau, "/entities", business, "handler")
    bureau.post(
        f"/entities/{B}/events",
        {"type": "entity.changed", "occurred": "2026-02-01", "data": {"status": "deregistered"}},
        "handler",
    )
    party = {"id": "p1", "kind": "organisation", "uscc": C}
    give(bureau, "/cases", {**CLUE, "region": "330304", "parties": [party]}, "intake")
    settled(bureau)
    yield bureau
    bureau.services.close()


def give(bureau: Bureau, path: str, data: dict[str, Any], role: str) -> None:
    answer = bureau.post(path, {"occurred": "2026-02-01", "data": data}, role)
    assert answer.status_code == 201, answer.json


def settled(bureau: Bureau) -> str:
    head = bureau.caught_up()
    assert bureau.services.follower.wait_for(int(head), 20, "pools")
    return head


def ask(bureau: Bureau, path: str, route: str, **more: Any) -> Any:
    """An answer of the form that the document gives it."""
    answer = bureau.get(path, "head", After=settled(bureau), **more)
    assert answer.status_code == 200, answer.json
    document: Any = bureau.client.get("/openapi.json").json
    schema = document["paths"][route]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    jsonschema.Draft202012Validator({**schema, "components": document["components"]}).validate(answer.json)
    return answer.json


def lines(bureau: Bureau, path: str, *roles: str) -> list[Any]:
    answer = bureau.get(path, *(roles or ("head",)), After=settled(bureau))
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/x-ndjson")
    return [orjson.loads(line) for line in answer.data.splitlines()]


def test_pool_is_counted_by_stratum_and_reason(stocked: Bureau) -> None:
    counts = ask(stocked, f"/pools/{CODE}", "/pools/{id}")
    assert (counts["size"], counts["day"]) == (1, "2026-03-20")
    assert [(row["key"], row["size"]) for row in counts["strata"]] == [
        ("330302/-/company", 1),
        ("330304/-/company", 0),
    ]
    assert counts["excluded"] == {"deregistered": 1, "case_open": 1}
    sizes = ask(stocked, "/pools", "/pools")["items"]
    assert [(row["id"], row["size"]) for row in sizes] == [(CODE, 1)]


def test_members_and_exclusions_come_a_line_each(stocked: Bureau) -> None:
    assert lines(stocked, f"/pools/{CODE}/members") == [
        {"object": A, "region": "330302", "stratum": "330302/-/company"}
    ]
    found = lines(stocked, f"/pools/{CODE}/exclusions", "auditor")
    assert [(row["object"], [reason["code"] for reason in row["reasons"]]) for row in found] == [
        (B, ["state"]),
        (C, ["case_open"]),
    ]
    assert found[0]["reason"] == "登记状态：deregistered"
    assert lines(stocked, f"/pools/{CODE}/exclusions?regions=330304,330381")[0]["object"] == C


def test_one_object_is_explained(stocked: Bureau) -> None:
    route = "/pools/{id}/objects/{object}"
    assert ask(stocked, f"/pools/{CODE}/objects/{A}", route)["member"]
    told = ask(stocked, f"/pools/{CODE}/objects/{C}", route)
    assert (told["member"], told["reasons"][0]["code"]) == (False, "case_open")
    assert stocked.get(f"/pools/{CODE}/objects/{A[:-1]}X", "head").status_code == 404


def test_members_are_not_told_to_those_who_may_be_sent(stocked: Bureau) -> None:
    for path in ("members", "exclusions", f"objects/{A}"):
        assert stocked.get(f"/pools/{CODE}/{path}", "handler").status_code == 403
    assert stocked.get(f"/pools/{CODE}", "handler").status_code == 200


def test_officer_of_a_county_sees_its_part_of_a_pool(stocked: Bureau) -> None:
    assert ask(stocked, f"/pools/{CODE}", "/pools/{id}", region="330304")["size"] == 0
    assert ask(stocked, f"/pools/{CODE}", "/pools/{id}", region="330302")["size"] == 1


@pytest.mark.parametrize("query", ["day=2026-02-30", "regions=33", "colour=red", "kinds=B%20C"])
def test_wrong_filters_are_refused(stocked: Bureau, query: str) -> None:
    assert stocked.get(f"/pools/{CODE}?{query}", "head").status_code == 422


def test_item_that_is_not_listed_has_no_pool_in_any_form(stocked: Bureau) -> None:
    for path in ("", "/members", "/exclusions", f"/objects/{A}"):
        assert stocked.get(f"/pools/none{path}", "head").status_code == 404


def test_pools_at_the_command_line_say_the_same(stocked: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Path(stocked.services.settings.auth_key_file).parent
    for name in [name for name in os.environ if name.startswith("STEELYARD_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("STEELYARD_DATABASE_URL", f"sqlite:///{folder}/ledger.db")

    def run(*words: str) -> str:
        result = CliRunner().invoke(main, ["pool", *words])
        assert result.exit_code == 0, result.output
        return result.stdout

    assert orjson.loads(run("counts", CODE, "--json"))["size"] == 1
    assert "330302/-/company" in run("counts", CODE)
    assert orjson.loads(run("members", CODE))["object"] == A
    assert [orjson.loads(line)["object"] for line in run("exclusions", CODE).splitlines()] == [B, C]
    assert run("exclusions", CODE, "--region", "330302", "--class", "D") == ""
    assert "case open: case-" in run("why", CODE, C)
    assert orjson.loads(run("why", CODE, A, "--json"))["member"]
    assert CliRunner().invoke(main, ["pool", "counts", "none"]).exit_code == 1

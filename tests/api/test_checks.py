"""Checks over HTTP: inspections, public results, net content."""

from hashlib import sha256
from typing import Any

import orjson

from enforcement.checks.entropy import commitment
from enforcement.checks.verify_draw import verify
from tests.api.conftest import Bureau
from tests.unit.checks.given import ASSIGNED, STEPS
from tests.unit.checks.test_netcontent import FAILING
from tests.unit.checks.test_netcontent_ledger import TEST
from tests.unit.test_item_list_and_plans import ITEM

TEAM = ["wz-lc-001", "wz-lc-002"]


def assigned(bureau: Bureau, on: str = "2026-03-02", **changed: Any) -> str:
    body = {"occurred": on, "data": ASSIGNED | {"officers": TEAM} | changed}
    answer = bureau.post("/inspections", body, "unit_head")
    assert answer.status_code == 201, answer.json
    assert answer.headers["Location"] == f"/inspections/{answer.json['id']}"
    return str(answer.json["id"])


def step(bureau: Bureau, id: str, name: str, *, ok: bool = True, **changed: Any) -> Any:
    role, _, on, data = STEPS[name]
    given = {"officers": TEAM} if "officers" in data else {}
    given |= {"approved_by": "wz-lc-003"} if "approved_by" in data else {}
    actor = "wz-lc-003" if name == "audited" else "wz-lc-001"
    body = {"type": f"inspection.{name}", "occurred": on, "data": data | given | changed}
    answer = bureau.post(f"/inspections/{id}/events", body, role, actor=actor)
    assert not ok or answer.status_code == 201, answer.json
    return answer


def published(bureau: Bureau, **changed: Any) -> str:
    id = assigned(bureau, **changed)
    for name in STEPS:
        step(bureau, id, name)
    return id


def test_inspection_is_carried_from_order_to_public_result(bureau: Bureau) -> None:
    id = published(bureau)
    read = bureau.get(f"/inspections/{id}", After=bureau.caught_up())
    assert (read.status_code, read.json["state"], read.headers["ETag"]) == (200, "FOLLOW_UP_OPEN", '"7"')
    assert [code["zh"] for code in read.json["codes"]] == ["发现问题已责令改正"]
    assert [code["zh"] for code in read.json["provincial"]] == [
        "违反质量技术监督规定",
        "发现问题经责令已改正",
    ]
    assert "inspection.followup-finished" in [e["type"] for e in read.json["allowed_events"]]
    public = bureau.client.get("/checks/results")
    assert [(r["id"], r["published"]) for r in public.json["items"]] == [(id, "2026-03-09")]
    assert public.json["items"][0]["codes"][0]["code"] == "5"


def test_unpublished_and_withdrawn_results_are_not_public(bureau: Bureau) -> None:
    id = assigned(bureau)
    for name in ("notified", "entered", "recorded", "results-entered", "audited"):
        step(bureau, id, name)
    bureau.caught_up()
    assert bureau.client.get("/checks/results").json["items"] == []
    step(bureau, id, "published")
    body = {
        "type": "inspection.withdrawn",
        "occurred": "2026-03-10",
        "data": {"why": "wrong", "reason": "对象录错"},
    }
    assert bureau.post(f"/inspections/{id}/events", body, "head").status_code == 201
    bureau.caught_up()
    assert bureau.client.get("/checks/results").json["items"] == []


def test_refusal_names_rule_and_article(bureau: Bureau) -> None:
    id = assigned(bureau)
    answer = step(bureau, id, "entered", ok=False)
    assert (answer.status_code, answer.json["type"]) == (409, "/problems/refused-by-statute")
    assert answer.json["breaches"][0]["rule"] == "wrong-state"
    answer = bureau.post(
        f"/inspections/{id}/events", {"type": "inspection.assigned", "occurred": None, "data": {}}
    )
    assert answer.status_code == 422


def test_other_division_sees_no_inspection(bureau: Bureau) -> None:
    id = published(bureau)
    after = bureau.caught_up()
    assert bureau.get(f"/inspections/{id}", region="330304", After=after).status_code == 404
    assert bureau.get("/inspections", region="330304").json["items"] == []
    body = {"type": "inspection.withdrawn", "occurred": "2026-03-10", "data": {"why": "wrong", "reason": "?"}}
    assert bureau.post(f"/inspections/{id}/events", body, "head", region="330304").status_code == 404
    assert bureau.get("/inspections/inspection-nowhere").status_code == 404


def test_inspections_are_found_by_what_they_are_about(bureau: Bureau) -> None:
    first, second = published(bureau), assigned(bureau, item="jl-jyz-02", entity=None, object="instrument-7")
    bureau.caught_up()
    for query, expected in {
        "item=jl-jyz-02": {second},
        f"entity={ASSIGNED['entity']}": {first},
        "state=FOLLOW_UP_OPEN,PUBLISHED": {first},
        "officer=wz-lc-002": {first, second},
        "code=5": {first},
        "region=330302": {first, second},
        "region=330304": set(),
        "overdue=true": set(),
        "overdue=false": {first, second},
    }.items():
        found = bureau.get(f"/inspections?{query}").json["items"]
        assert {row["id"] for row in found} == expected, query
    page = bureau.get("/inspections?limit=1").json
    following = bureau.get(f"/inspections?limit=1&cursor={page['next']}").json
    assert {page["items"][0]["id"], following["items"][0]["id"]} == {first, second}
    assert following["next"] is None


def test_overdue_publication_is_found(bureau: Bureau) -> None:
    """Today is 20 March 2026; twenty working days from 14 February, over the Spring Festival, end today."""
    due, late = assigned(bureau, "2026-02-10"), assigned(bureau, "2026-02-10")
    for id, on in ((due, "2026-02-14"), (late, "2026-02-13")):
        for name in ("notified", "entered", "recorded", "results-entered"):
            body_on(bureau, id, name, on)
    bureau.caught_up()
    assert [row["id"] for row in bureau.get("/inspections?overdue=true").json["items"]] == [late]


def body_on(bureau: Bureau, id: str, name: str, on: str) -> None:
    role, _, _, data = STEPS[name]
    given = {"officers": TEAM} if "officers" in data else {}
    given |= {"approved_by": "wz-lc-003"} if "approved_by" in data else {}
    body = {"type": f"inspection.{name}", "occurred": on, "data": data | given}
    answer = bureau.post(f"/inspections/{id}/events", body, role)
    assert answer.status_code == 201, answer.json


def test_netcontent_test_is_judged_read_and_computed_again(bureau: Bureau) -> None:
    answer = bureau.post(
        "/netcontent", {"occurred": "2026-03-10", "data": TEST | {"readings": FAILING}}, "handler"
    )
    assert answer.status_code == 201, answer.json
    id, after = answer.json["id"], bureau.caught_up()
    read = bureau.get(f"/netcontent/{id}", After=after).json
    assert (read["test"]["overall"], read["test"]["result"]["t1"], read["recomputed"]) == (False, 1, {})
    found = bureau.get("/netcontent?overall=false").json["items"]
    assert [row["id"] for row in found] == [id]
    assert bureau.get("/netcontent?overall=true").json["items"] == []
    assert bureau.get(f"/netcontent/{id}", region="330304").status_code == 404
    body = {"type": "netcontent.withdrawn", "occurred": "2026-03-11", "data": {"reason": "读数录错"}}
    assert bureau.post(f"/netcontent/{id}/events", body, "handler").status_code == 201
    bureau.caught_up()
    assert bureau.get("/netcontent").json["items"] == []
    assert bureau.get(f"/netcontent/{id}").json["withdrawn"] == "读数录错"


def test_netcontent_of_an_outside_division_is_refused(bureau: Bureau) -> None:
    answer = bureau.post("/netcontent", {"occurred": "2026-03-10", "data": TEST}, "handler", region="330304")
    assert answer.status_code == 403


PLAN = {
    "item": {"code": "jl-jmsc-01", "kind": "general"},
    "region": "330302",
    "unit": "鹿城计量科",
    "start": "2026-03-20",
    "end": "2026-04-20",
    "questions": [{"id": "q1", "text": "强制检定标志是否有效"}],
}
PARTIES = ("市场监管局", "派驻纪检组")


def nonce(party: str) -> bytes:
    return sha256(party.encode()).digest()


def frozen(bureau: Bureau, **changed: Any) -> str:
    """A campaign over six businesses, frozen at the standing clock of 20 March 2026, 02:00 UTC."""
    answer = bureau.post("/campaigns", {"occurred": "2026-03-20", "data": PLAN | changed}, "unit_head")
    assert answer.status_code == 201, answer.json
    id = str(answer.json["id"])
    parties = [{"name": p, "commitment": commitment(id, p, nonce(p)).hex()} for p in PARTIES]
    body = {
        "ratios": {"all": "1/3"},
        "entropy": {"parties": parties, "reveal_by": "2026-03-20T04:00:00Z", "public": None},
        "objects": [{"object": f"o-{n}", "region": "330302", "stratum": "all"} for n in range(6)],
        "inspectors": [
            {"inspector": f"wz-lc-00{n}", "regions": ["330302"], "skills": [], "cap": 9} for n in (1, 2, 3)
        ],
    }
    answer = bureau.post(f"/campaigns/{id}/freeze", body, "unit_head")
    assert answer.status_code == 201, answer.json
    return id


def event(bureau: Bureau, id: str, step: str, /, *roles: str, **data: Any) -> Any:
    body = {"type": f"campaign.{step}", "occurred": "2026-03-20", "data": data}
    return bureau.post(f"/campaigns/{id}/events", body, *(roles or ("unit_head",)))


def test_freeze_is_public_before_the_draw_and_the_transcript_after_it(bureau: Bureau) -> None:
    id = frozen(bureau)
    bureau.caught_up()
    listed = bureau.client.get("/checks/freezes").json["items"]
    freeze = bureau.client.get(f"/campaigns/{id}/freeze").data
    assert [(row["id"], row["plan_hash"]) for row in listed] == [(id, sha256(freeze).hexdigest())]
    assert bureau.client.get(f"/campaigns/{id}/transcript").status_code == 404
    for party in PARTIES:
        assert (
            event(bureau, id, "revealed", "auditor", name=party, nonce=nonce(party).hex()).status_code == 201
        )
    assert event(bureau, id, "drawn").status_code == 201
    bureau.caught_up()
    raw = bureau.client.get(f"/campaigns/{id}/transcript").data
    assert verify(raw, listed[0]["plan_hash"]).difference is None
    read = bureau.get(f"/campaigns/{id}").json
    assert (read["state"], read["drawn"], len(read["notes"])) == ("DRAWN", 2, 1)


def test_confidential_lists_are_null_in_public(bureau: Bureau) -> None:
    id = frozen(bureau, confidential=True)
    for party in PARTIES:
        event(bureau, id, "revealed", "auditor", name=party, nonce=nonce(party).hex())
    event(bureau, id, "drawn")
    bureau.caught_up()
    found = bureau.client.get(f"/campaigns/{id}/transcript").json
    assert [found[name] for name in ("objects", "inspectors", "conflicts", "loads")] == [None] * 4
    assert verify(orjson.dumps(found)).difference is None


def test_attempt_between_freeze_and_draw_is_told_why(bureau: Bureau) -> None:
    id = frozen(bureau)
    answer = event(bureau, id, "changed", team=3, reason="?")
    assert (answer.status_code, answer.json["breaches"][0]["rule"]) == (409, "frozen")
    assert "plan hash" in answer.json["detail"]
    answer = bureau.post(f"/campaigns/{id}/freeze", {"ratios": {}}, "unit_head")
    assert answer.status_code == 422


def test_campaigns_are_listed_and_hidden_from_other_divisions(bureau: Bureau) -> None:
    id = frozen(bureau)
    bureau.caught_up()
    for query, expected in {
        "": [id],
        "state=FROZEN,DRAWN": [id],
        "state=CLOSED": [],
        "item=jl-jmsc-01": [id],
        "region=330304": [],
        "held_elsewhere=true": [],
    }.items():
        assert [row["id"] for row in bureau.get(f"/campaigns?{query}").json["items"]] == expected, query
    assert bureau.get(f"/campaigns/{id}", region="330304").status_code == 404
    body = {"type": "campaign.changed", "occurred": "2026-03-20", "data": {"reason": "?"}}
    assert bureau.post(f"/campaigns/{id}/events", body, "unit_head", region="330304").status_code == 404


def test_visits_to_one_business_can_be_merged(bureau: Bureau) -> None:
    first, second = assigned(bureau), assigned(bureau, item="jl-jyz-02")
    assigned(bureau, item="jl-jyz-03", entity=None, object="instrument-7")
    bureau.caught_up()
    found = bureau.get("/checks/visits").json["items"]
    assert [(v["entity"], {i["id"] for i in v["inspections"]}) for v in found] == [
        (ASSIGNED["entity"], {first, second})
    ]


def test_lists_of_a_freeze_come_from_the_registers(bureau: Bureau) -> None:
    """Two businesses in the pool; the one to which two of three inspectors are related is taken out and named."""
    free, kin = "91330302MA2AAAAA0J", "91330302000000001K"
    given(bureau, "/items", {**ITEM, "ratio": "1/1"}, "head")
    for uscc in (free, kin):
        entity = {"uscc": uscc, "name": "某商行", "kind": "company", "region": "330302"}
        given(bureau, "/entities", entity, "handler")
    for officer in ("wz-lc-001", "wz-lc-002"):
        relation = {
            "relation": f"r-{officer}",
            "kind": "declared_interest",
            "a": f"inspector-{officer}",
            "b": f"entity-{kin}",
        }
        given(bureau, "/relations", relation, "head")
    id = bureau.post("/campaigns", {"occurred": "2026-03-20", "data": PLAN}, "unit_head").json["id"]
    bureau.caught_up()
    parties = [{"name": p, "commitment": commitment(id, p, nonce(p)).hex()} for p in PARTIES]
    entropy = {"parties": parties, "reveal_by": "2026-03-20T04:00:00Z", "public": None}
    answer = bureau.post(f"/campaigns/{id}/freeze", {"entropy": entropy}, "unit_head")
    assert answer.status_code == 201, answer.json
    bureau.caught_up()
    freeze = bureau.client.get(f"/campaigns/{id}/freeze").json
    assert (freeze["objects_size"], freeze["inspectors_size"]) == (1, 3)
    assert [row["object"] for row in freeze["excluded"]] == [kin]
    assert [(row["key"], row["sample"]) for row in freeze["strata"]] == [("330302/-/company", 1)]


def given(bureau: Bureau, path: str, data: dict[str, Any], role: str) -> None:
    answer = bureau.post(path, {"occurred": "2026-02-01", "data": data}, role)
    assert answer.status_code == 201, answer.json

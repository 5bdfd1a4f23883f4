"""Items, plans, instruments, products, stalls, inspectors and relations over HTTP, each as its document says."""

import re
from typing import Any

import jsonschema
import pytest

from tests.api.conftest import Bureau
from tests.unit.test_item_list_and_plans import BATCH, ITEM, PLAN

OWNER, OTHER = "91330302MA2AAAAA0J", "91330302000000001K"
DISPENSER = {"instrument": "g-1", "kind": "fuel-dispenser", "owner": OWNER, "region": "330302"}
HEAD, HANDLER = ("head",), ("handler",)
Data = dict[str, Any]


def give(
    bureau: Bureau,
    path: str,
    data: Data,
    topic: str | None = None,
    roles: tuple[str, ...] = HEAD,
    **more: Any,
) -> str:
    """A command that is taken; where its result is."""
    body = {"occurred": "2026-02-01", "data": data} | ({"type": topic} if topic else {})
    answer = bureau.post(path, body, *roles, **more)
    assert answer.status_code == 201, answer.json
    return str(answer.headers["Location"])


def ask(bureau: Bureau, path: str, **more: Any) -> Any:
    """The answer, current and of the form that the document gives it."""
    answer = bureau.get(path, "auditor", After=bureau.caught_up(), **more)
    assert answer.status_code == 200, (path, answer.json)
    document: Any = bureau.client.get("/openapi.json").json
    plain = path.partition("?")[0]
    routes = {route: re.sub(r"\{\w+\}", "[^/]+", route) for route in document["paths"]}
    fitting = [r for r, form in routes.items() if re.fullmatch(form, plain)]
    route = min(fitting, key=lambda r: r.count("{"))
    schema = document["paths"][route]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    jsonschema.Draft202012Validator({**schema, "components": document["components"]}).validate(answer.json)
    return answer.json


def ids(page: Any) -> list[str]:
    return [item["id"] for item in page["items"]]


def test_item_is_listed_changed_filtered_and_withdrawn(bureau: Bureau) -> None:
    assert give(bureau, "/items", ITEM) == "/items/jl-jmsc-01"
    give(bureau, "/items", ITEM | {"code": "jl-jyj-01", "objects": "instrument", "kind": "key"})
    give(bureau, "/items/jl-jmsc-01/events", {"skill": "衡器"}, "item.changed")
    assert ask(bureau, "/items/jl-jmsc-01")["skill"] == "衡器"
    assert ids(ask(bureau, "/items?objects=instrument")) == ["jl-jyj-01"]
    assert ids(ask(bureau, "/items?kind=general&limit=1")) == ["jl-jmsc-01"]
    give(bureau, "/items/jl-jmsc-01/events", {"reason": "依据废止"}, "item.withdrawn")
    assert ask(bureau, "/items/jl-jmsc-01")["withdrawn"]
    again = {"type": "item.changed", "occurred": "2026-02-02", "data": {"skill": "衡器"}}
    refused = bureau.post("/items/jl-jmsc-01/events", again, "head")
    assert (refused.status_code, refused.json["breaches"][0]["rule"]) == (409, "ITEM_WITHDRAWN")


def test_public_sees_published_plans_and_no_drafts(bureau: Bureau) -> None:
    give(bureau, "/items", ITEM)
    assert give(bureau, "/plans", PLAN) == "/plans/drafts/2026-wz"
    give(bureau, "/plans/2026-wz/events", {"batch": BATCH}, "plan.batch-set")
    bureau.caught_up()
    assert bureau.client.get("/plans").json == {"items": []}
    assert bureau.client.get("/plans/2026-wz").status_code == 404
    give(bureau, "/plans/2026-wz/events", {"where": "局网站"}, "plan.published")
    draft = ask(bureau, "/plans/drafts/2026-wz")
    assert (draft["status"], draft["to_file"]) == ("published", True)
    assert bureau.client.get("/plans/2026-wz").json == draft["public"]
    assert bureau.client.get("/plans").json == {"items": [draft["public"]]}
    assert ids(ask(bureau, "/plans/drafts?status=draft")) == []
    assert ask(bureau, "/plans")["items"][0]["batches"] == [BATCH]


def test_plan_tells_what_it_does_not_meet(bureau: Bureau) -> None:
    give(bureau, "/items", ITEM | {"public_information": True})
    give(bureau, "/plans", PLAN)
    give(bureau, "/plans/2026-wz/events", {"batch": BATCH | {"ratio": "1/50"}}, "plan.batch-set")
    found = ask(bureau, "/plans/drafts/2026-wz")["findings"]
    assert [(each["rule"], each["article"], each["hard"]) for each in found] == [
        ("PLAN_SHARE", "SC 4", False),
        ("PLAN_YEARLY_DRAW", "SC 5, 7", False),
    ]
    assert "3/100" in found[0]["message"]["zh"]
    give(bureau, "/items/jl-jmsc-01/events", {"public_information": False}, "item.changed")
    assert ask(bureau, "/plans/drafts/2026-wz")["findings"] == []


def test_instruments_are_listed_by_how_they_stand_today(bureau: Bureau) -> None:
    """The bureau's clock says 20 March 2026."""
    for id, until in (("g-1", "2026-03-19"), ("g-2", "2026-03-20"), ("g-3", "2027-03-20"), ("g-4", None)):
        give(bureau, "/instruments", DISPENSER | {"instrument": id, "until": until}, roles=HANDLER)
    give(bureau, "/instruments/g-3/events", {"notice": "n"}, "instrument.failed", HANDLER)
    stands = {
        s: ids(ask(bureau, f"/instruments?standing={s}"))
        for s in ("overdue", "due_soon", "failed", "unverified")
    }
    assert stands == {"overdue": ["g-1"], "due_soon": ["g-2"], "failed": ["g-3"], "unverified": ["g-4"]}
    assert {item["id"]: item["standing"] for item in ask(bureau, "/instruments")["items"]} == {
        "g-1": "overdue",
        "g-2": "due_soon",
        "g-3": "failed",
        "g-4": "unverified",
    }
    counts = ask(bureau, "/instruments/counts")
    assert counts == {
        "unverified": 1,
        "valid": 0,
        "due_soon": 1,
        "overdue": 1,
        "failed": 1,
        "stopped": 0,
        "gone": 0,
    }
    assert ids(ask(bureau, f"/instruments?owner={OWNER}&until_to=2026-03-19")) == ["g-1"]


def test_instrument_tells_what_may_happen_next_and_refuses_the_rest(bureau: Bureau) -> None:
    give(bureau, "/instruments", DISPENSER, roles=HANDLER)
    view = ask(bureau, "/instruments/g-1")
    assert view["cycle"]["months"] == 6
    possible = {row["event"] for row in view["allowed_events"]}
    assert possible == {
        f"instrument.{what}"
        for what in ("filed", "stopped", "scrapped", "replaced", "transferred", "tamper-suspected", "changed")
    }
    body = {"type": "instrument.verified", "occurred": "2026-02-01", "data": {"until": "2026-05-01"}}
    refused = bureau.post("/instruments/g-1/events", body, "handler", Accept_Language="zh")
    assert refused.status_code == 409
    assert "当前为 REGISTERED" in refused.json["detail"]


def test_officer_of_one_county_does_not_see_anothers_instruments(bureau: Bureau) -> None:
    give(bureau, "/instruments", DISPENSER, roles=HANDLER)
    after = bureau.caught_up()
    assert bureau.get("/instruments/g-1", region="330304", After=after).status_code == 404
    body = {"type": "instrument.filed", "occurred": "2026-02-01", "data": {}}
    assert bureau.post("/instruments/g-1/events", body, "handler", region="330304").status_code == 404
    there = {"occurred": "2026-02-01", "data": DISPENSER | {"instrument": "g-9"}}
    assert bureau.post("/instruments", there, "handler", region="330304").status_code == 403


@pytest.mark.parametrize(
    ("name", "data"),
    [
        (
            "product",
            {"product": "x-1", "owner": OWNER, "kind": "rice", "name": "大米5kg", "region": "330302"},
        ),
        ("stall", {"stall": "x-1", "owner": OWNER, "kind": "seafood", "region": "330302", "place": "12号"}),
    ],
)
def test_products_and_stalls_are_registered_and_end(bureau: Bureau, name: str, data: Data) -> None:
    assert give(bureau, f"/{name}s", data, roles=HANDLER) == f"/{name}s/x-1"
    give(bureau, f"/{name}s/x-1/events", {"status": "ended"}, f"{name}.changed", HANDLER)
    assert ask(bureau, f"/{name}s/x-1")["status"] == "ended"
    assert ids(ask(bureau, f"/{name}s?status=ended&owner={OWNER}")) == ["x-1"]
    assert ids(ask(bureau, f"/{name}s?status=active")) == []


def test_inspectors_are_found_by_skill_division_and_day(bureau: Bureau) -> None:
    change = {
        "skills": ["衡器", "加油机"],
        "regions": ["330300"],
        "cap": 5,
        "leave": [{"start": "2026-12-01"}],
    }
    give(bureau, "/officers/wz-lc-002/events", change, "inspector.changed")
    seen = ask(bureau, "/inspectors/wz-lc-002")
    assert (seen["skills"], seen["regions"], seen["cap"], seen["available"]) == (
        ["加油机", "衡器"],
        ["330300"],
        5,
        True,
    )
    assert ids(ask(bureau, "/inspectors?skill=衡器")) == ["wz-lc-002"]
    assert ids(ask(bureau, "/inspectors?covers=330304")) == ["wz-lc-002"]
    assert ids(ask(bureau, "/inspectors?covers=330302&available=true&on=2026-12-01")) == [
        "wz-lc-001",
        "wz-lc-003",
    ]
    first = ask(bureau, "/inspectors?limit=2")
    assert ids(first) == ["wz-lc-001", "wz-lc-002"]
    assert ids(ask(bureau, f"/inspectors?limit=2&cursor={first['next']}")) == ["wz-lc-003"]


def test_recusals_are_shown_with_their_path(bureau: Bureau) -> None:
    spouse = {"relation": "r1", "kind": "kinship", "a": "inspector-wz-lc-001", "b": "person-p1"}
    owns = {
        "relation": "r2",
        "kind": "legal_representative",
        "a": "person-p1",
        "b": f"entity-{OWNER}",
        "start": "2026-03-01",
    }
    for relation in (spouse, owns):
        give(bureau, "/relations", relation, roles=HANDLER)
    found = ask(bureau, "/inspectors/wz-lc-001/recusals")["items"]
    assert [(r["entity"], [link["relation"] for link in r["path"]]) for r in found] == [(OWNER, ["r1", "r2"])]
    assert ask(bureau, "/inspectors/wz-lc-001/recusals?on=2026-02-28") == {"items": []}
    assert ask(bureau, "/inspectors/wz-lc-001/recusals?steps=1") == {"items": []}
    assert ids(ask(bureau, "/relations?node=person-p1")) == ["r1", "r2"]
    give(bureau, "/relations/r1/events", {"reason": "误报"}, "relation.withdrawn", HANDLER)
    assert ask(bureau, "/relations/r1")["withdrawn"]
    assert ask(bureau, "/inspectors/wz-lc-001/recusals") == {"items": []}


def test_relations_are_told_to_those_who_staff_and_those_who_check(bureau: Bureau) -> None:
    here = {"relation": "r1", "kind": "shareholding", "a": "inspector-wz-lc-001", "b": f"entity-{OWNER}"}
    give(bureau, "/relations", here, roles=HANDLER)
    after = bureau.caught_up()
    assert bureau.get("/relations", "handler", After=after).status_code == 403
    assert ids(bureau.get("/relations", "head", region="330302", After=after).json) == ["r1"]
    assert ids(bureau.get("/relations", "head", region="330304", After=after).json) == []


def test_what_is_not_there_is_not_found(bureau: Bureau) -> None:
    bureau.caught_up()
    for path in (
        "/items/x",
        "/plans/drafts/x",
        "/instruments/x",
        "/products/x",
        "/stalls/x",
        "/inspectors/x",
        "/relations/x",
    ):
        assert bureau.get(path).status_code == 404, path

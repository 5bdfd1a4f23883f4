"""Who may call what, and how far a caller sees."""

import re
from collections.abc import Iterator

import pytest

from api import app as application
from api.auth import ROLES, access_table, roles
from api.blueprint import Blueprint
from enforcement.cases.procedure import table
from tests.api.conftest import CLUE, NOTE, Bureau, enrol, start

USCC_HERE, USCC_THERE = "91330302000000001K", "91330304000000002K"
PUBLIC = {
    "health.alive",
    "health.ready",
    "health.figures",
    "schemas.openapi",
    "schemas.schemas",
    "schemas.schema",
    "problems.types",
    "problems.describe",
    "pages.docs",
    "pages.asset",
    "streams.asyncapi",
    "plans.published",
    "plans.one_published",
    "lists.penalties",
    "lists.serious",
    "lists.abnormal",
    "lists.repair_bans",
    "inspections.results",
    "campaigns.freezes",
    "campaigns.frozen",
    "campaigns.drawn",
    "verifying.page",
    "verifying.asset",
    "verifying.single_file",
    *(
        f"mine.{name}"
        for name in ("file", "mine", "read", "write", "add", "claim", "object_to", "waive", "withdraw")
    ),
    "rewards.key",
    *(f"report_pages.{name}" for name in ("form", "file", "enter_code", "mine", "style")),
}


def test_route_without_roles_stops_the_start(shared: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    forgotten = Blueprint("forgotten", __name__, description="no roles")
    forgotten.add_url_rule("/forgotten", view_func=lambda: "open")
    monkeypatch.setattr(application, "BLUEPRINTS", (*application.BLUEPRINTS, forgotten))
    with pytest.raises(TypeError, match="neither roles nor @public: forgotten"):
        application.create_app(shared.services)


@pytest.mark.parametrize("names", [(), ("chief",), ("handler", "anyone")])
def test_roles_that_nobody_can_hold_are_refused(names: tuple[str, ...]) -> None:
    with pytest.raises(TypeError, match="needs one or more of the roles"):
        roles(*names)


def test_public_routes_are_these_and_no_others(shared: Bureau) -> None:
    assert {name for name, allowed in access_table(shared.app).items() if not allowed} == PUBLIC


def test_every_other_route_asks_for_a_token(shared: Bureau) -> None:
    paths = {
        "number": 1,
        "sha256": "0" * 64,
        "uscc": USCC_HERE,
        "code": "M-V01",
        "name": "cases",
        "object": USCC_HERE,
    }
    for rule in shared.app.url_map.iter_rules():
        if rule.endpoint in PUBLIC:
            continue
        kind = re.search(r"<(\w+):id>", rule.rule)
        named = {"id": f"{kind[1] if kind else 'case'}-x"} | paths
        address = shared.app.url_map.bind("localhost").build(
            rule.endpoint, {a: named[a] for a in rule.arguments}
        )
        for method in rule.methods & {"GET", "POST"}:
            assert shared.client.open(address, method=method).status_code == 401, (method, address)


def test_roles_of_the_procedure_can_all_be_held() -> None:
    assert {role for row in table().rows for role in row.roles} <= set(ROLES)


def test_document_names_the_roles_of_each_route(shared: Bureau) -> None:
    document = shared.client.get("/openapi.json").json
    assert document["paths"]["/projections"]["get"]["x-roles"] == ["auditor", "bureau_system"]
    assert document["paths"]["/healthz"]["get"]["security"] == []


def test_auditor_reads_and_never_records(bureau: Bureau) -> None:
    id = bureau.open_case()
    assert bureau.get(f"/cases/{id}", "auditor", After=bureau.caught_up()).status_code == 200
    assert bureau.post(f"/cases/{id}/events", NOTE, "auditor").json["type"] == "/problems/role-missing"


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Bureau, str, str]]:
    """A bureau with a case, a business and officers here (330302) and a case and a business there (330304)."""
    bureau = start(tmp_path_factory.mktemp("two"))
    enrol(bureau)
    here, there = bureau.open_case("330302"), bureau.open_case("330304")
    for uscc, region in ((USCC_HERE, "330302"), (USCC_THERE, "330304")):
        data = {"uscc": uscc, "name": "某公司", "kind": "company", "region": region}
        assert bureau.post("/entities", {"occurred": "2026-03-02", "data": data}).status_code == 201
    bureau.caught_up()
    yield bureau, here, there
    bureau.services.close()


Two = tuple[Bureau, str, str]


@pytest.mark.parametrize(
    "tail", ["", "/events", "/deadlines", "/documents", "?at_position=9000", "?known_at=2026-03-20"]
)
def test_case_elsewhere_is_not_found_in_any_form(two: Two, tail: str) -> None:
    bureau, here, there = two
    assert bureau.get(f"/cases/{here}{tail}", "handler", region="330302").status_code == 200
    hidden = bureau.get(f"/cases/{there}{tail}", "handler", region="330302")
    missing = bureau.get(f"/cases/case-none{tail}", "handler", region="330302")
    assert hidden.status_code == missing.status_code == 404
    assert hidden.json["detail"].replace(there, "case-none") == missing.json["detail"]


@pytest.mark.parametrize("region", ["330300", "330000"])
def test_city_and_province_see_every_case(two: Two, region: str) -> None:
    bureau, here, there = two
    seen = {case["id"] for case in bureau.get("/cases", "handler", region=region).json["items"]}
    assert seen == {here, there}
    assert bureau.get(f"/cases/{there}", "handler", region=region).status_code == 200


@pytest.mark.parametrize("region", ["330302", "330304", "330382", "110000"])
def test_lists_hold_only_what_the_region_covers(two: Two, region: str) -> None:
    bureau, here, there = two
    expected = {"330302": [here], "330304": [there]}.get(region, [])
    assert [case["id"] for case in bureau.get("/cases", "handler", region=region).json["items"]] == expected
    board = bureau.get("/deadlines", "handler", region=region).json["items"]
    assert {deadline["case"] for deadline in board} == set(expected)
    businesses = {"330302": [USCC_HERE], "330304": [USCC_THERE]}.get(region, [])
    assert [
        each["id"] for each in bureau.get("/entities", "handler", region=region).json["items"]
    ] == businesses
    officers = bureau.get("/officers", "handler", region=region).json["items"]
    assert bool(officers) == (region == "330302")


def test_business_and_officer_elsewhere_are_not_found(two: Two) -> None:
    bureau, _, _ = two
    for path in (f"/entities/{USCC_HERE}", "/officers/wz-lc-001", "/officers/wz-lc-001/workload"):
        assert bureau.get(path, "handler", region="330302").status_code == 200
        assert bureau.get(path, "handler", region="330304").status_code == 404


def test_step_of_a_case_elsewhere_is_not_found(two: Two) -> None:
    bureau, _, there = two
    hidden = bureau.post(f"/cases/{there}/events", NOTE, "handler", region="330302")
    assert (hidden.status_code, hidden.json["type"]) == (404, "/problems/not-found")
    assert bureau.post(f"/cases/{there}/events", NOTE, "handler", region="330304").status_code == 201


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/cases", {"occurred": "2026-03-02", "data": CLUE}),
        ("/entities", {"occurred": "2026-03-02", "data": {"uscc": USCC_HERE, "region": "330302"}}),
        ("/officers", {"occurred": "2026-03-02", "data": {"officer": "x", "region": "330302"}}),
    ],
)
def test_nothing_is_registered_outside_the_own_region(two: Two, path: str, body: object) -> None:
    answer = two[0].post(path, body, "intake", "head", region="330304")
    assert (answer.status_code, answer.json["type"]) == (403, "/problems/not-permitted")


def test_change_of_what_lies_elsewhere_is_not_found(two: Two) -> None:
    bureau = two[0]
    moved = {"type": "entity.changed", "occurred": "2026-03-02", "data": {"status": "suspended"}}
    assert bureau.post(f"/entities/{USCC_HERE}/events", moved, "head", region="330304").status_code == 404
    assert bureau.post(f"/entities/{USCC_HERE}/events", moved, "head", region="330302").status_code == 201
    renewed = {"type": "inspector.changed", "occurred": "2026-03-02", "data": {"licence_until": "2029-01-01"}}
    assert bureau.post("/officers/wz-lc-003/events", renewed, "head", region="330304").status_code == 404
    assert bureau.post("/officers/wz-lc-003/events", renewed, "head", region="330302").status_code == 201


def test_dossier_leaves_out_cases_that_the_caller_may_not_see(two: Two) -> None:
    bureau = two[0]
    party = [{"id": "p1", "kind": "organisation", "uscc": USCC_HERE}]
    hidden = bureau.open_case("330304", parties=party)
    shown = bureau.open_case("330302", parties=party)
    after = bureau.caught_up()

    def cases(region: str) -> set[str]:
        items = bureau.get(f"/entities/{USCC_HERE}/dossier", "handler", region=region, After=after).json[
            "items"
        ]
        return {event["aggregate"] for event in items if event["aggregate"].startswith("case-")}

    assert cases("330302") == {shown}
    assert cases("330300") == {shown, hidden}

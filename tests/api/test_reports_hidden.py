"""Whom a report must not meet: on every route and in every role it is not there, and nothing they send touches it."""

from collections.abc import Iterator
from typing import Any

import pytest
from werkzeug.routing import Rule

from enforcement.credit.judging import BUSINESS
from tests.api.conftest import start
from tests.api.test_reports import CANARY, FILING, STAFF, Desk

BODIES: tuple[Any, ...] = (
    {"what": "content", "purpose": "x"},
    {"purpose": "x"},
    {"text": "x"},
    {"event": 1, "spans": [{"start": 0, "end": 1, "reason": "other"}], "purpose": "x"},
    {"segment": 0, "purpose": "x"},
    {"name": "1.txt", "content": "eA=="},
    {"type": "report.noted", "occurred": "2026-03-20", "data": {"what": "x"}},
    {"type": "report.assigned", "occurred": "2026-03-20", "data": {"unit": "计量科", "officers": ["wz-h1"]}},
)
KEPT_AWAY = tuple(role for role in STAFF if role not in ("custodian", "finance"))
TARGET = FILING["target"]["uscc"]


@pytest.fixture
def desk(tmp_path: Any) -> Iterator[Desk]:
    bureau = start(tmp_path)
    yield Desk(bureau)
    bureau.services.close()


def routes(desk: Desk, id: str) -> Iterator[tuple[Rule, str]]:
    """Every rule with its address for this report and its target."""
    sha256 = desk.bureau.services.ledger.report(id).files[0]["sha256"]
    values = {"id": id, "number": 1, "sha256": sha256, "uscc": TARGET, "officer": "wz-h1"}
    values |= {"topic": "report.received", "version": 1, "code": "M-V01"}
    urls = desk.bureau.app.url_map.bind("localhost")
    for rule in desk.bureau.app.url_map.iter_rules():
        yield rule, urls.build(rule.endpoint, {name: values.get(name, "x") for name in rule.arguments})


def asked(desk: Desk, id: str, role: str, actor: str) -> int:
    """Ask every route by every method; how many answered, none of them with anything of the report."""
    answered = 0
    headers = {"Authorization": f"Bearer {desk.bureau.token(role, actor=actor)}"}
    for rule, address in routes(desk, id):
        of_it = "report:id" in rule.rule
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            for body in BODIES if method == "POST" and of_it else (None,):
                found = desk.bureau.client.open(address, method=method, json=body, headers=headers)
                text = found.get_data(as_text=True)
                assert not (of_it and found.status_code < 400), (role, method, address, text)
                assert id not in text.replace(address, "") or found.status_code >= 400, (
                    role,
                    method,
                    address,
                )
                assert CANARY not in text, (role, method, address)
                answered += found.status_code < 300
    return answered


def test_officers_kept_away_meet_it_on_no_route(desk: Desk) -> None:
    """Intake, handler, unit head, heads and an auditor with a declared conflict: 404, never a word."""
    id, _ = desk.assigned()
    officers = [*(STAFF[role][0] for role in KEPT_AWAY), "wz-a1"]
    declared = {"officers": officers, "units": [], "reason": "与被举报人有利害关系"}
    desk.step(id, "conflict-declared", "custodian", **declared)
    desk.bureau.caught_up()
    before = desk.bureau.services.ledger.report(id).version
    answered = sum(asked(desk, id, role, STAFF[role][0]) for role in KEPT_AWAY)
    answered += asked(desk, id, "auditor", "wz-a1")
    assert answered > 50
    assert desk.bureau.services.ledger.report(id).version == before
    desk.get(f"/reports/{id}", "custodian")


def test_the_target_meets_it_on_no_route_of_its_own(desk: Desk) -> None:
    id, _ = desk.assigned()
    desk.bureau.caught_up()
    assert asked(desk, id, BUSINESS, TARGET) > 5
    assert asked(desk, id, "finance", STAFF["finance"][0]) > 5


def test_who_it_is_about_is_gone_around_on_every_route(desk: Desk) -> None:
    """Nobody has said yet whom it concerns: only the custodian and the principal head may know."""
    desk.file(concerns_staff=True)
    desk.bureau.caught_up()
    id = str(desk.get("/reports", "custodian")["items"][0]["id"])
    for role in ("intake", "handler", "unit_head", "head", "auditor"):
        asked(desk, id, role, STAFF.get(role, ("wz-a1", ""))[0])
    assert desk.bureau.services.ledger.report(id).version == 1
    desk.get(f"/reports/{id}", "principal_head")

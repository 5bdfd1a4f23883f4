"""Answers over the published cases have the shape that the document gives them."""

import re
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest

from api.demonstration import Demonstration, import_cases
from tests.api.conftest import Bureau, start
from tests.api.test_current import NOW

Ask = tuple[Bureau, dict[str, Any]]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """A bureau with the published cases and the demonstration's own, and its document."""
    bureau = start(tmp_path_factory.mktemp("told"), lambda: NOW)
    import_cases(bureau.services)
    demonstration = Demonstration(bureau.services)
    demonstration.enrol()
    for name in ("case", "unpaid"):
        list(demonstration.drive(name))
    bureau.caught_up()
    yield bureau, bureau.client.get("/openapi.json").json
    bureau.services.close()


def ask(told: Ask, path: str) -> Any:
    """The answer, checked against the schema of its route."""
    bureau, document = told
    answer = bureau.get(path, "auditor", "bureau_system")
    assert answer.status_code == 200, (path, answer.json)
    plain = path.partition("?")[0]
    routes = {route: re.sub(r"\{\w+\}", "[^/]+", route) for route in document["paths"]}
    exact = sorted(
        (r for r, form in routes.items() if re.fullmatch(form, plain)), key=lambda route: "{" in route
    )
    schema = document["paths"][exact[0]]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    jsonschema.Draft202012Validator({**schema, "components": document["components"]}).validate(answer.json)
    return answer.json


def everything(told: Ask, path: str) -> list[dict[str, Any]]:
    """All items of all pages."""
    items: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = ask(told, f"{path}{'&' if '?' in path else '?'}limit=50{cursor}")
        items += page["items"]
        if page["next"] is None:
            return items
        cursor = f"&cursor={page['next']}"


def test_every_case_and_what_hangs_on_it(told: Ask) -> None:
    cases = everything(told, "/cases")
    assert len(cases) >= 122
    for case in cases:
        view = ask(told, f"/cases/{case['id']}")
        assert (view["state"], view["version"]) == (case["state"], case["version"])
        assert len(view["findings"]) == case["findings"]
        deadlines = ask(told, f"/cases/{case['id']}/deadlines")["items"]
        assert deadlines == view["deadlines"]
        ask(told, f"/cases/{case['id']}/documents")
        events = everything(told, f"/cases/{case['id']}/events")
        assert [event["version"] for event in events] == list(range(1, view["version"] + 1))


def test_board_and_counts_agree(told: Ask) -> None:
    board = everything(told, "/deadlines")
    counts = ask(told, "/deadlines/counts")
    assert counts["open"] == len(board)
    states = [deadline["state"] for deadline in board]
    assert (counts["overdue"], counts["paused"]) == (states.count("overdue"), states.count("paused"))


def test_registers_dossiers_and_burdens(told: Ask) -> None:
    for entity in everything(told, "/entities"):
        assert ask(told, f"/entities/{entity['id']}") == entity
        assert everything(told, f"/entities/{entity['id']}/dossier")
    for officer in everything(told, "/officers"):
        assert ask(told, f"/officers/{officer['id']}") == officer
        ask(told, f"/officers/{officer['id']}/workload")
    ask(told, "/officers/workload")


@pytest.mark.parametrize(
    "path",
    [
        "/violations",
        "/violations/M-V01",
        "/law/procedure",
        "/law/deadlines",
        "/projections",
        "/readyz",
        "/problems",
    ],
)
def test_law_and_state_of_the_service(told: Ask, path: str) -> None:
    assert ask(told, path)

"""The demonstration: published cases, a bureau with its officers and businesses, and one case driven to its archive.

Everything but the import goes through the HTTP application with tokens, exactly as an officer's client would do it;
keys make it repeatable, so a second run on the same ledger records nothing new. What the statute must refuse on the
way is part of the path and is checked like everything else.
"""

import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files
from typing import Any

import click
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.app import create_app
from api.keys import KeyFile
from api.services import Services
from api.tokens import issue
from enforcement.importing.importer import Importer, Report
from enforcement.importing.netcontents import NETCONTENT
from enforcement.importing.spotchecks import SPOTCHECKS

CLERK = "wz-demo"
WAIT = 60.0
Item = dict[str, Any]


class DemoFailed(click.ClickException):
    """A step of the demonstration was answered otherwise than it must be."""


@dataclass(frozen=True)
class Shown:
    """One step of the path as it was answered; `refusal` is the problem where the statute refused."""

    event: str
    state: str
    position: int | None
    occurred: str
    note: str | None
    due: str | None
    """The most urgent deadline that runs after it: its rule and its day."""
    refusal: Item | None

    def json(self) -> Item:
        """What programs are told of it."""
        return {
            "event": self.event,
            "state": self.state,
            "position": self.position,
            "occurred": self.occurred,
        }


def load(name: str) -> Item:
    """One of the files that ship with the demonstration."""
    return tomllib.loads((files("api") / "demo" / name).read_text(encoding="utf-8"))


def import_cases(services: Services) -> Report:
    """The published cases, once."""
    with (files("api") / "demo" / "cases.jsonl").open("rb") as file:
        return Importer(services.ledger).run(file)


def import_checks(services: Services) -> dict[str, Report]:
    """The published spot checks and net-content checks, once: history that was held elsewhere."""
    found = {}
    for name, format in {"spotchecks": SPOTCHECKS, "netcontent": NETCONTENT}.items():
        with (files("api") / "demo" / f"{name}.jsonl").open("rb") as file:
            found[name] = Importer(services.ledger, format=format).run(file)
    return found


class Demonstration:
    """Speaks to the application for every officer of the demonstration."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.app = create_app(services)
        self.client: FlaskClient = self.app.test_client()
        self.region = services.settings.region
        self.cases: dict[str, str] = {}
        """The cases that were driven, by name."""

    def token(self, actor: str, role: str, region: str | None = None) -> str:
        """A token of the development issuer for an hour."""
        key = KeyFile(self.services.settings.auth_key_file)
        now = self.services.clock()
        return issue(key, actor, [role], region or self.region, now, timedelta(hours=1))

    def enrol(self) -> None:
        """Officers and businesses, once."""
        bureau = load("bureau.toml")
        for officer in bureau["officer"]:
            self._register("/officers", officer["officer"], officer)
        for entity in bureau["entity"]:
            self._register("/entities", entity["uscc"], entity)

    def drive(self, name: str = "case") -> Iterator[Shown]:
        """One case step by step: `case` from the clue to the archive, `unpaid` as far as the clock has come."""
        id, repeated = "", False
        for number, step in enumerate(load(f"{name}.toml")["step"], 1):
            if date.fromisoformat(step["occurred"]) > self.services.today():
                return
            if "refused" in step and repeated:
                continue  # the case has moved on: another rule would refuse it now
            answer = self._send(f"/cases/{id}/events" if id else "/cases", step, f"demo-{name}-{number}")
            id = self.cases[name] = id or answer.get_json()["id"]
            repeated = "Idempotent-Replayed" in answer.headers
            yield self._shown(step, answer, id)

    def findings(self) -> Counter[str]:
        """The findings of the cases that were driven."""
        views = [self.get(f"/cases/{id}") for id in self.cases.values()]
        return Counter(finding["kind"] for view in views for finding in view["findings"])

    def get(self, path: str, projection: str = "cases") -> Any:
        """What a reader of the whole bureau is answered, once the read model has caught up."""
        self.services.follower.wait_for(self.services.ledger.head(), WAIT, projection)
        answer = self.client.get(path, headers=self.headers(CLERK, "auditor"))
        return checked(answer, 200).get_json()

    def _register(self, path: str, id: str, data: Item) -> None:
        body = {"occurred": "2025-01-01", "data": data}
        headers = self.headers(CLERK, "bureau_system", f"demo-{id}")
        checked(self.client.post(path, json=body, headers=headers), 201)

    def _send(self, path: str, step: Item, key: str) -> TestResponse:
        body = {name: step[name] for name in ("type", "occurred", "data")}
        headers = self.headers(step["by"], step["role"], key)
        return checked(self.client.post(path, json=body, headers=headers), 409 if "refused" in step else 201)

    def _shown(self, step: Item, answer: TestResponse, id: str) -> Shown:
        body = answer.get_json()
        if "refused" in step and step["refused"] not in {breach["rule"] for breach in body["breaches"]}:
            raise _unexpected(answer)
        at = body.get("position")
        view = self.get(f"/cases/{id}" + (f"?at_position={at}" if at else ""))
        refusal = body if "refused" in step else None
        return Shown(
            step["type"],
            view["state"],
            at,
            step["occurred"],
            step.get("note"),
            _due(view, step["occurred"]),
            refusal,
        )

    def headers(self, actor: str, role: str, key: str | None = None) -> dict[str, str]:
        """The token of an officer, and the key under which a command is repeated."""
        headers = {"Authorization": f"Bearer {self.token(actor, role)}"}
        return headers | ({"Idempotency-Key": key} if key else {})


def _due(view: Item, day: str) -> str | None:
    open_ones = [(d["due"] or "", d["rule"]) for d in view["deadlines"] if d["ended_by"] is None]
    running = [found for found in open_ones if found[0] >= day]
    return " ".join(reversed(min(running))) if running else None


def checked(answer: TestResponse, status: int) -> TestResponse:
    """The answer; DemoFailed where it is another than it must be."""
    if answer.status_code != status:
        raise _unexpected(answer)
    return answer


def _unexpected(answer: TestResponse) -> DemoFailed:
    asked = f"{answer.request.method} {answer.request.path}"
    return DemoFailed(f"{asked} answered {answer.status}: {answer.get_data(as_text=True)}")

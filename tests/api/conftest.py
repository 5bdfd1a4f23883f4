"""An application over a real embedded ledger in a temporary folder, a clock that stands, and tokens for everyone."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.app import create_app
from api.cli import main
from api.keys import KeyFile
from api.services import Services, build
from api.tokens import issue
from enforcement.settings import Settings

NOW = datetime(2026, 3, 20, 2, 0, tzinfo=UTC)
OFFICERS = ("wz-lc-001", "wz-lc-002", "wz-lc-003")
CLUE = {
    "source": "inspection",
    "region": "330302",
    "unit": "鹿城计量科",
    "summary": "a scale past its verification",
    "parties": [{"id": "p1", "kind": "sole_trader"}],
    "violations": [{"id": "v1", "code": "M-V01"}],
}
VERIFY = {
    "type": "case.verification-started",
    "occurred": "2026-03-02",
    "data": {"officers": ["wz-lc-001", "wz-lc-002"]},
}
NOTE = {"type": "case.noted", "occurred": "2026-03-03", "data": {"what": "told by telephone"}}
FILING = {
    "type": "case.filed",
    "occurred": "2026-03-03",
    "data": {
        "approved_by": "wz-lc-003",
        "named_by": "wz-lc-003",
        "handlers": ["wz-lc-001", "wz-lc-002"],
        "conditions": ["P19_1", "P19_2", "P19_3", "P19_4"],
    },
}


@dataclass
class Bureau:
    """The application, its services, and a client that speaks for any officer."""

    app: Flask
    services: Services
    client: FlaskClient

    def token(self, *roles: str, region: str = "330300", actor: str = "wz-lc-001") -> str:
        key = KeyFile(self.services.settings.auth_key_file)
        return issue(key, actor, roles, region, self.services.clock(), timedelta(hours=1))

    def get(self, path: str, *roles: str, region: str = "330300", **headers: str) -> TestResponse:
        return self._ask("GET", path, roles or ("auditor",), region, None, headers)

    def post(
        self,
        path: str,
        body: Any,
        *roles: str,
        region: str = "330300",
        actor: str = "wz-lc-001",
        **headers: str,
    ) -> TestResponse:
        return self._ask("POST", path, roles or ("handler", "head"), region, body, headers, actor)

    def _ask(
        self,
        method: str,
        path: str,
        roles: tuple[str, ...],
        region: str,
        body: Any,
        headers: dict[str, str],
        actor: str = "wz-lc-001",
    ) -> TestResponse:
        token = self.token(*roles, region=region, actor=actor)
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.open(
            path, method=method, json=body, headers={"Authorization": f"Bearer {token}"} | given
        )

    def open_case(self, region: str = "330302", **changed: Any) -> str:
        """A new case; its id."""
        data = CLUE | {"region": region} | changed
        answer = self.post("/cases", {"occurred": "2026-03-02", "data": data}, "intake")
        assert answer.status_code == 201, answer.json
        return str(answer.json["id"])

    def filed_case(self) -> str:
        """A case that was verified and filed; its id."""
        id = self.open_case()
        for step in (VERIFY, FILING):
            self.step(id, step)
        return id

    def step(self, id: str, body: Any) -> str:
        """A step that is taken; its position."""
        answer = self.post(f"/cases/{id}/events", body)
        assert answer.status_code == 201, answer.json
        return answer.headers["Position"]

    def caught_up(self) -> str:
        """The head, after every read model has applied it; goes into After."""
        head = self.services.ledger.head()
        for projection in ("cases", "registers", "checks", "reports"):
            assert self.services.follower.wait_for(head, 60, projection)
        return str(head)


def upgraded(url: str) -> dict[str, str]:
    """The settings of a bureau whose stores are all on one server, with every table made."""
    urls = {f"STEELYARD_{name}": url for name in ("DATABASE_URL", "READ_DATABASE_URL", "KEYS_DATABASE_URL")}
    done = CliRunner().invoke(main, ["db", "upgrade"], env=urls)
    assert done.exit_code == 0, done.output
    return urls


def start(
    folder: Path, clock: Callable[[], datetime] = lambda: NOW, follow: bool = True, **settings: str
) -> Bureau:
    """A bureau of its own; close its services at the end."""
    environ = {
        "STEELYARD_DATABASE_URL": f"sqlite:///{folder}/ledger.db",
        "STEELYARD_AUTH_KEY_FILE": str(folder / "key.json"),
        "STEELYARD_SEAL_KEY_FILE": str(folder / "seal-key"),
        "STEELYARD_SIGNING_KEY_FILE": str(folder / "signing-key"),
        "STEELYARD_FILES_URL": str(folder / "files"),
    }
    services = build(Settings.from_env(environ | settings), clock)
    app = create_app(services)
    if follow:
        services.follower.start()
    return Bureau(app, services, app.test_client())


def enrol(bureau: Bureau) -> None:
    """Three officers who hold every role that a case needs."""
    roles = [{"role": role, "start": "2020-01-01"} for role in ("handler", "unit_head", "head", "reviewer")]
    for officer in OFFICERS:
        data = {
            "officer": officer,
            "unit": "鹿城计量科",
            "region": "330302",
            "licence_until": "2028-01-01",
            "roles": roles,
        }
        answer = bureau.post("/officers", {"occurred": "2026-01-05", "data": data}, "bureau_system")
        assert answer.status_code == 201, answer.json


@pytest.fixture
def bureau(tmp_path: Path) -> Iterator[Bureau]:
    """A bureau with officers, for tests that change it."""
    made = start(tmp_path)
    enrol(made)
    yield made
    made.services.close()


Moving = tuple[Bureau, list[datetime]]


@pytest.fixture
def moving(tmp_path: Path) -> Iterator[Moving]:
    """A bureau with its clock in a list of one, for tests that let time pass."""
    moment = [NOW]
    made = start(tmp_path, lambda: moment[0])
    yield made, moment
    made.services.close()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bureau]:
    """A bureau with officers and a filed case, for tests that only read or are refused."""
    made = start(tmp_path_factory.mktemp("bureau"))
    enrol(made)
    made.filed_case()
    made.caught_up()
    yield made
    made.services.close()

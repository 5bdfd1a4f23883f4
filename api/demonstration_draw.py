"""A campaign of the demonstration: planned, frozen, revealed and drawn through the HTTP application.

What is recorded already is not recorded again, so it goes on where an earlier run ended. The two nonces of the
demonstration follow from its own text: a real party makes a fresh one and tells nobody.
"""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from api.demonstration import Demonstration, checked, load
from enforcement.checks.entropy import commitment
from enforcement.values import china_day

TIME = timedelta(hours=1)


def draw(demo: Demonstration) -> str:
    """The campaign after its draw; its id."""
    given = load("campaign.toml")
    planned = _tell(demo, "/campaigns", given["plan"], occurred=given["occurred"], key="demo-campaign")
    id = str(planned["id"])
    found = demo.get(f"/campaigns/{id}", "checks")
    if found["state"] == "PLANNED":
        _freeze(demo, id, given)
    for party in given["parties"]:
        if party not in found["revealed"] and found["state"] in ("PLANNED", "FROZEN"):
            _step(demo, id, "revealed", {"name": party, "nonce": _nonce(id, party).hex()})
    if demo.get(f"/campaigns/{id}", "checks")["state"] == "REVEALED":
        _step(demo, id, "drawn", {})
    return id


def _freeze(demo: Demonstration, id: str, given: dict[str, Any]) -> None:
    until = (demo.services.clock() + TIME).astimezone(UTC)
    parties = [
        {"name": party, "commitment": commitment(id, party, _nonce(id, party)).hex()}
        for party in given["parties"]
    ]
    entropy = {"parties": parties, "reveal_by": f"{until:%Y-%m-%dT%H:%M:%SZ}", "public": None}
    body = {"entropy": entropy} | {
        name: given[name] for name in ("ratios", "objects", "inspectors", "conflicts")
    }
    checked(demo.client.post(f"/campaigns/{id}/freeze", json=body, headers=_headers(demo)), 201)


def _step(demo: Demonstration, id: str, name: str, data: dict[str, Any]) -> None:
    _tell(demo, f"/campaigns/{id}/events", data, occurred=_today(demo), type=f"campaign.{name}")


def _tell(demo: Demonstration, path: str, data: dict[str, Any], key: str | None = None, **frame: str) -> Any:
    return checked(
        demo.client.post(path, json={**frame, "data": data}, headers=_headers(demo, key)), 201
    ).get_json()


def _headers(demo: Demonstration, key: str | None = None) -> dict[str, str]:
    return demo.headers("wz-lc-010", "unit_head", key)


def _today(demo: Demonstration) -> str:
    moment: datetime = demo.services.clock()
    return china_day(moment).isoformat()


def _nonce(id: str, party: str) -> bytes:
    return sha256(f"{id} {party}".encode()).digest()

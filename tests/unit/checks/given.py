"""A ledger with officers for checks, and an inspection that goes its whole way unless a test stops it."""

from typing import Any

from enforcement.events import Who
from enforcement.ledger import Ledger, Receipt

TEAM = ["wz-h1", "wz-h2"]
ASSIGNED: dict[str, Any] = {
    "item": "jl-jmsc-01",
    "object": "91330302MA2AAAAA0J",
    "entity": "91330302MA2AAAAA0J",
    "region": "330302",
    "unit": "鹿城计量科",
    "check_kind": "daily",
    "officers": TEAM,
    "questions": [{"id": "q1", "text": "强制检定标志是否有效"}, {"id": "q2", "text": "铅封是否完好"}],
}
STEPS: dict[str, tuple[str, str, str, dict[str, Any]]] = {
    "notified": ("unit_head", "wz-u1", "2026-03-03", {"approved_by": "wz-u1", "method": "platform"}),
    "entered": (
        "handler",
        "wz-h1",
        "2026-03-04",
        {"officers": TEAM, "entry": "scan", "code": "rq-2026-118", "licence_shown": True},
    ),
    "recorded": (
        "handler",
        "wz-h1",
        "2026-03-04",
        {
            "answers": [{"question": "q1", "answer": "no"}, {"question": "q2", "answer": "yes"}],
            "photos": [{"sha256": "ab" * 32}],
            "signed": True,
        },
    ),
    "results-entered": (
        "handler",
        "wz-h1",
        "2026-03-05",
        {"codes": ["5"], "provincial": ["4", "E"], "followups": [{"code": "3"}]},
    ),
    "audited": ("reviewer", "wz-r1", "2026-03-06", {"result": "passed"}),
    "published": ("handler", "wz-h1", "2026-03-09", {}),
}
"""Step → role, actor, day, data."""


def assign(ledger: Ledger, key: str = "i1", **changed: Any) -> str:
    """Officers are sent; the id of the inspection."""
    who = Who("wz-u1", "unit_head", key)
    return ledger.assign_inspection(who, "2026-03-02", ASSIGNED | changed).id


def step(ledger: Ledger, id: str, name: str, key: str = "", **changed: Any) -> Receipt:
    """One step as it usually goes, with what a test changes; `on`, `role` and `actor` change its frame."""
    role, actor, on, data = STEPS.get(name, ("handler", "wz-h1", "2026-03-10", {}))
    role, actor, on = changed.pop("role", role), changed.pop("actor", actor), changed.pop("on", on)
    who = Who(actor, role, key or f"{id}-{name}-{ledger.head()}")
    return ledger.record_check(who, id, f"inspection.{name}", on, data | changed)


def upto(ledger: Ledger, last: str, key: str = "i1", **changed: Any) -> str:
    """An inspection with all steps up to one of them; `changed` is for that one."""
    id = assign(ledger, key)
    for name in STEPS:
        step(ledger, id, name, **(changed if name == last else {}))
        if name == last:
            break
    return id

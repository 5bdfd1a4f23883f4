"""Rows of random checks for the tests of their read model, made without a ledger and in no sensible order."""

import random
from typing import Any

from tests.store.caseside import USCCS, Book

ASSIGNED: dict[str, Any] = {
    "item": "jl-jmsc-01",
    "object": USCCS[0],
    "region": "330302",
    "unit": "计量科",
    "check_kind": "daily",
    "officers": ["wz-1", "wz-2"],
    "questions": [{"id": "q1", "text": "有效"}],
}
STEPS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("notified", {"approved_by": "wz-9", "method": "platform"}),
    ("entered", {"officers": ["wz-1", "wz-2"], "entry": "check_in", "licence_shown": True}),
    ("recorded", {"answers": [{"question": "q1", "answer": "yes"}], "signed": True}),
    (
        "results-entered",
        {"codes": ["5", "8"], "provincial": ["4"], "followups": [{"code": "3"}, {"code": "4"}]},
    ),
    ("results-entered", {"codes": ["1"], "followups": [{"code": "1"}]}),
    ("audited", {"result": "passed"}),
    ("audited", {"result": "returned", "reason": "?"}),
    ("published", {}),
    ("withdrawn", {"why": "wrong", "reason": "?"}),
    ("restored", {"repair": "repair-1", "reason": "?"}),
    ("recused", {"officer": "wz-1", "reason": "?"}),
    ("staffed", {"officers": ["wz-3", "wz-4"]}),
    ("correction-ordered", {"order": "o1", "what": "?", "until": "2026-12-01"}),
    ("rechecked", {"order": "o1", "officers": ["wz-1", "wz-2"], "result": "done"}),
    ("case-opened", {"case": "case-1", "summary": "?"}),
    ("listed", {"ground": "contact"}),
    ("listed", {"ground": "contact", "listing": "listing-1"}),
    ("followup-finished", {"code": "3"}),
    ("voided", {"why": "moved", "reason": "?"}),
)
HASH = "ab" * 32
PLANNED: dict[str, Any] = {
    "item": {"code": "jl-jmsc-01", "kind": "general", "skill": None},
    "region": "330302",
    "unit": "计量科",
    "start": "2026-11-03",
    "end": "2026-12-31",
    "questions": [{"id": "q1", "text": "有效"}],
}
FROZEN: dict[str, Any] = {
    **dict.fromkeys(("plan_hash", "freeze", "lists"), HASH),
    **dict.fromkeys(("objects", "inspectors", "conflicts", "excluded", "sample"), 3),
    "frozen_at": "2026-11-03T01:00:00Z",
    "reveal_by": "2026-11-04T01:00:00Z",
    "parties": ["甲", "乙"],
}
COURSE: tuple[tuple[str, dict[str, Any]], ...] = (
    ("changed", {"team": 3, "joint": [{"department": "消防", "item": "xf-01"}], "reason": "?"}),
    ("changed", {"policy": {"id": "policy-x", "hash": HASH}, "reason": "?"}),
    ("frozen", FROZEN),
    ("revealed", {"name": "甲", "nonce": HASH}),
    ("revealed", {"name": "乙", "nonce": HASH}),
    ("public-number-taken", {"text": "3245.67"}),
    ("drawn", {"transcript": HASH, "seed": HASH, "drawn": 3}),
    ("draw-failed", {"transcript": HASH, "seed": HASH, "needed": 4, "available": 3}),
    ("staffed", {"inspections": 3}),
    ("notified", {"approved_by": "wz-9"}),
    ("inspecting", {}),
    ("recused", {"object": "o-1", "out": "wz-1", "into": "wz-2", "reason": "?"}),
    ("recused", {"object": "o-1", "reason": "?"}),
    ("substituted", {"object": "o-2", "into": "o-3", "why": "moved", "reason": "?"}),
    ("results-entered", {"inspections": 3}),
    ("reviewed", {}),
    ("published", {}),
    ("follow-up", {}),
    ("closed", {}),
    ("voided", {"why": "other", "reason": "?"}),
    ("succeeded", {"by": "campaign-1"}),
)


def random_checks(seed: int, events: int) -> Book:
    """A book of inspections, net-content tests and campaigns, with entities between them."""
    chance, book = random.Random(seed), Book()
    for _ in range(events):
        number = chance.randrange(4)
        roll = chance.random()
        if roll < 0.2:
            netcontent(chance, book, f"netcontent-{number}")
        elif roll < 0.25:
            book.add(f"entity-{chance.choice(USCCS)}", "entity.changed", "2026-11-02", status="suspended")
        elif roll < 0.6:
            campaign(chance, book, f"campaign-{number}")
        else:
            inspection(chance, book, f"inspection-{number}")
    return book


def inspection(chance: random.Random, book: Book, id: str) -> None:
    day = f"2026-11-{chance.randrange(1, 20):02d}"
    if not any(row.aggregate == id for row in book.rows):
        book.add(id, "inspection.assigned", day, **ASSIGNED | {"entity": chance.choice(USCCS)})
        return
    name, data = chance.choice(STEPS)
    book.add(id, f"inspection.{name}", chance.choice([day, None, day[:7]]), **data)


def netcontent(chance: random.Random, book: Book, id: str) -> None:
    if chance.random() < 0.3:
        book.add(id, "netcontent.withdrawn", "2026-11-20", reason="?")
        return
    verdict = {name: chance.choice([True, False]) for name in ("label", "single", "overall")}
    book.add(id, "netcontent.judged", "2026-11-19", region="330302", product="大米", **verdict)


def campaign(chance: random.Random, book: Book, id: str) -> None:
    """One held here or elsewhere, then any of its events in any order."""
    day = f"2026-11-{chance.randrange(1, 20):02d}"
    if any(row.aggregate == id for row in book.rows):
        name, data = chance.choice(COURSE)
        book.add(id, f"campaign.{name}", chance.choice([day, None]), **data)
    elif chance.random() < 0.2:
        told = {"record": "{}", "record_id": id, "sha256": HASH, "item": "加油机", "region": "330300"}
        book.add(id, "campaign.imported", chance.choice([day, day[:4]]), **told, pool=127, sampled=8)
    else:
        replaces = chance.choice([None, "campaign-0"])
        book.add(id, "campaign.planned", day, **PLANNED, confidential=True, replaces=replaces)

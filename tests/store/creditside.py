"""Random credit histories, and an oracle that knows what they mean without reading a single event.

The book is written and, beside it, a plain list of what was decided, corrected, revoked, contested and set aside, each
with its legal day and the position at which the ledger learned of it. `total` counts from that list alone.
"""

import json
import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from enforcement.credit.parsing import understood
from enforcement.credit.policy import Policy
from tests.store.caseside import Book, party

USCCS = ("91330302MA2AAAAA0J", "91330300MA2BBBBB37", "91330304MA2CCCCC00")
FIRST, DAYS = date(2026, 1, 5), 200
MONTHS = 3
POINTS = {"500": 10, "20000": 25}
FINES = tuple(POINTS)


def policy(**changed: Any) -> Policy:
    """-10 or -25 for three months from the decision; revocation and an upheld objection end it. No caps."""
    mark = {"points": "ours", "fade": "ours", "when": "ours"}

    def clause(id: str, fine: str) -> dict[str, Any]:
        return {
            "id": id,
            "on": ["case.penalty-decided"],
            "when": {"field": "amount", "op": "eq", "value": fine},
            "points": {"fixed": f"-{POINTS[fine]}"},
            "fade": {"kind": "none", "months": str(MONTHS)},
            "ends": ["revoked", "upheld"],
            "category": "penalties",
            "article": "APL 9",
            "text": {"en": "penalty", "zh": "处罚"},
            "marks": mark,
        }

    grades = [("A", 90, None), ("B", 75, 90), ("C", 60, 75), ("D", None, 60)]
    document = {
        "id": "test-2026",
        "title": {"en": "A test", "zh": "测试"},
        "basis": ["APL"],
        "valid_from": "2025-01-01",
        "base": "100",
        "marks": {"base": "ours"},
        "grades": [
            {"grade": g, **{n: str(v) for n, v in (("least", least), ("below", below)) if v is not None}}
            | {"marks": {n: "ours" for n, v in (("least", least), ("below", below)) if v is not None}}
            for g, least, below in grades
        ],
        "categories": [
            {
                "id": "penalties",
                "text": {"en": "p", "zh": "处罚"},
                "least": "-9000",
                "marks": {"least": "ours"},
            }
        ],
        "clauses": [clause("small", "500"), clause("large", "20000")],
        "sampling": [
            {"grade": g, "ratio": "1/10", "visits": "1", "marks": {"ratio": "ours", "visits": "ours"}}
            for g, _, _ in grades
        ],
    } | changed
    return understood(json.dumps(document, ensure_ascii=False))


@dataclass
class Penalty:
    """What the ledger said of one penalty, each with the position at which it said so."""

    event: str
    uscc: str
    told: list[tuple[int, date, str]] = field(default_factory=list)
    """(position, day of the decision, fine): the last one known holds."""
    ended: list[tuple[int, date]] = field(default_factory=list)

    def points(self, as_of: date, known_at: int) -> int:
        told = [t for t in self.told if t[0] <= known_at]
        if not told:
            return 0
        _, day, fine = told[-1]
        end = _months_after(day, MONTHS)
        end = min([end, *(day for position, day in self.ended if position <= known_at)])
        return -POINTS[fine] if day <= as_of < end else 0


@dataclass
class History:
    """A book with its oracle."""

    book: Book
    penalties: list[Penalty]

    def total(self, uscc: str, as_of: date, known_at: int) -> int:
        return 100 + sum(p.points(as_of, known_at) for p in self.penalties if p.uscc == uscc)


def history(seed: int, events: int) -> History:
    """Decisions recorded late, corrected, revoked, contested and set aside, in any order over some businesses."""
    chance = random.Random(seed)
    made = History(Book(), [])
    while len(made.book.rows) < events:
        kind = chance.random()
        if kind < 0.45 or not made.penalties:
            _decide(chance, made)
        else:
            step = chance.choice([_amend, _revoke, _object, _move])
            step(chance, made, chance.choice(made.penalties))
    return made


def _decide(chance: random.Random, made: History) -> None:
    case, uscc = f"case-{len(made.penalties)}", chance.choice(USCCS)
    day, fine = _day(chance), chance.choice(FINES)
    made.book.clue(case, "2026-01-02", parties=[party("p0", uscc)], violations=[{"id": "v1"}], history=True)
    row = made.book.add(case, "case.penalty-decided", str(day), **_penalty(fine))
    made.penalties.append(Penalty(f"{case}/{row.version}", uscc, [(row.position, day, fine)]))


def _penalty(fine: str) -> dict[str, Any]:
    line = {"violation": "v1", "party": "p0", "fine": fine, "rung": "ordinary"}
    return {"penalties": [line], "approved_by": "wz-b1"}


def _amend(chance: random.Random, made: History, penalty: Penalty) -> None:
    day, fine = _day(chance), chance.choice(FINES)
    case, _, version = penalty.event.partition("/")
    change: dict[str, Any] = {"becomes": _penalty(fine), "becomes_on": str(day)}
    row = made.book.add(
        case,
        "case.event-corrected",
        "2026-09-01",
        corrects=int(version),
        kind="amend",
        reason="笔误",
        **change,
    )
    penalty.told.append((row.position, day, fine))


def _revoke(chance: random.Random, made: History, penalty: Penalty) -> None:
    day = _day(chance)
    case = penalty.event.partition("/")[0]
    row = made.book.add(case, "case.decision-revoked", str(day), by="court", reason="事实不清")
    penalty.ended.append((row.position, day))


def _object(chance: random.Random, made: History, penalty: Penalty) -> None:
    id, day = f"objection-{len(made.book.rows)}", _day(chance)
    uscc = penalty.uscc
    facts = {"uscc": uscc, "region": "330302", "about": "credit", "events": [penalty.event], "reason": "不实"}
    made.book.add(id, "objection.filed", str(day), subject=uscc, **facts)
    if chance.random() < 0.5:
        return
    made.book.add(id, "objection.accepted", str(day), subject=uscc)
    upheld = chance.random() < 0.6
    after = day + timedelta(days=chance.randrange(20))
    outcome = {"outcome": "upheld", "set_aside": [penalty.event]} if upheld else {"outcome": "rejected"}
    decided = {**outcome, "reason": "核查", "approved_by": "wz-b1"}
    row = made.book.add(id, "objection.decided", str(after), subject=uscc, **decided)
    if upheld:
        penalty.ended.append((row.position, after))


def _move(chance: random.Random, made: History, penalty: Penalty) -> None:
    """Something about a business that no clause looks at."""
    id = f"entity-{penalty.uscc}"
    region = chance.choice(["330302", "330303"])
    if id in made.book._versions:
        made.book.add(id, "entity.changed", str(_day(chance)), subject=penalty.uscc, region=region)
    else:
        facts = {"uscc": penalty.uscc, "name": "某店", "kind": "company", "region": region, "sector": "零售"}
        made.book.add(id, "entity.registered", "2026-01-02", subject=penalty.uscc, **facts)


def _day(chance: random.Random) -> date:
    return FIRST + timedelta(days=chance.randrange(DAYS))


def _months_after(day: date, months: int) -> date:
    """The same day that many months on, or the last day of a shorter month."""
    year, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + year, month + 1, 1)
    last = (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return first.replace(day=min(day.day, last.day))

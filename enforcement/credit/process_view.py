"""A listing, repair or objection as its readers see it: facts, deadlines, findings, what may follow. Plain JSON."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from enforcement.credit.process import Process
from enforcement.credit.steps import possible
from enforcement.law import Law
from enforcement.law.deadlines import Due, Rule

APART = ("id", "version", "commands", "state", "uscc", "region", "steps", "clocks", "findings")


def view(process: Process, law: Law, today: date, positions: Sequence[int]) -> dict[str, Any]:
    """Everything about a process; `positions[v - 1]` is the position of its event of version v."""
    placed = _Placed(positions)
    return {
        "id": process.id,
        "kind": process.KIND,
        "version": process.version,
        "position": positions[-1] if positions else None,
        "uscc": process.uscc,
        "region": process.region,
        "state": process.state,
        "ended": process.ended,
        "facts": {name: value for name, value in process.__dict__.items() if name not in APART},
        "steps": [
            {"type": s["type"], "on": s["on"], "position": placed.at(s["version"])} for s in process.steps
        ],
        "deadlines": [deadline(process, id, law, today, positions) for id in process.clocks],
        "findings": [
            {
                "kind": found["kind"],
                "article": found["article"],
                "message": {"en": found["en"], "zh": found["zh"]},
                "position": placed.at(found["version"]),
            }
            for found in process.findings
        ],
        "allowed_events": [
            {
                "type": step.topic,
                "zh": step.zh,
                "roles": list(step.roles),
                "decided_by": step.decider,
                "article": step.article,
            }
            for step in possible(process.KIND, process.state)
            if step.roles
        ],
    }


class _Placed:
    """Versions as positions."""

    def __init__(self, positions: Sequence[int]) -> None:
        self._positions = positions

    def at(self, version: int | None) -> int | None:
        return self._positions[version - 1] if version and version <= len(self._positions) else None


def deadline(process: Process, id: str, law: Law, today: date, positions: Sequence[int]) -> dict[str, Any]:
    """One period in the form of a case's deadlines."""
    rule, due, clock = process.rule(id, law), process.due(id, law), process.clocks[id]
    placed = _Placed(positions)
    return {
        "key": id,
        "rule": id,
        "name": rule.name._asdict(),
        "article": rule.article,
        "status": rule.status,
        "duty": rule.duty,
        "state": _state(rule, due, clock, today),
        "due": _text(due.at),
        "due_strict": _text(due.strict),
        "due_rolled": _text(due.rolled),
        "provisional": due.provisional,
        "provisional_reason": due.provisional_reason._asdict() if due.provisional_reason else None,
        "started": clock["start"],
        "started_by": placed.at(clock["by"]),
        "paused_since": None,
        "remaining": None,
        "paused": [],
        "extended": [{"on": day} for day in clock["extensions"]],
        "extensions_refused": [],
        "ended": clock["ended"],
        "ended_by": placed.at(clock.get("ended_by")),
    }


def _state(rule: Rule, due: Due, clock: dict[str, Any], today: date) -> str:
    """A duty of which the day has passed is overdue, a right has lapsed; one that was late has its finding."""
    if clock["ended"]:
        return "met"
    if not due.passed(today):
        return "running"
    return "lapsed" if rule.duty == "party" else "overdue"


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None

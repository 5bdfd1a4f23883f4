"""Records of published cases for tests: made to measure, and the ones that ship with the demo."""

import json
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from enforcement.cases.case import Case
from enforcement.events import Event
from enforcement.importing.history import history
from enforcement.importing.record import Record, read
from enforcement.law import Law

TODAY = date(2026, 11, 20)
RECORDED = "2026-11-20T02:00:00.000000Z"
SHIPPED = files("api") / "demo" / "cases.jsonl"
USCC = "91330302000001396L"


def line(id: str = "case-1", *steps: tuple[str, str | None, str | None], **members: Any) -> bytes:
    """A line of a file: steps are (word, date, note)."""
    timeline = [{"step": word, "date": day, "note": note} for word, day, note in steps]
    return json.dumps({"id": id, "timeline": timeline} | members, ensure_ascii=False).encode()


def record(*steps: tuple[str, str | None, str | None], **members: Any) -> Record:
    """A record with these steps."""
    return read(line("case-1", *steps, **members), TODAY)


@cache
def shipped() -> dict[str, Record]:
    """The records of the demo by their ids."""
    records = [read(raw, TODAY) for raw in SHIPPED.read_bytes().splitlines()]
    return {found.id: found for found in records}


def events(record: Record) -> list[Event]:
    return history(record, RECORDED)


def told(event: Event) -> dict[str, Any]:
    """What the event says beside its note."""
    return {k: v for k, v in event.data().items() if k not in ("history", "note", "occurred")}


def fold(record: Record) -> Case:
    found = events(record)
    return Case.fold(found[0].originator_id, found, Law.load())

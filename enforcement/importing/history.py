"""A checked record as the history of a case: `case.imported` first, then one event for every step, in its order.

Everything of a history follows from the record and the moment of recording, so the same line always gives the same
events. No event is judged here, and none is left out: what does not fit is what findings are for.
"""

import re
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from enforcement.cases.events.history import Imported
from enforcement.events import Event, Who, known
from enforcement.importing.course import Course
from enforcement.importing.penalty import PARTY, penalty_at, violations
from enforcement.importing.readings import read
from enforcement.importing.record import Record
from enforcement.importing.vocabulary import PARTY_KINDS, source_of
from enforcement.values import Occurred

ACTOR, ROLE = "import", "bureau_system"
SLUG = re.compile("[a-z0-9-]{1,100}")
BEGINNINGS = frozenset(
    {"clue_received", "inspected", "filed", "sampled", "evidence_preserved", "seized", "test_report"}
)
"""Steps by which a bureau comes to know of a matter, where they are the first that is told."""


def case_id(record_id: str) -> str:
    """The id of the case of a record: its own id where that fits, else one made from it; never the same for two."""
    if SLUG.fullmatch(record_id):
        return f"case-pub-{record_id}"
    return f"case-pubx-{uuid5(NAMESPACE_URL, f'steelyard:record:{record_id}')}"


def history(record: Record, recorded: str) -> list[Event]:
    """The events of a record; `recorded` is the ledger's clock in its stored form."""
    id = case_id(record.id)
    at = penalty_at(record)
    who = Who(ACTOR, ROLE, f"import-{record.sha256[:32]}")
    subject = record.uscc or id
    events = [_event(Imported.TOPIC, id, 1, who, recorded, None, imported(record, at), subject)]
    for version, (topic, occurred, data) in enumerate(steps(record, at), 2):
        events.append(_event(topic, id, version, who, recorded, occurred, data, subject))
    return events


def imported(record: Record, decided_at: int | None) -> dict[str, Any]:
    """What the record says of the case as a whole, and its text word for word.

    A penalty stands in the event of its decision; only where the timeline has none are its amounts kept here.
    """
    data = {
        "record_id": record.id,
        "sha256": record.sha256,
        "opened": _opened(record),
        "authority": record.authority,
        "region": record.region,
        "origin": record.origin,
        "sector": record.sector,
        "summary": record.act,
        "outcome": record.outcome,
        "summary_procedure": record.summary,
    }
    found: dict[str, Any] = {name: value for name, value in data.items() if value is not None}
    found |= {"record": record.text, "parties": [party(record)], "violations": violations(record)}
    if (source := source_of(record.origin)) != Imported.source:
        found["source"] = source
    if record.documents:
        found["numbers"] = list(record.documents)
    if record.adjacent:
        found["metrology"] = False
    if decided_at is None:
        found.update({n: a for n in ("fine", "gains") if (a := getattr(record.penalty, n)) is not None})
    return found


def party(record: Record) -> dict[str, Any]:
    """当事人, without a name: the source states its kind and, where it is one, its code."""
    found: dict[str, Any] = {"id": PARTY, "kind": PARTY_KINDS.get(record.party_kind, "unknown")}
    return found | ({"uscc": record.uscc} if record.uscc else {})


def steps(record: Record, decided_at: int | None) -> list[tuple[str, Occurred, dict[str, Any]]]:
    """Event type, date and fields of every step."""
    course = Course(record, decided_at, [party(record)])
    found = []
    for at, step in enumerate(record.steps):
        course.take(at)
        topic, data = read(course)
        if step.note is not None:
            data["note"] = step.note
        found.append((topic, step.date, data))
        course.went(topic)
    return found


def _event(
    topic: str,
    id: str,
    version: int,
    who: Who,
    recorded: str,
    occurred: Occurred,
    data: dict[str, Any],
    subject: str,
) -> Event:
    cls = known(topic)
    if cls is None:  # a test reads every word
        raise LookupError(topic)
    data["history"] = True
    return cls.new(id, version, who, recorded, occurred, data, subject)


def _opened(record: Record) -> Occurred:
    first = record.steps[0] if record.steps else None
    return first.date if first and first.word in BEGINNINGS else None

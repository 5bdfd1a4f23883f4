"""Public records and procedures, as rows of the credit projection: a penalty, an entry of a list, a ban from repair.

The term of a record is counted in months from its publication, by the rules in force since Order 107; days before it
are history. What hides a record for a time (a reorganisation) and who has left the register is asked when it is read.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

import orjson

from enforcement.cases import telling
from enforcement.cases.case import Case
from enforcement.cases.events.base import CaseEvent
from enforcement.credit.commands import PROCESSES
from enforcement.credit.listing import Listing
from enforcement.credit.process import Process
from enforcement.credit.publicity import Term, of_listing, of_penalty
from enforcement.credit.record_class import ORDER_107
from enforcement.credit.standing import PREFIX, RepairBarred
from enforcement.events import Event
from enforcement.law import Law
from projections.model import Changes

FAMILIES = ("case", *PROCESSES, "credit")
PUBLISHED = "case.published"
ABOUT = {"listing": "list", "repair": "target", "objection": "about"}
RECORD = {"listing": "case", "repair": "record", "objection": "listing"}
Events = Sequence[tuple[int, Event]]


class Told(Case):
    """A case as far as a public record tells of it: its facts, without judging a step or counting a day."""

    def when(self, event: Event, law: Law) -> None:
        if isinstance(event, CaseEvent):
            event.change(self)
            if event.document:
                paper = {**event.document, "on": event.occurred, "version": event.originator_version}
                self.documents.append(paper)


def rows(id: str, events: Events, changes: Changes, law: Law) -> None:
    """The records and the procedure of one aggregate."""
    family = id.partition("-")[0]
    if family == "case" and any(event.TOPIC == PUBLISHED for _, event in events):
        _penalties(Told.fold(id, [event for _, event in events], law), changes, law)
    elif family == "credit":
        _bans(id, events, changes)
    elif family in PROCESSES and events:
        process = PROCESSES[family].fold(id, [event for _, event in events], law)
        _process(process, events[-1][0], changes, law)


def _penalties(case: Case, changes: Changes, law: Law) -> None:
    for uscc in sorted(case.usccs()):
        term = of_penalty(case, uscc, law, ORDER_107)
        if term is not None:
            _record(changes, case.id, uscc, "penalty", term, telling.penalty(case, uscc))


def _process(process: Process, position: int, changes: Changes, law: Law) -> None:
    kind = process.KIND
    about, record = getattr(process, ABOUT[kind]), getattr(process, RECORD[kind])
    changes.put.setdefault("processes", []).append(
        (
            process.id,
            kind,
            process.uscc,
            process.region,
            process.state,
            process.ended,
            about,
            record,
            process.version,
            position,
        )
    )
    if isinstance(process, Listing) and process.uscc and (term := of_listing(process, law, ORDER_107)):
        told = {"ground": process.ground, "decided": process.decided, "region": process.region}
        _record(changes, process.id, process.uscc, str(process.list), term, told)


def _bans(id: str, events: Events, changes: Changes) -> None:
    """The refusal or revocation of a repair got by false papers is public for three years (Order 107)."""
    for _, event in events:
        if isinstance(event, RepairBarred) and event.occurred:
            day = date.fromisoformat(event.occurred[:10])
            term = Term("repair_ban", "Order 107", day, None, date.fromisoformat(event.until))
            told = {"decision": event.decision, "repair": event.repair}
            own = f"{id}/{event.originator_version}"
            _record(changes, own, id.removeprefix(PREFIX), "repair_ban", term, told)


def _record(changes: Changes, id: str, uscc: str, kind: str, term: Term, told: dict[str, Any]) -> None:
    document = {"article": term.article, **told}
    changes.put.setdefault("records", []).append(
        (
            id,
            uscc,
            kind,
            term.code,
            term.published.isoformat(),
            term.until.isoformat() if term.until else None,
            term.repairable.isoformat() if term.repairable else None,
            orjson.dumps(document),
        )
    )

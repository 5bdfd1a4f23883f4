"""What the public may know of penalties, when it may: their publication 公示, its correction and its end.

A message goes to the key of each party that has a unified social credit code; a natural person has none and is
never in this topic. Only coded facts are told – articles, amounts, kinds, dates – and no free text. A message is
made from the case as it stood with that event, so it does not change when the case goes on.
"""

from typing import Any

import orjson

import enforcement.cases.events  # noqa: F401  makes the types of cases known
from enforcement.cases import telling
from enforcement.cases.case import Case
from enforcement.events import known, live
from enforcement.law import Law
from enforcement.store import LedgerRecorder, Stored
from streams.cursors import Cursor
from streams.lanes import MESSAGES, Window
from streams.port import Record, Topic
from streams.topics import JSON

FORM = 1
KINDS = {
    "case.published": "penalty.published",
    "case.publicity-corrected": "penalty.corrected",
    "case.publicity-withdrawn": "penalty.withdrawn",
    "case.publicity-ended": "penalty.ended",
}
TELLING = ("case.published", "case.publicity-corrected")
PAGE = 200

_text = {"type": "string"}
_maybe = {"type": ["string", "null"]}
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$id": "urn:steelyard:schema:public.penalty:1",
    "title": "A published penalty, or the end of its publication",
    "type": "object",
    "required": ["form", "what", "uscc", "ledger", "case", "position", "on"],
    "properties": {
        "form": {"const": FORM},
        "what": {"enum": sorted(KINDS.values())},
        "uscc": {"type": "string", "pattern": "^[0-9A-HJ-NPQRTUWXY]{18}$"},
        "ledger": _text,
        "case": _text,
        "position": {"type": "integer", "description": "of the event in the ledger"},
        "on": {**_maybe, "description": "the day of the act; null where it is not known"},
        "why": {"enum": ["term", "repair", "deregistered"], "description": "penalty.ended only"},
        "penalty": {
            "type": "object",
            "description": "penalty.published and penalty.corrected: the decision as it stands",
            "required": ["authority", "region", "number", "decided", "imposed"],
            "properties": {
                "authority": _maybe,
                "region": _maybe,
                "number": {**_maybe, "description": "number of the decision's document"},
                "decided": _maybe,
                "imposed": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "properties": {
                            "code": {**_maybe, "description": "act, by the catalogue of violations"},
                            "cite": {**_maybe, "description": "article cited as the basis"},
                            "fine": {**_maybe, "description": "CNY"},
                            "gains": {**_maybe, "description": "illegal gains confiscated, CNY"},
                            "warning": {"type": "boolean"},
                            "criticism": {"type": "boolean"},
                            "order_correct": {"type": "boolean"},
                            "kinds": {"type": "array", "items": _text},
                        },
                    },
                },
            },
        },
    },
}


class PublicLane:
    """The topic `public`, as far as penalties are concerned."""

    def __init__(self, topic: Topic, ledger: str, recorder: LedgerRecorder) -> None:
        self.topic, self.ledger, self.recorder = topic, ledger, recorder
        self._law: Law | None = None

    def next(self, after: Cursor, upto: int | None) -> Window | None:
        """Looks only at the events that publish; passing over the others moves the cursor as well."""
        last = self.recorder.head() if upto is None else upto
        if last <= after.position:
            return None
        rows = self.recorder.rows(after.position, PAGE, last, tuple(KINDS))
        records: list[Record] = []
        for seen, row in enumerate(rows, 1):
            records += self._records(row)
            if len(records) >= MESSAGES:
                rows = rows[:seen]
                break
        else:
            if len(rows) < PAGE:
                return Window(records, Cursor(last, after.leaf + len(records)))
        return Window(records, Cursor(rows[-1][0], after.leaf + len(records)))

    def _records(self, row: Stored) -> list[Record]:
        case = self._case(row[1], row[2])
        if not case.decisions or case.decisions[-1]["kind"] != "penalty":
            return []
        own = orjson.loads(row[4])["data"].get("uscc")
        headers = (("position", b"%d" % row[0]), ("content-type", JSON))
        return [
            Record(self.topic.name, uscc.encode(), self._value(row, case, uscc), headers)
            for uscc in ([own] if own else sorted(case.usccs()))
        ]

    def _value(self, row: Stored, case: Case, uscc: str) -> bytes:
        position, aggregate, _, kind, state = row
        data = orjson.loads(state)["data"]
        told = {
            "form": FORM,
            "what": KINDS[kind],
            "uscc": uscc,
            "ledger": self.ledger,
            "case": aggregate,
            "position": position,
            "on": data.get("occurred"),
        }
        if kind in TELLING:
            told["penalty"] = telling.penalty(case, uscc)
        if "why" in data:
            told["why"] = data["why"]
        return orjson.dumps(told, option=orjson.OPT_SORT_KEYS)

    def _case(self, id: str, version: int) -> Case:
        if self._law is None:
            self._law = Law.load()
        rows = self.recorder.select_events(id, lte=version)
        events = [
            live(cls, id, row.originator_version, orjson.loads(row.state))
            for row in rows
            if (cls := known(row.topic))
        ]
        return Case.fold(id, events, self._law)

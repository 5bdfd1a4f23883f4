"""The JSON Schemas of what goes on the topics beside `ledger` and `public`: the contract of their producers.

Decimals are strings, days are `YYYY-MM-DD`, positions are those of the ledger. Unknown members are allowed.
"""

from typing import Any

from enforcement.schemas import DIALECT

DECIMAL = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$"
DAY = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
USCC = "^[0-9A-HJ-NPQRTUWXY]{18}$"
NOTE = "^[^\n]+\n[1-9][0-9]*\n[A-Za-z0-9+/]{43}=\n([^\n]+\n)*\n(— [^\n ]+ [A-Za-z0-9+/]+=*\n)+$"

_position = {"type": "integer", "minimum": 1, "description": "Of the event in the ledger."}


def _schema(name: str, title: str, **members: dict[str, Any]) -> dict[str, Any]:
    return {
        "$schema": DIALECT,
        "$id": f"urn:steelyard:schema:{name}:1",
        "title": title,
        "type": "object",
        "properties": members,
        "required": list(members),
        "additionalProperties": True,
    }


CREDIT_CLASS = _schema(
    "credit.class",
    "The current credit class of a business; the value null (a tombstone) when it has left",
    uscc={"type": "string", "pattern": USCC},
    **{"class": {"type": "string", "minLength": 1}},
    total={"type": "string", "pattern": DECIMAL, "description": "The score, a decimal as a string."},
    policy={"type": "string", "minLength": 1, "description": "The policy's id, by which it was scored."},
    as_of={"type": "string", "pattern": DAY, "description": "The day for which it was scored."},
    position=_position,
)

PARKED = _schema(
    "parked.event",
    "An event that a projection could not apply, with the reason; for operators",
    projection={"type": "string", "minLength": 1},
    aggregate={"type": "string", "minLength": 1},
    position=_position,
    error={"type": "string", "minLength": 1},
    since={"type": "string", "description": "When it was put aside, UTC."},
    event={"type": "object", "description": "The envelope of the event."},
)

CHECKPOINT: dict[str, Any] = {
    "$schema": DIALECT,
    "$id": "urn:steelyard:schema:checkpoint:1",
    "title": "A signed head of the log: a C2SP checkpoint (signed note)",
    "description": "Origin, number of leaves and root in base64, a line each; a blank line; the signatures.",
    "type": "string",
    "pattern": NOTE,
}

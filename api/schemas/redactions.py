"""What comes in and goes out about redactions 遮盖."""

from typing import get_args

from marshmallow import fields, validate

from api.schemas.fields import Number, Plain, words
from api.schemas.parts import Answer, flag, free, number, string
from api.schemas.reports import Given, Short
from enforcement.reports.redaction.cutting import MOST
from enforcement.reports.redaction.events import Part, Reason
from enforcement.values import MAX_INT

LONGEST = 10_000_000
"""Beyond every text that can be filed."""


class RedactedSpan(Given):
    """What is hidden, in Unicode code points from 0; `end` is behind the last one."""

    start = Number(0, LONGEST, required=True)
    end = Number(0, LONGEST, required=True)
    reason = words(get_args(Reason), required=True)


class RedactionWanted(Given):
    """Which part of the text of which event (by its version) is redacted, where, and why it is opened for that."""

    event = Number(1, MAX_INT, required=True)
    part = words(get_args(Part), load_default="text")
    spans = fields.List(
        fields.Nested(RedactedSpan),
        required=True,
        validate=validate.Length(max=MOST),
        metadata={"maxItems": MOST},
    )
    purpose = Plain(Short, required=True)


class SegmentOpening(Given):
    """Which hidden segment is opened, counted from 0, and why."""

    segment = Number(0, MAX_INT, required=True)
    purpose = Plain(Short, required=True)


class RedactedCopy(Answer):
    """A redacted copy with its proof, as canonical JSON: the copy, the event that names it, its signed receipt."""

    form = number()
    copy = free()
    event = string()
    receipt = string()


class RedactionOpening(Answer):
    """The proof of what a hidden segment says, as canonical JSON."""

    form = number()
    kind = string()
    ledger = string()
    report = string()
    event = number()
    part = string()
    root = string()
    segment = number()
    text = string()
    salt = string()


class RedactionCompared(Answer):
    """Whether the original, opened again, gives the commitment that was recorded. The reading stands at `position`."""

    holds = flag()
    position = number()

"""Bodies and answers about scoring policies."""

from marshmallow import RAISE, Schema, fields

from api.schemas.fields import Plain, occurred
from api.schemas.parts import Answer, bilingual, day, free, many, maybe, number, one, string, texts
from enforcement.fields import Day, LongText


class PolicyText(Schema):
    """The document as it is written."""

    text = Plain(LongText, required=True, metadata={"description": "the policy as YAML or JSON"})

    class Meta:
        unknown = RAISE


class PolicyCommand(Schema):
    """The adoption of a policy."""

    occurred = occurred()
    data = fields.Nested(PolicyText, required=True)

    class Meta:
        unknown = RAISE


class Draft(PolicyText):
    """A draft to be tried out."""

    as_of = Plain(Day, metadata={"description": "the day to begin with (default today)"})


class PolicySummary(Answer):
    """A policy as adopted, without its text."""

    id = string()
    hash = string(metadata={"description": "SHA-256 of the document's canonical JSON (RFC 8785)"})
    title = bilingual()
    valid_from = day()
    valid_to = day(allow_none=True)
    clauses = number()
    position = number(metadata={"description": "the ledger's position of its adoption"})
    recorded = string()


class Policy(PolicySummary):
    """A policy with its text, and the same as JSON: numbers stand as they are written."""

    text = string()
    document = free()


class PolicyList(Answer):
    """Every policy, in the order of adoption."""

    items = many(PolicySummary)
    in_force = maybe(
        metadata={"description": "the policy in force on the day asked, null where there is none"}
    )


class PolicyName(Answer):
    """A policy by id and hash."""

    id = string()
    hash = string()


class Matrix(Answer):
    """Class before → class after → businesses."""

    on = day()
    matrix = free()


class Cause(Answer):
    """A clause whose points differ; a veto has none on either side."""

    clause = string()
    points_before = string()
    points_after = string()


class Mover(Answer):
    """A business whose class would change."""

    uscc = string()
    class_before = string()
    class_after = string()
    total_before = string()
    total_after = string()
    clauses = many(Cause)


class Draw(Answer):
    """What a class costs the next quarter's draw: its size on the last day of this quarter, ratio, number drawn."""

    grade = string()
    size_before = number()
    size_after = number()
    ratio_before = string()
    ratio_after = string()
    drawn_before = number()
    drawn_after = number()
    visits_before = number(allow_none=True)
    visits_after = number(allow_none=True)


class Checked(Answer):
    """How many were scored again one by one, and of whom the two ways differ."""

    businesses = number()
    different = texts()


class WhatIf(Answer):
    """A draft beside the policy in force."""

    draft = one(PolicyName)
    current = one(PolicyName)
    businesses = number()
    facts = number()
    known_at = number()
    days = many(Matrix)
    changes = number(metadata={"description": "businesses whose class changes on the first day"})
    movers = many(Mover, metadata={"description": "the first hundred of them"})
    draw = many(Draw)
    idle_clauses = texts(metadata={"description": "clauses without a line on any of the days"})
    checked = one(Checked)

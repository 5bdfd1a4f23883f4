"""Bodies and answers about scoring policies."""

from marshmallow import RAISE, Schema, fields

from api.schemas.fields import Plain, occurred
from api.schemas.parts import Answer, bilingual, day, free, many, maybe, number, string
from enforcement.fields import LongText


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

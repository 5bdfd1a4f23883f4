"""What every part of the API answers with: receipts, problems, lists of schemas."""

from marshmallow import INCLUDE, Schema, fields

from api.schemas.parts import Answer, bilingual, flag, free, listing, many, maybe, number, string


class Receipt(Answer):
    """What was recorded: the thing, its version, the ledger-wide position of its last event."""

    id = string()
    version = number()
    position = number()


class Breach(Answer):
    """A rule that is not met; `earliest`: the first day or moment at which the act would be possible."""

    rule = string()
    article = string()
    message = string()
    earliest = maybe()


class FieldError(Answer):
    """A field that is not valid, by its path."""

    path = string()
    message = string()


class Problem(Schema):
    """RFC 9457. Further members carry the facts of a type, such as `current` for a version conflict."""

    class Meta:
        unknown = INCLUDE

    type = string()
    title = string()
    status = number()
    detail = string()
    instance = string()
    article = string(required=False)
    breaches = many(Breach, required=False)
    errors = many(FieldError, required=False)


class ProblemType(Answer):
    """A problem type, what it means and what helps."""

    type = string()
    slug = string()
    status = number()
    title = bilingual()
    meaning = bilingual()
    remedy = bilingual()


class SchemaAddress(Answer):
    """An event type and where its schema is."""

    type = string()
    version = number()
    schema = string()


class Status(Answer):
    """`ok`, or what is missing."""

    status = string()


class ProjectionState(Answer):
    """One read model: how far it is, how far behind, what is parked, when it was last built anew."""

    projection = string()
    ready = flag()
    version = number(allow_none=True)
    position = number()
    head = number()
    head_moved = maybe()
    events_behind = number()
    seconds_behind = fields.Float(required=True)
    parked = number()
    held = number()
    skipped = number()
    last_rebuild = maybe()
    last_comparison = free(allow_none=True)


class ParkedEvent(Answer):
    """An event that a read model could not take; `held`: nothing is wrong with it, it waits behind such a one."""

    projection = string()
    position = number()
    aggregate = string()
    aggregate_version = number()
    topic = string()
    held = flag()
    error = maybe()
    attempts = number()
    since = string()


ProblemTypeList = listing("ProblemTypeList", ProblemType, "Every problem type.")
SchemaList = listing("SchemaList", SchemaAddress, "Every event type.")
ParkedList = listing("ParkedList", ParkedEvent, "What a read model has put aside.")
ProjectionList = listing("ProjectionList", ProjectionState, "Every read model.")

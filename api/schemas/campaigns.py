"""What is asked and answered about campaigns and their draws."""

from marshmallow import RAISE, Schema, fields, validate

from api.schemas.checks import CheckAllowed
from api.schemas.parts import Answer, flag, free, listing, many, maybe, number, string, texts


class Freeze(Schema):
    """What is frozen: how the seed will come about, and the lists of `steelyard-draw-1`.

    Without lists they are those of the registers today: the pool of the item, the inspectors of the campaign's days,
    who must recuse, the ratios of the policy.
    """

    class Meta:
        unknown = RAISE

    entropy = fields.Dict(required=True, metadata={"description": "parties, reveal_by, public (section 2)"})
    ratios = fields.Dict(
        keys=fields.String(), values=fields.String(), metadata={"description": "stratum → p/q"}
    )
    excluded = fields.List(fields.Dict())
    objects = fields.List(fields.Dict())
    inspectors = fields.List(fields.Dict())
    conflicts = fields.List(fields.List(fields.String()))
    cap = fields.Integer(
        strict=True,
        load_default=20,
        validate=validate.Range(1, 1000),
        metadata={"description": "inspections of an inspector without a cap of his or her own"},
    )


class CampaignRow(Answer):
    """A campaign in a list."""

    id = string()
    position = number()
    state = string()
    item = maybe()
    region = maybe()
    unit = maybe()
    organiser = maybe()
    start = maybe()
    end = maybe()
    held_elsewhere = flag()
    joint = flag()
    by_policy = flag()
    plan_hash = maybe()
    frozen_at = maybe()
    drawn = number(allow_none=True)
    recusals = number()
    replaces = maybe()
    voided = maybe()


class Campaign(Answer):
    """One campaign: its plan, what is frozen, how far the draw is, what was replaced, what may happen next."""

    id = string()
    version = number()
    position = number()
    state = string()
    facts = free()
    organiser = maybe()
    frozen = free(allow_none=True)
    revealed = texts(metadata={"description": "the parties that have revealed"})
    public_text = maybe()
    drawn = number()
    transcript = maybe(metadata={"description": "hash of the file with the transcript as drawn"})
    replacements = fields.List(fields.Dict(), required=True)
    voided = free(allow_none=True)
    successor = maybe()
    held_elsewhere = flag()
    notes = many(type("CampaignNote", (Answer,), {"en": string(), "zh": string()}))
    allowed_events = many(CheckAllowed)


class PublicFreeze(Answer):
    """A freeze in public, from its moment on: the plan hash, when chance comes, and what became of it."""

    id = string()
    state = string()
    item = maybe()
    region = maybe()
    plan_hash = maybe()
    frozen_at = maybe()
    drawn = number(allow_none=True)
    replaces = maybe()
    voided = maybe()


class Visit(Answer):
    """A business to which several inspections are to go; they can be one visit 综合查一次."""

    entity = string()
    inspections = fields.List(fields.Dict(), required=True)


CampaignPage = listing("CampaignPage", CampaignRow, "A page of campaigns.", paged=True)
PublicFreezePage = listing("PublicFreezePage", PublicFreeze, "A page of public freezes.", paged=True)
VisitPage = listing("VisitPage", Visit, "A page of visits that can be merged.", paged=True)

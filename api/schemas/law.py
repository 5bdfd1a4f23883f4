"""What the law answers: catalogue, procedure, deadline rules."""

from marshmallow import fields

from api.schemas.parts import (
    Answer,
    bilingual,
    day,
    flag,
    free,
    listing,
    many,
    maybe,
    number,
    string,
    texts,
)


class Cite(Answer):
    """A penalty article; a number that may not be printed before a person has checked it says so."""

    article = string()
    band_of = maybe()
    print_article = flag()


class Consequence(Answer):
    """One consequence; amounts in CNY or factors, as strings."""

    kind = string()
    mandatory = flag()
    when = texts()
    cites = texts()
    basis = maybe()
    min = string()
    max = maybe()
    cap = maybe()
    floor = maybe()
    sole_trader_max = maybe()
    detail = bilingual(allow_none=True)
    status = string()
    reason = string()
    shown = maybe()


class CatalogueRow(Answer):
    """An unlawful act, its articles and what may follow."""

    code = string()
    act = bilingual()
    article = string()
    jurisdiction = string()
    status = string()
    reason = maybe()
    valid_from = day()
    valid_to = day(allow_none=True)
    requires_order = flag()
    cites = many(Cite)
    duties = texts()
    consequences = many(Consequence)
    needs = texts()
    party = maybe()
    via = texts()
    shown = maybe()
    notes = fields.List(bilingual(), required=True)


class ProcedureRow(Answer):
    """One row of the statutory table."""

    no = string()
    type = string()
    zh = string()
    section = string()
    from_ = texts(data_key="from")
    to = free()
    actor = string()
    roles = texts()
    decider = maybe()
    guards = texts()
    starts = texts()
    ends = texts()
    deadline = maybe()
    form = number(allow_none=True)
    article = string()
    status = string()
    reason = maybe()
    valid_from = day()
    valid_to = day(allow_none=True)
    jurisdiction = string()


class DeadlineRule(Answer):
    """A statutory period."""

    rule = string()
    name = bilingual()
    length = number()
    unit = string()
    duty = string()
    starts = bilingual()
    backward = flag()
    extension = bilingual(allow_none=True)
    extension_steps = fields.List(fields.Dict(), required=True)
    pauses = texts()
    figures = free()
    article = string()
    jurisdiction = string()
    status = string()
    reason = bilingual(allow_none=True)
    valid_from = day()
    valid_to = day(allow_none=True)


Catalogue = listing("Catalogue", CatalogueRow, "The catalogue on a day.")
ProcedureList = listing("ProcedureList", ProcedureRow, "The procedure on a day.")
DeadlineRuleList = listing("DeadlineRuleList", DeadlineRule, "The deadline rules on a day.")

"""What is answered about checks."""

from marshmallow import fields

from api.schemas.parts import Answer, bilingual, flag, free, listing, many, maybe, number, string, texts


class CheckDeadline(Answer):
    """A period of an inspection, in both readings of a last day off."""

    rule = string()
    name = bilingual()
    article = string()
    started = string()
    due = maybe()
    due_strict = maybe()
    due_rolled = maybe()
    provisional = flag()
    ended = maybe()
    state = string(metadata={"description": "running, overdue, met, late"})


class OrderDue(Answer):
    """An order to correct that was not re-checked yet."""

    order = string()
    until = string()
    overdue = flag()


class CodeSaid(Answer):
    """A code and what it says."""

    code = string()
    en = string()
    zh = string()


class CheckAllowed(Answer):
    """What may happen next, and who records it."""

    type = string()
    zh = string()
    roles = texts()
    article = string()


class Inspection(Answer):
    """One inspection: its facts, what runs out when, what may happen next."""

    id = string()
    version = number()
    position = number(allow_none=True)
    state = string()
    facts = free(metadata={"description": "the assignment: item, object, region, kind, campaign …"})
    officers = texts()
    recused = texts()
    entered = maybe()
    visitors = texts()
    sheet = free(allow_none=True)
    results = free(allow_none=True)
    results_on = maybe()
    audited = free(allow_none=True)
    published = maybe()
    withdrawn = free(allow_none=True)
    orders = free()
    cases = texts()
    listings = texts()
    finished = texts()
    voided = free(allow_none=True)
    codes = many(CodeSaid)
    provincial = many(CodeSaid)
    open_followups = many(CodeSaid)
    deadlines = many(CheckDeadline)
    orders_due = many(OrderDue)
    allowed_events = many(CheckAllowed)


class InspectionRow(Answer):
    """An inspection in a list."""

    id = string()
    position = number()
    state = string()
    item = maybe()
    object = maybe()
    entity = maybe()
    region = maybe()
    unit = maybe()
    check_kind = maybe()
    campaign = maybe()
    grade = maybe()
    random = flag()
    assigned = maybe()
    entered = maybe()
    results_on = maybe()
    published = maybe()
    shown = flag()
    negative = flag(allow_none=True)
    kept = flag(metadata={"description": "a case or a listing keeps the result in public"})


class PublicResult(Answer):
    """A result in public 抽查检查结果公示."""

    id = string()
    item = maybe()
    object = maybe()
    entity = maybe()
    region = maybe()
    unit = maybe()
    campaign = maybe()
    published = maybe()
    codes = many(CodeSaid)


class NetContentRow(Answer):
    """A net-content test in a list; verdicts are null where they are not known."""

    id = string()
    position = number()
    occurred = maybe()
    entity = maybe()
    region = maybe()
    product = maybe()
    campaign = maybe()
    inspection = maybe()
    label = flag(allow_none=True)
    single = flag(allow_none=True)
    average = flag(allow_none=True)
    overall = flag(allow_none=True)
    history = flag()
    withdrawn = flag()


class NetContent(Answer):
    """One test: what was read, what follows from it, and whether it still follows when computed now."""

    id = string()
    version = number()
    position = number()
    occurred = maybe()
    history = flag()
    withdrawn = maybe()
    test = free(metadata={"description": "the event's data: readings, verdicts, counts, limits"})
    recomputed = fields.Dict(
        required=True,
        allow_none=True,
        metadata={"description": "what does not follow from the readings; {} = all follows, null = history"},
    )


InspectionPage = listing("InspectionPage", InspectionRow, "A page of inspections.", paged=True)
PublicResultPage = listing("PublicResultPage", PublicResult, "A page of public results.", paged=True)
NetContentPage = listing("NetContentPage", NetContentRow, "A page of net-content tests.", paged=True)

"""What is answered about cases."""

from marshmallow import fields

from api.schemas.parts import (
    Answer,
    Bilingual,
    bilingual,
    day,
    flag,
    free,
    listing,
    many,
    maybe,
    number,
    one,
    string,
    texts,
)


class CaseDeadline(Answer):
    """One deadline; dates are days, or moments for periods in hours. Positions name the events."""

    key = string()
    rule = string()
    name = bilingual()
    article = string()
    status = string(
        metadata={"description": "how sure the rule is: confirmed, reading, derived, unverified …"}
    )
    duty = string()
    state = string(metadata={"description": "running, paused, overdue, lapsed, met"})
    due = maybe()
    due_strict = maybe(metadata={"description": "moved only over days off named in a State Council notice"})
    due_rolled = maybe(metadata={"description": "moved over every non-working day"})
    provisional = flag(metadata={"description": "counts days of a year whose holiday notice is not out"})
    provisional_reason = bilingual(allow_none=True)
    started = maybe()
    started_by = number(allow_none=True)
    paused_since = maybe()
    remaining = fields.Integer(required=True, allow_none=True)
    ended = maybe()
    ended_by = number(allow_none=True)
    paused = fields.List(fields.Dict(), required=True)
    extended = fields.List(fields.Dict(), required=True)
    extensions_refused = many(Bilingual)


class BoardDeadline(CaseDeadline):
    """A running deadline on the board, with what it is about."""

    about = string(metadata={"description": "the id of the case, the entry, the repair or the objection"})
    kind = string(metadata={"description": "case, listing, repair, objection"})
    case = maybe(metadata={"description": "the same id where it is a case"})
    region = maybe()
    unit = maybe()
    days_left = fields.Integer(required=True, allow_none=True)


class Allowed(Answer):
    """An event that may happen next: who records and decides it, from when, under which article."""

    type = string()
    zh = string()
    actor = string()
    roles = texts()
    decided_by = maybe()
    earliest = maybe(metadata={"description": "null: now"})
    article = string()
    status = string()


class Finding(Answer):
    """An irregularity: the rule that was not met (`kind`), and the event where it showed."""

    kind = string()
    rule = string(required=False, metadata={"description": "the deadline rule, where it is about one"})
    article = string()
    en = string()
    zh = string()
    position = number(allow_none=True)


class Band(Answer):
    """From where to where a fine may lie (CNY), and under which article."""

    min = string()
    max = string()
    article = string()


class Rung(Answer):
    """A part of the band: reduced, lighter, ordinary, heavier."""

    rung = string()
    min = string()
    max = string()


class Discretion(Answer):
    """Where a fine lies in its band 裁量, computed and explained beside what was stated."""

    violation = string()
    party = maybe()
    code = string()
    fine = string()
    stated = maybe()
    computed = maybe()
    reasons = maybe()
    band = one(Band)
    rungs = many(Rung)
    explanation = bilingual()
    ladders = free()


class GainsFound(Answer):
    """The illegal gains 违法所得 of an act (CNY): receipts less what counts as cost, and what may be confiscated."""

    violation = string()
    gains = string()
    deducted = string()
    refunded = string()
    confiscable = string()
    article = string()
    explanation = bilingual()


class Surcharge(Answer):
    """The surcharge 加处罚款 of a party at the end of the day (CNY); `shown`: reckoned on the unpaid part."""

    party = maybe()
    amount = string()
    days = number()
    capped_on = maybe()
    shown = string()
    waived = string()
    article = string()
    explanation = bilingual()


class Balance(Answer):
    """What is owed, was paid and is to be given back (CNY)."""

    owed = string()
    paid = string()
    to_refund = string()


class Case(Answer):
    """A case as it stands."""

    id = string()
    version = number()
    position = number(allow_none=True)
    open = flag()
    state = string()
    procedure = string()
    jurisdiction = string()
    source = maybe()
    region = maybe()
    unit = maybe()
    authority = maybe()
    summary = maybe()
    metrology = flag()
    opened = maybe()
    filed = maybe()
    served = maybe()
    closed = maybe()
    outcome = maybe()
    remedy_end = maybe()
    deferred_until = maybe()
    parties = free()
    violations = free()
    handlers = texts()
    former_handlers = texts()
    recused = texts()
    review = free()
    review_grounds = texts()
    proposal = free()
    notice = free()
    hearing = free()
    discovered = free(allow_none=True)
    rights_told = maybe()
    payments = fields.List(fields.Dict(), required=True)
    instalments = fields.List(fields.Dict(), required=True)
    regions = free()
    flags = free()
    decisions = fields.List(fields.Dict(), required=True)
    intervals = fields.List(fields.Dict(), required=True)
    links = fields.List(fields.Dict(), required=True)
    corrections = fields.List(fields.Dict(), required=True)
    deadlines = many(CaseDeadline)
    findings = many(Finding)
    discretion = many(Discretion)
    gains = many(GainsFound)
    surcharge = many(Surcharge)
    balance = one(Balance)
    allowed_events = many(Allowed)


class CaseParty(Answer):
    """A party in the register."""

    id = string()
    kind = maybe()
    uscc = maybe()
    name = maybe()


class CaseSummary(Answer):
    """A case in the register."""

    id = string()
    version = number()
    position = number()
    recorded = string()
    state = string()
    open = flag()
    region = maybe()
    unit = maybe()
    authority = maybe()
    source = maybe()
    procedure = string()
    outcome = maybe()
    opened = maybe()
    findings = number()
    next_due = day(allow_none=True)
    provisional = flag()
    overdue = flag()
    parties = many(CaseParty)
    officers = texts()
    violations = fields.List(fields.String(allow_none=True), required=True)


class RecordedEvent(Answer):
    """An event as recorded: who, when, and its own data as stored."""

    position = number()
    aggregate = string()
    version = number()
    type = string()
    class_version = number()
    occurred = maybe()
    recorded = string()
    actor = string()
    role = string()
    correlation = string()
    subject = string()
    data = free()


class Paper(Answer):
    """A document of the file; `form` of the 56 standard forms, null where only the number is known."""

    form = number(allow_none=True)
    on = maybe(required=False, metadata={"description": "the day of the document"})
    name = string(required=False)
    volume = maybe()
    position = number(allow_none=True)
    number = maybe(required=False)


class Counts(Answer):
    """The board in figures."""

    open = number()
    overdue = number()
    due_soon = number()
    provisional = number()
    paused = number()
    lapsed = number()


CasePage = listing("CasePage", CaseSummary, "A page of the register.", paged=True)
EventPage = listing("EventPage", RecordedEvent, "Events in their order.", paged=True)
DeadlinePage = listing("DeadlinePage", BoardDeadline, "A page of the board.", paged=True)
CaseDeadlineList = listing("CaseDeadlineList", CaseDeadline, "The deadlines of a case.")
DocumentList = listing("DocumentList", Paper, "The documents of a case in the order of the file.")

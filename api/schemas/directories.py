"""What is answered about items, plans, instruments, products, stalls, inspectors and relations."""

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
    one,
    string,
    texts,
)
from api.schemas.registers import Absence


class Entry(Answer):
    """An entry of a register: its id, and the last event about it."""

    id = string()
    version = number()
    position = number()
    recorded = string()


class Item(Entry):
    """An item of the list."""

    code = string()
    category = string()
    item = string()
    sub_item = maybe()
    objects = string()
    kind = string()
    methods = texts()
    basis = string()
    levels = texts()
    ratio = string(metadata={"description": "a reduced fraction p/q"})
    frequency = maybe()
    skill = maybe()
    kinds = texts(allow_none=True)
    sectors = texts(allow_none=True)
    regions = texts(allow_none=True)
    remark = maybe()
    withdrawn = flag()
    public_information = flag()


class PlannedBatch(Answer):
    """A batch of a plan."""

    batch = string()
    items = texts()
    directed = flag()
    scope = string()
    regions = texts()
    ratio = maybe(required=False)
    start = day()
    end = day()
    departments = texts(required=False)
    team = number(required=False, allow_none=True)
    number = number(required=False, allow_none=True)


class PublishedPlan(Answer):
    """A plan as it was published."""

    plan = string()
    year = number()
    authority = string()
    region = string()
    title = string()
    batches = many(PlannedBatch)
    published = string()
    where = string()


class Plan(Entry):
    """A plan as it stands; `public` is what was published last."""

    plan = string()
    year = number()
    authority = string()
    region = string()
    title = string()
    status = string()
    filed = maybe()
    filed_with = maybe()
    to_publish = flag()
    to_file = flag()
    public = one(PublishedPlan, allow_none=True)
    batches = free(metadata={"description": "batches by their ids"})


class PlanFinding(Answer):
    """What a plan does not meet; a hard one refuses its publication."""

    rule = string()
    article = string()
    message = bilingual()
    hard = flag()


class PlanWithFindings(Plan):
    """A plan as it stands, with its findings."""

    findings = many(PlanFinding)


class Instrument(Entry):
    """An instrument: facts, phase by its events, standing today."""

    instrument = string()
    kind = string()
    owner = string()
    region = string()
    place = maybe()
    number = maybe()
    maker = maybe()
    model = maybe()
    accuracy = maybe()
    purpose = maybe()
    jjg = maybe()
    until = maybe()
    phase = string()
    verified = flag()
    standing = string()
    filing = maybe(required=False)
    body = maybe(required=False)
    certificate = maybe(required=False)
    notice = maybe(required=False)
    repairer = maybe(required=False)
    by = maybe(required=False)
    case = maybe(required=False)


class Cycle(Answer):
    """The verification cycle of a kind; `status` says whether the figure was confirmed."""

    jjg = string()
    mode = string()
    months = number(allow_none=True)
    status = string()


class Possible(Answer):
    """What may happen to an instrument next."""

    event = string()
    name = bilingual()
    article = string()


class InstrumentView(Instrument):
    """An instrument with its cycle and what may happen to it next."""

    cycle = one(Cycle, allow_none=True)
    allowed_events = many(Possible)


class InstrumentCounts(Answer):
    """How many instruments stand how today."""

    unverified = number()
    valid = number()
    due_soon = number()
    overdue = number()
    failed = number()
    stopped = number()
    gone = number()


class Product(Entry):
    """A product."""

    product = string()
    owner = string()
    kind = string()
    name = string()
    region = string()
    specification = maybe()
    status = string()


class Stall(Entry):
    """A stall of a market."""

    stall = string()
    owner = string()
    keeper = maybe()
    kind = string()
    region = string()
    place = maybe()
    status = string()


class Inspector(Entry):
    """An officer as a draw sees them."""

    unit = string()
    region = string()
    licence_until = day()
    regions = texts()
    skills = texts()
    leave = many(Absence)
    expert = flag()
    cap = number(allow_none=True)
    status = string()
    available = flag()


class Relation(Entry):
    """A relation of two, by ids."""

    relation = string()
    kind = string()
    a = string()
    b = string()
    start = maybe()
    end = maybe()
    basis = maybe()
    withdrawn = flag()


class Link(Answer):
    """One relation on a path."""

    relation = string()
    kind = string()
    to = string()

    class Meta(Answer.Meta):
        include = {"from": string()}


class Recusal(Answer):
    """A business from which an officer must recuse, and the path that says so."""

    entity = string()
    path = many(Link)


ItemPage = listing("ItemPage", Item, "A page of the item list.", paged=True)
PlanPage = listing("PlanPage", Plan, "A page of the plans as they stand.", paged=True)
PublishedPlanList = listing("PublishedPlanList", PublishedPlan, "Every published plan.")
InstrumentPage = listing("InstrumentPage", Instrument, "A page of the register of instruments.", paged=True)
ProductPage = listing("ProductPage", Product, "A page of the register of products.", paged=True)
StallPage = listing("StallPage", Stall, "A page of the register of stalls.", paged=True)
InspectorPage = listing("InspectorPage", Inspector, "A page of the directory of inspectors.", paged=True)
RelationPage = listing("RelationPage", Relation, "A page of the declared relations.", paged=True)
RecusalList = listing("RecusalList", Recusal, "Every business from which an officer must recuse.")

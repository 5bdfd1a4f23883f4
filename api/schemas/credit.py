"""What is answered about credit, lists, repair and objections."""

from api.schemas.cases import CaseDeadline
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


class Line(Answer):
    """A line of a score. `ends_on`: the first day without it; a cap's line has no event."""

    clause = string()
    event = maybe(metadata={"description": "<aggregate>/<version>"})
    position = number(allow_none=True)
    date = day(allow_none=True)
    points = string(metadata={"description": "a decimal"})
    points_at_start = string()
    ends_on = day(allow_none=True)
    article = maybe()
    because = texts(required=False, metadata={"description": "earlier events that it needs"})
    counted_by = texts(
        required=False,
        metadata={
            "description": "earlier events of the same matter: while they stand, this one is worth nothing"
        },
    )
    at_best = string(required=False, metadata={"description": "a veto: no class better than this"})


class Score(Answer):
    """Total = base + the sum of the lines' points, always."""

    base = string()
    lines = many(Line)
    total = string()
    class_ = string(data_key="class")
    next_change = maybe(metadata={"description": "the day on which it changes if nothing new happens"})


class Asked(Score):
    """A score with the question that it answers."""

    uscc = string()
    as_of = day()
    known_at = number()
    policy = string()


class Credit(Asked):
    """The credit of a business, and the same without what an objection contests."""

    contested = texts()
    without_contested = one(Score, required=False)
    recorded_class = maybe()


class ClassChange(Answer):
    """A change of class as recorded."""

    position = number()
    from_class = maybe()
    to_class = maybe(metadata={"description": "null: it left the register"})
    as_of = day()
    total = string()
    policy = string()
    policy_hash = string()
    looked_at = number()
    lines_digest = string()


class Difference(Answer):
    """A line that is another one from a day on."""

    clause = string()
    event = maybe()
    points = maybe()
    points_before = maybe()


class Change(Answer):
    """A day on which the score changes by itself."""

    on = day()
    policy = string()
    total = string()
    class_ = string(data_key="class")
    lines = many(Difference)


class Repairable(Answer):
    """A public record whose earlier end can be asked for."""

    id = string()
    kind = string()
    class_ = string(data_key="class")
    from_ = day(data_key="from")
    until = day(allow_none=True)


class Outlook(Asked):
    """The score, and what changes it when."""

    changes = many(Change)
    repairable = many(Repairable)


class Count(Answer):
    """How many businesses of a region and sector have a class."""

    on = day()
    region = maybe()
    sector = maybe()
    class_ = string(data_key="class")
    count = number()


class Migrated(Answer):
    """How many businesses went from one class to another."""

    from_ = maybe(data_key="from")
    to = maybe()
    count = number()


class Record(Answer):
    """What is public of a business, since when and until when."""

    id = string()
    uscc = string()
    kind = string()
    class_ = string(data_key="class")
    published = day()
    until = day(allow_none=True)
    told = free()


class ProcessRow(Answer):
    """A procedure in a list."""

    id = string()
    kind = string()
    uscc = string()
    region = maybe()
    state = string()
    ended = flag()
    about = maybe()
    record = maybe()
    version = number()
    position = number()


class ProcessStep(Answer):
    """A step that was taken."""

    type = string()
    on = maybe()
    position = number(allow_none=True)


class ProcessFinding(Answer):
    """What does not fit the statute."""

    kind = string()
    article = string()
    message = bilingual()
    position = number(allow_none=True)


class ProcessAllowed(Answer):
    """A step that may follow."""

    type = string()
    zh = string()
    roles = texts()
    decided_by = maybe()
    article = string()


class Process(Answer):
    """A listing, a repair or an objection."""

    id = string()
    kind = string()
    version = number()
    position = number(allow_none=True)
    uscc = string()
    region = maybe()
    state = string()
    ended = flag()
    facts = free()
    steps = many(ProcessStep)
    deadlines = many(CaseDeadline)
    findings = many(ProcessFinding)
    allowed_events = many(ProcessAllowed)


ClassChangePage = listing("ClassChangePage", ClassChange, "Classes recorded.", paged=True)
CountList = listing("CreditCountList", Count, "Businesses by class.")
MigrationList = listing("CreditMigrationList", Migrated, "Businesses by change of class.")
RecordPage = listing("PublicRecordPage", Record, "Public records.", paged=True)
ProcessPage = listing("ProcessPage", ProcessRow, "Procedures.", paged=True)

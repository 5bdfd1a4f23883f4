"""What may stand in a query string, and in which form."""

from datetime import date
from typing import Any, get_args

from marshmallow import RAISE, Schema, post_load
from webargs.fields import DelimitedList

from api.auth import ROLES
from api.schemas.fields import Flag, MomentText, Number, Plain, words
from enforcement.cases.procedure import STATES
from enforcement.checks.inspection_events import Code
from enforcement.fields import (
    CampaignId,
    CaseId,
    Day,
    ItemCode,
    OfficerId,
    Region,
    Uscc,
    ViolationCode,
    Words,
)
from enforcement.registry.entity import Kind, Status
from enforcement.values import MAX_INT
from projections.queries.paging import MAX_LIMIT

JURISDICTIONS = ("national", "zhejiang")
SOURCES = ("inspection", "report", "transfer", "assigned", "other")
SORTS = ("opened", "-opened", "due", "-due", "changed", "-changed")


class Query(Schema):
    """Unknown parameters are refused."""

    class Meta:
        unknown = RAISE


class Limited(Query):
    """At most so many."""

    limit = Number(1, MAX_LIMIT, load_default=50, metadata={"description": "items a page"})


class Page(Limited):
    """Keyset pagination: `next` of a page is the `cursor` of the following one."""

    cursor = Plain(Words, metadata={"description": "`next` of the page before"})


class History(Limited):
    """The events of one case; the cursor is a version."""

    cursor = Number(metadata={"description": "`next` of the page before: a version"})


class Cases(Page):
    """Which cases, in which order."""

    state = DelimitedList(words(STATES), metadata={"description": "one or more states, with commas between"})
    open = Flag()
    overdue = Flag(metadata={"description": "a duty of the bureau is late today"})
    provisional = Flag(metadata={"description": "a deadline counts days of a year without holiday notice"})
    region = Plain(Region)
    unit = Plain(Words)
    authority = Plain(Words)
    source = words(SOURCES)
    procedure = words(("ordinary", "summary"))
    officer = Plain(OfficerId)
    violation = Plain(ViolationCode)
    party = Plain(Uscc, attribute="uscc")
    opened_from = Plain(Day)
    opened_to = Plain(Day)
    sort = words(
        SORTS, load_default="-changed", metadata={"description": "`-` before a name: the last first"}
    )

    @post_load
    def as_days(self, query: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Days as days."""
        given = [name for name in ("opened_from", "opened_to") if name in query]
        return query | {name: date.fromisoformat(query[name]) for name in given}


class CaseAsOf(Query):
    """The case as it stood: after a position of the ledger, or as known at a recording time."""

    at_position = Number(1, MAX_INT, metadata={"description": "the case after the event at this position"})
    known_at = Plain(
        MomentText, metadata={"description": "the case as recorded at this time; a day means its end"}
    )


class Deadlines(Page):
    """Which deadlines of open cases and of procedures about credit."""

    due_within = Number(0, 3660, metadata={"description": "due within so many days; 0 is today"})
    overdue = Flag()
    provisional = Flag()
    paused = Flag()
    officer = Plain(OfficerId)
    unit = Plain(Words)
    region = Plain(Region)
    rule = Plain(Words, metadata={"description": "a deadline rule such as DL-CASE"})
    case = Plain(CaseId)
    kind = words(("case", "listing", "repair", "objection"))


class DeadlineCounts(Query):
    """Whose deadlines."""

    officer = Plain(OfficerId)


class Entities(Page):
    """Which businesses."""

    name = Plain(Words, metadata={"description": "the beginning of the name"})
    region = Plain(Region)
    sector = Plain(Words)
    kind = words(get_args(Kind))
    status = words(get_args(Status))


class Officers(Page):
    """Which officers."""

    unit = Plain(Words)
    region = Plain(Region)
    role = words(ROLES, metadata={"description": "who holds it today"})
    licensed = Flag(metadata={"description": "whose licence is valid today"})


class Workload(Query):
    """How far ahead."""

    within = Number(0, 366, load_default=7, metadata={"description": "count what is due within so many days"})


class LawDay(Query):
    """A day of the law."""

    on = Plain(Day)


class LawOn(LawDay):
    """A day and a place of the law; the place's own rows stand beside the national ones."""

    jurisdiction = words(JURISDICTIONS)


class Inspections(Page):
    """Which inspections."""

    state = DelimitedList(Plain(Words), metadata={"description": "one or more states, with commas between"})
    item = Plain(ItemCode)
    entity = Plain(Uscc)
    region = Plain(Region)
    campaign = Plain(CampaignId)
    officer = Plain(OfficerId, metadata={"description": "sent, entered or stepped out"})
    code = words(get_args(Code), metadata={"description": "a national result code"})
    overdue = Flag(metadata={"description": "the result is not in public though it should be"})


class NetContents(Page):
    """Which net-content tests."""

    entity = Plain(Uscc)
    overall = Flag(metadata={"description": "passed or failed as a whole"})


class Campaigns(Page):
    """Which campaigns."""

    state = DelimitedList(Plain(Words), metadata={"description": "one or more states, with commas between"})
    item = Plain(ItemCode)
    region = Plain(Region)
    held_elsewhere = Flag(metadata={"description": "published history, without a transcript"})


class Between(Query):
    """The days looked at; this year so far where none are named."""

    since = Plain(Day)
    until = Plain(Day)

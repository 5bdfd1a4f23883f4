"""What may be asked about credit."""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from marshmallow import post_load

from api.schemas.fields import Plain, words
from api.schemas.queries import Page, Query
from enforcement.fields import Day, Form, PolicyId, Region, Uscc
from enforcement.values import MAX_INT, Text, precision

MONTHS = 60
__all__ = ["Asked", "Counts", "Migration", "Page", "Processes", "Records", "month_ends"]


def _known_at(text: str) -> bool:
    if text.isascii() and text.isdigit():
        return len(text) <= 16 and int(text) <= MAX_INT
    try:
        return precision(text) in ("instant", "day")
    except ValueError:
        return False


def _is_month(text: str) -> bool:
    try:
        date.fromisoformat(f"{text}-01")
    except ValueError:
        return False
    return len(text) == 7


KNOWN_AT = Text("a position, an RFC 3339 instant or a day", "账本位置、RFC 3339 时刻或日期")
KnownAt = Annotated[str, Form(KNOWN_AT, _known_at)]
Month = Annotated[str, Form(Text("a month, YYYY-MM", "月份，YYYY-MM"), _is_month, "^[0-9]{4}-[0-9]{2}$")]


class Known(Query):
    """As known when."""

    known_at = Plain(
        KnownAt,
        metadata={"description": "as recorded up to this position or time; a day means its end"},
    )

    @post_load
    def as_days(self, query: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Days as days."""
        days = {"as_of", "on", "start", "end"} & query.keys()
        return query | {name: date.fromisoformat(query[name]) for name in days}


class Asked(Known):
    """The score of which day, as known when, by which policy."""

    as_of = Plain(Day, metadata={"description": "the legal day; default today"})
    policy = Plain(PolicyId, metadata={"description": "default: the policy in force on the day"})


class Counts(Known):
    """Classes of which day, or of the ends of which months."""

    on = Plain(Day, metadata={"description": "default today"})
    from_month = Plain(Month, data_key="from")
    to_month = Plain(Month, data_key="to")
    region = Plain(Region)


class Migration(Known):
    """Between which days."""

    start = Plain(Day, data_key="from", required=True)
    end = Plain(Day, data_key="to", required=True)


class Records(Page):
    """Whose records, public on which day."""

    uscc = Plain(Uscc)
    region = Plain(Region)


class Processes(Page):
    """Which procedures."""

    uscc = Plain(Uscc)
    state = Plain(Annotated[str, Form(Text("a state", "状态"), str.isupper)])
    open = words(("true", "false"))


def month_ends(query: Mapping[str, Any]) -> list[date]:
    """The last days of the months asked for, at most so many."""
    if "from_month" not in query:
        return []
    first, last = query["from_month"], query.get("to_month") or query["from_month"]
    year, month = int(first[:4]), int(first[5:])
    found: list[date] = []
    while f"{year}-{month:02d}" <= last and len(found) < MONTHS:
        found.append(date(year, month, monthrange(year, month)[1]))
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return found

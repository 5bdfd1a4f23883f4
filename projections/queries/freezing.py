"""The lists of a freeze from the registers of the day: pool, inspectors, conflicts, and who had to be left out.

An object that fewer eligible inspectors than a team could inspect can never be drawn: it is taken out of the pool and
named, as the specification demands.
"""

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection

from enforcement.checks import lists
from enforcement.checks.frozen import short_of_inspectors
from projections.queries import draw_lists
from projections.queries.draw_lists import Asked


class Campaign(NamedTuple):
    """What a campaign asks of the registers; `cap`: how many inspections an inspector takes who has no cap."""

    item: str
    skill: str | None
    team: int
    filter: dict[str, Any]
    start: date
    end: date
    cap: int


def of_registers(conn: Connection, wanted: Campaign, today: date, scope: str | None) -> dict[str, Any]:
    """`objects`, `inspectors`, `conflicts`, `ratios` and `excluded`, as a freeze takes them."""
    asked = Asked(wanted.item, today, wanted.filter, scope=scope)
    inspectors = draw_lists.inspectors(conn, wanted.start, wanted.end, wanted.cap)
    rows: dict[str, Any] = {
        "objects": list(draw_lists.objects(conn, asked)),
        "inspectors": inspectors,
        "conflicts": draw_lists.conflicts(conn, asked, inspectors),
    }
    short = dict(short_of_inspectors(wanted.skill, wanted.team, lists.read(rows)))
    return {
        "objects": [row for row in rows["objects"] if row["object"] not in short],
        "inspectors": inspectors,
        "conflicts": [pair for pair in rows["conflicts"] if pair[1] not in short],
        "ratios": {row["key"]: row["ratio"] for row in draw_lists.strata(conn, asked)},
        "excluded": [
            {"object": object, "reason": f"符合条件的执法检查人员仅 {n} 名，每组 {wanted.team} 人"}
            for object, n in short.items()
        ],
    }

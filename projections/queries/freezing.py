"""The lists of a freeze from the registers of the day: pool, inspectors, conflicts, and who had to be left out.

An object that fewer eligible inspectors than a team could inspect can never be drawn: it is taken out of the pool and
named, as the specification demands.
"""

from collections.abc import Collection
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


class FromRegisters(NamedTuple):
    """The lists, the ratio of every stratum, and who was left out: together what a freeze takes."""

    lists: lists.Lists
    ratios: dict[str, str]
    excluded: list[dict[str, str]]


def of_registers(conn: Connection, wanted: Campaign, today: date, scope: str | None) -> FromRegisters:
    """Everything as it stands in one transaction. There may be a million rows: each becomes its final form as read."""
    asked = Asked(wanted.item, today, wanted.filter, scope=scope)
    officers = draw_lists.inspectors(conn, wanted.start, wanted.end, wanted.cap)
    whole = lists.Lists(
        [lists.Listed(**row) for row in draw_lists.objects(conn, asked)],
        [lists.Inspector(i["inspector"], (*i["regions"],), (*i["skills"],), i["cap"]) for i in officers],
        [lists.Conflict(*pair) for pair in draw_lists.conflicts(conn, asked, officers)],
    )
    short = dict(short_of_inspectors(wanted.skill, wanted.team, whole))
    ratios = {row["key"]: row["ratio"] for row in draw_lists.strata(conn, asked)}
    excluded = [
        {"object": object, "reason": f"符合条件的执法检查人员仅 {n} 名，每组 {wanted.team} 人"}
        for object, n in short.items()
    ]
    return FromRegisters(_without(whole, short), ratios, excluded)


def _without(whole: lists.Lists, short: Collection[str]) -> lists.Lists:
    if not short:
        return whole
    return lists.Lists(
        [row for row in whole.objects if row.object not in short],
        whole.inspectors,
        [pair for pair in whole.conflicts if pair.object not in short],
    )

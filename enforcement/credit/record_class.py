"""The class of a public record 轻微 · 一般 · 严重 that one party's part of a decision makes (Order 107).

One function for the term of the record and for the facts that clauses look at, so that they cannot disagree. The order
came into force without a transitional rule: older records are classed by it too (reading).
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from enforcement.law.publicity import Publicity, publicity
from enforcement.values import money

ORDER_107 = date(2025, 12, 25)
RUNGS = ("reduced", "lighter", "ordinary", "heavier")
Penalty = Mapping[str, Any]


def record_class(
    penalties: Sequence[Penalty], on: date, *, party_kind: str | None, summary: bool
) -> Publicity:
    """Of several penalties in one record the longest term counts; their fines are added up.

    `on` before Order 107 is read as its first day. `party_kind` as the case names the party; `summary` = decided on
    the spot.
    """
    fines = [money(row["fine"]) for row in penalties if row.get("fine")]
    return publicity(
        {kind for row in penalties for kind in _kinds(row)},
        max(on, ORDER_107),
        fine=sum(fines, Decimal(0)) if fines else None,
        rung=_highest({row.get("rung") for row in penalties if row.get("fine")}),
        party_kind=str(party_kind),
        summary=summary,
    )


def _highest(rungs: set[Any]) -> str | None:
    """Of the rungs of several fines the highest; a fine without one leaves it open."""
    return None if None in rungs or not rungs else max(rungs, key=RUNGS.index)


def _kinds(penalty: Penalty) -> Iterator[str]:
    """The kinds of consequence that one line of a decision imposes."""
    yield from penalty.get("kinds") or ()
    yield from (name for name in ("fine", "warning", "criticism") if penalty.get(name))
    if penalty.get("gains"):
        yield "confiscate_gains"
    if penalty.get("goods"):
        yield "confiscate_goods"

"""Illegal gains 违法所得 of each act, computed from the facts recorded by Order 118; nothing computed is stored.

An act may have its gains found, found in part, or left uncomputed by the principal head; then no more than the known
part is confiscated. Acts of which nothing is recorded are not judged.
"""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from enforcement.cases.deciding import ALL
from enforcement.errors import NotFound
from enforcement.law.gains import Cost, Gains, illegal_gains

if TYPE_CHECKING:
    from enforcement.cases.case import Case


def found(case: "Case", violation: str, on: date) -> Gains | None:
    """The gains of an act; None where they were not found, or no rule is in force on that day."""
    facts = case.gains.get(violation, {})
    if "receipts" not in facts:
        return None
    costs = [_cost(cost) for cost in facts["costs"]]
    receipts, refunded = Decimal(facts["receipts"] or "0"), Decimal(facts["refunded"] or "0")
    try:
        return illegal_gains(receipts, on, costs=costs, refunded=refunded, aiding=bool(facts["aiding"]))
    except NotFound:
        return None


def confiscable(case: "Case", violation: str, on: date) -> Decimal | None:
    """The most that may be confiscated for an act; None where nothing is recorded about its gains."""
    facts = case.gains.get(violation) or case.gains.get(ALL)
    if facts is not None and "known_part" in facts:
        return Decimal(facts["known_part"] or "0")
    gains = found(case, violation, on)
    return None if gains is None else gains.confiscable


def _cost(cost: dict[str, Any]) -> Cost:
    return Cost(
        cost["kind"],
        Decimal(cost["amount"]),
        cost.get("documented", True),
        cost.get("lawful", True),
        cost.get("applied_for", False),
        cost.get("mixed", False),
    )

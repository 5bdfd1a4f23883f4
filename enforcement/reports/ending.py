"""How the case behind a report ended, as the reward is reckoned with: the penalties that stand after all remedies."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from enforcement.cases.case import Case
from enforcement.reports.reward import Ending

FALLEN = ("REVOKED", "VOID")
OVER = ("CLOSED", "ARCHIVED")
WITH_POLICE = "TRANSFERRED_POLICE"
PURSUED = ("RECEIVED", "OPENED")
"""States of a transfer that the police took; one that they declined or returned is no crime."""


def is_over(case: Case) -> bool:
    """Closed, or the whole of it with the police."""
    return case.state in OVER or case.state == WITH_POLICE


def of(case: Case) -> Ending:
    """The ending of a case; nothing was imposed where no penalty stands."""
    standing = [d for d in case.decisions[-1:] if d["kind"] == "penalty" and d["state"] not in FALLEN]
    penalties = [p for decision in standing for p in decision["penalties"]]
    crime = case.state == WITH_POLICE or case.state_of("police", "transfer") in PURSUED
    return Ending(
        fine=_sum(penalties, "fine"),
        gains=_sum(penalties, "gains"),
        goods=_sum([p for p in penalties if "confiscate_goods" in (p.get("kinds") or ())], "goods_value"),
        kinds=frozenset(kind for p in penalties for kind in p.get("kinds") or ()),
        party_kind=next((p["kind"] for p in case.parties.values()), "unknown"),
        punished=bool(standing) or case.state == WITH_POLICE,
        crime=crime,
    )


def _sum(penalties: Iterable[dict[str, Any]], name: str) -> Decimal:
    return sum((Decimal(p.get(name) or 0) for p in penalties), Decimal(0))

"""What may be told in public of a penalty: coded facts – articles, amounts, kinds, dates – and no free text."""

from collections.abc import Mapping, Sequence
from typing import Any

from enforcement.cases.case import Case

TOLD = ("code", "cite", "fine", "gains", "warning", "criticism", "order_correct", "kinds")


def penalty(case: Case, uscc: str) -> dict[str, Any]:
    """The last decision, as far as it punishes one business."""
    decision = case.decisions[-1]
    parties = {id for id, party in case.parties.items() if party.get("uscc") == uscc}
    imposed = [
        {name: penalty[name] for name in TOLD if name in penalty}
        for penalty in decision["penalties"]
        if whom(case, penalty) in parties
    ]
    return {
        "authority": case.authority,
        "region": case.region,
        "number": _number(case, decision["version"]),
        "decided": decision["on"],
        "imposed": imposed,
    }


def whom(case: Case, penalty: Mapping[str, Any]) -> str | None:
    """Whom a penalty meets: as decided, else who committed the act, else the only party there is."""
    named = penalty.get("party") or case.violations.get(penalty["violation"], {}).get("party")
    if named is None and len(case.parties) == 1:
        return next(iter(case.parties))
    party: str | None = named
    return party


def _number(case: Case, version: int | None) -> str | None:
    """The number of the decision's own document; imported history only knows that there were some."""
    numbered: Sequence[dict[str, Any]] = [d for d in case.documents if d.get("number")]
    own = [d["number"] for d in numbered if d["version"] == version]
    found: list[str] = own or [d["number"] for d in numbered if d.get("form") is None]
    return found[0] if found else None

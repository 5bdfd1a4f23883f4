"""Which of the rules a row names is the one for this case: local overlay, kind of decision, remedies as told.

1.3 (Zhejiang), 1.8 (remedies), 1.9 (publicity). A rule without a test here always applies.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from enforcement.cases.case import Case

PENAL = ("fine", "gains", "goods", "criticism", "kinds")
"""What makes a penalty more than a warning; an order to correct is none."""


def wanted(rule: str, case: "Case", event: Any) -> bool:
    """Whether this rule is the one for this case."""
    test = TESTS.get(rule)
    return test is None or test(case, event)


def publishable(case: "Case") -> bool:
    """Ordinary-procedure penalties are published, but not one that is only a warning (公示规定 2)."""
    if case.procedure != "ordinary" or not case.decisions or case.decisions[-1]["kind"] != "penalty":
        return False
    penalties = penalties_of(case)
    return not penalties or any(p.get(name) for p in penalties for name in PENAL)


def penalties_of(case: "Case", party: str | None = None) -> list[dict[str, Any]]:
    """The penalties of the last decision, of one party where it is named."""
    penalties = case.decisions[-1]["penalties"] if case.decisions else []
    return [p for p in penalties if party is None or (p.get("party") or case.first_party()) == party]


def _local(case: "Case", event: Any) -> bool:
    """A report of a metrology matter in Zhejiang: its regulation overrides P 18, it is no minimum rule (浙 39)."""
    return case.jurisdiction == "zhejiang" and case.metrology and case.source == "report"


def _national(case: "Case", event: Any) -> bool:
    return not _local(case, event)


def _reported(case: "Case", event: Any) -> bool:
    return case.source == "report" and not case.flags.get("reporter_told")


def _sue(case: "Case") -> tuple[str | None, bool]:
    """The period to sue as told, and whether a suit may come first (1.8)."""
    if not case.decisions:
        return None, True
    decision = case.decisions[-1]
    return decision.get("sue"), decision.get("remedy") != "recon_first"


def _pays(case: "Case", event: Any) -> bool:
    if case.flags.get("performed"):
        return False
    return any(p.get("fine") or p.get("gains") for p in penalties_of(case, getattr(event, "party", None)))


def _self_publishes(case: "Case", event: Any) -> bool:
    party = getattr(event, "party", None)
    parties = [case.parties.get(party, {})] if party else list(case.parties.values())
    return publishable(case) and any(p.get("kind") == "organisation" for p in parties)


def _remote(case: "Case") -> set[bool]:
    """Whether the parties sit in another province, for each that is known; none known = the case's own."""
    own = (case.region or "")[:2]
    return {bool(own) and p["region"][:2] != own for p in case.parties.values() if p.get("region")} or {False}


TESTS: dict[str, Callable[["Case", Any], bool]] = {
    "DL-VERIFY": _national,
    "DL-VERIFY-ZJ": _local,
    "DL-REFER-ZJ": _local,
    "DL-FILING-NOTICE": _reported,
    "DL-SUE": lambda case, event: _sue(case)[1] and _sue(case)[0] != "15_days",
    "DL-SUE-METROLOGY": lambda case, event: _sue(case) == ("15_days", True),
    "DL-RECON-UNTOLD": lambda case, event: _sue(case)[0] == "not_told",
    "DL-PAY": _pays,
    "DL-SELF-PUBLISH": _self_publishes,
    "DL-PUBLISH": lambda case, event: publishable(case) and False in _remote(case),
    "DL-PUSH": lambda case, event: publishable(case) and True in _remote(case),
    "DL-WITHDRAW": lambda case, event: case.state_of("publicity", "penalty") in ("PUBLISHED", "PUSHED"),
    "DL-LIST-UNDO": lambda case, event: case.state_of("list", "serious") == "LISTED",
}

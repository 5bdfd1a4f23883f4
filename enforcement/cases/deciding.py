"""Decisions, their service and performance, and the rounds in which a case is decided anew (P 60–63, 72; APL 48).

A decision that is revoked or void ends its round: what was told, heard and reviewed for it counts no longer, while
what was paid stays on record, to be given back.
"""

from typing import Any

from enforcement.cases.facts import Facts
from enforcement.events import Event

ALL = "*"
"""In the place of a party: all of them."""
OUTCOMES = {
    "no_penalty": "NO_PENALTY",
    "not_proven": "NOT_ESTABLISHED",
    "transferred_agency": "TO_OTHER_AGENCY",
}
UNKNOWN_DECISION: dict[str, Any] = {
    "kind": "unknown",
    "state": "STANDING",
    "on": None,
    "version": None,
    "penalties": [],
    "sue": None,
    "remedy": None,
    "ground": None,
    "served": {},
    "performed": [],
}
"""A decision of which history says only that it fell."""
OF_A_ROUND = (
    "defence_used",
    "defence_checked",
    "defended",
    "hearing_waived",
    "hearing_held",
    "case_review",
    "legal_review",
    "legal_review_after_hearing",
    "collective",
    "performed",
    "closing_ground",
    "closing_proposed",
)
"""What was done for one decision and counts no longer when the case is decided anew."""


class Deciding(Facts):
    """The part of a case that turns on its decisions."""

    def decide(self, kind: str, event: Any) -> None:
        """A decision in any of its kinds; each violation keeps its own outcome."""
        remedy = "recon_first" if self.procedure == "summary" else "either"
        self.decisions.append(
            {
                **UNKNOWN_DECISION,
                "kind": kind,
                "state": "STANDING",
                "on": event.occurred,
                "version": event.originator_version,
                "penalties": list(event.penalties or []) if kind == "penalty" else [],
                "sue": getattr(event, "sue_days_told", None),
                "remedy": getattr(event, "remedy", remedy),
                "ground": getattr(event, "ground", None),
                "served": {},
                "performed": [],
            }
        )
        self.surcharge = {"told": getattr(event, "surcharge_told", None) is not False}
        self._settle_violations(kind, event)
        self.outcome = OUTCOMES.get(kind)
        if self.outcome:
            self.ground_arose(event)

    def _settle_violations(self, kind: str, event: Any) -> None:
        if kind == "penalty":
            stated = event.penalties is not None or len(self.violations) != 1
            named = {p["violation"]: "penalty" for p in event.penalties or []}
            named = named if stated else dict.fromkeys(self.violations, "penalty")
        else:
            named = dict.fromkeys(self.violations, kind)
        named.update({o["violation"]: o["outcome"] for o in getattr(event, "others", None) or []})
        for violation, outcome in named.items():
            self.violations.setdefault(violation, {})["outcome"] = outcome

    def decision_changed(self, state: str, event: Event) -> None:
        """The last decision no longer stands as it was; one that has fallen makes room for a new round."""
        if not self.decisions:
            self.decisions.append({**UNKNOWN_DECISION, "served": {}, "performed": []})
        self.decisions[-1]["state"] = state
        if state in ("REVOKED", "VOID"):
            for violation in self.violations.values():
                violation.pop("outcome", None)
            self.begin_round(event)

    def begin_round(self, event: Event) -> None:
        """The case is decided anew: what the last round told, heard, reviewed and closed counts no longer."""
        self.review, self.proposal, self.notice, self.hearing, self.surcharge = {}, {}, {}, {}, {}
        for flag in OF_A_ROUND:
            self.flags.pop(flag, None)
        self.outcome = self.closed = self.served = self.remedy_end = self.deferred_until = None
        self.instalments = []
        for interval in self.intervals:
            if interval["kind"] in ("suspension", "hearing", "public-notice") and "to" not in interval:
                interval.update(to=event.occurred, endv=event.originator_version)

    def serve(self, record: dict[str, Any], event: Any) -> None:
        """A notice or a decision reached a party; without a name it reached all of them."""
        record.setdefault("served", {})[event.party or ALL] = event.occurred

    def pay(self, event: Any, amount: str | None, what: str | None) -> None:
        """Money came in for the standing decision."""
        decision = self.decisions[-1]["version"] if self.decisions else None
        party = getattr(event, "party", None)
        self.payments.append(
            {"amount": amount, "what": what, "on": event.occurred, "party": party, "decision": decision}
        )

    def perform(self, event: Any) -> None:
        """A party has performed in full; with the last of them the penalty is executed (P 77)."""
        party = getattr(event, "party", None)
        if party is not None and self.decisions:
            self.decisions[-1]["performed"].append(party)
            if set(self.debtors()) - set(self.decisions[-1]["performed"]):
                return
        self.flags["performed"] = True
        self.outcome = self.outcome or "EXECUTED"
        self.ground_arose(event)

    def debtors(self) -> list[str | None]:
        """The parties that the last decision orders to pay."""
        penalties = self.decisions[-1]["penalties"] if self.decisions else []
        owing = [p for p in penalties if p.get("fine") or p.get("gains")]
        return list(dict.fromkeys(p.get("party") or self.first_party() for p in owing))

    def unserved(self) -> set[str | None]:
        """The parties that the last decision has not reached."""
        last = self.decisions[-1] if self.decisions else UNKNOWN_DECISION
        if ALL in last["served"]:
            return set()
        named = {p.get("party") or self.first_party() for p in last["penalties"]} or set(self.parties)
        return named - set(last["served"])

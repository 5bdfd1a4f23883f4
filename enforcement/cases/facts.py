"""The facts of a case and the small verbs with which its events change them. No rule, no state, no deadline.

All attributes are plain JSON values. `deciding` adds what belongs to a decision, `case` the folding.
"""

from collections.abc import Sequence
from typing import Any

from enforcement.aggregates import Aggregate
from enforcement.events import Event
from enforcement.values import Occurred


class Facts(Aggregate):
    """Parties, violations, officers, things beside the main line."""

    def __init__(self, id: str) -> None:
        super().__init__(id)
        self.state = ""
        self.procedure = "ordinary"
        self.source: str | None = None
        self.region: str | None = None
        self.unit: str | None = None
        self.authority: str | None = None
        self.summary: str | None = None
        self.metrology = True
        self.opened: Occurred = None
        self.filed: Occurred = None
        self.served: Occurred = None
        self.closed: Occurred = None
        self.outcome: str | None = None
        self.before_pause: str | None = None
        self.deferred_until: str | None = None
        self.remedy_end: str | None = None
        self.latest: str | None = None
        """The earliest day on which the last dated event can have happened; later ones cannot lie before it."""
        self.latest_step: str | None = None
        """The same of the steps of the main line alone: what stands beside it may be recorded late."""
        self.discovered: dict[str, Any] | None = None
        """When the act was discovered 发现, which ends the limitation period, and by which event."""
        self.evidence_from: Occurred = None
        self.rights_told: Occurred = None
        self.surcharge: dict[str, Any] = {}
        self.gains: dict[str, dict[str, Any]] = {}
        self.parties: dict[str, dict[str, Any]] = {}
        self.violations: dict[str, dict[str, Any]] = {}
        self.handlers: list[str] = []
        self.former_handlers: list[str] = []
        self.recused: list[str] = []
        self.seen_officers: list[str] = []
        self.review: dict[str, Any] = {}
        self.review_grounds: list[str] = []
        self.proposal: dict[str, Any] = {}
        self.notice: dict[str, Any] = {}
        self.hearing: dict[str, Any] = {}
        self.decisions: list[dict[str, Any]] = []
        self.payments: list[dict[str, Any]] = []
        self.instalments: list[dict[str, Any]] = []
        self.regions: dict[str, dict[str, dict[str, Any]]] = {}
        self.flags: dict[str, bool] = {}
        self.clocks: dict[str, dict[str, Any]] = {}
        self.intervals: list[dict[str, Any]] = []
        self.documents: list[dict[str, Any]] = []
        self.links: list[dict[str, Any]] = []
        self.corrections: list[dict[str, Any]] = []
        self.findings: list[dict[str, Any]] = []

    def open_with(self, occurred: Occurred, parties: Sequence[Any], violations: Sequence[Any]) -> None:
        """The first facts: since when the bureau knows, whom it concerns, what is suspected."""
        self.opened = occurred
        self.add_parties(parties or [])
        self.add_violations(violations or [])

    def add_parties(self, parties: Sequence[Any]) -> None:
        self.parties.update({p["id"]: {k: v for k, v in p.items() if k != "id"} for p in parties})

    def add_violations(self, violations: Sequence[Any]) -> None:
        self.violations.update({v["id"]: {k: x for k, x in v.items() if k != "id"} for v in violations})

    def item(self, region: str, id: str) -> dict[str, Any]:
        """One thing in a region beside the main line: a measure, a test, an order, a remedy."""
        return self.regions.setdefault(region, {}).setdefault(id, {})

    def state_of(self, region: str, id: str) -> str | None:
        """The state of such a thing, None when there is none."""
        state: str | None = self.regions.get(region, {}).get(id, {}).get("state")
        return state

    def discover(self, event: Event) -> None:
        """发现: the first of report, transfer, on-site record and filing (APL 36, reading)."""
        if self.discovered is None and event.occurred is not None:
            self.discovered = {"on": event.occurred, "version": event.originator_version}

    def take_evidence(self, event: Event) -> None:
        """The first evidence-taking, at which the party is told of its rights (P 21)."""
        self.evidence_from = self.evidence_from or event.occurred

    def last_item(self, region: str) -> str:
        """The id of the item that was opened last, for history that does not name it."""
        return next(reversed(self.regions.get(region, {})), "m1")

    def saw_officers(self, officers: Sequence[str] | None) -> None:
        self.seen_officers.extend(o for o in officers or () if o not in self.seen_officers)

    def replace_handlers(self, handlers: Sequence[str]) -> None:
        self.former_handlers.extend(
            h for h in self.handlers if h not in handlers and h not in self.former_handlers
        )
        self.handlers = list(handlers)

    def recuse(self, officer: str) -> None:
        if officer not in self.recused:
            self.recused.append(officer)
        if officer in self.handlers:
            self.replace_handlers([h for h in self.handlers if h != officer])

    def impose(self, region: str, id: str, event: Any) -> None:
        """Preservation or a coercive measure begins; an urgent one waits for its approval."""
        self.item(region, id).update(
            state="URGENT" if event.urgent else "ACTIVE",
            on=event.occurred,
            basis=getattr(event, "legal_basis", None),
        )

    def exclude(self, kind: str, item: str, begins: str, ends: str) -> None:
        """An interval that does not count, known with both its ends."""
        self.intervals.append(
            {"kind": kind, "item": item, "from": begins, "to": ends, "version": self.version + 1}
        )

    def ground_arose(self, event: Event) -> None:
        """A ground for closing 结案情形 is there; fifteen working days run from it (P 77)."""
        self.flags["closing_ground"] = True

    def first_party(self) -> str | None:
        """The party meant where a penalty names none."""
        return next(iter(self.parties), None)

    def transferred_whole(self) -> bool:
        """Whether the whole case went to the police, not only one of its acts."""
        return self.regions.get("police", {}).get("transfer", {}).get("whole") is not False

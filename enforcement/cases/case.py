"""The case 案件: everything its events say, folded; nothing else.

All attributes are plain JSON values, so a case can be kept as one document and two folds can be compared byte for
byte. Events change facts (`event.change`); state, clocks and intervals follow from the event's row in the
procedure table. Folding never refuses: what does not fit the statute becomes a finding.
"""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, Self

from enforcement.aggregates import Aggregate
from enforcement.cases import findings
from enforcement.cases.clocks import Clocks
from enforcement.cases.events.base import CaseEvent
from enforcement.cases.events.file import EventCorrected
from enforcement.cases.procedure import TERMINAL, Row, table
from enforcement.events import Event, known
from enforcement.law import Law
from enforcement.values import Occurred


class Case(Aggregate):
    """One enforcement case, from the clue to the archive."""

    KIND: ClassVar[str] = "case"

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

    # -- folding -------------------------------------------------------------------------------------------

    @classmethod
    def fold(cls, id: str, events: Iterable[Event], law: Law) -> Self:
        """The case as its events tell it, corrections put in the place of what they correct."""
        return super().fold(id, corrected(list(events)), law)

    def when(self, event: Event, law: Law) -> None:
        if not isinstance(event, CaseEvent):
            return
        row = table().row(event.TOPIC)
        self.findings.extend(findings.of(self, event, row, law))
        event.change(self)
        if event.document:
            self.documents.append(
                {**event.document, "on": event.occurred, "version": event.originator_version}
            )
        Clocks(self, event, row).run(law)
        self._move(row, event)
        self._remember(event)

    def _move(self, row: Row, event: CaseEvent) -> None:
        target = row.target(self.state, event)
        if target == "<before>":
            target = self.before_pause or "INVESTIGATING"
        if target:
            self.state = target

    def _remember(self, event: CaseEvent) -> None:
        lower = findings.earliest_day(event.occurred)
        if lower is not None and (self.latest is None or lower > self.latest):
            self.latest = lower

    # -- verbs of the events -------------------------------------------------------------------------------

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

    def decide(self, kind: str, event: Any) -> None:
        """A decision in any of its kinds; each violation keeps its own outcome."""
        self.decisions.append(
            {
                "kind": kind,
                "state": "STANDING",
                "on": event.occurred,
                "version": event.originator_version,
                "penalties": list(event.penalties or []) if kind == "penalty" else [],
                "sue": getattr(event, "sue_days_told", None),
                "remedy": getattr(
                    event, "remedy", "recon_first" if self.procedure == "summary" else "either"
                ),
                "ground": getattr(event, "ground", None),
            }
        )
        self._settle_violations(kind, event)
        outcome = {
            "no_penalty": "NO_PENALTY",
            "not_proven": "NOT_ESTABLISHED",
            "transferred_agency": "TO_OTHER_AGENCY",
        }
        self.outcome = outcome.get(kind)
        if self.outcome:
            self.ground_arose(event)

    def _settle_violations(self, kind: str, event: Any) -> None:
        if kind == "penalty":
            named = {p["violation"]: "penalty" for p in event.penalties or []}
        else:
            named = dict.fromkeys(self.violations, kind)
        named.update({o["violation"]: o["outcome"] for o in getattr(event, "others", None) or []})
        for violation, outcome in named.items():
            self.violations.setdefault(violation, {})["outcome"] = outcome

    def decision_changed(self, state: str, anew: bool) -> None:
        """The last standing decision no longer stands as it was; the case may have to be decided anew."""
        if not self.decisions:
            self.decisions.append({"kind": "unknown", "penalties": [], "version": None, "on": None})
        self.decisions[-1]["state"] = state
        if state in ("REVOKED", "VOID"):
            self.outcome = None
            for violation in self.violations.values():
                violation.pop("outcome", None)
        if anew:
            self.flags["anew"] = True

    def ground_arose(self, event: Event) -> None:
        """A ground for closing 结案情形 is there; fifteen working days run from it (P 77)."""
        self.flags["closing_ground"] = True

    # -- questions -----------------------------------------------------------------------------------------

    @property
    def open(self) -> bool:
        """Whether the main line has not come to its end."""
        return self.state not in TERMINAL

    @property
    def jurisdiction(self) -> str:
        """Whose local regulation overlays the national rules: `zhejiang` for 33xxxx, else `national`."""
        return "zhejiang" if (self.region or "").startswith("33") else "national"

    def usccs(self) -> set[str]:
        return {p["uscc"] for p in self.parties.values() if p.get("uscc")}

    def violation_codes(self) -> set[str]:
        return {v["code"] for v in self.violations.values() if v.get("code")}

    def officers(self) -> set[str]:
        """Everyone who handles or handled the case."""
        return {*self.handlers, *self.former_handlers, *self.seen_officers}

    def subject(self, data: dict[str, Any]) -> str:
        named = self.usccs() | {p["uscc"] for p in data.get("parties") or [] if p.get("uscc")}
        return named.pop() if len(named) == 1 else self.id

    # -- one document --------------------------------------------------------------------------------------

    def dump(self) -> dict[str, Any]:
        """The whole case as one JSON value."""
        return dict(self.__dict__)

    @classmethod
    def restore(cls, document: dict[str, Any]) -> Self:
        """The case of a document that `dump` gave."""
        case = cls.__new__(cls)
        case.__dict__.update(document)
        return case


def corrected(events: Sequence[Event]) -> list[Event]:
    """The events as they hold now: amended ones with their new data, those set aside as mere notes.

    A later correction of the same event wins; corrections themselves stay in their place as events.
    """
    by_version = {e.corrects: e for e in events if isinstance(e, EventCorrected)}
    return [_amended(event, by_version.get(event.originator_version)) for event in events]


def _amended(event: Event, correction: EventCorrected | None) -> Event:
    if correction is None or isinstance(event, EventCorrected):
        return event
    cls: type[Event] = type(event)
    if correction.kind == "set_aside":
        cls = known("case.noted") or cls
    data = {"what": f"set aside: {event.TOPIC}"} if correction.kind == "set_aside" else correction.becomes
    amended = object.__new__(cls)
    kept = {
        k: event.__dict__[k] for k in ("originator_id", "originator_version", "recorded", "actor", "role")
    }
    own = dict(event.data() if data is None else data)
    own["occurred"] = correction.becomes_on or event.occurred
    amended.__dict__.update({**own, **kept, "correlation": event.correlation, "subject": event.subject})
    return amended

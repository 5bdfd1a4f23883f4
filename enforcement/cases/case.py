"""The case 案件: everything its events say, folded; nothing else.

All attributes are plain JSON values, so a case can be kept as one document and two folds can be compared byte for
byte. Events change facts (`event.change`); state, clocks and intervals follow from the event's row in the
procedure table. Folding never refuses: what does not fit the statute becomes a finding.
"""

from collections.abc import Iterable
from typing import Any, ClassVar, Self

from enforcement.cases import findings
from enforcement.cases.clocks import Clocks
from enforcement.cases.corrections import corrected
from enforcement.cases.deciding import Deciding
from enforcement.cases.events.base import CaseEvent
from enforcement.cases.procedure import RANK, TERMINAL, Row, table
from enforcement.events import Event
from enforcement.law import Law


class Case(Deciding):
    """One enforcement case, from the clue to the archive."""

    KIND: ClassVar[str] = "case"

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
        self._remember(row, event)

    def _move(self, row: Row, event: CaseEvent) -> None:
        target = row.target(self.state, event) or (self._behind_gap(row) if event.history else None)
        if target and target.startswith("<"):
            target = getattr(self, f"_to_{target[1:-1]}")()
        if target:
            self.state = target

    def _behind_gap(self, row: Row) -> str | None:
        """Where the step leads from the first state in which it may happen: history leaves steps out."""
        ahead = [state for state in row.to if RANK.get(state, 0) > RANK[self.state]]
        if self.state in row.states or not ahead:
            return None
        return row.to[min(ahead, key=RANK.__getitem__)]

    def _to_before(self) -> str:
        """Where the investigation stood when it was suspended."""
        return self.before_pause or "INVESTIGATING"

    def _to_performed(self) -> str | None:
        return "PERFORMING" if self.flags.get("performed") else None

    def _to_transferred(self) -> str | None:
        """A part that goes to the police leaves the main line where it is."""
        return "TRANSFERRED_POLICE" if self.transferred_whole() else None

    def _to_back(self) -> str:
        """A case handed over before it was filed is verified first when it comes back."""
        return "INVESTIGATING" if self.flags.get("filed") else "VERIFYING"

    def _remember(self, row: Row, event: CaseEvent) -> None:
        lower = findings.earliest_day(event.occurred)
        if lower is None:
            return
        self.latest = max(self.latest or "", lower)
        if row.to:
            self.latest_step = max(self.latest_step or "", lower)

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

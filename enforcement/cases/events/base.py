"""What every event of a case has, and the small verbs with which it changes the case.

An event changes facts here; states, deadlines and intervals follow from its row in the procedure table.
"""

from typing import TYPE_CHECKING

from enforcement.events import Event
from enforcement.fields import Document, File, OfficerId, Words

if TYPE_CHECKING:
    from enforcement.cases.case import Case


class CaseEvent(Event):
    """An event of a case. `history` marks what was published or held on paper before: it is recorded, not refused."""

    note: Words | None = None
    files: list[File] = []
    document: Document | None = None
    """The document issued with it; the number is given by the ledger where the form is numbered."""
    history: bool = False

    def change(self, case: "Case") -> None:
        """What the event changes in the facts of the case."""


class OfficersAct(CaseEvent):
    """An act of at least two licensed officers 两人执法 (P 22, APL 42)."""

    officers: list[OfficerId]

    def change(self, case: "Case") -> None:
        case.saw_officers(self.officers)


class HeadDecides(CaseEvent):
    """An act that a leader of the bureau decides 负责人批准."""

    approved_by: OfficerId

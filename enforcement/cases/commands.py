"""Commands about cases 案件: open one, record a step of one, read one.

A step is judged by the statute before it is recorded; what judges it stands in `judging.py`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from enforcement import forms
from enforcement.cases import judging
from enforcement.cases.case import Case
from enforcement.cases.events.base import CaseEvent
from enforcement.cases.events.file import EventCorrected
from enforcement.errors import InvalidData, NotFound
from enforcement.events import Event, Who, known
from enforcement.recording import Receipt, Recording, check_id, class_of
from enforcement.registry.inspector import Inspector
from enforcement.values import Occurred, Text


class CaseCommands(Recording):
    """The penalty procedure 行政处罚程序, as commands."""

    def register_clue(
        self, who: Who, occurred: Occurred, data: Mapping[str, Any], scope: str | None = None
    ) -> Receipt:
        """案源登记. Opens a case; its id follows from the command, so a repeat meets the first one."""
        return self.open_case(who, "case.clue-registered", occurred, data, scope)

    def open_case(
        self, who: Who, topic: str, occurred: Occurred, data: Mapping[str, Any], scope: str | None = None
    ) -> Receipt:
        """An event that opens a case: a clue, or a decision on the spot 当场处罚."""
        return self.record(who, f"case-{who.correlation}", topic, occurred, data, 0, scope)

    def record(
        self,
        who: Who,
        case_id: str,
        topic: str,
        occurred: Occurred,
        data: Mapping[str, Any],
        expected: int | None = None,
        scope: str | None = None,
    ) -> Receipt:
        """One step of a case. Refused with the article where the statute forbids it now.

        `expected` is the version that the officer saw (If-Match); without it the command meets whatever is current.
        """
        cls = class_of(topic, CaseEvent)
        check_id(Case, case_id)
        if data.get("history"):
            raise InvalidData({"data.history": [Text("only an import records history", "仅导入可记录历史")]})
        if cls is EventCorrected:
            self._check_correction(case_id, data)
        judge = judging.Judge(self._inspector, self.law_for, self._number, scope)
        return self.command(Case, case_id, who, cls, occurred, data, expected, judge)

    def case(self, id: str) -> Case:
        """The case as it stands; NotFound when there is none."""
        check_id(Case, id)
        self.held.look()
        case = self.held.take(Case, id, self.law)
        self.held.keep(case)
        if not case.version:
            raise NotFound("case", id)
        return case

    def _inspector(self, officer: str) -> Inspector | None:
        inspector = self.held.take(Inspector, f"inspector-{officer}", self.law)
        self.held.keep(inspector)
        return inspector if inspector.version else None

    def _number(self, case: Case, event: CaseEvent, who: Who) -> Sequence[Event]:
        return judging.number(case, event, who, self.held, self.law)

    def _check_correction(self, case_id: str, data: Mapping[str, Any]) -> None:
        """What an amendment puts in the place of an event has the form of that event."""
        version, amended = data.get("corrects"), data.get("becomes")
        if not isinstance(version, int) or not isinstance(amended, Mapping):
            return
        for row in self.recorder.select_events(case_id, gt=version - 1, lte=version):
            cls = known(row.topic)
            if cls is not None:
                forms.load(cls, amended, "data.becomes")

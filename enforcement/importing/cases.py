"""Published cases as a format of the importer: a record is the whole history of a case, its findings are the case's."""

from collections.abc import Iterator, Sequence

from enforcement.cases.case import Case
from enforcement.events import Event
from enforcement.importing.history import case_id, history
from enforcement.importing.published import Format
from enforcement.importing.record import read
from enforcement.law import Law


def findings(id: str, events: Sequence[Event], law: Law) -> Iterator[str]:
    """The kinds of findings of the case as its events tell it."""
    return (finding["kind"] for finding in Case.fold(id, events, law).findings)


CASES = Format(read, case_id, history, findings, lambda record: len(record.steps))

"""A register's CSV into the ledger: many rows a save; rows that say what the ledger says already record nothing.

A batch is one atomic save; before it one query reads the histories of its things. So a run that was killed is simply
run again, and of two runs at once the one that loses looks again. Rows that cannot be taken are told with their line
and reason. What is kept of a row is its id – about a hundred bytes –, to notice one that stands in the file twice.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import IO, Any, NamedTuple

from eventsourcing.persistence import RecordConflictError

from enforcement.errors import LedgerUnavailable
from enforcement.events import Event, Who, known
from enforcement.importing.cells import BadCell
from enforcement.importing.csvfile import CsvFile, Row, Unreadable, required
from enforcement.importing.sheet import IGNORED, Sheet
from enforcement.ledger import RETRIES, Ledger
from enforcement.recording import check_occurred
from enforcement.registry.register import Facts
from enforcement.values import Occurred, Text, utc_text

MAX_ROWS = 1_000
MAX_BYTES = 900_000
"""Estimated size of a save; the ledger's limit is 1 MB."""
SHOWN = 100
"""Faults that the report itself names; the reject file has all."""


class Fault(NamedTuple):
    """A row that was not taken, and why."""

    line: int
    id: str | None
    reason: Text


@dataclass(slots=True)
class Report:
    """What became of a file. `ignored`: columns that mean nothing here."""

    ignored: list[str]
    encoding: str
    read: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    events: int = 0
    errors: list[Fault] = field(default_factory=list)

    def json(self) -> dict[str, Any]:
        """The report for programs; `errors` are the first ones."""
        names = ("encoding", "ignored", "read", "added", "changed", "unchanged", "rejected", "events")
        shown = [{"line": e.line, "id": e.id, "reason": e.reason.en} for e in self.errors]
        return {name: getattr(self, name) for name in names} | {"errors": shown}


class Waiting(NamedTuple):
    """A row that waits for its save."""

    row: Row
    stated: Facts


Rejected = Callable[[Row | None, Fault], object]
"""Told each row that was not taken; without a row where it could not be read as one."""


class RegisterImporter:
    """One run over one file; `told` is called after each batch with the bytes read so far."""

    def __init__(
        self,
        ledger: Ledger,
        sheet: Sheet,
        file: IO[bytes],
        *,
        occurred: Occurred = None,
        told: Callable[[int], object] = lambda _: None,
        rejected: Rejected = lambda _row, _fault: None,
    ) -> None:
        """`occurred`: the day on which the file was right. InvalidData where that is no day, or the header lacks
        the id's column.
        """
        self.ledger, self.sheet, self.told, self.rejected = ledger, sheet, told, rejected
        self.csv = CsvFile(file, sheet.names())
        columns = {column.field: column for column in sheet.columns}
        key = sheet.kind.ID
        required(list(self.csv.columns.values()), {key: columns[key].names[0]})
        self._cells = [(n, columns[f]) for n, f in self.csv.columns.items() if f not in IGNORED]
        ignored = [name for n, name in enumerate(self.csv.header) if n not in self.csv.columns]
        self.report = Report(ignored, self.csv.encoding)
        check_occurred(occurred, ledger.clock())
        self._occurred = occurred
        self._who = Who("import", "bureau_system", f"import-{sheet.name}-{utc_text(ledger.clock())}")
        self._seen: set[str] = set()
        self._waiting: dict[str, Waiting] = {}
        self._bytes = 0

    def run(self) -> Report:
        """Import every row; the report says what became of them."""
        for row in self.csv.rows():
            self.report.read += 1
            if isinstance(row, Unreadable):
                self._reject(None, Fault(row.line, None, row.said))
                continue
            self._take(row)
            if len(self._waiting) >= MAX_ROWS or self._bytes > MAX_BYTES:
                self._save()
                self.told(row.done)
        self._save()
        return self.report

    def _take(self, row: Row) -> None:
        stated, faults = self._stated(row)
        id = stated.get(self.sheet.kind.ID)
        if faults or id is None:
            said = faults or [Text("the id is missing", "缺少编号")]
            self._reject(row, Fault(row.line, id, _joined(said)))
        elif id in self._seen:
            self._reject(row, Fault(row.line, id, Text("stands on an earlier line", "本文件前面已有该编号")))
        else:
            self._seen.add(id)
            self._waiting[id] = Waiting(row, stated)
            self._bytes += 700 + 4 * sum(map(len, row.cells))

    def _stated(self, row: Row) -> tuple[Facts, list[Text]]:
        """What the cells state, and what is wrong with them."""
        stated: Facts = {}
        faults = []
        if len(row.cells) != len(self.csv.header):
            given, wanted = len(row.cells), len(self.csv.header)
            faults.append(
                Text(f"{given} cells, the header has {wanted}", f"共 {given} 列，表头为 {wanted} 列")
            )
            return stated, faults
        for place, column in self._cells:
            cell = row.cells[place].strip()
            if cell:
                try:
                    stated[column.field] = column.read(cell)
                except BadCell as bad:
                    faults.append(_said(column.names[0], bad))
        return stated, faults

    def _save(self) -> None:
        """Record what the waiting rows say and the ledger does not."""
        for _ in range(RETRIES):
            if not self._waiting:
                return
            added, changed, events = self._events()
            try:
                if events:
                    self.ledger.append_events(events)
            except RecordConflictError:
                continue
            self.report.added += added
            self.report.changed += changed
            self.report.unchanged += len(self._waiting) - added - changed
            self.report.events += len(events)
            self._waiting.clear()
            self._bytes = 0
            return
        raise LedgerUnavailable(Text("too many writers at once; try again", "并发写入过多，请重试"))

    def _events(self) -> tuple[int, int, list[Event]]:
        """How many things are new, how many changed, and the events that say so."""
        known_things = self._known()
        now, added, changed = utc_text(self.ledger.clock()), 0, 0
        events: list[Event] = []
        for id, waiting in list(self._waiting.items()):
            version, facts = known_things.get(self.sheet.kind.PREFIX + id, (0, None))
            try:
                happenings = self.sheet.happenings(facts, waiting.stated)
            except BadCell as bad:
                del self._waiting[id]
                self._reject(waiting.row, Fault(waiting.row.line, id, _expected(bad)))
                continue
            added += not version
            changed += bool(version and happenings)
            events += self._made(id, version, facts, happenings, now)
        return added, changed, events

    def _made(
        self, id: str, version: int, facts: Facts | None, happenings: list[tuple[str, Facts]], now: str
    ) -> Iterator[Event]:
        thing = self.sheet.kind(self.sheet.kind.PREFIX + id)
        thing.facts = facts or {}
        for number, (topic, data) in enumerate(happenings, version + 1):
            cls = known(topic)
            assert cls is not None
            kept = {name: value for name, value in data.items() if value != getattr(cls, name, ...)}
            subject = thing.subject(kept)
            yield cls.new(thing.id, number, self._who, now, self._occurred, kept, subject)

    def _known(self) -> dict[str, tuple[int, Facts]]:
        """Version and facts of those of the waiting things that are registered."""
        kind = self.sheet.kind
        found: dict[str, tuple[int, Facts]] = {}
        for stored in self.ledger.histories([kind.PREFIX + id for id in self._waiting]):
            _, facts = found.get(stored.aggregate, (0, {}))
            after = kind.after(facts, stored.event) if stored.event else facts
            found[stored.aggregate] = (stored.version, after)
        return found

    def _reject(self, row: Row | None, fault: Fault) -> None:
        self.report.rejected += 1
        if len(self.report.errors) < SHOWN:
            self.report.errors.append(fault)
        self.rejected(row, fault)


def _said(name: str, bad: BadCell) -> Text:
    expected = _expected(bad)
    return Text(f"{name}: {expected.en}", f"{name}：{expected.zh}")


def _expected(bad: BadCell) -> Text:
    return Text(f"expected {bad.expected.en}", f"应为{bad.expected.zh}")


def _joined(said: list[Text]) -> Text:
    return Text("; ".join(s.en for s in said), "；".join(s.zh for s in said))

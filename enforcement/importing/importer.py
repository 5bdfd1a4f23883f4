"""A file of published records into the ledger: many histories a save, each record once, whatever happens on the way.

A batch is one atomic save, and before it one query learns which of its records are there already, so an import that
was killed is simply run again. Two imports at once meet the same primary key; the one that loses looks again.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import IO, Any, NamedTuple

import orjson
from eventsourcing.persistence import RecordConflictError

from enforcement.errors import LedgerUnavailable, TooLarge
from enforcement.events import Event
from enforcement.importing import strict
from enforcement.importing.cases import CASES
from enforcement.importing.lines import MAX_LINE, Line, lines
from enforcement.importing.members import Rejected
from enforcement.importing.published import Format, Source
from enforcement.ledger import RETRIES, Ledger
from enforcement.values import Text, china_day, utc_text

MAX_CASES = 200
MAX_BYTES = 900_000
"""Estimated size of a save; the ledger's limit is 1 MB."""
ALONE = 15_000
"""Bytes of a line from which its events may be too large: such a record is saved by itself, or refused."""


class Fault(NamedTuple):
    """A line that was not taken, and why."""

    line: int
    id: str | None
    reason: Text


@dataclass(slots=True)
class Report:
    """What became of a file. `findings` counts those of the file's cases that stand in the ledger afterwards."""

    read: int = 0
    accepted: int = 0
    unchanged: int = 0
    events: int = 0
    findings: Counter[str] = field(default_factory=Counter)
    errors: list[Fault] = field(default_factory=list)

    def json(self) -> dict[str, Any]:
        """The report for programs; `events` are those newly recorded."""
        return {
            "read": self.read,
            "accepted": self.accepted,
            "unchanged": self.unchanged,
            "rejected": len(self.errors),
            "events": self.events,
            "findings": dict(sorted(self.findings.items())),
            "errors": [{"line": e.line, "id": e.id, "reason": e.reason.en} for e in self.errors],
        }


class Waiting(NamedTuple):
    """A record that waits for its save."""

    line: int
    record: Source


class Importer:
    """One run over one file. `told` is called after each batch with the bytes read so far.

    Counting findings folds every case, which costs about as much as recording it; who does not ask is spared that.
    """

    def __init__(
        self,
        ledger: Ledger,
        told: Callable[[int], None] = lambda _: None,
        *,
        findings: bool = True,
        format: Format = CASES,
    ) -> None:
        self.ledger, self.told, self.findings, self.format = ledger, told, findings, format
        self.report = Report()
        self._today = china_day(ledger.clock())
        self._waiting: dict[str, Waiting] = {}
        self._bytes = 0
        self._lines: dict[str, int] = {}
        """The line at which each case of this file was met first."""

    def run(self, file: IO[bytes]) -> Report:
        """Import every line; the report says which were not taken."""
        done = 0
        for line in lines(file):
            self.report.read += 1
            done += line.size
            self._take(line)
            if self._full():
                self._save()
                self.told(done)
        self._save()
        self.told(done)
        self.report.errors.sort()
        return self.report

    def _take(self, line: Line) -> None:
        try:
            record = self._record(line)
        except Rejected as rejected:
            self._reject(line.number, rejected.id, rejected.reason)
            return
        id = self.format.id(record.id)
        before = self._waiting.get(id)
        if before is not None and before.record.sha256 == record.sha256:
            self.report.unchanged += 1
            return
        if before is not None or line.size > ALONE:
            self._save()
        self._waiting[id] = Waiting(line.number, record)
        self._bytes += _size(line, self.format.steps(record))
        if line.size > ALONE:
            self._save()

    def _record(self, line: Line) -> Any:
        if line.raw is None:
            said = f"the line has {line.size:,} bytes; an event, which holds the whole record, has at most {MAX_LINE:,}"
            zh = f"该行共 {line.size:,} 字节；事件须容纳整条记录，上限 {MAX_LINE:,} 字节"
            raise Rejected(None, [Text(said, zh)])
        return self.format.read(line.raw, self._today)

    def _full(self) -> bool:
        return len(self._waiting) >= MAX_CASES or self._bytes > MAX_BYTES

    def _save(self) -> None:
        """Record what waits and is not there yet."""
        self._bytes = 0
        for _ in range(RETRIES):
            self._settle_known()
            if not self._waiting:
                return
            now = utc_text(self.ledger.clock())
            histories = [(id, self.format.history(w.record, now)) for id, w in self._waiting.items()]
            try:
                self.ledger.append(histories)
            except RecordConflictError:
                continue
            except TooLarge as error:
                self._reject_waiting(error.message)
                return
            self._accepted(histories)
            return
        raise LedgerUnavailable(Text("too many writers at once; try again", "并发写入过多，请重试"))

    def _accepted(self, histories: list[tuple[str, list[Event]]]) -> None:
        for id, events in histories:
            self._lines[id] = self._waiting.pop(id).line
            self.report.accepted += 1
            self.report.events += len(events)
            if self.findings:
                self._count(id, events)

    def _settle_known(self) -> None:
        """Records whose case is in the ledger: the same again, or another one under the same id."""
        known = self.ledger.recorder.first_rows(list(self._waiting)) if self._waiting else {}
        for id, (position, state) in known.items():
            waiting = self._waiting.pop(id)
            if _same(waiting.record, orjson.loads(state)["data"]):
                self.report.unchanged += 1
                if id not in self._lines:
                    self._lines[id] = waiting.line
                    if self.findings:
                        self._count(id, self.ledger.events_of(id))
            else:
                self._reject(waiting.line, waiting.record.id, self._other_content(id, waiting.line, position))

    def _other_content(self, id: str, line: int, first: int) -> Text:
        last = self.ledger.recorder.positions(id)[-1][1]
        before = self._lines.get(id)
        at, at_zh = (
            (f", from line {before} of this file", f"，来自本文件第 {before} 行") if before else ("", "")
        )
        return Text(
            f"seen before with other content: here on line {line}; the first one stands in the ledger at positions "
            f"{first} to {last}{at}",
            f"该记录此前已导入且内容不同：本次在第 {line} 行；原记录位于账本位置 {first} 至 {last}{at_zh}",
        )

    def _count(self, id: str, events: Sequence[Event]) -> None:
        self.report.findings.update(self.format.findings(id, events, self.ledger.law))

    def _reject(self, line: int, id: str | None, reason: Text) -> None:
        self.report.errors.append(Fault(line, id, reason))

    def _reject_waiting(self, reason: Text) -> None:
        for waiting in self._waiting.values():
            self._reject(waiting.line, waiting.record.id, reason)
        self._waiting.clear()


def _size(line: Line, steps: int) -> int:
    """No less than what the events of a record take: its text with escapes, its notes twice, and who and when."""
    return 1_000 + 4 * line.size + 450 * steps


def _same(record: Source, recorded: dict[str, Any]) -> bool:
    if recorded.get("sha256") == record.sha256:
        return True
    before = recorded.get("record")
    return isinstance(before, str) and strict.same(before, record.text)

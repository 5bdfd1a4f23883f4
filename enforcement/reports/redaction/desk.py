"""Redactions at the desk: a custodian cuts a text; copies, openings and comparisons are handed out.

Each of these opens something sealed, so each is recorded first, as every reading is. Everybody but the custodian and
the reporter reads the newest redacted text in the place of the original.
"""

import hashlib
from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from enforcement.audit import merkle
from enforcement.errors import FileDamaged, InvalidData, KeyReused, NotFound
from enforcement.events import Who
from enforcement.recording import Receipt
from enforcement.reports.events import ReportEvent
from enforcement.reports.judging import REPORTER, judge
from enforcement.reports.redaction import copies, proof
from enforcement.reports.redaction.cutting import (
    REASONS,
    SALT,
    Segment,
    Span,
    cut,
    dumped,
    faults,
    leaf,
    loaded,
    shown,
    text_of,
    with_text,
)
from enforcement.reports.redaction.events import FileRedacted, Redacted
from enforcement.reports.report import Report
from enforcement.reports.sealing import ERASED, UNREADABLE, Sealer
from enforcement.values import Occurred, Text, utc_text

if TYPE_CHECKING:
    from enforcement.reports.desk import Desk

READ, REDACTED = "report.read", "report.redacted"
SEE_ALL = ("custodian", REPORTER)
"""Who reads the original of a text that was redacted."""


class Wanted(NamedTuple):
    """Which part of the text of which event is to be redacted, and where."""

    source: int
    part: str
    spans: tuple[Span, ...]


class Cuts(NamedTuple):
    """An original, cut as a redaction cut it."""

    segments: list[Segment]
    salts: list[bytes]


def covered(report: Report, part: Mapping[str, Any], value: Any, sealer: Sealer) -> Any:
    """What was opened, with the newest redaction in the place of each text that has one; never the original."""
    for redaction in report.redacted_of(part["version"]) if value not in (ERASED, UNREADABLE) else ():
        cuts = _cuts(report, redaction, value, sealer)
        value = with_text(value, redaction["part"], UNREADABLE if cuts is None else shown(cuts.segments))
    return _with_replacements(report, value, sealer)


def _with_replacements(report: Report, value: Any, sealer: Sealer) -> Any:
    """The names and hashes of the files that stand in the place of others."""
    replaced = report.replaced()
    if not replaced or not isinstance(value, dict):
        return value
    return {**value, "files": [_entry(report, replaced, file, sealer) for file in value.get("files", ())]}


def _entry(
    report: Report, replaced: Mapping[str, Any], file: dict[str, Any], sealer: Sealer
) -> dict[str, Any]:
    found = replaced.get(file["sha256"])
    if found is None:
        return file
    entry = sealer.open(report.id, found["entry"])
    return entry if isinstance(entry, dict) else {"sha256": found["replacement"]["sha256"], "name": entry}


def file_for(role: str, report: Report, sha256: str) -> dict[str, Any]:
    """The file that is given to a role which asks for one by its hash; NotFound where there is none for it."""
    replaced = report.replaced()
    every = [*report.files, *(r["replacement"] for r in report.replacements)]
    known = {file["sha256"]: file for file in every}
    if role not in SEE_ALL:
        standing = [r["replacement"] for r in replaced.values()]
        known = {file["sha256"]: file for file in standing}
        for file in report.files:
            found = replaced.get(file["sha256"])
            known[file["sha256"]] = found["replacement"] if found else file
    if sha256 not in known:
        raise NotFound("file", sha256)
    return dict(known[sha256])


def _cuts(report: Report, redaction: Mapping[str, Any], value: Any, sealer: Sealer) -> Cuts | None:
    """None where the text or the spans do not open."""
    text, sealed = text_of(value, redaction["part"]), sealer.open(report.id, redaction["spans"])
    if text is None or not isinstance(sealed, dict):
        return None
    raw = b64decode(sealed["salts"])
    salts = [raw[at : at + SALT] for at in range(0, len(raw), SALT)]
    return Cuts(cut(text, loaded(sealed["spans"])), salts)


class Redactions:
    """The acts of redaction, over the desk."""

    def __init__(self, desk: "Desk") -> None:
        self.desk, self.ledger, self.sealer = desk, desk.ledger, desk.sealer

    def redact(self, who: Who, id: str, wanted: Wanted, purpose: str, occurred: Occurred) -> Receipt:
        """Redact a text. That reads the original, which is recorded first; InvalidData on spans that do not fit."""
        self._judge(who, id, Redacted, {"source": wanted.source, "part": wanted.part}, occurred)
        earlier = self._earlier(who, id)
        reading = Who(who.actor, who.role, f"{who.correlation}/reading")
        what = "content" if self._sealed(id, wanted.source)["field"] == "content" else "talk"
        data = {"what": what, "purpose": purpose}
        if self.ledger.report_step(reading, id, READ, occurred, data).replayed and earlier is None:
            raise KeyReused(id, None)
        text = text_of(self._original(id, wanted.source), wanted.part)
        if text is None or text in (ERASED, UNREADABLE):
            said = Text(f"expected a part that event {wanted.source} has", f"事件 {wanted.source} 没有该部分")
            raise InvalidData({"part": [said]})
        if wrong := {path: [said] for path, said in faults(text, wanted.spans)}:
            raise InvalidData(wrong)
        segments = cut(text, wanted.spans)
        salts = self._salts(id, earlier, len(segments))
        return self.desk.step(who, id, REDACTED, occurred, self._data(id, wanted, Cuts(segments, salts)))

    def replace_file(
        self, who: Who, id: str, sha256: str, file: tuple[str, bytes], occurred: Occurred
    ) -> Receipt:
        """Put a blacked-out file in the place of one that was handed in. The custodian read that one before."""
        self._judge(who, id, FileRedacted, {"file": sha256, "replacement": {"sha256": ""}}, occurred)
        replacement, entry = self.desk.files.seal(id, *file)
        data = {"file": sha256, "replacement": replacement, "entry": entry}
        return self.desk.step(who, id, "report.file-redacted", occurred, data)

    def copy(self, who: Who, id: str, number: int, purpose: str, occurred: Occurred) -> bytes:
        """The redacted copy with its proof; the newest of its text, for anyone but the custodian."""
        self._recorded(who, id, number, occurred, {"what": "copy", "purpose": purpose})
        position = self.ledger.position_of(id, number) or 0
        receipt = self.desk.receipt_of(Receipt(id, number, position))
        return proof.handed_out(self._copy(id, number)[0], self.desk.envelope_at(position)[0], receipt)

    def opening(
        self, who: Who, id: str, number: int, segment: int, purpose: str, occurred: Occurred
    ) -> dict[str, Any]:
        """The proof of what one hidden segment says."""
        data = {"what": "opening", "purpose": purpose, "segment": segment}
        self._recorded(who, id, number, occurred, data)
        copy, cuts = self._copy(id, number)
        if cuts.segments[segment].reason is None:
            said = Text("expected a hidden segment; this one is shown", "该段未遮盖，应为已遮盖的段")
            raise InvalidData({"segment": [said]})
        return copies.opening(copy, segment, cuts.segments[segment].text, cuts.salts[segment])

    def compare(
        self, who: Who, id: str, number: int, purpose: str, occurred: Occurred
    ) -> tuple[Receipt, bool]:
        """Open the original again and compute the commitment anew; whether it is the one that was recorded."""
        receipt = self._recorded(who, id, number, occurred, {"what": "original", "purpose": purpose})
        redaction = self._redaction(id, number)
        try:
            copy, cuts = self._copy(id, number)
        except FileDamaged:
            return receipt, False
        leaves = [leaf(segment.text, salt) for segment, salt in zip(cuts.segments, cuts.salts, strict=True)]
        same = merkle.root(leaves).hex() == copies.root(copy) == redaction["root"]
        return receipt, same and copy["digest"] == self._digest(id, redaction["source"])

    # -- inside ------------------------------------------------------------------------------------------------

    def _judge(
        self, who: Who, id: str, cls: type[ReportEvent], data: dict[str, Any], occurred: Occurred
    ) -> None:
        """Refuse, before anything is opened or kept, what would be refused in the end."""
        report, now = self.ledger.report(id), utc_text(self.ledger.clock())
        draft = cls.new(id, report.version + 1, who, now, occurred, data, id)
        judge(report, draft, self.ledger.asked(draft))

    def _recorded(self, who: Who, id: str, number: int, occurred: Occurred, data: dict[str, Any]) -> Receipt:
        return self.desk.recorded(who, id, READ, occurred, {**data, "redaction": number})

    def _redaction(self, id: str, number: int) -> dict[str, Any]:
        found = next((r for r in self.ledger.report(id).redactions if r["version"] == number), None)
        if found is None:
            raise NotFound("redaction", str(number))
        return found

    def _sealed(self, id: str, version: int) -> dict[str, Any]:
        found = self.ledger.report(id).text_at(version)
        if found is None:
            raise NotFound("text", str(version))
        return found

    def _original(self, id: str, version: int) -> Any:
        part = self._sealed(id, version)
        return self.sealer.open(part["subject"], part["value"])

    def _digest(self, id: str, version: int) -> str:
        """Of the envelope of an event, as a signed receipt names it."""
        position = self.ledger.position_of(id, version) or 0
        return hashlib.sha256(self.desk.envelope_at(position)[0]).hexdigest()

    def _source(self, id: str, event: int, part: str) -> copies.Source:
        return copies.Source(self.ledger.identity.origin, id, event, part, self._digest(id, event))

    def _copy(self, id: str, number: int) -> tuple[dict[str, Any], Cuts]:
        """The copy made again, byte for byte; FileDamaged where what is sealed does not open, or gives another one."""
        report, redaction = self.ledger.report(id), self._redaction(id, number)
        cuts = _cuts(report, redaction, self._original(id, redaction["source"]), self.sealer)
        if cuts is not None and len(cuts.segments) == len(cuts.salts):
            source = self._source(id, redaction["source"], redaction["part"])
            copy = copies.made(source, *cuts)
            if copies.digest(copy) == redaction["copy_digest"]:
                return copy, cuts
        said = "the original or its cuts do not open, or are not those that were recorded"
        raise FileDamaged(Text(said, "原文或者遮盖位置无法解封，或者与所记录的不一致"))

    def _earlier(self, who: Who, id: str) -> dict[str, Any] | None:
        """The redaction that this same command recorded before."""
        report = self.ledger.report(id)
        version = report.commands.get(who.correlation)
        return next((r for r in report.redactions if r["version"] == version), None)

    def _salts(self, id: str, earlier: Mapping[str, Any] | None, count: int) -> list[bytes]:
        """New ones; those of the first time for a repeat, which then meets its receipt."""
        if earlier is not None and earlier["segments"] == count:
            sealed = self.sealer.open(id, earlier["spans"])
            raw = b64decode(sealed["salts"]) if isinstance(sealed, dict) else b""
        else:
            raw = b"".join(self.desk.random(SALT) for _ in range(count))
        return [raw[at : at + SALT] for at in range(0, SALT * count, SALT)]

    def _data(self, id: str, wanted: Wanted, cuts: Cuts) -> dict[str, Any]:
        source = self._source(id, wanted.source, wanted.part)
        copy, reasons = copies.made(source, *cuts), {span.reason for span in wanted.spans}
        sealed = {"spans": dumped(wanted.spans), "salts": b64encode(b"".join(cuts.salts)).decode()}
        return {
            "source": wanted.source,
            "part": wanted.part,
            "original": source.digest,
            "root": copy["root"],
            "segments": len(cuts.segments),
            "hidden": len(wanted.spans),
            "reasons": [reason for reason in REASONS if reason in reasons],
            "copy_digest": copies.digest(copy),
            "spans": sealed,
        }

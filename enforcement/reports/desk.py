"""The reports desk 举报窗口: seals what comes in, records, and opens again – in that order, and never the other way.

Whoever reads something sealed is recorded first. A receipt code is made here, shown once and kept as a slow hash; a
voucher as well. Erasing is recorded first, then the keys are destroyed; `finish_erasures` makes good what a crash in
between, or a backup of the vault, left undone.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import orjson

from enforcement import envelope
from enforcement.audit import receipts
from enforcement.audit.signing import SigningKey
from enforcement.errors import Erased, KeyReused, NotFound
from enforcement.events import Who, known
from enforcement.forms import own_fields
from enforcement.ledger import Ledger
from enforcement.recording import Receipt
from enforcement.reports import codes
from enforcement.reports.bureaukey import Random
from enforcement.reports.events import ReportEvent
from enforcement.reports.files import SealedFiles
from enforcement.reports.judging import REPORTER
from enforcement.reports.redaction.desk import SEE_ALL, covered, file_for
from enforcement.reports.report import Report
from enforcement.reports.sealing import Sealer
from enforcement.store import MAX_POSITION
from enforcement.values import Occurred, china_day, utc_text

REPORT, VOUCHER = "report", "voucher"
ERASED = "report.erased"
PAGE = 1000
TALK = ("text", "reasons")
CONTENT = ("content",)


@dataclass(frozen=True)
class Filing:
    """What comes in: the facts in clear for the event, and what is sealed before it gets there."""

    facts: Mapping[str, Any]
    content: Mapping[str, Any]
    identity: Mapping[str, Any] | None = None
    files: tuple[tuple[str, bytes], ...] = ()
    """Name and content of each."""


class Filed(NamedTuple):
    """A report that was taken in. `code` is None for a repeat: it was shown the first time."""

    receipt: Receipt
    code: str | None
    note: str


class Claimed(NamedTuple):
    """A reward that was claimed: the voucher's code, shown once."""

    receipt: Receipt
    voucher: str | None


@dataclass(frozen=True)
class Opened:
    """What was read: each sealed part in the order in which it came in."""

    receipt: Receipt
    parts: list[dict[str, Any]] = field(default_factory=list)


class Desk:
    """The commands of reports, with keys at hand."""

    def __init__(
        self,
        ledger: Ledger,
        sealer: Sealer,
        files: SealedFiles,
        signing_key: Callable[[], SigningKey],
        random: Random,
    ) -> None:
        self.ledger, self.sealer, self.files = ledger, sealer, files
        self._signing_key, self.random = signing_key, random

    # -- coming in ---------------------------------------------------------------------------------------------

    def file(self, filing: Filing) -> Filed:
        """A report by anyone, without an account; received now."""
        who = self.anyone()
        return self._take_in(who, filing, china_day(self.ledger.clock()).isoformat())

    def enter(self, who: Who, filing: Filing, occurred: Occurred) -> Filed:
        """A report that an officer enters for whoever called, wrote or came."""
        return self._take_in(who, filing, occurred)

    def _take_in(self, who: Who, filing: Filing, occurred: Occurred) -> Filed:
        id = f"report-{who.correlation}"
        reporter = f"reporter-{hashlib.sha256(b'reporter' + id.encode()).hexdigest()[:32]}"
        code, seal = codes.make(self.random), self.sealer.seal
        kept = [self.files.seal(id, name, content) for name, content in filing.files]
        content = {**filing.content, "files": [hidden for _, hidden in kept]}
        data = {
            **filing.facts,
            "reporter": reporter,
            "content": seal(id, content, who.correlation),
            "files": [shown for shown, _ in kept],
        }
        if filing.identity:
            data["identity"] = seal(reporter, dict(filing.identity), who.correlation)
        receipt = self.ledger.receive_report(who, id, occurred, data)
        if not receipt.replayed:
            self.sealer.vault.keep_code(code, REPORT, id)
        return Filed(receipt, None if receipt.replayed else code, self.receipt_of(receipt))

    def receipt_of(self, receipt: Receipt) -> str:
        """The signed receipt of what was recorded."""
        rendered, recorded = self.envelope_at(receipt.position)
        return receipts.issue(self._signing_key(), rendered, receipt.position, recorded)

    def envelope_at(self, position: int) -> tuple[bytes, str]:
        """The envelope of an event, and when it was recorded."""
        for _, id, version, topic, state in self.ledger.recorder.at([position]):
            rendered = envelope.render(self.ledger.identity.name, id, version, topic, state, position)
            return rendered, orjson.loads(state)["recorded"]
        raise NotFound("event", str(position))

    # -- steps ---------------------------------------------------------------------------------------------------

    def step(
        self,
        who: Who,
        id: str,
        topic: str,
        occurred: Occurred,
        data: Mapping[str, Any],
        expected: int | None = None,
    ) -> Receipt:
        """A step of a report; what its type seals is given in clear and sealed here. An erasure is finished."""
        report = self.ledger.report(id)
        sealed = self._sealed(report, who, topic, data)
        receipt = self.ledger.report_step(who, id, topic, occurred, sealed, expected)
        if topic == ERASED:
            self._destroy(self.ledger.report(id))
        return receipt

    def _sealed(self, report: Report, who: Who, topic: str, data: Mapping[str, Any]) -> dict[str, Any]:
        cls = known(topic)
        if cls is None or not issubclass(cls, ReportEvent) or report.erased:
            return dict(data)
        names = [name for name in data if name in sealed_fields(cls) and not _is_sealed(data[name])]
        return {
            **data,
            **{name: self.sealer.seal(report.id, data[name], f"{who.correlation}/{name}") for name in names},
        }

    def add_evidence(
        self, who: Who, id: str, text: str, files: Sequence[tuple[str, bytes]], occurred: Occurred
    ) -> Receipt:
        """More evidence: a text and files."""
        if self.ledger.report(id).erased:
            raise Erased(id)
        kept = [self.files.seal(id, name, content) for name, content in files]
        content = {"text": text, "files": [hidden for _, hidden in kept]}
        data = {"content": content, "files": [shown for shown, _ in kept]}
        return self.step(who, id, "report.evidence-added", occurred, data)

    # -- reading what is sealed ----------------------------------------------------------------------------------

    def read(self, who: Who, id: str, what: str, purpose: str | None, occurred: Occurred) -> Opened:
        """Open the content or the talk of a report; the reading is recorded first.

        Where a text was redacted, only custodian and reporter read the original.
        """
        data = {"what": what} | ({"purpose": purpose} if purpose else {})
        receipt = self.recorded(who, id, "report.read", occurred, data)
        wanted = CONTENT if what == "content" else TALK
        return Opened(receipt, list(self._parts(self.ledger.report(id), wanted, who.role)))

    def read_identity(self, who: Who, id: str, request: int, occurred: Occurred) -> Opened:
        """Open the identity on an approved request; the reading is recorded first."""
        data = {"request": request}
        receipt = self.recorded(who, id, "report.identity-read", occurred, data)
        return Opened(receipt, list(self._parts(self.ledger.report(id), ("identity",), who.role)))

    def read_file(
        self, who: Who, id: str, sha256: str, purpose: str, occurred: Occurred
    ) -> tuple[str, bytes]:
        """Open a file of a report, its kind and content; the reading is recorded first.

        Where a file was redacted, only the custodian is given the original; the reading names what was given.
        """
        file = file_for(who.role, self.ledger.report(id), sha256)
        data = {"what": "file", "purpose": purpose, "file": file["sha256"]}
        self.recorded(who, id, "report.read", occurred, data)
        return file["kind"], self.files.open(id, file["sha256"])

    def recorded(self, who: Who, id: str, topic: str, occurred: Occurred, data: Mapping[str, Any]) -> Receipt:
        """A reading as an event of its own; a repeat of an old command opens nothing again."""
        receipt = self.ledger.report_step(who, id, topic, occurred, data)
        if receipt.replayed:
            raise KeyReused(id, receipt.position)
        return receipt

    def _parts(self, report: Report, names: tuple[str, ...], role: str) -> Iterator[dict[str, Any]]:
        for part in report.sealed:
            if part["field"] in names:
                value = self.sealer.open(part["subject"], part["value"])
                redacted = report.redacted_of(part["version"]) if role != REPORTER else ()
                said = [{"number": r["version"], "part": r["part"]} for r in redacted]
                yield {
                    "version": part["version"],
                    "type": part["topic"],
                    "by": "reporter" if part["role"] == REPORTER else "bureau",
                    "occurred": part["occurred"],
                    "value": value if role in SEE_ALL else covered(report, part, value, self.sealer),
                    **({"redactions": said} if said else {}),
                }

    # -- whoever holds the code ------------------------------------------------------------------------------------

    def anyone(self) -> Who:
        """The reporter, as the ledger knows it: nobody in particular."""
        random = self.random(16).hex()
        return Who(
            REPORTER, REPORTER, f"{random[:8]}-{random[8:12]}-{random[12:16]}-{random[16:20]}-{random[20:]}"
        )

    def by_code(self, code: str) -> Report:
        """The report that a receipt code opens; NotFound, after the same work, where it opens none."""
        id = self.sealer.vault.opened_by(code, REPORT)
        report = self.ledger.held.take(Report, id or "report-none", self.ledger.law)
        if id is None:
            raise NotFound("report", "of this code")
        self.ledger.held.keep(report)
        return self.ledger.report(id)

    def today(self) -> str:
        """The day of what is recorded now."""
        return china_day(self.ledger.clock()).isoformat()

    def claim(self, report: Report, who: Who, by: str, occurred: Occurred) -> Claimed:
        """Claim the reward: a voucher is made, and which one stands sealed in the report.

        Claimed again, where a voucher was lost or never came to be, the one before is worth nothing any more.
        """
        voucher, code = f"voucher-{self.random(16).hex()}", codes.make(self.random)
        sealed = self.sealer.seal(report.id, {"voucher": voucher}, f"{who.correlation}/voucher")
        data = {"by": by, "voucher": sealed}
        receipt = self.ledger.report_step(who, report.id, "report.reward-claimed", occurred, data)
        for part in report.sealed:
            if part["field"] == "voucher":
                before = self.sealer.open(report.id, part["value"])
                self.sealer.vault.drop_codes(f"{before['voucher']} {report.id}", VOUCHER)
        apart = Who("steelyard", "bureau_system", self.anyone().correlation)
        self.ledger.issue_voucher(apart, voucher, occurred, report.reward["amount"])
        self.sealer.vault.keep_code(code, VOUCHER, f"{voucher} {report.id}")
        return Claimed(receipt, code)

    def voucher(self, code: str) -> tuple[str, str]:
        """The voucher of a code, and the report behind it; NotFound where it opens none."""
        found = self.sealer.vault.opened_by(code, VOUCHER)
        if found is None:
            raise NotFound("voucher", "of this code")
        id, _, report = found.partition(" ")
        return id, report

    def pay(self, who: Who, code: str, occurred: Occurred) -> Receipt:
        """Pay against a voucher, once. Whoever pays learns nothing of the report."""
        id, report = self.voucher(code)
        receipt = self.ledger.pay_voucher(who, id, report, occurred)
        self.sealer.vault.drop_codes(f"{id} {report}", VOUCHER)
        return receipt

    # -- erasing ---------------------------------------------------------------------------------------------------

    def finish_erasures(self) -> int:
        """Destroy every key whose erasure the ledger has recorded; how many were still there.

        Where the ledger knows of none, the vault is not even opened: every server begins with this.
        """
        done, after = 0, 0
        while rows := self.ledger.recorder.rows(after, PAGE, MAX_POSITION, [ERASED]):
            done += sum(self._destroy(self.ledger.report(row[1])) for row in rows)
            after = rows[-1][0]
        return done

    def _destroy(self, report: Report) -> bool:
        when, vault = utc_text(self.ledger.clock()), self.sealer.vault
        self.files.remove([*report.files, *(found["replacement"] for found in report.replacements)])
        left = [s for s in (report.id, report.facts["reporter"]) if not vault.forgotten(s)]
        return sum(vault.forget(subject, when) for subject in left) > 0


def sealed_fields(cls: type[ReportEvent]) -> list[str]:
    """The fields of an event type that are sealed."""
    return [name for name, hint in own_fields(cls).items() if "Sealed" in str(hint)]


def _is_sealed(value: Any) -> bool:
    return isinstance(value, Mapping) and "sealed" in value

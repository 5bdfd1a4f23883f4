"""The report 举报 as its events tell it, and its clocks.

State and clocks follow from the row of each event in the table; what else a decision looks at is kept as plain values.
Sealed values stay sealed: this module has no key. Clocks are facts; due dates are counted in `deadlines`.
"""

from collections.abc import Callable
from typing import Any, ClassVar

from enforcement.aggregates import Aggregate
from enforcement.events import Event
from enforcement.law import Law
from enforcement.reports import events
from enforcement.reports.procedure import Clock, table
from enforcement.reports.redaction.events import FileRedacted, Redacted
from enforcement.values import occurred_day

TOLD_ENDS = {
    "filing": ("filing-notice", "answer"),
    "transfer": ("answer", "answer-public-information"),
    "result": ("answer", "answer-public-information"),
    "reward": (),
}
"""Which replies are given when the reporter is told of something."""
WHEN: dict[str, Callable[["Report"], bool]] = {
    "zhejiang_metrology": lambda report: report.zhejiang_metrology,
    "not_zhejiang_metrology": lambda report: not report.zhejiang_metrology,
    "public_information": lambda report: report.facts["matter"] == "public_information",
    "real_name": lambda report: report.facts["real_name"],
    "reward_wished": lambda report: report.facts["reward_wished"],
    "found_true": lambda report: "outcome" in report.reward,
}
OF_THE_REPORTER = ("identity",)
"""Fields that are sealed for the reporter's pseudonym instead of the report."""
TEXTS = ("content", "text", "reasons")
"""Sealed fields that hold a text."""
TAKEN = (
    "channel",
    "region",
    "matter",
    "reporter",
    "real_name",
    "reward_wished",
    "complaint",
    "target",
    "signers",
)


class Report(Aggregate):
    """One report, from its receipt to its erasure."""

    KIND: ClassVar[str] = "report"

    def __init__(self, id: str) -> None:
        super().__init__(id)
        self.state = ""
        self.facts: dict[str, Any] = {}
        self.received: str | None = None
        self.recorded = ""
        self.last_step: str | None = None
        self.unit: str | None = None
        self.officers: list[str] = []
        self.case: str | None = None
        self.clocks: dict[str, dict[str, Any]] = {}
        self.pauses: list[dict[str, Any]] = []
        self.sealed: list[dict[str, Any]] = []
        """Every sealed text in order: version, topic, who, when, its subject and the value."""
        self.files: list[dict[str, Any]] = []
        self.redactions: list[dict[str, Any]] = []
        """Every redaction in order, with its version; what was hidden stays sealed."""
        self.replacements: list[dict[str, Any]] = []
        """Every file that was put in the place of another, in order."""
        self.kept_away: dict[str, list[str]] = {"officers": [], "units": []}
        self.around: bool = False
        """It is about people of the bureau, and who they are has not been said yet."""
        self.requests: dict[int, dict[str, Any]] = {}
        self.reward: dict[str, Any] = {}
        self.told: list[dict[str, Any]] = []
        self.merged: list[str] = []
        self.lead: str | None = None
        """Of a merged report the one whose outcome it shares."""
        self.held = self.erased = self.split = False
        self.read_by_reporter = 0
        """The version up to which the reporter has read the talk."""

    # -- folding -------------------------------------------------------------------------------------------

    def when(self, event: Event, law: Law) -> None:
        if not isinstance(event, events.ReportEvent):
            return
        change = CHANGES.get(event.TOPIC)
        if change:
            change(self, event)
        self._keep_sealed(event)
        self._move(event, law)

    def subject(self, data: dict[str, Any]) -> str:
        """A report never shows in the dossier of its target; only `report.substantiated` is about it."""
        return data["target"] if set(data) >= {"target", "outcome"} and data["target"] else self.id

    def _move(self, event: events.ReportEvent, law: Law) -> None:
        row = table().rows[event.TOPIC]
        on = event.occurred
        ends = (*row.ends, *(TOLD_ENDS[event.about] if isinstance(event, events.ReporterTold) else ()))
        for key in ends:
            if key in self.clocks:
                self.clocks[key].setdefault("end", on)
        for clock in table().clocks:
            if clock.key in row.starts and all(WHEN[name](self) for name in clock.when):
                self._start(clock, event, law)
        target = row.target(event)
        if target:
            self.state, self.last_step = target, on

    def _start(self, clock: Clock, event: events.ReportEvent, law: Law) -> None:
        """A clock whose rule had no version on the deciding day is not started: there was no such period.

        Of merged reports the last one counts: one that was received earlier starts nothing anew.
        """
        start = event.received if isinstance(event, events.Absorbed) else event.occurred
        if isinstance(event, events.Absorbed) and not self._is_later(clock.key, event.received):
            return
        version_of = self.received if clock.by_receipt else start
        day = occurred_day(version_of)
        if day is None or not any(rule.id == clock.rule and rule.in_force(day) for rule in law.deadlines):
            return
        self.clocks[clock.key] = {"rule": clock.rule, "start": start, "law": version_of, "extensions": []}

    def _is_later(self, key: str, received: str) -> bool:
        running, other = occurred_day(self.clocks.get(key, {}).get("start")), occurred_day(received)
        return running is None or other is None or other > running

    def _keep_sealed(self, event: events.ReportEvent) -> None:
        for name, value in event.data().items():
            if isinstance(value, dict) and "sealed" in value:
                whose = self.facts["reporter"] if name in OF_THE_REPORTER else self.id
                self.sealed.append(
                    {
                        "version": event.originator_version,
                        "field": name,
                        "topic": event.TOPIC,
                        "role": event.role,
                        "occurred": event.occurred,
                        "subject": whose,
                        "value": value,
                    }
                )

    # -- questions -----------------------------------------------------------------------------------------

    @property
    def open(self) -> bool:
        """Whether the procedure has not come to an end."""
        return self.state not in table().ends

    @property
    def jurisdiction(self) -> str:
        """Whose local rules overlay the national ones."""
        return "zhejiang" if self.facts["region"].startswith("33") else "national"

    @property
    def zhejiang_metrology(self) -> bool:
        """Whether Zhejiang's regulation on metrology gives the periods (浙 39)."""
        return self.jurisdiction == "zhejiang" and self.facts["matter"] == "metrology"

    @property
    def identity(self) -> dict[str, Any] | None:
        """The sealed identity, where one was given."""
        return next((s for s in self.sealed if s["field"] == "identity"), None)

    def text_at(self, version: int) -> dict[str, Any] | None:
        """The sealed text of an event, where it has one."""
        return next((s for s in self.sealed if s["version"] == version and s["field"] in TEXTS), None)

    def redacted_of(self, version: int) -> list[dict[str, Any]]:
        """The redactions of an event's text that stand: the newest of each part."""
        return list({r["part"]: r for r in self.redactions if r["source"] == version}.values())

    def replaced(self) -> dict[str, dict[str, Any]]:
        """The newest replacement of each file that has one."""
        return {found["file"]: found for found in self.replacements}

    def superseded_by(self, redaction: int | None) -> int | None:
        """The version of the redaction that stands in the place of an earlier one."""
        same = {r["version"]: r for r in self.redactions}
        found = same.get(redaction or 0)
        standing = self.redacted_of(found["source"]) if found else []
        newest = next((r["version"] for r in standing if found and r["part"] == found["part"]), None)
        return newest if newest != redaction else None

    @property
    def paused(self) -> bool:
        return bool(self.pauses) and "to" not in self.pauses[-1]

    # -- what single events change ---------------------------------------------------------------------------

    def _received(self, event: events.Received) -> None:
        self.facts = {name: getattr(event, name) for name in TAKEN}
        self.received, self.recorded = event.occurred, event.recorded
        self.around = event.concerns_staff
        self.files.extend(dict(file) for file in event.files)

    def _split(self, _: events.Split) -> None:
        self.split = True

    def _assigned(self, event: events.Assigned) -> None:
        self.unit, self.officers = event.unit, list(event.officers)

    def _handed_back(self, _: events.HandedBack) -> None:
        self.unit, self.officers = None, []

    def _extended(self, event: events.Extended) -> None:
        self.clocks["verify"]["extensions"].append({"on": event.occurred})

    def _paused(self, event: events.Paused) -> None:
        self.pauses.append({"kind": event.kind, "from": event.occurred})

    def _resumed(self, event: events.Resumed) -> None:
        self.pauses[-1]["to"] = event.occurred

    def _filed(self, event: events.Filed) -> None:
        self.case = event.case

    def _merged(self, event: events.Merged) -> None:
        self.facts["merged_into"] = event.into

    def _absorbed(self, event: events.Absorbed) -> None:
        self.merged.append(event.report)

    def _shared(self, event: events.OutcomeShared) -> None:
        self.lead, self.case = event.lead, event.case
        if event.outcome in ("penalty", "crime"):
            self.reward["outcome"] = event.outcome

    def _substantiated(self, event: events.Substantiated) -> None:
        self.reward["outcome"] = event.outcome

    def _told(self, event: events.ReporterTold) -> None:
        self.told.append({"about": event.about, "on": event.occurred})

    def _checked(self, event: events.EligibilityChecked) -> None:
        self.reward |= {"insider": event.insider, "own_part": event.own_part}

    def _graded(self, event: events.Graded) -> None:
        self.reward |= {"grade": event.grade, "matching": event.matching, "factor": event.insider_factor}

    def _amount(self, event: events.AmountSet) -> None:
        self.reward |= {"standard": event.standard, "amount": event.amount, "finance": event.finance}

    def _claim_extended(self, event: events.ClaimExtended) -> None:
        self.clocks["reward-claim"]["extensions"].append({"on": event.occurred, "days": event.days})

    def _evidence(self, event: events.EvidenceAdded) -> None:
        self.files.extend(dict(file) for file in event.files)

    def _read(self, event: events.Read) -> None:
        if event.role == "reporter":
            self.read_by_reporter = event.originator_version

    def _requested(self, event: events.IdentityRequested) -> None:
        self.requests[event.originator_version] = {
            "by": event.actor,
            "purpose": event.purpose,
            "case": event.case,
            "asked": event.recorded,
            "state": "pending",
        }

    def _approved(self, event: events.IdentityApproved) -> None:
        self.requests[event.request] |= {
            "state": "approved",
            "decided_by": event.actor,
            "decided": event.recorded,
            "hours": event.hours,
        }

    def _refused(self, event: events.IdentityRefused) -> None:
        self.requests[event.request] |= {
            "state": "refused",
            "decided_by": event.actor,
            "decided": event.recorded,
        }

    def _identity_read(self, event: events.IdentityRead) -> None:
        self.requests[event.request].setdefault("read", []).append(event.recorded)

    def _conflict(self, event: events.ConflictDeclared) -> None:
        self.kept_away["officers"] += event.officers
        self.kept_away["units"] += event.units
        self.officers = [officer for officer in self.officers if officer not in event.officers]
        if event.role in ("custodian", "principal_head"):
            self.around = False

    def _held(self, _: events.Held) -> None:
        self.held = True

    def _lifted(self, _: events.HoldLifted) -> None:
        self.held = False

    def _redacted(self, event: Redacted) -> None:
        self.redactions.append({"version": event.originator_version, **event.data()})

    def _file_redacted(self, event: FileRedacted) -> None:
        self.replacements.append(event.data())

    def _erased(self, _: events.ReportErased) -> None:
        self.erased = True


CHANGES: dict[str, Callable[[Report, Any], None]] = {
    "report.received": Report._received,
    "report.split": Report._split,
    "report.assigned": Report._assigned,
    "report.handed-back": Report._handed_back,
    "report.extended": Report._extended,
    "report.paused": Report._paused,
    "report.resumed": Report._resumed,
    "report.filed": Report._filed,
    "report.merged": Report._merged,
    "report.absorbed": Report._absorbed,
    "report.outcome-shared": Report._shared,
    "report.substantiated": Report._substantiated,
    "report.reporter-told": Report._told,
    "report.eligibility-checked": Report._checked,
    "report.graded": Report._graded,
    "report.amount-set": Report._amount,
    "report.claim-extended": Report._claim_extended,
    "report.evidence-added": Report._evidence,
    "report.read": Report._read,
    "report.identity-requested": Report._requested,
    "report.identity-approved": Report._approved,
    "report.identity-refused": Report._refused,
    "report.identity-read": Report._identity_read,
    "report.conflict-declared": Report._conflict,
    "report.redacted": Report._redacted,
    "report.file-redacted": Report._file_redacted,
    "report.held": Report._held,
    "report.hold-lifted": Report._lifted,
    "report.erased": Report._erased,
}

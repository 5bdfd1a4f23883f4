"""What an event starts, ends, extends and interrupts: the facts behind the deadlines of a case.

Only facts are kept (which rule, started by which event, which intervals do not count); due dates are computed from
them and the calendar in `deadlines`. A clock of a rule that was not in force on its starting day is not started; one
whose start is unknown is kept, for what extends and ends it, and never counted.
"""

from typing import TYPE_CHECKING, Any

from enforcement.cases import deadlines, findings
from enforcement.cases.events.base import CaseEvent
from enforcement.cases.procedure import Row
from enforcement.law import Law
from enforcement.values import Occurred, occurred_day

if TYPE_CHECKING:
    from enforcement.cases.case import Case

OWN_DATE = "own-date"


class Clocks:
    """The clocks of one case while one event is applied."""

    def __init__(self, case: "Case", event: CaseEvent, row: Row) -> None:
        self.case, self.event, self.row = case, event, row
        self.item = getattr(event, row.item) if row.item else None

    def run(self, law: Law) -> None:
        """Ends first, so that an event that restarts a clock starts it afresh."""
        row = self.row
        if row.ends:
            self._end(law)
        if row.closes:
            self._close(row.closes)
        if row.opens:
            self._open(row.opens)
        if row.extends:
            self._extend(row.extends, law)
        if row.starts:
            self._start(law)
        self._special(law)

    # -- clocks ----------------------------------------------------------------------------------------------

    def _start(self, law: Law) -> None:
        for spec in self.row.starts:
            rule, _, condition = spec.partition(":")
            if self._holds(condition) and wanted(rule, self.case, self.event):
                self._start_one(rule, condition == "restart", law)

    def _start_one(self, rule: str, restart: bool, law: Law) -> None:
        key = self._key(rule)
        running = self.case.clocks.get(key)
        if running and not restart and "endv" not in running:
            return
        start = _start_day(rule, self.case, self.event)
        if rule == OWN_DATE:
            self.case.clocks[key] = {"rule": rule, "start": start, "by": self.event.originator_version}
            self.case.clocks[key]["fixed"] = getattr(self.event, "due", None)
        elif start is None or deadlines.in_force(rule, start, self.case, law):
            self.case.clocks[key] = {"rule": rule, "start": start, "by": self.event.originator_version}
            if self.item:
                self.case.clocks[key]["item"] = self.item
        else:
            findings.no_rule(self.case, self.event, rule)

    def _end(self, law: Law) -> None:
        for spec in self.row.ends:
            rule, _, condition = spec.partition(":")
            key = self._key(rule)
            clock = self.case.clocks.get(key) or self.case.clocks.get(rule)
            if clock is None or "endv" in clock or not self._holds(condition):
                continue
            if condition != "lapse":
                findings.overrun(self.case, self.event, key, law)
            clock.update(end=self.event.occurred, endv=self.event.originator_version)

    def _extend(self, rule: str, law: Law) -> None:
        clock = self.case.clocks.get(self._key(rule))
        if clock is None:
            return
        extension: dict[str, Any] = {"on": self.event.occurred, "version": self.event.originator_version}
        extension["by"] = getattr(self.event, "approved_by", None)
        if until := getattr(self.event, "until", None):
            extension["until"] = until
        elif days := getattr(self.event, "days", None):
            extension["days"] = days
        clock.setdefault("extensions", []).append(extension)

    def _key(self, rule: str) -> str:
        return f"{rule}:{self.item}" if self.item and rule in deadlines.PER_ITEM else rule

    # -- intervals that do not count ---------------------------------------------------------------------------

    def _open(self, spec: str) -> None:
        kind = self._kind(spec)
        if kind:
            self.case.intervals.append(
                {
                    "kind": kind,
                    "item": self.item,
                    "from": self.event.occurred,
                    "version": self.event.originator_version,
                }
            )

    def _close(self, spec: str) -> None:
        kind = self._kind(spec)
        for interval in self.case.intervals:
            if interval["kind"] == kind and "to" not in interval and interval["item"] in (self.item, None):
                interval.update(to=self.event.occurred, endv=self.event.originator_version)

    def _kind(self, spec: str) -> str | None:
        """`<kind>` is the event's own kind; `<step=x>name` applies at that step only."""
        if spec == "<kind>":
            return getattr(self.event, "kind", None) or "test"
        if spec.startswith("<"):
            condition, kind = spec[1:].split(">")
            field, value = condition.split("=")
            return kind if getattr(self.event, field) == value else None
        return spec

    # -- conditions --------------------------------------------------------------------------------------------

    def _holds(self, condition: str) -> bool:
        event: Any = self.event
        match condition:
            case "" | "restart" | "lapse":
                return True
            case "urgent":
                return bool(event.urgent)
            case "approved":
                return event.approved is not False
            case "if-full":
                return event.in_full is not False
            case "defects":
                return bool(event.defects)
            case "no-defects":
                return not event.defects
            case "cash":
                return event.cash not in (None, "none")
            case step:
                return bool(event.step == step)

    def _special(self, law: Law) -> None:
        """Deferral and instalments move the day of payment, and with it the court's clock (P 74, 76)."""
        if (
            self.row.topic in ("case.deferral-granted", "case.instalments-granted")
            and self.case.deferred_until
        ):
            for rule in ("DL-PAY", "DL-COURT"):
                if rule in self.case.clocks:
                    self._move(rule, self.case.deferred_until)

    def _move(self, rule: str, until: str) -> None:
        clock = self.case.clocks[rule]
        if rule == "DL-COURT":
            clock["start"] = max(clock["start"] or "", until)
            return
        clock["fixed"] = until
        clock.setdefault("extensions", []).append(
            {
                "on": self.event.occurred,
                "version": self.event.originator_version,
                "by": getattr(self.event, "approved_by", None),
                "until": until,
            }
        )


def wanted(rule: str, case: "Case", event: Any) -> bool:
    """Whether this rule is the one for this case: local overlay, kind of decision, remedies as told (1.3, 1.8, 1.9)."""
    local = case.jurisdiction == "zhejiang" and case.metrology and case.source == "report"
    match rule:
        case "DL-VERIFY":
            return not local
        case "DL-VERIFY-ZJ" | "DL-REFER-ZJ":
            return local
        case "DL-FILING-NOTICE":
            return (
                case.source == "report" and (day := occurred_day(case.opened)) is not None and day.year < 2027
            )
        case "DL-SUE":
            return case.procedure == "ordinary" and _sue(case) != "15_days"
        case "DL-SUE-METROLOGY":
            return case.procedure == "ordinary" and _sue(case) == "15_days"
        case "DL-PUBLISH":
            return publishable(case)
        case "DL-SELF-PUBLISH":
            return publishable(case) and any(p.get("kind") == "organisation" for p in case.parties.values())
        case "DL-PAY":
            return any(p.get("fine") or p.get("gains") for p in _penalties(case))
        case _:
            return True


def publishable(case: "Case") -> bool:
    """Ordinary-procedure penalties are published, but not one that is only a warning (公示规定 2)."""
    penalties = _penalties(case)
    if case.procedure != "ordinary" or not case.decisions or case.decisions[-1]["kind"] != "penalty":
        return False
    return not penalties or any(set(p) & {"fine", "gains", "goods", "criticism", "kinds"} for p in penalties)


def _penalties(case: "Case") -> list[dict[str, Any]]:
    return list(case.decisions[-1]["penalties"]) if case.decisions else []


def _sue(case: "Case") -> str | None:
    told: str | None = case.decisions[-1].get("sue") if case.decisions else None
    return told


def _start_day(rule: str, case: "Case", event: Any) -> Occurred:
    match rule:
        case "DL-COURT":
            return max(filter(None, (event.remedy_end, case.deferred_until)), default=event.occurred)
        case "DL-REFER-ZJ":
            return case.opened
        case _:
            occurred: Occurred = event.occurred
            return occurred

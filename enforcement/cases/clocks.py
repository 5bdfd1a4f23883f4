"""What an event starts, ends, extends and interrupts: the facts behind the deadlines of a case.

Only facts are kept (which rule, started by which event, which intervals do not count); due dates are computed from
them and the calendar in `deadlines`. A clock of a rule that was not in force on its starting day is not started; one
whose start is unknown is kept, for what extends and ends it, and never counted.
"""

from typing import TYPE_CHECKING, Any

from enforcement.cases import deadlines, findings
from enforcement.cases.events.base import CaseEvent
from enforcement.cases.procedure import Row
from enforcement.cases.terms import Spec, holds, spec
from enforcement.cases.wanted import wanted
from enforcement.law import Law
from enforcement.values import Occurred

if TYPE_CHECKING:
    from enforcement.cases.case import Case

MOVES_PAYMENT = ("case.deferral-granted", "case.instalments-granted")


class Clocks:
    """The clocks of one case while one event is applied."""

    def __init__(self, case: "Case", event: CaseEvent, row: Row) -> None:
        self.case, self.event, self.row = case, event, row
        self.item = getattr(event, row.item) if row.item else None

    def run(self, law: Law) -> None:
        """Ends first, so that an event that restarts a clock starts it afresh; a period that both starts and ends
        here is measured at once."""
        row = self.row
        if row.section == "main" and not self.event.history:
            self._take_over()
        for text in row.ends:
            self._end(spec(text), law)
        if row.closes:
            self._close(row.closes)
        if row.opens:
            self._open(row.opens)
        if row.extends:
            self._extend(spec(row.extends))
        for text in row.starts:
            self._start(spec(text), law)
        for text in row.ends if row.starts else ():
            if spec(text).rule in row.starts:
                self._end(spec(text), law)
        if row.topic in MOVES_PAYMENT and self.case.deferred_until:
            self._move_payment(self.case.deferred_until)

    def _take_over(self) -> None:
        """A live step on an imported case: from now on its periods are the bureau's own."""
        for clock in self.case.clocks.values():
            clock.pop("history", None)

    # -- clocks ----------------------------------------------------------------------------------------------

    def _start(self, entry: Spec, law: Law) -> None:
        if not holds(entry.terms, self.case, self.event) or not wanted(entry.rule, self.case, self.event):
            return
        if entry.rule == deadlines.LIMIT:
            self._start_limits(law)
            return
        key = self._key(entry.rule)
        running = self.case.clocks.get(key)
        if running and "endv" not in running and not entry.restart:
            return
        clock = self._clock(entry.rule)
        if self._in_force(clock, law):
            deadlines.replace(self.case, key, clock)

    def _clock(self, rule: str) -> dict[str, Any]:
        clock = {"rule": rule, "start": _start_day(rule, self.case, self.event), "by": self._version}
        if self.item:
            clock["item"] = self.item
        if self.event.history:
            clock["history"] = True
        match rule:
            case deadlines.OWN_DATE:
                clock["fixed"] = self.event.due
            case "DL-FILING-NOTICE":
                clock["law"] = self.case.opened
            case "DL-HEAR-PUBLIC":
                clock["towards"] = self.case.hearing.get("at")
            case "DL-SURCHARGE":
                clock["after"] = "DL-PAY"
        return clock

    def _in_force(self, clock: dict[str, Any], law: Law) -> bool:
        rule, day = clock["rule"], clock.get("law") or clock["start"]
        if rule == deadlines.OWN_DATE or day is None or deadlines.in_force(rule, day, self.case, law):
            return True
        if not deadlines.expired(rule, day, law):
            findings.no_rule(self.case, self.event, rule)
        return False

    def _start_limits(self, law: Law) -> None:
        """追诉时效 of every act whose end is known: five years where life, health or finance was harmed (APL 36)."""
        for id, violation in self.case.violations.items():
            ended = violation.get("ended") or (
                None if violation.get("continuing") else violation.get("began")
            )
            key = f"{deadlines.LIMIT}:{id}"
            if ended is None or self.case.clocks.get(key, {}).get("start") == ended:
                continue
            rule = "DL-LIMIT-LIFE" if violation.get("danger") else deadlines.LIMIT
            if not deadlines.in_force(rule, ended, self.case, law):
                rule = deadlines.LIMIT
            if deadlines.in_force(rule, ended, self.case, law):
                self.case.clocks[key] = {"rule": rule, "start": ended, "by": self._version, "item": id}

    def _end(self, entry: Spec, law: Law) -> None:
        keys = self._ending(entry.rule)
        if not keys or not holds(entry.terms, self.case, self.event):
            return
        on: tuple[Occurred, int] = (self.event.occurred, self._version)
        if entry.rule == deadlines.LIMIT and self.case.discovered:
            on = self.case.discovered["on"], self.case.discovered["version"]
        for key in keys:
            if not entry.lapse:
                findings.overrun(self.case, self.event, key, law)
            self.case.clocks[key].update(end=on[0], endv=on[1])

    def _ending(self, rule: str) -> list[str]:
        """The running clocks that are meant: the one of the item or party named, else every one of the rule."""
        running = deadlines.running_keys(self.case, rule)
        own = self._key(rule)
        if own == rule:
            return running
        return [key for key in running if key == own] or [key for key in running if key == rule]

    def _extend(self, entry: Spec) -> None:
        if not holds(entry.terms, self.case, self.event):
            return
        clock = self.case.clocks.get(self._key(entry.rule))
        if clock is not None:
            until = (
                None if getattr(self.event, "step", None) == "first" else getattr(self.event, "until", None)
            )
            self._prolong(clock, until)

    def _prolong(self, clock: dict[str, Any], until: str | None) -> None:
        extension: dict[str, Any] = {"on": self.event.occurred, "version": self._version}
        extension["by"] = getattr(self.event, "approved_by", None)
        if until:
            extension["until"] = until
        elif days := getattr(self.event, "days", None):
            extension["days"] = days
        clock.setdefault("extensions", []).append(extension)

    def _move_payment(self, until: str) -> None:
        """Deferral and instalments move the day of payment, and with it the court's clock (P 74, 76)."""
        for key in self._ending("DL-PAY"):
            clock = self.case.clocks[key]
            clock["fixed"] = until
            self._prolong(clock, until)
        for key in deadlines.running_keys(self.case, "DL-COURT"):
            clock = self.case.clocks[key]
            clock["start"] = max(clock["start"] or "", until)

    def _key(self, rule: str) -> str:
        if rule == "DL-URGENT-REPORT" and self.item:
            return f"{rule}:{self.row.section}-{self.item}"
        if self.item and rule in deadlines.PER_ITEM:
            return f"{rule}:{self.item}"
        if rule in deadlines.PER_PARTY and len(self.case.parties) > 1 and (party := self._party()):
            return f"{rule}:{party}"
        return rule

    def _party(self) -> str | None:
        party: str | None = getattr(self.event, "party", None)
        return party

    @property
    def _version(self) -> int:
        return self.event.originator_version

    # -- intervals that do not count ---------------------------------------------------------------------------

    def _open(self, specs: str) -> None:
        for kind in self._kinds(specs):
            interval: dict[str, Any] = {"kind": kind, "item": self.item}
            interval.update({"from": self.event.occurred, "version": self._version})
            if kind == "refund-order":
                interval["latest"] = self.event.due
            self.case.intervals.append(interval)

    def _close(self, specs: str) -> None:
        for kind in self._kinds(specs):
            for interval in self.case.intervals:
                if interval["kind"] == kind and "to" not in interval and self._same_item(interval):
                    interval.update(to=self.event.occurred, endv=self._version)

    def _same_item(self, interval: dict[str, Any]) -> bool:
        return self.item is None or interval["item"] in (self.item, None)

    def _kinds(self, specs: str) -> list[str]:
        return [kind for text in specs.split() if (kind := self._kind(text))]

    def _kind(self, text: str) -> str | None:
        """`<kind>` is the event's own kind; `<step=x>name` applies at that step only."""
        if text == "<kind>":
            return str(getattr(self.event, "kind", None) or "test")
        if text.startswith("<"):
            term, kind = text[1:].split(">")
            return kind if holds((term,), self.case, self.event) else None
        return text


def _start_day(rule: str, case: "Case", event: Any) -> Occurred:
    match rule:
        case "DL-COURT":
            ends: list[str] = [day for day in (event.remedy_end, case.deferred_until) if day]
            return max(ends, default=event.occurred)
        case "DL-REFER-ZJ":
            return case.opened
        case _:
            occurred: Occurred = event.occurred
            return occurred

"""Commands about reports 举报. Everything personal comes in sealed already: `desk.py` seals before, and opens after.

A merging goes into both reports in one save, and what comes of a report into all that were merged into it; a voucher
that is paid makes its report paid in one save.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from enforcement.cases.case import Case
from enforcement.errors import Breach, NotFound, Refused
from enforcement.events import Event, Who
from enforcement.recording import Receipt, Recording, check_id, class_of
from enforcement.registry.inspector import Inspector
from enforcement.reports import events, merging
from enforcement.reports.conflicts import Interested, nobody
from enforcement.reports.guards import Asked
from enforcement.reports.judging import judge
from enforcement.reports.report import Report
from enforcement.reports.voucher import Voucher
from enforcement.values import Occurred, Text, china_day, occurred_day, utc_text

RECEIVED = "report.received"
NOT_BY_HAND = frozenset({RECEIVED, "report.absorbed", "report.outcome-shared", "report.reward-paid"})
"""What follows from another command and is never recorded by itself."""


def no_others(case: str) -> Sequence[str]:
    """Where there is no read model at hand."""
    return ()


class ReportCommands(Recording):
    """Reports of violations, as commands."""

    interested: Interested = staticmethod(nobody)
    """Whether an officer has an interest in a business; the registers give the answer where they know relations."""

    reports_of: Callable[[str], Sequence[str]] = staticmethod(no_others)
    """The ids of the reports on which a case was filed; a read model gives the answer."""

    def receive_report(self, who: Who, id: str, occurred: Occurred, data: Mapping[str, Any]) -> Receipt:
        """收到举报. Opens a report."""
        return self._report_command(who, id, events.Received, occurred, data, 0)

    def report_step(
        self,
        who: Who,
        id: str,
        topic: str,
        occurred: Occurred,
        data: Mapping[str, Any],
        expected: int | None = None,
    ) -> Receipt:
        """One step of a report. Refused with the article where the procedure forbids it now."""
        cls = cast(type[events.ReportEvent], class_of(topic, events.ReportEvent))
        if topic in NOT_BY_HAND:
            raise Refused([_follows(topic)])
        return self._report_command(who, id, cls, occurred, data, expected)

    def report(self, id: str) -> Report:
        """The report as it stands; NotFound when there is none."""
        check_id(Report, id)
        self.held.look()
        found = self._taken_report(id)
        if found is None:
            raise NotFound("report", id)
        return found

    def issue_voucher(self, who: Who, id: str, occurred: Occurred, amount: str) -> Receipt:
        """领奖凭证: an amount to be paid to whoever brings the voucher."""
        return self.command(Voucher, id, who, events.VoucherIssued, occurred, {"amount": amount}, 0)

    def pay_voucher(self, who: Who, id: str, report: str, occurred: Occurred) -> Receipt:
        """凭证兑付: the voucher and the report behind it, in one save; once."""

        def settle(voucher: Voucher, event: Event) -> Sequence[Event]:
            behind = self._taken_report(report)
            if voucher.paid or behind is None or behind.state != "CLAIMED":
                text = Text("the reward was paid already", "该奖励已兑付")
                raise Refused([Breach("voucher-paid", "奖励办法", text)])
            return [self._beside(report, events.RewardPaid, event, {})]

        return self._several(Voucher, id, who, events.VoucherPaid, occurred, {}, None, settle)

    def voucher(self, id: str) -> Voucher:
        """The voucher as it stands; NotFound when there is none."""
        self.held.look()
        found = self.held.take(Voucher, id, self.law)
        self.held.keep(found)
        if not found.version:
            raise NotFound("voucher", id)
        return found

    # -- inside ------------------------------------------------------------------------------------------------

    def _report_command(
        self,
        who: Who,
        id: str,
        cls: type[events.ReportEvent],
        occurred: Occurred,
        data: Mapping[str, Any],
        expected: int | None,
    ) -> Receipt:
        check_id(Report, id)

        def judged(report: Report, event: events.ReportEvent) -> Sequence[Event]:
            judge(report, event, self.asked(event))
            if isinstance(event, events.Merged):
                last = merging.last_received(report, self._taken_report)
                absorbed = {"report": id, "received": last}
                return [self._beside(event.into, events.Absorbed, event, absorbed)]
            told = merging.told(report, event, self._taken_report)
            return [self._beside(other, events.OutcomeShared, event, data) for other, data in told]

        return self._several(Report, id, who, cls, occurred, data, expected, judged)

    def _several(self, *command: Any) -> Receipt:
        """A command that may go into a second aggregate, which is then no longer as it is kept in memory."""
        receipt = self.command(*command)
        if not receipt.replayed:
            self.held.doubt()
        return receipt

    def asked(self, event: Event) -> Asked:
        """What the guards of an event may ask of this ledger."""
        day = occurred_day(event.occurred) or china_day(self.clock())
        return Asked(
            self._taken_case,
            self._taken_report,
            self._taken_officer,
            self.interested,
            self._taken_reports_of,
            self.law_for(day),
            day,
            self.clock(),
        )

    def _beside(self, id: str, cls: type[Event], event: Event, data: dict[str, Any]) -> Event:
        """An event of another report that goes into the same save."""
        version = self.held.last_version(id) + 1
        who = Who(event.actor, event.role, event.correlation)
        if isinstance(event, events.VoucherPaid):
            who = Who("steelyard", "bureau_system", event.correlation)
        return cls.new(id, version, who, utc_text(self.clock()), event.occurred, data, id)

    def _taken_report(self, id: str) -> Report | None:
        found = self.held.take(Report, id, self.law)
        self.held.keep(found)
        return found if found.version else None

    def _taken_reports_of(self, case: str) -> list[Report]:
        """As they stand now, whenever the read model was last told."""
        found = (self._taken_report(id) for id in self.reports_of(case))
        return [report for report in found if report is not None]

    def _taken_case(self, id: str) -> Case | None:
        found = self.held.take(Case, id, self.law) if id else None
        if found is None:
            return None
        self.held.keep(found)
        return found if found.version else None

    def _taken_officer(self, officer: str) -> Inspector | None:
        found = self.held.take(Inspector, f"inspector-{officer}", self.law)
        self.held.keep(found)
        return found if found.version else None


def _follows(topic: str) -> Breach:
    text = Text(f"{topic} follows from another step", f"{topic} 由其他事项产生，不能单独记录")
    return Breach("follows", "Order 121", text)

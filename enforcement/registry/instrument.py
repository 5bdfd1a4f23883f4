"""Measuring instruments 计量器具: kind, owner, place, verification; what may happen to one stands in the law's table.

`phase` follows from the events, `until` is the last day of the last certificate. Whether an instrument is due or
overdue depends on the day and is asked, not recorded (`enforcement.law.instruments.standing`).
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar, Literal

from enforcement.errors import Breach, Refused
from enforcement.events import Event
from enforcement.fields import CaseId, Day, Region, ThingId, Uscc, Words
from enforcement.law import instruments
from enforcement.registry.register import Facts, stated
from enforcement.registry.things import Owned
from enforcement.values import Text, occurred_day

Purpose = Literal["trade", "safety", "medical", "environment", "other"]
"""贸易结算 · 安全防护 · 医疗卫生 · 环境监测 (计量法 9: 强制检定) · 其他."""


class Instrument(Owned):
    """One measuring instrument; its owner is who uses it."""

    KIND: ClassVar[str] = "instrument"
    PREFIX: ClassVar[str] = "instrument-"
    ID: ClassVar[str] = "instrument"

    @classmethod
    def after(cls, facts: Facts, event: Event) -> Facts:
        """Facts, phase and validity after an event."""
        found = super().after(facts, event) | stated(event)
        if not facts:
            verified = found.get("until") is not None
            phase = instruments.VALID if verified else instruments.REGISTERED
            return found | {"phase": phase, "verified": verified}
        found["phase"] = instruments.phase_after(event.TOPIC, facts["phase"])
        if event.TOPIC == "instrument.verified":
            found |= {"verified": True, "until": stated(event).get("until")}
        elif found["phase"] in instruments.NO_VERIFICATION:
            found |= {"verified": False, "until": None}
        return found


def standing(facts: Facts, on: date) -> instruments.Standing:
    """How an instrument stands on a day by its facts."""
    until = facts.get("until")
    last = date.fromisoformat(until) if until else None
    return instruments.standing(facts["phase"], facts["verified"], last, on)


def judge(instrument: Instrument, event: Event) -> Sequence[Event]:
    """Refuses what cannot happen in the phase of the instrument, and a validity beyond the regulation's cycle."""
    breaches = [*_out_of_order(instrument, event), *_beyond_cycle(instrument, event)]
    if breaches:
        raise Refused(breaches)
    return ()


def _out_of_order(instrument: Instrument, event: Event) -> Sequence[Breach]:
    phase = instrument.facts["phase"]
    if instruments.step(event.TOPIC, phase):
        return ()
    rows = [row for row in instruments.steps() if row.event == event.TOPIC]
    wanted = ", ".join(sorted(set().union(*(row.sources for row in rows))))
    said = Text(
        f"{rows[0].name.en} is possible in {wanted}; the instrument is {phase}",
        f"{rows[0].name.zh}只能在 {wanted} 状态下进行，该器具当前为 {phase}",
    )
    return [Breach("INSTRUMENT_PHASE", rows[0].article, said)]


def _beyond_cycle(instrument: Instrument, event: Any) -> Sequence[Breach]:
    verified = occurred_day(event.occurred)
    if event.TOPIC != "instrument.verified" or verified is None:
        return ()
    found = instruments.cycle(instrument.facts["kind"], verified)
    last = found.last_day(verified) if found else None
    if found is None or not found.confirmed or last is None:
        return ()
    if event.until is not None and event.until <= last.isoformat():
        return ()
    said = Text(
        f"verified on {verified}, valid until {last} at the latest; given {event.until or 'no end'}",
        f"{verified} 检定，有效期最长至 {last}，现为 {event.until or '无期限'}",
    )
    return [Breach("INSTRUMENT_CYCLE", found.jjg, said)]


class InstrumentRegistered(Event):
    """登记计量器具. `until` where it was verified before: the last day of that certificate."""

    TOPIC = "instrument.registered"
    instrument: ThingId
    kind: ThingId
    owner: Uscc
    region: Region
    place: Words | None = None
    number: Words | None = None
    """Factory number 出厂编号."""
    maker: Words | None = None
    model: Words | None = None
    accuracy: Words | None = None
    purpose: Purpose | None = None
    jjg: Words | None = None
    """The verification regulation 检定规程 it is verified by."""
    until: Day | None = None


class InstrumentChanged(Event):
    """变更登记信息: only what changed; another owner is a transfer, another validity a verification."""

    TOPIC = "instrument.changed"
    kind: ThingId | None = None
    region: Region | None = None
    place: Words | None = None
    number: Words | None = None
    maker: Words | None = None
    model: Words | None = None
    accuracy: Words | None = None
    purpose: Purpose | None = None
    jjg: Words | None = None
    reason: Words | None = None


class InstrumentFiled(Event):
    """使用单位向县级市场监管部门备案."""

    TOPIC = "instrument.filed"
    filing: Words | None = None


class InstrumentApplied(Event):
    """向指定的检定机构申请强制检定."""

    TOPIC = "instrument.applied"
    body: Words | None = None


class InstrumentAccepted(Event):
    """检定机构受理."""

    TOPIC = "instrument.accepted"
    body: Words | None = None


class InstrumentVerificationStarted(Event):
    """开始检定."""

    TOPIC = "instrument.verification-started"
    body: Words | None = None


class InstrumentVerified(Event):
    """检定合格. `until` is the certificate's last day; none where the kind is used until inaccurate 失准报废."""

    TOPIC = "instrument.verified"
    until: Day | None = None
    certificate: Words | None = None
    body: Words | None = None
    jjg: Words | None = None


class InstrumentFailed(Event):
    """检定结果通知书: not qualified; it must not be used."""

    TOPIC = "instrument.failed"
    notice: Words | None = None
    body: Words | None = None


class InstrumentRepaired(Event):
    """修理后须重新申请检定."""

    TOPIC = "instrument.repaired"
    repairer: Words | None = None


class InstrumentStopped(Event):
    """停用."""

    TOPIC = "instrument.stopped"
    reason: Words


class InstrumentResumed(Event):
    """恢复使用; its certificate counts as before."""

    TOPIC = "instrument.resumed"
    reason: Words | None = None


class InstrumentScrapped(Event):
    """报废."""

    TOPIC = "instrument.scrapped"
    reason: Words


class InstrumentReplaced(Event):
    """到期轮换 or 更换: another instrument takes its place."""

    TOPIC = "instrument.replaced"
    by: ThingId | None = None


class InstrumentTransferred(Event):
    """转移: another business uses it from now on."""

    TOPIC = "instrument.transferred"
    owner: Uscc
    region: Region | None = None
    place: Words | None = None


class InstrumentTamperSuspected(Event):
    """疑似作弊: alarm, broken seal, report."""

    TOPIC = "instrument.tamper-suspected"
    reason: Words


class InstrumentTamperCleared(Event):
    """排除作弊嫌疑, or the case is over."""

    TOPIC = "instrument.tamper-cleared"
    reason: Words


class InstrumentCaseOpened(Event):
    """立案: the case that followed."""

    TOPIC = "instrument.case-opened"
    case: CaseId

"""Net-content tests in the ledger: what was read, and the verdict that follows from it.

An event holds both, so a reader need not compute and an auditor can: `found` gives the verdict's fields from the
readings, on the day of the test, and `again` names every field that does not follow.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Literal, NotRequired, TypedDict

from enforcement.checks.documents import Document
from enforcement.checks.netcontent import Label, Lot, Verdict, judge
from enforcement.events import Event
from enforcement.fields import (
    CampaignId,
    Digest,
    File,
    InspectionId,
    LongText,
    Reading,
    Region,
    Uscc,
    Words,
)
from enforcement.law import Law
from enforcement.values import Occurred, decimal_text, occurred_day

UnitName = Literal["g", "kg", "mL", "L", "mm", "cm", "m", "mm²", "cm²", "dm²", "m²", "件"]


class LabelSeen(TypedDict):
    """The label: the words 净含量, whether it is clear to the eye, the height of its characters in mm."""

    words: bool
    visible: bool
    height: Reading


class Irregular(TypedDict):
    """What does not add up in a published record: its kind, and a sentence in both languages."""

    kind: Words
    en: Words
    zh: Words


class Said(TypedDict):
    """A sentence in both languages."""

    en: Words
    zh: Words


class Result(TypedDict):
    """What follows from the readings; amounts in base units (g, mL, mm, cm², pieces)."""

    plan: Words
    plan_status: Words
    sample: int
    factor: NotRequired[Reading | None]
    allowed_t1: int
    allowed_t2: int
    tolerance: Reading
    t1: int
    t2: int
    tolerance_shown: Reading
    """T as the other rounding gives it, and the single and overall verdicts that follow."""
    single_shown: bool
    overall_shown: bool
    mean: Words
    deviation: NotRequired[Words | None]
    limit: NotRequired[Words | None]
    faults: list[Said]
    notes: list[Said]


class NetContent(Document):
    """One test of one lot."""

    KIND: ClassVar[str] = "netcontent"

    def __init__(self, id: str) -> None:
        super().__init__(id)
        self.facts: dict[str, Any] = {}
        self.occurred: str | None = None
        self.history = False
        self.withdrawn: str | None = None
        """Why it counts no more."""

    def when(self, event: Event, law: Law) -> None:
        if isinstance(event, NetContentWithdrawn):
            self.withdrawn = event.reason
            return
        self.facts, self.occurred = event.data(), event.occurred
        self.history = isinstance(event, NetContentImported)

    def subject(self, data: dict[str, Any]) -> str:
        return data.get("entity") or self.facts.get("entity") or self.id


class NetContentJudged(Event):
    """定量包装商品净含量检验: readings of one lot, and the verdict, which the ledger computes from them.

    Whoever sends a verdict along – a laboratory's own – has it compared: one that does not follow is refused.
    """

    TOPIC = "netcontent.judged"
    product: Words
    region: Region
    place: Literal["producer", "seller"]
    lot: int
    nominal: Reading
    unit: UnitName
    readings: list[Reading]
    """In the unit of the label; gross where there is a tare."""
    tare: Reading | None = None
    seen: LabelSeen
    rounding: Literal["half-even", "up"] = "half-even"
    body: Words
    """检验机构, which must be authorised 授权 (定包 13)."""
    authorisation: Words
    considered: Words
    """How moisture loss and storage were considered (定包 12, 13)."""
    entity: Uscc | None = None
    campaign: CampaignId | None = None
    inspection: InspectionId | None = None
    files: list[File] = []
    label: bool | None = None
    single: bool | None = None
    average: bool | None = None
    """None where the lot is too small for a mean test."""
    overall: bool | None = None
    result: Result | None = None


class NetContentWithdrawn(Event):
    """撤回检验结论: the test was recorded wrongly; it stays in the ledger and counts no more."""

    TOPIC = "netcontent.withdrawn"
    reason: Words


class NetContentImported(Event):
    """导入已公开检验: a published result word for word, and its verdicts where it states them."""

    TOPIC = "netcontent.imported"
    record: LongText
    record_id: Words
    sha256: Digest
    kind: Words | None = None
    product: Words | None = None
    region: Words | None = None
    """The place as the source writes it."""
    year: int | None = None
    enterprises: int | None = None
    batches: int | None = None
    label_passed: int | None = None
    net_passed: int | None = None
    label: bool | None = None
    single: bool | None = None
    average: bool | None = None
    overall: bool | None = None
    entity: Uscc | None = None
    findings: list[Irregular] = []
    """Figures that do not add up."""


def lot_of(data: Mapping[str, Any]) -> Lot:
    """The lot that an event's fields describe."""
    seen = data["seen"]
    label = Label(seen["words"], seen["visible"], Decimal(seen["height"]))
    readings = [Decimal(reading) for reading in data["readings"]]
    tare = Decimal(data.get("tare") or 0)
    return Lot(data["lot"], Decimal(data["nominal"]), data["unit"], readings, tare, label)


def found(data: Mapping[str, Any], on: date) -> dict[str, Any]:
    """The fields of the verdict, as an event stores them."""
    verdict = judge(lot_of(data), on, data.get("rounding", "half-even"))
    return {
        "label": verdict.label,
        "single": verdict.single.passed,
        "average": verdict.mean.passed,
        "overall": verdict.overall,
        "result": _result(verdict),
    }


def _result(verdict: Verdict) -> dict[str, Any]:
    plan, single, mean = verdict.plan, verdict.single, verdict.mean
    return {
        "plan": plan.id,
        "plan_status": plan.status,
        "sample": plan.sample,
        "factor": _text(plan.factor),
        "allowed_t1": plan.t1,
        "allowed_t2": plan.t2,
        "tolerance": _text(single.tolerance),
        "t1": single.t1,
        "t2": single.t2,
        "tolerance_shown": _text(verdict.shown.tolerance),
        "single_shown": verdict.shown.passed,
        "overall_shown": verdict.overall_shown,
        "mean": _text(mean.mean),
        "deviation": _text(mean.deviation),
        "limit": _text(mean.limit),
        "faults": [fault._asdict() for fault in verdict.faults],
        "notes": [note._asdict() for note in verdict.notes],
    }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else decimal_text(value)


def again(data: Mapping[str, Any], occurred: Occurred) -> dict[str, dict[str, Any]]:
    """What the stored fields say otherwise than the readings: field → stored and computed. Empty: all follows."""
    day = occurred_day(occurred)
    if day is None:
        return {"occurred": {"stored": occurred, "computed": None}}
    return {
        name: {"stored": data.get(name), "computed": computed}
        for name, computed in found(data, day).items()
        if data.get(name) != computed
    }

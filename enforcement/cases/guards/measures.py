"""Guards of preservation, sealing and seizure (P 33–42; AEL 18–28)."""

from collections.abc import Iterator
from datetime import date

from enforcement.cases.guards.base import Act, guard
from enforcement.errors import Breach

NO_POWER = (
    "计量法",
    "中华人民共和国计量法",
    "浙江省计量监督管理条例",
)
"""Acts that grant no coercive measure: 封存 in 细则 44 is a sanction (1.5)."""


@guard
def approved_or_urgent(act: Act) -> Iterator[Breach]:
    """The head approves beforehand; an urgent start is reported within 24 hours (P 33, 36; AEL 19)."""
    event = act.event
    if event is None or act.history or event.urgent or event.approved_by:
        return
    yield act.breach(
        "not-approved",
        "the head's approval is missing and the start is not urgent",
        "未经负责人批准且非情况紧急",
        article="P 33, 36; AEL 18, 19",
    )


@guard
def power_granted(act: Act) -> Iterator[Breach]:
    """A law or regulation grants the power to seal or seize; the metrology acts do not (1.5)."""
    basis = act.event.legal_basis if act.event else None
    if act.event is None or act.history:
        return
    if not basis or not basis.strip():
        yield act.breach(
            "no-power",
            "the legal basis of the measure is missing",
            "未载明实施强制措施的法律依据",
            article="AEL 17; P 36",
        )
        return
    for law in NO_POWER:
        if basis.startswith((law, f"《{law}")):
            yield act.breach(
                "no-power",
                f"{law} grants no power to seal or seize",
                f"《{law}》未授予查封、扣押权",
                article="AEL 10, 17; P 36",
            )
            return


@guard
def goods_may_be_taken(act: Act) -> Iterator[Breach]:
    """Not the daily necessities of a person and the family, and nothing sealed by another organ (AEL 23)."""
    event = act.event
    if event is None:
        return
    if event.necessities:
        yield act.breach(
            "necessities", "daily necessities may not be taken", "不得查封、扣押生活必需品", article="AEL 23"
        )
    if event.sealed_elsewhere:
        yield act.breach(
            "sealed-elsewhere",
            "already sealed by another organ",
            "已被其他机关依法查封，不得重复查封",
            article="AEL 23",
        )


@guard
def measure_extended_once(act: Act) -> Iterator[Breach]:
    """Thirty days more, once (AEL 25)."""
    event = act.event
    if event is not None and act.case.clocks.get(f"DL-SEIZE:{event.measure}", {}).get("extensions"):
        yield act.breach(
            "extended-once", "the measure was extended before", "查封、扣押期限已延长过", article="AEL 25"
        )


@guard
def period_stated(act: Act) -> Iterator[Breach]:
    """The period of a test is stated in writing with its beginning and its end (AEL 25)."""
    event = act.event
    if event is not None and event.begins and event.ends and event.ends < event.begins:
        yield act.breach(
            "period", f"the period ends {event.ends} before it begins {event.begins}", "检测期间起止日期颠倒"
        )


@guard
def preservation_over(act: Act) -> Iterator[Breach]:
    """It lapses by itself only after seven working days (P 35)."""
    event = act.event
    keys = [f"DL-PRESERVE:{event.measure}"] if event is not None else list(act.case.clocks)
    for key in keys:
        due = act.due(key) if key.startswith("DL-PRESERVE") else None
        if due and due.at and act.day and act.day <= due.at:
            earliest = date.fromordinal(due.at.toordinal() + 1)
            yield act.breach(
                "preservation-running",
                f"it lapses after {due.at}",
                f"{due.at} 届满后自动解除",
                earliest=earliest,
                article="P 35",
            )

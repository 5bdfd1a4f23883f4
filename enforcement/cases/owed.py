"""What a party owes, has paid and gets back (P 72–75; APL 72, 73; AEL 42, 45). Amounts in CNY.

Computed from the facts of the case on a day; nothing here is stored. A surcharge 加处罚款 is only there where it was
imposed, and counts on the fine alone.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from enforcement.cases import deadlines
from enforcement.cases.deciding import ALL
from enforcement.cases.wanted import penalties_of
from enforcement.errors import NotFound
from enforcement.law import Law
from enforcement.law.surcharge import Interval, Surcharge, surcharge
from enforcement.values import occurred_day

if TYPE_CHECKING:
    from enforcement.cases.case import Case

ONE_DAY = timedelta(days=1)
FALLEN = ("REVOKED", "VOID")


def debt(case: "Case", party: str | None, law: Law, on: date) -> Decimal:
    """What the standing decision and its surcharge cost a party at the end of a day; None = all parties."""
    if not _stands(case):
        return Decimal(0)
    imposed = _sum(penalties_of(case, party), "fine", "gains")
    return imposed + sum((s.amount for p, s in surcharges(case, law, on) if party in (None, p)), Decimal(0))


def paid(case: "Case", party: str | None) -> Decimal:
    """What came in for the standing decision."""
    return sum((Decimal(p["amount"]) for p in _payments(case, party) if _stands(case)), Decimal(0))


def refundable(case: "Case") -> Decimal:
    """What was paid under decisions that have fallen, or above what a changed one imposes, and is not given back."""
    given = _sum([p for p in case.payments if p["what"] == "refund"], "amount")
    return sum((_too_much(case, d) for d in case.decisions), Decimal(0)) - given


def surcharges(case: "Case", law: Law, on: date) -> Iterator[tuple[str | None, Surcharge]]:
    """The surcharge of each party that owes a fine, where one was imposed."""
    if not case.surcharge.get("imposed"):
        return
    waived = case.surcharge.get("waived", {})
    for party in case.debtors():
        own = Decimal(waived.get(party, "0"))
        if party == case.debtors()[0]:
            own += Decimal(waived.get(ALL, "0"))
        found = _surcharge(case, party, law, on, own)
        if found is not None:
            yield party, found


def surcharge_total(case: "Case", law: Law, on: date) -> Decimal:
    """All surcharge of the case that is not waived."""
    return sum((found.amount for _, found in surcharges(case, law, on)), Decimal(0))


def missed_instalment(case: "Case") -> date | None:
    """The day of the first instalment that the payments so far do not cover."""
    total = paid(case, None)
    sums = accumulate(Decimal(i["amount"]) for i in case.instalments)
    for instalment, due in zip(case.instalments, sums, strict=True):
        if total < due:
            return date.fromisoformat(instalment["due"])
    return None


def _surcharge(case: "Case", party: str | None, law: Law, on: date, waived: Decimal) -> Surcharge | None:
    fine = _sum(penalties_of(case, party), "fine")
    due = deadlines.due(case, f"DL-PAY:{party}", law) or deadlines.due(case, "DL-PAY", law)
    if due is None or due.at is None or not fine:
        return None
    payments = [p for p in _payments(case, party) if p["what"] == "fine"]
    dated = [(day, Decimal(p["amount"])) for p in payments if (day := occurred_day(p["on"]))]
    try:
        return surcharge(fine, due.at, on, paused=list(_paused(case)), paid=dated, waived=waived)
    except NotFound:
        return None


def _paused(case: "Case") -> Iterator[Interval]:
    """Reconsideration and litigation, from the day after they began to their last day (APL 73)."""
    for interval in case.intervals:
        begins = occurred_day(interval["from"])
        if interval["kind"] in ("reconsideration", "litigation") and begins:
            yield begins + ONE_DAY, occurred_day(interval.get("to"))


def _payments(case: "Case", party: str | None) -> list[dict[str, Any]]:
    decision = case.decisions[-1]["version"] if case.decisions else None
    own = [p for p in case.payments if p["decision"] == decision and p["what"] != "refund" and p["amount"]]
    return [p for p in own if party is None or p["party"] in (None, party)]


def _stands(case: "Case") -> bool:
    return bool(case.decisions) and case.decisions[-1]["state"] not in FALLEN


def _too_much(case: "Case", decision: dict[str, Any]) -> Decimal:
    came = [p for p in case.payments if p["decision"] == decision["version"] and p["what"] != "refund"]
    if decision["state"] in FALLEN:
        return _sum(came, "amount")
    if decision["state"] != "CHANGED":
        return Decimal(0)
    came = [p for p in came if p["what"] in ("fine", "gains")]
    return max(_sum(came, "amount") - _sum(decision["penalties"], "fine", "gains"), Decimal(0))


def _sum(lines: list[dict[str, Any]], *fields: str) -> Decimal:
    return sum((Decimal(line.get(field) or "0") for line in lines for field in fields), Decimal(0))

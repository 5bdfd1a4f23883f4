"""Amounts of a case as its readers see them, computed and explained: discretion, surcharge, what is to be given back.

The texts come from the law modules that also judge, so what is shown is what was judged by.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from enforcement.cases import gains, owed
from enforcement.cases.case import Case
from enforcement.cases.guards import money
from enforcement.errors import NotFound
from enforcement.law import Law
from enforcement.law.discretion import explain, ladder, rung_name, rung_of, spans
from enforcement.values import decimal_text

LADDERS = ("national", "zhejiang")


def surcharges(case: Case, law: Law, today: date) -> list[dict[str, Any]]:
    """The surcharge 加处罚款 of each party at the end of today; `shown` = reckoned on the unpaid part."""
    return [
        {
            "party": party,
            "amount": decimal_text(found.amount),
            "days": found.days,
            "capped_on": found.capped_on.isoformat() if found.capped_on else None,
            "shown": decimal_text(found.shown),
            "waived": decimal_text(found.waived),
            "article": found.article,
            "explanation": found.explanation._asdict(),
        }
        for party, found in owed.surcharges(case, law, today)
    ]


def gains_found(case: Case, law: Law, today: date) -> list[dict[str, Any]]:
    """违法所得 of each act, with what was deducted and what may be confiscated."""
    found = [(act, gains.found(case, act, today)) for act in case.gains]
    return [
        {
            "violation": act,
            "gains": decimal_text(g.gains),
            "deducted": decimal_text(g.deducted),
            "refunded": decimal_text(g.refunded),
            "confiscable": decimal_text(g.confiscable),
            "article": g.article,
            "explanation": g.explanation._asdict(),
        }
        for act, g in found
        if g is not None
    ]


def balance(case: Case, law: Law, today: date) -> dict[str, str]:
    """What is owed, was paid and is to be given back."""
    return {
        "owed": decimal_text(owed.debt(case, None, law, today)),
        "paid": decimal_text(owed.paid(case, None)),
        "to_refund": decimal_text(owed.refundable(case)),
    }


def discretion(case: Case, law: Law, today: date) -> list[dict[str, Any]]:
    """裁量: where each fine lies in its band, for the last decision, else the notice, else the proposal."""
    decided = case.decisions[-1]["penalties"] if case.decisions else []
    penalties = decided or case.notice.get("penalties") or case.proposal.get("penalties") or []
    return [line for p in penalties if (line := _line(case, p, law, today)) is not None]


def _line(case: Case, penalty: dict[str, Any], law: Law, today: date) -> dict[str, Any] | None:
    row = money.row_of(case, penalty, law, today)
    band = money.band_of(case, penalty, row) if row and penalty.get("fine") else None
    if band is None or row is None:
        return None
    fine = Decimal(penalty["fine"])
    return {
        "violation": penalty["violation"],
        "party": penalty.get("party"),
        "code": row.code,
        "fine": penalty["fine"],
        "stated": penalty.get("rung"),
        "computed": rung_of(band, fine),
        "reasons": penalty.get("reasons"),
        "band": {"min": decimal_text(band.min), "max": decimal_text(band.max), "article": band.article},
        "rungs": [
            {"rung": s.rung, "min": decimal_text(s.min), "max": decimal_text(s.max)} for s in spans(band)
        ],
        "explanation": explain(band, fine)._asdict(),
        "ladders": {place: _ladder(place, today) for place in LADDERS},
    }


def _ladder(jurisdiction: str, today: date) -> list[dict[str, str]]:
    """The rungs of a ladder: the national one decides, that of the place is shown."""
    try:
        return [{"rung": rung, **rung_name(rung)._asdict()} for rung in ladder(today, jurisdiction).rungs]
    except NotFound:
        return []

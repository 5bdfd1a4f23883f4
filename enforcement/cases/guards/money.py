"""Penalties of events put before the law: catalogue, discretion, thresholds. Amounts in CNY.

A penalty without a catalogue code (published history, rows outside metrology) is not judged by the catalogue.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from enforcement.cases.case import Case
from enforcement.cases.guards.base import Act
from enforcement.errors import Breach, NotFound, Refused
from enforcement.law import Law, thresholds
from enforcement.law.acts import Violation
from enforcement.law.bands import Band, fine_band
from enforcement.law.discretion import check_discretion
from enforcement.law.norms import kinds as kind_table
from enforcement.law.norms import penalties_among
from enforcement.law.penalties import check_proposal
from enforcement.law.remedies import cites_metrology_law as cites_law
from enforcement.values import occurred_day

Penalties = Sequence[Mapping[str, Any]]
PARTY = {"person": "person", "sole_trader": "sole_trader"}
CORRECTION = {"ORDERED": "ordered", "DONE": "done", "NOT_DONE": "not_done", "REFUSED": "not_done"}


def amount(penalty: Mapping[str, Any], field: str) -> Decimal | None:
    text = penalty.get(field)
    return None if text is None else Decimal(text)


def total(penalties: Penalties) -> Decimal:
    """Fines and confiscated gains together: what must not become more."""
    return sum((amount(p, f) or Decimal(0) for p in penalties for f in ("fine", "gains")), Decimal(0))


def kinds(penalties: Penalties) -> set[str]:
    """The kinds of penalty among them; orders to correct are none."""
    return {k for p in penalties for k in _kinds(p, None) if penalties_among(frozenset({k}))} | (
        {"fine"} if any(p.get("fine") for p in penalties) else set()
    )


def weight(penalties: Penalties) -> tuple[Decimal, frozenset[str]]:
    """What two lists of penalties are compared by."""
    return total(penalties), frozenset(kinds(penalties))


def grouped(penalties: Penalties, default: str | None) -> dict[str | None, list[Mapping[str, Any]]]:
    """Penalties by party; those that name none fall on the default one."""
    groups: dict[str | None, list[Mapping[str, Any]]] = {}
    for penalty in penalties:
        groups.setdefault(penalty.get("party") or default, []).append(penalty)
    return groups


def by_party(case: Case, penalties: Penalties) -> dict[str | None, list[Mapping[str, Any]]]:
    return grouped(penalties, next(iter(case.parties), None))


def reaches_hearing(act: Act, party: str | None, penalties: Penalties) -> bool:
    """Whether what one party faces reaches the threshold of H 5: fines apart, gains and goods together."""
    kind = act.case.parties.get(party or "", {}).get("kind", "unknown")
    fines = sum((amount(p, "fine") or Decimal(0) for p in penalties), Decimal(0))
    gains = sum((amount(p, "gains") or Decimal(0) for p in penalties), Decimal(0))
    goods = sum((amount(p, "goods_value") or Decimal(0) for p in penalties), Decimal(0))
    try:
        found = thresholds.hearing(
            PARTY.get(kind, kind),
            act.day or date.max,
            fine=fines or None,
            gains=gains or None,
            goods_value=goods or None,
            kinds=sorted(kinds(penalties)),
            jurisdiction=act.case.jurisdiction,
        )
    except NotFound:
        return False
    return found.right


def against_catalogue(act: Act, penalty: Mapping[str, Any]) -> Iterator[Breach]:
    """The penalty against the row of the catalogue that was in force when the act was committed (APL 37)."""
    row = _row(act, penalty)
    if row is None:
        if penalty.get("code") and not act.history:
            code = penalty["code"]
            yield act.breach(
                "no-catalogue-row",
                f"{code} was not in force then",
                f"{code} 当时无现行有效条目",
                article="APL 37",
            )
        return
    if not row.applies_in(act.case.jurisdiction):
        yield act.breach(
            "not-in-this-place",
            f"{row.code} stands in a regulation of Zhejiang; this case is under national rules alone",
            f"{row.code} 系浙江省地方性法规条目，不适用于本案",
            article=row.article,
        )
        return
    try:
        found = check_proposal(
            row,
            penalty.get("cite"),
            kinds=_kinds(penalty, row),
            fine=amount(penalty, "fine"),
            units=penalty.get("units", 1),
            gains=amount(penalty, "received") or amount(penalty, "gains"),
            goods_value=amount(penalty, "goods_value"),
            flags=penalty.get("flags", ()),
            party_kind=_party_kind(act.case, penalty),
            correction=_correction(act.case, penalty),
            decided_by_province=bool(getattr(act.event, "province_decided", None)),
            rung=penalty.get("rung"),
        )
        yield from _stated(found) if act.history else found
    except NotFound:
        cite = penalty.get("cite")
        yield act.breach(
            "cite-not-in-row",
            f"{row.code} is not punished by {cite}",
            f"{row.code} 的处罚依据不含 {cite}",
            article=row.article,
        )


def _stated(breaches: Iterable[Breach]) -> Iterator[Breach]:
    """Those that rest on what a published decision states: its circumstances and lesser orders are often left out."""
    return (b for b in breaches if not b.rule.endswith("-missing") and b.rule != "two-step")


def against_discretion(act: Act, penalty: Mapping[str, Any]) -> Iterator[Breach]:
    """The stated rung against the amount and the band; unexplained discretion is returned."""
    row = _row(act, penalty)
    fine = amount(penalty, "fine")
    band = band_of(act.case, penalty, row) if row and fine is not None else None
    if band is None or act.history or act.day is None:
        return
    try:
        grounds = penalty.get("grounds") or ()
        yield from check_discretion(
            band, fine, penalty.get("rung"), penalty.get("reasons"), on=act.day, grounds=grounds
        )
    except NotFound:
        return


def band_of(case: Case, penalty: Mapping[str, Any], row: Violation) -> Band | None:
    """The fine band of a penalty's row and article, None where the circumstances give none."""
    try:
        return fine_band(
            row,
            penalty.get("cite"),
            units=penalty.get("units", 1),
            gains=amount(penalty, "received") or amount(penalty, "gains"),
            goods_value=amount(penalty, "goods_value"),
            flags=penalty.get("flags", ()),
            party_kind=_party_kind(case, penalty),
        )
    except (Refused, NotFound):
        return None


def cites_metrology_law(act: Act, penalty: Mapping[str, Any]) -> bool:
    """Whether the article cited stands in 计量法 itself."""
    row = _row(act, penalty)
    cite = penalty.get("cite") or (row.article if row else None)
    return bool(cite) and cites_law([str(cite)])


def above_summary(act: Act, party_kind: str, penalties: Penalties) -> Iterator[Breach]:
    """Above the limits of the summary procedure (APL 51)."""
    fines = sum((amount(p, "fine") or Decimal(0) for p in penalties), Decimal(0))
    others = sorted(kinds(penalties) - {"fine"})
    try:
        yield from thresholds.check_summary(
            PARTY.get(party_kind, party_kind), others, fines or None, act.day or date.max
        )
    except NotFound:
        return


def above_cash(act: Act, penalties: Penalties) -> Iterator[Breach]:
    """Cash without a reason is taken up to 100 CNY (APL 68)."""
    try:
        yield from thresholds.check_cash("organisation", total(penalties), "small", act.day or date.max)
    except NotFound:
        return


def row_of(case: Case, penalty: Mapping[str, Any], law: Law, day: date | None) -> Violation | None:
    """The row of the catalogue in force when the act was committed (APL 37), else on the day the case was opened."""
    violation = case.violations.get(penalty["violation"], {})
    code = penalty.get("code") or violation.get("code")
    days = map(occurred_day, (violation.get("ended"), violation.get("began"), case.opened))
    committed = next(filter(None, days), day)
    if not code or committed is None:
        return None
    try:
        return law.catalogue.get(code, committed)
    except NotFound:
        return None


def _row(act: Act, penalty: Mapping[str, Any]) -> Violation | None:
    return row_of(act.case, penalty, act.law, act.day)


def _party_kind(case: Case, penalty: Mapping[str, Any]) -> str:
    party = penalty.get("party") or next(iter(case.parties), "")
    return PARTY.get(case.parties.get(party, {}).get("kind", ""), "organisation")


def _kinds(penalty: Mapping[str, Any], row: Violation | None) -> set[str]:
    found = {k for k in penalty.get("kinds", ()) if k in kind_table()}
    found |= {k for k in ("warning", "criticism", "order_correct") if penalty.get(k)}
    if penalty.get("gains"):
        found.add("confiscate_gains")
    if penalty.get("goods"):
        instrument = row is None or any(c.kind == "confiscate_instrument" for c in row.consequences)
        found.add("confiscate_instrument" if instrument else "confiscate_goods")
    return found


def _correction(case: Case, penalty: Mapping[str, Any]) -> str | None:
    """What became of the last order to correct this violation."""
    for order in reversed(case.regions.get("correction", {}).values()):
        if order.get("violation") in (None, penalty["violation"]):
            return CORRECTION.get(str(order.get("state")))
    return None

"""A proposed penalty 处罚建议 judged by the row of the catalogue it rests on.

`check_proposal` returns every breach at once and decides nothing: what a hard breach stops, and when, is the matter
of the procedure. Discretion inside the band stands in `discretion`; here a fine is only inside or outside.
"""

from collections.abc import Collection, Iterator
from contextlib import suppress
from decimal import Decimal

from enforcement.errors import Breach, Refused
from enforcement.law.acts import ORDER_FLAGS, Cite, Consequence, Violation
from enforcement.law.bands import Band, circumstance_missing, fine_band, fine_entry
from enforcement.law.facts import PARTY_KINDS, Facts, cny, facts
from enforcement.law.norms import kinds as kind_table
from enforcement.law.norms import known_kinds
from enforcement.law.tables import load
from enforcement.values import Text

__all__ = ["PARTY_KINDS", "Band", "check_proposal", "fine_band", "province_decides"]

# An order to correct goes with every penalty (APL 28), whether or not the row names it.
_ALWAYS = frozenset({"order_correct"})


def check_proposal(
    row: Violation,
    cite: str | None = None,
    *,
    kinds: Collection[str] = (),
    fine: Decimal | None = None,
    units: int | None = 1,
    gains: Decimal | None = None,
    goods_value: Decimal | None = None,
    flags: Collection[str] = (),
    party_kind: str = "organisation",
    correction: str | None = None,
    decided_by_province: bool = False,
    rung: str | None = None,
) -> list[Breach]:
    """What the statute has against a proposed penalty under an article (None = the default cite); [] = nothing.

    `kinds` = proposed kinds of consequence; `fine` in CNY, None when there is none; `correction` = what became of the
    order to correct: None (no order), "ordered", "done" or "not_done" (CorrectionChecked); `rung` = the stated
    discretion, of which only `reduced` lets a fine lie below the band. Soft breaches (`hard` False) are mandatory
    consequences that are missing. InvalidData on unknown kinds or circumstances.
    """
    known = facts(units, gains, goods_value, flags, party_kind)
    try:
        chosen = row.cite(cite)
    except Refused as refused:
        return list(refused.breaches)
    proposed = known_kinds(kinds) | ({"fine"} if fine is not None else frozenset())
    breaches = list(_kinds_breached(row, chosen, proposed, known))
    if fine is not None:
        breaches += _fine_breached(row, chosen, fine, known, rung)
        if province_decides(chosen, fine) and not decided_by_province:
            breaches.append(_province(chosen, fine))
    breaches += _order_breached(row, chosen, proposed, known, correction)
    if rung not in ("none", "reduced"):
        breaches += _missing(row, chosen, proposed, known)
    return breaches


def province_decides(cite: Cite, fine: Decimal) -> bool:
    """细则 55: a fine of 10,000 CNY or more whose figure stands in the 实施细则 goes to the provincial authority."""
    rule = load("thresholds")["province"]
    norm, _, _ = (cite.band_of or cite.article).rpartition(" ")
    return bool(norm == rule["norm"] and fine >= Decimal(rule["fine"]))


def _kinds_breached(row: Violation, cite: Cite, proposed: frozenset[str], known: Facts) -> Iterator[Breach]:
    """Kinds the article does not know, or not in these circumstances (the fine is judged by its band)."""
    for kind in sorted(proposed - _ALWAYS - {"fine"}):
        entries = [c for c in row.under(cite) if c.kind == kind]
        name = kind_table()[kind].name
        if not entries:
            message = Text(
                f"{cite.article} does not provide for: {name.en} ({row.code})",
                f"{cite.article} 未规定{name.zh}（{row.code}）",
            )
            yield Breach("kind-not-in-row", cite.article, message)
        elif not any(c.met(known.flags) for c in entries):
            yield circumstance_missing(row, cite, entries[0].when)


def _fine_breached(row: Violation, cite: Cite, fine: Decimal, known: Facts, rung: str | None) -> list[Breach]:
    if fine <= 0:
        message = Text(
            "a fine of 0 is no fine: decide 不予处罚 or leave the fine out",
            "罚款数额应当大于零；不罚款的应当作出不予处罚决定或者不并处罚款",
        )
        return [Breach("fine-zero", cite.article, message)]
    try:
        band = fine_band(row, cite.article, **known._asdict())
    except Refused as refused:
        return list(refused.breaches)
    if fine in band or (rung == "reduced" and fine < band.min):
        return []
    message = Text(
        f"a fine of {cny(fine)} CNY is outside {cny(band.min)}–{cny(band.max)} CNY ({band.explanation.en})",
        f"罚款{cny(fine)}元超出{cny(band.min)}至{cny(band.max)}元的幅度（{band.explanation.zh}）",
    )
    return [Breach("fine-outside-band", cite.article, message)]


def _province(cite: Cite, fine: Decimal) -> Breach:
    message = Text(
        f"a fine of {cny(fine)} CNY under {cite.article} must be decided by the provincial metrology authority",
        f"依{cite.article}罚款{cny(fine)}元，应当报省级计量行政部门决定",
    )
    return Breach("province-decides", load("thresholds")["province"]["article"], message)


def _order_breached(
    row: Violation, cite: Cite, proposed: frozenset[str], known: Facts, correction: str | None
) -> list[Breach]:
    """Two-step consequences that rest on disobedience alone, without a check that found the order not obeyed."""
    relied = [
        c
        for c in _relied(row, cite, proposed, known)
        if c.when & known.flags and c.when & known.flags <= ORDER_FLAGS
    ]
    if not relied or correction == "not_done":
        return []
    state = {
        None: "no order was given",
        "ordered": "the order was not checked",
        "done": "the order was obeyed",
    }[correction]
    state_zh = {None: "未责令改正", "ordered": "未复查", "done": "已改正"}[correction]
    message = Text(
        f"{cite.article} needs an order to correct that was checked and not obeyed; {state}",
        f"{cite.article} 以责令改正后经复查未改正为前提；{state_zh}",
    )
    return [Breach("two-step", cite.article, message)]


def _relied(row: Violation, cite: Cite, proposed: frozenset[str], known: Facts) -> list[Consequence]:
    """The entries that the proposed kinds rest on in these circumstances."""
    entries = [c for c in row.under(cite) if c.kind in proposed - {"fine"} and c.met(known.flags)]
    if "fine" in proposed:
        with suppress(Refused):  # reported with the fine
            entries.append(fine_entry(row, cite, known))
    return entries


def _missing(row: Violation, cite: Cite, proposed: frozenset[str], known: Facts) -> list[Breach]:
    """Mandatory penalties of the article that the proposal leaves out: soft, a person may have a reason."""
    found = {
        c.kind for c in row.under(cite) if c.mandatory and c.met(known.flags) and kind_table()[c.kind].penalty
    }
    if not known.gains:
        found.discard("confiscate_gains")
    return [_left_out(cite, kind) for kind in sorted(found - proposed)]


def _left_out(cite: Cite, kind: str) -> Breach:
    name = kind_table()[kind].name
    message = Text(
        f"{cite.article} demands: {name.en}; the proposal leaves it out",
        f"{cite.article} 应当{name.zh}，建议中未提出",
    )
    return Breach("mandatory-missing", cite.article, message, hard=False)

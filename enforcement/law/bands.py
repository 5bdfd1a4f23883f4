"""The fine band 罚款幅度 of a violation: from what to what a fine may go under the article that is cited.

All amounts are Decimal CNY with two places; the lower edge is rounded up and the upper one down, so a band never
holds an amount the article does not allow. Where the article gives no band in the circumstances stated, `fine_band`
refuses with the missing circumstance; it never guesses one.
"""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from enforcement.errors import Breach, Refused
from enforcement.law.acts import ORDER_FLAGS, Cite, Consequence, Violation
from enforcement.law.band_text import explain
from enforcement.law.facts import CENT, CIRCUMSTANCES, NO_GAINS, Facts, facts
from enforcement.values import Text


@dataclass(frozen=True)
class Band:
    """Lowest and highest fine (CNY, both included) under `article`; `mandatory` False = 可并处 may be imposed.

    `status` is that of the figure; `shown` the other reading; `print_article` False = a person checks the number first.
    """

    min: Decimal
    max: Decimal
    article: str
    explanation: Text
    mandatory: bool
    status: str = "confirmed"
    shown: str | None = None
    print_article: bool = True

    def __contains__(self, amount: Decimal) -> bool:
        return self.min <= amount <= self.max


def fine_band(
    row: Violation,
    cite: str | None = None,
    *,
    units: int | None = 1,
    gains: Decimal | None = None,
    goods_value: Decimal | None = None,
    flags: Collection[str] = (),
    party_kind: str = "organisation",
) -> Band:
    """The band of the row under an article (None = the default cite).

    `units` = instruments; `gains` = illegal gains 违法所得 and `goods_value` = value of goods 货值金额, CNY; `flags` =
    circumstances (`acts.FLAGS`). Refused with the reason when there is no band, or the article is not in the row.
    """
    known = facts(units, gains, goods_value, flags, party_kind)
    chosen = row.cite(cite)
    entry = fine_entry(row, chosen, known)
    low, high = _span(entry, known, chosen.article)
    return Band(
        min=low,
        max=high,
        article=chosen.article,
        explanation=explain(entry, chosen, known, low, high),
        mandatory=entry.mandatory,
        status=entry.status if entry.status != "confirmed" else chosen.norm.status,
        shown=entry.shown,
        print_article=chosen.print_article,
    )


def fine_entry(row: Violation, cite: Cite, known: Facts) -> Consequence:
    """The fine of the row that fits the circumstances, the more special one first; Refused when none does."""
    missing = _unmet_needs(row, cite, known)
    if missing:
        raise Refused(missing)
    entries = [c for c in row.under(cite) if c.kind == "fine"]
    if not entries:
        raise Refused([_no_fine(row, cite)])
    flags = known.flags if known.gains else known.flags | {NO_GAINS}
    met = [c for c in entries if c.met(flags)]
    if not met:
        raise Refused([circumstance_missing(row, cite, entries[0].when)])
    return max(met, key=lambda c: bool(c.when))


def circumstance_missing(row: Violation, cite: Cite, when: frozenset[str]) -> Breach:
    """The breach that names the circumstance a consequence of the row still lacks."""
    names = [CIRCUMSTANCES[flag] for flag in sorted(when)]
    en, zh = " or ".join(n.en for n in names), "或者".join(n.zh for n in names)
    rule = "two-step" if when & ORDER_FLAGS else f"{min(when)}-missing"
    message = Text(
        f"{row.code}: {cite.article} requires a circumstance that is not stated: {en}",
        f"{row.code}：{cite.article} 以“{zh}”为前提，未见认定",
    )
    return Breach(rule, cite.article, message)


def _unmet_needs(row: Violation, cite: Cite, known: Facts) -> list[Breach]:
    missing = [circumstance_missing(row, cite, frozenset({need})) for need in sorted(row.needs - known.flags)]
    if row.party and known.party_kind not in (row.party, "unknown"):
        en = f"{row.code} ({cite.article}) is for a sole trader, the party is of kind {known.party_kind}"
        zh = f"{row.code}（{cite.article}）仅适用于个体工商户"
        missing.append(Breach("party-kind", cite.article, Text(en, zh)))
    return missing


def _no_fine(row: Violation, cite: Cite) -> Breach:
    others = [c.article for c in row.cites if any(x.kind == "fine" for x in row.under(c))]
    hint, hint_zh = (f"; cite {' or '.join(others)}", f"；应引用 {'、'.join(others)}") if others else ("", "")
    message = Text(
        f"{row.code}: {cite.article} sets no fine{hint}", f"{row.code}：{cite.article} 未规定罚款{hint_zh}"
    )
    return Breach("no-fine-in-row", cite.article, message)


def _span(entry: Consequence, known: Facts, article: str) -> tuple[Decimal, Decimal]:
    """Lowest and highest fine, rounded inwards to the cent."""
    base = _base(entry.basis or "fixed", known, article)
    high = (entry.max or Decimal(0)) * base
    caps = [cap for cap in (entry.cap, _trader_cap(entry, known)) if cap is not None]
    high = min([high, *caps]).quantize(CENT, ROUND_FLOOR)
    low = (entry.min * base).quantize(CENT, ROUND_CEILING)
    return min(low, high), high


def _trader_cap(entry: Consequence, known: Facts) -> Decimal | None:
    return entry.sole_trader_max if known.party_kind == "sole_trader" else None


def _base(basis: str, known: Facts, article: str) -> Decimal:
    """What the figures of the entry are multiplied with; Refused when it is not known or nothing."""
    if basis == "fixed":
        return Decimal(1)
    if basis == "per_unit":
        base, what = (
            None if known.units is None else Decimal(known.units),
            Text("number of instruments", "计量器具台件数"),
        )
    elif basis.endswith("gains"):
        base, what = known.gains, Text("illegal gains", "违法所得")
    else:
        base, what = known.goods_value, Text("value of the goods", "货值金额")
    if base is None or base <= 0:
        message = Text(
            f"{article} counts the fine from the {what.en}, which is not established",
            f"{article} 以{what.zh}计算罚款，{what.zh}未查明或者为零",
        )
        raise Refused([Breach("amount-unknown", article, message)])
    return base

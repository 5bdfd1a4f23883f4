"""One sentence that says why a fine band is what it is, for the officer and for the party.

It only words what `bands` has computed.
"""

from decimal import Decimal

from enforcement.law.acts import Cite, Consequence
from enforcement.law.facts import CIRCUMSTANCES, NO_GAINS, Facts, cny
from enforcement.values import Text

_BASES = {
    "fixed": Text("", ""),
    "per_unit": Text("{n} instrument(s) × {a}–{b} CNY each", "{n}台件×每台件{a}至{b}元"),
    "percent_of_gains": Text("{a}–{b} of illegal gains {g} CNY", "违法所得{g}元的{a}至{b}"),
    "percent_of_value": Text("{a}–{b} of goods value {v} CNY", "货值{v}元的{a}至{b}"),
    "multiple_of_gains": Text("{a}–{b} × illegal gains {g} CNY", "违法所得{g}元的{a}至{b}倍"),
    "multiple_of_goods_value": Text("{a}–{b} × goods value {v} CNY", "货值{v}元的{a}至{b}倍"),
}


def explain(entry: Consequence, cite: Cite, known: Facts, low: Decimal, high: Decimal) -> Text:
    """Why the band is what it is, in one sentence."""
    figures = {
        "a": _figure(entry, entry.min),
        "b": _figure(entry, entry.max or Decimal(0)),
        "n": known.units,
        "g": cny(known.gains or Decimal(0)),
        "v": cny(known.goods_value or Decimal(0)),
    }
    how = _BASES[entry.basis or "fixed"]
    en = [
        f"{cite.article}: fine of {cny(low)}–{cny(high)} CNY, {'mandatory' if entry.mandatory else 'may be imposed'}"
    ]
    zh = [f"{cite.article}：{'处' if entry.mandatory else '可并处'}{cny(low)}至{cny(high)}元罚款"]
    en += [part for part in (how.en.format(**figures),) if part]
    zh += [part for part in (how.zh.format(**figures),) if part]
    for text in _remarks(entry, cite, known):
        en.append(text.en)
        zh.append(text.zh)
    return Text("; ".join(en), "；".join(zh))


def _figure(entry: Consequence, value: Decimal) -> str:
    if (entry.basis or "").startswith("percent"):
        return f"{value * 100:.0f} %"
    return f"{value:,f}"


def _remarks(entry: Consequence, cite: Cite, known: Facts) -> list[Text]:
    found = [CIRCUMSTANCES[flag] for flag in sorted(entry.when & (known.flags | {NO_GAINS}))]
    if cite.band_of:
        found.append(Text(f"the figure is that of {cite.band_of}", f"数额依{cite.band_of}"))
    if entry.cap is not None:
        found.append(Text(f"at most {cny(entry.cap)} CNY", f"最高不超过{cny(entry.cap)}元"))
    if entry.sole_trader_max is not None and known.party_kind == "sole_trader":
        found.append(Text("sole trader", "个体工商户"))
    if not cite.print_article:
        found.append(
            Text("article number unverified: check before printing", "条文序号未核实，打印前须人工核对")
        )
    return found

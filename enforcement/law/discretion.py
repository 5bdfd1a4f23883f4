"""Discretion 裁量: which part of the fine band belongs to which rung, and whether a stated rung fits.

The national ladder has five rungs (不予 · 减轻 · 从轻 · 一般 · 从重), that of Zhejiang four; the national one decides,
the other is shown. This module never chooses a rung: people do, and give reasons, which the review demands.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from enforcement.errors import Breach
from enforcement.law.bands import Band
from enforcement.law.dated import coded_on, row_on, rows_on
from enforcement.law.facts import CENT, cny
from enforcement.law.grounds import lighter_required
from enforcement.law.norms import text_of
from enforcement.law.tables import load
from enforcement.values import Text

NONE, REDUCED, LIGHTER, ORDINARY, HEAVIER = "none", "reduced", "lighter", "ordinary", "heavier"
RUNGS = (NONE, REDUCED, LIGHTER, ORDINARY, HEAVIER)


@dataclass(frozen=True)
class Ladder:
    """The rungs 裁量阶次 of a jurisdiction, from the mildest up."""

    jurisdiction: str
    rungs: tuple[str, ...]
    article: str
    status: str


@dataclass(frozen=True)
class Span:
    """The part of a band that belongs to a rung: CNY, both ends included."""

    rung: str
    min: Decimal
    max: Decimal

    def __contains__(self, amount: Decimal) -> bool:
        return self.min <= amount <= self.max


def ladder(on: date, jurisdiction: str = "national") -> Ladder:
    """The ladder of a jurisdiction on a day; NotFound before the opinion of 2022-10-08."""
    row = row_on("discretion", "ladders", on, jurisdiction)
    return Ladder(row["jurisdiction"], tuple(row["rungs"]), row["article"], row["status"])


def rung_name(rung: str) -> Text:
    """The rung as people call it: 从轻, 从重 …; KeyError on an unknown rung."""
    return _names()[rung]


def span(band: Band, rung: str) -> Span | None:
    """The amounts a rung allows in a band; None where it allows no fine (`none`, or `reduced` without a minimum).

    Lighter = the lowest 30 % of the range, heavier = the highest 30 %, ordinary = between; an amount exactly on
    the edge fits both sides. Reduced = below the minimum. The 30 % are unconfirmed.
    """
    if rung == NONE:
        return None
    if rung == REDUCED:
        return Span(rung, CENT, band.min - CENT) if band.min > CENT else None
    lighter_to, heavier_from = _edges(band)
    ends = {
        LIGHTER: (band.min, lighter_to),
        ORDINARY: (lighter_to, heavier_from),
        HEAVIER: (heavier_from, band.max),
    }
    low, high = ends[rung]
    return Span(rung, max(low, CENT) if rung == LIGHTER else low, max(high, low))


def spans(band: Band) -> tuple[Span, ...]:
    """Every rung that allows a fine in this band, with its amounts."""
    return tuple(found for rung in RUNGS if (found := span(band, rung)) is not None)


def rung_of(band: Band, fine: Decimal) -> str | None:
    """The mildest rung an amount fits; None above the band; `none` for a fine of 0."""
    if fine <= 0:
        return NONE
    return next((found.rung for found in spans(band) if fine in found), None)


def explain(band: Band, fine: Decimal) -> Text:
    """Where an amount lies in its band, for the file: rung, share of the range, article."""
    rung = rung_of(band, fine)
    if rung is None:
        en, zh = f"{cny(fine)} CNY lies above the band", f"{cny(fine)}元高于法定幅度"
    else:
        found, name = span(band, rung), rung_name(rung)
        limits = f"{cny(found.min)}–{cny(found.max)}" if found else "0"
        en = f"{cny(fine)} CNY is on the rung {name.en} ({limits} CNY)"
        zh = f"{cny(fine)}元属于{name.zh}（{limits}元）"
    return Text(f"{en}; {band.explanation.en}", f"{zh}；{band.explanation.zh}")


def check_discretion(
    band: Band,
    fine: Decimal | None,
    rung: str | None,
    reasons: str | None,
    on: date,
    *,
    grounds: Collection[str] = (),
    jurisdiction: str = "national",
) -> list[Breach]:
    """What is wrong with the discretion of a proposal; a review must return a file with any hard breach.

    `fine` in CNY, None = no fine; `grounds` = codes of `grounds.toml` that were found. Before the opinion of
    2022-10-08 there is no ladder to judge by: nothing is found.
    """
    if not rows_on("discretion", "ladders", on):
        return []
    breaches = []
    if not rung or not (reasons or "").strip():
        breaches.append(_unexplained(on))
    if rung and rung not in ladder(on, jurisdiction).rungs:
        breaches.append(_unknown_rung(rung, jurisdiction, on))
    elif rung:
        breaches += _misfit(band, fine, rung)
        breaches += _grounds_breached(rung, grounds, on)
    return breaches


def _edges(band: Band) -> tuple[Decimal, Decimal]:
    shares = load("discretion")["shares"][0]
    width = band.max - band.min
    lighter_to = (band.min + width * Decimal(shares["lighter"])).quantize(CENT, ROUND_FLOOR)
    heavier_from = (band.max - width * Decimal(shares["heavier"])).quantize(CENT, ROUND_CEILING)
    return lighter_to, heavier_from


def _names() -> dict[str, Text]:
    return {row["code"]: text_of(row["name"]) for row in load("discretion")["rungs"]}


def _unexplained(on: date) -> Breach:
    message = Text(
        "the rung of discretion and the reasons for it must be stated; a review returns the file without them",
        "应当载明裁量阶次及理由；未说明裁量理由的，审核机构应当退回",
    )
    return Breach(
        "discretion-unexplained", row_on("discretion", "shares", on)["unexplained_article"], message
    )


def _unknown_rung(rung: str, jurisdiction: str, on: date) -> Breach:
    found = ladder(on, jurisdiction)
    names = [rung_name(code) for code in found.rungs]
    message = Text(
        f"{rung!r} is no rung of the {jurisdiction} ladder: {', '.join(name.en for name in names)}",
        f"裁量阶次应为：{'、'.join(name.zh for name in names)}",
    )
    return Breach("rung-unknown", found.article, message)


def _misfit(band: Band, fine: Decimal | None, rung: str) -> list[Breach]:
    """The stated rung against the amount. Without a fine any rung but `none` is judged by its reasons alone."""
    found = span(band, rung)
    if fine is None or (found is not None and fine in found):
        return []
    name = rung_name(rung)
    if found is None:
        en, zh = f"the rung {name.en} allows no fine here", f"{name.zh}在此幅度内不得处以罚款"
    else:
        en = f"{cny(fine)} CNY is not on the rung {name.en}: {cny(found.min)}–{cny(found.max)} CNY"
        zh = f"{cny(fine)}元不在{name.zh}的{cny(found.min)}至{cny(found.max)}元之内"
    article = load("discretion")["shares"][0]["article"]
    return [
        Breach(
            "rung-does-not-fit",
            article,
            Text(f"{en} ({band.explanation.en})", f"{zh}（{band.explanation.zh}）"),
        )
    ]


def _grounds_breached(rung: str, grounds: Collection[str], on: date) -> list[Breach]:
    must = sorted(code for code in grounds if lighter_required(code, on))
    if must and rung in (ORDINARY, HEAVIER):
        row = coded_on("grounds", "grounds", must[0], on)
        message = Text(
            f"{', '.join(must)}: the penalty must be lighter or reduced, the proposal says {rung_name(rung).en}",
            f"{'、'.join(must)}：应当从轻或者减轻，建议为{rung_name(rung).zh}",
        )
        return [Breach("lighter-required", row["article"], message)]
    if rung == REDUCED and not must:
        message = Text(
            "a reduced penalty needs one of the grounds of APL 30 or 32",
            "减轻处罚应当具有行政处罚法第30条或者第32条规定的情形",
        )
        return [Breach("reduced-without-ground", "APL 30, 32", message)]
    return []

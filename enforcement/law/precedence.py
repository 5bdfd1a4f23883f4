"""Which norm goes first when several punish the same act 法律适用. It is never simply the stricter one.

The order follows from the norms themselves, which yield to others (浙 40; 定包 10, 15). Where a local regulation
meets a departmental rule, rank does not decide alone: the legal unit has to say so in a note. Norms that all apply to
one act give one fine, the higher (APL 29).
"""

from collections.abc import Sequence
from typing import NamedTuple

from enforcement.law.acts import Cite
from enforcement.law.bands import Band
from enforcement.law.facts import cny
from enforcement.values import Text

_SUPERIOR = frozenset({"law", "administrative_regulation"})


class Precedence(NamedTuple):
    """`first` applies before `rest`; `legal_note` = the legal unit must confirm it in writing."""

    first: tuple[Cite, ...]
    rest: tuple[Cite, ...]
    legal_note: bool
    explanation: Text


def precedence(cites: Sequence[Cite]) -> Precedence:
    """The order among the penalty articles of one act: law and administrative regulation, then local, then rule.

    ValueError without any article.
    """
    if not cites:
        raise ValueError("no article to choose from")
    ranks = {cite.norm.rank for cite in cites}
    if ranks & _SUPERIOR:
        why = Text(
            "a law or administrative regulation that punishes the act goes first (浙 40; 定包 15)",
            "法律、行政法规对同一行为有处罚规定的，优先适用（浙40；定包15）",
        )
        return _split(cites, _SUPERIOR, False, why)
    if "local_regulation" in ranks:
        return _split(cites, {"local_regulation"}, "departmental_rule" in ranks, _local(ranks))
    only = Text("only departmental rules punish the act", "仅有部门规章规定处罚")
    return _split(cites, {"departmental_rule"}, False, only)


def higher_fine_once(bands: Sequence[Band]) -> Band:
    """APL 29: of norms that all apply to one act, the band with the highest fine, once. ValueError on none."""
    chosen = max(bands, key=lambda band: (band.max, band.min))
    if len(bands) == 1:
        return chosen
    others = ", ".join(f"{b.article} {cny(b.max)}" for b in bands if b is not chosen)
    others_zh = "、".join(f"{b.article} {cny(b.max)}元" for b in bands if b is not chosen)
    explanation = Text(
        f"{chosen.explanation.en}; the highest of the fines that apply, imposed once (APL 29); not added: {others}",
        f"{chosen.explanation.zh}；同一行为按罚款数额高的规定处罚一次（行政处罚法29），不并加：{others_zh}",
    )
    return Band(**{**chosen.__dict__, "explanation": explanation})


def _local(ranks: set[str]) -> Text:
    if "departmental_rule" not in ranks:
        return Text("only the local regulation punishes the act", "仅有地方性法规规定处罚")
    return Text(
        "the local regulation before the departmental rule; rank alone does not decide: legal-review note needed",
        "地方性法规先于部门规章；位阶不能单独决定，须附法制审核意见",
    )


def _split(cites: Sequence[Cite], ranks: frozenset[str] | set[str], note: bool, why: Text) -> Precedence:
    first = tuple(c for c in cites if c.norm.rank in ranks)
    return Precedence(first, tuple(c for c in cites if c not in first), note, why)

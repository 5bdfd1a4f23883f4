"""What 企业公示信息抽查办法 asks of a year's plan: enough enterprises by chance, one draw from the whole directory.

It speaks of checks of published information alone (SC 2): items that are none keep to the ratio of their list and to
nothing here. A plan names shares, not enterprises, so it is refused only where no reading of it reaches the least
share, and only to those whom SC 4 names; everything else is a finding for who draws up the plan. Pure.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from enforcement.errors import Breach
from enforcement.law.dated import Row, coded_on
from enforcement.values import Text, region_covers

Facts = Mapping[str, Any]
Items = Callable[[str], Facts | None]
"""What the list says of an item; None where it does not stand on it."""


class Draw(NamedTuple):
    """A batch that checks published information."""

    batch: str
    share: Fraction | None
    """Of its objects; None where only a number is planned."""
    whole: bool
    """From the whole directory of the plan's division: not directed, no part of the division left out."""
    start: str


def findings(plan: Facts, items: Items) -> Iterator[Breach]:
    """What a plan does not meet; nothing for a plan without such batches. Hard ones refuse its publication."""
    draws = [draw for batch in plan["batches"].values() for draw in _draw(batch, plan["region"], items)]
    if draws:
        yield from _share(plan, draws)
        yield from _yearly(plan, draws)


def _draw(batch: Facts, region: str, items: Items) -> Iterator[Draw]:
    known = [item for code in batch["items"] if (item := items(code)) and item.get("public_information")]
    if not known:
        return
    only_number = batch.get("number") is not None and batch.get("ratio") is None
    share = None if only_number else max(Fraction(batch.get("ratio") or item["ratio"]) for item in known)
    whole = not batch["directed"] and any(region_covers(code, region) for code in batch["regions"])
    yield Draw(batch["batch"], share, whole, batch["start"])


def _share(plan: Facts, draws: list[Draw]) -> Iterator[Breach]:
    """SC 4. A directed batch, or one of a part of the division, is a share of fewer: it counts as at most as much."""
    rule = _rule("PLAN_SHARE", plan)
    least = Fraction(rule["least"])
    certain = sum((draw.share or Fraction(0) for draw in draws if draw.whole), Fraction(0))
    if certain >= least:
        return
    short = all(draw.share is not None for draw in draws) and sum(d.share or 0 for d in draws) < least
    named = plan["region"][2:] == "0000"
    said = Text(
        f"draws of published information from the whole directory make {certain} of the enterprises; a national or "
        f"provincial draw takes {least} or more" + ("" if short else ", which cannot be seen from this plan"),
        f"公示信息不定向抽查合计为 {certain}；国家或者省级抽查比例不少于 {least}"
        + ("" if short else "，本计划不足以判明"),
    )
    yield Breach(rule["rule"], rule["article"], said, hard=short and named)


def _yearly(plan: Facts, draws: list[Draw]) -> Iterator[Breach]:
    """SC 5, 7: once a year, after the annual reports; which day that is was not read, so it only tells."""
    rule = _rule("PLAN_YEARLY_DRAW", plan)
    whole = [draw for draw in draws if draw.whole]
    if len(whole) != rule["times"]:
        said = Text(
            f"{len(whole)} draws of published information from the whole directory; there is {rule['times']} a year",
            f"公示信息不定向抽查 {len(whole)} 次；每年应为 {rule['times']} 次",
        )
        yield Breach(rule["rule"], rule["article"], said, hard=False)
    after = f"{plan['year']}-{rule['reports_until']}"
    for draw in whole:
        if draw.start <= after:
            said = Text(
                f"batch {draw.batch} begins on {draw.start}; annual reports come in until {after} "
                f"({rule['reports_until_status']})",
                f"批次 {draw.batch} 于 {draw.start} 开始；年度报告报送至 {after}（{rule['reports_until_status']}）",
            )
            yield Breach(rule["rule"], rule["article"], said, hard=False)


def _rule(name: str, plan: Facts) -> Row:
    return coded_on("checks", "plan_rule", name, date(plan["year"], 1, 1), key="rule")

"""Remedies 救济 against a decision: reconsideration 行政复议 and suit 行政诉讼, which way is open and how long.

The 15 days of 计量法 31 apply only where the decision cites an article of 计量法 itself as its penalty basis and says
so; otherwise six months. Dates are reckoned elsewhere (deadline rules); here stand path and period.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from enforcement.law.dated import Row, coded_on
from enforcement.law.norms import short_of, text_of
from enforcement.values import Text

EITHER, RECON_FIRST = "either", "recon_first"
_METROLOGY_LAW = frozenset({"法", "计量法", "中华人民共和国计量法"})


@dataclass(frozen=True)
class Period:
    """A length: `number` of `unit` (`cd` calendar days, `months`)."""

    number: int
    unit: str
    article: str


@dataclass(frozen=True)
class Remedy:
    """The way, and the periods for reconsideration and suit; for `recon_first` the suit follows its decision."""

    path: str
    reconsideration: Period
    sue: Period
    article: str
    explanation: Text


def remedy(
    on: date,
    *,
    summary: bool = False,
    failure_to_act: bool = False,
    cited: Collection[str] = (),
    told_15_days: bool = False,
) -> Remedy:
    """The remedy against a decision made on `on`.

    `summary` = decided by the summary procedure; `failure_to_act` = a claim that the bureau did not act on a report or
    complaint; `cited` = the penalty articles of the decision; `told_15_days` = it tells the 15 days of 计量法 31.
    """
    first = summary or failure_to_act
    path = coded_on("remedies", "paths", RECON_FIRST if first else EITHER, on)
    special = not first and told_15_days and cites_metrology_law(cited)
    sue = _period("sue_after_reconsideration" if first else "sue_metrology" if special else "sue", on)
    reconsideration = _period("reconsideration", on)
    return Remedy(path["code"], reconsideration, sue, path["article"], _explain(path, reconsideration, sue))


def cites_metrology_law(cited: Collection[str]) -> bool:
    """Whether an article of 计量法 itself is among the penalty articles (`法 25`, `计量法 25`)."""
    return any(short_of(article) in _METROLOGY_LAW for article in cited)


def _period(code: str, on: date) -> Period:
    row = coded_on("remedies", "periods", code, on)
    return Period(row["number"], row["unit"], row["article"])


def _explain(path: Row, reconsideration: Period, sue: Period) -> Text:
    name = text_of(path["name"])
    units = {"cd": Text("days", "日"), "months": Text("months", "个月")}
    en = [f"{p.number} {units[p.unit].en} ({p.article})" for p in (reconsideration, sue)]
    zh = [f"{p.number}{units[p.unit].zh}（{p.article}）" for p in (reconsideration, sue)]
    return Text(f"{name.en}: {en[0]}, suit {en[1]}", f"{name.zh}：复议{zh[0]}，诉讼{zh[1]}")

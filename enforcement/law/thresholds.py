"""Money limits that choose the procedure: hearing 听证 (H 5), summary procedure 简易程序 (P 66), cash 当场收缴.

The figures are parameters per jurisdiction. A sole trader is counted as a natural person, which gives the right to
a hearing earlier and the short way later; no text that was read settles it, so it is marked and can be changed.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from enforcement.errors import Breach
from enforcement.law.dated import Row, coded_on, row_on, rows_on
from enforcement.law.facts import cny
from enforcement.law.norms import kinds as kinds_table
from enforcement.law.norms import penalties_among, text_of
from enforcement.values import Text


@dataclass(frozen=True)
class Hearing:
    """Whether the party has the right to a hearing, by which grounds of H 5, and where the limit lies (CNY)."""

    right: bool
    grounds: tuple[str, ...]
    limit: Decimal
    article: str
    status: str
    explanation: Text


def counted_as(party_kind: str, rule: Row) -> str:
    """`natural_person` or `organisation`; an unknown party counts as a natural person, the safe side."""
    if party_kind == "sole_trader":
        return str(rule["sole_trader_as"])
    return "organisation" if party_kind in ("organisation", "institution") else "natural_person"


def hearing(
    party_kind: str,
    on: date,
    *,
    fine: Decimal | None = None,
    gains: Decimal | None = None,
    goods_value: Decimal | None = None,
    kinds: Collection[str] = (),
    other_ground: str | None = None,
    jurisdiction: str = "national",
) -> Hearing:
    """The right to a hearing against a proposed penalty. Amounts in CNY: `gains` and `goods_value` as confiscated.

    Fines count for themselves; confiscated gains and the value of the goods are added together (H 5(4)).
    `other_ground` = H5_5 or H5_6 where the bureau finds one. NotFound before 2021-07-15.
    """
    rule = row_on("thresholds", "hearing", on, jurisdiction)
    limit = Decimal(rule[counted_as(party_kind, rule)])
    taken = (gains or Decimal(0)) + (goods_value or Decimal(0))
    found = [
        row["code"] for row in rows_on("thresholds", "hearing_grounds", on) if set(row["kinds"]) & set(kinds)
    ]
    found += ["H5_3"] if fine is not None and fine >= limit else []
    found += ["H5_4"] if taken >= limit else []
    found += [coded_on("thresholds", "hearing_grounds", other_ground, on)["code"]] if other_ground else []
    return Hearing(
        right=bool(found),
        grounds=tuple(sorted(found)),
        limit=limit,
        article=rule["article"],
        status=rule["sole_trader_status"] if party_kind == "sole_trader" else rule["status"],
        explanation=_explain(found, limit, fine, taken, on),
    )


def check_summary(party_kind: str, kinds: Collection[str], fine: Decimal | None, on: date) -> list[Breach]:
    """Why the summary procedure is closed: fine above 200 CNY (natural person), 3,000 (organisation), other penalties.

    Orders to correct, to stop and to compensate may stand beside it; they are no penalties (reading).
    """
    rule = row_on("thresholds", "summary", on)
    limit = Decimal(rule[counted_as(party_kind, rule)])
    breaches = []
    if fine is not None and fine > limit:
        message = Text(
            f"a fine of {cny(fine)} CNY is above the {cny(limit)} CNY of the summary procedure",
            f"罚款{cny(fine)}元超过简易程序{cny(limit)}元的限额",
        )
        breaches.append(Breach("summary-limit", rule["article"], message))
    others = penalties_among(frozenset(kinds)) - set(rule["kinds"])
    if others:
        names = [kinds_table()[code].name for code in sorted(others)]
        message = Text(
            f"the summary procedure knows only fine and warning, not: {', '.join(n.en for n in names)}",
            f"简易程序仅适用于罚款和警告，不适用于{'、'.join(n.zh for n in names)}",
        )
        breaches.append(Breach("summary-kind", rule["article"], message))
    return breaches


def check_cash(party_kind: str, fine: Decimal, reason: str, on: date) -> list[Breach]:
    """Whether cash may be taken on the spot 当场收缴, by the reason given; NotFound on an unknown one.

    `small` = up to 100 CNY; `hard_to_collect` = hard to collect later, inside the summary limits; `remote_request` =
    remote place, at the party's request; `none` = no cash taken.
    """
    rule = row_on("thresholds", "summary", on)
    if reason == "none" or fine <= Decimal(rule["cash_without_reason"]):
        return []
    article, limit = rule["cash_article"], Decimal(rule[counted_as(party_kind, rule)])
    if reason != "small":
        row = coded_on("thresholds", "cash_reasons", reason, on)
        if not row["inside_summary_limits"] or fine <= limit:
            return []
        article = row["article"]
    message = Text(
        f"{cny(fine)} CNY may not be taken in cash on the spot for the reason {reason!r}",
        f"罚款{cny(fine)}元不符合当场收缴条件",
    )
    return [Breach("cash-not-allowed", article, message)]


def _explain(found: Collection[str], limit: Decimal, fine: Decimal | None, taken: Decimal, on: date) -> Text:
    rows = [coded_on("thresholds", "hearing_grounds", code, on) for code in sorted(found)]
    names = [text_of(row["name"]) for row in rows]
    sums = f"{cny(fine or Decimal(0))} / {cny(taken)} / {cny(limit)}"
    if not names:
        return Text(
            f"no ground of H 5 (fine / gains and goods / limit: {sums} CNY)",
            f"不属于听证范围（罚款/没收合计/标准：{sums}元）",
        )
    en, zh = "; ".join(name.en for name in names), "；".join(name.zh for name in names)
    return Text(
        f"hearing: {en} (fine / gains and goods / limit: {sums} CNY)",
        f"可以听证：{zh}（罚款/没收合计/标准：{sums}元）",
    )

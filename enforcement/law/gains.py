"""Illegal gains 违法所得 (Order 118, from 2026-03-20): receipts from the act less lawful, necessary, documented costs.

Aiding another's violation: all income. Money refunded is gains too, but is not confiscated. What cannot be found
out is not computed, which the principal head approves; it then weighs in the fine. Before 2026-03-20 this rule does
not exist, and the older one is not loaded.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from enforcement.errors import Breach
from enforcement.law.acts import Violation
from enforcement.law.dated import coded_on, row_on
from enforcement.law.facts import CENT, cny
from enforcement.values import Text


class Cost(NamedTuple):
    """A direct cost of the act (CNY). `kind`: material, purchase, tax, other; `mixed` = with lawful business."""

    kind: str
    amount: Decimal
    documented: bool = True
    lawful: bool = True
    applied_for: bool = False
    mixed: bool = False


@dataclass(frozen=True)
class Gains:
    """`gains` count for multiples and thresholds; `confiscable` is what may be confiscated."""

    gains: Decimal
    deducted: Decimal
    confiscable: Decimal
    refunded: Decimal
    article: str
    explanation: Text


def illegal_gains(
    receipts: Decimal,
    on: date,
    *,
    costs: Sequence[Cost] = (),
    refunded: Decimal = Decimal(0),
    aiding: bool = False,
    not_punished: bool = False,
) -> Gains:
    """The gains (CNY) of an act, reckoned on `on`; of a partly known case only the known part goes in (art 14(2)).

    `receipts` = gross income directly from the act; `refunded` = paid back to buyers; `aiding` = only helped another;
    `not_punished` = no penalty under APL 33(1): nothing is confiscated, the duty to refund stays (art 15).
    NotFound on a day before 2026-03-20, or on an unknown kind of cost.
    """
    rule = row_on("money", "gains", on)
    deducted = Decimal(0) if aiding else sum((c.amount for c in costs if _deductible(c, on)), Decimal(0))
    gains = max(receipts - deducted, Decimal(0)).quantize(CENT)
    confiscable = Decimal(0) if not_punished else max(gains - refunded, Decimal(0))
    article = rule["no_penalty_article"] if not_punished else rule["article"]
    return Gains(
        gains=gains,
        deducted=min(deducted, receipts).quantize(CENT),
        confiscable=confiscable.quantize(CENT),
        refunded=refunded.quantize(CENT),
        article=article,
        explanation=_explain(receipts, deducted, gains, confiscable, aiding),
    )


def check_not_computed(approved_by_principal: bool, on: date) -> list[Breach]:
    """Gains that stay unknown after full inquiry: not computed only with the principal head's approval."""
    if approved_by_principal:
        return []
    message = Text(
        "gains left uncomputed need the approval of the principal head",
        "违法所得无法查清不予计算的，应当经主要负责人批准",
    )
    return [Breach("gains-approval", row_on("money", "gains", on)["unknown_article"], message)]


def gains_matter(row: Violation, cite: str | None = None) -> bool:
    """Whether gains are computed at all: the cited article confiscates them, or counts its fine from them (art 13)."""
    entries = row.under(row.cite(cite))
    return any(c.kind == "confiscate_gains" or (c.basis or "").endswith("_gains") for c in entries)


def _deductible(cost: Cost, on: date) -> bool:
    kind = coded_on("money", "gains_costs", cost.kind, on, "kind")
    asked = cost.applied_for or not kind["on_application"]
    return cost.documented and cost.lawful and asked and not cost.mixed


def _explain(
    receipts: Decimal, deducted: Decimal, gains: Decimal, confiscable: Decimal, aiding: bool
) -> Text:
    en = f"receipts {cny(receipts)} − costs {cny(deducted)} = gains {cny(gains)} CNY; to confiscate {cny(confiscable)}"
    zh = f"收入{cny(receipts)}元扣除成本{cny(deducted)}元，违法所得{cny(gains)}元，可没收{cny(confiscable)}元"
    if aiding:
        en, zh = f"{en} (aiding: all income counts)", f"{zh}（提供帮助的，全部收入为违法所得）"
    return Text(en, zh)

"""Surcharge 加处罚款 on a fine that is paid late: 3 % of the fine a day, never more than the fine, never on gains.

It runs from the day after the last day to pay and stands still during reconsideration and litigation. The bureau may
impose it, only if the decision told the rate, and may waive it by agreement (AEL 42). Whether a part payment lowers the
base is not settled: the whole fine is the default, the reckoning on the unpaid part is shown beside it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from enforcement.law.dated import Row, row_on
from enforcement.law.facts import CENT, cny
from enforcement.values import Text

Interval = tuple[date, date | None]
Payment = tuple[date, Decimal]


@dataclass(frozen=True)
class Surcharge:
    """What is owed beside the fine on a day (CNY): `amount` after the waiver; `shown` = the same on the unpaid part.

    `days` are the counted calendar days; `capped_on` is the day on which the surcharge reached the fine.
    """

    amount: Decimal
    days: int
    capped_on: date | None
    shown: Decimal
    waived: Decimal
    article: str
    explanation: Text


def surcharge(
    fine: Decimal,
    due: date,
    on: date,
    *,
    paused: Sequence[Interval] = (),
    paid: Sequence[Payment] = (),
    waived: Decimal = Decimal(0),
    rate_told: bool = True,
) -> Surcharge:
    """The surcharge at the end of the day `on`, for a fine whose last day to pay was `due` (after deferral: that day).

    `paused` = remedy intervals, both days not counted, None = still open; `paid` = payments on the fine itself: a
    payment counts for the days after it, and with the fine paid in full the count ends with the day of payment.
    NotFound when no rate is in force on `on`.
    """
    rule = row_on("money", "surcharge", on)
    days = _counted(due, _last_day(fine, paid, on), paused) if rate_told else []
    rate, cap = Decimal(rule["daily_rate"]), (fine * Decimal(rule["cap_of_fine"])).quantize(CENT)
    gross = _cents(min(fine * rate * len(days), cap))
    on_unpaid = _cents(min(sum((rate * _unpaid(fine, paid, day) for day in days), Decimal(0)), cap))
    return Surcharge(
        amount=max(gross - waived, Decimal(0)).quantize(CENT),
        days=len(days),
        capped_on=_capped_on(days, fine * rate, cap),
        shown=max(on_unpaid - waived, Decimal(0)).quantize(CENT),
        waived=waived,
        article=rule["article"],
        explanation=_explain(fine, due, days, gross, waived, rule, rate_told),
    )


def _counted(due: date, last: date, paused: Sequence[Interval]) -> list[date]:
    return [day for day in _days(due + timedelta(days=1), last) if not _stands_still(day, paused)]


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def _stands_still(day: date, paused: Iterable[Interval]) -> bool:
    return any(begins <= day and (ends is None or day <= ends) for begins, ends in paused)


def _last_day(fine: Decimal, paid: Sequence[Payment], on: date) -> date:
    """The day on which the fine was paid in full, or the day asked for."""
    total = Decimal(0)
    for day, amount in sorted(paid):
        total += amount
        if total >= fine:
            return min(day, on)
    return on


def _unpaid(fine: Decimal, paid: Sequence[Payment], day: date) -> Decimal:
    return max(fine - sum((amount for at, amount in paid if at < day), Decimal(0)), Decimal(0))


def _capped_on(days: Sequence[date], daily: Decimal, cap: Decimal) -> date | None:
    """The first counted day on which the days reached so far cost the whole cap."""
    if daily <= 0:
        return None
    needed = int((cap / daily).to_integral_value(ROUND_CEILING))
    return days[needed - 1] if 0 < needed <= len(days) else None


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


def _explain(
    fine: Decimal,
    due: date,
    days: Sequence[date],
    gross: Decimal,
    waived: Decimal,
    rule: Row,
    rate_told: bool,
) -> Text:
    if not rate_told:
        return Text(
            "the decision did not tell the rate: no surcharge", "处罚决定未告知加处罚款标准，不得加处"
        )
    percent = f"{Decimal(rule['daily_rate']) * 100:.0f} %"
    en = (
        f"{len(days)} day(s) after {due} at {percent} of {cny(fine)} CNY = {cny(gross)} CNY, at most the fine"
    )
    zh = f"自{due}次日起{len(days)}日，每日按{cny(fine)}元的{percent}加处，计{cny(gross)}元，不超过罚款本数"
    if waived:
        en, zh = (
            f"{en}; waived {cny(waived)} CNY ({rule['waiver_article']})",
            f"{zh}；减免{cny(waived)}元（{rule['waiver_article']}）",
        )
    return Text(en, zh)

"""Guards of service, payment, court enforcement and closing (P 72–77; APL 72, 73; AEL 42–54)."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from enforcement.cases.clocks import publishable as case_is_publishable
from enforcement.cases.guards.base import Act, guard
from enforcement.errors import Breach

OVER = {"DECIDED", "JUDGED", "WITHDRAWN"}
WHERE_OUTCOME_ARISES = {
    "EXECUTED": ("SERVED", "PERFORMING", "DEFERRED", "OVERDUE", "URGED", "COURT_APPLIED"),
    "COURT_TERMINATED": ("COURT_TERMINATED",),
    "INVESTIGATION_TERMINATED": ("INV_TERMINATED",),
    "NO_PENALTY": ("DECIDED_NO_PENALTY",),
    "NOT_ESTABLISHED": ("DECIDED_NOT_PROVEN",),
    "TO_OTHER_AGENCY": ("TRANSFERRED_AGENCY",),
    "TO_JUDICIARY": ("TRANSFERRED_POLICE",),
}


@guard
def publicity_told(act: Act) -> Iterator[Breach]:
    """The party is told in writing, at service, that the penalty will be published (公示规定 8)."""
    event = act.event
    if event is not None and event.publicity_told is False and case_is_publishable(act.case):
        yield act.breach(
            "publicity-not-told",
            "the party must be told of the publicity",
            "应书面告知当事人将予公示",
            article="公示规定 8",
        )


@guard
def publishable(act: Act) -> Iterator[Breach]:
    """Ordinary-procedure decisions only, and none that is only a warning (公示规定 2)."""
    if act.history or case_is_publishable(act.case):
        return
    yield act.breach(
        "not-published", "no publishable penalty stands", "没有应予公示的处罚决定", article="公示规定 2"
    )


@guard
def amount_positive(act: Act) -> Iterator[Breach]:
    """A payment is more than nothing."""
    amount = act.event.amount if act.event else None
    if amount is not None and Decimal(amount) <= 0:
        yield act.breach("amount", "a payment is more than 0 CNY", "缴款金额应大于零", article="P 72")


@guard
def instalments_match(act: Act) -> Iterator[Breach]:
    """As many dates as amounts, the dates ascending (P 74)."""
    event = act.event
    if event is None or event.dates is None:
        return
    dates, amounts = event.dates, event.amounts
    if not dates or len(dates) != len(amounts or []) or sorted(set(dates)) != dates:
        yield act.breach(
            "instalments",
            "give one amount for each of ascending dates",
            "分期日期应递增并与金额一一对应",
            article="P 74",
        )


@guard
def past_due(act: Act) -> Iterator[Breach]:
    """Payment is overdue the day after its last day (P 72, 75)."""
    due = act.due("DL-PAY")
    if due and due.at and act.day and act.day <= due.at:
        earliest = date.fromordinal(due.at.toordinal() + 1)
        yield act.breach(
            "not-overdue",
            f"payment is due until {due.at}",
            f"缴款期限至 {due.at}",
            earliest=earliest,
            article="P 72, 75",
        )


@guard
def surcharge_was_told(act: Act) -> Iterator[Breach]:
    """A surcharge can be imposed only where the decision told its rate (AEL 45)."""
    event = act.event
    if event is None or not event.surcharge_imposed or act.history:
        return
    if act.case.flags.get("surcharge_not_told"):
        yield act.breach(
            "surcharge-not-told",
            "the decision did not tell a surcharge",
            "决定书未告知加处罚款标准",
            article="AEL 45",
        )


@guard
def remedy_over(act: Act) -> Iterator[Breach]:
    """Urging comes after the remedies' end (P 76)."""
    end = remedy_end(act)
    if end is not None and act.day is not None and act.day <= end:
        earliest = date.fromordinal(end.toordinal() + 1)
        yield act.breach(
            "remedy-open",
            f"the remedies run until {end}",
            f"救济期限至 {end} 届满",
            earliest=earliest,
            article="P 76; AEL 53",
        )
    yield from no_remedy_pending(act)


@guard
def urged_long_enough(act: Act) -> Iterator[Breach]:
    """Ten working days after the urging letter was received (AEL 54)."""
    due = act.due("DL-URGE")
    if due and due.at and act.day and act.day <= due.at:
        earliest = date.fromordinal(due.at.toordinal() + 1)
        yield act.breach(
            "urging-running",
            f"the urged party has until {due.at}",
            f"催告履行期至 {due.at}",
            earliest=earliest,
            article="AEL 54",
        )


@guard
def no_remedy_pending(act: Act) -> Iterator[Breach]:
    """Not while reconsideration or litigation runs (AEL 53)."""
    if act.history:
        return
    for region in ("reconsideration", "litigation"):
        for id, remedy in act.case.regions.get(region, {}).items():
            if remedy.get("state") not in OVER:
                yield act.breach(
                    "remedy-pending", f"{region} {id} is pending", f"{region} {id} 尚未终结", article="AEL 53"
                )


@guard
def remedy_confirmed(act: Act) -> Iterator[Breach]:
    """The legal unit has confirmed the remedies' end (1.8)."""
    if act.case.remedy_end is None and not act.history:
        yield act.breach(
            "remedy-end-unconfirmed",
            "the legal unit has not confirmed the remedies' end",
            "法制机构尚未确认救济期限届满日",
            article="P 76",
        )


@guard
def closing_ground(act: Act) -> Iterator[Breach]:
    """One of the outcomes of P 77, in the state in which it arises."""
    case = act.case
    outcome = act.event.outcome if act.event else case.outcome
    if act.history:
        return
    if outcome is None:
        yield act.breach(
            "no-closing-ground", "no ground for closing has arisen", "尚无结案情形", article="P 77"
        )
    elif outcome in WHERE_OUTCOME_ARISES and case.state not in WHERE_OUTCOME_ARISES[outcome]:
        yield act.breach(
            "no-closing-ground",
            f"{outcome} does not arise in {case.state}",
            f"{case.state} 状态下不存在 {outcome} 情形",
            article="P 77",
        )
    elif outcome == "EXECUTED" and not case.flags.get("performed") and _owes(act):
        yield act.breach(
            "not-executed", "the penalty is not fully performed", "行政处罚决定尚未执行完毕", article="P 77"
        )
    elif outcome == "OTHER" and case.state in ("FILED", "INVESTIGATING") and not case.decisions:
        yield act.breach(
            "no-closing-ground",
            "an open investigation ends by a decision, not by closing",
            "调查中的案件应以决定终结",
            article="P 77",
        )


@guard
def measures_lifted(act: Act) -> Iterator[Breach]:
    """No measure outlives the case (AEL 28)."""
    if act.history:
        return
    for region in ("measure", "preservation"):
        for id, item in act.case.regions.get(region, {}).items():
            if item.get("state") in ("ACTIVE", "URGENT"):
                yield act.breach(
                    "measure-open",
                    f"{region} {id} is still in force",
                    f"{region} {id} 尚未解除",
                    article="AEL 28; P 40",
                )


@guard
def closing_was_proposed(act: Act) -> Iterator[Breach]:
    """The unit's closing form comes before the head's approval (P 77)."""
    if not act.case.flags.get("closing_proposed") and not act.history:
        yield act.breach(
            "closing-not-proposed", "no closing form was submitted", "尚未提交结案审批表", article="P 77"
        )


def remedy_end(act: Act) -> date | None:
    """The later of the remedies' ends: as confirmed, else as the running clocks say (1.8)."""
    if act.case.remedy_end:
        return date.fromisoformat(act.case.remedy_end)
    dues = [act.due(rule) for rule in ("DL-RECON", "DL-SUE", "DL-SUE-METROLOGY", "DL-SUE-AFTER-RECON")]
    return max((due.at for due in dues if due and due.at), default=None)


def _owes(act: Act) -> bool:
    penalties = act.case.decisions[-1]["penalties"] if act.case.decisions else []
    return any(p.get("fine") or p.get("gains") for p in penalties)

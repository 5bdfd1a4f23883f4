"""Guards of service, payment, court enforcement and closing (P 72–77; APL 72, 73; AEL 42–54)."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from enforcement.cases import owed
from enforcement.cases.guards.base import Act, day_after, guard
from enforcement.cases.wanted import publishable as case_is_publishable
from enforcement.errors import Breach

OVER = {"RETURNED", "DECIDED", "JUDGED"}
TAKEN = {"confiscate_instrument", "confiscate_goods"}
REMEDIES = (
    "DL-RECON",
    "DL-RECON-UNTOLD",
    "DL-SUE",
    "DL-SUE-METROLOGY",
    "DL-SUE-AFTER-RECON",
    "DL-SUIT-APPEAL",
)
OPEN = ("FILED", "INVESTIGATING", "REVIEW_RETURNED")
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
def in_full_adds_up(act: Act) -> Iterator[Breach]:
    """Paid in full is what was imposed: fine, gains, and a surcharge less what was waived (P 72, 75)."""
    event = act.event
    if event is None or not event.in_full or act.history or act.day is None:
        return
    debt = owed.debt(act.case, event.party, act.law, act.day)
    paid = owed.paid(act.case, event.party) + Decimal(event.amount or "0")
    if paid < debt:
        yield act.breach(
            "not-in-full",
            f"{debt} CNY are owed, {paid} are paid with this",
            f"应缴 {debt} 元，连同本次共缴 {paid} 元",
            article="P 72, 75",
        )


@guard
def applied_in_writing(act: Act) -> Iterator[Breach]:
    """The party applied in writing before it was granted (P 74)."""
    event = act.event
    if event is not None and event.applied and act.day and event.applied > act.day.isoformat():
        yield act.breach(
            "not-applied",
            f"the application is dated {event.applied}",
            f"申请日期为 {event.applied}",
            article="P 74",
        )


@guard
def deferral_ahead(act: Act) -> Iterator[Breach]:
    """A deferral, or the last instalment, lies after the day of payment as it stands (P 74)."""
    event, last = act.event, act.last("DL-PAY")
    if event is None or act.history or act.day is None:
        return
    until = getattr(event, "until", None) or max(event.dates or [""])
    if until <= max(act.day, last or act.day).isoformat():
        yield act.breach(
            "defers-nothing",
            f"{until or 'no date'} is not after {max(act.day, last or act.day)}",
            f"所定日期 {until} 未晚于 {max(act.day, last or act.day)}",
            article="P 74",
        )


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
    """Payment is overdue the day after its last day, or after an instalment that was missed (P 72, 74, 75)."""
    dues = [due.at for due in act.dues("DL-PAY") if due.at]
    if act.case.flags.get("performed") and not act.history:
        yield act.breach("performed", "the penalty is performed", "处罚已履行完毕", article="P 72")
    missed = owed.missed_instalment(act.case)
    first = min(filter(None, (*dues, missed)), default=None)
    if first and act.day and act.day <= first:
        yield act.breach(
            "not-overdue",
            f"payment is due until {first}",
            f"缴款期限至 {first}",
            earliest=day_after(first),
            article="P 72, 75",
        )


@guard
def surcharge_was_told(act: Act) -> Iterator[Breach]:
    """A surcharge can be imposed only where the decision told its rate (AEL 45)."""
    event = act.event
    if event is None or not event.surcharge_imposed or act.history:
        return
    if act.case.surcharge.get("told") is False:
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
        yield act.breach(
            "remedy-open",
            f"the remedies run until {end}",
            f"救济期限至 {end} 届满",
            earliest=day_after(end),
            article="P 76; AEL 53",
        )
    yield from no_remedy_pending(act)


@guard
def urged_long_enough(act: Act) -> Iterator[Breach]:
    """Ten working days after the urging letter was received (AEL 54)."""
    last = act.last("DL-URGE")
    if last and act.day and act.day <= last:
        yield act.breach(
            "urging-running",
            f"the urged party has until {last}",
            f"催告履行期至 {last}",
            earliest=day_after(last),
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
def remedy_end_right(act: Act) -> Iterator[Breach]:
    """The end confirmed is not before what the law gives: what was told wrongly shortens nothing (1.8)."""
    given, end = act.event.remedy_end if act.event else None, act.last(*REMEDIES)
    if given and end and given < end.isoformat() and not act.history:
        yield act.breach(
            "remedy-end-early",
            f"the remedies run until {end}, not {given}",
            f"救济期限至 {end} 届满，并非 {given}",
            article="P 76; 复议法 20; 行诉法 46",
        )


@guard
def only_surcharge_waived(act: Act) -> Iterator[Breach]:
    """An agreement waives surcharge, never the fine, and no more than there is (AEL 42)."""
    if act.event is None or act.history or act.day is None:
        return
    there = owed.surcharge_total(act.case, act.law, act.day)
    if Decimal(act.event.waived or "0") > there:
        yield act.breach(
            "waives-too-much",
            f"the surcharge is {there} CNY; more cannot be waived",
            f"加处罚款为 {there} 元，减免不得超过该数额",
            article="AEL 42",
        )


@guard
def goods_confiscated(act: Act) -> Iterator[Breach]:
    """What is disposed of was confiscated by the decision (form 52)."""
    penalties = act.case.decisions[-1]["penalties"] if act.case.decisions else []
    if not any(p.get("goods") or TAKEN & set(p.get("kinds") or ()) for p in penalties) and not act.history:
        yield act.breach("nothing-confiscated", "the decision confiscates no goods", "处罚决定未没收物品")


@guard
def recon_first(act: Act) -> Iterator[Breach]:
    """Where reconsideration comes first, a suit follows its decision (复议法 23); the court decides what it takes."""
    event = act.event
    if event is None or event.step != "filed" or not act.case.decisions:
        return
    decided = any(item.get("result") for item in act.case.regions.get("reconsideration", {}).values())
    if act.case.decisions[-1].get("remedy") == "recon_first" and not decided:
        yield act.breach(
            "recon-first",
            "this decision goes to reconsideration before a suit",
            "本案应先申请行政复议",
            hard=False,
            article="复议法 23",
        )


@guard
def refusal_reasoned(act: Act) -> Iterator[Breach]:
    """Who refuses to hand a case to the police records why (TR 5)."""
    if act.event is not None and act.event.approved is False and not act.event.reason:
        yield act.breach(
            "no-reason", "the refusal needs its reasons", "不批准移送的，应当记录理由", article="TR 5"
        )


@guard
def closing_ground(act: Act) -> Iterator[Breach]:
    """One of the outcomes of P 77, in the state in which it arises."""
    case = act.case
    outcome = act.event.outcome if act.event else case.outcome
    if act.history or (act.event is None and outcome is None and (case.state not in OPEN or case.decisions)):
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
    elif outcome == "OTHER" and case.state in OPEN and not case.decisions:
        yield act.breach(
            "no-closing-ground",
            "an open investigation ends by a decision, not by closing",
            "调查中的案件应以决定终结",
            article="P 77",
        )
    elif outcome == "OTHER" and act.event is not None and not act.event.note:
        yield act.breach(
            "no-closing-ground",
            "another ground is explained in a note",
            "其他结案情形应予说明",
            article="P 77",
        )


@guard
def measures_lifted(act: Act) -> Iterator[Breach]:
    """No measure outlives the case (AEL 28); what lapsed by itself is no longer one (P 35)."""
    if act.history:
        return
    for region in ("measure", "preservation"):
        for id, item in act.case.regions.get(region, {}).items():
            lapsed = region == "preservation" and _over(act, f"DL-PRESERVE:{id}")
            if item.get("state") in ("ACTIVE", "URGENT") and not lapsed:
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
    return act.last(*REMEDIES)


def _over(act: Act, key: str) -> bool:
    due = act.due(key)
    return bool(due and due.passed(act.day)) if act.day else False


def _owes(act: Act) -> bool:
    penalties = act.case.decisions[-1]["penalties"] if act.case.decisions else []
    return any(p.get("fine") or p.get("gains") for p in penalties)

"""Guards of notice and defence (P 56–58, APL 44–47, 62)."""

from collections.abc import Iterator, Sequence
from typing import Any

from enforcement.cases.guards import money
from enforcement.cases.guards.base import Act, guard
from enforcement.errors import Breach


@guard
def as_approved(act: Act) -> Iterator[Breach]:
    """The notice says what the head approved (P 56, 57)."""
    approved = act.case.proposal.get("penalties", [])
    if act.event is None or not approved or act.event.penalties is None:
        return
    if money.weight(act.event.penalties) != money.weight(approved):
        yield act.breach(
            "not-as-approved",
            "the notice differs from the approved proposal",
            "告知内容与批准的拟处罚意见不一致",
            article="P 56, 57",
        )


@guard
def hearing_right_told(act: Act) -> Iterator[Breach]:
    """In scope, the notice tells the right to a hearing (P 57, H 5)."""
    event = act.event
    if event is None or event.hearing_right is not False:
        return
    if in_hearing_scope(act, event.penalties or []):
        yield act.breach(
            "hearing-right", "the right to a hearing must be told", "应当告知听证权利", article="P 57; H 5"
        )


@guard
def defence_in_time(act: Act) -> Iterator[Breach]:
    """Five working days; a later defence is recorded and noted, the bureau may still hear it (P 57)."""
    due = act.due("DL-DEFENCE")
    if due and due.at and act.day and act.event is not None and act.day > due.at:
        yield act.breach(
            "defence-late",
            f"the defence period ended on {due.at}",
            f"陈述申辩期限已于 {due.at} 届满",
            hard=False,
        )


@guard
def defence_rights_exhausted(act: Act) -> Iterator[Breach]:
    """No decision before the rights told in the notice are exhausted (APL 62)."""
    case = act.case
    if not case.notice:
        if not act.history and act.case.state not in ("IN_REVIEW",):
            yield act.breach("no-notice", "no notice was served", "未告知拟处罚内容", article="APL 44, 62")
        return
    yield from _period_over(act)
    if case.flags.get("defence_used") and not case.flags.get("defence_checked") and not act.history:
        yield act.breach(
            "defence-not-checked", "the defence must be re-checked first", "应先复核陈述申辩", article="P 58"
        )
    yield from _hearing_over(act)


def _period_over(act: Act) -> Iterator[Breach]:
    due = act.due("DL-DEFENCE")
    if due is None or due.at is None or act.case.flags.get("waived") or act.day is None:
        return
    if act.day <= due.at:
        earliest = act.law.calendar.add_working_days(due.at, 1)
        served = act.case.notice.get("on")
        yield act.breach(
            "defence-period-running",
            f"notice was served {served}, the defence period of 5 working days runs until {due.at}",
            f"{served} 送达告知书，五个工作日陈述申辩期至 {due.at} 届满",
            earliest=earliest,
            article="P 57; APL 62",
        )


def _hearing_over(act: Act) -> Iterator[Breach]:
    state = act.case.hearing.get("state")
    if state is None or act.history or state == "TERMINATED":
        return
    if state not in ("HELD", "REPORTED"):
        yield act.breach(
            "hearing-open", "a hearing was asked and is not over", "听证尚未结束", article="APL 63, 65; P 60"
        )
    elif state == "HELD":
        yield act.breach(
            "hearing-report", "the hearing report is not filed", "听证报告尚未提交", article="H 29"
        )


@guard
def as_notified(act: Act) -> Iterator[Breach]:
    """Other facts, basis or amount need a new notice: the decision imposes nothing that was not told (APL 44, 62)."""
    told = act.case.notice.get("penalties") or []
    if act.event is None or not told:
        return
    for extra in sorted(money.kinds(act.event.penalties or []) - money.kinds(told)):
        yield act.breach(
            "not-as-notified",
            f"{extra} was not told in the notice; serve a new one",
            f"告知书未载明 {extra}，应重新告知",
            article="APL 44, 62",
        )


@guard
def not_heavier(act: Act) -> Iterator[Breach]:
    """No heavier penalty because of a defence or a hearing (P 58, APL 45)."""
    told = act.case.notice.get("penalties") or []
    used = act.case.flags.get("defence_used") or act.case.flags.get("hearing_held")
    if act.event is None or not told or act.event.penalties is None:
        return
    was, now = money.total(told), money.total(act.event.penalties)
    if now <= was or (act.row.topic == "case.notice-reissued" and not used):
        return
    if used:
        en, zh = "a defence must not make the penalty heavier", "不得因陈述申辩给予更重处罚"
        yield act.breach(
            "heavier-after-defence",
            f"{en}: told {was}, now {now}",
            f"{zh}：告知 {was}，现为 {now}",
            article="P 58; APL 45",
        )
    else:
        yield act.breach(
            "not-as-notified",
            f"told {was} CNY, now {now}; serve a new notice",
            f"告知 {was} 元，现为 {now} 元，应重新告知",
            article="APL 44, 62",
        )


def in_hearing_scope(act: Act, penalties: Sequence[Any]) -> bool:
    """Whether the proposed penalties of any party reach the hearing threshold (H 5)."""
    return any(
        money.reaches_hearing(act, party, own) for party, own in money.by_party(act.case, penalties).items()
    )

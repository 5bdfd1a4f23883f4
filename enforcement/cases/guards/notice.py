"""Guards of notice and defence (P 56–58, APL 44–47, 62)."""

from collections.abc import Iterator, Sequence
from typing import Any

from enforcement.cases.deciding import ALL
from enforcement.cases.guards import money
from enforcement.cases.guards.base import Act, day_after, guard
from enforcement.errors import Breach
from enforcement.law.deadlines import compute
from enforcement.values import occurred_day


@guard
def as_approved(act: Act) -> Iterator[Breach]:
    """The notice says what the head approved, to each party its own (P 56, 57)."""
    approved = act.case.proposal.get("penalties", [])
    if act.event is None or not approved or act.event.penalties is None:
        return
    if party := act.event.party:
        approved = money.by_party(act.case, approved).get(party, [])
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
    last = act.last("DL-DEFENCE", party=act.event.party) if act.event is not None else None
    if last and act.day and act.day > last:
        yield act.breach(
            "defence-late",
            f"the defence period ended on {last}",
            f"陈述申辩期限已于 {last} 届满",
            hard=False,
        )


@guard
def another_party(act: Act) -> Iterator[Breach]:
    """After the first service the same notice or decision reaches further parties, each once and by name."""
    if act.event is None or act.history:
        return
    is_notice = act.row.topic == "case.notice-served"
    record = act.case.notice if is_notice else (act.case.decisions or [{}])[-1]
    first = act.case.state == "NOTICE_APPROVED" or not record.get("served")
    served, party = record.get("served", {}), act.event.party
    if not first and (party is None or party in served or ALL in served):
        yield act.breach(
            "already-served",
            f"it was served on {party or 'the parties'} before; new contents need a new notice or decision",
            "已送达该当事人；内容变更应重新告知或者另行决定",
        )


@guard
def service_lawful(act: Act) -> Iterator[Breach]:
    """Electronic service needs a signed confirmation of the address, leaving behind a witness (P 81, 82)."""
    event = act.event
    if event is None or act.history:
        return
    if event.method == "electronic" and not event.address_confirmed:
        yield act.breach(
            "address-not-confirmed",
            "electronic service needs a signed confirmation of the address",
            "电子送达应有当事人签署的送达地址确认书",
            article="P 82",
        )
    if event.method == "left" and not event.witnessed:
        yield act.breach(
            "no-witness-of-service",
            "what is left behind needs a witness, photo or video",
            "留置送达应有见证人或者录像、照片记录",
            article="P 82",
        )


@guard
def posted_long_enough(act: Act) -> Iterator[Breach]:
    """A public notice counts as served when thirty days have passed since it was posted (P 82)."""
    event = act.event
    if event is None or event.method != "public_notice" or act.history or act.day is None:
        return
    posted = act.case.clocks.get("DL-PUBNOTICE", {}).get("start") or event.posted
    rule = act.law.deadlines.rule("DL-PUBNOTICE", act.day)
    last = compute(rule, occurred_day(posted) or act.day, act.law.calendar).last
    if last is not None and act.day < last:
        yield act.breach(
            "posting-running",
            f"posted {posted or 'at no day known'}: served on {last}",
            f"{posted or '未载明日期'} 公告，{last} 视为送达",
            earliest=last,
            article="P 82",
        )


@guard
def defence_rights_exhausted(act: Act) -> Iterator[Breach]:
    """No decision before the rights told in the notice are exhausted (APL 62)."""
    case = act.case
    if not case.notice:
        if not act.history:
            yield act.breach("no-notice", "no notice was served", "未告知拟处罚内容", article="APL 44, 62")
        return
    yield from _period_over(act)
    if case.flags.get("defence_used") and not case.flags.get("defence_checked") and not act.history:
        yield act.breach(
            "defence-not-checked", "the defence must be re-checked first", "应先复核陈述申辩", article="P 58"
        )
    yield from _hearing_over(act)


def _period_over(act: Act) -> Iterator[Breach]:
    last = act.last("DL-DEFENCE")
    if last is not None and act.day is not None and act.day <= last:
        served = act.case.notice.get("on")
        yield act.breach(
            "defence-period-running",
            f"notice was served {served}, the defence period of 5 working days runs until {last}",
            f"{served} 送达告知书，五个工作日陈述申辩期至 {last} 届满",
            earliest=day_after(last),
            article="P 57; APL 62",
        )
    yield from _all_told(act)


def _all_told(act: Act) -> Iterator[Breach]:
    """Every party that faces a penalty was served with the notice."""
    served = act.case.notice.get("served", {ALL: None})
    if act.event is None or act.history or ALL in served:
        return
    facing = money.by_party(act.case, getattr(act.event, "penalties", None) or [])
    for party in sorted(str(p) for p in set(facing) - set(served) if p):
        yield act.breach(
            "no-notice",
            f"party {party} was not served with the notice",
            f"未向当事人 {party} 送达告知书",
            article="APL 44, 62",
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
    used = act.case.flags.get("defended")
    if act.event is None or not told or act.event.penalties is None:
        return
    reissued = act.row.topic == "case.notice-reissued"
    was, now = money.total(told), money.total(act.event.penalties)
    if now <= was or (reissued and (not used or act.event.new_facts)):
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


@guard
def defence_waits(act: Act) -> Iterator[Breach]:
    """What is re-checked is a defence that was submitted (P 58)."""
    flags = act.case.flags
    if (not flags.get("defence_used") or flags.get("defence_checked")) and not act.history:
        yield act.breach("no-defence", "no defence waits to be re-checked", "没有待复核的陈述申辩")


def in_hearing_scope(act: Act, penalties: Sequence[Any]) -> bool:
    """Whether the proposed penalties of any party reach the hearing threshold (H 5)."""
    return any(
        money.reaches_hearing(act, party, own) for party, own in money.by_party(act.case, penalties).items()
    )

"""Guards of the hearing (H 7–29)."""

from collections.abc import Iterator
from datetime import date

from enforcement.cases.guards.base import Act, guard
from enforcement.cases.guards.notice import in_hearing_scope
from enforcement.errors import Breach
from enforcement.law.deadlines import earliest_hearing
from enforcement.values import occurred_day


@guard
def hearing_in_scope(act: Act) -> Iterator[Breach]:
    """A hearing is asked in scope only, or where the notice told the right (H 5)."""
    if act.history or act.case.notice.get("hearing_right"):
        return
    if not in_hearing_scope(act, act.case.notice.get("penalties", [])):
        yield act.breach(
            "hearing-out-of-scope",
            "the proposed penalty is below the hearing threshold",
            "拟处罚未达听证标准",
            article="H 5",
        )


@guard
def request_in_time(act: Act) -> Iterator[Breach]:
    """Within five working days of the notice to the party (H 7)."""
    last = act.last("DL-DEFENCE", party=act.event.party if act.event else None)
    if last and act.day and act.day > last:
        yield act.breach(
            "request-too-late",
            f"a hearing could be asked until {last}",
            f"要求听证的期限已于 {last} 届满",
            article="H 7",
        )
    if act.case.flags.get("hearing_waived") and not act.history:
        yield act.breach(
            "waived", "the right to a hearing was waived", "当事人已放弃听证权利", article="APL 62"
        )


@guard
def host_not_handler(act: Act) -> Iterator[Breach]:
    """Neither host nor assessors handled the case; two assessors at most (H 11)."""
    event = act.event
    if event is None:
        return
    involved = {*act.case.handlers, *act.case.former_handlers}
    assessors = getattr(event, "assessors", None) or []
    for person in sorted({event.host, *assessors} & involved):
        yield act.breach(
            "host-handled-case", f"{person} handled this case", f"{person} 系本案办案人员", article="H 11"
        )
    if len(assessors) > 2:
        yield act.breach("too-many-assessors", "two assessors at most", "听证员不超过两名", article="H 11")


@guard
def hearing_files_there(act: Act) -> Iterator[Breach]:
    """The host fixes the day after the files have come (H 19, 20); a paused hearing is set again."""
    if act.history or act.case.hearing.get("state") in ("FILES_HANDED", "SET", "PAUSED"):
        return
    yield act.breach(
        "files-not-handed",
        "the files have not been handed to the host",
        "案卷尚未移交听证主持人",
        article="H 19",
    )


@guard
def seven_days_notice(act: Act) -> Iterator[Breach]:
    """Seven full working days lie between the service of the notice and the hearing (H 21)."""
    event = act.event
    if event is None or not event.notice_served:
        return
    served = date.fromisoformat(event.notice_served)
    yield from _too_soon(act, "DL-HEAR-NOTICE", served, occurred_day(event.at), "H 21")


@guard
def three_days_public(act: Act) -> Iterator[Breach]:
    """Three full working days lie between the public notice and a public hearing (H 22)."""
    if act.day is not None and act.case.hearing.get("public") and act.event is not None:
        yield from _too_soon(act, "DL-HEAR-PUBLIC", act.day, occurred_day(act.case.hearing.get("at")), "H 22")


@guard
def hearing_announced(act: Act) -> Iterator[Breach]:
    """A public hearing was announced (H 22)."""
    hearing = act.case.hearing
    if hearing.get("public") and not hearing.get("announced") and not act.history:
        yield act.breach(
            "not-announced",
            "a public hearing must be announced three working days before",
            "公开听证应提前三个工作日公告",
            article="H 22",
        )


@guard
def hearing_day_reached(act: Act) -> Iterator[Breach]:
    """The hearing is held on the day set, not before."""
    at = occurred_day(act.case.hearing.get("at"))
    if at and act.day and act.day < at:
        yield act.breach(
            "hearing-too-early",
            f"the hearing is set for {at}",
            f"听证定于 {at} 举行",
            earliest=at,
            article="H 20",
        )


@guard
def host_acts(act: Act) -> Iterator[Breach]:
    """The host who was appointed leads the hearing, nobody else (H 11, 12)."""
    event, host = act.event, act.case.hearing.get("host")
    if event is None or host is None or act.history:
        return
    acting = {getattr(event, "host", None), event.actor if event.role == "hearing_host" else None}
    for person in sorted(str(p) for p in acting - {host, None}):
        yield act.breach(
            "not-the-host",
            f"{host} hosts this hearing, not {person}",
            f"本次听证主持人为 {host}，并非 {person}",
        )


def _too_soon(act: Act, rule: str, served: date, held: date | None, article: str) -> Iterator[Breach]:
    earliest = earliest_hearing(act.law.deadlines.rule(rule, served), served, act.law.calendar).day
    if held is not None and held < earliest:
        yield act.breach(
            "notice-too-short",
            f"notice of {served}: the hearing can be held from {earliest} on, not on {held}",
            f"{served} 通知，听证最早可于 {earliest} 举行",
            earliest=earliest,
            article=article,
        )

"""Guards of the lists (Order 44 art 2, 7–13, 22; 异常名录办法 6–9)."""

from collections.abc import Iterator
from typing import Any

from enforcement.credit.guards.base import ONE_DAY, Act, guard
from enforcement.credit.publicity import of_listing, penalties_of
from enforcement.errors import Breach

WHATEVER_THE_NORM = ("O92_27", "O44_10_3", "O44_11")
"""Grounds that Order 44 and Order 92 name themselves, whatever the rank of the violated norm."""
NOT_PERFORMED = "O44_11"
"""Refusing to perform comes after the decision: it has no penalty, and no notice, of its own (reading)."""
HEAVIER = {
    "grade_or_permit": {"grade_lowered", "licence_revoked", "permit_suspended", "authorisation_withdrawn"},
    "business_restricted": {"restrict_business", "stop_business", "close", "restrict_occupation"},
}


@guard
def ground_of_the_list(act: Act) -> Iterator[Breach]:
    """Each list has its own grounds; a serious entry rests on a case, an abnormal one on a day."""
    event = act.event
    serious = event.list == "serious"
    if serious and (event.serious is None or event.abnormal or event.case is None):
        yield act.breach(
            "ground",
            "a serious entry names its ground and its case, and no other ground",
            "列入严重违法失信名单应载明事由和案件",
        )
    if not serious and (event.abnormal is None or event.serious or event.since is None):
        yield act.breach(
            "ground",
            "an abnormal entry names its ground and the day from which it is due, and no other ground",
            "列入经营异常名录应载明事由和起算日",
        )


@guard
def norm_is_high_enough(act: Act) -> Iterator[Breach]:
    """What only a departmental rule forbids does not lead to the serious list (Order 44 art 2)."""
    event = act.event
    high = event.norm in ("law", "regulation") or event.serious in WHATEVER_THE_NORM
    if event.list == "serious" and not high:
        yield act.breach(
            "norm-rank",
            "the violated norm must be a law or an administrative regulation",
            "违反的应为法律、行政法规",
            article="Order 44 art 2",
        )


@guard
def heavier_penalty(act: Act) -> Iterator[Breach]:
    """The decision that carries the entry imposes a heavier penalty 较重行政处罚."""
    event = act.event
    if event.list != "serious" or event.case is None:
        return
    case = act.world.case(event.case)
    imposed = penalties_of(case, event.uscc) if case else []
    if not imposed:
        yield act.breach(
            "no-penalty",
            f"{event.case} has no standing penalty against {event.uscc}",
            f"案件 {event.case} 对该主体无有效行政处罚决定",
        )
    elif event.serious != NOT_PERFORMED and not _is_heavier(event.heavier, imposed):
        yield act.breach(
            "not-heavier",
            "the decision imposes no heavier penalty of the kind named",
            "处罚决定未见所述较重行政处罚",
            article="Order 44 art 2",
        )


def _is_heavier(named: str | None, imposed: list[dict[str, Any]]) -> bool:
    if named == "heavier_rung":
        return any(penalty.get("rung") == "heavier" for penalty in imposed)
    if named == "other":
        return True
    return any(HEAVIER.get(named or "", set()) & set(penalty.get("kinds", ())) for penalty in imposed)


@guard
def no_proof_of_no_intent(act: Act) -> Iterator[Breach]:
    """Who proves to have had no intent is not listed (art 12)."""
    if act.event.list == "serious" and act.event.no_intent:
        yield act.breach(
            "no-intent",
            "the business proved that it had no intent",
            "当事人足以证明没有主观故意，不列入",
            article="Order 44 art 12",
        )


@guard
def told_with_the_penalty(act: Act) -> Iterator[Breach]:
    """The entry is announced in the notice of the penalty, with its rights (art 13)."""
    event = act.event
    if event.list == "serious" and event.serious != NOT_PERFORMED and not event.told:
        yield act.breach(
            "not-told",
            "the notice of the penalty did not announce the entry",
            "处罚告知中未一并告知列入事项",
            article="Order 44 art 13",
        )


@guard
def higher_bureau_consents(act: Act) -> Iterator[Breach]:
    """A county or city bureau needs the consent of the next-higher bureau (art 22)."""
    event = act.event
    if event.list == "serious" and not event.region.endswith("0000") and not event.consent:
        yield act.breach(
            "no-consent",
            "the consent of the next-higher bureau is missing",
            "缺少上一级市场监督管理部门同意",
            article="Order 44 art 22",
        )


@guard
def not_listed_already(act: Act) -> Iterator[Breach]:
    """One decision carries one entry."""
    case = act.world.case(act.event.case) if act.event.case else None
    if case is not None and case.state_of("list", act.event.list) == "LISTED":
        yield act.breach("listed-already", f"{case.id} carries an entry already", f"{case.id} 已有列入记录")


@guard
def term_of_the_list_over(act: Act) -> Iterator[Breach]:
    """Three years, or the longer restriction; an earlier end comes by repair, in the save of its last step."""
    if act.event.why == "repair":
        yield act.breach(
            "by-repair-only", "a repair ends it by repair.stopped", "修复移出应随停止公示一并记录"
        )
        return
    if act.event.why == "deregistered":
        yield from _still_registered(act)
        return
    term = of_listing(act.process, act.law, act.day)
    if term is not None and (term.until is None or act.day <= term.until):
        yield act.breach(
            "term-running",
            f"the entry is public until {term.until or 'its ground is cured'}",
            f"公示期至 {term.until or '事由消除'}",
            earliest=term.until + ONE_DAY if term.until else None,
        )


def _still_registered(act: Act) -> Iterator[Breach]:
    """Of a business that is no more everything ends (Order 107)."""
    entity = act.world.entity(act.process.uscc)
    if entity is None or entity.facts.get("status") != "deregistered":
        yield act.breach("not-deregistered", "the business is not deregistered", "该主体未注销")

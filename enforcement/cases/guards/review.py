"""Guards of the review (P 49–56)."""

from collections.abc import Iterator

from enforcement.cases.guards.base import Act, guard
from enforcement.errors import Breach

POINTS = {"jurisdiction", "party", "facts", "nature", "basis", "procedure", "fairness"}
LEGAL_BEFORE = {"P50_1_1", "P50_1_3", "P50_1_4", "P50_3"}
"""Grounds of legal review that exist before a hearing; P 50(1)(2) needs the hearing to have been held."""


@guard
def reviewer_not_handler(act: Act) -> Iterator[Breach]:
    """Handlers never review: not the one named, and not the one who records it (P 51, 52)."""
    event = act.event
    if event is None:
        return
    involved = {*act.case.handlers, *act.case.former_handlers}
    acting = {event.reviewer} | ({event.actor} if event.role == "reviewer" else set())
    for reviewer in sorted(filter(None, acting & involved)):
        yield act.breach(
            "reviewer-handled-case",
            f"{reviewer} handled this case and cannot review it",
            f"{reviewer} 系本案办案人员，不得审核",
            article="P 51, 52",
        )


@guard
def legal_kind(act: Act) -> Iterator[Breach]:
    """A ground of P 50 makes the review a legal one."""
    grounds = LEGAL_BEFORE & set(act.case.review_grounds)
    grounds |= {"P50_1_2"} if act.case.flags.get("hearing_held") else set()
    if act.event is not None and grounds and act.event.kind == "case":
        named = ", ".join(sorted(grounds))
        yield act.breach(
            "legal-review", f"legal review is due ({named})", f"依 {named} 应进行法制审核", article="P 50"
        )


@guard
def investigated_further(act: Act) -> Iterator[Breach]:
    """Papers returned for weak facts come back with more investigation, not as they were (P 54)."""
    if act.case.state == "REVIEW_RETURNED" and act.case.review.get("to") == "investigate" and not act.history:
        yield act.breach(
            "investigate-first",
            "the review asked for more investigation: end it with a new report",
            "审核要求补充调查，应先补充调查并终结",
            article="P 54",
        )


@guard
def legal_qualified(act: Act) -> Iterator[Breach]:
    """Legal reviewers hold the national qualification (P 50, 51)."""
    event = act.event
    kind = getattr(event, "kind", "legal")
    if event is not None and kind == "legal" and event.qualified is False:
        yield act.breach(
            "unqualified-reviewer",
            "a legal reviewer must be qualified",
            "法制审核人员应具备法律职业资格",
            article="P 51",
        )


@guard
def seven_points(act: Act) -> Iterator[Breach]:
    """A passed review has looked at all seven points (P 53)."""
    given = act.event.points if act.event else None
    if given is None:
        return
    for point in sorted(POINTS - set(given)):
        yield act.breach(
            "review-incomplete",
            f"the review lacks the point: {point}",
            f"审核缺少要点：{point}",
            article="P 53",
        )
    wanted = act.case.review.get("kind")
    if wanted == "legal" and act.event.kind == "case":
        yield act.breach(
            "legal-review", "the papers were sent to legal review", "本案应进行法制审核", article="P 50"
        )


@guard
def review_passed(act: Act) -> Iterator[Breach]:
    """The head approves what has passed review (P 56)."""
    if act.case.review.get("state") != "PASSED" and not act.history:
        yield act.breach(
            "review-not-passed", "the review has not been passed", "审核尚未通过", article="P 52, 56"
        )


@guard
def reviewed(act: Act) -> Iterator[Breach]:
    """No decision without a passed review; a legal one where due, and again after a hearing (P 50, 52, 55)."""
    flags = act.case.flags
    if act.history:
        return
    if flags.get("hearing_held") and not flags.get("legal_review_after_hearing"):
        yield act.breach(
            "legal-review", "after a hearing a legal review is due", "听证后应进行法制审核", article="P 50(2)"
        )
    if LEGAL_BEFORE & set(act.case.review_grounds) and not flags.get("legal_review"):
        yield act.breach(
            "legal-review",
            "no decision without a passed legal review",
            "未经法制审核不得作出决定",
            article="P 50",
        )
    elif not (flags.get("case_review") or flags.get("legal_review")):
        yield act.breach(
            "review-not-passed", "no decision without a passed review", "未经审核不得作出决定", article="P 52"
        )

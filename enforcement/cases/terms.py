"""The words of the table's conditions: when a row really starts, ends or extends a deadline.

`DL-COURT-RULE-DEFECT:defects=True` is a rule with one term. A term compares a field of the event, names the state of
the case before it (`in NOT_FILED`), or is one of the words below, which look at the case as the event has changed it.
"""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from enforcement.cases.case import Case

MODES = frozenset({"restart", "lapse"})
"""How, not whether: `restart` counts anew what already runs; `lapse` ends without judging the date."""


class Spec(NamedTuple):
    """One entry of `starts`, `ends` or `extends`."""

    rule: str
    terms: tuple[str, ...]
    restart: bool
    lapse: bool


@cache
def spec(text: str) -> Spec:
    """The entry as it is written in the table."""
    rule, _, rest = text.partition(":")
    words = tuple(rest.split(",")) if rest else ()
    return Spec(rule, tuple(w for w in words if w not in MODES), "restart" in words, "lapse" in words)


def holds(terms: tuple[str, ...], case: "Case", event: Any) -> bool:
    """Whether every term holds for this event, which has changed the case but not yet moved it."""
    return not terms or all(_term(term)(case, event) for term in terms)


Test = Callable[["Case", Any], bool]


@cache
def _term(text: str) -> Test:
    """The test behind a term; KeyError on a word that is none."""
    if text.startswith("in "):
        state = text[3:]
        return lambda case, event: case.state == state
    for sign, wanted in (("!=", False), ("=", True)):
        field, found, value = text.partition(sign)
        if found:
            return lambda case, event: (str(getattr(event, field)) == value) is wanted
    return WORDS[text]


def _merged(case: "Case", event: Any) -> bool:
    """A further report of a matter that is still verified: the last one starts the clock (Order 121 art 35)."""
    return event.source == "report" and not case.flags.get("filed")


def _answered(case: "Case", event: Any) -> bool:
    """Decided and told to the reporter (浙 39); published history does not say when he was told."""
    return bool(event.history or case.flags.get("reporter_told"))


def _settled(case: "Case", event: Any) -> bool:
    return bool(case.flags.get("filed") or case.outcome in ("NOT_FILED", "REFERRED"))


def _both_waived(case: "Case", event: Any) -> bool:
    """A waiver that leaves the hearing open leaves the five days running where there is a right to one."""
    return event.hearing is not False or not case.notice.get("hearing_right")


def _all_served(case: "Case", event: Any) -> bool:
    return not case.unserved()


WORDS: dict[str, Test] = {
    "merged": _merged,
    "answered": _answered,
    "settled": _settled,
    "both-waived": _both_waived,
    "all-served": _all_served,
    "discovered": lambda case, event: bool(case.discovered),
    "filed": lambda case, event: bool(case.flags.get("filed")),
    "unfiled": lambda case, event: not case.flags.get("filed"),
    "performed": lambda case, event: bool(case.flags.get("performed")),
    "whole": lambda case, event: case.transferred_whole(),
    "host-named": lambda case, event: case.hearing.get("state") == "HOST_NAMED",
    "public": lambda case, event: bool(case.hearing.get("public")),
    "appealable": lambda case, event: case.item("court", "enforcement").get("state") == "REFUSED",
    "cash": lambda case, event: event.cash not in (None, "none"),
}

"""How long a record is public 公示期: a penalty, an entry of a list, a negative spot-check result (Order 107).

Every term is asked for a day. Order 107 came into force on 2025-12-25 without a transitional rule: from that day on
older records follow it too; before it a penalty was public for three years (reading). The last day of a term is still
public, and what may be asked for after the shortest term may be asked for from the day after it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from enforcement.cases.case import Case
from enforcement.cases.telling import whom
from enforcement.checks.inspection import Inspection
from enforcement.credit.listing import Listing
from enforcement.credit.record_class import ORDER_107, record_class
from enforcement.law import Law
from enforcement.law.dated import coded_on
from enforcement.law.deadlines import compute
from enforcement.law.publicity import Publicity
from enforcement.values import Occurred, occurred_bounds

OLD = "before_order_107"
CHECK, STOP_CHECK = "check", "DL-STOP-CHECK"
RULES: Mapping[str, tuple[str | None, str]] = {
    OLD: (None, "DL-STOP-BEFORE-107"),
    "minor": (None, "DL-STOP-MINOR"),
    "general": ("DL-STOP-GENERAL-MIN", "DL-STOP-GENERAL-MAX"),
    "serious_goods": ("DL-STOP-SERIOUS-MIN", "DL-STOP-SERIOUS-MAX"),
    "serious_restriction": ("DL-STOP-SERIOUS-MIN", "DL-STOP-SERIOUS-MAX"),
    "serious_closure": (None, "DL-STOP-SERIOUS-MAX"),
    "serious_list": ("DL-STOP-SERIOUS-MIN", "DL-STOP-SERIOUS-MAX"),
}
"""What bounds a record of a class: the shortest term where an earlier end can be asked for, and the longest."""
RESTRICTING = frozenset({"restrict_business", "stop_business", "restrict_occupation"})
FELL = ("REVOKED", "VOID")
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Term:
    """Since when and until when a record is public.

    `repairable` is the first day on which repair may be applied for, None where it is never needed or never possible;
    `until` the last day in public, None where only a repair, a cure or the end of a restriction ends it. `shown` is the
    last day by the other reading of the statute, where there are two.
    """

    code: str
    article: str
    published: date
    repairable: date | None
    until: date | None
    shown: date | None = None

    def public(self, on: date) -> bool:
        """Whether the record is in public on a day, by its term alone."""
        return self.published <= on and (self.until is None or on <= self.until)


def of_penalty(case: Case, uscc: str | None, law: Law, on: date) -> Term | None:
    """The term of the published penalty of one party, by the rules of a day; None where nothing is published."""
    beside = case.regions.get("publicity", {}).get("penalty", {})
    beside = {**beside, **beside.get("apart", {}).get(uscc, {})}
    published = last_day(beside.get("on"))
    penalties = penalties_of(case, uscc)
    if beside.get("state") not in ("PUBLISHED", "REPAIRED") or published is None or not penalties:
        return None
    if on < ORDER_107:
        return Term(OLD, "公示规定 13", published, None, _ends(OLD, published, law, on))
    found = class_of(case, uscc, on)
    if not found.published:
        return None
    restricted, known = _restriction(penalties)
    if not known:
        return Term(found.code, found.article, published, None, None)
    return _term(found.code, found.article, published, law, on, restricted)


def of_listing(listing: Listing, law: Law, on: date) -> Term | None:
    """The term of an entry: of the serious list three years, of the abnormal list until its ground is cured."""
    published = last_day(listing.published)
    if listing.state != "PUBLISHED" or published is None:
        return None
    if listing.list == "abnormal":
        return Term("abnormal", "Order 107 art 16", published, published, None)
    row = coded_on("publicity", "classes", "serious_list", max(on, ORDER_107))
    restriction, decided = last_day(listing.restriction_until), last_day(listing.decided)
    term = _term(row["code"], row["article"], published, law, on, restriction)
    shown = _ends("serious_list", decided, law, on) if decided else None
    return Term(term.code, term.article, published, term.repairable, term.until, shown)


def of_check(
    it: Inspection,
    law: Law,
    on: date,
    case: Callable[[str], Case | None],
    listing: Callable[[str], Listing | None],
) -> Term | None:
    """The term of a negative check result: three months, or as long as a penalty that is more than minor or an entry
    of a list that it led to (art 10). None where nothing is shown, or no problem is named.

    Alone it may be repaired from its publication on, for no shortest term was found (reading).
    """
    published = last_day(it.published)
    if not it.shown or not it.negative or published is None:
        return None
    own = Term(CHECK, "Order 107 art 10", published, published, _last(STOP_CHECK, published, law, on))
    kept = [term for term in _keeping(it, law, on, case, listing) if term.code != "minor"]
    for term in kept:
        repairable, until = _later(own.repairable, term.repairable), _later(own.until, term.until)
        own = Term(CHECK, own.article, published, repairable, until)
    return own


def _later(one: date | None, other: date | None) -> date | None:
    """The later of two days; never, where one of them never comes."""
    return None if one is None or other is None else max(one, other)


def _keeping(
    it: Inspection,
    law: Law,
    on: date,
    case: Callable[[str], Case | None],
    listing: Callable[[str], Listing | None],
) -> Iterator[Term]:
    """The terms of what a check led to. An entry of which only the ground is known stands until it is cured."""
    for id in it.cases:
        found = case(id)
        if found is not None and (term := of_penalty(found, it.facts.get("entity"), law, on)):
            yield term
    for entry in it.entries:
        known = listing(entry) if entry and entry.startswith("listing-") else None
        if known is None:
            yield Term("abnormal", "Order 107 art 16", date.min, date.min, None)
        elif term := of_listing(known, law, on):
            yield term


def class_of(case: Case, uscc: str | None, on: date) -> Publicity:
    """The class of the record of the last decision for one party."""
    summary = case.procedure == "summary"
    return record_class(penalties_of(case, uscc), on, party_kind=_kind_of(case, uscc), summary=summary)


def penalties_of(case: Case, uscc: str | None) -> list[dict[str, Any]]:
    """What the standing decision imposes on one party; on all of them where no code is named."""
    decision = case.decisions[-1] if case.decisions else None
    if decision is None or decision["kind"] != "penalty" or decision["state"] in FELL:
        return []
    parties = {id for id, party in case.parties.items() if uscc in (None, party.get("uscc"))}
    return [p for p in decision["penalties"] if uscc is None or whom(case, p) in parties]


def last_day(occurred: Occurred) -> date | None:
    """The last day on which it can have happened: a term that is not known to the day is counted from its latest."""
    bounds = occurred_bounds(occurred)
    return bounds[1] if bounds else None


def _term(code: str, article: str, published: date, law: Law, on: date, restriction: date | None) -> Term:
    shortest = RULES[code][0]
    until = max(filter(None, (_ends(code, published, law, on), restriction)))
    repairable = None
    if shortest is not None:
        repairable = max(filter(None, (_last(shortest, published, law, on), restriction))) + ONE_DAY
    return Term(code, article, published, repairable, until)


def _ends(code: str, published: date, law: Law, on: date) -> date:
    return _last(RULES[code][1], published, law, on)


def _last(rule: str, published: date, law: Law, on: date) -> date:
    version = law.deadlines.rule(rule, on if rule == RULES[OLD][1] else max(on, ORDER_107))
    last = compute(version, published, law.calendar).last
    assert last is not None  # nothing pauses a term
    return last


def _restriction(penalties: Sequence[Mapping[str, Any]]) -> tuple[date | None, bool]:
    """When the last restriction of a decision ends, and whether that is known of all of them."""
    ends = [p.get("until") for p in penalties if RESTRICTING & set(p.get("kinds", ()))]
    if None in ends:
        return None, False
    return max(map(date.fromisoformat, filter(None, ends)), default=None), True


def _kind_of(case: Case, uscc: str | None) -> str:
    kinds = {party.get("kind") for party in case.parties.values() if uscc in (None, party.get("uscc"))}
    return "person" if kinds == {"person"} else "organisation"

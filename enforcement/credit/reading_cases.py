"""Facts of a case 案件: its penalties by party, and what later steps say of them.

A decision is one fact about each party that it punishes, with that party's part alone. It is set aside by its
revocation (`revoked`), replaced by a change (`changed`, and the change is a fact of its own), and marked when it is
published, paid, corrected or repaired. The class of the public record follows from the decision by Order 107; a
record made before that order was in force runs by it from then on (reading).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from enforcement.credit.facts import Fact, State, Value
from enforcement.credit.reading_parts import Dated, Reading
from enforcement.credit.record_class import ORDER_107, record_class
from enforcement.credit.vocabulary import fen, flatten

PENALTIES = frozenset({"case.penalty-decided", "case.decision-changed", "case.decided-on-the-spot"})
REPAIRS = frozenset({"case.credit-repaired", "case.publicity-ended"})
SERIOUS = "serious"


class _Case:
    """The case as far as its facts need it: who the parties are, what they are suspected of, the facts so far."""

    def __init__(self, events: Sequence[Dated]) -> None:
        self.parties: dict[str, dict[str, Any]] = {}
        self.violations: dict[str, dict[str, Any]] = {}
        self.orders: dict[str, Dated] = {}
        self.facts: list[Fact] = []
        for dated in events:
            self._learn(dated.event)

    def _learn(self, event: Any) -> None:
        """Parties and violations, at whatever time they became known."""
        for party in _named(event, "parties", "party"):
            self.parties[party["id"]] = party
        for violation in _named(event, "violations", "violation"):
            self.violations[violation["id"]] = violation

    def whom(self, penalty: dict[str, Any]) -> str | None:
        """The party that a penalty meets: as decided, else who committed the act, else the first."""
        named = penalty.get("party") or self.violations.get(penalty["violation"], {}).get("party")
        return named or next(iter(self.parties), None)

    def businesses(self, party: str | None = None) -> list[str]:
        """The codes of the parties, or of one of them."""
        named = self.parties.values() if party is None else [self.parties.get(party, {})]
        return list(dict.fromkeys(one["uscc"] for one in named if one.get("uscc")))

    def mark(self, state: State, types: Iterable[str], businesses: Sequence[str], last: bool = False) -> None:
        """Say something of the facts of these types about some businesses, or of the last decision alone."""
        wanted = frozenset(types)
        decisions = [fact.event for fact in self.facts if fact.type in wanted]
        self.facts = [
            fact.with_states([state])
            if fact.type in wanted and fact.uscc in businesses and (not last or fact.event == decisions[-1])
            else fact
            for fact in self.facts
        ]

    def told_of(self, event: Any) -> list[str]:
        """The business that the event names, else all of the case."""
        own = event.__dict__.get("uscc")
        return [own] if own else self.businesses()

    def take_back(self, kinds: set[str], businesses: Sequence[str]) -> None:
        """The last decision was never in these states, as far as it punishes these businesses."""
        last = next((fact.event for fact in reversed(self.facts) if fact.type in PENALTIES), None)
        self.facts = [
            replace(fact, states=tuple(s for s in fact.states if s.kind not in kinds))
            if fact.event == last and fact.uscc in businesses
            else fact
            for fact in self.facts
        ]


def _named(event: Any, several: str, one: str) -> Iterator[dict[str, Any]]:
    """What an event says in full of parties or violations; elsewhere the singular is only their id."""
    yield from event.__dict__.get(several) or ()
    if isinstance(added := event.__dict__.get(one), dict):
        yield added


def read(events: Sequence[Dated]) -> Reading:
    """The reading of a case."""
    case = _Case(events)
    for dated in events:
        step = STEPS.get(dated.event.TOPIC)
        if step is not None:
            step(case, dated)
    return Reading(case.facts)


# -- penalties -------------------------------------------------------------------------------------------------


def _decided(case: _Case, dated: Dated) -> None:
    """One fact for each business that the decision punishes; all parties where it is not known what it says."""
    event = dated.event
    penalties = event.penalties
    if penalties is None:
        case.facts += [dated.fact(uscc) for uscc in case.businesses()]
        return
    for id, party in case.parties.items():
        its = [_coded(case, row) for row in penalties if case.whom(row) == id]
        if its and party.get("uscc"):
            case.facts.append(dated.fact(party["uscc"], _fields(dated, its, party)))


def _coded(case: _Case, penalty: dict[str, Any]) -> dict[str, Any]:
    """The line with the catalogue code of its violation, where it names none itself."""
    code = penalty.get("code") or case.violations.get(penalty["violation"], {}).get("code")
    return {**penalty, "code": code}


def _fields(dated: Dated, penalties: list[dict[str, Any]], party: dict[str, Any]) -> dict[str, Value]:
    """The party's part of the decision, and what follows from it."""
    fields = flatten(dated.event.TOPIC, {**dated.event.data(), "penalties": penalties})
    fine = sum(fen(row["fine"]) for row in penalties if row.get("fine"))
    gains = sum(fen(row["gains"]) for row in penalties if row.get("gains"))
    fields.update(total_fine=fine, amount=fine + gains)
    return {**fields, "record": _record(dated, penalties, party)}


def _record(dated: Dated, penalties: list[dict[str, Any]], party: dict[str, Any]) -> str:
    """minor, general, serious, or not_published."""
    summary = dated.event.TOPIC == "case.decided-on-the-spot"
    on = dated.day or ORDER_107
    found = record_class(penalties, on, party_kind=party.get("kind"), summary=summary)
    return SERIOUS if found.code.startswith(SERIOUS) else found.code


# -- what later steps say --------------------------------------------------------------------------------------

Step = Callable[[_Case, Dated], None]


def _last(kind: str) -> Step:
    """The step says something of the last decision."""

    def step(case: _Case, dated: Dated) -> None:
        if dated.day is not None:
            case.mark(State(kind, dated.day), PENALTIES, case.told_of(dated.event), last=True)

    return step


def _published(case: _Case, dated: Dated) -> None:
    """Published anew for false papers: what came of the repair never was, and the term begins again."""
    if dated.event.anew:
        its = case.told_of(dated.event)
        case.take_back({"published", "repaired", "publicity_ended"}, its)
        case.facts = [fact for fact in case.facts if fact.type not in REPAIRS or fact.uscc not in its]
    _last("published")(case, dated)


def _changed(case: _Case, dated: Dated) -> None:
    _last("changed")(case, dated)
    _decided(case, dated)


def _paid(case: _Case, dated: Dated) -> None:
    if dated.event.in_full is not False and dated.day is not None:
        owed = {*PENALTIES, "case.payment-overdue"}
        case.mark(State("paid", dated.day), owed, case.businesses(dated.event.party))


def _of_all(case: _Case, dated: Dated) -> None:
    """A fact about every party of the case, or about the one that the event names."""
    case.facts += [dated.fact(uscc) for uscc in case.told_of(dated.event)]


def _ordered(case: _Case, dated: Dated) -> None:
    case.orders[dated.event.order or "o1"] = dated


def _checked(case: _Case, dated: Dated) -> None:
    """A correction: in time or not, after how many days; one that is done also marks the penalties of the case."""
    fields = flatten(dated.event.TOPIC, dated.event.data())
    order = case.orders.get(dated.event.order or "o1")
    if order is not None and order.day and dated.day:
        fields["days"] = (dated.day - order.day).days
        if order.event.due:
            fields["in_time"] = dated.day.isoformat() <= order.event.due
    case.facts += [dated.fact(uscc, fields) for uscc in case.businesses()]
    if dated.event.result == "done" and dated.day is not None:
        case.mark(State("corrected", dated.day), PENALTIES, case.businesses())


def _repaired(case: _Case, dated: Dated) -> None:
    """信用修复: it ends the penalty's line, and is something good in itself."""
    _last("repaired")(case, dated)
    _of_all(case, dated)


def _ended(case: _Case, dated: Dated) -> None:
    """Its term is over, or it was repaired: something good in itself, once, though the repair may be recorded too."""
    its = case.told_of(dated.event)
    recorded = any(fact.type in REPAIRS and fact.uscc in its for fact in case.facts)
    if dated.event.why == "repair" and not recorded:
        _of_all(case, dated)
    _last("repaired" if dated.event.why == "repair" else "publicity_ended")(case, dated)


def _delisted(case: _Case, dated: Dated) -> None:
    if dated.day is not None:
        case.mark(State("delisted", dated.day), {"case.listed"}, case.businesses())


STEPS: dict[str, Step] = {
    "case.penalty-decided": _decided,
    "case.decided-on-the-spot": _decided,
    "case.decision-changed": _changed,
    "case.decision-revoked": _last("revoked"),
    "case.decision-void": _last("revoked"),
    "case.published": _published,
    "case.publicity-withdrawn": _last("withdrawn"),
    "case.publicity-ended": _ended,
    "case.credit-repaired": _repaired,
    "case.paid": _paid,
    "case.payment-overdue": _of_all,
    "case.no-penalty-decided": _of_all,
    "case.correction-ordered": _ordered,
    "case.correction-checked": _checked,
    "case.listed": _of_all,
    "case.delisted": _delisted,
}
"""What each event of a case means for its facts."""

"""Relations 关联关系 for recusal 回避: between officers, businesses and other persons, by ids, with their dates.

An officer is `inspector-<id>`, a business `entity-<USCC>`; anybody else is `person-<id>`, an id that the personnel
office made up and that is no identity card's number. Who that person is does not stand in the ledger.
"""

from collections.abc import Sequence
from datetime import date
from typing import ClassVar, Literal

from enforcement.errors import InvalidData
from enforcement.events import Event
from enforcement.fields import Day, NodeId, ThingId, Words
from enforcement.registry.register import Facts, Registered
from enforcement.values import Text

RelationKind = Literal[
    "kinship", "shareholding", "legal_representative", "former_employer", "declared_interest"
]
"""亲属 · 持股 · 法定代表人 · 曾任职单位 · 申报的利害关系."""

PEOPLE, BUSINESSES = frozenset({"inspector", "person"}), frozenset({"entity"})
ANYONE = PEOPLE | BUSINESSES
ENDS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "kinship": (PEOPLE, PEOPLE),
    "shareholding": (ANYONE, BUSINESSES),
    "legal_representative": (PEOPLE, BUSINESSES),
    "former_employer": (PEOPLE, BUSINESSES),
    "declared_interest": (PEOPLE, ANYONE),
}
"""What stands at `a` and at `b` of each kind."""


class Relation(Registered):
    """One relation of two."""

    KIND: ClassVar[str] = "relation"
    PREFIX: ClassVar[str] = "relation-"
    ID: ClassVar[str] = "relation"

    @classmethod
    def after(cls, facts: Facts, event: Event) -> Facts:
        return super().after(facts, event) | {"withdrawn": isinstance(event, RelationWithdrawn)}


def holds(facts: Facts, on: date) -> bool:
    """Whether a relation counts on a day: not withdrawn, and the day within its dates."""
    day = on.isoformat()
    within = (facts.get("start") or day) <= day <= (facts.get("end") or day)
    return within and not facts["withdrawn"]


def judge(relation: Relation, event: Event) -> Sequence[Event]:
    """InvalidData where the ends do not fit the kind, or a relation ends before it begins."""
    if (found := fault(relation.after(relation.facts, event))) is not None:
        field, said = found
        raise InvalidData({f"data.{field}": [said]})
    if relation.facts.get("withdrawn"):
        raise InvalidData({"type": [Text("the relation was withdrawn; declare a new one", "该关系已撤回")]})
    return ()


def fault(facts: Facts) -> tuple[str, Text] | None:
    """What is wrong between the members of a relation, and with which of them; None where nothing is."""
    kinds = tuple(facts[end].partition("-")[0] for end in ("a", "b"))
    wanted = ENDS[facts["kind"]]
    if facts["a"] == facts["b"] or any(k not in w for k, w in zip(kinds, wanted, strict=True)):
        left, right = (" or ".join(sorted(side)) for side in wanted)
        return "b", Text(
            f"{facts['kind']} is between {left} (a) and another {right} (b)",
            f"{facts['kind']} 的两端应为 {left}（a）与另一 {right}（b）",
        )
    start, end = facts.get("start"), facts.get("end")
    if start and end and end < start:
        return "end", Text(f"ends on {end}, before it begins on {start}", "结束日期早于开始日期")
    return None


class RelationDeclared(Event):
    """申报或登记关联关系; `end`: the last day on which it counts, for a former employer years after."""

    TOPIC = "relation.declared"
    relation: ThingId
    kind: RelationKind
    a: NodeId
    b: NodeId
    start: Day | None = None
    end: Day | None = None
    basis: Words | None = None
    """Where it comes from: register, own declaration, personnel file."""


class RelationEnded(Event):
    """关系终止: the last day on which it counts."""

    TOPIC = "relation.ended"
    end: Day
    reason: Words | None = None


class RelationWithdrawn(Event):
    """撤回: it was declared in error and never held."""

    TOPIC = "relation.withdrawn"
    reason: Words

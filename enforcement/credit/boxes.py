"""Whether conditions can hold at all, and whether an earlier clause of a group leaves anything for a later one.

A condition is spread into alternatives; each is a box: per field what its value may be. A box is empty when no value
is left; a clause is unreachable when each of its boxes lies in a box of an earlier clause of its group. Of a list
every comparison stands alone, since each may be met by another element.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from enforcement.credit.conditions import Atom, Condition
from enforcement.credit.faults import Faults
from enforcement.credit.policy import Clause
from enforcement.credit.vocabulary import Field, fields_of

MOST = 512
"""Alternatives of one condition; more would be no condition that anybody reads."""


@dataclass(frozen=True)
class Range:
    """The values that are left for a field: one of `only`, none of `without`, from `low` to `high` (both included)."""

    only: frozenset[Any] | None = None
    without: frozenset[Any] = frozenset()
    low: Any = None
    high: Any = None

    def has(self, value: Any) -> bool:
        return (
            (self.only is None or value in self.only)
            and value not in self.without
            and (self.low is None or value >= self.low)
            and (self.high is None or value <= self.high)
        )

    @property
    def empty(self) -> bool:
        if self.only is not None:
            return not any(map(self.has, self.only))
        return self.low is not None and self.high is not None and self.low > self.high

    def both(self, other: "Range") -> "Range":
        """What both leave."""
        only = (
            self.only if other.only is None else other.only if self.only is None else self.only & other.only
        )
        lows = [one for one in (self.low, other.low) if one is not None]
        highs = [one for one in (self.high, other.high) if one is not None]
        return Range(only, self.without | other.without, max(lows, default=None), min(highs, default=None))

    def within(self, other: "Range") -> bool:
        """Whether the other leaves everything that this one does."""
        if self.only is not None:
            return all(other.has(value) for value in self.only if self.has(value))
        low = other.low is None or (self.low is not None and self.low >= other.low)
        high = other.high is None or (self.high is not None and self.high <= other.high)
        return other.only is None and low and high and not any(map(self.has, other.without))


Box = dict[str, tuple[Range, ...]]
"""Field → what is asked of it: one range, or of a list each comparison's own."""


def check(clauses: Sequence[Clause], faults: Faults) -> None:
    """Clauses that can never match, and those that an earlier one of their group hides."""
    seen: list[tuple[Clause, list[Box]]] = []
    for clause in clauses:
        at = f"policy.clauses.{clause.id}"
        found = boxes(clause.when, fields_of(clause.on[0]))
        if found is None:
            faults.add(f"{at}.when", f"more than {MOST} alternatives", f"超过 {MOST} 种情形")
            continue
        live = [box for box in found if not any(one.empty for ranges in box.values() for one in ranges)]
        if not live:
            faults.add(f"{at}.when", "no event can meet this: it can never match", "没有事件能满足该条件")
        elif (before := _hider(clause, live, seen)) is not None:
            faults.add(
                at,
                f"unreachable: every event that meets it meets {before.id} of its group first",
                f"不可达：满足该条款的事件均先满足同组的 {before.id}",
            )
        seen.append((clause, live))


def boxes(condition: Condition, fields: Any) -> list[Box] | None:
    """The alternatives of a condition; None when there are too many."""
    if isinstance(condition, Atom):
        return [{condition.field: (_range(condition, fields[condition.field]),)}]
    parts = [boxes(part, fields) for part in condition.parts]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    if condition.how == "any":
        spread = [box for part in known for box in part]
        return spread if len(spread) <= MOST else None
    size = 1
    for part in known:
        size *= len(part)
    return None if size > MOST else [_joined(choice, fields) for choice in product(*known)]


def _joined(choice: Iterable[Box], fields: Any) -> Box:
    box: Box = {}
    for one in choice:
        for name, ranges in one.items():
            before = box.get(name, ())
            if fields[name].many or not before:
                box[name] = (*before, *ranges)
            else:
                box[name] = (before[0].both(ranges[0]),)
    return box


def _range(atom: Atom, field: Field) -> Range:
    value: Any = atom.value
    step = 1 if field.kind in ("number", "money") else None
    match atom.op:
        case "eq":
            made = Range(frozenset({value}))
        case "in":
            made = Range(frozenset(value))
        case "ne":
            made = Range(without=frozenset({value}))
        case "le":
            made = Range(high=value)
        case "ge":
            made = Range(low=value)
        case "lt":
            made = Range(high=value - step) if step else Range(high=value, without=frozenset({value}))
        case _:
            made = Range(low=value + step) if step else Range(low=value, without=frozenset({value}))
    return made.both(_universe(field))


def _universe(field: Field) -> Range:
    """All that a field can be."""
    if field.kind == "choice":
        return Range(field.choices)
    if field.kind == "flag":
        return Range(frozenset({True, False}))
    return Range(low=0) if field.kind == "money" else Range()


def _hider(clause: Clause, live: Sequence[Box], seen: Sequence[tuple[Clause, list[Box]]]) -> Clause | None:
    """The last of those earlier clauses of the group that together take every event of this one."""
    if clause.group is None:
        return None
    earlier = [(other, its) for other, its in seen if other.group == clause.group]
    taking = None
    for topic in clause.on:
        for box in live:
            taken = [o for o, its in earlier if topic in o.on and any(_inside(box, one) for one in its)]
            if not taken:
                return None
            taking = taken[0]
    return taking


def _inside(box: Box, other: Box) -> bool:
    """Whether whatever is in the box is in the other."""
    return all(
        any(mine.within(its) for mine in box.get(name, ()))
        for name, ranges in other.items()
        for its in ranges
    )

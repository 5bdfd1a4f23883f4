"""Whether conditions can hold at all, and whether an earlier clause of a group leaves anything for a later one.

A condition is spread into alternatives; each is a box: per field what its value may be. A box is empty when no value
is left; a clause is unreachable when its boxes are covered by those of earlier clauses of its group, one or several
together (`covering`). Of a list every comparison stands alone, since each may be met by another element.
"""

from collections.abc import Iterable, Sequence
from itertools import product
from typing import Any

from enforcement.credit.conditions import Atom, Condition
from enforcement.credit.covering import covered
from enforcement.credit.faults import Faults
from enforcement.credit.policy import Clause
from enforcement.credit.ranges import Box, Range
from enforcement.credit.vocabulary import Field, fields_of

MOST = 512
"""Alternatives of one condition; more would be no condition that anybody reads."""


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
        elif before := [one.id for one in _hiders(clause, live, seen)]:
            faults.add(
                at,
                f"unreachable: every event that meets it meets {' or '.join(before)} of its group first",
                f"不可达：满足该条款的事件均先满足同组的 {' 或 '.join(before)}",
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


def _hiders(clause: Clause, live: Sequence[Box], seen: Sequence[tuple[Clause, list[Box]]]) -> list[Clause]:
    """Those earlier clauses of the group that together take every event of this one; none where something is left."""
    earlier = [
        (other, its) for other, its in seen if clause.group is not None and other.group == clause.group
    ]

    def hidden(by: Sequence[tuple[Clause, list[Box]]]) -> bool:
        return all(
            covered(box, [one for other, its in by if topic in other.on for one in its])
            for topic in clause.on
            for box in live
        )

    if not hidden(earlier):
        return []
    for each in reversed(earlier[:]):
        if hidden(fewer := [other for other in earlier if other is not each]):
            earlier = fewer
    return [other for other, _ in earlier]

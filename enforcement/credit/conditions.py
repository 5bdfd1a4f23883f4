"""Conditions of a clause: field, operator, value; joined by all and any. Nothing else can be said.

A condition on a field that the fact does not have does not hold, whatever the operator: nobody loses points for
what is not known.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import eq, ge, gt, le, lt, ne
from typing import Any, Literal

from enforcement.credit.facts import Scalar, Value


def _in(found: Any, wanted: Any) -> bool:
    return found in wanted


OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": eq,
    "ne": ne,
    "in": _in,
    "lt": lt,
    "le": le,
    "gt": gt,
    "ge": ge,
}
ORDERING = frozenset({"lt", "le", "gt", "ge"})


@dataclass(frozen=True)
class Atom:
    """One comparison. `value` has the type of the field: fen for money, a tuple for `in`."""

    field: str
    op: str
    value: Scalar | tuple[Scalar, ...]

    def holds(self, fields: Mapping[str, Value]) -> bool:
        found = fields.get(self.field)
        if found is None:
            return False
        test = OPERATORS[self.op]
        if isinstance(found, list):
            return any(test(one, self.value) for one in found)
        return test(found, self.value)


@dataclass(frozen=True)
class Join:
    """Several conditions, of which all or any must hold; all of none hold."""

    how: Literal["all", "any"]
    parts: tuple["Condition", ...]

    def holds(self, fields: Mapping[str, Value]) -> bool:
        held = (part.holds(fields) for part in self.parts)
        return all(held) if self.how == "all" else any(held)


Condition = Atom | Join
ALWAYS = Join("all", ())


def quantity(fields: Mapping[str, Value], name: str) -> int | None:
    """A field as a number: of a list its sum; None where it is not known."""
    found = fields.get(name)
    if isinstance(found, list):
        return sum(int(one) for one in found)
    return None if found is None else int(found)

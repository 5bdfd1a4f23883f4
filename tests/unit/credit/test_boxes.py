"""Boxes against trying everything: what can never match does not, and what is hidden in a group never counts."""

from dataclasses import replace
from itertools import product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from enforcement.credit import boxes
from enforcement.credit.conditions import Atom, Condition, Join
from enforcement.credit.facts import Value
from enforcement.credit.faults import Faults
from enforcement.credit.vocabulary import fields_of
from tests.unit.credit.given import DECIDED, clause, policy

FIELDS = fields_of(DECIDED)
AMOUNTS = (0, 1, 5, 6, 9)
EVERY: list[dict[str, Value]] = [
    {
        name: value
        for name, value in zip(("record", "amount", "province_decided"), values, strict=True)
        if value is not None
    }
    for values in product(
        (None, "not_published", "minor", "general", "serious"), (None, *AMOUNTS), (None, True, False)
    )
]
"""Every event there can be, as far as the drawn conditions can tell events apart."""

atoms = st.one_of(
    st.builds(Atom, st.just("record"), st.sampled_from(["eq", "ne"]), st.sampled_from(["minor", "general"])),
    st.builds(Atom, st.just("record"), st.just("in"), st.sampled_from([("minor", "general"), ("serious",)])),
    st.builds(
        Atom,
        st.just("amount"),
        st.sampled_from(["eq", "ne", "lt", "le", "gt", "ge"]),
        st.sampled_from([0, 5]),
    ),
    st.builds(Atom, st.just("province_decided"), st.sampled_from(["eq", "ne"]), st.booleans()),
)
conditions: st.SearchStrategy[Condition] = st.recursive(
    atoms,
    lambda inner: st.builds(
        Join, st.sampled_from(["all", "any"]), st.lists(inner, min_size=1, max_size=3).map(tuple)
    ),
    max_leaves=5,
)


def faults(*whens: Condition) -> dict[str, Any]:
    """What the check finds in a group of clauses with these conditions."""
    rows = policy(*(clause(f"c{n}", group="g") for n in range(len(whens)))).clauses
    found = Faults()
    boxes.check([replace(row, when=when) for row, when in zip(rows, whens, strict=True)], found)
    return found.found


@given(conditions)
@settings(max_examples=50, deadline=None)
def test_a_condition_is_called_impossible_when_no_event_meets_it(when: Condition) -> None:
    assert bool(faults(when)) is not any(when.holds(fields) for fields in EVERY)


@given(conditions, conditions)
@settings(max_examples=50, deadline=None)
def test_a_clause_is_called_hidden_only_where_every_event_is_taken_before(
    first: Condition, then: Condition
) -> None:
    said = faults(first, then).get("policy.clauses.c1", [])
    if said:
        assert all(first.holds(fields) for fields in EVERY if then.holds(fields))


def test_a_condition_of_too_many_alternatives_is_refused() -> None:
    either = Join("any", (Atom("amount", "eq", 1), Atom("amount", "eq", 2)))
    found = faults(Join("all", (either,) * 10))
    assert found["policy.clauses.c0.when"][0].en == "more than 512 alternatives"

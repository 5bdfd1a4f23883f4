"""Boxes against trying everything: what can never match does not, and what is hidden in a group never counts."""

from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enforcement.credit import boxes, covering
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


@given(st.lists(conditions, min_size=1, max_size=3), conditions)
@settings(max_examples=150, deadline=None)
def test_a_clause_is_called_hidden_exactly_where_every_event_is_taken_before(
    before: list[Condition], then: Condition
) -> None:
    said = faults(*before, then).get(f"policy.clauses.c{len(before)}", [])
    its = [fields for fields in EVERY if then.holds(fields)]
    taken = all(any(when.holds(fields) for when in before) for fields in its)
    assert bool(said) is (bool(its) and taken)


def amount(op: str, value: int) -> Condition:
    return Atom("amount", op, value)


def either(field: str, *values: Any) -> Condition:
    return Atom(field, "in", values)


@pytest.mark.parametrize(
    ("before", "then", "hiders"),
    [
        (
            [either("record", "minor"), either("record", "general")],
            either("record", "minor", "general"),
            "c0 or c1",
        ),
        ([amount("le", 500), amount("ge", 501)], amount("ge", 0), "c0 or c1"),
        ([amount("lt", 500), amount("eq", 500), amount("gt", 500)], amount("ne", 7), "c0 or c1 or c2"),
        ([amount("lt", 500), amount("le", 800), amount("gt", 800)], amount("ge", 0), "c1 or c2"),
        (
            [Join("all", (amount("lt", 500), either("record", "minor"))), amount("ge", 500)],
            Join("all", (amount("ge", 0), either("record", "minor"))),
            "c0 or c1",
        ),
        (
            [Atom("penalties.code", "eq", "M-V01"), Atom("penalties.code", "eq", "M-C04")],
            either("penalties.code", "M-C04", "M-V01"),
            "c0 or c1",
        ),
        ([amount("lt", 500), amount("gt", 500)], amount("ge", 0), None),
        (
            [Atom("province_decided", "eq", True), Atom("province_decided", "eq", False)],
            amount("ge", 0),
            None,
        ),
    ],
)
def test_a_clause_hidden_by_several_together_names_them(
    before: list[Condition], then: Condition, hiders: str | None
) -> None:
    """The last two are reachable: by the one amount left out, and by events that do not say who decided."""
    said = faults(*before, then).get(f"policy.clauses.c{len(before)}", [])
    meets = f"unreachable: every event that meets it meets {hiders} of its group first"
    assert [each.en for each in said] == ([meets] if hiders else [])


def test_a_list_asked_twice_is_called_reachable_rather_than_wrongly_hidden() -> None:
    both = Join("all", (either("penalties.code", "M-C04", "M-V01"), Atom("penalties.code", "ne", "M-V02")))
    split = [Atom("penalties.code", "eq", "M-V01"), Atom("penalties.code", "eq", "M-C04")]
    assert "policy.clauses.c2" not in faults(*split, both)


def test_a_group_of_too_many_parts_is_said_nothing_of(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit is a limit of the search, not of the answer: what one clause hides is found all the same."""
    monkeypatch.setattr(covering, "MOST", 2)
    assert "policy.clauses.c3" not in faults(
        amount("lt", 5), amount("eq", 5), amount("gt", 5), amount("ge", 0)
    )
    assert "policy.clauses.c1" in faults(amount("ge", 0), amount("gt", 5))


def test_a_condition_of_too_many_alternatives_is_refused() -> None:
    either = Join("any", (Atom("amount", "eq", 1), Atom("amount", "eq", 2)))
    found = faults(Join("all", (either,) * 10))
    assert found["policy.clauses.c0.when"][0].en == "more than 512 alternatives"

"""The score: its lines are all there is, it is exact, and a naive second implementation finds the same."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings

from enforcement.credit.facts import Fact, State
from enforcement.credit.parsing import understood
from enforcement.credit.policy import NoPolicy, in_force, points_text
from enforcement.credit.scoring import Line, Score, score
from tests.unit.credit import oracle
from tests.unit.credit.given import OVERDUE, clause, days, document, documents, fact, facts, policy, text


def of(found: Score) -> list[tuple[str, str | None, Fraction]]:
    return [(line.clause, line.event, Fraction(line.points, 100)) for line in found.lines]


@given(documents(), facts(), days)
@settings(max_examples=80, deadline=None)
def test_a_naive_second_implementation_finds_the_same_score(row: Any, known: list[Fact], on: date) -> None:
    found = score(known, understood(text(row)), on)
    lines, total, grade = oracle.result(row, [one.dump() for one in known], on)
    assert (of(found), Fraction(found.total, 100), found.grade) == (lines, total, grade)


@given(documents(), facts(), days)
@settings(max_examples=25, deadline=None)
def test_the_next_change_is_the_one_that_walking_day_by_day_meets(
    row: Any, known: list[Fact], on: date
) -> None:
    until = on + timedelta(days=100)
    found = score(known, understood(text(row)), on).next_change
    walked = oracle.next_change(row, [one.dump() for one in known], on, until)
    assert (found if found and found <= until else None) == walked


@given(documents(), facts(), days)
@settings(max_examples=25, deadline=None)
def test_the_total_is_the_base_and_its_lines(row: Any, known: list[Fact], on: date) -> None:
    found = score(known, understood(text(row)), on)
    assert found.total == found.base + sum(line.points for line in found.lines)


@given(documents(), facts(), days)
@settings(max_examples=25, deadline=None)
def test_removing_an_event_removes_exactly_its_lines(row: Any, known: list[Fact], on: date) -> None:
    whole = score(known, understood(text(row)), on)
    for gone in known:
        left = score([one for one in known if one is not gone], understood(text(row)), on)
        apart = [line for line in whole.lines if line.event and gone.event not in named(line)]
        kept = [line for line in left.lines if line.event]
        assert [line for line in kept if line in apart] == apart
        others = [line for line in kept if line not in apart]
        assert all(gone.event in named(whole_of(whole, line)) for line in others)
        assert gone.event not in {line.event for line in left.lines}


def named(line: Line) -> tuple[str | None, ...]:
    """Its own event, and those on which it hangs."""
    return (line.event, *line.because, *line.counted_by)


def whole_of(found: Score, line: Any) -> Any:
    """The line of the same clause and event."""
    return next(one for one in found.lines if (one.clause, one.event) == (line.clause, line.event))


@given(documents(), facts(), days)
@settings(max_examples=25, deadline=None)
def test_the_order_in_which_facts_come_does_not_matter(row: Any, known: list[Fact], on: date) -> None:
    counted = understood(text(row))
    assert score(known, counted, on) == score(list(reversed(known)), counted, on)


@given(facts())
def test_a_fact_survives_its_document(known: list[Fact]) -> None:
    assert [Fact.restore(one.dump()) for one in known] == known


# -- days ------------------------------------------------------------------------------------------------------

MINOR = clause(fade={"kind": "none", "months": "3", "since": "published"}, ends=["revoked", "repaired"])


def total(known: list[Fact], on: str, *clauses: dict[str, Any]) -> str:
    return points_text(score(known, policy(*clauses), date.fromisoformat(on)).total)


def test_a_minor_record_ends_by_itself_three_months_after_publication() -> None:
    penalty = fact(1, "2026-01-05", State("published", date(2026, 1, 31)))
    assert total([penalty], "2026-04-29", MINOR) == "90"
    assert total([penalty], "2026-04-30", MINOR) == "100", "30 April is three months after 31 January"
    assert score([penalty], policy(MINOR), date(2026, 3, 1)).lines[0].ends_on == date(2026, 4, 30)


def test_an_unpublished_record_runs_from_the_decision() -> None:
    assert total([fact(1, "2026-01-05")], "2026-04-04", MINOR) == "90"
    assert total([fact(1, "2026-01-05")], "2026-04-05", MINOR) == "100"


def test_a_line_counts_from_its_own_day_on() -> None:
    assert total([fact(1, "2026-01-05")], "2026-01-04", MINOR) == "100"
    assert total([fact(1, "2026-01-05")], "2026-01-05", MINOR) == "90"


def test_a_revoked_decision_counts_until_the_day_of_revocation() -> None:
    penalty = fact(1, "2026-01-05", State("revoked", date(2026, 2, 10)))
    assert total([penalty], "2026-02-09", MINOR) == "90"
    assert total([penalty], "2026-02-10", MINOR) == "100"


def test_an_event_without_a_date_never_counts() -> None:
    assert total([fact(1, None)], "2026-02-10", MINOR) == "100"


def test_points_that_fade_evenly_fall_once_a_month() -> None:
    even = clause(fade={"kind": "linear", "months": "12"})
    falls = [
        total([fact(1, "2026-01-31")], on, even)
        for on in ("2026-02-27", "2026-02-28", "2026-12-31", "2027-01-31")
    ]
    assert falls == ["90", "90.84", "99.17", "100"]


def test_points_that_fade_in_steps_keep_a_share() -> None:
    stepped = clause(fade={"kind": "step", "months": "12", "steps": [{"after": "6", "keep": "33"}]})
    assert total([fact(1, "2026-01-31")], "2026-07-30", stepped) == "90"
    assert total([fact(1, "2026-01-31")], "2026-07-31", stepped) == "96.7"


def test_an_unpaid_penalty_counts_until_it_is_paid() -> None:
    unpaid = clause(on=[OVERDUE], fade={"kind": "none"}, ends=["paid"], marks={"points": "ours"})
    late = fact(1, "2020-01-05", State("paid", date(2026, 2, 10)), type=OVERDUE)
    assert total([late], "2026-02-09", unpaid) == "90"
    assert total([late], "2026-02-10", unpaid) == "100"


# -- amounts ---------------------------------------------------------------------------------------------------


def test_a_band_counts_the_confiscation_with_the_fine() -> None:
    band = clause(
        points={
            "band": "amount",
            "steps": [{"least": "10000", "points": "-2"}, {"least": "50000", "points": "-5"}],
        }
    )
    found = [
        total([fact(1, "2026-01-05", amount=fen)], "2026-02-01", band)
        for fen in (999_999, 1_000_000, 4_999_999, 5_000_000, 2_068_030_110)
    ]
    assert found == ["100", "98", "98", "95", "95"]


def test_points_by_the_unit_add_up_over_a_list_to_their_most() -> None:
    units = clause(points={"per": "penalties.units", "each": "-1.5", "most": "-6"})
    found = [
        total([fact(1, "2026-01-05", penalties__units=n)], "2026-02-01", units)
        for n in ([], [1], [2, 1], [9, 9])
    ]
    assert found == ["100", "98.5", "95.5", "94"]


# -- several events --------------------------------------------------------------------------------------------

REPEAT = clause("repeat", again_within="24", ends=["revoked"])


def test_a_second_penalty_on_the_last_day_of_two_years_is_a_repeat() -> None:
    pair = [fact(1, "2024-03-05"), fact(2, "2026-03-05")]
    assert total(pair, "2026-03-05", REPEAT) == "90"
    assert score(pair, policy(REPEAT), date(2026, 3, 5)).lines[0].because == ("case-1/7",)
    assert total([fact(1, "2024-03-05"), fact(2, "2026-03-06")], "2026-03-06", REPEAT) == "100"


def test_a_repeat_falls_with_the_revocation_of_the_first_decision() -> None:
    pair = [fact(1, "2025-03-05", State("revoked", date(2026, 5, 1))), fact(2, "2026-03-05")]
    assert total(pair, "2026-04-30", REPEAT) == "90"
    assert total(pair, "2026-05-01", REPEAT) == "100"


ONCE = clause("once", once_per="record", ends=["revoked"], points={"per": "penalties.units", "each": "-2"})


def test_of_one_matter_only_the_earliest_event_that_is_worth_something_counts() -> None:
    known = [
        fact(1, "2026-01-05", record="minor"),
        fact(3, "2026-01-07", record="minor", penalties__units=[3]),
        fact(2, "2026-01-07", record="minor", penalties__units=[2]),
        fact(4, "2026-01-06", record="general", penalties__units=[1]),
        fact(5, "2026-01-08", penalties__units=[1]),
        fact(6, "2026-01-09", penalties__units=[1]),
    ]
    found = score(known, policy(ONCE), date(2026, 2, 1)).lines
    assert [(line.event, line.points, line.points_at_start, line.counted_by) for line in found] == [
        ("case-2/7", -400, -400, ()),
        ("case-3/7", 0, 0, ("case-2/7",)),
        ("case-4/7", -200, -200, ()),
        ("case-5/7", -200, -200, ()),
        ("case-6/7", -200, -200, ()),
    ]


def test_what_was_taken_by_another_clause_of_its_group_counts_nothing_away() -> None:
    first = clause("first", group="g", when={"field": "amount", "op": "ge", "value": "1000"})
    pair = [fact(1, "2026-01-05", record="minor", amount=100_000), fact(2, "2026-01-06", record="minor")]
    once = clause("second", group="g", once_per="record")
    assert total(pair, "2026-02-01", first, once) == "80"
    assert total(pair, "2026-02-01", first, clause("second", once_per="record")) == "80"


def test_a_cap_is_a_line_of_its_own() -> None:
    many = [fact(n, "2026-01-05") for n in range(1, 9)]
    found = score(many, policy(), date(2026, 2, 1))
    assert (points_text(found.total), found.lines[-1].clause, found.lines[-1].points) == (
        "40",
        "cap:penalties",
        2000,
    )
    assert found.lines[-1].event is None


def test_of_a_group_only_the_first_clause_counts() -> None:
    pair = clause("first", group="g", points={"fixed": "-3"}), clause("second", group="g")
    assert [
        line.clause for line in score([fact(1, "2026-01-05")], policy(*pair), date(2026, 2, 1)).lines
    ] == ["first"]


# -- classes ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("base", "grade"),
    [("90", "A"), ("89.99", "B"), ("75", "B"), ("74.99", "C"), ("60", "C"), ("59.99", "D"), ("-1", "D")],
)
def test_a_total_on_the_border_is_in_the_better_class(base: str, grade: str) -> None:
    assert score([], policy(base=base), date(2026, 1, 1)).grade == grade


def test_a_veto_holds_the_class_and_leaves_the_total() -> None:
    veto = clause("veto", at_best="C", points=None, category=None, marks={"at_best": "ours", "fade": "ours"})
    found = score([fact(1, "2026-01-05")], policy(veto), date(2026, 2, 1))
    assert (found.grade, points_text(found.total), found.lines[0].points) == ("C", "100", 0)
    low = score([fact(1, "2026-01-05")], policy(veto, base="10"), date(2026, 2, 1))
    assert low.grade == "D", "a veto never lifts"


def test_the_json_of_a_score_has_the_agreed_members() -> None:
    found = score([fact(1, "2026-01-05")], policy(), date(2026, 2, 1)).dump()
    assert found == {
        "base": "100",
        "lines": [
            {
                "clause": "penalty",
                "event": "case-1/7",
                "position": 1,
                "date": "2026-01-05",
                "points": "-10",
                "points_at_start": "-10",
                "ends_on": "2027-01-05",
                "article": "Order 107 art 8",
            }
        ],
        "total": "90",
        "class": "A",
        "next_change": "2027-01-05",
    }


# -- which policy ----------------------------------------------------------------------------------------------


def test_a_day_without_a_policy_is_an_error_that_says_so() -> None:
    first = policy(valid_from="2026-01-01", valid_to="2026-06-30")
    with pytest.raises(NoPolicy, match="no scoring policy is in force on 2025-12-31"):
        in_force([first], date(2025, 12, 31))
    assert in_force([first], date(2026, 6, 30)) is first
    with pytest.raises(NoPolicy):
        in_force([first], date(2026, 7, 1))


def test_nothing_falls_through_to_an_older_policy() -> None:
    old = policy(id="old", valid_from="2020-01-01")
    new = policy(id="new", valid_from="2026-01-01", valid_to="2026-06-30")
    assert in_force([old, new], date(2025, 12, 31)) is old
    assert in_force([old, new], date(2026, 1, 1)) is new
    with pytest.raises(NoPolicy):
        in_force([old, new], date(2026, 7, 1))


def test_of_two_policies_from_one_day_the_later_adopted_governs() -> None:
    pair = [policy(id="first"), policy(id="second")]
    assert in_force(pair, date(2026, 1, 1)).id == "second"
    assert document()["valid_from"] == "2024-01-01"

"""What becomes a fact of a case, and what later steps make of it: the traps among them."""

from datetime import date
from typing import Any

import pytest

import enforcement.ledger  # noqa: F401
from enforcement.credit.facts import Fact
from enforcement.credit.reading import Reading, read
from enforcement.events import Event, Who, known

OTHER = "91330303MA2BBBBB0B"
MINE = "91330302MA2AAAAA0J"
Step = tuple[str, str | None, dict[str, Any]]
OPENED: Step = (
    "case.clue-registered",
    "2026-01-02",
    {
        "parties": [
            {"id": "p1", "kind": "organisation", "uscc": MINE},
            {"id": "p2", "kind": "organisation", "uscc": OTHER},
        ],
        "violations": [{"id": "v1", "code": "M-C04"}],
    },
)


def decided(*penalties: dict[str, Any], day: str | None = "2026-02-02") -> Step:
    rows = [{"violation": "v1", "party": "p1", "fine": "1400"} | row for row in penalties or ({},)]
    return "case.penalty-decided", day, {"penalties": rows}


def reading(*steps: Step) -> Reading:
    events = [event(version, *step) for version, step in enumerate((OPENED, *steps), 1)]
    return read("case-1", [(100 + one.originator_version, one) for one in events])


def event(version: int, topic: str, day: str | None, data: dict[str, Any]) -> Event:
    cls = known(topic)
    assert cls is not None
    who = Who("wz-1", "handler", f"c{version}")
    return cls.new("case-1", version, who, "2026-03-01T00:00:00.000000Z", day, data, "case-1")


def facts(*steps: Step) -> list[Fact]:
    return reading(*steps).facts


def states(found: Fact) -> list[tuple[str, date]]:
    return [(state.kind, state.since) for state in found.states]


def test_a_decision_is_a_fact_about_each_party_with_its_part_alone() -> None:
    mine, other = facts(decided({}, {"party": "p2", "fine": "9000", "gains": "100.25", "units": 3}))
    assert (mine.uscc, mine.event, mine.position, mine.day) == (MINE, "case-1/2", 102, date(2026, 2, 2))
    assert mine.fields["amount"] == 140_000
    assert (other.uscc, other.fields["amount"], other.fields["penalties.units"]) == (OTHER, 910_025, [3])


def test_the_code_of_a_penalty_is_that_of_its_violation() -> None:
    assert facts(decided())[0].fields["penalties.code"] == ["M-C04"]
    assert facts(decided({"code": "M-V01"}))[0].fields["penalties.code"] == ["M-V01"]


def test_a_fine_far_below_its_confiscation_counts_with_it() -> None:
    found = facts(decided({"fine": "1300", "gains": "20679001.10"}))[0]
    assert found.fields["amount"] == 2_068_030_110


@pytest.mark.parametrize(
    ("penalty", "record"),
    [
        ({"rung": "lighter", "fine": "50000"}, "minor"),
        ({"rung": "lighter", "fine": "50000.01"}, "general"),
        ({"rung": "ordinary"}, "general"),
        ({}, "general"),
        ({"rung": "lighter", "gains": "1"}, "general"),
        ({"rung": "lighter", "goods": "1 scale"}, "general"),
        ({"rung": "lighter", "warning": True}, "minor"),
        ({"fine": None, "criticism": True}, "minor"),
        ({"fine": None, "warning": True}, "not_published"),
        ({"kinds": ["stop_business"]}, "serious"),
        ({"kinds": ["licence_revoked"], "fine": None}, "serious"),
        ({"kinds": ["confiscate_instrument"], "rung": "lighter"}, "general"),
    ],
)
def test_the_public_record_has_the_class_of_order_107(penalty: dict[str, Any], record: str) -> None:
    assert facts(decided(penalty))[0].fields["record"] == record


def test_an_older_record_runs_by_order_107_too() -> None:
    assert facts(decided({"rung": "reduced"}, day="2024-05-06"))[0].fields["record"] == "minor"


def test_two_penalties_on_different_rungs_have_the_record_of_the_higher() -> None:
    pair = {"rung": "lighter"}, {"rung": "ordinary"}
    assert facts(decided(*pair))[0].fields["record"] == "general"
    assert facts(decided({"rung": "lighter"}, {}))[0].fields["record"] == "general", "one rung is not stated"


def test_a_revoked_decision_keeps_its_fact_and_the_day_of_revocation() -> None:
    first, second = facts(
        decided(),
        ("case.decision-revoked", "2026-03-03", {"by": "court", "reason": "x"}),
        decided({"fine": "10"}, day="2026-04-04"),
    )
    assert (states(first), states(second)) == ([("revoked", date(2026, 3, 3))], [])


def test_a_changed_decision_gives_way_to_the_change() -> None:
    first, second = facts(
        decided(),
        (
            "case.decision-changed",
            "2026-03-03",
            {"by": "reconsideration", "reason": "x", "penalties": [{"violation": "v1", "fine": "7"}]},
        ),
    )
    assert states(first) == [("changed", date(2026, 3, 3))]
    assert (second.type, second.fields["amount"]) == ("case.decision-changed", 700)


def test_publicity_payment_and_repair_mark_the_penalty() -> None:
    found = facts(
        decided(),
        ("case.published", "2026-02-20", {"where": "x"}),
        ("case.paid", "2026-02-25", {"amount": "1", "what": "fine", "in_full": False}),
        ("case.paid", "2026-02-27", {"amount": "1399", "what": "fine", "in_full": True}),
        ("case.publicity-ended", "2026-06-20", {"why": "repair"}),
    )
    assert states(found[0]) == [
        ("published", date(2026, 2, 20)),
        ("paid", date(2026, 2, 27)),
        ("repaired", date(2026, 6, 20)),
    ]


@pytest.mark.parametrize(
    "steps",
    [
        [
            ("case.credit-repaired", "2026-06-18", {}),
            ("case.publicity-ended", "2026-06-20", {"why": "repair"}),
        ],
        [("case.publicity-ended", "2026-06-20", {"why": "repair"})],
    ],
)
def test_one_repair_speaks_for_a_business_once_and_not_after_fraud(steps: list[Step]) -> None:
    published: Step = ("case.published", "2026-02-20", {"where": "x"})
    anew: Step = ("case.published", "2026-08-03", {"where": "x", "anew": True})

    def mine(*more: Step) -> list[str]:
        return [fact.type for fact in facts(decided(), published, *steps, *more) if fact.uscc == MINE]

    assert mine() == ["case.penalty-decided", steps[0][0]]
    assert mine(anew) == ["case.penalty-decided"]


def test_what_one_party_pays_marks_that_party_alone() -> None:
    mine, other = facts(
        decided({}, {"party": "p2"}),
        ("case.paid", "2026-02-27", {"amount": "1400", "what": "fine", "in_full": True, "party": "p2"}),
    )
    assert (states(mine), states(other)) == ([], [("paid", date(2026, 2, 27))])


def test_a_correction_knows_its_days_and_whether_it_was_in_time() -> None:
    ordered: Step = (
        "case.correction-ordered",
        "2026-01-05",
        {"order": "o1", "due": "2026-01-20", "what": "x"},
    )

    def checked(day: str) -> Fact:
        return facts(ordered, ("case.correction-checked", day, {"order": "o1", "result": "done"}))[0]

    assert (checked("2026-01-20").fields["days"], checked("2026-01-20").fields["in_time"]) == (15, True)
    assert checked("2026-01-21").fields["in_time"] is False


def test_a_penalty_recorded_wrongly_counts_as_it_was_corrected() -> None:
    wrong: dict[str, Any] = {"corrects": 2, "kind": "amend", "reason": "x"}
    amended = facts(
        decided(), ("case.event-corrected", "2026-03-01", wrong | {"becomes": decided({"fine": "7"})[2]})
    )
    assert (amended[0].fields["amount"], amended[0].position) == (700, 102)
    assert facts(decided(), ("case.event-corrected", "2026-03-01", wrong | {"kind": "set_aside"})) == []


def test_a_party_that_becomes_known_late_is_known_from_the_start() -> None:
    third = "91330304MA2CCCCC0U"
    found = facts(
        decided({"party": "p3"}),
        ("case.party-added", "2026-03-03", {"party": {"id": "p3", "kind": "organisation", "uscc": third}}),
    )
    assert [one.uscc for one in found] == [third]


@pytest.mark.parametrize(
    ("occurred", "day"),
    [
        ("2026-02", date(2026, 2, 1)),
        ("2026", date(2026, 1, 1)),
        (None, date(2026, 1, 2)),
        ("2026-02-02T23:30:00+00:00", date(2026, 2, 3)),
    ],
)
def test_a_coarse_date_is_read_in_favour_of_the_business(occurred: str | None, day: date) -> None:
    assert facts(decided(day=occurred))[0].day == day


def test_a_decision_of_which_nothing_is_known_is_a_fact_about_all_parties() -> None:
    assert [
        (one.uscc, "amount" in one.fields) for one in facts(("case.penalty-decided", "2026-02-02", {}))
    ] == [
        (MINE, False),
        (OTHER, False),
    ]


def test_natural_persons_are_no_business() -> None:
    person: Step = ("case.party-added", "2026-01-03", {"party": {"id": "p4", "kind": "person"}})
    assert facts(person, decided({"party": "p4"})) == []


def test_an_aggregate_that_no_clause_looks_at_has_no_facts() -> None:
    assert read("calendar-2027", []) == Reading()

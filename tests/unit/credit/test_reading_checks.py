"""Results of checks, net-content tests and reports as facts; what comes after them ends or marks them."""

from datetime import date
from importlib.resources import files
from typing import Any

import pytest

import enforcement.ledger  # noqa: F401
from enforcement.credit.facts import Fact, State
from enforcement.credit.parsing import parse
from enforcement.credit.reading import read
from enforcement.credit.scoring import score
from enforcement.events import Event, Who, known

USCC = "91330302MA2AAAAA0J"
Step = tuple[str, str, dict[str, Any]]
SHIPPED = parse(
    files("enforcement.credit").joinpath("policies", "wenzhou-metrology-2026.yaml").read_text("utf-8")
)
ENTERED: Step = ("inspection.results-entered", "2026-03-02", {"entity": USCC, "codes": ["5"]})
PUBLISHED: Step = ("inspection.published", "2026-03-20", {})


def facts(*steps: Step) -> list[Fact]:
    family = steps[0][0].partition(".")[0]
    return read(
        f"{family}-1", [(10 + n, event(f"{family}-1", n, *step)) for n, step in enumerate(steps, 1)]
    ).facts


def event(id: str, version: int, topic: str, day: str, data: dict[str, Any]) -> Event:
    cls = known(topic)
    assert cls is not None
    who = Who("wz-1", "handler", f"c{version}")
    return cls.new(id, version, who, "2026-05-01T00:00:00.000000Z", day, data, USCC)


def lines(known: list[Fact], on: str) -> list[str]:
    return [line.clause for line in score(known, SHIPPED, date.fromisoformat(on)).lines if line.event]


def test_a_result_counts_from_its_publication_on() -> None:
    found = facts(ENTERED, PUBLISHED)
    assert (lines(found, "2026-03-19"), lines(found, "2026-03-20")) == ([], ["check-problem"])


@pytest.mark.parametrize(
    ("after", "data"),
    [
        ("inspection.withdrawn", {"why": "wrong", "reason": "x"}),
        ("inspection.withdrawn", {"why": "revoked", "reason": "x"}),
        ("inspection.withdrawn", {"why": "repair", "reason": "x"}),
        ("inspection.rechecked", {"result": "done"}),
        ("inspection.results-entered", {"entity": USCC, "codes": ["1"]}),
    ],
)
def test_what_comes_after_a_result_ends_it(after: str, data: dict[str, Any]) -> None:
    found = facts(ENTERED, PUBLISHED, (after, "2026-04-01", data))
    assert (lines(found, "2026-03-31"), lines(found, "2026-04-01")) == (["check-problem"], [])


@pytest.mark.parametrize("after", ["not_done", "partly"])
def test_a_problem_that_is_still_there_goes_on_counting(after: str) -> None:
    found = facts(ENTERED, PUBLISHED, ("inspection.rechecked", "2026-04-01", {"result": after}))
    assert lines(found, "2026-04-01") == ["check-problem"]


def test_of_several_codes_the_gravest_counts_alone() -> None:
    entered = (ENTERED[0], ENTERED[1], {"entity": USCC, "codes": ["2", "6"]})
    assert lines(facts(entered, PUBLISHED), "2026-04-01") == ["check-refused"]


def test_a_check_without_findings_or_business_costs_nothing() -> None:
    clean = (ENTERED[0], ENTERED[1], {"entity": USCC, "codes": ["1"]})
    assert lines(facts(clean, PUBLISHED), "2026-04-01") == []
    assert facts((ENTERED[0], ENTERED[1], {"codes": ["5"]}), PUBLISHED) == []


@pytest.mark.parametrize(
    ("verdicts", "clauses"),
    [
        ({"label": True, "single": True, "average": True}, []),
        ({"label": False, "single": True, "average": True}, ["netcontent-label"]),
        ({"label": False, "single": False, "average": True}, ["netcontent-short"]),
        ({"label": True, "single": True, "average": False}, ["netcontent-short"]),
        ({"label": True, "single": True}, []),
    ],
)
def test_a_net_content_test_counts_by_its_verdicts(verdicts: dict[str, Any], clauses: list[str]) -> None:
    found = facts(("netcontent.judged", "2026-03-02", {"entity": USCC, **verdicts}))
    assert lines(found, "2026-04-01") == clauses


def test_a_net_content_test_that_was_withdrawn_is_over() -> None:
    judged: Step = ("netcontent.judged", "2026-03-02", {"entity": USCC, "single": False})
    found = facts(judged, ("netcontent.withdrawn", "2026-03-09", {"reason": "x"}))
    assert (lines(found, "2026-03-08"), lines(found, "2026-03-09")) == (["netcontent-short"], [])


def test_a_report_counts_once_it_turned_out_to_be_true() -> None:
    true: Step = (
        "report.substantiated",
        "2026-03-02",
        {"target": USCC, "case": "case-1", "outcome": "penalty"},
    )
    assert lines(facts(true), "2026-03-02") == ["report-substantiated"]
    assert facts(("report.substantiated", "2026-03-02", {"case": "case-1", "outcome": "penalty"})) == []
    assert facts(("report.unsubstantiated", "2026-03-02", {"case": "case-1"})) == []


def of_case(number: int, case: str, *marked: State, day: str = "2026-03-02") -> Fact:
    """A substantiated report of its own, filed on a case."""
    data = {"target": USCC, "case": case, "outcome": "penalty"}
    read_ = read(
        f"report-{number}", [(10 + number, event(f"report-{number}", 1, "report.substantiated", day, data))]
    )
    return read_.facts[0].with_states(marked)


def counted(known: list[Fact], on: str) -> list[tuple[str | None, int, tuple[str, ...]]]:
    found = score(known, SHIPPED, date.fromisoformat(on))
    return [(line.event, line.points, line.counted_by) for line in found.lines]


def test_two_reports_of_one_case_count_once_and_say_why() -> None:
    pair = [of_case(2, "case-1", day="2026-03-05"), of_case(1, "case-1")]
    first, second = counted(pair, "2026-04-01")
    assert first == ("report-1/1", -300, ())
    assert second == ("report-2/1", 0, ("report-1/1",))
    assert score(pair, SHIPPED, date(2026, 4, 1)).dump()["lines"][1]["counted_by"] == ["report-1/1"]
    assert counted(pair, "2027-03-02") == [("report-2/1", 0, ("report-1/1",))]


def test_reports_of_two_cases_count_twice() -> None:
    found = counted([of_case(1, "case-1"), of_case(2, "case-2")], "2026-04-01")
    assert found == [("report-1/1", -300, ()), ("report-2/1", -300, ())]


def test_a_second_report_counts_once_the_first_was_wrong() -> None:
    pair = [of_case(1, "case-1", State("upheld", date(2026, 6, 1))), of_case(2, "case-1", day="2026-03-05")]
    assert counted(pair, "2026-05-31")[1] == ("report-2/1", 0, ("report-1/1",))
    assert score(pair, SHIPPED, date(2026, 5, 31)).next_change == date(2026, 6, 1)
    assert counted(pair, "2026-06-01") == [("report-2/1", -300, ())]


def test_of_three_reports_of_one_case_each_later_one_names_the_earlier() -> None:
    three = [of_case(number, "case-1") for number in (3, 1, 2)]
    assert [line[1:] for line in counted(three, "2026-04-01")] == [
        (-300, ()),
        (0, ("report-1/1",)),
        (0, ("report-1/1", "report-2/1")),
    ]

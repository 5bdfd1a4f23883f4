"""Every row of the procedure: it happens where the table lets it, gives its state and deadlines, and nowhere else."""

import pytest

from enforcement.cases.guards import breaches
from enforcement.cases.procedure import RANK, STATES, Row, table
from enforcement.law import Law
from tests.unit.cases.given import Bureau, Outcome, event, folded
from tests.unit.cases.rows import HAPPENS, OPENINGS, Happens
from tests.unit.cases.steps import BY_STATE, at

LAW = Law.load()
STEPS = [row for row in table().rows if not row.begins]
CONFINED = [row for row in STEPS if len(row.states) < len(STATES)]


def topic(value: object) -> str:
    return getattr(value, "topic", "")


@pytest.mark.parametrize("row", HAPPENS, ids=topic)
def test_row_happens_with_its_state_and_deadlines(bureau: Bureau, row: Happens) -> None:
    outcome = bureau.given(*row.given).when(row.topic, row.on, **row.data)
    check(row, outcome)


@pytest.mark.parametrize("row", OPENINGS, ids=topic)
def test_opening_row_begins_a_case(bureau: Bureau, row: Happens) -> None:
    outcome = bureau.opens(row.topic, row.on, **row.data)
    check(row, outcome)
    assert outcome.receipt is not None
    assert outcome.receipt.version == 1


def check(row: Happens, outcome: Outcome) -> None:
    assert outcome.state == row.state
    assert {key: outcome.due(key) for key in row.starts} == dict(row.starts)
    before = set(outcome.before.clocks) | set(row.ends) if not row.given else set(outcome.before.clocks)
    for key in row.ends:
        assert key in before, f"{key} did not run before"
        assert key not in outcome.running()
    assert outcome.findings == []


def test_every_row_has_a_scenario_of_its_own() -> None:
    scenarios = [row.topic for row in (*HAPPENS, *OPENINGS)]
    assert sorted(scenarios) == sorted(row.topic for row in table().rows)


def test_every_state_has_a_path_that_leads_there() -> None:
    assert {state: folded(*path, law=LAW).state for state, path in BY_STATE.items()} == {s: s for s in STATES}


@pytest.mark.parametrize("row", CONFINED, ids=topic)
def test_row_is_refused_in_every_other_state(row: Row) -> None:
    step = at(row.topic, "2027-01-04")
    for state in sorted(set(STATES) - row.states):
        case = folded(*BY_STATE[state], law=LAW)
        found = breaches(case, row, event("case-x", case.version + 1, step), LAW)
        late = RANK[state] > max(RANK[s] for s in row.states)
        wanted = "out-of-order" if late else "step-not-recorded"
        assert found[0].rule == wanted, state
        assert found[0].hard
        assert found[0].article == row.article
        assert state in found[0].message.en
        assert state in found[0].message.zh


@pytest.mark.parametrize("row", CONFINED, ids=topic)
def test_refusal_outside_the_table_records_nothing(bureau: Bureau, row: Row) -> None:
    state = min(set(STATES) - row.states, key=lambda s: RANK[s])
    given = bureau.given(*BY_STATE[state])
    head = bureau.ledger.head()
    outcome = given.when(row.topic, "2027-01-04")
    assert set(outcome.rules) & {"out-of-order", "step-not-recorded"}
    assert bureau.ledger.head() == head


@pytest.mark.parametrize("row", [r for r in table().rows if r.begins], ids=topic)
def test_opening_row_is_refused_in_an_open_case(bureau: Bureau, row: Row) -> None:
    assert "out-of-order" in bureau.given(*BY_STATE["FILED"]).when(row.topic, "2026-03-10").rules

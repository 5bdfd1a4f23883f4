"""The table of listing, repair and objection: every row known, reachable, with guards and periods that exist."""

import pytest

from enforcement.credit.commands import PROCESSES
from enforcement.credit.following import FOLLOWERS
from enforcement.credit.guards import GUARDS
from enforcement.credit.judging import BUSINESS
from enforcement.credit.process import ProcessEvent
from enforcement.credit.steps import possible, steps
from enforcement.events import known
from enforcement.law import Law
from enforcement.law.roles import role_names

ROWS = list(steps().values())
RULES = {rule.id: rule for rule in Law.load().deadlines}


@pytest.mark.parametrize("step", ROWS, ids=lambda step: step.topic)
def test_row_names_an_event_guards_and_periods_that_exist(step: object) -> None:
    row = next(row for row in ROWS if row is step)
    cls = known(row.topic)
    assert cls is not None
    assert issubclass(cls, ProcessEvent)
    assert row.process in PROCESSES
    assert set(row.guards) <= GUARDS.keys()
    assert {p.rule for p in row.starts} | {*row.ends, *row.extends} <= RULES.keys()
    assert all(RULES[id].extension_steps for id in row.extends)
    assert row.status == "confirmed" or row.reason
    assert (row.decider is None) or "approved_by" in cls.__annotations__
    assert set(row.roles) <= {*role_names(), BUSINESS, "bureau_system"}


def test_every_guard_and_follower_is_used() -> None:
    assert {name for row in ROWS for name in row.guards} == GUARDS.keys()
    assert FOLLOWERS.keys() <= steps().keys()


def test_every_process_event_has_its_row() -> None:
    made = {cls.TOPIC for cls in ProcessEvent.__subclasses__()}
    assert made == steps().keys()


@pytest.mark.parametrize("process", PROCESSES)
def test_every_state_can_be_reached(process: str) -> None:
    reached, frontier = set(), {"-"}
    while frontier:
        reached |= frontier
        frontier = {row.to for state in frontier for row in possible(process, state) if row.to} - reached
    assert {state for row in ROWS if row.process == process for state in row.states} <= reached


def test_every_started_period_can_end() -> None:
    started = {(row.process, period.rule) for row in ROWS for period in row.starts}
    assert started <= {(row.process, rule) for row in ROWS for rule in row.ends}

"""Every guard: what it refuses with rule, article and earliest day, and what it lets pass at the boundary."""

from datetime import date

import pytest

from enforcement.cases.guards import GUARDS, breaches, standing
from enforcement.cases.procedure import Row, table
from enforcement.law import Law
from tests.unit.cases.given import Bureau, Outcome, event, folded
from tests.unit.cases.refusals import FORBIDS, Forbids
from tests.unit.cases.steps import BY_STATE, Path, at

LAW = Law.load()
SPECS = [(row, text) for row in table().rows for text in row.guards if text not in GUARDS]
IN_STATE = [(row, text) for row, text in SPECS if not text.startswith("fresh ")]
FRESH = [(row, text) for row, text in SPECS if text.startswith("fresh ")]


def name(value: object) -> str:
    return value.guard if isinstance(value, Forbids) else ""


def asked(bureau: Bureau, given: Path, topic: str, on: str, data: dict[str, object]) -> Outcome:
    return bureau.given(*given).when(topic, on, **data) if given else bureau.opens(topic, on, **data)  # type: ignore[arg-type]


@pytest.mark.parametrize("case", FORBIDS, ids=name)
def test_guard_refuses_with_rule_article_and_earliest_day(bureau: Bureau, case: Forbids) -> None:
    outcome = asked(bureau, case.given, case.topic, case.on, dict(case.data))
    if case.soft:
        assert outcome.refused == ()
        assert case.rule in outcome.findings
        return
    breach = outcome.breach(case.rule)
    assert breach.article
    assert breach.message.en
    assert breach.message.zh != breach.message.en
    assert (breach.earliest.isoformat() if breach.earliest else None) == case.earliest


@pytest.mark.parametrize("case", FORBIDS, ids=name)
def test_guard_lets_pass_at_the_boundary(bureau: Bureau, case: Forbids) -> None:
    passes = case.passes
    data = {**case.data, **passes.data}
    given = case.given if passes.given is None else passes.given
    if passes.given is None and not passes.data and not passes.on:
        data = {}
    outcome = asked(bureau, given, case.topic, passes.on or case.on, data)
    assert outcome.refused == (), outcome.why
    assert case.rule not in outcome.findings


def test_every_guard_has_a_refusal_and_stands_in_the_table() -> None:
    assert {case.guard for case in FORBIDS} == set(GUARDS)
    assert set(GUARDS) == {text for row in table().rows for text in row.guards if text in GUARDS}
    assert all(case.guard in table().row(case.topic).guards for case in FORBIDS)


@pytest.mark.parametrize(("row", "text"), IN_STATE, ids=lambda v: getattr(v, "topic", ""))
def test_thing_beside_the_line_must_be_in_its_state(row: Row, text: str) -> None:
    state = min(row.states, key=list(BY_STATE).index)
    case = folded(*BY_STATE[state], law=LAW)
    case.regions, case.hearing = {}, {}
    found = breaches(case, row, event("case-x", case.version + 1, at(row.topic, "2027-01-04")), LAW)
    breach = next(b for b in found if b.rule == "not-in-this-state")
    assert breach.hard
    assert "found: none" in breach.message.en
    assert breach.article == row.article
    assert [b.rule for b in standing(case, row, LAW, date(2027, 1, 4))].count("not-in-this-state") == 1


USED = {
    "test": at("case.test-entrusted", "2026-03-12"),
    "assistance": at("case.assistance-requested", "2026-03-12"),
    "correction": at("case.correction-ordered", "2026-03-12"),
    "refund": at("case.refund-ordered", "2026-03-12"),
    "preservation": at("case.preservation-ordered", "2026-03-12"),
    "measure": at("case.measure-imposed", "2026-03-12"),
    "party": at("case.party-added", "2026-03-12"),
    "violation": at("case.violation-added", "2026-03-12"),
}


@pytest.mark.parametrize(("row", "text"), FRESH, ids=lambda v: getattr(v, "topic", ""))
def test_id_of_a_new_thing_is_used_once(bureau: Bureau, row: Row, text: str) -> None:
    step = USED[text.split()[1]]
    assert step.topic == row.topic
    again = bureau.given(*BY_STATE["INVESTIGATING"], step).when(row.topic, "2026-03-13")
    assert "id-used" in again.rules

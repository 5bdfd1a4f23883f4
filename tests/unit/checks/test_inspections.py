"""Inspections: the whole way, and every refusal with its rule."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from enforcement.checks.inspection import Inspection
from enforcement.checks.inspection_view import view
from enforcement.checks.steps import table
from enforcement.errors import InvalidData, NotFound, NotPermitted, Refused, VersionConflict
from enforcement.ledger import Ledger
from tests.unit import ledgers
from tests.unit.cases.given import EXPIRED, officer
from tests.unit.checks.given import ASSIGNED, STEPS, TEAM, assign, step, upto
from tests.unit.ledgers import who

TODAY = date(2026, 4, 1)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = ledgers.staffed(tmp_path / "ledger.db")
    old = officer(EXPIRED, "handler", licence_until="2025-12-31")
    made.register_inspector(who("old", "bureau_system"), "2020-01-01", old)
    yield made
    made.close()


def state(ledger: Ledger, id: str) -> str:
    return ledger.inspection(id).state


def shown(ledger: Ledger, id: str, today: date = TODAY) -> dict[str, Any]:
    return view(ledger.inspection(id), ledger.law, today)


def refused(ledger: Ledger, id: str, name: str, **changed: Any) -> list[str]:
    """The rules that a step breaks; nothing is recorded."""
    head = ledger.head()
    with pytest.raises(Refused) as caught:
        step(ledger, id, name, **changed)
    assert ledger.head() == head
    assert all(b.message.zh and b.message.en and b.article for b in caught.value.breaches)
    return [breach.rule for breach in caught.value.breaches]


def test_inspection_goes_from_the_order_to_the_last_follow_up(ledger: Ledger) -> None:
    id = upto(ledger, "published")
    assert state(ledger, id) == "FOLLOW_UP_OPEN"
    step(ledger, id, "correction-ordered", order="o1", what="更换秤", until="2026-03-20")
    step(ledger, id, "rechecked", on="2026-03-20", order="o1", officers=TEAM, result="done")
    step(ledger, id, "followup-finished", on="2026-03-20", code="3")
    assert state(ledger, id) == "FOLLOW_UP_CLOSED"
    assert shown(ledger, id)["open_followups"] == []


def test_result_without_follow_up_is_simply_published(ledger: Ledger) -> None:
    id = upto(ledger, "results-entered", codes=["1"], provincial=["1"], followups=[{"code": "1"}])
    step(ledger, id, "audited")
    step(ledger, id, "published")
    assert state(ledger, id) == "PUBLISHED"


def test_results_repeat_the_assignment_for_those_who_look_at_them(ledger: Ledger) -> None:
    id = upto(ledger, "results-entered")
    event = ledger.read(ledger.head() - 1, 1)[0].event
    assert event is not None
    named = {n: event.data()[n] for n in ("entity", "item", "object", "region", "officers", "check_kind")}
    assert named == {n: ASSIGNED[n] for n in named}
    assert event.subject == ASSIGNED["entity"]
    assert ledger.inspection(id).results_on == "2026-03-05"


def test_caller_does_not_say_otherwise_than_the_assignment(ledger: Ledger) -> None:
    id = upto(ledger, "recorded")
    with pytest.raises(InvalidData, match="taken from the assignment"):
        step(ledger, id, "results-entered", item="jl-jmsc-02")


def test_repeated_command_answers_the_first_receipt(ledger: Ledger) -> None:
    id = upto(ledger, "recorded")
    first = step(ledger, id, "results-entered", key="once")
    assert step(ledger, id, "results-entered", key="once") == first._replace(replayed=True)


def test_stale_version_is_refused(ledger: Ledger) -> None:
    id = upto(ledger, "results-entered")
    auditor = who("late", "reviewer", "wz-r1")
    with pytest.raises(VersionConflict):
        ledger.record_check(auditor, id, "inspection.audited", "2026-03-06", {"result": "passed"}, 2)


@pytest.mark.parametrize("officers", [["wz-h1"], ["wz-h1", "wz-h1"], []])
def test_one_officer_is_not_a_team(ledger: Ledger, officers: list[str]) -> None:
    with pytest.raises(Refused, match="two different officers"):
        assign(ledger, officers=officers)


@pytest.mark.parametrize(("other", "rule"), [(EXPIRED, "licence"), ("wz-x9", "officer-unknown")])
def test_licence_is_asked_for_at_order_and_entry(ledger: Ledger, other: str, rule: str) -> None:
    with pytest.raises(Refused) as caught:
        assign(ledger, officers=["wz-h1", other])
    assert [b.rule for b in caught.value.breaches] == [rule]


def test_licence_is_valid_on_its_last_day(ledger: Ledger) -> None:
    ledger.register_inspector(
        who("h9", "bureau_system"), "2020-01-01", officer("wz-h9", "handler", licence_until="2026-03-04")
    )
    id = assign(ledger, officers=["wz-h1", "wz-h9"])
    step(ledger, id, "notified")
    team = ["wz-h1", "wz-h9"]
    assert refused(ledger, id, "entered", on="2026-03-05", officers=team) == ["licence"]
    step(ledger, id, "entered", officers=team)


def test_check_on_a_clue_names_it_and_is_never_random(ledger: Ledger) -> None:
    with pytest.raises(Refused, match="names the clue"):
        assign(ledger, check_kind="case")
    with pytest.raises(Refused, match="not drawn at random"):
        assign(ledger, check_kind="case", clue="report-1", random=True)
    assert assign(ledger, check_kind="case", clue="report-1")


def test_nobody_enters_before_approval_and_notice(ledger: Ledger) -> None:
    id = assign(ledger)
    assert refused(ledger, id, "entered") == ["wrong-state"]
    assert refused(ledger, id, "notified", approved_by="wz-h1") == ["approval"]
    step(ledger, id, "notified")
    assert state(ledger, id) == "NOTIFIED"


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"officers": ["wz-h1"]}, "two-officers"),
        ({"officers": ["wz-h1", "wz-h3"]}, "not-in-team"),
        ({"licence_shown": False}, "licence-shown"),
        ({"code": None}, "scan-code"),
    ],
)
def test_entry_is_refused_with_its_rule(ledger: Ledger, changed: dict[str, Any], rule: str) -> None:
    id = upto(ledger, "notified")
    assert refused(ledger, id, "entered", **changed) == [rule]


def test_check_in_needs_no_code(ledger: Ledger) -> None:
    id = upto(ledger, "entered", entry="check_in", code=None)
    assert state(ledger, id) == "INSPECTING"


@pytest.mark.parametrize(
    "answers",
    [
        [{"question": "q1", "answer": "yes"}],
        [{"question": q, "answer": "yes"} for q in ("q1", "q1", "q2")],
        [{"question": q, "answer": "yes"} for q in ("q1", "q2", "q3")],
    ],
)
def test_record_sheet_answers_every_question_once(ledger: Ledger, answers: list[dict[str, str]]) -> None:
    id = upto(ledger, "entered")
    assert refused(ledger, id, "recorded", answers=answers) == ["record-sheet"]


def test_unsigned_sheet_needs_reason_and_witness(ledger: Ledger) -> None:
    id = upto(ledger, "entered")
    for given in ({}, {"unsigned_reason": "拒签"}, {"witness": "community"}):
        assert refused(ledger, id, "recorded", signed=False, **given) == ["signature"]
    step(ledger, id, "recorded", signed=False, unsigned_reason="拒签", witness="community")


def test_no_result_without_record_sheet(ledger: Ledger) -> None:
    id = upto(ledger, "entered")
    assert refused(ledger, id, "results-entered") == ["record-sheet"]


@pytest.mark.parametrize(
    ("changed", "rules"),
    [
        ({"codes": []}, ["codes"]),
        ({"codes": ["5", "5"]}, ["codes"]),
        ({"codes": ["1", "5"]}, ["codes"]),
        ({"provincial": ["1", "4"]}, ["codes"]),
        ({"followups": []}, ["followups", "followups"]),
        ({"followups": [{"code": "3"}, {"code": "3"}]}, ["followups"]),
        ({"followups": [{"code": "1"}, {"code": "3"}]}, ["followups"]),
        ({"followups": [{"code": "4"}]}, ["followups"]),
        ({"codes": ["8"], "followups": [{"code": "1"}]}, ["followups"]),
    ],
)
def test_codes_and_follow_ups_must_go_together(
    ledger: Ledger, changed: dict[str, Any], rules: list[str]
) -> None:
    id = upto(ledger, "recorded")
    assert refused(ledger, id, "results-entered", **changed) == rules


def test_several_codes_may_stand_together(ledger: Ledger) -> None:
    id = upto(
        ledger,
        "results-entered",
        codes=["2", "5", "8"],
        followups=[{"code": "3"}, {"code": "4"}, {"code": "5"}],
    )
    assert [c["code"] for c in shown(ledger, id)["codes"]] == ["2", "5", "8"]
    assert [f["code"] for f in shown(ledger, id)["open_followups"]] == ["3", "4", "5"]


@pytest.mark.parametrize("actor", ["wz-h1", "wz-h2"])
def test_who_took_part_does_not_audit(ledger: Ledger, actor: str) -> None:
    id = upto(ledger, "results-entered")
    assert refused(ledger, id, "audited", actor=actor) == ["second-person"]


@pytest.mark.parametrize("result", ["returned", "rejected"])
def test_result_sent_back_is_entered_anew(ledger: Ledger, result: str) -> None:
    id = upto(ledger, "results-entered")
    assert refused(ledger, id, "audited", result=result) == ["reason"]
    step(ledger, id, "audited", result=result, reason="照片不清")
    assert state(ledger, id) == "INSPECTING"
    assert refused(ledger, id, "published") == ["wrong-state"]
    step(ledger, id, "results-entered", on="2026-03-06")
    step(ledger, id, "audited", on="2026-03-06")
    step(ledger, id, "published")
    assert ledger.inspection(id).shown


@pytest.mark.parametrize(
    ("today", "expected"), [(date(2026, 4, 2), "running"), (date(2026, 4, 3), "overdue")]
)
def test_result_is_published_within_twenty_working_days(ledger: Ledger, today: date, expected: str) -> None:
    """From 5 March 2026, twenty working days without a holiday between: 2 April."""
    id = upto(ledger, "results-entered")
    found = shown(ledger, id, today)["deadlines"]
    assert [(d["rule"], d["due"], d["state"]) for d in found] == [
        ("DL-CHECK-PUBLISH-METROLOGY", "2026-04-02", expected)
    ]


def test_late_publication_is_recorded_and_shown_as_late(ledger: Ledger) -> None:
    id = upto(ledger, "audited")
    step(ledger, id, "published", on="2026-04-03")
    assert [d["state"] for d in shown(ledger, id)["deadlines"] if d["rule"] != "DL-STOP-CHECK"] == ["late"]


def test_period_of_a_public_information_check_begins_with_the_end_of_the_check(ledger: Ledger) -> None:
    id = assign(ledger, public_information=True)
    for name in ("notified", "entered", "recorded", "results-entered"):
        step(ledger, id, name)
    found = shown(ledger, id)["deadlines"]
    assert [(d["rule"], d["started"]) for d in found] == [("DL-CHECK-PUBLISH", "2026-03-04")]


def test_negative_result_stops_after_three_months_unless_a_case_keeps_it(ledger: Ledger) -> None:
    id = upto(ledger, "published")
    assert [d["due"] for d in shown(ledger, id)["deadlines"] if d["rule"] == "DL-STOP-CHECK"] == [
        "2026-06-09"
    ]
    step(ledger, id, "case-opened", summary="使用超期未检的秤", violations=[{"id": "v1", "code": "M-V01"}])
    assert "DL-STOP-CHECK" not in [d["rule"] for d in shown(ledger, id)["deadlines"]]


def test_result_withdrawn_as_wrong_is_entered_anew(ledger: Ledger) -> None:
    id = upto(ledger, "published")
    step(ledger, id, "withdrawn", role="unit_head", actor="wz-u1", why="wrong", reason="对象录错")
    assert (state(ledger, id), ledger.inspection(id).shown) == ("INSPECTING", False)
    step(
        ledger, id, "results-entered", on="2026-03-11", codes=["1"], provincial=[], followups=[{"code": "1"}]
    )
    step(ledger, id, "audited", on="2026-03-11")
    step(ledger, id, "published", on="2026-03-12")
    assert (state(ledger, id), ledger.inspection(id).shown) == ("PUBLISHED", True)


def test_result_withdrawn_after_its_term_keeps_its_state(ledger: Ledger) -> None:
    id = upto(ledger, "published")
    given = {"role": "unit_head", "actor": "wz-u1", "why": "term", "reason": "公示期满"}
    step(ledger, id, "withdrawn", on="2026-06-10", **given)
    assert state(ledger, id) == "FOLLOW_UP_OPEN"
    assert refused(ledger, id, "withdrawn", on="2026-06-10", **given) == ["not-shown"]


def test_clue_opens_a_case_in_the_same_save(ledger: Ledger) -> None:
    id = upto(ledger, "results-entered", codes=["8"], followups=[{"code": "4"}])
    head = ledger.head()
    receipt = step(
        ledger,
        id,
        "case-opened",
        key="open",
        summary="使用超期未检的秤",
        violations=[{"id": "v1", "code": "M-V01"}],
    )
    case = ledger.case("case-open")
    assert (case.state, case.source, case.region) == ("CLUE", "inspection", "330302")
    assert case.parties["p1"]["uscc"] == ASSIGNED["entity"]
    assert ledger.inspection(id).cases == ["case-open"]
    assert receipt.position == head + 1
    again = step(
        ledger,
        id,
        "case-opened",
        key="open",
        summary="使用超期未检的秤",
        violations=[{"id": "v1", "code": "M-V01"}],
    )
    assert again.replayed


def test_case_of_an_inspection_has_its_verification_period(ledger: Ledger) -> None:
    from enforcement.cases.deadlines import running

    id = upto(ledger, "results-entered", codes=["8"], followups=[{"code": "4"}])
    step(ledger, id, "case-opened", key="open", summary="使用超期未检的秤")
    found = {d.key: d.at for d in running(ledger.case("case-open"), ledger.law)}
    assert found["DL-VERIFY"] == date(2026, 3, 31)


def test_no_case_from_a_result_that_names_no_problem(ledger: Ledger) -> None:
    id = upto(ledger, "results-entered", codes=["1"], provincial=[], followups=[{"code": "1"}])
    assert refused(ledger, id, "case-opened", summary="?") == ["nothing-found"]


def test_listing_rests_on_its_code_and_has_ten_days(ledger: Ledger) -> None:
    id = upto(ledger, "results-entered", codes=["4"], provincial=["6"], followups=[{"code": "6"}])
    frame = {"role": "unit_head", "actor": "wz-u1"}
    found = {d["rule"]: d for d in shown(ledger, id)["deadlines"]}
    assert (found["DL-ABNORMAL-CONTACT"]["due"], found["DL-ABNORMAL-CONTACT"]["state"]) == (
        "2026-03-19",
        "overdue",
    )
    assert refused(ledger, id, "listed", **frame, ground="disclosure") == ["ground"]
    step(ledger, id, "listed", **frame, ground="contact")
    assert refused(ledger, id, "listed", **frame, ground="contact") == ["listed"]
    found = {d["rule"]: d for d in shown(ledger, id)["deadlines"]}
    assert found["DL-ABNORMAL-CONTACT"]["state"] == "met"


def test_follow_up_ends_with_its_recheck_and_its_case(ledger: Ledger) -> None:
    id = upto(ledger, "results-entered", codes=["5", "8"], followups=[{"code": "3"}, {"code": "4"}])
    step(ledger, id, "audited")
    step(ledger, id, "published")
    assert refused(ledger, id, "followup-finished", code="5") == ["followup"]
    assert refused(ledger, id, "followup-finished", code="3") == ["recheck"]
    assert refused(ledger, id, "followup-finished", code="4") == ["case"]
    step(ledger, id, "correction-ordered", order="o1", what="更换秤", until="2026-03-20")
    assert refused(ledger, id, "followup-finished", code="3") == ["recheck"]
    step(ledger, id, "rechecked", order="o1", officers=TEAM, result="partly")
    step(ledger, id, "followup-finished", code="3")
    step(ledger, id, "case-opened", summary="?")
    step(ledger, id, "followup-finished", code="4")
    assert state(ledger, id) == "FOLLOW_UP_CLOSED"


def test_orders_have_ids_and_dates_of_their_own(ledger: Ledger) -> None:
    id = upto(ledger, "recorded")
    assert refused(ledger, id, "correction-ordered", order="o1", what="?", until="2026-03-10") == ["date"]
    step(ledger, id, "correction-ordered", order="o1", what="?", until="2026-03-11")
    assert [o["overdue"] for o in shown(ledger, id, date(2026, 3, 11))["orders_due"]] == [False]
    assert [o["overdue"] for o in shown(ledger, id, date(2026, 3, 12))["orders_due"]] == [True]
    assert refused(ledger, id, "correction-ordered", order="o1", what="?", until="2026-03-30") == ["order"]
    assert refused(ledger, id, "rechecked", order="o2", officers=TEAM, result="done") == ["order"]
    step(ledger, id, "rechecked", order="o1", officers=TEAM, result="done")
    assert refused(ledger, id, "rechecked", order="o1", officers=TEAM, result="done") == ["order"]


def test_recusal_leaves_a_place_open_or_filled(ledger: Ledger) -> None:
    frame = {"role": "unit_head", "actor": "wz-u1", "on": "2026-03-03"}
    id = assign(ledger)
    assert refused(ledger, id, "recused", **frame, officer="wz-h3", reason="亲属") == ["not-in-team"]
    assert refused(ledger, id, "recused", **frame, officer="wz-h1", reason="亲属", replacement="wz-h2") == [
        "replacement"
    ]
    assert refused(ledger, id, "recused", **frame, officer="wz-h1", reason="亲属", replacement=EXPIRED) == [
        "licence"
    ]
    step(ledger, id, "recused", **frame, officer="wz-h1", reason="亲属")
    assert state(ledger, id) == "RECUSED"
    assert refused(ledger, id, "notified") == ["wrong-state"]
    assert refused(ledger, id, "staffed", **frame, officers=["wz-h1", "wz-h2"]) == ["recused"]
    step(ledger, id, "staffed", **frame, officers=["wz-h2", "wz-h3"])
    step(ledger, id, "recused", **frame, officer="wz-h2", reason="亲属", replacement="wz-r1")
    assert (state(ledger, id), ledger.inspection(id).officers) == ("INSPECTORS_MATCHED", ["wz-h3", "wz-r1"])


def test_voided_inspection_says_why_and_ends(ledger: Ledger) -> None:
    id = upto(ledger, "entered")
    step(ledger, id, "voided", role="unit_head", actor="wz-u1", why="closed", reason="已关闭停业")
    assert state(ledger, id) == "VOIDED"
    assert shown(ledger, id)["allowed_events"] == []


def test_steps_happen_in_order(ledger: Ledger) -> None:
    id = upto(ledger, "notified")
    with pytest.raises(InvalidData, match="lies before the last step"):
        step(ledger, id, "entered", on="2026-03-02")
    with pytest.raises(InvalidData, match="needs a day"):
        step(ledger, id, "entered", on="2026-03")


def test_role_and_region_reach_only_so_far(ledger: Ledger) -> None:
    id = assign(ledger)
    with pytest.raises(NotPermitted, match="recorded by"):
        step(ledger, id, "notified", role="intake")
    notified = STEPS["notified"][3]
    with pytest.raises(NotPermitted, match="limited to 330304"):
        ledger.record_check(
            who("x", "unit_head"), id, "inspection.notified", "2026-03-03", notified, scope="330304"
        )


def test_inspections_of_a_campaign_are_not_made_by_hand(ledger: Ledger) -> None:
    with pytest.raises(InvalidData, match="follow from its draw"):
        assign(ledger, campaign="campaign-1")
    with pytest.raises(NotFound):
        ledger.inspection("inspection-9")
    with pytest.raises(InvalidData, match="assigned once"):
        step(ledger, assign(ledger), "assigned")


def test_document_dumped_and_restored_is_the_same_inspection(ledger: Ledger) -> None:
    it = ledger.inspection(upto(ledger, "published"))
    assert Inspection.restore(it.id, it.dump()).dump() == it.dump()


def test_every_row_of_the_table_is_reachable_and_known(ledger: Ledger) -> None:
    rows = table("inspection")
    reached = {"", *(state for row in rows.values() for state in row.to.values())}
    reached |= {"FOLLOW_UP_OPEN", "FOLLOW_UP_CLOSED"}
    assert {state for row in rows.values() for state in row.states} <= reached
    assert all(row.article for row in rows.values())
    assert [row.topic for row in rows.values() if not row.roles] == ["inspection.restored"]

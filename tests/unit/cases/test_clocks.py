"""The deadlines of cases: which rule, what stops, prolongs and moves them. Worked on the calendar of 2026."""

from datetime import date

import pytest

from enforcement.cases import deadlines
from tests.unit.cases import rows as r
from tests.unit.cases import steps as s
from tests.unit.cases.given import Bureau
from tests.unit.cases.steps import CLEARED, Path, at

# -- verification -----------------------------------------------------------------------------------------------


def test_metrology_report_in_zhejiang_has_ten_working_days(bureau: Bureau) -> None:
    outcome = bureau.opens("case.clue-registered", "2026-03-02", source="report")
    assert outcome.running() == {"DL-VERIFY-ZJ"}
    assert outcome.due("DL-VERIFY-ZJ") == "2026-03-16"
    assert outcome.deadline("DL-VERIFY-ZJ").status == "unverified"


@pytest.mark.parametrize("changed", [{"metrology": False}, {"region": "320500"}, {"source": "transfer"}])
def test_other_clues_have_fifteen_working_days(bureau: Bureau, changed: dict[str, object]) -> None:
    outcome = bureau.opens("case.clue-registered", "2026-03-02", **{"source": "report", **changed})
    assert outcome.running() == {"DL-VERIFY"}
    assert outcome.due("DL-VERIFY") == "2026-03-23"


def test_local_report_is_answered_as_well_as_decided(bureau: Bureau) -> None:
    filed = bureau.given(*s.REPORT, *s.VERIFYING[1:]).when("case.filed", "2026-03-09")
    assert "DL-VERIFY-ZJ" in filed.running()
    told = bureau.given(*r.REPORT_FILED).when("case.reporter-told", "2026-03-17")
    assert "DL-VERIFY-ZJ" not in told.running()
    assert told.findings == ["deadline-overrun", "deadline-overrun"]  # answer due on 16 March, notice as well


def test_reporter_told_first_leaves_the_decision_to_end_it(bureau: Bureau) -> None:
    path = (*s.REPORT, *s.VERIFYING[1:], at("case.reporter-told", "2026-03-05"))
    assert "DL-VERIFY-ZJ" in bureau.given(*path).now().running()
    assert "DL-VERIFY-ZJ" not in bureau.given(*path).when("case.filed", "2026-03-09").running()


def test_local_period_cannot_be_extended(bureau: Bureau) -> None:
    outcome = bureau.given(*s.REPORT, *s.VERIFYING[1:]).when("case.verification-extended", "2026-03-10")
    assert outcome.rules == ["nothing-to-extend"]


@pytest.mark.parametrize(("received", "told"), [("2026-04-14", True), ("2026-04-15", False)])
def test_filing_notice_follows_the_day_of_receipt(bureau: Bureau, received: str, told: bool) -> None:
    path = (
        at("case.clue-registered", received, source="report", metrology=False),
        at("case.verification-started", "2026-04-16"),
    )
    outcome = bureau.given(*path).when("case.filed", "2026-04-20")
    assert ("DL-FILING-NOTICE" in outcome.running()) is told
    assert outcome.findings == []
    if told:
        assert outcome.due("DL-FILING-NOTICE") == "2026-04-27"


def test_last_of_merged_reports_starts_the_clock(bureau: Bureau) -> None:
    national = (at("case.clue-registered", "2026-03-02", source="report", metrology=False),)
    outcome = bureau.given(*national).when("case.clue-merged", "2026-03-06")
    assert outcome.due("DL-VERIFY") == "2026-03-27"
    other = bureau.given(*national).when("case.clue-merged", "2026-03-06", source="inspection")
    assert other.due("DL-VERIFY") == "2026-03-23"


def test_report_merged_after_filing_starts_no_verification(bureau: Bureau) -> None:
    outcome = bureau.given(*s.FILED).when("case.clue-merged", "2026-03-12")
    assert "DL-VERIFY" not in outcome.running()


def test_report_outside_competence_goes_back_in_three_days(bureau: Bureau) -> None:
    given = bureau.given(at("case.clue-registered", "2026-05-11", source="report"))
    in_time = given.when("case.report-referred", "2026-05-14")
    assert in_time.due("DL-REFER-ZJ") == "2026-05-14"
    assert (in_time.findings, in_time.running()) == ([], set())
    late = bureau.given(at("case.clue-registered", "2026-05-11", source="report"))
    assert late.when("case.report-referred", "2026-05-15").findings == ["deadline-overrun"]


def test_test_in_verification_stops_its_clock(bureau: Bureau) -> None:
    path = (*s.VERIFYING, at("case.test-entrusted", "2026-03-05"))
    assert bureau.given(*path).now().deadline("DL-VERIFY").paused_since == date(2026, 3, 5)
    done = bureau.given(*path).when("case.test-reported", "2026-03-13")
    # 12 working days were left after 5 March; they run again from 16 March on
    assert done.due("DL-VERIFY") == "2026-03-31"


# -- limitation -------------------------------------------------------------------------------------------------

ASSIGNED: Path = (at("case.clue-registered", "2026-03-02", source="assigned"),)


def test_limitation_runs_until_the_act_is_discovered(bureau: Bureau) -> None:
    outcome = bureau.given(*ASSIGNED).now()
    assert outcome.due("DL-LIMIT:v1") == "2028-02-27"
    assert "DL-LIMIT:v1" in outcome.running()
    seen = bureau.given(*ASSIGNED).when("case.inspected", "2026-03-04")
    assert seen.deadline("DL-LIMIT:v1").ended == "2026-03-04"


@pytest.mark.parametrize("source", ["inspection", "report", "transfer"])
def test_receipt_of_the_clue_is_its_discovery(bureau: Bureau, source: str) -> None:
    outcome = bureau.opens("case.clue-registered", "2026-03-02", source=source)
    assert outcome.deadline("DL-LIMIT:v1").ended == "2026-03-02"
    assert outcome.deadline("DL-LIMIT:v1").state(date(2030, 1, 1)) == "met"


def test_harm_to_life_gives_five_years(bureau: Bureau) -> None:
    act = s.ACT | {"danger": True}
    outcome = bureau.opens("case.clue-registered", "2026-03-02", source="assigned", violations=[act])
    assert outcome.due("DL-LIMIT:v1") == "2031-02-27"
    assert outcome.deadline("DL-LIMIT:v1").rule == "DL-LIMIT-LIFE"


def test_continuing_act_has_no_limitation_yet(bureau: Bureau) -> None:
    act = {"id": "v1", "code": "M-V01", "began": "2020-01-05", "continuing": True}
    path = (at("case.clue-registered", "2026-03-02", source="assigned", violations=[act]),)
    assert "DL-LIMIT:v1" not in bureau.given(*path).now().case.clocks
    ended = bureau.given(*path).when("case.limitation-noted", "2026-03-04", ended="2026-03-01")
    assert ended.due("DL-LIMIT:v1") == "2028-03-01"
    assert ended.case.violations["v1"]["began"] == "2020-01-05"


def test_limitation_that_ran_out_undiscovered_has_lapsed(bureau: Bureau) -> None:
    act = s.ACT | {"began": "2024-02-01", "ended": "2024-02-01"}
    outcome = bureau.opens("case.clue-registered", "2026-03-02", source="assigned", violations=[act])
    assert outcome.deadline("DL-LIMIT:v1").state(date(2026, 3, 2)) == "lapsed"


# -- the case ---------------------------------------------------------------------------------------------------


def test_overlapping_pauses_count_once(bureau: Bureau) -> None:
    """Suspended 20 March – 10 April, tested 12 March – 2 April: 13 March – 10 April is 29 days."""
    path = (
        *s.TESTED,
        at("case.suspended", "2026-03-20"),
        at("case.test-reported", "2026-04-02"),
        at("case.resumed", "2026-04-10"),
    )
    assert bureau.given(*path).now().due("DL-CASE") == "2026-07-06"


def test_review_and_defence_do_not_stop_the_case(bureau: Bureau) -> None:
    assert bureau.given(*s.NOTIFIED).now().due("DL-CASE") == "2026-06-07"


def test_public_notice_stops_the_case(bureau: Bureau) -> None:
    path = (*s.APPROVED, at("case.service-posted", "2026-04-28", what="notice"))
    outcome = bureau.given(*path).when("case.notice-served", "2026-05-28", method="public_notice")
    assert outcome.due("DL-CASE") == "2026-07-07"
    assert outcome.findings == []


def test_identification_by_the_right_holder_stops_the_case(bureau: Bureau) -> None:
    asked = at("case.test-entrusted", "2026-03-12", kind="right-holder-identification")
    outcome = bureau.given(*s.INVESTIGATING, asked).when(
        "case.test-reported", "2026-03-22", kind="right-holder-identification"
    )
    assert outcome.due("DL-CASE") == "2026-06-17"


def test_refund_order_stops_the_case_no_longer_than_its_date(bureau: Bureau) -> None:
    late = bureau.given(*r.REFUND).when("case.refund-done", "2026-05-20")
    assert late.due("DL-CASE") == "2026-06-26"


def test_second_extension_fixes_its_date(bureau: Bureau) -> None:
    path = (*s.INVESTIGATING, at("case.extended", "2026-05-28"))
    second = {"step": "second", "collective": True, "members": s.OPINIONS}
    given = bureau.given(*path)
    assert given.when("case.extended", "2026-07-01", **second).rules == ["no-end-date"]
    assert given.when("case.extended", "2026-07-01", **second, until="2026-07-07").rules == [
        "extends-nothing"
    ]
    outcome = given.when("case.extended", "2026-07-01", **second, until="2026-10-30")
    assert outcome.due("DL-CASE") == "2026-10-30"
    assert [e["by"] for e in outcome.deadline("DL-CASE").extensions] == ["wz-b1", "wz-b1"]


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        ({"step": "first"}, "second-extension"),
        ({"step": "second", "until": "2026-10-30"}, "second-extension"),
        ({"step": "second", "until": "2026-10-30", "collective": True}, "collective"),
    ],
)
def test_second_extension_needs_collective_discussion(
    bureau: Bureau, data: dict[str, object], rule: str
) -> None:
    path = (*s.INVESTIGATING, at("case.extended", "2026-05-28"))
    assert bureau.given(*path).when("case.extended", "2026-07-01", **data).rules == [rule]


def test_head_extends_by_thirty_days_and_no_further(bureau: Bureau) -> None:
    given = bureau.given(*s.INVESTIGATING)
    assert given.when("case.extended", "2026-05-28", until="2026-12-31").rules == ["first-extension"]
    assert given.when("case.extended", "2026-05-28", days=45).rules == ["first-extension"]


def test_case_is_extended_twice_at_most(bureau: Bureau) -> None:
    second = at(
        "case.extended", "2026-07-01", step="second", collective=True, members=s.OPINIONS, until="2026-10-30"
    )
    path = (*s.INVESTIGATING, at("case.extended", "2026-05-28"), second)
    again = {"step": "second", "collective": True, "members": s.OPINIONS, "until": "2026-12-30"}
    assert "extended-twice" in bureau.given(*path).when("case.extended", "2026-10-20", **again).rules


def test_extension_after_the_last_day_is_refused(bureau: Bureau) -> None:
    given = bureau.given(*s.INVESTIGATING)
    assert given.when("case.extended", "2026-06-08").rules == ["extension-too-late"]
    assert given.when("case.extended", "2026-06-07").due("DL-CASE") == "2026-07-07"


def test_decision_after_the_last_day_is_a_finding(bureau: Bureau) -> None:
    outcome = bureau.given(*s.NOTIFIED).when("case.penalty-decided", "2026-06-08")
    assert outcome.state == "DECIDED_PENALTY"
    assert outcome.findings == ["deadline-overrun"]
    assert outcome.case.findings[-1]["rule"] == "DL-CASE"
    assert outcome.case.findings[-1]["article"] == "P 64; APL 60"


# -- hours ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("moment", "findings"), [("10:00:00", []), ("10:00:01", ["deadline-overrun"])])
def test_urgent_measure_is_reported_to_the_hour(bureau: Bureau, moment: str, findings: list[str]) -> None:
    """Begun at 09:20: counted from 10:00, 24 hours."""
    given = bureau.given(*s.PRESERVED_URGENTLY)
    assert given.now().due("DL-URGENT-REPORT:preservation-e1") == "2026-03-12T10:00:00+08:00"
    outcome = given.when("case.preservation-approved", f"2026-03-12T{moment}+08:00")
    assert outcome.findings == findings


def test_hours_without_a_time_run_from_the_end_of_the_day(bureau: Bureau) -> None:
    outcome = bureau.given(*s.INVESTIGATING).when(
        "case.measure-imposed", "2026-03-11", urgent=True, approved_by=CLEARED
    )
    assert outcome.due("DL-URGENT-REPORT:measure-m1") == "2026-03-13T00:00:00+08:00"
    assert outcome.deadline("DL-URGENT-REPORT:measure-m1").provisional


def test_preservation_and_measure_of_one_name_keep_apart(bureau: Bureau) -> None:
    path = (
        *s.INVESTIGATING,
        at("case.preservation-ordered", "2026-03-11T09:20:00+08:00", measure="m1", urgent=True),
        at("case.measure-imposed", "2026-03-11T11:20:00+08:00", urgent=True),
    )
    outcome = bureau.given(*path).when("case.measure-approved", "2026-03-12T09:00:00+08:00")
    assert "DL-URGENT-REPORT:preservation-m1" in outcome.running()
    assert "DL-URGENT-REPORT:measure-m1" not in outcome.running()


def test_head_who_refuses_ends_the_measure_and_its_term(bureau: Bureau) -> None:
    refused = {"approved": False}
    seized = bureau.given(*s.SEIZED_URGENTLY).when("case.measure-approved", "2026-03-12", **refused)
    assert seized.case.regions["measure"]["m1"]["state"] == "LIFTED"
    assert "DL-SEIZE:m1" not in seized.running()
    kept = bureau.given(*s.PRESERVED_URGENTLY).when("case.preservation-approved", "2026-03-12", **refused)
    assert kept.case.regions["preservation"]["e1"]["state"] == "RELEASED"
    assert "DL-PRESERVE:e1" not in kept.running()


# -- preservation and measures --------------------------------------------------------------------------------------


def test_preservation_lapses_by_itself(bureau: Bureau) -> None:
    deadline = bureau.given(*s.PRESERVED).now().deadline("DL-PRESERVE:e1")
    assert deadline.state(date(2026, 3, 20)) == "running"
    assert deadline.state(date(2026, 3, 21)) == "lapsed"


def test_lapsed_preservation_does_not_keep_a_case_open(bureau: Bureau) -> None:
    path = (*s.PRESERVED, *s.PERFORMED[len(s.INVESTIGATING) :])
    assert bureau.given(*path).when("case.closing-proposed", "2026-05-21").refused == ()


def test_disposal_after_seven_days_is_a_finding(bureau: Bureau) -> None:
    outcome = bureau.given(*s.PRESERVED).when("case.preservation-disposed", "2026-03-23")
    assert outcome.findings == ["deadline-overrun"]


def test_seizure_ends_on_its_day_even_on_a_holiday(bureau: Bureau) -> None:
    """Thirty days from 2 April 2026 end on Saturday 2 May, inside the days off; a measure never rolls."""
    outcome = bureau.given(*s.INVESTIGATING).when("case.measure-imposed", "2026-04-02")
    assert outcome.due("DL-SEIZE:m1") == "2026-05-02"
    assert outcome.deadline("DL-SEIZE:m1").state(date(2026, 5, 3)) == "overdue"


# -- courts and remedies ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("procedure", "answer", "decide"),
    [("ordinary", ("DL-RECON-ANSWER:r1", "2026-06-12"), ("DL-RECON-DECIDE:r1", "2026-07-28")),
     ("simple", ("DL-RECON-ANSWER-SIMPLE:r1", "2026-06-05"), ("DL-RECON-DECIDE-SIMPLE:r1", "2026-06-28"))],
)  # fmt: skip
def test_simple_reconsideration_has_its_own_periods(
    bureau: Bureau, procedure: str, answer: tuple[str, str], decide: tuple[str, str]
) -> None:
    steps = [
        at("case.reconsideration", on, step=step, procedure=procedure)
        for on, step in (
            ("2026-05-25", "applied"),
            ("2026-05-29", "accepted"),
            ("2026-05-29", "answer_asked"),
        )
    ]
    outcome = bureau.given(*s.SERVED, *steps).now()
    assert {key for key in outcome.running() if "RECON" in key} == {answer[0], decide[0]}
    assert (outcome.due(answer[0]), outcome.due(decide[0])) == (answer[1], decide[1])


def test_reconsideration_is_extended_by_thirty_days(bureau: Bureau) -> None:
    path = (*s.SERVED, at("case.reconsideration", "2026-05-29", step="accepted"))
    outcome = bureau.given(*path).when("case.reconsideration", "2026-07-20", step="extended")
    assert outcome.due("DL-RECON-DECIDE:r1") == "2026-08-27"
    assert outcome.case.regions["reconsideration"]["r1"]["state"] == "ACCEPTED"


def test_suit_after_reconsideration_has_fifteen_days(bureau: Bureau) -> None:
    path = (*s.SERVED, at("case.reconsideration", "2026-05-25"))
    outcome = bureau.given(*path).when("case.reconsideration", "2026-07-10", step="decided", result="upheld")
    # 25 July is a Saturday
    assert outcome.due("DL-SUE-AFTER-RECON") == "2026-07-27"
    assert "DL-SUE" not in outcome.running()


def test_suit_runs_through_its_instances(bureau: Bureau) -> None:
    def step(on: str, **data: object) -> s.Step:
        return at("case.litigation", on, **data)

    filed = (*s.SERVED, step("2026-06-01"), step("2026-06-05", step="accepted"))
    assert bureau.given(*filed).now().due("DL-SUIT-FIRST:l1") == "2026-12-05"
    judged = (*filed, step("2026-10-12", step="judged", result="upheld"))
    outcome = bureau.given(*judged).now()
    assert "DL-SUIT-FIRST:l1" not in outcome.running()
    assert outcome.due("DL-SUIT-APPEAL:l1") == "2026-10-27"
    appealed = (*judged, step("2026-10-20", step="appealed", instance="second"))
    outcome = bureau.given(*appealed).now()
    assert "DL-SUIT-APPEAL:l1" not in outcome.running()
    assert outcome.due("DL-SUIT-SECOND:l1") == "2027-01-20"
    last = bureau.given(*appealed).when(
        "case.litigation", "2027-01-11", step="judged", instance="second", result="upheld"
    )
    assert not {key for key in last.running() if "SUI" in key}


def test_remedies_end_with_the_later_of_both(bureau: Bureau) -> None:
    """Six months to sue end on 2026-11-12, after the sixty days of reconsideration."""
    overdue = at("case.payment-overdue", "2026-05-28")
    given = bureau.given(*s.SERVED, overdue)
    early = given.when("case.urging-served", "2026-11-12")
    assert str(early.breach("remedy-open").earliest) == "2026-11-13"
    assert given.when("case.remedy-end-confirmed", "2026-07-14").rules == ["remedy-end-early"]
    assert given.when("case.urging-served", "2026-11-13").state == "URGED"


def test_decision_that_tells_no_remedy_leaves_a_year(bureau: Bureau) -> None:
    path = (*s.NOTIFIED, at("case.penalty-decided", "2026-05-11", sue_days_told="not_told"))
    outcome = bureau.given(*path).when("case.decision-served", "2026-05-12")
    assert outcome.due("DL-RECON-UNTOLD") == "2027-05-12"
    overdue = (*path, at("case.decision-served", "2026-05-12"), at("case.payment-overdue", "2026-05-28"))
    early = bureau.given(*overdue).when("case.urging-served", "2026-11-13")
    assert str(early.breach("remedy-open").earliest) == "2027-05-13"


def test_fifteen_days_to_sue_are_counted_where_told(bureau: Bureau) -> None:
    outcome = bureau.given(*s.UNPAID).now()
    assert outcome.due("DL-SUE-METROLOGY") == "2026-05-27"
    assert "DL-SUE" not in outcome.case.clocks


def test_appeal_keeps_the_remedies_open(bureau: Bureau) -> None:
    suit = [
        at("case.litigation", "2026-05-20"),
        at("case.payment-overdue", "2026-05-28"),
        at("case.litigation", "2026-09-01", step="judged", result="upheld"),
    ]
    given = bureau.given(*s.UNPAID, *suit)
    early = given.when("case.urging-served", "2026-09-16")
    assert str(early.breach("remedy-open").earliest) == "2026-09-17"
    assert given.when("case.urging-served", "2026-09-17").state == "URGED"


def test_returned_application_is_no_pending_remedy(bureau: Bureau) -> None:
    returned = [
        at("case.reconsideration", "2026-07-06"),
        at("case.reconsideration", "2026-07-10", step="returned"),
    ]
    outcome = bureau.given(*s.OVERDUE, *returned).when("case.urging-served", "2026-07-14")
    assert outcome.state == "URGED"
    assert all("to" in i for i in outcome.case.intervals if i["kind"] == "reconsideration")


def test_note_in_a_decided_remedy_does_not_open_it_again(bureau: Bureau) -> None:
    path = (
        *s.URGED,
        at("case.reconsideration", "2026-07-15"),
        at("case.reconsideration", "2026-07-20", step="decided", result="upheld"),
    )
    outcome = bureau.given(*path).when("case.reconsideration", "2026-07-21", step="joined")
    assert outcome.case.regions["reconsideration"]["r1"]["state"] == "DECIDED"


def test_deferral_moves_the_clock_of_the_court(bureau: Bureau) -> None:
    confirmed = (*s.UNPAID, at("case.remedy-end-confirmed", "2026-07-14"))
    assert bureau.given(*confirmed).now().due("DL-COURT") == "2026-10-13"
    deferred = bureau.given(*confirmed).when(
        "case.deferral-granted", "2026-07-15", until="2026-08-31", applied="2026-07-14"
    )
    # three months after 31 August end on 30 November
    assert (deferred.due("DL-PAY"), deferred.due("DL-COURT")) == ("2026-08-31", "2026-11-30")
    before = bureau.given(*s.DEFERRED).when("case.remedy-end-confirmed", "2026-07-14")
    assert before.due("DL-COURT") == "2026-11-30"


def test_waiting_after_urging_accuses_nobody(bureau: Bureau) -> None:
    outcome = bureau.given(*s.URGED).when("case.court-applied", "2026-09-01")
    assert outcome.findings == []


def test_application_after_three_months_is_a_finding(bureau: Bureau) -> None:
    outcome = bureau.given(*s.URGED).when("case.court-applied", "2026-10-14")
    assert outcome.findings == ["deadline-overrun"]
    assert outcome.case.findings[-1]["rule"] == "DL-COURT"


def test_defects_give_the_court_thirty_days(bureau: Bureau) -> None:
    outcome = bureau.given(*s.COURT).when("case.court-accepted", "2026-08-03", defects=True)
    assert outcome.due("DL-COURT-RULE-DEFECT") == "2026-09-02"
    assert "DL-COURT-RULE" not in outcome.case.clocks


def test_second_refusal_of_the_courts_is_final(bureau: Bureau) -> None:
    path = (*s.REFUSED, at("case.court-refusal-appealed", "2026-08-10"))
    outcome = bureau.given(*path).when("case.court-refused", "2026-08-20")
    assert not {key for key in outcome.running() if key.startswith("DL-COURT-REVIEW")}


# -- publicity ----------------------------------------------------------------------------------------------------


def test_party_of_another_province_is_published_there(bureau: Bureau) -> None:
    outcome = bureau.given(*r.REMOTE).now()
    assert outcome.due("DL-PUSH") == "2026-05-25"
    assert "DL-PUBLISH" not in outcome.case.clocks
    pushed = (*r.REMOTE, at("case.publicity-pushed", "2026-05-18"))
    published = bureau.given(*pushed).when("case.published", "2026-05-28", remote=True)
    assert not {key for key in published.running() if "PU" in key}


def test_parties_here_and_there_are_published_in_both(bureau: Bureau) -> None:
    parties = [s.PARTY, {"id": "p2", "kind": "person", "region": "320500"}]
    path = (at("case.clue-registered", "2026-03-02", parties=parties), *s.DECIDED[1:])
    assert {"DL-PUSH", "DL-PUBLISH"} <= bureau.given(*path).now().running()


def test_warning_alone_is_not_published(bureau: Bureau) -> None:
    warned = [{"violation": "v1", "party": "p1", "warning": True}]
    path = (
        at("case.clue-registered", "2026-03-02", violations=[{"id": "v1"}]),
        *s.INVESTIGATING[1:],
        at("case.investigation-ended", "2026-04-20", penalties=warned),
        *s.PASSED[len(s.INV_ENDED) :],
        at("case.proposal-approved", "2026-04-27", penalties=warned),
        at("case.notice-served", "2026-04-28", penalties=warned),
    )
    outcome = bureau.given(*path).when("case.penalty-decided", "2026-05-11", penalties=warned)
    assert not outcome.running() & {"DL-PUBLISH", "DL-PUSH"}
    served = at("case.penalty-decided", "2026-05-11", penalties=warned)
    told = bureau.given(*path, served).when("case.decision-served", "2026-05-12", publicity_told=False)
    assert told.refused == ()
    assert not told.running() & {"DL-PAY", "DL-SELF-PUBLISH"}


def test_nothing_published_needs_no_withdrawal(bureau: Bureau) -> None:
    outcome = bureau.given(*s.SERVED).when("case.decision-revoked", "2026-05-25")
    assert "DL-WITHDRAW" not in outcome.case.clocks
    assert "DL-PUBLISH" not in outcome.running()


def test_withdrawal_after_three_working_days_is_a_finding(bureau: Bureau) -> None:
    given = bureau.given(*r.REVOKED)
    assert given.when("case.publicity-withdrawn", "2026-05-29").findings == ["deadline-overrun"]


# -- what is kept ----------------------------------------------------------------------------------------------------


def test_ended_count_stays_beside_the_new_one(bureau: Bureau) -> None:
    outcome = bureau.given(*s.DECLINED).now()
    first = next(key for key in outcome.case.clocks if key.startswith("DL-CASE@"))
    assert outcome.deadline(first).ended == "2026-03-19T09:00:00+08:00"
    assert outcome.due("DL-CASE") == "2026-06-18"
    assert [d.key for d in deadlines.of(outcome.case, outcome.law)].count(first) == 1


def test_every_deadline_says_by_which_rule_and_event(bureau: Bureau) -> None:
    outcome = bureau.given(*s.TESTED).now()
    shown = {d["key"]: d for d in outcome.view("2026-04-01")["deadlines"]}["DL-CASE"]
    assert (shown["article"], shown["started"], shown["started_by"]) == ("P 64; APL 60", "2026-03-09", 3)
    assert (shown["state"], shown["due"], shown["paused_since"]) == ("paused", None, "2026-03-12")
    assert shown["paused"] == [{"kind": "test", "item": "t1", "from": "2026-03-12", "position": 6}]
    # 90 days less the three of 10 to 12 March
    assert shown["remaining"] == 87


def test_both_readings_of_a_last_day_are_shown(bureau: Bureau) -> None:
    """60 days from 12 May end on Saturday 11 July: no notice names it, but a party has until Monday."""
    shown = {d["key"]: d for d in bureau.given(*s.SERVED).now().view()["deadlines"]}["DL-RECON"]
    assert (shown["due"], shown["due_strict"], shown["due_rolled"]) == (
        "2026-07-13",
        "2026-07-11",
        "2026-07-13",
    )

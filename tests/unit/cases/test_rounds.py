"""Ends that reopen, reviews that return, second notices, hearings that fall away: nothing of the old round counts."""

import pytest

from tests.unit.cases import rows as r
from tests.unit.cases import steps as s
from tests.unit.cases.given import Bureau
from tests.unit.cases.steps import Path, at

ANEW: Path = (*s.PUBLISHED, at("case.decision-revoked", "2026-05-25", anew=True))


def again(on: tuple[str, str, str]) -> Path:
    """Investigation ended, sent to review, passed: for the second time."""
    return (
        at("case.investigation-ended", on[0]),
        at("case.sent-to-review", on[1]),
        at("case.review-passed", on[2]),
    )


def test_decision_revoked_puts_the_case_back_to_investigating(bureau: Bureau) -> None:
    case = bureau.given(*ANEW).now().case
    assert (case.state, case.open, case.outcome) == ("INVESTIGATING", True, None)
    assert (case.notice, case.hearing, case.review, case.proposal) == ({}, {}, {}, {})
    assert case.decisions[0]["state"] == "REVOKED"
    assert "outcome" not in case.violations["v1"]


def test_review_and_notice_of_the_old_round_do_not_count(bureau: Bureau) -> None:
    ended = (*ANEW, at("case.investigation-ended", "2026-06-01"))
    unreviewed = bureau.given(*ended).when("case.no-penalty-decided", "2026-06-02")
    assert unreviewed.rules == ["review-not-passed"]
    reviewed = (*ANEW, *again(("2026-06-01", "2026-06-02", "2026-06-03")))
    approved = (*reviewed, at("case.proposal-approved", "2026-06-04"))
    assert "step-not-recorded" in bureau.given(*approved).when("case.penalty-decided", "2026-06-05").rules


def test_second_round_leads_to_a_new_decision(bureau: Bureau) -> None:
    """The chain of a real case: decided, revoked, no penalty, sued, ordered anew, decided again, reviewed again."""
    path = (
        *s.PERFORMED,
        at("case.reconsideration", "2026-05-25"),
        at("case.reconsideration", "2026-06-10", step="decided", result="settled"),
        at("case.decision-revoked", "2026-06-12", by="self", anew=True),
        at("case.penalty-refunded", "2026-06-15"),
        *again(("2026-06-16", "2026-06-17", "2026-06-18")),
        at("case.no-penalty-decided", "2026-06-22"),
        at("case.closing-proposed", "2026-06-23", outcome="NO_PENALTY"),
        at("case.closed", "2026-06-24"),
        at("case.litigation", "2026-07-01", by="reporter"),
        at("case.litigation", "2026-09-01", by="reporter", step="judged", result="anew"),
        at("case.decision-revoked", "2026-09-03", by="court", anew=True),
        *again(("2026-09-07", "2026-09-08", "2026-09-09")),
        at("case.proposal-approved", "2026-09-10"),
        at("case.notice-served", "2026-09-11"),
        at("case.penalty-decided", "2026-09-21"),
        at("case.decision-served", "2026-09-22"),
    )
    outcome = bureau.given(*path).when("case.reconsideration", "2026-10-12", remedy="r2")
    assert outcome.state == "SERVED"
    assert [d["state"] for d in outcome.case.decisions] == ["REVOKED", "REVOKED", "STANDING"]
    assert outcome.case.violations["v1"]["outcome"] == "penalty"
    assert outcome.case.findings == []


def test_unlawful_but_not_revoked_stays_as_it_is(bureau: Bureau) -> None:
    outcome = bureau.given(*s.CLOSED).when("case.decision-declared-unlawful", "2026-06-25")
    assert (outcome.state, outcome.case.decisions[-1]["state"]) == ("CLOSED", "UNLAWFUL")


def test_refusal_to_file_that_falls_is_verified_again(bureau: Bureau) -> None:
    outcome = bureau.given(*s.NOT_FILED).when("case.decision-revoked", "2026-04-20", by="reconsideration")
    assert (outcome.state, outcome.case.outcome) == ("VERIFYING", None)
    assert outcome.due("DL-VERIFY") == "2026-05-13"
    assert "DL-CASE" not in outcome.case.clocks


def test_fallen_decision_stops_what_it_had_started(bureau: Bureau) -> None:
    outcome = bureau.given(*s.URGED).when("case.decision-void", "2026-07-20")
    assert outcome.running() <= {"DL-RECON", "DL-SUE-METROLOGY"}
    assert outcome.case.surcharge == {}


def test_closing_form_of_the_old_round_does_not_close_the_new(bureau: Bureau) -> None:
    path = (*s.CLOSED, at("case.decision-revoked", "2026-06-01", anew=True))
    assert "closing-not-proposed" in bureau.given(*path).when("case.closed", "2026-06-02").rules


def test_case_whose_decision_fell_may_close_with_a_reason(bureau: Bureau) -> None:
    given = bureau.given(*s.SERVED, at("case.decision-revoked", "2026-06-01"))
    bare = given.when("case.closing-proposed", "2026-06-02", outcome="OTHER")
    assert bare.rules == ["no-closing-ground"]
    explained = given.when("case.closing-proposed", "2026-06-02", outcome="OTHER", note="法院撤销，不再处理")
    assert explained.refused == ()


def test_papers_returned_to_correct_come_back_at_once(bureau: Bureau) -> None:
    outcome = bureau.given(*s.RETURNED).when("case.sent-to-review", "2026-04-24")
    assert outcome.state == "IN_REVIEW"
    assert outcome.due("DL-REVIEW") == "2026-05-12"


def test_papers_returned_for_facts_are_reviewed_anew(bureau: Bureau) -> None:
    returned = at("case.review-returned", "2026-04-23", to="investigate")
    path = (*s.IN_REVIEW, returned, at("case.evidence-collected", "2026-04-24"))
    given = bureau.given(*path, at("case.investigation-ended", "2026-04-27"))
    assert given.when("case.sent-to-review", "2026-04-28").state == "IN_REVIEW"


def test_case_review_does_not_replace_the_legal_one(bureau: Bureau) -> None:
    ended = at("case.investigation-ended", "2026-04-20", review_grounds=["P50_3"])
    sent = (*s.INVESTIGATING, ended, at("case.sent-to-review", "2026-04-21", kind="legal"))
    outcome = bureau.given(*sent).when("case.review-passed", "2026-04-24", kind="case")
    assert outcome.rules == ["legal-review"]


def test_second_notice_starts_defence_and_hearing_again(bureau: Bureau) -> None:
    path = (*s.HEARD[:-1], at("case.notice-reissued", "2026-06-08", penalties=[s.HIGH], hearing_right=True))
    given = bureau.given(*path)
    assert given.now().due("DL-DEFENCE") == "2026-06-15"
    early = given.when("case.penalty-decided", "2026-06-15", penalties=[s.HIGH])
    assert str(early.breach("defence-period-running").earliest) == "2026-06-16"
    assert given.when("case.hearing-requested", "2026-06-12").state == "HEARING_REQUESTED"


def test_second_notice_lets_a_pending_hearing_fall(bureau: Bureau) -> None:
    path = (*s.ANNOUNCED, at("case.notice-reissued", "2026-05-18", penalties=[s.HIGH], hearing_right=True))
    outcome = bureau.given(*path).now()
    assert outcome.case.hearing == {}
    assert not {key for key in outcome.running() if key.startswith("DL-HEAR")}
    assert outcome.deadline("DL-CASE").at is not None


def test_second_notice_after_a_hearing_leaves_the_legal_review_due(bureau: Bureau) -> None:
    path = (*s.REPORTED, at("case.notice-reissued", "2026-05-28", penalties=[s.HIGH], hearing_right=True))
    given = bureau.given(*path)
    undone = given.when("case.penalty-decided", "2026-06-08", penalties=[s.HIGH])
    assert set(undone.rules) == {"legal-review", "collective"}
    assert given.when("case.legal-review-done", "2026-06-04").state == "NOTIFIED"


def test_defence_cannot_be_answered_by_a_heavier_notice(bureau: Bureau) -> None:
    heavier = [s.FINE | {"fine": "600"}]
    given = bureau.given(*s.RECHECKED)
    assert given.when("case.notice-reissued", "2026-05-11", penalties=heavier).rules == [
        "heavier-after-defence"
    ]
    facts = given.when("case.notice-reissued", "2026-05-11", penalties=heavier, new_facts=True)
    assert facts.state == "NOTIFIED"


def test_heavier_penalty_after_two_notices_is_still_refused(bureau: Bureau) -> None:
    given = bureau.given(*s.RECHECKED, at("case.notice-reissued", "2026-05-11"))
    heavier = given.when("case.notice-reissued", "2026-05-12", penalties=[s.FINE | {"fine": "600"}])
    assert heavier.rules == ["heavier-after-defence"]


def test_notice_may_rise_while_nobody_has_defended(bureau: Bureau) -> None:
    outcome = bureau.given(*s.NOTIFIED).when(
        "case.notice-reissued", "2026-05-06", penalties=[s.FINE | {"fine": "600"}]
    )
    assert outcome.state == "NOTIFIED"
    more = bureau.given(*s.NOTIFIED).when(
        "case.penalty-decided", "2026-05-11", penalties=[s.FINE | {"fine": "600"}]
    )
    assert more.rules == ["not-as-notified"]


def test_defence_beside_a_hearing_is_rechecked_all_the_same(bureau: Bureau) -> None:
    path = (*s.HIGH_NOTIFIED, at("case.defence-submitted", "2026-05-06"), *s.REVIEWED[len(s.HIGH_NOTIFIED) :])
    given = bureau.given(*path)
    assert given.when("case.collectively-discussed", "2026-06-08").rules == ["defence-not-checked"]
    assert given.when("case.defence-rechecked", "2026-06-04").state == "LEGAL_REVIEW_AFTER_HEARING"


def test_statement_at_the_hearing_does_not_lose_the_legal_review(bureau: Bureau) -> None:
    path = (*s.REPORTED, at("case.defence-submitted", "2026-05-28"))
    outcome = bureau.given(*path).when("case.legal-review-done", "2026-06-03")
    assert outcome.state == "LEGAL_REVIEW_AFTER_HEARING"


@pytest.mark.parametrize(
    ("given", "rules"),
    [(s.REQUESTED, ["hearing-open"]), (s.ANNOUNCED, ["hearing-open"]), (s.PAUSED, ["hearing-open"])],
)
def test_decision_waits_for_the_hearing(bureau: Bureau, given: Path, rules: list[str]) -> None:
    outcome = bureau.given(*given).when("case.penalty-decided", "2026-06-08", penalties=[s.HIGH])
    assert outcome.rules == rules


def test_terminated_hearing_lets_the_decision_follow(bureau: Bureau) -> None:
    path = (*s.ANNOUNCED, at("case.hearing-terminated", "2026-05-25", ground="absent"))
    outcome = bureau.given(*path).when("case.penalty-decided", "2026-05-27", penalties=[s.HIGH])
    assert outcome.state == "DECIDED_PENALTY"
    assert not {key for key in outcome.running() if key.startswith("DL-HEAR")}


def test_terminated_hearing_is_not_taken_up_again(bureau: Bureau) -> None:
    path = (*s.HOST_NAMED, at("case.hearing-terminated", "2026-05-12"))
    for topic in ("case.hearing-host-appointed", "case.hearing-terminated"):
        assert bureau.given(*path).when(topic, "2026-05-13").rules == ["not-in-this-state"]


def test_hearing_set_for_another_day_is_announced_again(bureau: Bureau) -> None:
    moved = at("case.hearing-scheduled", "2026-05-20", at="2026-06-08", notice_served="2026-05-21")
    given = bureau.given(*s.ANNOUNCED, moved)
    assert given.now().due("DL-HEAR-PUBLIC") == "2026-06-02"
    assert given.when("case.hearing-held", "2026-06-08").rules == ["not-announced"]


def test_hearing_that_is_not_public_is_not_announced(bureau: Bureau) -> None:
    given = bureau.given(*s.FILES_HANDED, at("case.hearing-scheduled", "2026-05-13", public=False))
    assert "DL-HEAR-PUBLIC" not in given.now().case.clocks
    assert given.when("case.hearing-held", "2026-05-25").state == "HEARING_ENDED"


def test_new_host_takes_over_where_the_old_one_stopped(bureau: Bureau) -> None:
    replaced = at("case.hearing-host-appointed", "2026-05-15", host="wz-o2")
    outcome = bureau.given(*s.ANNOUNCED, replaced).now()
    assert (outcome.case.hearing["state"], outcome.case.hearing["host"]) == ("SET", "wz-o2")
    assert "DL-HEAR-FILES" not in outcome.running()
    assert outcome.case.hearing["announced"] == "2026-05-14"


def test_legal_review_after_the_hearing_has_ten_working_days(bureau: Bureau) -> None:
    path = (*s.REPORTED, at("case.sent-to-review", "2026-05-28", kind="legal"))
    assert bureau.given(*path).now().due("DL-REVIEW") == "2026-06-11"
    done = bureau.given(*path).when("case.legal-review-done", "2026-06-12")
    assert done.findings == ["deadline-overrun"]


def test_legal_review_that_returns_asks_for_a_new_one(bureau: Bureau) -> None:
    path = (
        *s.REPORTED,
        at("case.legal-review-done", "2026-06-03", result="returned"),
        at("case.sent-to-review", "2026-06-04", kind="legal"),
        at("case.review-passed", "2026-06-08", kind="legal"),
        at("case.proposal-approved", "2026-06-09", penalties=[s.HIGH]),
        at("case.notice-served", "2026-06-10", penalties=[s.HIGH], hearing_right=True),
        at("case.collectively-discussed", "2026-06-22"),
    )
    given = bureau.given(*path)
    assert given.when("case.penalty-decided", "2026-06-23", penalties=[s.HIGH]).state == "DECIDED_PENALTY"


def test_hearing_held_makes_the_next_review_a_legal_one(bureau: Bureau) -> None:
    path = (*s.REPORTED, at("case.legal-review-done", "2026-06-03", result="returned"))
    assert bureau.given(*path).when("case.sent-to-review", "2026-06-04").rules == ["legal-review"]


def test_hearing_held_makes_the_discussion_collective(bureau: Bureau) -> None:
    outcome = bureau.given(*s.REVIEWED).when("case.penalty-decided", "2026-06-08", penalties=[s.HIGH])
    assert outcome.rules == ["collective"]
    assert bureau.given(*s.HEARD).when("case.penalty-decided", "2026-06-09", penalties=[s.HIGH]).refused == ()


def test_second_notice_is_discussed_anew(bureau: Bureau) -> None:
    reissued = at("case.notice-reissued", "2026-06-09", penalties=[s.HIGH], hearing_right=True)
    outcome = bureau.given(*s.HEARD, reissued).when("case.penalty-decided", "2026-06-17", penalties=[s.HIGH])
    assert outcome.rules == ["collective"]


def test_act_that_is_not_ripe_is_split_off(bureau: Bureau) -> None:
    path = (*s.NOTIFIED, at("case.violation-added", "2026-05-06"))
    outcome = bureau.given(*path).when(
        "case.penalty-decided", "2026-05-11", others=[{"violation": "v2", "outcome": "split_off"}]
    )
    assert outcome.case.violations["v2"]["outcome"] == "split_off"


def test_waiver_of_the_statement_alone_keeps_the_hearing_open(bureau: Bureau) -> None:
    given = bureau.given(*s.HIGH_NOTIFIED, at("case.rights-waived", "2026-04-29", hearing=False))
    assert "DL-DEFENCE" in given.now().running()
    assert given.when("case.hearing-requested", "2026-05-08").state == "HEARING_REQUESTED"


def test_waived_hearing_cannot_be_asked_for(bureau: Bureau) -> None:
    given = bureau.given(*s.HIGH_NOTIFIED, at("case.rights-waived", "2026-04-29"))
    assert given.when("case.hearing-requested", "2026-05-06").rules == ["waived"]
    assert given.when("case.penalty-decided", "2026-04-30", penalties=[s.HIGH]).state == "DECIDED_PENALTY"


# -- police --------------------------------------------------------------------------------------------------------


def test_case_handed_over_before_filing_is_verified_when_it_returns(bureau: Bureau) -> None:
    path = (
        *s.VERIFYING,
        at("case.crime-reported", "2026-03-05"),
        at("case.police-transfer-approved", "2026-03-06T09:00:00+08:00"),
        at("case.police-transferred", "2026-03-06T15:00:00+08:00"),
    )
    outcome = bureau.given(*path).when("case.returned", "2026-04-20")
    assert outcome.state == "VERIFYING"
    assert outcome.due("DL-VERIFY") == "2026-05-13"
    assert "DL-CASE" not in outcome.case.clocks


def test_part_of_a_case_goes_to_the_police_alone(bureau: Bureau) -> None:
    acts = [s.ACT, {"id": "v2"}]
    path = (
        at("case.clue-registered", "2026-03-02", violations=acts),
        *s.INVESTIGATING[1:],
        at("case.crime-reported", "2026-03-16", violations=["v2"]),
        at("case.police-transfer-approved", "2026-03-17T09:00:00+08:00"),
        at("case.police-transferred", "2026-03-17T15:00:00+08:00"),
    )
    outcome = bureau.given(*path).now()
    assert outcome.state == "INVESTIGATING"
    assert "DL-CASE" in outcome.running()
    given = bureau.given(*path, *s.NOTIFIED[len(s.INVESTIGATING) :])
    rest = given.when(
        "case.penalty-decided", "2026-05-11", others=[{"violation": "v2", "outcome": "transferred"}]
    )
    assert rest.state == "DECIDED_PENALTY"
    both = given.when(
        "case.penalty-decided", "2026-05-11", penalties=[s.FINE, {"violation": "v2", "warning": True}]
    )
    assert "transfer-pending" in both.rules


def test_case_is_only_returned_by_who_has_it(bureau: Bureau) -> None:
    outcome = bureau.given(*s.INVESTIGATING).when("case.returned", "2026-03-20")
    assert outcome.rules == ["not-in-this-state"]


def test_police_that_open_after_all_take_the_case_again(bureau: Bureau) -> None:
    outcome = bureau.given(*r.RECON_ASKED).when("case.police-reconsidered", "2026-03-25", result="opened")
    assert outcome.state == "TRANSFERRED_POLICE"
    assert outcome.due("DL-POLICE-HANDOVER") == "2026-03-28"
    assert "DL-CASE" not in outcome.running()


def test_suspension_does_not_outlive_the_transfer(bureau: Bureau) -> None:
    path = (
        *s.SUSPENDED,
        at("case.crime-reported", "2026-03-23"),
        at("case.police-transfer-approved", "2026-03-24T09:00:00+08:00"),
        at("case.police-transferred", "2026-03-24T15:00:00+08:00"),
        at("case.police-declined", "2026-03-27"),
    )
    outcome = bureau.given(*path).now()
    assert (outcome.state, outcome.due("DL-CASE")) == ("INVESTIGATING", "2026-06-25")


def test_criminal_fine_excludes_an_administrative_one(bureau: Bureau) -> None:
    path = (
        *s.OPENED,
        at("case.returned", "2026-04-20", by="court", criminal_fine=True),
        *again(("2026-04-21", "2026-04-22", "2026-04-23")),
        at("case.proposal-approved", "2026-04-24"),
        at("case.notice-served", "2026-04-27"),
    )
    outcome = bureau.given(*path).when("case.penalty-decided", "2026-05-11")
    assert outcome.rules == ["criminal-fine"]
    assert outcome.breach("criminal-fine").article == "APL 35"


def test_police_to_whom_it_does_not_belong_forward_it(bureau: Bureau) -> None:
    given = bureau.given(*r.NOT_THEIRS)
    assert given.now().due("DL-POLICE-FORWARD") == "2026-03-20T10:00:00+08:00"
    late = given.when("case.police-forwarded", "2026-03-20T10:30:00+08:00")
    assert late.findings == ["deadline-overrun"]
    path = (*r.NOT_THEIRS, at("case.police-forwarded", "2026-03-20T09:00:00+08:00"))
    received = bureau.given(*path).when("case.police-received", "2026-03-20")
    assert received.due("DL-POLICE-DECIDE") == "2026-03-23"


# -- money and ends ---------------------------------------------------------------------------------------------------


def test_payments_of_a_fallen_decision_are_given_back_once(bureau: Bureau) -> None:
    path = (
        *s.PERFORMED,
        at("case.decision-revoked", "2026-05-25"),
        at("case.penalty-refunded", "2026-05-26"),
    )
    assert bureau.given(*path).now().view()["balance"] == {"owed": "0", "paid": "0", "to_refund": "0"}
    assert bureau.given(*path).when("case.penalty-refunded", "2026-05-27").rules == ["nothing-to-refund"]


def test_changed_decision_gives_back_the_difference(bureau: Bureau) -> None:
    given = bureau.given(*s.PERFORMED, at("case.decision-changed", "2026-05-25"))
    assert given.now().view()["balance"]["to_refund"] == "200"
    assert given.when("case.penalty-refunded", "2026-05-26", amount="200").refused == ()


@pytest.mark.parametrize(
    ("given", "on", "outcome"),
    [
        (s.PERFORMED, "2026-05-21", "EXECUTED"),
        (s.NO_PENALTY, "2026-04-28", "NO_PENALTY"),
        (s.NOT_PROVEN, "2026-04-28", "NOT_ESTABLISHED"),
        (s.TO_AGENCY, "2026-03-23", "TO_OTHER_AGENCY"),
        (s.OPENED, "2026-03-23", "TO_JUDICIARY"),
        (s.TERMINATED, "2026-03-23", "INVESTIGATION_TERMINATED"),
        (s.COURT_TERMINATED, "2026-11-03", "COURT_TERMINATED"),
    ],
)
def test_every_closing_outcome_has_its_way(bureau: Bureau, given: Path, on: str, outcome: str) -> None:
    proposed = at("case.closing-proposed", on, outcome=outcome)
    closed = bureau.given(*given, proposed).when("case.closed", on)
    assert (closed.state, closed.case.outcome) == ("CLOSED", outcome)


@pytest.mark.parametrize(
    ("given", "outcome"),
    [(s.SERVED, "NO_PENALTY"), (s.INVESTIGATING, "OTHER"), (s.RETURNED, "OTHER"), (s.TO_AGENCY, "EXECUTED")],
)
def test_closing_outcome_arises_in_its_own_state(bureau: Bureau, given: Path, outcome: str) -> None:
    refused = bureau.given(*given).when("case.closing-proposed", "2026-05-20", outcome=outcome, note="说明")
    assert "no-closing-ground" in refused.rules

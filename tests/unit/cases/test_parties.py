"""Several parties and acts in one case: each served on its day, paying for itself, ending in its own way."""

from tests.unit.cases import steps as s
from tests.unit.cases.given import Bureau
from tests.unit.cases.steps import at

OTHER = {"id": "p2", "kind": "person", "region": "330302"}
SECOND = {"id": "v2", "code": "M-V01", "began": "2026-01-05", "ended": "2026-02-27", "party": "p2"}
FINE_2 = s.FINE | {"violation": "v2", "party": "p2", "fine": "400"}
BOTH = [s.FINE, FINE_2]
TWO = (
    at("case.clue-registered", "2026-03-02", parties=[s.PARTY, OTHER], violations=[s.ACT, SECOND]),
    *s.INVESTIGATING[1:],
    at("case.investigation-ended", "2026-04-20", penalties=BOTH),
    *s.PASSED[len(s.INV_ENDED) :],
    at("case.proposal-approved", "2026-04-27", penalties=BOTH),
)
ONE_TOLD = (*TWO, at("case.notice-served", "2026-04-28", party="p1", penalties=[s.FINE]))
BOTH_TOLD = (*ONE_TOLD, at("case.notice-served", "2026-05-07", party="p2", penalties=[FINE_2]))
DECIDED = (*BOTH_TOLD, at("case.penalty-decided", "2026-05-15", penalties=BOTH))
ONE_SERVED = (*DECIDED, at("case.decision-served", "2026-05-18", party="p1"))
BOTH_SERVED = (*ONE_SERVED, at("case.decision-served", "2026-05-20", party="p2"))


def test_notice_says_to_each_party_its_own(bureau: Bureau) -> None:
    given = bureau.given(*TWO)
    wrong = given.when("case.notice-served", "2026-04-28", party="p1", penalties=BOTH)
    assert wrong.rules == ["not-as-approved"]
    assert given.when("case.notice-served", "2026-04-28", party="p1", penalties=[s.FINE]).state == "NOTIFIED"


def test_each_party_defends_from_its_own_service(bureau: Bureau) -> None:
    outcome = bureau.given(*BOTH_TOLD).now()
    # 28 April: 29, 30 April, 6, 7, 8 May; 7 May: 8, 9 (worked), 11, 12, 13 May
    assert (outcome.due("DL-DEFENCE:p1"), outcome.due("DL-DEFENCE:p2")) == ("2026-05-08", "2026-05-13")


def test_decision_waits_for_the_party_served_last(bureau: Bureau) -> None:
    given = bureau.given(*BOTH_TOLD)
    early = given.when("case.penalty-decided", "2026-05-13", penalties=BOTH)
    assert early.breach("defence-period-running").earliest is not None
    assert str(early.breach("defence-period-running").earliest) == "2026-05-14"
    assert given.when("case.penalty-decided", "2026-05-14", penalties=BOTH).state == "DECIDED_PENALTY"


def test_party_without_notice_is_not_punished(bureau: Bureau) -> None:
    outcome = bureau.given(*ONE_TOLD).when("case.penalty-decided", "2026-05-11", penalties=BOTH)
    assert "p2" in outcome.breach("no-notice").message.en


def test_late_defence_of_one_party_is_measured_by_its_own_period(bureau: Bureau) -> None:
    given = bureau.given(*BOTH_TOLD)
    assert given.when("case.defence-submitted", "2026-05-12", party="p2").findings == []
    assert given.when("case.defence-submitted", "2026-05-12", party="p1").findings == ["defence-late"]


def test_waiver_of_one_party_ends_only_its_period(bureau: Bureau) -> None:
    outcome = bureau.given(*BOTH_TOLD).when("case.rights-waived", "2026-05-08", party="p2")
    assert outcome.running() >= {"DL-DEFENCE:p1"}
    assert "DL-DEFENCE:p2" not in outcome.running()


def test_payment_and_remedies_run_for_each_party_served(bureau: Bureau) -> None:
    outcome = bureau.given(*BOTH_SERVED).now()
    assert (outcome.due("DL-PAY:p1"), outcome.due("DL-PAY:p2")) == ("2026-06-02", "2026-06-04")
    # 60 days after 18 and 20 May: 17 July (Friday) and 19 July (Sunday, rolled to Monday)
    assert (outcome.due("DL-RECON:p1"), outcome.due("DL-RECON:p2")) == ("2026-07-17", "2026-07-20")


def test_service_is_done_when_the_last_party_is_reached(bureau: Bureau) -> None:
    first = bureau.given(*DECIDED).when("case.decision-served", "2026-05-18", party="p1")
    assert "DL-SERVE" in first.running()
    second = bureau.given(*ONE_SERVED).when("case.decision-served", "2026-05-20", party="p2")
    assert "DL-SERVE" not in second.running()
    assert second.state == "SERVED"


def test_decision_reaches_a_party_once(bureau: Bureau) -> None:
    given = bureau.given(*ONE_SERVED)
    assert given.when("case.decision-served", "2026-05-20", party="p1").rules == ["already-served"]
    assert given.when("case.decision-served", "2026-05-20").rules == ["already-served"]


def test_case_is_executed_when_the_last_party_has_paid(bureau: Bureau) -> None:
    first = bureau.given(*BOTH_SERVED).when("case.paid", "2026-05-25", party="p1")
    assert (first.state, first.case.outcome) == ("PERFORMING", None)
    assert "DL-PAY:p1" not in first.running()
    assert "DL-PAY:p2" in first.running()
    paid = at("case.paid", "2026-05-25", party="p1")
    last = bureau.given(*BOTH_SERVED, paid).when("case.paid", "2026-05-26", party="p2", amount="400")
    assert (last.state, last.case.outcome) == ("PERFORMING", "EXECUTED")
    assert last.due("DL-CLOSE") == "2026-06-16"


def test_party_pays_what_it_owes_itself(bureau: Bureau) -> None:
    outcome = bureau.given(*BOTH_SERVED).when("case.paid", "2026-05-25", party="p1", amount="400")
    assert outcome.rules == ["not-in-full"]


def test_party_only_warned_has_nothing_to_pay(bureau: Bureau) -> None:
    warned = {"violation": "v2", "party": "p2", "warning": True}
    acts = [s.ACT, {"id": "v2"}]
    path = (
        at("case.clue-registered", "2026-03-02", parties=[s.PARTY, OTHER], violations=acts),
        *s.INVESTIGATING[1:],
        at("case.investigation-ended", "2026-04-20", penalties=[s.FINE, warned]),
        *s.PASSED[len(s.INV_ENDED) :],
        at("case.proposal-approved", "2026-04-27", penalties=[s.FINE, warned]),
        at("case.notice-served", "2026-04-28", penalties=[s.FINE, warned]),
        at("case.penalty-decided", "2026-05-11", penalties=[s.FINE, warned]),
        at("case.decision-served", "2026-05-12", party="p1"),
    )
    outcome = bureau.given(*path).when("case.decision-served", "2026-05-13", party="p2")
    assert "DL-PAY:p1" in outcome.running()
    assert "DL-PAY:p2" not in outcome.running()
    assert "DL-RECON:p2" in outcome.running()


def test_acts_end_each_in_its_own_way(bureau: Bureau) -> None:
    outcome = bureau.given(*BOTH_TOLD).when(
        "case.penalty-decided", "2026-05-15", others=[{"violation": "v2", "outcome": "not_proven"}]
    )
    assert {id: v["outcome"] for id, v in outcome.case.violations.items()} == {
        "v1": "penalty",
        "v2": "not_proven",
    }


def test_unknown_party_and_act_are_refused(bureau: Bureau) -> None:
    wrong = [s.FINE | {"party": "p9", "violation": "v9"}]
    outcome = bureau.given(*s.NOTIFIED).when("case.penalty-decided", "2026-05-11", penalties=wrong)
    assert {"unknown-party", "unknown-violation"} <= set(outcome.rules)
    outcome = bureau.given(*s.SERVED).when("case.paid", "2026-05-20", party="p9")
    assert "unknown-party" in outcome.rules


def test_fine_of_an_individual_opens_the_hearing_for_the_case(bureau: Bureau) -> None:
    high = s.HIGH | {"violation": "v2", "party": "p2"}
    acts = [s.ACT, {"id": "v2", "code": "M-N03", "ended": "2026-02-27"}]
    path = (
        at("case.clue-registered", "2026-03-02", parties=[s.PARTY, OTHER], violations=acts),
        *s.INVESTIGATING[1:],
        at("case.investigation-ended", "2026-04-20", penalties=[s.FINE, high]),
        *s.PASSED[len(s.INV_ENDED) :],
        at("case.proposal-approved", "2026-04-27", penalties=[s.FINE, high]),
        at("case.notice-served", "2026-04-28", party="p1", penalties=[s.FINE]),
    )
    given = bureau.given(*path)
    untold = given.when("case.notice-served", "2026-04-29", party="p2", penalties=[high])
    assert untold.rules == ["hearing-right"]
    told = given.when("case.notice-served", "2026-04-29", party="p2", penalties=[high], hearing_right=True)
    assert told.case.notice["hearing_right"] is True

"""The procedure of a report: every row from every state, both rule versions at the boundary day, clocks, merging."""

from datetime import date
from typing import Any, cast, get_args

import pytest

from enforcement.errors import Breach, InvalidData, NotFound, NotPermitted, Refused
from enforcement.events import registry
from enforcement.forms import own_fields
from enforcement.law import Law
from enforcement.law.dated import rows_on
from enforcement.reports import events, guards, judging, several
from enforcement.reports.deadlines import of
from enforcement.reports.procedure import table
from enforcement.reports.report import CHANGES, WHEN, Report
from tests.unit.reports.bureau import ELIGIBLE, TARGET, Bureau

OPEN = {"RECEIVED", "SPLIT", "ASSIGNED", "VERIFYING"}


def refused(bureau: Bureau, id: str, topic: str, role: str, **data: Any) -> Breach:
    """The first breach that refuses a step."""
    with pytest.raises(Refused) as caught:
        bureau.step(id, topic, role, **data)
    breach = caught.value.breaches[0]
    assert breach.message.zh
    assert breach.article
    return breach


# -- the table -----------------------------------------------------------------------------------------------


def test_table_and_code_know_the_same_events_guards_and_clocks() -> None:
    topics = {topic for topic in registry() if topic.startswith("report.")}
    rows = table().rows
    assert set(rows) == topics
    assert {name for row in rows.values() for name in row.guards} == set(guards.GUARDS)
    assert set(CHANGES) <= topics
    keys = {clock.key for clock in table().clocks}
    assert {key for row in rows.values() for key in (*row.starts, *row.ends)} == keys
    assert {name for clock in table().clocks for name in clock.when} == set(WHEN)
    assert {clock.rule for clock in table().clocks} <= {rule.id for rule in Law.load().deadlines}


def test_every_state_is_reached_and_every_open_state_can_be_left() -> None:
    reached = set()
    for row in table().rows.values():
        reached |= (
            {row.to}
            if isinstance(row.to, str)
            else set(next(iter(row.to.values())).values())
            if row.to
            else set()
        )
    assert reached == set(table().states)
    for state in set(table().states) - table().ends:
        assert any(row.to not in (None, state) for row in table().possible_in(state)), state


def test_nothing_of_a_reporter_has_a_field_in_clear() -> None:
    """Texts of the reporter are sealed; in clear are choices, codes, amounts, ids, and an officer's words."""
    by_reporter = [row.topic for row in table().rows.values() if "reporter" in row.roles]
    for topic in by_reporter:
        for name, hint in own_fields(registry()[topic]).items():
            free = "1 to 4,000" in str(hint) or hint is str
            assert not free or (topic, name) in {("report.received", "number"), ("report.read", "purpose")}, (
                topic,
                name,
            )


@pytest.mark.parametrize("topic", [topic for topic in table().rows if topic != "report.received"])
def test_a_step_outside_its_states_is_refused_by_its_article(topic: str) -> None:
    row = table().rows[topic]
    report, asked = Report("report-1"), cast(Any, None)
    event: Any = object.__new__(registry()[topic])
    for report.state in sorted(set(table().states) - row.states):
        found = list(judging.breaches(report, event, row, asked))
        assert [(b.rule, b.article) for b in found] == [("procedure", row.article)]
        assert report.state in found[0].message.zh


# -- the main line ---------------------------------------------------------------------------------------------


def test_a_report_goes_its_whole_way_to_the_payment(bureau: Bureau) -> None:
    id = bureau.told()
    states = ["TOLD"]
    claimed = bureau.desk.claim(bureau.report(id), bureau.desk.anyone(), "code", bureau.today)
    states.append(bureau.report(id).state)
    assert claimed.voucher
    bureau.desk.pay(bureau.who("finance"), claimed.voucher, bureau.today)
    states.append(bureau.report(id).state)
    assert states == ["TOLD", "CLAIMED", "PAID"]
    topics = [row.topic for row in bureau.ledger.recorder.select_events(id)]
    assert topics == [
        f"report.{name}"
        for name in (
            "received",
            "assigned",
            "verification-started",
            "filed",
            "substantiated",
            "eligibility-checked",
            "graded",
            "amount-set",
            "reward-told",
            "reward-claimed",
            "reward-paid",
        )
    ]


def test_a_paper_with_a_complaint_is_split_first(bureau: Bureau) -> None:
    id = bureau.receive(complaint=True).receipt.id
    assert (
        refused(bureau, id, "assigned", "intake", unit="计量科", officers=["wz-h1"]).rule == "complaint-split"
    )
    bureau.step(id, "split", "intake", complaint="12315-1")
    bureau.step(id, "assigned", "intake", unit="计量科", officers=["wz-h1"])
    other = bureau.receive().receipt.id
    assert refused(bureau, other, "split", "intake", complaint="12315-2").rule == "holds-complaint"


def test_a_unit_hands_back_and_never_passes_on(bureau: Bureau) -> None:
    id = bureau.verifying()
    with pytest.raises(NotPermitted):
        bureau.step(id, "transferred", "handler", market_supervision=False, told="code")
    bureau.step(id, "handed-back", "handler", reason="不属本科室")
    assert (bureau.report(id).state, bureau.report(id).officers) == ("RECEIVED", [])
    assert (
        refused(bureau, id, "transferred", "intake", market_supervision=True, told="code").rule
        == "names-bureau"
    )
    bureau.step(id, "transferred", "intake", market_supervision=True, to="瓯海区局", told="code")
    assert bureau.report(id).state == "TRANSFERRED"


@pytest.mark.parametrize(
    ("officers", "rule"),
    [(["wz-h1"], "two-officers"), (["wz-h1", "wz-h9"], "are-assigned"), (["wz-h1", "wz-h1"], "two-officers")],
)
def test_two_assigned_officers_verify(bureau: Bureau, officers: list[str], rule: str) -> None:
    id = bureau.receive().receipt.id
    bureau.step(id, "assigned", "intake", unit="计量科", officers=["wz-h1", "wz-h2"])
    assert refused(bureau, id, "verification-started", "handler", officers=officers).rule == rule


def test_only_officers_on_record_are_assigned(bureau: Bureau) -> None:
    id = bureau.receive().receipt.id
    nobody = refused(bureau, id, "assigned", "intake", unit="计量科", officers=["wz-x9"])
    assert (nobody.rule, "no officer on record" in nobody.message.en) == ("no-conflict", True)
    assert refused(bureau, id, "assigned", "intake", unit="计量科", officers=[]).rule == "no-conflict"


def test_evidence_is_added_until_the_end_and_not_after(bureau: Bureau) -> None:
    first, id = bureau.receive().receipt.id, bureau.receive().receipt.id
    more = {"content": {"text": "照片"}, "files": []}
    bureau.step(id, "evidence-added", "intake", **more)
    bureau.step(id, "not-handled", "intake", earlier=first)
    assert refused(bureau, id, "evidence-added", "intake", **more).rule == "is-open"
    bureau.step(id, "message-sent", "intake", text="不再处理的理由")


def test_a_report_is_filed_only_with_a_case_that_was_filed(bureau: Bureau) -> None:
    id = bureau.verifying()
    assert refused(bureau, id, "filed", "head", case="case-none").rule == "case-filed"
    with pytest.raises(NotPermitted):
        bureau.step(id, "filed", "unit_head", case=bureau.filed_case())
    bureau.step(id, "filed", "head", case=bureau.filed_case())
    assert bureau.report(id).state == "FILED"


def test_it_is_substantiated_only_as_its_case_ended(bureau: Bureau) -> None:
    id = bureau.filed()
    case = str(bureau.report(id).case)
    proven = {"case": case, "target": TARGET, "outcome": "penalty"}
    assert "not closed" in refused(bureau, id, "substantiated", "handler", **proven).message.en
    bureau.ended(case)
    assert (
        refused(bureau, id, "substantiated", "handler", **(proven | {"case": "case-other"})).rule
        == "case-punished"
    )
    assert (
        refused(bureau, id, "substantiated", "handler", **(proven | {"outcome": "crime"})).rule
        == "case-punished"
    )
    assert (
        refused(bureau, id, "substantiated", "handler", case=case, outcome="penalty").rule == "case-punished"
    )
    assert refused(bureau, id, "unsubstantiated", "handler", case=case).rule == "case-not-punished"
    bureau.step(id, "substantiated", "handler", **proven)
    row = bureau.ledger.recorder.select_events(id)[-1]
    assert f'"subject":"{TARGET}"'.encode() in row.state
    assert all(f'"subject":"{id}"'.encode() in r.state for r in bureau.ledger.recorder.select_events(id)[:-1])


def test_a_case_without_penalty_does_not_reach_the_credit_facts(bureau: Bureau) -> None:
    id = bureau.filed()
    case = str(bureau.report(id).case)
    bureau.ended(case, None)
    assert (
        refused(bureau, id, "substantiated", "handler", case=case, target=TARGET, outcome="penalty").rule
        == "case-punished"
    )
    bureau.step(id, "unsubstantiated", "handler", case=case)
    assert bureau.report(id).state == "UNSUBSTANTIATED"
    assert TARGET.encode() not in bureau.ledger.recorder.select_events(id)[-1].state


def test_repeats_and_malice_end_a_report(bureau: Bureau) -> None:
    first, again, bad = (bureau.receive().receipt.id for _ in range(3))
    assert refused(bureau, again, "not-handled", "intake", earlier=again).rule == "earlier-exists"
    bureau.step(again, "not-handled", "intake", earlier=first)
    assert bureau.report(again).state == "NOT_HANDLED"
    with pytest.raises(NotPermitted):
        bureau.step(bad, "malicious", "intake", kind="blackmail", to="鹿城公安分局")
    bureau.step(bad, "malicious", "head", kind="blackmail", to="鹿城公安分局")
    assert bureau.report(bad).state == "MALICIOUS"


def test_steps_need_a_day_that_is_not_before_the_receipt(bureau: Bureau) -> None:
    id = bureau.receive(on="2026-05-29").receipt.id
    for day in ("2026-05", "2026-05-28", "2026-06-02"):
        with pytest.raises(InvalidData):
            bureau.step(id, "noted", "intake", on=day, what="x")
    with pytest.raises(NotFound):
        bureau.step("report-none", "noted", "intake", what="x")
    with pytest.raises(NotFound):
        bureau.ledger.report("case-1")


@pytest.mark.parametrize("topic", ["received", "absorbed", "reward-paid"])
def test_what_follows_from_another_step_is_not_recorded_by_hand(bureau: Bureau, topic: str) -> None:
    id = bureau.receive().receipt.id
    with pytest.raises(Refused, match="follows from"):
        bureau.ledger.report_step(
            bureau.who("bureau_system", "wz-sys"), id, f"report.{topic}", "2026-06-01", {}
        )


# -- clocks ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("matter", "region", "clocks"),
    [
        ("metrology", "330302", {"refer": "2026-06-04", "verify": "2026-06-15", "answer": "2026-06-15"}),
        ("metrology", "310100", {"verify": "2026-06-23"}),
        ("food", "330302", {"verify": "2026-06-23"}),
        ("public_information", "330302", {"verify": "2026-06-23", "answer-public-information": "2026-06-30"}),
    ],
)
def test_clocks_run_by_matter_and_place(
    bureau: Bureau, matter: str, region: str, clocks: dict[str, str]
) -> None:
    """Received on Monday 2026-06-01; Dragon Boat Festival 19 to 21 June."""
    id = bureau.receive(matter=matter, region=region).receipt.id
    assert {d.key: str(d.due) for d in of(bureau.report(id), bureau.ledger.law)} == clocks


def test_zhejiang_gives_three_days_to_pass_on_and_ten_to_decide(bureau: Bureau) -> None:
    id = bureau.receive().receipt.id
    rules = {d.key: (d.rule, d.status) for d in of(bureau.report(id), bureau.ledger.law)}
    assert rules["refer"] == ("DL-REFER-ZJ", "unverified")
    assert rules["verify"] == rules["answer"] == ("DL-VERIFY-ZJ", "unverified")
    bureau.step(id, "assigned", "intake", unit="计量科", officers=["wz-h1", "wz-h2"])
    found = {d.key: d.state(bureau.moment.date()) for d in of(bureau.report(id), bureau.ledger.law)}
    assert found == {"refer": "met", "verify": "running", "answer": "running"}


@pytest.mark.parametrize(("received", "due"), [("2026-04-14", "2026-06-08"), ("2026-04-15", None)])
def test_filing_notice_is_owed_by_the_day_of_receipt(bureau: Bureau, received: str, due: str | None) -> None:
    """Order 20 up to 2026-04-14: five working days from the decision of 1 June; Order 121 from the 15th: none."""
    id = bureau.receive(on=received, matter="food", real_name=True).receipt.id
    bureau.step(id, "assigned", "intake", unit="计量科", officers=["wz-h1", "wz-h2"])
    bureau.step(id, "verification-started", "handler", officers=["wz-h1", "wz-h2"])
    bureau.step(id, "not-filed", "head", ground="no_violation", reason="秤合格")
    assert bureau.due(id, "filing-notice") == due
    if due:
        bureau.step(id, "reporter-told", "intake", about="filing", by="code")
        notice = next(d for d in of(bureau.report(id), bureau.ledger.law) if d.key == "filing-notice")
        assert notice.kept is True


def test_an_anonymous_reporter_of_the_old_rule_is_owed_no_notice(bureau: Bureau) -> None:
    id = bureau.receive(on="2026-04-14", matter="food").receipt.id
    bureau.step(id, "assigned", "intake", unit="计量科", officers=["wz-h1", "wz-h2"])
    bureau.step(id, "verification-started", "handler", officers=["wz-h1", "wz-h2"])
    bureau.step(id, "not-filed", "head", ground="no_violation", reason="秤合格")
    assert bureau.due(id, "filing-notice") is None


def test_verification_is_prolonged_once_by_the_head_in_time(bureau: Bureau) -> None:
    id = bureau.verifying(matter="food")
    assert bureau.due(id, "verify") == "2026-06-23"
    with pytest.raises(NotPermitted):
        bureau.step(id, "extended", "unit_head", reason="案情复杂")
    bureau.to("2026-06-23")
    bureau.step(id, "extended", "head", reason="案情复杂")
    assert bureau.due(id, "verify") == "2026-07-14"
    assert "once" in refused(bureau, id, "extended", "head", reason="再延").message.en


def test_verification_is_not_prolonged_too_late_nor_where_no_rule_does(bureau: Bureau) -> None:
    late = bureau.verifying(matter="food")
    zhejiang = bureau.verifying()
    assert "no extension" in refused(bureau, zhejiang, "extended", "head", reason="案情复杂").message.en
    bureau.to("2026-06-24")
    assert "ended on 2026-06-23" in refused(bureau, late, "extended", "head", reason="案情复杂").message.en


def test_nothing_is_prolonged_once_the_verification_is_over(bureau: Bureau) -> None:
    """An erasure ends every period, also where it was ordered before the end."""
    id = bureau.verifying(matter="food")
    bureau.step(id, "erased", "custodian", ground="unlawful", reason="无处理依据")
    assert "no verification period" in refused(bureau, id, "extended", "head", reason="案情复杂").message.en


def test_a_test_stops_the_clock(bureau: Bureau) -> None:
    id = bureau.verifying(matter="food")
    bureau.to("2026-06-03")
    assert refused(bureau, id, "resumed", "handler").rule == "is-paused"
    bureau.step(id, "paused", "handler", kind="test")
    assert refused(bureau, id, "paused", "handler", kind="test").rule == "not-paused"
    assert bureau.due(id, "verify") is None
    bureau.to("2026-06-10")
    bureau.step(id, "resumed", "handler")
    assert bureau.due(id, "verify") == "2026-06-30"


def test_deadlines_tell_whether_they_were_kept(bureau: Bureau) -> None:
    id = bureau.verifying(matter="food")

    def state() -> str:
        return next(
            d.state(bureau.moment.date())
            for d in of(bureau.report(id), bureau.ledger.law)
            if d.key == "verify"
        )

    bureau.to("2026-06-23")
    assert state() == "running"
    bureau.to("2026-06-24")
    assert state() == "overdue"
    bureau.step(id, "not-filed", "head", ground="no_violation", reason="秤合格")
    assert state() == "late"


def test_merging_restarts_the_clock_from_the_last_report(bureau: Bureau) -> None:
    first = bureau.verifying(matter="food")
    assert bureau.due(first, "verify") == "2026-06-23"
    bureau.to("2026-06-08")
    again = bureau.receive(matter="food").receipt.id
    assert refused(bureau, again, "merged", "intake", into="report-none").rule == "mergeable"
    assert refused(bureau, again, "merged", "intake", into=again).rule == "mergeable"
    bureau.step(again, "merged", "intake", into=first)
    assert (bureau.report(again).state, bureau.report(first).state) == ("MERGED", "VERIFYING")
    assert bureau.report(first).merged == [again]
    assert bureau.due(first, "verify") == "2026-06-30"
    bureau.step(first, "noted", "handler", what="已合并")
    done = bureau.filed()
    third = bureau.receive().receipt.id
    assert "past its verification" in refused(bureau, third, "merged", "intake", into=done).message.en


def test_a_merged_report_counts_from_its_day_in_china(bureau: Bureau) -> None:
    """Half past midnight on Monday 8 June in China is still Sunday in UTC."""
    first = bureau.verifying(matter="food")
    bureau.to("2026-06-08")
    again = bureau.receive(on="2026-06-07T16:30:00Z", matter="food").receipt.id
    bureau.step(again, "merged", "intake", into=first)
    assert bureau.due(first, "verify") == "2026-06-30"


@pytest.mark.parametrize("about", ["filing", "transfer", "result", "reward"])
def test_nothing_is_told_before_it_happened(bureau: Bureau, about: str) -> None:
    id = bureau.receive().receipt.id
    assert refused(bureau, id, "reporter-told", "intake", about=about, by="code").rule == "told-what-happened"


# -- reward --------------------------------------------------------------------------------------------------------


def test_tell_claim_and_objection_run_their_working_days(bureau: Bureau) -> None:
    """Substantiated Monday 22 June: 15 working days to tell. Told the same day: 30 to claim, 10 to object."""
    id = bureau.graded()
    assert bureau.due(id, "reward-tell") == "2026-07-13"
    bureau.step(id, "amount-set", "head", standard="100000.00", amount="100000.00")
    bureau.step(id, "reward-told", "head", by="code")
    assert bureau.due(id, "reward-claim") == "2026-08-03"
    assert bureau.due(id, "reward-object") == "2026-07-06"


def test_claim_is_open_on_its_last_day_and_lapses_after_it(bureau: Bureau) -> None:
    id = bureau.told()
    bureau.to("2026-08-03")
    lapse = refused(bureau, id, "reward-waived", "unit_head", ground="expired")
    assert str(lapse.earliest) == "2026-08-04"
    bureau.step(id, "claim-extended", "head", days=10)
    assert bureau.due(id, "reward-claim") == "2026-08-17"
    assert "once" in refused(bureau, id, "claim-extended", "head", days=1).message.en
    bureau.to("2026-08-18")
    with pytest.raises(Refused, match="ended on 2026-08-17"):
        bureau.desk.claim(bureau.report(id), bureau.desk.anyone(), "code", bureau.today)
    bureau.step(id, "reward-waived", "unit_head", ground="expired")
    assert bureau.report(id).state == "WAIVED"


@pytest.mark.parametrize("days", [0, 11, -1])
def test_claim_is_prolonged_by_ten_working_days_at_most(bureau: Bureau, days: int) -> None:
    assert refused(bureau, bureau.told(), "claim-extended", "head", days=days).rule == "claim-extendable"


def test_a_reporter_objects_in_ten_days_and_is_graded_anew(bureau: Bureau) -> None:
    id = bureau.told(amount="50000.00")
    bureau.to("2026-07-06")
    bureau.desk.step(bureau.desk.anyone(), id, "report.review-requested", bureau.today, {"reasons": "太少"})
    assert bureau.report(id).state == "REVIEW_REQUESTED"
    bureau.step(id, "review-decided", "head", upheld=True, reason="金额应为标准")
    assert bureau.report(id).state == "GRADED"
    bureau.step(id, "amount-set", "head", standard="100000.00", amount="100000.00")
    bureau.step(id, "reward-told", "head", by="code")
    bureau.to("2026-07-21")
    with pytest.raises(Refused, match="ended on 2026-07-20"):
        bureau.desk.step(
            bureau.desk.anyone(), id, "report.review-requested", bureau.today, {"reasons": "仍少"}
        )


def test_eligibility_is_what_conditions_and_case_say(bureau: Bureau) -> None:
    id = bureau.substantiated(fine="80000")
    assert "100,000.00" in refused(bureau, id, "eligibility-checked", "head", **ELIGIBLE).message.en
    bureau.step(id, "eligibility-checked", "head", **(ELIGIBLE | {"eligible": False}))
    assert bureau.report(id).state == "NOT_ELIGIBLE"


def test_people_say_what_is_large_where_the_place_has_not(bureau: Bureau) -> None:
    """In Shanghai no figure is on record: without a word the step waits, with one it follows it."""
    id = bureau.substantiated(region="310100")
    unsaid = refused(bureau, id, "eligibility-checked", "head", **ELIGIBLE)
    assert unsaid.rule == "eligible-as-computed"
    small = ELIGIBLE | {"large": False}
    assert "no reward is due" in refused(bureau, id, "eligibility-checked", "head", **small).message.en
    bureau.step(id, "eligibility-checked", "head", **(ELIGIBLE | {"large": True}))
    assert bureau.report(id).state == "ELIGIBLE"


def test_a_reward_that_is_due_cannot_be_denied(bureau: Bureau) -> None:
    id = bureau.substantiated()
    denied = ELIGIBLE | {"eligible": False}
    assert "every condition" in refused(bureau, id, "eligibility-checked", "head", **denied).message.en
    staff = ELIGIBLE | {"excluded": ["staff"]}
    assert "bureau" in refused(bureau, id, "eligibility-checked", "head", **staff).message.en


def test_no_reward_where_none_is_wished(bureau: Bureau) -> None:
    id = bureau.verifying()
    bureau.step(id, "filed", "head", case=bureau.filed_case())
    case = str(bureau.report(id).case)
    bureau.ended(case)
    bureau.to("2026-06-22")
    bureau.step(id, "substantiated", "handler", case=case, target=TARGET, outcome="penalty")
    assert bureau.due(id, "reward-tell") is None
    assert refused(bureau, id, "eligibility-checked", "head", **ELIGIBLE).rule == "wished"


def test_matching_part_and_insider_are_checked_against_the_case(bureau: Bureau) -> None:
    id = bureau.substantiated()
    bureau.step(id, "eligibility-checked", "head", **ELIGIBLE)
    assert refused(bureau, id, "graded", "head", grade="1", matching="2000000.01").rule == "grade-computes"
    assert (
        "insider"
        in refused(bureau, id, "graded", "head", grade="1", matching="1", insider_factor="2").message.en
    )
    bureau.step(id, "graded", "head", grade="3", matching="120000")
    bureau.step(id, "amount-set", "head", standard="1200.00", amount="1200.00")
    assert bureau.report(id).reward["amount"] == "1200.00"


def test_amount_is_the_standard_or_less_with_a_reason(bureau: Bureau) -> None:
    id = bureau.graded()
    amount = {"standard": "100000.00", "amount": "100000.00"}
    assert refused(bureau, id, "amount-set", "head", **(amount | {"standard": "1"})).rule == "within-standard"
    assert (
        "more than"
        in refused(bureau, id, "amount-set", "head", **(amount | {"amount": "100000.01"})).message.en
    )
    assert "reason" in refused(bureau, id, "amount-set", "head", **(amount | {"amount": "1"})).message.en
    bureau.step(id, "amount-set", "head", **(amount | {"amount": "1", "reason": "酌定"}))


def test_reports_of_one_case_get_the_highest_standard_together(bureau: Bureau) -> None:
    """Grade 2 of 2,000,000 is 60,000, grade 1 is 100,000: of the higher one 40,000 is left for the other."""
    first, second = bureau.filed(), bureau.verifying(reward_wished=True)
    case = str(bureau.report(first).case)
    bureau.step(second, "filed", "head", case=case)
    bureau.ended(case, "2000000")
    bureau.to("2026-06-22")
    for id, grade in ((first, "1"), (second, "2")):
        bureau.step(id, "substantiated", "handler", case=case, target=TARGET, outcome="penalty")
        bureau.step(id, "eligibility-checked", "head", **ELIGIBLE)
        bureau.step(id, "graded", "head", grade=grade, matching="2000000")
    bureau.ledger.reports_of = lambda asked: [first, second, "report-none"] if asked == case else []
    found = several.proposed([bureau.report(id) for id in (first, second)], date(2026, 6, 22))
    assert {share.claim: str(share.amount) for share in found} == {first: "62500.00", second: "37500.00"}
    own = {"standard": "60000.00", "amount": "60000.00"}
    bureau.step(second, "amount-set", "head", **own)
    more = {"standard": "100000.00", "reason": "同案另有举报"}
    over = refused(bureau, first, "amount-set", "head", amount="40000.01", **more)
    assert (over.rule, "40000.00 CNY is left" in over.message.en) == ("within-highest", True)
    bureau.step(first, "amount-set", "head", amount="40000.00", **more)
    bureau.step(second, "reward-told", "head", by="code")
    bureau.step(second, "reward-waived", "intake", ground="reporter")
    bureau.step(first, "reward-told", "head", by="code")
    bureau.desk.step(
        bureau.desk.anyone(), first, "report.review-requested", bureau.today, {"reasons": "太少"}
    )
    bureau.step(first, "review-decided", "head", upheld=True, reason="另一举报人已放弃")
    bureau.step(first, "amount-set", "head", standard="100000.00", amount="100000.00")


@pytest.mark.parametrize(
    ("fine", "factor", "standard"), [("30000000", "1", "1000000"), ("2000000", "1.5", "150000.00")]
)
def test_half_a_million_or_an_insider_waits_for_finance(
    bureau: Bureau, fine: str, factor: str, standard: str
) -> None:
    id = bureau.graded(fine, factor=factor, insider=factor != "1")
    amount = {"standard": standard, "amount": standard, "finance": True}
    assert (
        refused(bureau, id, "amount-set", "head", **(amount | {"finance": False})).rule == "within-standard"
    )
    bureau.step(id, "amount-set", "head", **amount)
    assert refused(bureau, id, "reward-told", "head", by="code").rule == "finance-done"
    bureau.step(id, "finance-confirmed", "head", letter="温财〔2026〕1号")
    bureau.step(id, "reward-told", "head", by="code")
    other = bureau.graded()
    bureau.step(other, "amount-set", "head", standard="100000.00", amount="100000.00")
    assert refused(bureau, other, "finance-confirmed", "head", letter="x").rule == "finance-needed"


def test_a_voucher_is_paid_once_and_names_no_report(bureau: Bureau) -> None:
    id = bureau.told()
    claimed = bureau.desk.claim(bureau.report(id), bureau.desk.anyone(), "code", bureau.today)
    assert claimed.voucher
    voucher, _ = bureau.desk.voucher(claimed.voucher)
    assert bureau.ledger.voucher(voucher).amount == "100000.00"
    receipt = bureau.desk.pay(bureau.who("finance"), claimed.voucher, bureau.today)
    assert receipt.id == voucher
    with pytest.raises(NotFound):
        bureau.desk.pay(bureau.who("finance"), claimed.voucher, bureau.today)
    with pytest.raises(Refused, match="paid already"):
        bureau.ledger.pay_voucher(bureau.who("finance"), voucher, id, bureau.today)
    for row in bureau.ledger.recorder.select_events(voucher):
        assert id.encode() not in row.state
    for row in bureau.ledger.recorder.select_events(id):
        assert voucher.encode() not in row.state


def test_a_lost_voucher_is_replaced_and_worth_nothing(bureau: Bureau) -> None:
    id = bureau.told()
    first, second = (
        bureau.desk.claim(bureau.report(id), bureau.desk.anyone(), "code", bureau.today).voucher
        for _ in range(2)
    )
    assert first
    assert second
    lost = bureau.desk.sealer.open(id, bureau.report(id).sealed[-2]["value"])["voucher"]
    with pytest.raises(NotFound):
        bureau.desk.pay(bureau.who("finance"), first, bureau.today)
    bureau.desk.pay(bureau.who("finance"), second, bureau.today)
    assert bureau.report(id).state == "PAID"
    with pytest.raises(Refused, match="paid already"):
        bureau.ledger.pay_voucher(bureau.who("finance"), lost, id, bureau.today)


def test_every_choice_of_an_event_is_a_known_word() -> None:
    assert set(get_args(events.Excluded)) == {
        row["code"] for row in rows_on("rewards", "excluded", date(2026, 6, 1))
    }
    assert set(get_args(events.Field)) == {
        row["code"] for row in rows_on("rewards", "field", date(2026, 6, 1))
    }

"""The way of a merged report's reporter to a reward: what is shared, who is first, what all get together."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from enforcement.errors import Breach, Refused
from enforcement.reports import merging, several, view
from enforcement.reports.report import Report
from tests.unit.cases.steps import FILED, at
from tests.unit.reports.bureau import ELIGIBLE, TARGET, Bureau

FINE = "2000000"


def refused(bureau: Bureau, id: str, topic: str, role: str, **data: Any) -> Breach:
    """The only breach that refuses a step."""
    with pytest.raises(Refused) as caught:
        bureau.step(id, topic, role, **data)
    (breach,) = caught.value.breaches
    assert breach.message.zh
    return breach


def merged(bureau: Bureau, into: str, on: str = "2026-06-01", *, wished: bool = True, **facts: Any) -> str:
    """A report that was received on a day and merged; its id."""
    id = bureau.receive(on=on, reward_wished=wished, **facts).receipt.id
    bureau.step(id, "merged", "intake", into=into)
    return id


def found_true(bureau: Bureau, id: str, outcome: str = "penalty", on: str = "2026-06-22") -> str:
    """Let the case of a report end in two million; the case."""
    bureau.step(id, "filed", "head", case=bureau.filed_case())
    case = str(bureau.report(id).case)
    bureau.ended(case, FINE)
    bureau.to(on)
    bureau.step(id, "substantiated", "handler", case=case, target=TARGET, outcome=outcome)
    return case


def pair(bureau: Bureau) -> tuple[str, str, str]:
    """A report of 1 June merged into one of 3 June, on which a case ended; first, leading, case."""
    bureau.to("2026-06-03")
    leading = bureau.verifying(reward_wished=True)
    first = merged(bureau, leading)
    return first, leading, found_true(bureau, leading)


def graded(bureau: Bureau, id: str, grade: str, matching: str, **found: Any) -> None:
    bureau.step(id, "eligibility-checked", "head", **(ELIGIBLE | found))
    bureau.step(id, "graded", "head", grade=grade, matching=matching)


def states(bureau: Bureau, ids: Sequence[str]) -> list[str]:
    return [bureau.report(id).state for id in ids]


def test_a_lead_that_ends_between_the_judging_and_the_numbering_takes_none_in(bureau: Bureau) -> None:
    leading, id = bureau.verifying(), bureau.receive().receipt.id
    take, ended = bureau.ledger.held.take, list[str]()

    def taking(kind: Any, taken: str, law: Any) -> Any:
        """Somebody else decides right after the leading report was looked at."""
        found = take(kind, taken, law)
        if taken == leading and not ended:
            ended.append(leading)
            bureau.step(leading, "not-filed", "head", ground="no_violation", reason="计量准确")
        return found

    bureau.ledger.held.take = taking  # type: ignore[method-assign]
    refused(bureau, id, "merged", "intake", into=leading)
    assert states(bureau, [leading, id]) == ["NOT_FILED", "RECEIVED"]


# -- what is shared --------------------------------------------------------------------------------------------


def test_a_merged_reporter_goes_the_whole_way_to_the_payment(bureau: Bureau) -> None:
    """Found true on Monday 22 June: 15 working days to tell; told the same day, 30 to claim, 10 more at most."""
    bureau.to("2026-06-03")
    leading = bureau.verifying(reward_wished=True)
    filed = bureau.receive(on="2026-06-01", reward_wished=True)
    first, code = filed.receipt.id, filed.code
    assert code
    bureau.step(first, "merged", "intake", into=leading)
    case = found_true(bureau, leading)
    report = bureau.report(first)
    assert (report.state, report.case, report.lead) == ("SUBSTANTIATED", case, leading)
    assert bureau.due(first, "reward-tell") == "2026-07-13"
    graded(bureau, first, "1", FINE)
    bureau.step(first, "amount-set", "head", standard="100000.00", amount="100000.00")
    bureau.step(first, "reward-told", "head", by="code")
    assert (bureau.due(first, "reward-claim"), bureau.due(first, "reward-object")) == (
        "2026-08-03",
        "2026-07-06",
    )
    bureau.step(first, "claim-extended", "head", days=10)
    assert bureau.due(first, "reward-claim") == "2026-08-17"
    bureau.to("2026-08-17")
    mine = bureau.desk.by_code(code)
    assert mine.id == first
    claimed = bureau.desk.claim(mine, bureau.desk.anyone(), "code", bureau.today)
    assert claimed.voucher
    bureau.desk.pay(bureau.who("finance"), claimed.voucher, bureau.today)
    assert states(bureau, (first, leading)) == ["PAID", "SUBSTANTIATED"]


def test_verification_is_not_opened_again_and_true_is_said_once(bureau: Bureau) -> None:
    first, leading, _ = pair(bureau)
    for topic, data in (
        ("verification-started", {"officers": ["wz-h1", "wz-h2"]}),
        ("filed", {"case": "case-1"}),
        ("substantiated", {"case": "case-1", "target": TARGET, "outcome": "penalty"}),
    ):
        role = "head" if topic == "filed" else "handler"
        bureau.step(leading, "noted", "head", what="x")
        with pytest.raises(Refused, match="not possible in SUBSTANTIATED") as caught:
            bureau.step(first, topic, "unit_head" if topic != "filed" else role, **data)
        assert caught.value.breaches[0].rule == "procedure"
    topics = [row.topic for id in (first, leading) for row in bureau.ledger.recorder.select_events(id)]
    assert topics.count("report.substantiated") == 1
    assert topics.count("report.outcome-shared") == 1


def test_what_is_shared_stands_in_the_save_of_the_step_and_never_alone(bureau: Bureau) -> None:
    first, leading, _ = pair(bureau)
    shared = bureau.report(first).version
    at = dict(bureau.ledger.recorder.positions(first))[shared]
    assert at == max(position for _, position in bureau.ledger.recorder.positions(leading)) + 1
    breach = refused(bureau, first, "outcome-shared", "head", lead=leading, outcome="penalty", case="case-1")
    assert breach.rule == "follows"


def test_a_chain_of_mergings_shares_one_outcome(bureau: Bureau) -> None:
    bureau.to("2026-06-08")
    b, c = bureau.receive(on="2026-06-02", reward_wished=True).receipt.id, bureau.verifying(matter="food")
    a = merged(bureau, b, on="2026-06-05")
    bureau.step(b, "merged", "intake", into=c)
    assert [one.id for one in merging.matter(bureau.report(a), bureau.report)] == [b, a, c]
    case = found_true(bureau, c)
    assert states(bureau, (a, b)) == ["SUBSTANTIATED", "SUBSTANTIATED"]
    assert {(bureau.report(id).lead, bureau.report(id).case) for id in (a, b)} == {(c, case)}
    graded(bureau, b, "1", FINE)
    assert "first in time" in refused(bureau, a, "eligibility-checked", "head", **ELIGIBLE).message.en


def test_a_chain_brings_the_day_of_its_last_report_along(bureau: Bureau) -> None:
    """B of 1 June took in A of 9 June; merged into C, the clock runs from 9 June."""
    c = bureau.verifying(matter="food")
    b = bureau.receive(matter="food").receipt.id
    bureau.to("2026-06-09")
    merged(bureau, b, on="2026-06-09", matter="food")
    bureau.step(b, "merged", "intake", into=c)
    assert bureau.due(c, "verify") == "2026-07-01"


def test_reports_are_never_merged_in_a_circle(bureau: Bureau) -> None:
    b = bureau.receive().receipt.id
    a = merged(bureau, b)
    breach = refused(bureau, b, "merged", "intake", into=a)
    assert (breach.rule, f"{a} was itself merged into {b}" in breach.message.en) == ("mergeable", True)


def test_a_circle_in_an_old_book_leads_to_no_report() -> None:
    known = {id: Report(id) for id in ("report-a", "report-b", "report-c")}
    for id, into in (("report-a", "report-b"), ("report-b", "report-a"), ("report-c", "report-none")):
        known[id].facts = {"merged_into": into}
        if into in known:
            known[into].merged.append(id)
    assert merging.lead(known["report-a"], known.get) is None
    assert merging.lead(known["report-c"], known.get) is None
    assert [one.id for one in merging.behind(known["report-a"], known.get)] == ["report-b"]


@pytest.mark.parametrize(
    ("topic", "role", "data", "state"),
    [
        ("not-filed", "head", {"ground": "minor", "reason": "轻微"}, "NOT_FILED"),
        ("unsubstantiated", "handler", {}, "UNSUBSTANTIATED"),
        ("transferred", "intake", {"market_supervision": False, "told": "code"}, "TRANSFERRED"),
    ],
)
@pytest.mark.parametrize("wished", [True, False])
def test_a_report_that_leads_to_nothing_is_told_to_all_behind_it(
    bureau: Bureau, topic: str, role: str, data: dict[str, Any], state: str, wished: bool
) -> None:
    leading = bureau.receive().receipt.id if topic == "transferred" else bureau.verifying(reward_wished=True)
    other = merged(bureau, leading, wished=wished)
    if topic == "unsubstantiated":
        case = bureau.filed_case()
        bureau.step(leading, "filed", "head", case=case)
        bureau.ended(case, None)
        bureau.to("2026-06-22")
        data = {"case": case}
    bureau.step(leading, topic, role, **data)
    assert states(bureau, (leading, other)) == [state, state]
    assert bureau.due(other, "reward-tell") is None
    assert "not possible in" in refused(bureau, other, "eligibility-checked", "head", **ELIGIBLE).message.en
    shown = view.mine(bureau.report(other), bureau.ledger.law, date(2026, 6, 22))
    assert (shown["state"], shown["merged"], shown["name"]) == (state, True, view.STATES[state]._asdict())
    about = "transfer" if state == "TRANSFERRED" else "result"
    bureau.step(other, "reporter-told", "intake", about=about, by="code")


@pytest.mark.parametrize(
    ("topic", "role", "state"),
    [("malicious", "head", "MALICIOUS"), ("not-handled", "intake", "NOT_HANDLED"), (None, "", "RECEIVED")],
)
def test_a_reward_is_refused_with_where_the_leading_report_stands(
    bureau: Bureau, topic: str | None, role: str, state: str
) -> None:
    leading = bureau.receive().receipt.id
    other = merged(bureau, leading)
    data = {"kind": "forging", "to": "公安"} if topic == "malicious" else {"earlier": other}
    if topic:
        bureau.step(leading, topic, role, **data)
    breach = refused(bureau, other, "eligibility-checked", "head", **ELIGIBLE)
    assert (breach.rule, breach.message.en.partition("; it")[2]) == (
        "procedure",
        f" goes on as {leading} ({state}), which decides about it",
    )
    with pytest.raises(Refused) as caught:
        bureau.desk.claim(bureau.report(other), bureau.desk.anyone(), "code", bureau.today)
    message = caught.value.breaches[0].message
    assert "it goes on as another report, which decides" in message.en
    assert leading not in message.en + message.zh


def test_who_may_not_see_the_leading_report_is_not_told_of_it(bureau: Bureau) -> None:
    leading = bureau.receive().receipt.id
    other = merged(bureau, leading)
    bureau.step(leading, "conflict-declared", "custodian", officers=["wz-b1"], units=[], reason="亲属")
    breach = refused(bureau, other, "eligibility-checked", "head", **ELIGIBLE)
    assert "it goes on as another report, which" in breach.message.en
    assert leading not in breach.message.en + breach.message.zh


def test_who_wished_no_reward_stays_merged(bureau: Bureau) -> None:
    bureau.to("2026-06-03")
    leading = bureau.verifying(reward_wished=True)
    other = merged(bureau, leading, wished=False)
    found_true(bureau, leading)
    assert states(bureau, (leading, other)) == ["SUBSTANTIATED", "MERGED"]


def test_an_erased_reporter_is_told_nothing_and_an_erased_lead_takes_nothing(bureau: Bureau) -> None:
    """Of a leading report that was erased as unlawful the course stays: who stood behind it loses nothing."""
    leading = bureau.verifying(reward_wished=True)
    gone, stays = merged(bureau, leading), merged(bureau, leading)
    for id in (gone, leading):
        bureau.step(id, "erased", "custodian", ground="unlawful", reason="误收")
    found_true(bureau, leading)
    assert states(bureau, (gone, stays)) == ["MERGED", "SUBSTANTIATED"]
    graded(bureau, stays, "1", FINE, own_part=True)


def test_a_merged_report_is_kept_while_a_reward_may_come(bureau: Bureau) -> None:
    """Merged on 1 June 2026, its data would go from 2 June 2029 on; the one that goes on is still verified."""
    leading = bureau.verifying()
    other, plain = merged(bureau, leading), merged(bureau, leading, wished=False)
    bureau.to("2029-06-02")
    assert refused(bureau, other, "erased", "custodian", ground="retention").rule == "no-reward-to-come"
    bureau.step(plain, "erased", "custodian", ground="retention")
    bureau.step(leading, "malicious", "head", kind="forging", to="公安")
    bureau.step(other, "erased", "custodian", ground="retention")


def test_crime_is_shared_as_crime(bureau: Bureau) -> None:
    leading = bureau.verifying(reward_wished=True)
    other = merged(bureau, leading)
    steps = ("police-transfer-approved", "police-transferred", "police-received")
    case = bureau.case(*FILED, *(at(f"case.{name}", "2026-06-08") for name in steps))
    bureau.step(leading, "filed", "head", case=case)
    bureau.ended(case)
    bureau.to("2026-06-22")
    bureau.step(leading, "substantiated", "handler", case=case, target=TARGET, outcome="crime")
    assert bureau.report(other).reward["outcome"] == "crime"
    assert bureau.report(other).state == "SUBSTANTIATED"


# -- who is first, and how much --------------------------------------------------------------------------------


def test_of_one_clue_the_first_in_time_is_rewarded_and_nobody_else(bureau: Bureau) -> None:
    first, leading, _ = pair(bureau)
    assert "first in time" in refused(bureau, leading, "eligibility-checked", "head", **ELIGIBLE).message.en
    denied = ELIGIBLE | {"eligible": False}
    assert "every condition" in refused(bureau, first, "eligibility-checked", "head", **denied).message.en
    bureau.step(leading, "eligibility-checked", "head", **denied)
    graded(bureau, first, "1", FINE)
    assert states(bureau, (first, leading)) == ["GRADED", "NOT_ELIGIBLE"]


def test_of_one_day_the_report_that_was_recorded_first_is_first(bureau: Bureau) -> None:
    leading = bureau.verifying(reward_wished=True)
    bureau.later(minutes=1)
    later = merged(bureau, leading, on="2026-06-01")
    found_true(bureau, leading)
    assert "first in time" in refused(bureau, later, "eligibility-checked", "head", **ELIGIBLE).message.en
    graded(bureau, leading, "1", FINE)


def test_a_later_report_is_rewarded_for_its_own_matching_part_alone(bureau: Bureau) -> None:
    first, leading, _ = pair(bureau)
    graded(bureau, first, "1", "1500000")
    bureau.step(leading, "eligibility-checked", "head", **(ELIGIBLE | {"own_part": True}))
    over = refused(bureau, leading, "graded", "head", grade="2", matching="500000.01")
    assert (over.rule, "500000 CNY is left" in over.message.en) == ("grade-computes", True)
    bureau.step(leading, "graded", "head", grade="2", matching="500000")


def test_all_reports_of_a_case_get_the_highest_standard_together(bureau: Bureau) -> None:
    """By hand, penalty 2,000,000. A, merged, of three signers: 5 % of 1,500,000 = 75,000. B, leading, with a part of
    its own: 3 % of 500,000 = 15,000. D, filed on the case by itself: 1 % of 2,000,000 = 20,000. Together 110,000, at
    most 75,000: A 51,136.37 (the odd cent), B 10,227.27, D 13,636.36. What is fixed first leaves 40,000 for A.
    """
    bureau.to("2026-06-03")
    b, d = bureau.verifying(reward_wished=True), bureau.verifying(reward_wished=True)
    a = merged(bureau, b, signers=3)
    case = found_true(bureau, b)
    bureau.step(d, "filed", "head", case=case)
    bureau.step(d, "substantiated", "handler", case=case, target=TARGET, outcome="penalty")
    graded(bureau, a, "1", "1500000")
    graded(bureau, b, "2", "500000", own_part=True)
    graded(bureau, d, "3", FINE)
    found = several.proposed([bureau.report(id) for id in (b, d, a)], date(2026, 6, 22))
    assert [(share.claim, str(share.amount)) for share in found] == [
        *((a, amount) for amount in ("17045.46", "17045.46", "17045.45")),
        (b, "10227.27"),
        (d, "13636.36"),
    ]
    bureau.ledger.reports_of = lambda asked: [d] if asked == case else []
    bureau.step(b, "amount-set", "head", standard="15000.00", amount="15000.00")
    bureau.step(d, "amount-set", "head", standard="20000.00", amount="20000.00")
    cut = {"standard": "75000.00", "reason": "同案另有举报"}
    over = refused(bureau, a, "amount-set", "head", amount="40000.01", **cut)
    assert (over.rule, "40000.00 CNY is left" in over.message.en) == ("within-highest", True)
    bureau.step(a, "amount-set", "head", amount="40000.00", **cut)


@pytest.mark.parametrize(("received", "fixed"), [("2023-03-31", False), ("2023-04-01", True)])
def test_the_day_of_its_own_receipt_decides_on_the_rule(bureau: Bureau, received: str, fixed: bool) -> None:
    """Zhejiang fixed what is large from 1 April 2023 on; the report that goes on came in later."""
    bureau.to("2023-05-04")
    leading = bureau.verifying(reward_wished=True)
    other = merged(bureau, leading, on=received)
    found_true(bureau, leading, on="2026-06-22")
    if fixed:
        bureau.step(other, "eligibility-checked", "head", **ELIGIBLE)
    else:
        breach = refused(bureau, other, "eligibility-checked", "head", **ELIGIBLE)
        assert "no figure of what is large" in breach.message.en
        bureau.step(other, "eligibility-checked", "head", **(ELIGIBLE | {"large": True}))
    assert bureau.report(other).state == "ELIGIBLE"


def test_an_objection_of_a_merged_reporter_is_decided_by_itself(bureau: Bureau) -> None:
    first, leading, _ = pair(bureau)
    graded(bureau, first, "1", FINE)
    bureau.step(first, "amount-set", "head", standard="100000.00", amount="1.00", reason="酌定")
    bureau.step(first, "reward-told", "head", by="code")
    bureau.desk.step(
        bureau.desk.anyone(), first, "report.review-requested", bureau.today, {"reasons": "太少"}
    )
    bureau.step(first, "review-decided", "head", upheld=True, reason="应为标准")
    assert states(bureau, (first, leading)) == ["GRADED", "SUBSTANTIATED"]
    bureau.step(first, "amount-set", "head", standard="100000.00", amount="100000.00")
    bureau.step(first, "reward-told", "head", by="code")
    bureau.desk.step(
        bureau.desk.anyone(), first, "report.reward-waived", bureau.today, {"ground": "reporter"}
    )
    assert states(bureau, (first,)) == ["WAIVED"]


# -- at random ---------------------------------------------------------------------------------------------------

BOOKS = count(1)


@given(
    rows=st.lists(
        st.tuples(st.integers(1, 9), st.booleans(), st.booleans(), st.sampled_from("123"), st.integers(0, 5)),
        min_size=1,
        max_size=4,
    )
)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_was_merged_into_what_only_the_first_of_a_clue_is_paid_for_it(
    tmp_path: Path, rows: list[tuple[int, bool, bool, str, int]]
) -> None:
    """(day, wished, part of its own, grade, which earlier one it goes into) of each report beside the leading one."""
    folder = tmp_path / str(next(BOOKS))
    folder.mkdir()
    bureau = Bureau(folder, today="2026-06-09")
    try:
        _whatever(bureau, rows)
    finally:
        bureau.close()


def _whatever(bureau: Bureau, rows: list[tuple[int, bool, bool, str, int]]) -> None:
    ids = [bureau.receive(on="2026-06-05", reward_wished=True).receipt.id]
    days, wishes, own, grades = {ids[0]: 5}, {ids[0]: True}, {ids[0]: True}, {ids[0]: "3"}
    into = {}
    for day, wished, own_part, grade, place in rows:
        bureau.later(seconds=1)
        id = bureau.receive(on=f"2026-06-{day:02d}", reward_wished=wished).receipt.id
        days[id], wishes[id], own[id], grades[id] = day, wished, own_part, grade
        into[id] = ids[place % len(ids)]
        ids.append(id)
    for id in reversed(ids[1:]):
        bureau.step(id, "merged", "intake", into=into[id])
    bureau.step(ids[0], "assigned", "intake", unit="计量科", officers=["wz-h1", "wz-h2"])
    bureau.step(ids[0], "verification-started", "handler", officers=["wz-h1", "wz-h2"])
    found_true(bureau, ids[0])
    assert states(bureau, ids) == ["SUBSTANTIATED" if wishes[id] else "MERGED" for id in ids]
    first = min(ids, key=lambda id: (days[id], ids.index(id)))
    paid, standards, part = Decimal(0), [Decimal(0)], Decimal(FINE) / len(ids)
    for id in (id for id in ids if wishes[id]):
        said = ELIGIBLE | {"own_part": own[id]}
        if id != first and not own[id]:
            assert "first in time" in refused(bureau, id, "eligibility-checked", "head", **said).message.en
            continue
        bureau.step(id, "eligibility-checked", "head", **said)
        bureau.step(id, "graded", "head", grade=grades[id], matching=f"{part:.2f}"[:-1])
        standards.append(_standard(grades[id], Decimal(f"{part:.2f}"[:-1])))
        left = max(standards) - paid
        cut = {"standard": f"{standards[-1]:.2f}", "reason": "同案另有举报"}
        over = f"{left + Decimal('0.01'):.2f}"
        if left < standards[-1]:
            assert refused(bureau, id, "amount-set", "head", amount=over, **cut).rule == "within-highest"
        bureau.step(id, "amount-set", "head", amount=f"{min(left, standards[-1]):.2f}", **cut)
        paid += min(left, standards[-1])
    assert paid <= max(standards)


def _standard(grade: str, matching: Decimal) -> Decimal:
    """By the table of 奖励办法: five, three or one per cent, at least 5,000, 3,000 or 1,000."""
    rate, floor = {"1": ("0.05", 5000), "2": ("0.03", 3000), "3": ("0.01", 1000)}[grade]
    return max((Decimal(rate) * matching).quantize(Decimal("0.01"), "ROUND_HALF_UP"), Decimal(floor))

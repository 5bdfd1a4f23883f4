"""Amounts: what is owed, the surcharge to the day, instalments, and how the view explains discretion."""

from decimal import Decimal

import pytest

from tests.unit.cases import steps as s
from tests.unit.cases.given import Bureau
from tests.unit.cases.steps import Path, at


def charged(bureau: Bureau, path: Path, today: str) -> dict[str, object]:
    found = bureau.given(*path).now().view(today)["surcharge"]
    assert len(found) == 1
    return dict(found[0])


@pytest.mark.parametrize(
    ("today", "amount", "days", "capped"),
    [
        ("2026-05-27", "0.00", 0, None),
        ("2026-05-28", "15.00", 1, None),
        ("2026-06-29", "495.00", 33, None),
        ("2026-06-30", "500.00", 34, "2026-06-30"),
        ("2026-12-31", "500.00", 218, "2026-06-30"),
    ],
)
def test_surcharge_is_three_per_cent_a_day_up_to_the_fine(
    bureau: Bureau, today: str, amount: str, days: int, capped: str | None
) -> None:
    found = charged(bureau, s.OVERDUE, today)
    assert (found["amount"], found["days"], found["capped_on"]) == (amount, days, capped)
    assert found["article"]
    assert set(found["explanation"]) == {"en", "zh"}  # type: ignore[call-overload]


def test_surcharge_reaches_the_fine_on_the_day_of_the_deadline(bureau: Bureau) -> None:
    outcome = bureau.given(*s.OVERDUE).now()
    assert outcome.due("DL-SURCHARGE") == charged(bureau, s.OVERDUE, "2026-12-31")["capped_on"]


def test_surcharge_stands_still_during_reconsideration(bureau: Bureau) -> None:
    """Applied on 1 June, decided on 11 June: the ten days from 2 to 11 June do not count."""
    path = (
        *s.OVERDUE,
        at("case.reconsideration", "2026-06-01"),
        at("case.reconsideration", "2026-06-11", step="decided", result="upheld"),
    )
    assert charged(bureau, path, "2026-06-11")["days"] == 5
    assert charged(bureau, path, "2026-06-12")["days"] == 6
    assert charged(bureau, path, "2026-12-31")["capped_on"] == "2026-07-10"
    assert bureau.given(*path).now().due("DL-SURCHARGE") == "2026-07-10"


def test_pending_suit_holds_the_surcharge(bureau: Bureau) -> None:
    path = (*s.OVERDUE, at("case.litigation", "2026-05-30"))
    assert charged(bureau, path, "2026-12-31")["days"] == 3
    assert bureau.given(*path).now().deadline("DL-SURCHARGE").at is None


def test_surcharge_that_is_not_imposed_is_not_there(bureau: Bureau) -> None:
    path = (*s.UNPAID, at("case.payment-overdue", "2026-05-28", surcharge_imposed=False))
    outcome = bureau.given(*path).now()
    assert outcome.view("2026-06-10")["surcharge"] == []
    assert "DL-SURCHARGE" not in outcome.case.clocks
    assert bureau.given(*path).when("case.paid", "2026-06-10").refused == ()


def test_paid_in_full_includes_the_surcharge(bureau: Bureau) -> None:
    """Paid on the third day after the last one: 500 and three times 15."""
    given = bureau.given(*s.OVERDUE)
    short = given.when("case.paid", "2026-05-30", amount="544.99")
    assert short.breach("not-in-full").message.en == "545.00 CNY are owed, 544.99 are paid with this"
    assert given.when("case.paid", "2026-05-30", amount="545").state == "PERFORMING"


def test_waived_surcharge_is_no_longer_owed(bureau: Bureau) -> None:
    path = (*s.OVERDUE, at("case.performance-agreed", "2026-05-30", waived="45"))
    found = charged(bureau, path, "2026-05-30")
    assert (found["amount"], found["waived"]) == ("0.00", "45")
    assert bureau.given(*path).when("case.paid", "2026-05-30", amount="500").state == "PERFORMING"


def test_part_payment_keeps_the_whole_fine_as_base(bureau: Bureau) -> None:
    path = (*s.OVERDUE, at("case.paid", "2026-05-30", amount="300", in_full=False))
    found = charged(bureau, path, "2026-06-01")
    # five days of 3 % of 500; shown: three of them, then two of 3 % of the 200 left
    assert (found["amount"], found["shown"]) == ("75.00", "57.00")
    assert bureau.given(*path).now().state == "OVERDUE"


def test_surcharge_counts_on_the_fine_never_on_gains(bureau: Bureau) -> None:
    penalty = {"violation": "v1", "party": "p1", "fine": "500", "gains": "9000"}
    path = (
        at("case.clue-registered", "2026-03-02", violations=[{"id": "v1"}]),
        *s.INVESTIGATING[1:],
        at("case.investigation-ended", "2026-04-20", penalties=[penalty]),
        *s.PASSED[len(s.INV_ENDED) :],
        at("case.proposal-approved", "2026-04-27", penalties=[penalty]),
        at("case.notice-served", "2026-04-28", penalties=[penalty]),
        at("case.penalty-decided", "2026-05-11", penalties=[penalty]),
        at("case.decision-served", "2026-05-12"),
        at("case.payment-overdue", "2026-05-28"),
    )
    assert charged(bureau, path, "2026-05-28")["amount"] == "15.00"
    balance = bureau.given(*path).now().view("2026-05-28")["balance"]
    assert balance == {"owed": "9515.00", "paid": "0", "to_refund": "0"}


def test_missed_instalment_is_overdue_before_the_last(bureau: Bureau) -> None:
    given = bureau.given(*s.INSTALMENTS)
    early = given.when("case.payment-overdue", "2026-06-30")
    assert str(early.breach("not-overdue").earliest) == "2026-07-01"
    assert given.when("case.payment-overdue", "2026-07-01").state == "OVERDUE"
    paid = at("case.paid", "2026-06-25", amount="200", in_full=False)
    kept = bureau.given(*s.INSTALMENTS, paid).when("case.payment-overdue", "2026-07-01")
    assert str(kept.breach("not-overdue").earliest) == "2026-09-01"


def test_performed_penalty_is_never_overdue(bureau: Bureau) -> None:
    outcome = bureau.given(*s.PERFORMED).when("case.payment-overdue", "2026-05-28", surcharge_imposed=False)
    assert outcome.rules == ["performed"]


def test_auction_counts_towards_what_is_owed(bureau: Bureau) -> None:
    path = (*s.SEIZED, *s.URGED[len(s.INVESTIGATING) :], at("case.sealed-goods-auctioned", "2026-07-20"))
    given = bureau.given(*path)
    # 500 and the surcharge, which reached 500 on 30 June, less 300 from the auction
    assert given.when("case.paid", "2026-07-21", amount="699.99").rules == ["not-in-full"]
    assert given.when("case.paid", "2026-07-21", amount="700").state == "PERFORMING"


def test_cash_on_the_spot_performs_the_penalty(bureau: Bureau) -> None:
    outcome = bureau.opens("case.decided-on-the-spot", "2026-03-02", cash="hard_to_collect")
    assert outcome.case.outcome == "EXECUTED"
    assert "DL-PAY" not in outcome.case.clocks
    assert (outcome.due("DL-CASH-BUREAU"), outcome.due("DL-CLOSE")) == ("2026-03-04", "2026-03-23")


def test_summary_decision_goes_to_reconsideration_first(bureau: Bureau) -> None:
    outcome = bureau.given(*s.ON_THE_SPOT).now()
    assert outcome.case.decisions[0]["remedy"] == "recon_first"
    assert not outcome.running() & {"DL-SUE", "DL-SUE-METROLOGY", "DL-PUBLISH", "DL-SELF-PUBLISH"}


def test_view_computes_the_gains_of_each_act(bureau: Bureau) -> None:
    costs = [{"kind": "purchase", "amount": "3000"}, {"kind": "other", "amount": "800", "applied_for": True}]
    step = at("case.gains-computed", "2026-04-01", costs=costs, refunded="1200")
    (line,) = bureau.given(*s.INVESTIGATING, step).now().view()["gains"]
    assert {name: line[name] for name in ("violation", "gains", "deducted", "refunded", "confiscable")} == {
        "violation": "v1",
        "gains": "5200.00",
        "deducted": "3800.00",
        "refunded": "1200.00",
        "confiscable": "4000.00",
    }
    assert "5200" in line["explanation"]["en"].replace(",", "")


def test_who_aids_another_deducts_nothing(bureau: Bureau) -> None:
    step = at(
        "case.gains-computed", "2026-04-01", costs=[{"kind": "purchase", "amount": "3000"}], aiding=True
    )
    assert bureau.given(*s.INVESTIGATING, step).now().view()["gains"][0]["gains"] == "9000.00"


@pytest.mark.parametrize(("known", "rules"), [(None, ["gains-above-found"]), ("100", [])])
def test_uncomputed_gains_are_confiscated_as_far_as_known(
    bureau: Bureau, known: str | None, rules: list[str]
) -> None:
    clue = at("case.clue-registered", "2026-03-02", violations=[{"id": "v1"}])
    step = at("case.gains-not-computed", "2026-04-24", known_part=known)
    given = bureau.given(clue, *s.PASSED[1:], step)
    penalties = [{"violation": "v1", "gains": "100"}]
    assert given.when("case.proposal-approved", "2026-04-27", penalties=penalties).rules == rules


def test_view_explains_where_the_fine_lies_in_its_band(bureau: Bureau) -> None:
    line = bureau.given(*s.DECIDED).now().view()["discretion"][0]
    assert (line["code"], line["fine"], line["stated"], line["computed"]) == (
        "M-V01",
        "500",
        "ordinary",
        "ordinary",
    )
    assert {name: Decimal(line["band"][name]) for name in ("min", "max")} == {"min": 0, "max": 1000}
    assert [(rung["rung"], Decimal(rung["min"]), Decimal(rung["max"])) for rung in line["rungs"]] == [
        ("lighter", Decimal("0.01"), Decimal(300)),
        ("ordinary", Decimal(300), Decimal(700)),
        ("heavier", Decimal(700), Decimal(1000)),
    ]
    assert [rung["zh"] for rung in line["ladders"]["zhejiang"]] != [
        rung["zh"] for rung in line["ladders"]["national"]
    ]
    assert "500" in line["explanation"]["en"]
    assert "500" in line["explanation"]["zh"]


def test_discretion_is_shown_from_the_proposal_on(bureau: Bureau) -> None:
    assert bureau.given(*s.INVESTIGATING).now().view()["discretion"] == []
    assert len(bureau.given(*s.INV_ENDED).now().view()["discretion"]) == 1
    assert len(bureau.given(*s.NOTIFIED).now().view()["discretion"]) == 1


def test_reduced_fine_needs_a_ground_of_the_law(bureau: Bureau) -> None:
    act = {"id": "v1", "code": "M-C04", "ended": "2026-02-27"}
    fine = {
        "violation": "v1",
        "party": "p1",
        "fine": "4000",
        "rung": "reduced",
        "reasons": "主动消除危害后果",
    }
    path = (
        at("case.clue-registered", "2026-03-02", violations=[act]),
        *s.INVESTIGATING[1:],
        at("case.investigation-ended", "2026-04-20", penalties=[fine]),
        *s.PASSED[len(s.INV_ENDED) :],
    )
    given = bureau.given(*path)
    bare = given.when("case.proposal-approved", "2026-04-27", penalties=[fine])
    assert "reduced-without-ground" in bare.rules
    reasoned = given.when("case.proposal-approved", "2026-04-27", penalties=[fine | {"grounds": ["APL32_1"]}])
    assert reasoned.refused == (), reasoned.why


def test_fine_of_the_regulation_above_ten_thousand_is_the_provinces(bureau: Bureau) -> None:
    act = {"id": "v1", "code": "M-U04", "ended": "2026-02-27"}
    fine = {
        "violation": "v1",
        "party": "p1",
        "fine": "10000",
        "gains": "30000",
        "kinds": ["stop", "confiscate_instrument"],
        "rung": "ordinary",
        "reasons": "无从轻从重情节",
    }
    path = (
        at("case.clue-registered", "2026-03-02", parties=[s.PARTY], violations=[act]),
        *s.INVESTIGATING[1:],
        at("case.investigation-ended", "2026-04-20", penalties=[fine]),
        *s.PASSED[len(s.INV_ENDED) :],
        at("case.proposal-approved", "2026-04-27", penalties=[fine | {"fine": "9999"}]),
        at("case.notice-served", "2026-04-28", penalties=[fine | {"fine": "9999"}]),
        at("case.notice-reissued", "2026-04-29", penalties=[fine | {"fine": "9999.99"}]),
    )
    given = bureau.given(*path)
    above = given.when("case.penalty-decided", "2026-05-11", penalties=[fine])
    assert "province-decides" in above.rules
    below = given.when("case.penalty-decided", "2026-05-11", penalties=[fine | {"fine": "9999.99"}])
    assert below.refused == (), below.why


def test_two_step_fine_needs_an_order_that_was_not_obeyed(bureau: Bureau) -> None:
    act = {"id": "v1", "code": "M-M04", "ended": "2026-02-27"}
    fine = {
        "violation": "v1",
        "party": "p1",
        "fine": "5000",
        "flags": ["refuses"],
        "order_correct": True,
        "rung": "ordinary",
        "reasons": "无从轻从重情节",
    }

    def after(*steps: s.Step) -> list[str]:
        path = (
            at("case.clue-registered", "2026-03-02", violations=[act]),
            *s.INVESTIGATING[1:],
            *steps,
            at("case.investigation-ended", "2026-04-20", penalties=[fine]),
            *s.PASSED[len(s.INV_ENDED) :],
        )
        return bureau.given(*path).when("case.proposal-approved", "2026-04-27", penalties=[fine]).rules

    ordered = at("case.correction-ordered", "2026-03-16", violation="v1")
    assert after() == ["two-step"]
    assert after(ordered) == ["two-step"]
    assert after(ordered, at("case.correction-checked", "2026-04-01")) == ["two-step"]
    assert after(ordered, at("case.correction-checked", "2026-04-01", result="not_done")) == []
    refused = at("case.correction-checked", "2026-03-20", result="refused")
    assert after(ordered, refused) == []
    again = at("case.correction-ordered", "2026-04-02", order="o2", violation="v1")
    obeyed = at("case.correction-checked", "2026-04-15", order="o2")
    assert after(ordered, refused, again, obeyed) == ["two-step"]

"""The abnormal list and the list of serious dishonesty: grounds, consent, periods, ends."""

from datetime import date
from typing import Any

import pytest

from enforcement.errors import NotPermitted
from tests.unit.processes.given import FINE, OTHER, Bureau

HEAVY = FINE | {"rung": "heavier"}
ABNORMAL: dict[str, Any] = {
    "list": "abnormal",
    "serious": None,
    "abnormal": "unreachable",
    "since": "2026-03-02",
    "norm": None,
    "heavier": None,
    "consent": None,
    "told": False,
}


def test_serious_entry_is_published_within_twenty_working_days(bureau: Bureau) -> None:
    case = bureau.case("2026-03-02", HEAVY)
    id = bureau.opens("listing.decided", "2026-03-02", case=case)
    assert str(bureau.due(id, "DL-LIST-PUBLISH")) == "2026-03-30"
    assert bureau.takes(id, "listing.published", "2026-03-30").findings == []
    assert bureau.types(case)[-1] == "case.listed"


def test_late_publication_of_an_entry_is_a_finding(bureau: Bureau) -> None:
    id = bureau.opens("listing.decided", "2026-03-02", case=bureau.case("2026-03-02", HEAVY))
    found = bureau.takes(id, "listing.published", "2026-03-31").findings
    assert [(f["kind"], f["article"]) for f in found] == [("overrun", "Order 44 art 14")]


def test_remote_entry_is_pushed_and_published_in_ten_working_days_each(bureau: Bureau) -> None:
    case = bureau.case("2026-03-02", HEAVY)
    id = bureau.opens("listing.decided", "2026-03-02", case=case, remote=True)
    assert str(bureau.due(id, "DL-LIST-PUSH")) == "2026-03-16"
    bureau.takes(id, "listing.pushed", "2026-03-16")
    assert bureau.running(id) == {"DL-LIST-PUBLISH", "DL-LIST-REMOTE"}
    assert str(bureau.due(id, "DL-LIST-REMOTE")) == "2026-03-30"


@pytest.mark.parametrize(
    ("rule", "changed"),
    [
        ("ground", {"serious": None}),
        ("ground", {"abnormal": "unreachable"}),
        ("ground", {"case": None}),
        ("norm-rank", {"norm": "rule"}),
        ("norm-rank", {"norm": None}),
        ("not-heavier", {"heavier": "grade_or_permit"}),
        ("not-heavier", {"heavier": None}),
        ("no-intent", {"no_intent": True}),
        ("not-told", {"told": False}),
        ("no-consent", {"consent": None}),
        ("no-penalty", {"uscc": OTHER}),
        ("no-penalty", {"case": "case-none"}),
        ("officer-unknown", {"approved_by": "wz-none"}),
        ("wrong-decider", {"approved_by": "wz-h1"}),
    ],
)
def test_serious_entry_is_refused(bureau: Bureau, rule: str, changed: dict[str, Any]) -> None:
    case = bureau.case("2026-03-02", HEAVY)
    assert rule in bureau.refuses(None, "listing.decided", "2026-03-02", **{"case": case, **changed})


@pytest.mark.parametrize("ground", ["O92_27", "O44_10_3", "O44_11"])
def test_grounds_that_the_order_names_need_no_law_behind_them(bureau: Bureau, ground: str) -> None:
    case = bureau.case("2026-03-02", HEAVY)
    assert bureau.opens("listing.decided", "2026-03-02", case=case, serious=ground, norm="rule")


def test_refusal_to_perform_needs_no_heavier_penalty(bureau: Bureau) -> None:
    case = bureau.case("2026-03-02")
    data = {"case": case, "serious": "O44_11", "heavier": None, "told": False, "norm": None}
    assert bureau.opens("listing.decided", "2026-03-02", **data)


def test_province_lists_without_consent_of_anyone_above(bureau: Bureau) -> None:
    case = bureau.case("2026-03-02", HEAVY)
    assert bureau.opens("listing.decided", "2026-03-02", case=case, region="330000", consent=None)


def test_heavier_penalty_is_read_from_the_decision(bureau: Bureau) -> None:
    case = bureau.case("2026-03-02", FINE | {"kinds": ["licence_revoked"]})
    assert "not-heavier" in bureau.refuses(None, "listing.decided", "2026-03-02", case=case)
    assert bureau.opens("listing.decided", "2026-03-02", case=case, heavier="grade_or_permit")


def test_one_decision_carries_one_entry(bureau: Bureau) -> None:
    case = bureau.case("2026-03-02", HEAVY)
    id = bureau.opens("listing.decided", "2026-03-02", case=case)
    assert "listed-already" in bureau.refuses(None, "listing.decided", "2026-03-03", case=case)
    bureau.takes(id, "listing.revoked", "2026-03-04")
    assert bureau.opens("listing.decided", "2026-03-05", case=case)


def test_entry_whose_decision_fell_is_undone_on_both(bureau: Bureau) -> None:
    case = bureau.case("2026-03-02", HEAVY)
    id = bureau.opens("listing.decided", "2026-03-02", case=case)
    bureau.takes(id, "listing.published", "2026-03-10")
    bureau.then(case, "case.decision-revoked", "2026-06-01", by="court", reason="事实不清")
    listing = bureau.takes(id, "listing.revoked", "2026-06-03")
    assert (listing.state, listing.ended) == ("REVOKED", True)
    assert bureau.types(case)[-1] == "case.delisted"
    assert bureau.ledger.case(case).clocks["DL-LIST-UNDO"]["end"] == "2026-06-03"


def test_serious_entry_is_removed_after_three_years_and_no_day_earlier(bureau: Bureau) -> None:
    case = bureau.case("2026-03-02", HEAVY)
    id = bureau.opens("listing.decided", "2026-03-02", case=case)
    bureau.takes(id, "listing.published", "2026-03-10")
    refused = bureau.refuses(id, "listing.removed", "2029-03-10", "bureau_system")
    assert str(refused["term-running"].earliest) == "2029-03-11"
    assert bureau.takes(id, "listing.removed", "2029-03-11", "bureau_system").state == "REMOVED"
    assert bureau.types(case)[-1] == "case.delisted"


@pytest.mark.parametrize(
    ("ground", "rule", "article"),
    [
        ("annual_report", "DL-ABNORMAL-REPORT", "异常名录办法 6"),
        ("ordered_disclosure", "DL-ABNORMAL-ORDER", "异常名录办法 7"),
        ("name_change", "DL-ABNORMAL-NAME", "异常名录办法 8"),
        ("unreachable", "DL-ABNORMAL-CONTACT", "异常名录办法 9"),
    ],
)
def test_abnormal_entry_is_decided_within_ten_working_days_of_its_ground(
    bureau: Bureau, ground: str, rule: str, article: str
) -> None:
    """From 2 March 2026: the last day is 16 March."""
    in_time = bureau.opens("listing.decided", "2026-03-16", **ABNORMAL | {"abnormal": ground})
    late = bureau.opens("listing.decided", "2026-03-17", **ABNORMAL | {"abnormal": ground})
    assert [bureau.due(id, rule) for id in (in_time, late)] == [date(2026, 3, 16)] * 2
    assert bureau.ledger.process(in_time).findings == []
    found = bureau.ledger.process(late).findings
    assert [(each["kind"], each["article"]) for each in found] == [("overrun", article)]
    assert rule not in bureau.running(late)


def test_abnormal_entry_has_no_term_of_its_own(bureau: Bureau) -> None:
    id = bureau.opens("listing.decided", "2026-03-02", **ABNORMAL)
    bureau.takes(id, "listing.published", "2026-03-03")
    assert "term-running" in bureau.refuses(id, "listing.removed", "2029-03-11", "bureau_system")
    gone = {"why": "deregistered"}
    assert "not-deregistered" in bureau.refuses(id, "listing.removed", "2029-03-12", "bureau_system", **gone)
    bureau.registers(status="deregistered")
    assert bureau.takes(id, "listing.removed", "2029-03-12", "bureau_system", **gone).ended


@pytest.mark.parametrize("changed", [{"since": None}, {"abnormal": None}, {"serious": "O44_11"}])
def test_abnormal_entry_names_its_ground_and_day(bureau: Bureau, changed: dict[str, Any]) -> None:
    assert "ground" in bureau.refuses(None, "listing.decided", "2026-03-02", **(ABNORMAL | changed))


def test_repair_ends_an_entry_only_with_its_last_step(bureau: Bureau) -> None:
    id = bureau.opens("listing.decided", "2026-03-02", **ABNORMAL)
    bureau.takes(id, "listing.published", "2026-03-03")
    assert "by-repair-only" in bureau.refuses(id, "listing.removed", "2026-04-01", why="repair")
    with pytest.raises(NotPermitted, match="only with another step"):
        bureau.takes(id, "listing.restored", "2026-04-01")


def test_step_out_of_order_or_backwards_is_refused(bureau: Bureau) -> None:
    id = bureau.opens("listing.decided", "2026-03-02", **ABNORMAL)
    assert "out-of-order" in bureau.refuses(id, "listing.removed", "2026-03-03")
    assert "before-the-last-step" in bureau.refuses(id, "listing.published", "2026-03-01")


def test_order_44_lists_nobody_before_its_first_day(bureau: Bureau) -> None:
    case = bureau.case("2021-08-20", HEAVY)
    refused = bureau.refuses(None, "listing.decided", "2021-08-31", case=case)
    assert str(refused["not-in-force"].earliest) == "2021-09-01"

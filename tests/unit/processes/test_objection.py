"""Objections: what may be contested, how long it takes, what is held and what is set aside."""

from typing import Any

import pytest

from tests.unit.processes.given import OTHER, USCC, Bureau
from tests.unit.processes.test_listing import ABNORMAL, HEAVY


def filed(bureau: Bureau, *versions: int, on: str = "2026-05-06") -> tuple[str, list[str]]:
    case = bureau.case("2026-01-15")
    events = [f"{case}/{version}" for version in versions or (2,)]
    return bureau.opens("objection.filed", on, "intake", events=events), events


def entry(bureau: Bureau) -> str:
    """An entry in the abnormal list, published on 6 May 2026."""
    id = bureau.opens("listing.decided", "2026-05-06", **ABNORMAL)
    bureau.takes(id, "listing.published", "2026-05-06")
    return id


def test_running_objection_holds_the_class(bureau: Bureau) -> None:
    id, events = filed(bureau)
    assert bureau.ledger.standing(USCC).held == {id: events}
    assert bureau.types(f"credit-{USCC}") == ["credit.class-held"]


def test_objection_is_answered_in_five_and_at_most_twenty_working_days(bureau: Bureau) -> None:
    id, _ = filed(bureau)
    assert str(bureau.due(id, "DL-OBJECT-ZJ")) == "2026-05-12"
    bureau.takes(id, "objection.accepted", "2026-05-07")
    assert "extension-late" in bureau.refuses(id, "objection.extended", "2026-05-13")
    bureau.takes(id, "objection.extended", "2026-05-12")
    assert str(bureau.due(id, "DL-OBJECT-ZJ")) == "2026-06-02"
    assert "extended-once" in bureau.refuses(id, "objection.extended", "2026-05-20")
    assert bureau.takes(id, "objection.decided", "2026-06-02").findings == []


def test_late_answer_is_a_finding(bureau: Bureau) -> None:
    id, _ = filed(bureau)
    bureau.takes(id, "objection.accepted", "2026-05-07")
    found = bureau.takes(id, "objection.decided", "2026-05-14").findings
    assert [f["article"] for f in found] == ["浙江省公共信用信息管理条例 31"]


@pytest.mark.parametrize(("outcome", "aside"), [("upheld", [0, 1]), ("partly", [1]), ("rejected", [])])
def test_outcome_sets_aside_what_it_names_and_releases_the_class(
    bureau: Bureau, outcome: str, aside: list[int]
) -> None:
    id, events = filed(bureau, 2, 3)
    bureau.takes(id, "objection.accepted", "2026-05-07")
    named = [events[i] for i in aside]
    bureau.takes(id, "objection.decided", "2026-05-08", outcome=outcome, set_aside=named)
    standing = bureau.ledger.standing(USCC)
    assert (standing.held, standing.set_aside) == ({}, named)


@pytest.mark.parametrize(
    ("outcome", "aside"),
    [("upheld", [0]), ("upheld", []), ("partly", [0, 1]), ("partly", []), ("rejected", [0])],
)
def test_outcome_that_does_not_fit_is_refused(bureau: Bureau, outcome: str, aside: list[int]) -> None:
    id, events = filed(bureau, 2, 3)
    bureau.takes(id, "objection.accepted", "2026-05-07")
    data: dict[str, Any] = {"outcome": outcome, "set_aside": [events[i] for i in aside]}
    assert "outcome" in bureau.refuses(id, "objection.decided", "2026-05-08", **data)


def test_event_that_is_not_contested_cannot_be_set_aside(bureau: Bureau) -> None:
    id, events = filed(bureau)
    bureau.takes(id, "objection.accepted", "2026-05-07")
    data: dict[str, Any] = {"outcome": "upheld", "set_aside": [events[0].replace("/2", "/3")]}
    assert "outcome" in bureau.refuses(id, "objection.decided", "2026-05-08", **data)


def test_only_own_events_can_be_contested(bureau: Bureau) -> None:
    case = bureau.case("2026-01-15")
    refused = bureau.refuses(None, "objection.filed", "2026-05-06", uscc=OTHER, events=[f"{case}/2"])
    assert "not-its-event" in refused
    for event in (f"{case}/99", "case-none/1", "inspector-wz-h1/1"):
        assert "not-its-event" in bureau.refuses(None, "objection.filed", "2026-05-06", events=[event])
    assert "nothing-contested" in bureau.refuses(None, "objection.filed", "2026-05-06")


def test_event_is_contested_once_at_a_time_and_never_after_it_was_set_aside(bureau: Bureau) -> None:
    id, events = filed(bureau)
    data: dict[str, Any] = {"events": events}
    assert "contested-already" in bureau.refuses(None, "objection.filed", "2026-05-07", **data)
    bureau.takes(id, "objection.accepted", "2026-05-07")
    bureau.takes(id, "objection.decided", "2026-05-08", outcome="upheld", set_aside=events)
    assert "set-aside" in bureau.refuses(None, "objection.filed", "2026-05-09", **data)


def test_rejected_event_may_be_contested_again(bureau: Bureau) -> None:
    id, events = filed(bureau)
    bureau.takes(id, "objection.accepted", "2026-05-07")
    bureau.takes(id, "objection.decided", "2026-05-08")
    assert bureau.opens("objection.filed", "2026-06-01", events=events)


@pytest.mark.parametrize("topic", ["objection.refused", "objection.withdrawn"])
def test_objection_that_ends_early_releases_the_class(bureau: Bureau, topic: str) -> None:
    id, _ = filed(bureau)
    assert bureau.takes(id, topic, "2026-05-07").ended
    assert bureau.ledger.standing(USCC).held == {}
    assert bureau.running(id) == set()


def test_entry_in_the_abnormal_list_is_open_to_objection_for_thirty_days(bureau: Bureau) -> None:
    listing = entry(bureau)
    data: dict[str, Any] = {"about": "listing", "listing": listing}
    assert "objection-late" in bureau.refuses(None, "objection.filed", "2026-06-06", **data)
    id = bureau.opens("objection.filed", "2026-06-05", **data)
    assert str(bureau.due(id, "DL-ABN-ACCEPT")) == "2026-06-12"
    assert bureau.types(f"credit-{USCC}") == []


def test_wrong_entry_is_verified_in_twenty_and_corrected_in_five_working_days(bureau: Bureau) -> None:
    listing = entry(bureau)
    id = bureau.opens("objection.filed", "2026-05-11", about="listing", listing=listing)
    bureau.takes(id, "objection.accepted", "2026-05-12")
    assert str(bureau.due(id, "DL-ABN-VERIFY")) == "2026-06-09"
    assert "not-about-credit" in bureau.refuses(id, "objection.extended", "2026-05-13")
    assert "outcome" in bureau.refuses(id, "objection.decided", "2026-05-13", outcome="partly")
    bureau.takes(id, "objection.decided", "2026-06-09", outcome="upheld")
    assert str(bureau.due(id, "DL-ABN-FIX")) == "2026-06-16"
    bureau.takes(id, "objection.corrected", "2026-06-16")
    found = bureau.ledger.listing(listing)
    assert found is not None
    assert (found.state, found.why) == ("REVOKED", "revoked")


def test_rejected_objection_corrects_nothing(bureau: Bureau) -> None:
    id = bureau.opens("objection.filed", "2026-05-11", about="listing", listing=entry(bureau))
    bureau.takes(id, "objection.accepted", "2026-05-12")
    bureau.takes(id, "objection.decided", "2026-05-13")
    assert "nothing-to-correct" in bureau.refuses(id, "objection.corrected", "2026-05-14")


def test_serious_entry_is_not_open_to_this_objection(bureau: Bureau) -> None:
    listing = bureau.opens("listing.decided", "2026-05-06", case=bureau.case("2026-05-06", HEAVY))
    refused = bureau.refuses(None, "objection.filed", "2026-05-07", about="listing", listing=listing)
    assert "not-its-listing" in refused
    assert "not-its-listing" in bureau.refuses(None, "objection.filed", "2026-05-07", about="listing")


def test_outside_zhejiang_the_local_period_does_not_run(bureau: Bureau) -> None:
    case = bureau.case("2026-01-15")
    id = bureau.opens("objection.filed", "2026-05-06", events=[f"{case}/2"], region="310101")
    assert bureau.running(id) == set()

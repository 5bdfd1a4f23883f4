"""Corrections: the wrong event stays, the case is folded anew with what holds instead."""

import pytest

from enforcement.errors import InvalidData
from tests.unit.cases import steps as s
from tests.unit.cases.given import Bureau
from tests.unit.cases.steps import CLEARED, at

ON = "2026-04-20"


def test_amended_date_moves_the_deadlines(bureau: Bureau) -> None:
    outcome = bureau.given(*s.FILED).when("case.event-corrected", ON, corrects=3, becomes_on="2026-03-11")
    assert outcome.case.filed == "2026-03-11"
    assert outcome.due("DL-CASE") == "2026-06-09"
    assert outcome.case.corrections == [{"corrects": 3, "kind": "amend", "version": 4}]


def test_amended_data_replace_what_was_recorded(bureau: Bureau) -> None:
    becomes = {
        "approved_by": "wz-b1",
        "named_by": "wz-u1",
        "handlers": ["wz-h1", "wz-h3"],
        "conditions": s.CONDITIONS,
    }
    outcome = bureau.given(*s.FILED).when(
        "case.event-corrected", ON, corrects=3, becomes=becomes, becomes_on=CLEARED
    )
    assert outcome.case.handlers == ["wz-h1", "wz-h3"]
    assert outcome.case.filed == "2026-03-09"


def test_event_set_aside_counts_no_longer(bureau: Bureau) -> None:
    outcome = bureau.given(*s.SUSPENDED).when(
        "case.event-corrected", ON, corrects=6, kind="set_aside", becomes_on=CLEARED
    )
    assert outcome.state == "INVESTIGATING"
    assert outcome.due("DL-CASE") == "2026-06-07"


def test_later_correction_of_the_same_event_wins(bureau: Bureau) -> None:
    first = at("case.event-corrected", ON, corrects=3, becomes_on="2026-03-11")
    outcome = bureau.given(*s.FILED, first).when(
        "case.event-corrected", ON, corrects=3, becomes_on="2026-03-10"
    )
    assert outcome.case.filed == "2026-03-10"


def test_amendment_keeps_the_number_of_the_document(bureau: Bureau) -> None:
    given = bureau.given(*s.APPROVED)
    number = given.when("case.notice-served", "2026-04-28").case.documents[-1]["number"]
    becomes = {"method": "post", "penalties": [s.FINE], "hearing_right": False}
    outcome = given.when("case.event-corrected", ON, corrects=10, becomes=becomes, becomes_on=CLEARED)
    assert outcome.case.documents[-1]["number"] == number
    assert number.endswith("号")


def test_correction_that_breaks_the_statute_is_a_finding(bureau: Bureau) -> None:
    outcome = bureau.given(*s.DECIDED).when(
        "case.event-corrected", "2026-05-12", corrects=11, becomes_on="2026-05-06"
    )
    assert outcome.state == "DECIDED_PENALTY"
    assert "defence-period-running" in {f["kind"] for f in outcome.case.findings}


def test_opening_event_is_amended_but_never_set_aside(bureau: Bureau) -> None:
    given = bureau.given(*s.CLUE)
    aside = given.when("case.event-corrected", ON, corrects=1, kind="set_aside", becomes_on=CLEARED)
    assert aside.rules == ["no-such-event"]
    amended = given.when("case.event-corrected", ON, corrects=1, becomes_on="2026-03-04")
    assert (amended.case.opened, amended.due("DL-VERIFY")) == ("2026-03-04", "2026-03-25")


def test_correction_itself_is_not_corrected(bureau: Bureau) -> None:
    first = at("case.event-corrected", ON, corrects=3, becomes_on="2026-03-11")
    assert bureau.given(*s.FILED, first).when("case.event-corrected", ON, corrects=4).rules == [
        "no-such-event"
    ]


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"becomes_on": CLEARED}, "data.becomes"),
        ({"becomes_on": "2026-13-01"}, "data.becomes_on"),
        ({"becomes_on": "last week"}, "data.becomes_on"),
        ({"becomes_on": "2026-03"}, "data.becomes_on"),
        ({"becomes_on": "2027-07-01"}, "data.becomes_on"),
        ({"becomes_on": CLEARED, "becomes": {"handlers": "all"}}, "data.becomes.handlers"),
        ({"becomes_on": CLEARED, "becomes": {"nonsense": 1}}, "data.becomes.nonsense"),
    ],
)
def test_amendment_has_the_form_of_what_it_amends(
    bureau: Bureau, data: dict[str, object], field: str
) -> None:
    given = bureau.given(*s.FILED)
    head = bureau.ledger.head()
    with pytest.raises(InvalidData) as error:
        given.when("case.event-corrected", ON, **{"corrects": 3, **data})
    assert field in error.value.errors
    assert bureau.ledger.head() == head


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"history": True}, "data.history"),
        ({"document": {"form": 37, "number": "温鹿市监罚告〔2026〕1号"}}, "data.document.number"),
        ({"document": {"form": 57}}, "data.document.form"),
    ],
)
def test_live_event_claims_no_history_and_no_number(
    bureau: Bureau, data: dict[str, object], field: str
) -> None:
    given = bureau.given(*s.APPROVED)
    with pytest.raises(InvalidData) as error:
        given.when("case.notice-served", "2026-04-28", **data)
    assert list(error.value.errors) == [field]


@pytest.mark.parametrize("occurred", [None, "2026", "2026-04"])
def test_live_step_has_a_day(bureau: Bureau, occurred: str | None) -> None:
    with pytest.raises(InvalidData) as error:
        bureau.given(*s.FILED).when("case.rights-told", occurred)
    assert list(error.value.errors) == ["occurred"]


def test_step_before_an_earlier_one_is_refused(bureau: Bureau) -> None:
    outcome = bureau.given(*s.FILED).when("case.inspected", "2026-03-08")
    assert outcome.rules == ["contradictory-dates"]


def test_fact_beside_the_line_may_be_recorded_late(bureau: Bureau) -> None:
    """A payment of the 14th may follow a publicity of the 18th: only steps of the main line keep the order."""
    outcome = bureau.given(*s.PUBLISHED).when("case.paid", "2026-05-14")
    assert (outcome.state, outcome.findings) == ("PERFORMING", ["contradictory-dates"])
    assert bureau.given(*s.PUBLISHED).when("case.noted", "2026-05-01").findings == ["contradictory-dates"]


def test_instant_counts_as_its_day_in_china(bureau: Bureau) -> None:
    """17:30 UTC on 9 March is 10 March in China."""
    outcome = bureau.given(*s.VERIFYING).when("case.filed", "2026-03-09T17:30:00Z")
    assert outcome.due("DL-CASE") == "2026-06-08"

"""What a reader sees: facts, findings, and what may happen next with who may do it and from when."""

from datetime import date

import orjson
import pytest

from enforcement.cases import view
from enforcement.cases.case import Case
from enforcement.cases.procedure import STATES, table
from enforcement.law import Law
from tests.unit.cases import steps as s
from tests.unit.cases.given import Bureau, folded
from tests.unit.cases.steps import BY_STATE

LAW = Law.load()
TODAY = date(2026, 6, 1)


@pytest.mark.parametrize("state", STATES)
def test_view_of_every_state_is_plain_json(bureau: Bureau, state: str) -> None:
    outcome = bureau.given(*BY_STATE[state]).now()
    shown = outcome.view("2026-06-01")
    assert orjson.loads(orjson.dumps(shown)) == shown
    assert shown["state"] == state
    assert shown["position"] == outcome.case.version


@pytest.mark.parametrize("state", STATES)
def test_allowed_events_are_rows_of_the_state(bureau: Bureau, state: str) -> None:
    allowed = bureau.given(*BY_STATE[state]).now().allowed("2027-01-04")
    assert set(allowed) <= {row.topic for row in table().rows if state in row.states}
    assert all(row["roles"] and row["article"] and row["zh"] for row in allowed.values())


def test_allowed_event_names_role_decider_and_article(bureau: Bureau) -> None:
    filing = bureau.given(*s.VERIFYING).now().allowed("2026-03-09")["case.filed"]
    assert filing == {
        "type": "case.filed",
        "zh": "立案",
        "actor": "head; unit head names >= 2 handlers",
        "roles": ["handler", "unit_head", "head", "principal_head"],
        "decided_by": "head",
        "earliest": None,
        "article": "P 18, 19",
        "status": "confirmed",
    }


@pytest.mark.parametrize(
    ("given", "topic", "today", "earliest"),
    [
        (s.NOTIFIED, "case.penalty-decided", "2026-05-01", "2026-05-09"),
        (s.NOTIFIED, "case.penalty-decided", "2026-05-09", None),
        (s.UNPAID, "case.payment-overdue", "2026-05-20", "2026-05-28"),
        (s.OVERDUE, "case.urging-served", "2026-06-01", "2026-07-14"),
        (s.URGED, "case.court-applied", "2026-07-15", "2026-07-29"),
        (s.ANNOUNCED, "case.hearing-held", "2026-05-20", "2026-05-25"),
        (s.PRESERVED, "case.preservation-lapsed", "2026-03-12", "2026-03-21"),
    ],
)
def test_event_that_waits_says_from_when(
    bureau: Bureau, given: s.Path, topic: str, today: str, earliest: str | None
) -> None:
    assert bureau.given(*given).now().allowed(today)[topic]["earliest"] == earliest


@pytest.mark.parametrize(
    ("given", "topic"),
    [
        (s.IN_REVIEW, "case.proposal-approved"),
        (s.INV_ENDED, "case.no-penalty-decided"),
        (s.SERVED, "case.summary-filed"),
        (s.PERFORMED, "case.closed"),
        (s.INVESTIGATING, "case.police-transferred"),
        (s.ON_THE_SPOT, "case.published"),
    ],
)
def test_event_that_waiting_does_not_cure_is_not_offered(bureau: Bureau, given: s.Path, topic: str) -> None:
    assert topic not in bureau.given(*given).now().allowed("2027-01-04")


def test_facts_name_the_event_they_come_from() -> None:
    case = folded(*s.DECIDED, law=LAW)
    shown = view.view(case, LAW, TODAY, [100 + version for version in range(1, case.version + 1)])
    assert shown["decisions"][0]["position"] == 111
    assert {d["key"]: d["started_by"] for d in shown["deadlines"]}["DL-PUBLISH"] == 111


def test_documents_stand_in_statutory_order_with_their_numbers(bureau: Bureau) -> None:
    outcome = bureau.given(*s.VERIFYING).when("case.filed", "2026-03-09")
    papers = view.documents(outcome.case, [1, 2, 3])
    assert [(p["form"], p["volume"], p["position"]) for p in papers][:1] == [(7, "main", 3)]


def test_case_restored_from_its_document_is_the_same(bureau: Bureau) -> None:
    case = bureau.given(*s.HEARD).now().case
    restored = Case.restore(orjson.loads(orjson.dumps(case.dump())))
    assert orjson.dumps(restored.dump()) == orjson.dumps(case.dump())
    assert restored.subject({}) == case.subject({})

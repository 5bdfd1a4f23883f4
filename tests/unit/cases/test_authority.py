"""Who may record and who decides: role, region, register, licence on the day, recusal."""

import pytest

from enforcement.errors import NotPermitted
from enforcement.events import Who
from enforcement.values import Text
from tests.unit.cases import steps as s
from tests.unit.cases.given import ACTOR, EXPIRED, Bureau, filled
from tests.unit.cases.given import officer as registered
from tests.unit.cases.steps import at


def test_role_outside_the_row_may_not_record(bureau: Bureau) -> None:
    given = bureau.given(*s.VERIFYING)
    head = bureau.ledger.head()
    with pytest.raises(NotPermitted) as error:
        given.when("case.filed", "2026-03-09", as_role="reviewer")
    assert error.value.details["roles"] == ["handler", "unit_head", "head", "principal_head"]
    assert error.value.message == Text(
        "case.filed is recorded by handler, unit_head, head, principal_head; you act as reviewer",
        "立案 由 handler, unit_head, head, principal_head 记录；当前角色为 reviewer",
    )
    assert bureau.ledger.head() == head


@pytest.mark.parametrize("scope", [None, "330302", "330300", "330000"])
def test_scope_that_covers_the_region_reaches_the_case(bureau: Bureau, scope: str | None) -> None:
    assert bureau.given(*s.CLUE).when("case.noted", "2026-03-03", scope=scope).state == "CLUE"


@pytest.mark.parametrize("scope", ["330303", "330400", "340000"])
def test_scope_elsewhere_does_not_reach_the_case(bureau: Bureau, scope: str) -> None:
    with pytest.raises(NotPermitted) as error:
        bureau.given(*s.CLUE).when("case.noted", "2026-03-03", scope=scope)
    assert error.value.details == {"region": "330302"}


def test_scope_limits_where_a_case_is_opened(bureau: Bureau) -> None:
    with pytest.raises(NotPermitted):
        bureau.ledger.register_clue(
            Who(ACTOR["intake"], "intake", "scope-1"),
            "2026-03-02",
            filled("case.clue-registered", {}),
            "330303",
        )


def test_officer_outside_the_register_is_refused(bureau: Bureau) -> None:
    outcome = bureau.given(*s.CLUE).when(
        "case.verification-started", "2026-03-03", officers=["wz-h1", "wz-unknown"]
    )
    assert outcome.rules == ["officer-unknown"]
    assert outcome.breach("officer-unknown").article == "P 22"


def test_licence_holds_on_its_last_day_only(bureau: Bureau) -> None:
    given = bureau.given(at("case.clue-registered", "2025-12-30"))
    late = given.when("case.verification-started", "2026-01-04", officers=["wz-h1", EXPIRED])
    assert late.breach("licence-expired").message.en == f"the licence of {EXPIRED} was valid until 2025-12-31"
    in_time = given.when("case.verification-started", "2025-12-31", officers=["wz-h1", EXPIRED])
    assert in_time.state == "VERIFYING"


def test_handlers_named_at_filing_are_licensed(bureau: Bureau) -> None:
    outcome = bureau.given(*s.VERIFYING).when("case.filed", "2026-03-09", handlers=["wz-h1", EXPIRED])
    assert outcome.rules == ["licence-expired"]


@pytest.mark.parametrize(
    ("given", "topic", "on", "field", "officer"),
    [
        (s.VERIFYING, "case.filed", "2026-03-09", "approved_by", "wz-u1"),
        (s.VERIFYING, "case.filed", "2026-03-09", "named_by", "wz-b1"),
        (s.INVESTIGATING, "case.suspended", "2026-03-12", "approved_by", "wz-h1"),
        (s.INVESTIGATING, "case.preservation-ordered", "2026-03-12", "approved_by", "wz-u1"),
        (s.INVESTIGATING, "case.measure-imposed", "2026-03-12", "approved_by", "wz-u1"),
        (s.INV_ENDED, "case.gains-not-computed", "2026-04-21", "approved_by", "wz-b1"),
        (s.CRIME, "case.police-transfer-approved", "2026-03-17", "approved_by", "wz-b1"),
        (s.INV_ENDED, "case.sent-to-review", "2026-04-21", "reviewer", "wz-h3"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_decision_is_made_by_who_holds_the_power(
    bureau: Bureau, given: s.Path, topic: str, on: str, field: str, officer: str
) -> None:
    breach = bureau.given(*given).when(topic, on, **{field: officer}).breach("wrong-decider")
    assert officer in breach.message.en
    assert breach.article


def test_principal_head_decides_whatever_a_head_decides(bureau: Bureau) -> None:
    assert bureau.given(*s.VERIFYING).when("case.filed", "2026-03-09", approved_by="wz-p1").state == "FILED"


def test_power_is_asked_for_the_day_of_the_act(bureau: Bureau) -> None:
    deputy = registered("wz-deputy", "head")
    deputy["roles"] = [{"role": "head", "start": "2026-03-05", "end": "2026-03-09"}]
    who = Who("wz-sys", "bureau_system", "deputy")
    bureau.ledger.register_inspector(who, "2026-03-01", deputy)
    after = bureau.given(*s.VERIFYING).when("case.filed", "2026-03-10", approved_by="wz-deputy")
    assert after.rules == ["wrong-decider"]
    within = bureau.given(*s.VERIFYING).when("case.filed", "2026-03-09", approved_by="wz-deputy")
    assert within.state == "FILED"


def test_handler_of_another_case_may_not_record(bureau: Bureau) -> None:
    outcome = bureau.given(*s.FILED).when("case.rights-told", "2026-03-10", actor="wz-h3")
    assert outcome.rules == ["not-a-handler"]


def test_any_handler_may_record_before_handlers_are_named(bureau: Bureau) -> None:
    outcome = bureau.given(*s.CLUE).when("case.verification-started", "2026-03-03", actor="wz-h3")
    assert outcome.state == "VERIFYING"


RECUSED = (*s.INVESTIGATING, at("case.recusal-decided", "2026-03-12"))


@pytest.mark.parametrize(
    ("topic", "data"),
    [
        ("case.inspected", {}),
        ("case.handlers-changed", {"handlers": ["wz-h1", "wz-h2"]}),
        ("case.investigation-ended", {}),
    ],
)
def test_recused_officer_takes_no_further_part(bureau: Bureau, topic: str, data: dict[str, object]) -> None:
    outcome = bureau.given(*RECUSED).when(topic, "2026-03-16", **data)
    assert "recused" in outcome.rules
    assert outcome.breach("recused").article == "P 4; APL 43"


def test_recused_officer_records_nothing_more(bureau: Bureau) -> None:
    outcome = bureau.given(*RECUSED).when("case.noted", "2026-03-16", as_role="unit_head", actor="wz-h2")
    assert outcome.rules == ["recused"]


def test_recused_handler_leaves_the_case_to_the_others(bureau: Bureau) -> None:
    case = bureau.given(*RECUSED).now().case
    assert (case.handlers, case.former_handlers) == (["wz-h1"], ["wz-h2"])


def test_refused_recusal_changes_no_handler(bureau: Bureau) -> None:
    outcome = bureau.given(*s.INVESTIGATING).when("case.recusal-decided", "2026-03-12", granted=False)
    assert outcome.case.handlers == ["wz-h1", "wz-h2"]


@pytest.mark.parametrize(
    ("officer", "said", "decider", "collective", "rules"),
    [
        ("wz-h2", "other", "wz-b1", False, []),
        ("wz-h2", "other", "wz-u1", False, ["wrong-decider"]),
        ("wz-b2", "head", "wz-p1", False, []),
        ("wz-b2", "head", "wz-b1", False, ["wrong-decider"]),
        ("wz-b2", "other", "wz-b1", False, ["wrong-decider"]),
        ("wz-p1", "principal_head", "wz-b1", True, []),
        ("wz-p1", "principal_head", "wz-b1", False, ["recusal-decider"]),
        ("wz-p1", "other", "wz-b1", False, ["recusal-decider"]),
        ("wz-o1", "hearing_host", "wz-b1", False, []),
        ("wz-r1", "hearing_staff", "wz-o1", False, []),
        ("wz-r1", "hearing_staff", "wz-b1", False, ["wrong-decider"]),
        ("wz-b1", "head", "wz-b1", False, ["recusal-decider", "wrong-decider"]),
    ],
)
def test_who_decides_a_recusal_follows_from_the_register(
    bureau: Bureau, officer: str, said: str, decider: str, collective: bool, rules: list[str]
) -> None:
    outcome = bureau.given(*s.INVESTIGATING).when(
        "case.recusal-decided",
        "2026-03-12",
        officer=officer,
        officer_is=said,
        decided_by=decider,
        collective=collective,
    )
    assert sorted(outcome.rules) == rules


def test_collective_discussion_is_one_of_the_heads(bureau: Bureau) -> None:
    members = [{"member": "wz-b1", "opinion": "同意"}, {"member": "wz-h3", "opinion": "同意"}]
    outcome = bureau.given(*s.NOTIFIED).when("case.collectively-discussed", "2026-05-11", members=members)
    assert outcome.rules == ["wrong-decider"]


def test_recused_head_does_not_discuss(bureau: Bureau) -> None:
    recusal = at("case.recusal-decided", "2026-03-12", officer="wz-b1", officer_is="head", decided_by="wz-p1")
    given = bureau.given(*s.INVESTIGATING, recusal, *s.NOTIFIED_BY_ANOTHER)
    assert "recused" in given.when("case.collectively-discussed", "2026-05-11").rules


def test_hearing_is_led_by_the_host_appointed(bureau: Bureau) -> None:
    given = bureau.given(*s.ANNOUNCED)
    assert given.when("case.hearing-paused", "2026-05-20", actor="wz-o2").rules == ["not-the-host"]
    assert given.when("case.hearing-paused", "2026-05-20", actor="wz-o1").state == "HEARING_PAUSED"


def test_all_reasons_of_a_refusal_come_at_once(bureau: Bureau) -> None:
    outcome = bureau.given(*s.CLUE).when(
        "case.filed", "2026-03-09", handlers=["wz-h1"], conditions=[], approved_by="wz-h3"
    )
    assert {"step-not-recorded", "two-officers", "filing-condition", "wrong-decider"} == set(outcome.rules)

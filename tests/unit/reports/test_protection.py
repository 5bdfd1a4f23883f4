"""Protection: who sees a report, who opens what, that every reading is recorded, and what is left after an erasure."""

from pathlib import Path
from typing import Any

import pytest

from enforcement.audit.receipts import check
from enforcement.errors import Erased, NotFound, NotPermitted, Refused
from enforcement.reports.desk import Filing
from enforcement.reports.guards.keeping import retained_until
from enforcement.reports.report import Report
from enforcement.reports.sealing import ERASED
from tests.unit.reports.bureau import CANARY, CONTENT, KEY, PERSON, TARGET, Bureau


def topics(bureau: Bureau, id: str) -> list[str]:
    return [row.topic.removeprefix("report.") for row in bureau.ledger.recorder.select_events(id)]


def ledger_bytes(bureau: Bureau) -> bytes:
    return b"".join(row[4] for row in bureau.ledger.recorder.rows(0, 10_000))


# -- receipt and code --------------------------------------------------------------------------------------------


def test_anyone_files_and_returns_with_the_code(bureau: Bureau) -> None:
    facts = {"channel": "web", "region": "330302", "matter": "metrology"}
    filed = bureau.desk.file(Filing(facts, CONTENT))
    assert filed.code
    assert bureau.desk.by_code(filed.code).id == filed.receipt.id
    with pytest.raises(NotFound):
        bureau.desk.by_code("00000 00000 00000 00000 00000")
    receipt = check(filed.note, [KEY.public])
    assert receipt.position == filed.receipt.position
    assert CANARY not in filed.note
    assert filed.receipt.id not in filed.note


def test_an_officers_entry_is_repeated_without_a_second_code(bureau: Bureau) -> None:
    who = bureau.who("intake")
    filing = Filing({"channel": "telephone", "region": "330302", "matter": "metrology"}, CONTENT, PERSON)
    first = bureau.desk.enter(who, filing, "2026-06-01")
    again = bureau.desk.enter(who, filing, "2026-06-01")
    assert (again.receipt.id, again.receipt.replayed, again.code) == (first.receipt.id, True, None)
    assert again.note == first.note


def test_nothing_of_the_reporter_is_in_the_ledger_in_clear(bureau: Bureau) -> None:
    filed = bureau.receive()
    id = filed.receipt.id
    bureau.desk.step(bureau.desk.anyone(), id, "report.message-sent", bureau.today, {"text": CANARY})
    more = {"content": {"text": CANARY}, "files": []}
    bureau.desk.step(bureau.desk.anyone(), id, "report.evidence-added", bureau.today, more)
    assert CANARY.encode() not in ledger_bytes(bureau)
    assert str(filed.code).replace(" ", "").encode() not in ledger_bytes(bureau)
    bureau.ledger.close()
    for path in Path(bureau.folder).iterdir():
        assert CANARY.encode() not in path.read_bytes(), path


# -- reading -----------------------------------------------------------------------------------------------------


def test_every_reading_is_recorded_before_it_is_answered(bureau: Bureau) -> None:
    id = bureau.verifying()
    opened = bureau.desk.read(bureau.who("handler"), id, "content", "核查", bureau.today)
    assert [part["value"] for part in opened.parts] == [{**CONTENT, "files": []}]
    assert topics(bureau, id)[-1] == "read"
    assert bureau.ledger.recorder.position_of(id, opened.receipt.version) == opened.receipt.position
    bureau.desk.step(bureau.who("handler"), id, "report.message-sent", bureau.today, {"text": "请补充照片"})
    talk = bureau.desk.read(bureau.desk.anyone(), id, "talk", None, bureau.today)
    assert [(part["by"], part["value"]) for part in talk.parts] == [("bureau", "请补充照片")]
    assert topics(bureau, id)[-1] == "read"


@pytest.mark.parametrize(
    ("role", "actor"),
    [("handler", "wz-h9"), ("finance", "wz-f1"), ("auditor", "wz-h9"), ("bureau_system", "wz-sys")],
)
def test_who_is_not_on_the_report_reads_nothing(bureau: Bureau, role: str, actor: str) -> None:
    id = bureau.verifying()
    before = topics(bureau, id)
    with pytest.raises((NotFound, NotPermitted)):
        bureau.desk.read(bureau.who(role, actor), id, "content", "好奇", bureau.today)
    assert topics(bureau, id) == before


def requested(bureau: Bureau, id: str, **data: Any) -> int:
    return bureau.step(id, "identity-requested", "custodian", purpose="核发奖励", **data).version


def test_identity_opens_to_the_custodian_on_a_second_persons_word(bureau: Bureau) -> None:
    id = bureau.verifying()
    request = requested(bureau, id)
    custodian = lambda: bureau.who("custodian")  # noqa: E731
    with pytest.raises(Refused, match="no second person"):
        bureau.desk.read_identity(custodian(), id, request, bureau.today)
    bureau.step(id, "identity-approved", "head", request=request, hours=24)
    opened = bureau.desk.read_identity(custodian(), id, request, bureau.today)
    assert [part["value"] for part in opened.parts] == [PERSON]
    assert bureau.report(id).requests[request]["read"]
    bureau.later(hours=24)
    bureau.desk.read_identity(custodian(), id, request, bureau.today)
    bureau.later(seconds=1)
    with pytest.raises(Refused, match="approval ended"):
        bureau.desk.read_identity(custodian(), id, request, bureau.today)


def test_nobody_approves_their_own_request(bureau: Bureau) -> None:
    id = bureau.verifying()
    request = requested(bureau, id)
    for approve in (
        lambda: bureau.step(id, "identity-approved", "head", actor="wz-k1", request=request, hours=1),
        lambda: bureau.step(id, "identity-approved", "head", request=request + 1, hours=1),
        lambda: bureau.step(id, "identity-approved", "head", request=request, hours=0),
        lambda: bureau.step(id, "identity-approved", "head", request=request, hours=73),
        lambda: bureau.step(id, "identity-refused", "head", actor="wz-k1", request=request, reason="x"),
    ):
        with pytest.raises(Refused):
            approve()
    with pytest.raises(NotPermitted):
        bureau.step(id, "identity-approved", "custodian", request=request, hours=1)
    bureau.step(id, "identity-refused", "head", request=request, reason="无必要")
    with pytest.raises(Refused):
        bureau.step(id, "identity-approved", "head", request=request, hours=1)
    with pytest.raises(Refused):
        bureau.desk.read_identity(bureau.who("custodian"), id, request, bureau.today)


def test_an_approval_is_for_who_asked(bureau: Bureau) -> None:
    id = bureau.verifying()
    request = requested(bureau, id)
    bureau.step(id, "identity-approved", "head", request=request, hours=1)
    with pytest.raises(Refused, match="only who asked"):
        bureau.desk.read_identity(bureau.who("custodian", "wz-k2"), id, request, bureau.today)


def test_a_request_names_a_case_that_exists_and_an_identity_that_was_given(bureau: Bureau) -> None:
    id = bureau.verifying()
    with pytest.raises(Refused, match="no case"):
        requested(bureau, id, case="case-none")
    requested(bureau, id, case=bureau.filed_case())
    anonymous = bureau.receive(identity=None).receipt.id
    with pytest.raises(Refused, match="anonymous"):
        requested(bureau, anonymous)


# -- conflicts ---------------------------------------------------------------------------------------------------


def test_a_report_about_staff_goes_around_them(bureau: Bureau) -> None:
    id = bureau.receive(concerns_staff=True).receipt.id
    for role in ("intake", "unit_head", "head"):
        with pytest.raises(NotFound):
            bureau.desk.read(bureau.who(role), id, "content", "看看", bureau.today)
    bureau.desk.read(bureau.who("custodian"), id, "content", "确定回避人员", bureau.today)
    bureau.step(id, "conflict-declared", "custodian", officers=["wz-b1"], units=["计量科"], reason="被举报人")
    for actor, role in (("wz-b1", "head"), ("wz-u1", "unit_head"), ("wz-h1", "handler")):
        with pytest.raises(NotFound):
            bureau.step(id, "noted", role, actor=actor, what="x")
    with pytest.raises(Refused, match="kept away"):
        bureau.step(id, "assigned", "principal_head", unit="食品科", officers=["wz-h1", "wz-h9"])
    with pytest.raises(Refused, match="cannot go to this unit"):
        bureau.step(id, "assigned", "principal_head", unit="计量科", officers=["wz-h9"])
    bureau.step(id, "assigned", "principal_head", unit="食品科", officers=["wz-h9"])
    bureau.desk.read(bureau.who("handler", "wz-h9"), id, "content", "核查", bureau.today)


def test_who_has_an_interest_in_the_target_never_sees_it(bureau: Bureau) -> None:
    bureau.ledger.interested = lambda officer, uscc: (officer, uscc) == ("wz-h2", TARGET)
    id = bureau.receive().receipt.id
    with pytest.raises(Refused, match="wz-h2 must be kept away"):
        bureau.step(id, "assigned", "intake", unit="计量科", officers=["wz-h1", "wz-h2"])
    bureau.step(id, "assigned", "intake", unit="计量科", officers=["wz-h1", "wz-h9"])
    with pytest.raises(NotFound):
        bureau.desk.read(bureau.who("handler", "wz-h2"), id, "content", "看看", bureau.today)


def test_an_officer_steps_aside_alone_and_keeps_no_one_else_away(bureau: Bureau) -> None:
    id = bureau.verifying()
    with pytest.raises(Refused, match="only yourself"):
        bureau.step(id, "conflict-declared", "handler", officers=["wz-h2"], units=[], reason="x")
    bureau.step(id, "conflict-declared", "handler", officers=["wz-h1"], units=[], reason="亲属")
    assert bureau.report(id).officers == ["wz-h2"]
    with pytest.raises(NotFound):
        bureau.step(id, "noted", "handler", what="x")


# -- keeping and erasing -------------------------------------------------------------------------------------------


def test_erasing_leaves_every_byte_and_no_meaning(bureau: Bureau) -> None:
    filed = bureau.receive()
    id = filed.receipt.id
    bureau.desk.step(bureau.desk.anyone(), id, "report.message-sent", bureau.today, {"text": CANARY})
    bureau.step(id, "malicious", "head", kind="forging", to="公安")
    before = bureau.ledger.recorder.rows(0, 10_000)
    bureau.step(id, "erased", "custodian", ground="request", reason="本人申请")
    after = bureau.ledger.recorder.rows(0, 10_000)
    assert after[: len(before)] == before
    assert len(after) == len(before) + 1
    report = bureau.report(id)
    values = [bureau.desk.sealer.open(part["subject"], part["value"]) for part in report.sealed]
    assert values == [ERASED] * 3
    assert str(bureau.desk._parts.__name__)
    with pytest.raises(NotFound):
        bureau.desk.by_code(str(filed.code))
    for step in (
        lambda: bureau.desk.read(bureau.who("custodian"), id, "content", "x", bureau.today),
        lambda: bureau.step(id, "erased", "custodian", ground="retention"),
        lambda: bureau.desk.step(
            bureau.desk.anyone(),
            id,
            "report.message-sent",
            bureau.today,
            {"text": {"sealed": "", "key": "k-" + "0" * 16, "alg": "A256GCM"}},
        ),
    ):
        with pytest.raises(Refused, match="erased"):
            step()
    with pytest.raises(Erased):
        bureau.desk.sealer.seal(id, "x", "c")


def test_an_erasure_is_finished_after_a_crash_or_a_restored_vault(bureau: Bureau) -> None:
    id = bureau.receive().receipt.id
    bureau.step(id, "malicious", "head", kind="forging", to="公安")
    data = {"ground": "request", "reason": "本人申请"}
    bureau.ledger.report_step(bureau.who("custodian"), id, "report.erased", bureau.today, data)
    assert bureau.vault.find(id) is not None
    assert bureau.desk.finish_erasures() == 1
    assert bureau.desk.finish_erasures() == 0
    assert bureau.vault.find(id) is None
    assert bureau.vault.forgotten(bureau.report(id).facts["reporter"])


def test_a_legal_hold_keeps_what_would_be_erased(bureau: Bureau) -> None:
    id = bureau.receive().receipt.id
    with pytest.raises(Refused, match="not at its end"):
        bureau.step(id, "erased", "custodian", ground="request", reason="本人申请")
    bureau.step(id, "malicious", "head", kind="forging", to="公安")
    bureau.step(id, "held", "custodian", reason="诉讼")
    with pytest.raises(Refused, match="hold"):
        bureau.step(id, "held", "custodian", reason="再次")
    with pytest.raises(Refused, match="hold"):
        bureau.step(id, "erased", "custodian", ground="request", reason="本人申请")
    bureau.step(id, "hold-lifted", "custodian", reason="诉讼终结")
    with pytest.raises(Refused, match="hold"):
        bureau.step(id, "hold-lifted", "custodian", reason="再次")
    with pytest.raises(Refused, match="give the reason"):
        bureau.step(id, "erased", "custodian", ground="request")
    bureau.step(id, "erased", "custodian", ground="request", reason="本人申请")


def test_what_was_kept_unlawfully_is_erased_before_the_end(bureau: Bureau) -> None:
    """The procedure goes on with what stands in clear; the bureau gives its reason."""
    id = bureau.verifying()
    with pytest.raises(Refused, match="give the reason"):
        bureau.step(id, "erased", "custodian", ground="unlawful")
    bureau.step(id, "erased", "custodian", ground="unlawful", reason="无处理依据")
    report = bureau.report(id)
    assert (report.state, report.erased) == ("VERIFYING", True)
    assert {bureau.desk.sealer.open(p["subject"], p["value"]) for p in report.sealed} == {ERASED}
    bureau.step(id, "not-filed", "head", ground="unidentified", reason="线索已清除")


@pytest.mark.parametrize(
    ("state", "until"),
    [
        *(
            (state, "2029-06-01")
            for state in ("TRANSFERRED", "NOT_HANDLED", "MERGED", "NOT_FILED", "UNSUBSTANTIATED")
        ),
        *((state, "2031-06-01") for state in ("NOT_ELIGIBLE", "WAIVED", "PAID", "MALICIOUS")),
        ("VERIFYING", None),
    ],
)
def test_every_end_of_a_report_has_its_retention(state: str, until: str | None) -> None:
    """Three years, or five where a credit record or a payment hangs on it; none while it goes on."""
    report = Report("report-1")
    report.state, report.last_step = state, "2026-06-01"
    found = retained_until(report)
    assert (found and found.isoformat()) == until


def test_retention_is_counted_from_the_last_step(bureau: Bureau) -> None:
    first, id = bureau.receive().receipt.id, bureau.receive().receipt.id
    bureau.step(id, "not-handled", "intake", earlier=first)
    bureau.to("2029-06-01")
    with pytest.raises(Refused) as caught:
        bureau.step(id, "erased", "custodian", ground="retention")
    assert str(caught.value.breaches[0].earliest) == "2029-06-02"
    bureau.to("2029-06-02")
    bureau.step(id, "erased", "custodian", ground="retention")
    assert bureau.report(id).erased

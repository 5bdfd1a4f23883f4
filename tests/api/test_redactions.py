"""Redactions through the API and on the command line: who reads which text, and what anybody can check."""

import io
import logging
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from api import logs
from api.auth import ALL_ROLES
from api.cli import main
from enforcement import envelope
from enforcement.canonical import jcs
from enforcement.credit.judging import BUSINESS
from tests.api.conftest import start
from tests.api.test_reports import FILING, JPEG, STAFF, Desk

HIDDEN = "金丝雀hidden5e1d"
TEXT = f"我在{HIDDEN}当学徒，秤快了。"
SPAN = {"start": 2, "end": 2 + len(HIDDEN), "reason": "place_or_time"}
WHY = {"purpose": "移送法院"}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    bureau = start(tmp_path)
    yield Desk(bureau)
    bureau.services.close()


def redacted(desk: Desk) -> tuple[str, str, int]:
    """A report whose text hides a planted word: its id, its code, the redaction's number."""
    id, code = desk.assigned(text=TEXT)
    body = {"event": 1, "spans": [SPAN], "purpose": "隐去举报人特征"}
    return id, code, desk.post(f"/reports/{id}/redactions", "custodian", body)["version"]


def call(*words: str, folder: Path | None = None) -> Result:
    environ = {} if folder is None else {"STEELYARD_DATABASE_URL": f"sqlite:///{folder}/ledger.db"}
    return CliRunner().invoke(main, words, env=environ)


def test_a_hidden_word_reaches_nobody_but_the_custodian_by_any_route(desk: Desk, tmp_path: Path) -> None:
    """Every route, every role; the log at its loudest, envelopes as streams carry them, and read models."""
    id, _, number = redacted(desk)
    bureau, log = desk.bureau, io.StringIO()
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        logs.configure(bureau.services.settings, log)
        root.setLevel(logging.DEBUG)
        reached = _asked(desk, id, number)
    finally:
        root.handlers[:], root.level = handlers, level
    assert {"reports.read", "redactions.copy"} <= reached
    bureau.caught_up()
    rows = bureau.services.ledger.recorder.rows(0, 10_000)
    carried = [envelope.render("wenzhou", i, v, topic, state, n) for n, i, v, topic, state in rows]
    written = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    for place in (*carried, *written, log.getvalue().encode()):
        assert HIDDEN.encode() not in place
        assert HIDDEN.encode("unicode_escape") not in place
    opened = desk.post(f"/reports/{id}/readings", "custodian", {"what": "content", "purpose": "x"})
    assert opened["items"][0]["value"]["text"] == TEXT


def _asked(desk: Desk, id: str, number: int) -> set[str]:
    """Ask every route in every other role; which of them answered."""
    sha256 = desk.get(f"/reports/{id}", "intake")["files"][0]["sha256"]
    values = {"id": id, "number": number, "sha256": sha256, "uscc": FILING["target"]["uscc"]}
    values |= {"officer": "wz-h1", "code": "M-V01", "topic": "report.redacted", "version": 1}
    bodies: tuple[Any, ...] = (
        {"what": "content", **WHY},
        {"what": "talk", **WHY},
        WHY,
        {"segment": 1, **WHY},
        {"event": 1, "spans": [{**SPAN, "start": 0, "end": 1}], **WHY},
    )
    reached = set()
    for rule in desk.bureau.app.url_map.iter_rules():
        arguments = {name: values.get(name, "x") for name in rule.arguments}
        address = desk.bureau.app.url_map.bind("localhost").build(rule.endpoint, arguments)
        for role in sorted({*ALL_ROLES, BUSINESS} - {"custodian"}):
            actor = str(values["uscc"]) if role == BUSINESS else STAFF.get(role, ("wz-sys", ""))[0]
            headers = {"Authorization": f"Bearer {desk.bureau.token(role, actor=actor)}"}
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                for body in bodies if method == "POST" and "report:id" in rule.rule else (None,):
                    answer = desk.bureau.client.open(address, method=method, json=body, headers=headers)
                    assert HIDDEN.encode() not in answer.get_data(), (role, method, address)
                    assert HIDDEN.encode("unicode_escape") not in answer.get_data(), (role, method, address)
                    reached |= (
                        {str(rule.endpoint)} if answer.status_code < 300 and method == "POST" else set()
                    )
    return reached


def test_officers_read_the_redacted_text_and_are_told_so(desk: Desk) -> None:
    id, _, number = redacted(desk)
    found = desk.post(f"/reports/{id}/readings", "handler", {"what": "content", "purpose": "核查"})
    part = found["items"][0]
    assert part["value"]["text"] == "我在〔遮盖 可识别身份的地点或时间〕当学徒，秤快了。"
    assert part["redactions"] == [{"number": number, "part": "text"}]
    steps = desk.get(f"/reports/{id}/events", "auditor")["items"]
    made = next(step for step in steps if step["type"] == "report.redacted")
    assert made["sealed"] == ["spans"]
    assert (made["data"]["segments"], made["data"]["reasons"]) == (3, ["place_or_time"])
    read = [step["data"]["what"] for step in steps if step["type"] == "report.read"]
    assert read == ["content", "content"]


def test_the_reporter_sees_the_day_and_no_more(desk: Desk) -> None:
    _, code, _ = redacted(desk)
    assert desk.mine(code)["redacted"] == "2026-03-20"
    assert HIDDEN not in str(desk.mine(code))
    _, other = desk.assigned()
    assert desk.mine(other)["redacted"] is None


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"spans": []}, "spans"),
        ({"spans": [{**SPAN, "end": 999}]}, "spans.0"),
        ({"spans": [{**SPAN, "start": -1}]}, "spans.0.start"),
        ({"spans": [{**SPAN, "reason": "beauty"}]}, "spans.0.reason"),
        ({"spans": [SPAN] * 201}, "spans"),
        ({"part": "identity"}, "part"),
        ({"event": 0}, "event"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_what_does_not_fit_is_refused_by_its_field(desk: Desk, changed: Any, field: str) -> None:
    id, _ = desk.assigned(text=TEXT)
    body = {"event": 1, "spans": [SPAN], "purpose": "x", **changed}
    answer = desk.post(f"/reports/{id}/redactions", "custodian", body, 422)
    assert any(found == field or found.endswith(f".{field}") for found in map(_path, answer["errors"])), (
        answer
    )


def _path(error: Any) -> str:
    return str(error["path"] if isinstance(error, dict) else error)


def test_a_text_that_is_not_there_is_refused_by_its_article(desk: Desk) -> None:
    id, _ = desk.assigned(text=TEXT)
    body = {"event": 2, "spans": [SPAN], "purpose": "x"}
    refused = desk.post(f"/reports/{id}/redactions", "custodian", body, 409)
    assert refused["breaches"][0]["rule"] == "text-there"
    assert "Order 121" in refused["breaches"][0]["article"]
    for path in ("copies", "comparisons"):
        desk.post(f"/reports/{id}/redactions/2/{path}", "custodian", WHY, 409)


def test_a_blacked_out_file_stands_in_the_place_of_the_original(desk: Desk) -> None:
    id, code = desk.assigned()
    sha256 = desk.get(f"/reports/{id}", "handler")["files"][0]["sha256"]
    body = {"name": "1.jpg", "content": b64encode(b"\xff\xd8\xff blacked out").decode()}
    for role, status in (("handler", 403), ("head", 403)):
        desk.post(f"/reports/{id}/files/{sha256}/redactions", role, body, status)
    wrong = {**body, "content": b64encode(b"MZ\x00").decode()}
    desk.post(f"/reports/{id}/files/{sha256}/redactions", "custodian", wrong, 422)
    desk.post(f"/reports/{id}/files/{'0' * 64}/redactions", "custodian", body, 409)
    path = f"/reports/{id}/files/{sha256}/redactions"
    first, again = (desk.post(path, "custodian", body, Idempotency_Key="k8") for _ in range(2))
    assert first["version"] == again["version"]
    reading = f"/reports/{id}/files/{sha256}/readings"
    assert desk.post(reading, "handler", WHY).get_data() == b"\xff\xd8\xff blacked out"
    assert desk.post(reading, "custodian", WHY).get_data() == JPEG
    other = desk.get(f"/reports/{id}", "handler")["files"][0]["replaced_by"]
    assert desk.post(f"/reports/{id}/files/{other}/readings", "handler", WHY).get_data() != JPEG
    assert desk.mine(code)["redacted"] == "2026-03-20"


def test_the_same_key_again_answers_the_same_redaction(desk: Desk) -> None:
    id, _ = desk.assigned(text=TEXT)
    body = {"event": 1, "spans": [SPAN], "purpose": "x"}
    path = f"/reports/{id}/redactions"
    first, again = (desk.post(path, "custodian", body, Idempotency_Key="k7") for _ in range(2))
    assert first["version"] == again["version"]
    desk.post(path, "custodian", {**body, "spans": [{**SPAN, "end": 5}]}, 422, Idempotency_Key="k7")


def test_anyone_checks_a_copy_and_an_opening_with_the_public_key(desk: Desk, tmp_path: Path) -> None:
    id, _, number = redacted(desk)
    base = f"/reports/{id}/redactions/{number}"
    vkey = desk.bureau.client.get("/ledger/key").json["vkey"]
    document = desk.post(f"{base}/copies", "handler", WHY)
    opening = desk.post(f"{base}/openings", "custodian", {**WHY, "segment": 1})
    forged = {**document, "copy": {**document["copy"], "root": "0" * 64}}
    for name, content in (("copy", document), ("opening", opening), ("forged", forged)):
        (tmp_path / f"{name}.json").write_bytes(jcs(content))
    words = ("redaction", "verify", str(tmp_path / "copy.json"), "--vkey", vkey)
    good = call(*words, "--opening", str(tmp_path / "opening.json"))
    assert (good.exit_code, "1 of 3 segments are hidden" in good.output) == (0, True)
    assert f"segment 1 says: {HIDDEN}" in good.output
    as_json = call(*words, "--json", "--ledger", folder=tmp_path)
    assert as_json.exit_code == 0, as_json.output
    assert '"opened": []' in as_json.output
    bad = call("redaction", "verify", str(tmp_path / "forged.json"), "--vkey", vkey)
    assert (bad.exit_code, "another root" in bad.output) == (1, True)
    assert call(*words[:-1], "nonsense").exit_code == 2
    assert call("redaction", "verify", str(tmp_path / "absent.json"), "--vkey", vkey).exit_code == 2


def test_the_receipt_of_the_filing_shows_that_it_was_this_text(desk: Desk, tmp_path: Path) -> None:
    filed = desk.file(text=TEXT)
    id, other = desk.newest(), desk.file()["receipt"]
    body = {"event": 1, "spans": [SPAN], "purpose": "x"}
    number = desk.post(f"/reports/{id}/redactions", "custodian", body)["version"]
    document = desk.post(f"/reports/{id}/redactions/{number}/copies", "custodian", WHY)
    (tmp_path / "copy.json").write_bytes(jcs(document))
    vkey = desk.bureau.client.get("/ledger/key").json["vkey"]
    for note, code in ((filed["receipt"], 0), (other, 1)):
        (tmp_path / "receipt.txt").write_text(note, encoding="utf-8")
        words = ("redaction", "verify", str(tmp_path / "copy.json"), "--vkey", vkey)
        assert call(*words, "--filed", str(tmp_path / "receipt.txt")).exit_code == code

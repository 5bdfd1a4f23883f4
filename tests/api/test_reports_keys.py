"""The key of the bureau is lost, another stands there, a sealed file was changed: said plainly, nothing falls over."""

from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from enforcement.reports.sealing import UNREADABLE
from tests.api.conftest import start
from tests.api.test_reports import FILING, Desk

READING = {"what": "content", "purpose": "核查"}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    bureau = start(tmp_path)
    yield Desk(bureau)
    bureau.services.close()


def lost(key: Path) -> None:
    key.unlink()


def another(key: Path) -> None:
    key.write_bytes(b64encode(b"another" + bytes(25)) + b"\n")


@pytest.mark.parametrize("happens", [lost, another])
def test_without_the_bureaus_key_everything_says_so(
    desk: Desk, tmp_path: Path, caplog: pytest.LogCaptureFixture, happens: Any
) -> None:
    """To the operator in the log; whoever asks is told what cannot be read, and that a fault is ours."""
    id, code = desk.assigned()
    base = f"/reports/{id}/identity-requests"
    number = desk.post(base, "custodian", {"purpose": "核发奖励"})["version"]
    desk.post(f"{base}/{number}/approvals", "head", {"hours": 2})
    sha256 = desk.get(f"/reports/{id}", "intake")["files"][0]["sha256"]
    kept = (tmp_path / "seal-key").read_bytes()
    happens(tmp_path / "seal-key")
    content = desk.post(f"/reports/{id}/readings", "handler", READING)
    person = desk.post(f"{base}/{number}/readings", "custodian", None)
    assert [opened["items"][0]["value"] for opened in (content, person)] == [UNREADABLE] * 2
    desk.post(f"/reports/{id}/files/{sha256}/readings", "handler", {"purpose": "核查"}, status=404)
    assert desk.mine(code)["state"] == "ASSIGNED"
    desk.mine(code, "/messages", {"text": "3号摊"}, status=500)
    assert "restore STEELYARD_SEAL_KEY_FILE" in caplog.text
    assert "3号摊" not in caplog.text
    (tmp_path / "seal-key").write_bytes(kept)
    (tmp_path / "seal-key").chmod(0o600)
    again = desk.post(f"/reports/{id}/readings", "handler", READING)
    assert again["items"][0]["value"]["text"] == FILING["text"]


def test_a_sealed_file_that_was_changed_is_not_handed_out(
    desk: Desk, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    id, _ = desk.assigned()
    sha256 = desk.get(f"/reports/{id}", "intake")["files"][0]["sha256"]
    found = tmp_path / "files" / sha256[:2] / sha256[2:]
    changed = bytearray(found.read_bytes())
    changed[20] ^= 1
    found.chmod(0o644)
    found.write_bytes(changed)
    desk.post(f"/reports/{id}/files/{sha256}/readings", "handler", {"purpose": "核查"}, status=500)
    assert "is not what it was when its hash was recorded" in caplog.text

"""The commands about reports: a receipt checked by anyone, erasures finished."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from api.cli import main
from tests.api.conftest import start
from tests.api.test_reports import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    bureau = start(tmp_path)
    yield Desk(bureau)
    bureau.services.close()


def call(folder: Path, *words: str) -> Result:
    environ = {"DATABASE_URL": f"sqlite:///{folder}/ledger.db", "FILES_URL": str(folder / "files")}
    environ |= {"SEAL_KEY_FILE": str(folder / "seal-key"), "SIGNING_KEY_FILE": str(folder / "signing-key")}
    return CliRunner().invoke(
        main, words, env={f"STEELYARD_{name}": value for name, value in environ.items()}
    )


def test_anyone_checks_a_receipt_with_the_public_key(desk: Desk, tmp_path: Path) -> None:
    note = desk.file(files=[])["receipt"]
    (tmp_path / "receipt.txt").write_text(note, encoding="utf-8")
    (tmp_path / "forged.txt").write_text(note.replace("position ", "position 1"), encoding="utf-8")
    vkey = call(tmp_path, "keys", "public").output.strip()
    good, forged = str(tmp_path / "receipt.txt"), str(tmp_path / "forged.txt")
    found = call(tmp_path, "receipt", "verify", good, "--vkey", vkey)
    assert (found.exit_code, found.output.startswith("the receipt holds: recorded 2026-03-20T02:00:00")) == (
        0,
        True,
    )
    assert call(tmp_path, "receipt", "verify", good, "--vkey", vkey, "--ledger", "--json").exit_code == 0
    assert call(tmp_path, "receipt", "verify", forged, "--vkey", vkey).exit_code == 1
    other = "example.org/ledgers/wenzhou" + vkey[vkey.index("+") :]
    assert call(tmp_path, "receipt", "verify", good, "--vkey", other).exit_code == 2


def test_a_receipt_of_another_ledger_is_not_in_this_one(desk: Desk, tmp_path: Path) -> None:
    note = desk.file(files=[])["receipt"]
    key = desk.bureau.services.signing_key()
    text = note.split("\n\n")[0] + "\n"
    digest = text[text.index("sha256:") :].split("\n")[0]
    (tmp_path / "other.txt").write_text(
        key.sign(text.replace(digest, "sha256:" + "0" * 64)), encoding="utf-8"
    )
    words = ("receipt", "verify", str(tmp_path / "other.txt"), "--vkey", key.vkey)
    assert call(tmp_path, *words).exit_code == 0
    refused = call(tmp_path, *words, "--ledger")
    assert (refused.exit_code, "another event" in refused.output) == (1, True)


def test_sweep_finishes_what_a_crash_left(desk: Desk, tmp_path: Path) -> None:
    services = desk.bureau.services
    code = desk.file()["code"]
    id = desk.newest()
    desk.step(id, "malicious", "head", kind="forging", to="公安")
    data = {"ground": "request", "reason": "本人申请"}
    services.ledger.report_step(desk.who("custodian"), id, "report.erased", "2026-03-20", data)
    assert services.vault.find(id) is not None
    assert call(tmp_path, "keys", "sweep").output == "1 erasures were finished\n"
    assert call(tmp_path, "keys", "sweep").output == "0 erasures were finished\n"
    assert services.vault.find(id) is None
    desk.mine(code, status=404)

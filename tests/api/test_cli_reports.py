"""The commands about reports: a receipt checked by anyone, erasures finished."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from api.cli import main
from api.clockwork import Clockwork, make_good
from enforcement.errors import LedgerUnavailable
from enforcement.reports.desk import Desk as ReportsDesk
from enforcement.values import Text
from tests.api.conftest import start
from tests.api.test_reports import Desk
from tests.waiting import until


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
    for ending in ("", "\n\n", "\r\n"):
        (tmp_path / "copied.txt").write_text(note.rstrip() + ending, encoding="utf-8", newline="")
        copied = str(tmp_path / "copied.txt")
        assert call(tmp_path, "receipt", "verify", copied, "--vkey", vkey).exit_code == 0
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


def left_by_a_crash(desk: Desk) -> tuple[str, str]:
    """A report whose erasure is in the ledger and whose keys are still there; its id and its code."""
    code = desk.file()["code"]
    id = desk.newest()
    desk.step(id, "malicious", "head", kind="forging", to="公安")
    data = {"ground": "request", "reason": "本人申请"}
    services = desk.bureau.services
    services.ledger.report_step(desk.who("custodian"), id, "report.erased", "2026-03-20", data)
    assert services.vault.find(id) is not None
    return id, code


def test_sweep_finishes_what_a_crash_left(desk: Desk, tmp_path: Path) -> None:
    id, code = left_by_a_crash(desk)
    services = desk.bureau.services
    assert call(tmp_path, "keys", "sweep").output == "1 erasures were finished\n"
    assert call(tmp_path, "keys", "sweep").output == "0 erasures were finished\n"
    assert services.vault.find(id) is None
    desk.mine(code, status=404)


def test_clock_finishes_erasures_before_its_first_tick(desk: Desk) -> None:
    """Its next tick would come in an hour."""
    id, code = left_by_a_crash(desk)
    services = desk.bureau.services
    clock = Clockwork(services, every=3600)
    clock.start()
    until(lambda: services.vault.forgotten(services.ledger.report(id).facts["reporter"]))
    clock.stop()
    assert services.vault.find(id) is None
    desk.mine(code, status=404)


def test_erasures_that_cannot_be_finished_are_tried_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A vault that is away when the server begins costs neither the clock nor the erasure."""
    id, _ = left_by_a_crash(desk)
    services, away = desk.bureau.services, [LedgerUnavailable(Text("away", "away"))]
    finish = ReportsDesk.finish_erasures

    def at_second_try(found: ReportsDesk) -> int:
        if away:
            raise away.pop()
        return finish(found)

    monkeypatch.setattr(ReportsDesk, "finish_erasures", at_second_try)
    clock = Clockwork(services, every=0.01)
    clock.start()
    until(lambda: services.vault.forgotten(services.ledger.report(id).facts["reporter"]))
    clock.stop()
    assert not away


def test_a_vault_is_not_opened_where_nothing_was_erased(tmp_path: Path) -> None:
    bureau = start(tmp_path, follow=False)
    assert make_good(bureau.services) == 0
    bureau.services.close()
    assert not (tmp_path / "ledger-keys.db").exists()

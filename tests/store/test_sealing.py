"""Sealed values and the vault of their keys, on a file and on a server."""

import sqlite3
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import closing
from itertools import count
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from api.cli import main
from enforcement.databases import file, is_sqlite
from enforcement.errors import Erased, SettingsError
from enforcement.reports import codes
from enforcement.reports.bureaukey import BureauKey
from enforcement.reports.sealing import ERASED, UNREADABLE, Sealer
from enforcement.reports.vault import Vault
from enforcement.store.migrating import SchemaMismatch
from tests.postgres import connect

WHEN = "2026-03-20T02:00:00.000000Z"
SUBJECT = "reporter-1"
VALUE = {"name": "王某 canary", "phone": "138"}


class Chance:
    """Different bytes each time, the same in every run."""

    def __init__(self) -> None:
        self.numbers = count(1)

    def __call__(self, size: int) -> bytes:
        return next(self.numbers).to_bytes(size)


CHANCE = Chance()


@pytest.fixture(params=["file", "server"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "file":
        return f"sqlite:///{tmp_path}/keys.db"
    found: str = request.getfixturevalue("postgres_url")
    with closing(vault_at(found, tmp_path / "seal-key")) as made:
        made.upgrade()
    return found


def vault_at(url: str, key: Path, given: str | None = None) -> Vault:
    return Vault(url, BureauKey(given, key, CHANCE), CHANCE)


@pytest.fixture
def vault(url: str, tmp_path: Path) -> Iterator[Vault]:
    with closing(vault_at(url, tmp_path / "seal-key")) as made:
        yield made


@pytest.fixture
def sealer(vault: Vault) -> Sealer:
    return Sealer(vault)


def kept(url: str, column: str = "wrapped") -> list[Any]:
    """A column of the keys, read past the vault."""
    query = f"SELECT {column} FROM subject_keys ORDER BY subject"
    if is_sqlite(url):
        with closing(sqlite3.connect(file(url))) as direct:
            return [row[0] for row in direct.execute(query)]
    with connect(url) as server:
        return [row[0] for row in server.execute(query)]


def test_what_is_sealed_opens_and_shows_nothing(sealer: Sealer) -> None:
    sealed = sealer.seal(SUBJECT, VALUE, "c1")
    assert sorted(sealed) == ["alg", "key", "sealed"]
    assert sealed["alg"] == "A256GCM"
    assert "canary" not in str(sealed)
    assert b"canary" not in b64decode(sealed["sealed"])
    assert sealer.open(SUBJECT, sealed) == VALUE
    assert sealer.open(SUBJECT, None) is None


def test_sealed_form_is_nonce_ciphertext_and_tag(sealer: Sealer, vault: Vault) -> None:
    sealed, key = sealer.seal(SUBJECT, VALUE, "c1"), vault.find(SUBJECT)
    assert key is not None
    raw = b64decode(sealed["sealed"])
    plain = AESGCM(key.key).decrypt(raw[:12], raw[12:], SUBJECT.encode())
    assert len(raw) == 12 + len(plain) + 16
    assert sealed["key"] == key.id


def test_a_repeated_command_seals_to_the_same_bytes(sealer: Sealer) -> None:
    first = sealer.seal(SUBJECT, VALUE, "c1")
    assert sealer.seal(SUBJECT, dict(reversed(VALUE.items())), "c1") == first
    others = [sealer.seal(SUBJECT, VALUE, "c2"), sealer.seal(SUBJECT, {**VALUE, "phone": "139"}, "c1")]
    nonces = {b64decode(sealed["sealed"])[:12] for sealed in (first, *others)}
    assert len(nonces) == 3


def test_subjects_have_keys_of_their_own(sealer: Sealer) -> None:
    sealed = sealer.seal(SUBJECT, VALUE, "c1")
    other = sealer.seal("reporter-2", VALUE, "c1")
    assert sealed["key"] != other["key"]
    assert sealer.open("reporter-2", sealed) == UNREADABLE
    assert sealer.open("reporter-3", sealed) == UNREADABLE


def flipped(sealed: Any, place: int) -> Any:
    raw = bytearray(b64decode(sealed["sealed"]))
    raw[place] ^= 1
    return {**sealed, "sealed": b64encode(raw).decode()}


def test_whatever_was_tampered_with_reads_unreadable(sealer: Sealer) -> None:
    sealed: Any = sealer.seal(SUBJECT, VALUE, "c1")
    broken = [
        *(flipped(sealed, place) for place in (0, 11, 12, 20, -1)),
        {**sealed, "sealed": sealed["sealed"][:-4]},
        {**sealed, "sealed": ""},
        {**sealed, "sealed": "%%%"},
        {**sealed, "sealed": None},
        {**sealed, "key": "k-0000000000000000"},
        {**sealed, "alg": "A128GCM"},
        {"key": sealed["key"], "alg": "A256GCM"},
        {},
    ]
    assert [sealer.open(SUBJECT, value) for value in broken] == [UNREADABLE] * len(broken)


def test_a_forgotten_subject_reads_erased_for_good(sealer: Sealer, vault: Vault) -> None:
    sealed = sealer.seal(SUBJECT, VALUE, "c1")
    other = sealer.seal("reporter-2", VALUE, "c1")
    assert vault.forget(SUBJECT, WHEN)
    assert not vault.forget(SUBJECT, WHEN)
    assert sealer.open(SUBJECT, sealed) == ERASED
    assert sealer.open("reporter-2", other) == VALUE
    with pytest.raises(Erased):
        sealer.seal(SUBJECT, VALUE, "c2")
    assert vault.forget("reporter-never-sealed", WHEN)
    with pytest.raises(Erased):
        sealer.seal("reporter-never-sealed", VALUE, "c1")


def test_a_destroyed_key_leaves_no_bytes_in_the_file(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/keys.db"
    with closing(vault_at(url, tmp_path / "seal-key")) as vault:
        Sealer(vault).seal(SUBJECT, VALUE, "c1")
        wrapped = kept(url)[0]
        assert wrapped in (tmp_path / "keys.db").read_bytes()
        vault.forget(SUBJECT, WHEN)
        assert all(wrapped not in path.read_bytes() for path in tmp_path.iterdir())


def test_a_rotation_wraps_every_key_anew(sealer: Sealer, vault: Vault, url: str, tmp_path: Path) -> None:
    values = {f"reporter-{n}": sealer.seal(f"reporter-{n}", n, "c1") for n in range(3)}
    vault.forget("reporter-2", WHEN)
    before, key_before = kept(url), (tmp_path / "seal-key").read_bytes()
    assert vault.rotate() == 2
    after, key_after = kept(url), (tmp_path / "seal-key").read_bytes()
    assert not set(before[:2]) & set(after)
    assert key_after.count(b"\n") == 1
    assert key_before != key_after
    opened = [sealer.open(subject, value) for subject, value in values.items()]
    assert opened == [0, 1, ERASED]


def test_a_process_that_ran_on_sees_the_rotation(sealer: Sealer, url: str, tmp_path: Path) -> None:
    sealed = sealer.seal(SUBJECT, VALUE, "c1")
    with closing(vault_at(url, tmp_path / "seal-key")) as another:
        another.rotate()
    assert sealer.open(SUBJECT, sealed) == VALUE
    assert sealer.open("reporter-2", sealer.seal("reporter-2", 2, "c1")) == 2


def test_an_interrupted_rotation_is_run_again(sealer: Sealer, vault: Vault) -> None:
    sealed = sealer.seal(SUBJECT, VALUE, "c1")
    vault.bureau.renew()
    assert sealer.open(SUBJECT, sealed) == VALUE
    assert vault.rotate() == 1
    assert sealer.open(SUBJECT, sealed) == VALUE


def test_a_lost_bureau_key_is_said_and_never_replaced(
    sealer: Sealer, vault: Vault, url: str, tmp_path: Path
) -> None:
    sealed = sealer.seal(SUBJECT, VALUE, "c1")
    (tmp_path / "seal-key").rename(tmp_path / "elsewhere")
    with closing(vault_at(url, tmp_path / "seal-key")) as fresh:
        assert Sealer(fresh).open(SUBJECT, sealed) == UNREADABLE
        for attempt in (lambda: fresh.key_for("reporter-2"), lambda: fresh.key_for(SUBJECT), fresh.rotate):
            with pytest.raises(SettingsError, match="not at hand"):
                attempt()
        assert not (tmp_path / "seal-key").exists()
    (tmp_path / "elsewhere").rename(tmp_path / "seal-key")
    assert sealer.open(SUBJECT, sealed) == VALUE


def test_a_wrong_bureau_key_opens_nothing(sealer: Sealer, url: str, tmp_path: Path) -> None:
    sealed = sealer.seal(SUBJECT, VALUE, "c1")
    with closing(vault_at(url, tmp_path / "another", b64encode(b"x" * 32).decode())) as wrong:
        assert Sealer(wrong).open(SUBJECT, sealed) == UNREADABLE
        with pytest.raises(SettingsError, match="not at hand"):
            wrong.rotate()


def test_bureau_key_of_the_environment_rotates_by_order(url: str, tmp_path: Path) -> None:
    old, new = (b64encode(bytes([n]) * 32).decode() for n in (1, 2))
    with closing(vault_at(url, tmp_path / "none", old)) as vault:
        sealed = Sealer(vault).seal(SUBJECT, VALUE, "c1")
    with closing(vault_at(url, tmp_path / "none", f"{new},{old}")) as vault:
        assert Sealer(vault).open(SUBJECT, sealed) == VALUE
        assert vault.rotate() == 1
    with closing(vault_at(url, tmp_path / "none", new)) as vault:
        assert Sealer(vault).open(SUBJECT, sealed) == VALUE
    assert not (tmp_path / "none").exists()


def test_a_changed_wrapped_key_is_not_used(sealer: Sealer, vault: Vault, url: str) -> None:
    sealed = sealer.seal(SUBJECT, VALUE, "c1")
    statement = "UPDATE subject_keys SET subject = 'reporter-9'"
    if is_sqlite(url):
        with closing(sqlite3.connect(file(url), isolation_level=None)) as direct:
            direct.execute(statement)
    else:
        with connect(url) as server:
            server.execute(statement)
    assert vault.find("reporter-9") is None
    assert sealer.open("reporter-9", sealed) == UNREADABLE


def test_two_who_seal_first_share_one_key(vault: Vault, url: str, tmp_path: Path) -> None:
    found: list[Any] = []

    def seal() -> None:
        with closing(vault_at(url, tmp_path / "seal-key")) as own:
            found.append(own.key_for(SUBJECT))

    threads = [Thread(target=seal) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == 1


# -- codes -------------------------------------------------------------------------------------------------


def test_a_code_opens_its_thing_however_it_is_typed(vault: Vault) -> None:
    code = codes.make(CHANCE)
    vault.keep_code(code, "report", "report-1")
    digits = code.replace(" ", "")
    typed = [
        code,
        digits,
        f"  {digits}\n",
        code.replace(" ", "-"),
        "".join(chr(ord(c) + 0xFEE0) for c in digits),
    ]
    assert [vault.opened_by(text, "report") for text in typed] == ["report-1"] * 5


def test_codes_hold_83_bits_and_are_never_kept(vault: Vault, url: str) -> None:
    code = codes.make(lambda n: b"\xff" * n)
    digits = code.replace(" ", "")
    assert len(digits) == 25
    assert digits.isdigit()
    assert 10**25 > 2**83
    vault.keep_code(code, "report", "report-1")
    if is_sqlite(url):
        content = file(url).read_bytes()
        assert digits.encode() not in content
        assert code.encode() not in content


def test_a_code_opens_only_its_kind_and_only_while_it_is_kept(vault: Vault) -> None:
    code, other = codes.make(CHANCE), codes.make(CHANCE)
    vault.keep_code(code, "report", SUBJECT)
    vault.keep_code(other, "voucher", "voucher-1")
    assert vault.opened_by(code, "voucher") is None
    assert vault.opened_by(other, "voucher") == "voucher-1"
    vault.drop_codes("voucher-1", "voucher")
    assert vault.opened_by(other, "voucher") is None
    vault.forget(SUBJECT, WHEN)
    assert vault.opened_by(code, "report") is None


def test_right_and_wrong_codes_cost_the_same_work(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    """One slow hash and one look-up, whatever was typed: nothing returns early."""
    code = codes.make(CHANCE)
    vault.keep_code(code, "report", "report-1")
    work: list[str] = []
    hashed = codes.hashed
    monkeypatch.setattr(
        "enforcement.reports.vault.hashed", lambda text, salt: work.append("hash") or hashed(text, salt)
    )
    reading = vault._reading

    def looked_up() -> Any:
        work.append("look-up")
        return reading()

    monkeypatch.setattr(vault, "_reading", looked_up)
    for text in (code, codes.make(CHANCE), "1", "", "x" * 10_000, "二十五" * 100):
        work.clear()
        vault.opened_by(text, "report")
        assert work == ["hash", "look-up"], text[:20]


# -- the program -------------------------------------------------------------------------------------------


def test_program_rotates_keys_and_shows_the_public_one(url: str, tmp_path: Path) -> None:
    environ = {
        "STEELYARD_DATABASE_URL": f"sqlite:///{tmp_path}/ledger.db",
        "STEELYARD_KEYS_DATABASE_URL": url,
        "STEELYARD_SEAL_KEY_FILE": str(tmp_path / "seal-key"),
        "STEELYARD_SIGNING_KEY_FILE": str(tmp_path / "signing-key"),
    }
    with closing(vault_at(url, tmp_path / "seal-key")) as vault:
        sealed = Sealer(vault).seal(SUBJECT, VALUE, "c1")
        done = CliRunner().invoke(main, ["keys", "rotate"], env=environ)
        assert done.output == "1 keys are wrapped by the current key\n"
        assert Sealer(vault).open(SUBJECT, sealed) == VALUE
    shown = CliRunner().invoke(main, ["keys", "public"], env=environ)
    assert shown.output.startswith("steelyard.local/ledgers/wenzhou+")


def test_a_server_without_the_tables_is_refused_with_the_command(postgres_url: str, tmp_path: Path) -> None:
    with closing(vault_at(postgres_url, tmp_path / "seal-key")) as vault:
        with pytest.raises(SchemaMismatch, match="run `steelyard db upgrade`"):
            vault.find(SUBJECT)
        assert vault.form() is None
        assert vault.upgrade()
        assert not vault.upgrade()
        assert vault.find(SUBJECT) is None

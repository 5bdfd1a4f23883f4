"""Signed notes and receipts: against the published vector of C2SP, and whatever a forger may try."""

import hashlib
from base64 import b64decode, b64encode
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from enforcement import secretfiles
from enforcement.audit.receipts import check, issue
from enforcement.audit.signing import NotSigned, PublicKey, SigningKey, verify
from enforcement.errors import SettingsError

ORIGIN = "example.org/ledgers/wenzhou"
KEY = SigningKey(ORIGIN, bytes(range(32)))
OTHER = SigningKey(ORIGIN, bytes(32))
# golang.org/x/mod/sumdb/note, the example of the package's documentation, on which C2SP's signed-note stands
VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NOTE = """If you think cryptography is the answer to your problem,
then you don't know what your problem is.

— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
"""


def test_the_published_vector_verifies() -> None:
    assert PublicKey.of(VKEY).vkey == VKEY
    assert verify(NOTE, [PublicKey.of(VKEY)]).startswith("If you think cryptography")


def test_note_is_what_the_specification_says() -> None:
    note = KEY.sign("hello\nworld\n")
    text, line = note.split("\n\n")
    name, encoded = line.removeprefix("\u2014 ").strip().split(" ")
    raw = b64decode(encoded)
    hashed = hashlib.sha256(ORIGIN.encode() + b"\n\x01" + KEY.public.raw).digest()[:4]
    assert (text, name, raw[:4], len(raw)) == ("hello\nworld", ORIGIN, hashed, 68)
    Ed25519PublicKey.from_public_bytes(KEY.public.raw).verify(raw[4:], b"hello\nworld\n")
    encoded_key = b64encode(b"\x01" + KEY.public.raw).decode()
    assert f"{ORIGIN}+{hashed.hex()}+{encoded_key}" == KEY.vkey


def test_signatures_of_unknown_keys_are_ignored() -> None:
    note = KEY.sign("hello\n")
    both = note + OTHER.sign("hello\n").split("\n\n")[1]
    assert verify(both, [KEY.public]) == verify(both, [OTHER.public]) == "hello\n"
    with pytest.raises(NotSigned, match="no key"):
        verify(note, [OTHER.public])


@pytest.mark.parametrize(
    "note",
    [
        KEY.sign("hello\n").replace("hello", "hullo"),
        KEY.sign("hello\n").replace("\n\n", "\n"),
        KEY.sign("hello\n")[:-1],
        KEY.sign("hello\n").replace("\u2014 ", "- "),
        KEY.sign("hello\n").replace(" ", "  "),
        KEY.sign("hello\n")[:-5] + "\n",
        KEY.sign("hello\n") + "\u2014 x !!!\n",
        "",
        "\n\n",
        "hello\n\n",
        "\x00" + KEY.sign("hello\n"),
        KEY.sign("hello\n") * 2,
    ],
)
def test_a_changed_note_is_refused(note: str) -> None:
    with pytest.raises(NotSigned):
        verify(note, [KEY.public])


@pytest.mark.parametrize("text", ["no newline", "tab\there\n", "half \ud800\n"])
def test_text_that_cannot_stand_in_a_note_is_not_signed(text: str) -> None:
    with pytest.raises(NotSigned):
        KEY.sign(text)


@pytest.mark.parametrize("vkey", ["", "a+b", VKEY.replace("c74f", "c74e"), "a b+c74f20a3+AR", VKEY[:-4]])
def test_a_vkey_that_is_none_is_refused(vkey: str) -> None:
    with pytest.raises(ValueError, match=r"vkey|hash|base64"):
        PublicKey.of(vkey)


def test_receipt_says_position_time_and_digest_and_nothing_else() -> None:
    note = issue(KEY, b'{"data":"secret"}', 1204, "2026-03-20T02:00:00.000000Z")
    found = check(note, [KEY.public])
    assert found == (
        ORIGIN,
        1204,
        hashlib.sha256(b'{"data":"secret"}').hexdigest(),
        "2026-03-20T02:00:00.000000Z",
    )
    assert "secret" not in note


def test_another_signed_text_is_no_receipt() -> None:
    head = KEY.sign(f"{ORIGIN}\n12\nAAAA\n")
    with pytest.raises(NotSigned, match="no receipt"):
        check(head, [KEY.public])
    stranger = SigningKey("example.org/ledgers/other", bytes(range(32)))
    note = KEY.sign(
        check(issue(KEY, b"", 1, "2026-03-20T02:00:00.000000Z"), [KEY.public])
        ._replace(origin="example.org/ledgers/third")
        .text
    )
    with pytest.raises(NotSigned, match="another ledger"):
        check(note, [KEY.public, stranger.public])


def test_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "signing-key"
    first = SigningKey.load_or_make(path, ORIGIN, lambda n: bytes(n))
    second = SigningKey.load_or_make(path, ORIGIN, lambda n: b"\x01" * n)
    assert first.vkey == second.vkey
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_key_file_that_others_read_or_that_is_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "signing-key"
    path.write_bytes(b64encode(bytes(32)))
    path.chmod(0o640)
    with pytest.raises(SettingsError, match="chmod 600"):
        SigningKey.load_or_make(path, ORIGIN, lambda n: bytes(n))
    path.chmod(0o600)
    for content in (b"", b"not base64", b64encode(bytes(31))):
        path.write_bytes(content)
        with pytest.raises(SettingsError, match="no Ed25519 key"):
            SigningKey.load_or_make(path, ORIGIN, lambda n: bytes(n))


def test_two_who_make_a_secret_at_once_get_the_same(tmp_path: Path) -> None:
    path = tmp_path / "secret"

    def late() -> bytes:
        path.write_bytes(b"theirs")
        path.chmod(0o600)
        return b"ours"

    assert secretfiles.read_or_make(path, late) == b"theirs"
    secretfiles.replace(path, b"next")
    assert secretfiles.read(path) == b"next"
    assert path.stat().st_mode & 0o777 == 0o600

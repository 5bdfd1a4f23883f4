"""The ledger's key, and what is signed with it: C2SP signed notes (https://c2sp.org/signed-note).

A note is text that ends with a newline, an empty line, and signature lines. Each line names its key, so a verifier
takes the signatures of the keys it trusts and ignores all others. The key's name is the ledger's origin; its *vkey*
`<name>+<hash>+<key>` is what a verifier is given out of band. Ed25519, signature type 0x01.
"""

import hashlib
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from enforcement import secretfiles
from enforcement.errors import SettingsError
from enforcement.values import Text

ED25519 = b"\x01"
KEY, SIGNATURE, HASH = 32, 64, 4
LINE = "\u2014 "
MAX_SIGNATURES = 100


class NotSigned(ValueError):
    """The note is malformed, or none of the trusted keys signed it."""


@dataclass(frozen=True)
class PublicKey:
    """A key that signatures are checked with."""

    name: str
    raw: bytes

    @property
    def hash(self) -> bytes:
        """The four bytes by which a signature line says which key it is of."""
        return hashlib.sha256(self.name.encode() + b"\n" + ED25519 + self.raw).digest()[:HASH]

    @property
    def vkey(self) -> str:
        """The text in which the key is handed over."""
        return f"{self.name}+{self.hash.hex()}+{b64encode(ED25519 + self.raw).decode()}"

    @classmethod
    def of(cls, vkey: str) -> "PublicKey":
        """The key of a vkey; ValueError where it is none of ours."""
        name, _, rest = vkey.strip().partition("+")
        hashed, _, key = rest.partition("+")
        raw = _base64(key)
        if len(raw) != 1 + KEY or raw[:1] != ED25519 or not _is_name(name):
            raise ValueError(f"{vkey!r} is no vkey of an Ed25519 key")
        found = cls(name, raw[1:])
        if found.hash.hex() != hashed:
            raise ValueError(f"the hash in {vkey!r} is not that of its key")
        return found

    def verifies(self, text: bytes, signature: bytes) -> bool:
        """Whether the signature over the text is of this key."""
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, text)
        except InvalidSignature:
            return False
        return True


class SigningKey:
    """The ledger's private key."""

    def __init__(self, name: str, seed: bytes) -> None:
        if not _is_name(name):
            raise ValueError(f"{name!r} cannot be the name of a key")
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        raw = self._key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        self.public = PublicKey(name, raw)

    @classmethod
    def load_or_make(cls, path: Path, name: str, random: Callable[[int], bytes]) -> "SigningKey":
        """The key of the file (base64 of its seed), made with `random` on first use. SettingsError on a bad file."""
        content = secretfiles.read_or_make(path, lambda: b64encode(random(KEY)) + b"\n")
        try:
            return cls(name, b64decode(content.strip(), validate=True))
        except ValueError:
            raise SettingsError(
                Text(f"{path} holds no Ed25519 key in base64", f"{path} 不是 base64 形式的 Ed25519 密钥")
            ) from None

    @property
    def vkey(self) -> str:
        """The public half as it is handed over."""
        return self.public.vkey

    def sign(self, text: str) -> str:
        """The note of a text, with this key's signature; ValueError where the text cannot stand in a note."""
        body = _body(text)
        signed = b64encode(self.public.hash + self._key.sign(body)).decode()
        return f"{text}\n{LINE}{self.public.name} {signed}\n"


def verify(note: str, keys: Sequence[PublicKey]) -> str:
    """The text of a note that at least one of the keys signed; NotSigned otherwise.

    A signature that names one of the keys and does not hold refuses the note, whatever else stands there.
    """
    head, separator, tail = note.rpartition("\n\n")
    if not separator or not tail.endswith("\n"):
        raise NotSigned("it is not a signed note")
    text = head + "\n"
    body = _body(text)
    lines = tail[:-1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise NotSigned("it has too many signatures")
    held = [_holds(line, body, keys) for line in lines]
    if not any(held):
        raise NotSigned("no key that is trusted signed it")
    return text


def _holds(line: str, body: bytes, keys: Sequence[PublicKey]) -> bool:
    name, _, encoded = line.removeprefix(LINE).rpartition(" ")
    if not line.startswith(LINE) or not _is_name(name):
        raise NotSigned("a signature line has not its form")
    try:
        raw = _base64(encoded)
    except ValueError:
        raise NotSigned("a signature is not base64") from None
    for key in keys:
        if key.name == name and raw[:HASH] == key.hash:
            if len(raw) != HASH + SIGNATURE or not key.verifies(body, raw[HASH:]):
                raise NotSigned(f"the signature of {name} does not hold")
            return True
    return False


def _body(text: str) -> bytes:
    if not text.endswith("\n") or any((char < " " and char != "\n") or char == "\x7f" for char in text):
        raise NotSigned("the text of a note ends with a newline and holds no control characters")
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise NotSigned("the text of a note is Unicode") from None


def _is_name(name: str) -> bool:
    return bool(name) and name.isprintable() and "+" not in name and not any(c.isspace() for c in name)


def _base64(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except NotBase64:
        raise ValueError(f"{text!r} is not base64") from None

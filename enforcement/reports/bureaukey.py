"""The bureau's key 主密钥, which wraps the keys of all subjects; it never opens a sealed value itself.

It comes from a file (one base64 key of 32 bytes a line, made on first use) or from the environment (the same keys,
separated by commas). The first key wraps, all of them unwrap: that is how a rotation goes on while others work. A
file is read anew when it has changed.
"""

import hashlib
from base64 import b64decode, b64encode
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from enforcement import secretfiles
from enforcement.errors import SettingsError
from enforcement.values import Text

SIZE, NONCE = 32, 12
Random = Callable[[int], bytes]


class Wrapped(NamedTuple):
    """A subject's key under the bureau's key with that id."""

    wrapper: str
    content: bytes


def id_of(key: bytes) -> str:
    """The id of a bureau's key follows from the key, so two keys never share one."""
    return hashlib.sha256(b"steelyard-bureau-key\n" + key).hexdigest()[:16]


class BureauKey:
    """The keys at hand, the current one first."""

    def __init__(self, given: str | None, path: Path, random: Random) -> None:
        self._given, self.path, self._random = given, path, random
        self._read_at: tuple[int, int] | None = None
        self._keys: dict[str, bytes] = {}

    @property
    def in_file(self) -> bool:
        """Whether it can be rotated here; one of the environment is the operator's."""
        return self._given is None

    def keys(self, make: bool = False) -> dict[str, bytes]:
        """By id, the current one first; empty while there is no file and none is to be made."""
        if self._given is not None:
            return self._keys or self._parsed(self._given.replace(",", "\n"), "STEELYARD_SEAL_KEY")
        if make:
            secretfiles.read_or_make(self.path, lambda: _line(self._random(SIZE)))
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return {}
        if (found.st_mtime_ns, found.st_ino) != self._read_at:
            content = secretfiles.read(self.path) or b""
            self._parsed(content.decode("ascii", "replace"), str(self.path))
            self._read_at = (found.st_mtime_ns, found.st_ino)
        return self._keys

    def wrap(self, key: bytes, subject: str) -> Wrapped:
        """A subject's key under the current bureau's key; the subject's id is bound to it."""
        id, own = next(iter(self.keys(make=True).items()))
        nonce = self._random(NONCE)
        return Wrapped(id, nonce + AESGCM(own).encrypt(nonce, key, subject.encode()))

    def unwrap(self, wrapped: Wrapped, subject: str) -> bytes | None:
        """The subject's key; None where the bureau's key is not at hand or what is kept was changed."""
        own = self.keys().get(wrapped.wrapper)
        if own is None:
            return None
        try:
            return AESGCM(own).decrypt(wrapped.content[:NONCE], wrapped.content[NONCE:], subject.encode())
        except (InvalidTag, ValueError):
            return None

    def renew(self) -> None:
        """Put a new key before those there are; what they wrapped is still opened."""
        secretfiles.replace(self.path, _line(self._random(SIZE)) + b"".join(map(_line, self.keys().values())))

    def drop_old(self) -> None:
        """Keep the current key only; nothing may be wrapped by another one any more."""
        current = next(iter(self.keys().values()))
        secretfiles.replace(self.path, _line(current))

    def _parsed(self, text: str, source: str) -> dict[str, bytes]:
        keys = [_key(line, source) for line in text.split("\n") if line.strip()]
        if not keys:
            raise _bad(source)
        self._keys = {id_of(key): key for key in keys}
        return self._keys


def _line(key: bytes) -> bytes:
    return b64encode(key) + b"\n"


def _key(line: str, source: str) -> bytes:
    try:
        key = b64decode(line.strip(), validate=True)
    except ValueError:
        raise _bad(source) from None
    if len(key) != SIZE:
        raise _bad(source)
    return key


def _bad(source: str) -> SettingsError:
    return SettingsError(
        Text(
            f"{source}: expected keys of 32 bytes in base64, the current one first",
            f"{source}：应为 base64 形式的 32 字节密钥，当前密钥在前",
        )
    )

"""Where the public keys of a token issuer come from: a key file of our own, or an issuer's JWKS address.

A source answers the key of a `kid`, or None. Fetched key sets are kept for some minutes; a `kid` that is not
among them is looked for once more at the issuer, at most every half minute, so a rotation is seen at once and
made-up ids cannot make us ask on their behalf. An issuer that does not answer does not put us out of work while
its last keys are young enough. Symmetric keys are never taken.
"""

import json
import os
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from joserfc import jwk
from joserfc.errors import JoseError

from enforcement.errors import SettingsError
from enforcement.values import Text

Key = jwk.OKPKey | jwk.ECKey | jwk.RSAKey
ASYMMETRIC = ("OKP", "EC", "RSA")
MAX_KEY_SET = 512 * 1024


class KeySource(Protocol):
    """Answers the public key with this id, or None where there is none."""

    def find(self, kid: str | None) -> Key | None: ...


def by_kid(documents: Iterable[Any]) -> dict[str, Key]:
    """The asymmetric signing keys of a key set; what we cannot use is left out, not an error."""
    keys = (_import(document) for document in documents)
    return {str(key.kid or key.thumbprint()): key for key in keys if key is not None}


def _import(document: Any) -> Key | None:
    if not isinstance(document, Mapping) or document.get("kty") not in ASYMMETRIC:
        return None
    if document.get("use", "sig") != "sig":
        return None
    try:
        return jwk.import_key(dict(document))  # type: ignore[return-value]
    except (JoseError, ValueError, TypeError):
        return None


class KeyFile:
    """The development issuer's key: one private JWK in a file that only its owner may read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._read_at: tuple[int, int] | None = None
        self._key: Key | None = None

    def find(self, kid: str | None) -> Key | None:
        key = self.private()
        return key if key is not None and kid in (None, key.kid) else None

    def private(self) -> Key | None:
        """The key with which tokens are signed, None while the file does not exist."""
        try:
            stat = self.path.stat()
        except FileNotFoundError:
            return None
        if (stat.st_mtime_ns, stat.st_ino) != self._read_at:
            self._key = self._read()
            self._read_at = (stat.st_mtime_ns, stat.st_ino)
        return self._key

    def create(self) -> Key:
        """The key of the file, made first if there is none."""
        key = self.private()
        if key is not None:
            return key
        made = jwk.OKPKey.generate_key("Ed25519", {"use": "sig", "alg": "Ed25519"}, auto_kid=True)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        beside = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(made.as_dict(private=True), file)
        try:
            os.link(beside, self.path)
        except FileExistsError:
            pass
        finally:
            beside.unlink()
        return self.create()

    def _read(self) -> Key:
        try:
            keys = by_kid([json.loads(self.path.read_text(encoding="utf-8"))])
        except (OSError, ValueError):
            keys = {}
        if len(keys) != 1 or not next(iter(keys.values())).is_private:
            raise SettingsError(
                Text(f"{self.path} does not hold a private key as JWK", f"{self.path} 中没有 JWK 格式的私钥")
            )
        return next(iter(keys.values()))


class KeySetAddress:
    """The key set of an OpenID Connect issuer, by the address of its JWKS."""

    fresh_for = 600.0
    usable_for = 24 * 3600.0
    pause = 30.0

    def __init__(
        self,
        url: str,
        fetch: Callable[[str], bytes] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.url = url
        self._fetch = fetch or fetch_key_set
        self._monotonic = monotonic
        self._keys: dict[str, Key] = {}
        self._fetched: float | None = None
        self._asked: float | None = None
        self._lock = threading.Lock()

    def find(self, kid: str | None) -> Key | None:
        keys = self._current()
        if kid is None:
            return next(iter(keys.values())) if len(keys) == 1 else None
        if kid not in keys:
            keys = self._renew(self.pause)
        return keys.get(kid)

    def _current(self) -> dict[str, Key]:
        return self._keys if self._age() < self.fresh_for else self._renew(self.pause if self._keys else 1.0)

    def _age(self) -> float:
        return float("inf") if self._fetched is None else self._monotonic() - self._fetched

    def _renew(self, pause: float) -> dict[str, Key]:
        with self._lock:
            now = self._monotonic()
            if self._asked is None or now - self._asked >= pause:
                self._asked = now
                self._take(now)
            return self._keys if self._age() < self.usable_for else {}

    def _take(self, now: float) -> None:
        try:
            document = json.loads(self._fetch(self.url))
            keys = by_kid(document["keys"])
        except (OSError, ValueError, KeyError, TypeError):
            return
        self._keys, self._fetched = keys, now


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Keys come from the address that was set, and from nowhere else."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def fetch_key_set(url: str) -> bytes:
    """The bytes of a key set; OSError where they cannot be had within five seconds."""
    parts = urlsplit(url)
    if parts.scheme != "https" and not (
        parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1")
    ):
        raise OSError(f"{url}: keys are taken over https only")
    with urllib.request.build_opener(_NoRedirect).open(url, timeout=5) as answer:
        body: bytes = answer.read(MAX_KEY_SET + 1)
    if len(body) > MAX_KEY_SET:
        raise OSError(f"{url}: key set larger than {MAX_KEY_SET} bytes")
    return body

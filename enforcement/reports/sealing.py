"""Sealing 封存: personal data inside events, readable only while the key of their subject exists.

A sealed value is `{"sealed": base64 of nonce ‖ ciphertext ‖ tag, "key": key id, "alg": "A256GCM"}` with the subject's
id as associated data, so a value that is moved to another subject does not open. The nonce is a keyed hash of the
command and the plaintext: a repeated command seals to the same bytes and meets its first receipt, and two different
values never share a nonce. Opening never raises on what it finds: a destroyed key reads `[erased]`, anything else
that does not open `[unreadable]`.
"""

import hashlib
import hmac
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping
from typing import Any, Literal

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from enforcement.fields import Sealed
from enforcement.reports.bureaukey import NONCE
from enforcement.reports.vault import Vault

ERASED = "[erased]"
UNREADABLE = "[unreadable]"
ALGORITHM: Literal["A256GCM"] = "A256GCM"


class Sealer:
    """Seals and opens values of subjects, with the keys of a vault."""

    def __init__(self, vault: Vault) -> None:
        self.vault = vault

    def seal(self, subject: str, value: Any, command: str) -> Sealed:
        """Any JSON value under the subject's key; Erased where the subject was erased."""
        key, plain = self.vault.key_for(subject), orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
        nonce = _nonce(key.key, command, plain)
        content = AESGCM(key.key).encrypt(nonce, plain, subject.encode())
        return {"sealed": b64encode(nonce + content).decode(), "key": key.id, "alg": ALGORITHM}

    def open(self, subject: str, value: Mapping[str, Any] | None) -> Any:
        """The value; `[erased]` or `[unreadable]` in its place, None for None. Raises only where no store answers."""
        if value is None:
            return None
        key = self.vault.find(subject)
        if key is None:
            return ERASED if self.vault.forgotten(subject) else UNREADABLE
        try:
            raw = b64decode(value["sealed"], validate=True)
            if (value["alg"], value["key"]) != (ALGORITHM, key.id):
                return UNREADABLE
            return orjson.loads(AESGCM(key.key).decrypt(raw[:NONCE], raw[NONCE:], subject.encode()))
        except (KeyError, TypeError, ValueError, NotBase64, InvalidTag):
            return UNREADABLE


def _nonce(key: bytes, command: str, plain: bytes) -> bytes:
    own = hashlib.sha256(b"steelyard nonce\n" + key).digest()
    return hmac.digest(own, command.encode() + b"\n" + plain, "sha256")[:NONCE]

"""Files of a report: sealed under the report's key and kept outside the ledger, under the hash of the sealed bytes.

The event names that hash, so what is kept can be proved; the file's name and the hash of its own content stand sealed
in the report, so nobody can ask by a file at hand whether it was handed in. Erasing the report destroys the key, and
takes the sealed bytes away as well. What a file is, is found out from its first bytes, never from its name.
"""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from enforcement.errors import InvalidData, NotFound
from enforcement.reports.bureaukey import NONCE
from enforcement.reports.vault import Vault
from enforcement.values import Text

LARGEST, MOST = 10 * 1024 * 1024, 5
"""Bytes of a file, and files at once."""
BEGINNINGS: Sequence[tuple[int, bytes, str]] = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (4, b"ftyp", "video/mp4"),
)


class Files(Protocol):
    """A store of files by their hash (`enforcement.attachments`)."""

    def put(self, content: bytes) -> Any: ...
    def read(self, sha256: str) -> bytes: ...
    def has(self, sha256: str) -> bool: ...
    def remove(self, sha256: str) -> None: ...


class SealedFiles:
    """Seals files of reports and opens them again."""

    def __init__(self, vault: Vault, files: Files) -> None:
        self.vault, self.files = vault, files

    def seal(self, subject: str, name: str, content: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
        """Keep a file: what the event says in clear, and what is sealed there. InvalidData on a kind not taken."""
        kind = kind_of(content)
        key, own = self.vault.key_for(subject), hashlib.sha256(content).hexdigest()
        nonce = hmac.digest(hashlib.sha256(b"steelyard file\n" + key.key).digest(), content, "sha256")[:NONCE]
        kept = self.files.put(nonce + AESGCM(key.key).encrypt(nonce, content, subject.encode()))
        return (
            {"sha256": kept.sha256, "size": len(content), "kind": kind},
            {"sha256": kept.sha256, "name": name, "original": own},
        )

    def open(self, subject: str, sha256: str) -> bytes:
        """The file as it was handed in; NotFound where its key is gone or it does not open."""
        key = self.vault.find(subject)
        raw = self.files.read(sha256)
        try:
            if key is None:
                raise InvalidTag
            return AESGCM(key.key).decrypt(raw[:NONCE], raw[NONCE:], subject.encode())
        except (InvalidTag, ValueError):
            raise NotFound("file", sha256) from None

    def remove(self, files: Sequence[Mapping[str, Any]]) -> None:
        """Take the sealed bytes away, as far as they are still there."""
        for file in files:
            if self.files.has(file["sha256"]):
                self.files.remove(file["sha256"])


def kind_of(content: bytes) -> str:
    """The kind of a file, by what is in it; InvalidData where it is none that is taken, empty or too large."""
    if not 0 < len(content) <= LARGEST:
        raise _refused(f"expected 1 to {LARGEST:,} bytes", f"文件大小应为 1 至 {LARGEST} 字节")
    for place, beginning, kind in BEGINNINGS:
        if content[place : place + len(beginning)] == beginning:
            return kind
    try:
        text = content.decode()
    except UnicodeDecodeError:
        text = "\x00"
    if "\x00" in text:
        raise _refused(
            "expected JPEG, PNG, PDF, MP3, MP4 or plain text", "应为 JPEG、PNG、PDF、MP3、MP4 或纯文本"
        )
    return "text/plain"


def _refused(en: str, zh: str) -> InvalidData:
    return InvalidData({"files": [Text(en, zh)]})

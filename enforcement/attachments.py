"""Files outside the ledger, found by what is in them: evidence, photographs, frozen lists, large documents.

An event is small and holds the SHA-256 of a file; the file lies here, under that hash, in a folder or in any
store that fsspec knows (`STEELYARD_FILES_URL`). It is written whole before the event that names it is recorded,
the same content is kept once, and every reading is checked: a file that was changed or cut off is never handed
out as evidence. Removing one (a retention period that ran out) leaves the event and its hash standing.
"""

import hashlib
import io
import os
import re
import uuid
from contextlib import suppress
from typing import Any, BinaryIO, NamedTuple

from fsspec.core import url_to_fs

from enforcement.errors import FileDamaged, NotFound, SettingsError
from enforcement.values import Text

BLOCK = 1024 * 1024
HASH = re.compile("[0-9a-f]{64}")


class Stored(NamedTuple):
    """What an event keeps of a file: its hash as lower-case hex, and its size in bytes."""

    sha256: str
    size: int


class Attachments:
    """The files under one address. Safe for any number of writers: a file appears whole or not at all."""

    def __init__(self, url: str) -> None:
        try:
            self._fs, self._root = url_to_fs(url)
        except (ValueError, ImportError) as error:
            raise SettingsError(
                Text(f"no files can be kept at {url}: {error}", f"无法在 {url} 存放文件：{error}")
            ) from None

    def put(self, content: bytes | BinaryIO) -> Stored:
        """Keep a file, given whole or as a stream from where it stands; the same content twice is one file."""
        source = io.BytesIO(content) if isinstance(content, bytes) else content
        draft = f"{self._root}/incoming/{uuid.uuid4().hex}"
        self._fs.makedirs(f"{self._root}/incoming", exist_ok=True)
        try:
            stored = self._write(source, draft)
            self._place(draft, stored.sha256)
        except BaseException:
            with suppress(FileNotFoundError):
                self._fs.rm_file(draft)
            raise
        return stored

    def open(self, sha256: str) -> BinaryIO:
        """The file as a stream, to be read from its beginning to its end: there FileDamaged is raised when what was
        read is not what the hash says. NotFound when there is no such file."""
        path = self._path(sha256)
        try:
            return io.BufferedReader(_Checked(self._fs.open(path, "rb"), sha256), BLOCK)
        except FileNotFoundError:
            raise NotFound("file", sha256) from None

    def read(self, sha256: str) -> bytes:
        """The whole file, checked."""
        with self.open(sha256) as file:
            return file.read()

    def has(self, sha256: str) -> bool:
        """Whether the file is there; what is in it shows when it is read."""
        return bool(self._fs.isfile(self._path(sha256)))

    def remove(self, sha256: str) -> None:
        """Take the file away; NotFound when there is none."""
        try:
            self._fs.rm_file(self._path(sha256))
        except FileNotFoundError:
            raise NotFound("file", sha256) from None

    def _path(self, sha256: str) -> str:
        """Two characters make a folder, so that none holds a million files. A hash that is none is not found."""
        if not HASH.fullmatch(sha256):
            raise NotFound("file", sha256)
        return f"{self._root}/{sha256[:2]}/{sha256[2:]}"

    def _write(self, source: BinaryIO, draft: str) -> Stored:
        digest, size = hashlib.sha256(), 0
        with self._fs.open(draft, "wb") as target:
            while block := source.read(BLOCK):
                digest.update(block)
                size += target.write(block)
            _to_disk(target)
        return Stored(digest.hexdigest(), size)

    def _place(self, draft: str, sha256: str) -> None:
        """On a disk a rename, which happens or does not. It replaces what is there, damaged or not."""
        path = self._path(sha256)
        self._fs.makedirs(path.rpartition("/")[0], exist_ok=True)
        self._fs.mv(draft, path)


class _Checked(io.RawIOBase):
    """Hashes what passes and, at the end, compares."""

    def __init__(self, file: Any, sha256: str) -> None:
        self._file, self._expected, self._digest = file, sha256, hashlib.sha256()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        block = self._file.read(len(buffer))
        if not block and self._digest.hexdigest() != self._expected:
            raise _damaged(self._expected)
        self._digest.update(block)
        buffer[: len(block)] = block
        return len(block)

    def close(self) -> None:
        self._file.close()
        super().close()


def _damaged(sha256: str) -> FileDamaged:
    return FileDamaged(
        Text(
            f"the file {sha256} is not what it was when its hash was recorded",
            f"文件 {sha256} 与入账时的哈希值不符",
        ),
        id=sha256,
    )


def _to_disk(file: Any) -> None:
    """An event may name the file only once its bytes lie on the disk."""
    file.flush()
    with suppress(AttributeError, io.UnsupportedOperation):
        os.fsync(file.fileno())

"""Files that hold a secret: made on first use for their owner alone, and refused where others may read them."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

from enforcement.errors import SettingsError
from enforcement.values import Text

PRIVATE = 0o600


def read(path: Path) -> bytes | None:
    """The content, None where there is no file; SettingsError where group or others may read it."""
    try:
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_mode & (stat.S_IRWXG | stat.S_IRWXO):
                raise SettingsError(
                    Text(
                        f"{path} holds a secret and others may read it: chmod 600",
                        f"{path} 为机密文件，其他用户可读：请 chmod 600",
                    )
                )
            return file.read()
    except FileNotFoundError:
        return None


def read_or_make(path: Path, make: Callable[[], bytes]) -> bytes:
    """The content; made where there is no file. Of two processes that make it at once, both get the same."""
    found = read(path)
    if found is not None:
        return found
    beside = _beside(path, make())
    try:
        os.link(beside, path)
    except FileExistsError:
        pass
    finally:
        beside.unlink()
    made = read(path)
    assert made is not None
    return made


def replace(path: Path, content: bytes) -> None:
    """Put new content in the place of the old at once: a reader sees the one or the other."""
    _beside(path, content).replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _beside(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return beside

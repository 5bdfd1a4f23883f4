"""Two kinds of locks of the read side.

`sole` says that this process works a projection: held for as long as the worker runs, given back by the system
when it dies. `shared` and `exclusive` stand for one transaction: pages share the projection, an event that
changes the meaning of other rows has it alone. On SQLite a write transaction is alone anyway.
"""

import fcntl
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

from projections.store import Store


@contextmanager
def sole(store: Store, name: str) -> Iterator[bool]:
    """Whether this process is the one that works `name`; released at the end or by the process's death."""
    if store.path is not None:
        with _file_lock(f"{store.path}.{name}.lock") as got:
            yield got
        return
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.detach()
        key = {"key": _key("sole", name)}
        got = bool(conn.scalar(text("SELECT pg_try_advisory_lock(:key)"), key))
        try:
            yield got
        finally:
            # closing alone would free it too, but only when the server notices
            conn.execute(text("SELECT pg_advisory_unlock(:key) WHERE :got"), {**key, "got": got})


def shared(conn: Connection, name: str) -> None:
    """Work a page of the projection beside others, until the transaction ends."""
    if conn.dialect.name == "postgresql":
        conn.execute(text("SELECT pg_advisory_xact_lock_shared(:key)"), {"key": _key("page", name)})


def exclusive(conn: Connection, name: str) -> None:
    """Have the projection alone until the transaction ends."""
    if conn.dialect.name == "postgresql":
        conn.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _key("page", name)})


def _key(kind: str, name: str) -> int:
    return (zlib.crc32(kind.encode()) << 31) ^ zlib.crc32(name.encode())


@contextmanager
def _file_lock(path: str) -> Iterator[bool]:
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        yield _try(handle)
    finally:
        os.close(handle)


def _try(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True

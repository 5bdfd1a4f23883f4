"""Opens a recorder of ours the way the ledger does: through the library, from an address."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit
from uuid import uuid4

from eventsourcing.persistence import InfrastructureFactory, StoredEvent
from eventsourcing.utils import Environment

from enforcement.databases import file, is_sqlite, recorder_env
from enforcement.store import TABLE, LedgerRecorder
from tests.postgres import connect

ROOT = Path(__file__).parents[2]


def factory(url: str, pool_size: int = 2) -> InfrastructureFactory:
    return InfrastructureFactory.construct(Environment("Ledger", recorder_env(url, pool_size)))


@contextmanager
def opened(url: str, pool_size: int = 2) -> Iterator[LedgerRecorder]:
    made = factory(url, pool_size)
    try:
        yield cast(LedgerRecorder, made.application_recorder())
    finally:
        made.close()


def event(id: str, version: int = 1, state: bytes = b"{}") -> StoredEvent:
    return StoredEvent(id, version, "case.filed", state)


def case_id() -> str:
    return f"case-{uuid4()}"


def execute(url: str, statement: str) -> list[Any]:
    """Run SQL past the recorder, as the owner of the table would."""
    if is_sqlite(url):
        with closing(sqlite3.connect(file(url), isolation_level=None)) as direct:
            return direct.execute(statement.format(table=TABLE)).fetchall()
    with connect(url) as server:
        cursor = server.execute(statement.format(table=TABLE))
        return cursor.fetchall() if cursor.description else []


def as_role(url: str, role: str, password: str) -> str:
    """The same database, seen by another role."""
    parts = urlsplit(url)
    return parts._replace(netloc=f"{role}:{password}@{parts.netloc.rpartition('@')[2]}").geturl()

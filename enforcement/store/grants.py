"""Who may do what in the database: three roles, each with what its processes need and nothing else.

writer: records (the API). It may read and add events, never change or remove one.
projector: the relay and the projection workers. It reads events and owns what is derived from them.
reader: answers questions. It reads the read models and sees no event.

Each room tells the statements for its own tables; they name roles that exist. None of them opens a connection.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from enforcement.store import TABLE

SCHEMA = "public"
MAINTAIN_SINCE = 170_000


class Roles(NamedTuple):
    """The names of database roles; None where one is not to be granted anything."""

    writer: str | None = None
    projector: str | None = None
    reader: str | None = None

    def named(self) -> list[str]:
        return [role for role in self if role]


def quoted(name: str) -> str:
    """The name as an identifier of SQL."""
    return '"' + name.replace('"', '""') + '"'


def grant(privileges: str, tables: Iterable[str], role: str | None) -> Iterator[str]:
    """One statement for all of the tables; none where there is no role or no table."""
    listed = ", ".join(f"{SCHEMA}.{quoted(table)}" for table in tables)
    if role and listed:
        yield f"GRANT {privileges} ON {listed} TO {quoted(role)}"


def usage(roles: Roles) -> Iterator[str]:
    """Every role may look into the schema, and nobody else may put something there."""
    yield f"REVOKE CREATE ON SCHEMA {SCHEMA} FROM PUBLIC"
    for role in roles.named():
        yield f"GRANT USAGE ON SCHEMA {SCHEMA} TO {quoted(role)}"


def events(roles: Roles, server_version: int) -> Iterator[str]:
    """For the event table. A save locks the table, which takes more than the right to insert.

    From PostgreSQL 17 on that is MAINTAIN; before, TRUNCATE – which the table's trigger refuses to everybody.
    """
    lock = "MAINTAIN" if server_version >= MAINTAIN_SINCE else "TRUNCATE"
    yield from grant(f"SELECT, INSERT, {lock}", [TABLE], roles.writer)
    if roles.writer:
        sequence = f"{SCHEMA}.{TABLE}_notification_id_seq"
        yield f"GRANT USAGE ON SEQUENCE {sequence} TO {quoted(roles.writer)}"
    yield from grant("SELECT", [TABLE], roles.projector)

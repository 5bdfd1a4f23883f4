"""Two versions of a read model side by side: row count and SHA-256 of every table.

Rows are hashed in order of their primary key, so the digest depends on what is in a table and not on how it
came there.
"""

import hashlib
import marshal
from dataclasses import dataclass

from sqlalchemy import Connection, Table, select

from projections.tables import Tables

_PLAIN = 0
"""marshal's first format knows neither interned nor shared objects: equal rows give equal bytes."""


@dataclass(frozen=True)
class TableDigest:
    """One table: how many rows, and the SHA-256 over them in hex."""

    table: str
    rows: int
    digest: str


@dataclass(frozen=True)
class Comparison:
    """The live version and another one, both at the same position."""

    projection: str
    position: int
    live: int
    version: int
    same: bool
    live_tables: tuple[TableDigest, ...]
    tables: tuple[TableDigest, ...]

    @property
    def differing(self) -> list[str]:
        """The tables that are not the same in both."""
        mine = {t.table: t for t in self.live_tables}
        return [t.table for t in self.tables if mine.get(t.table) != t]


def compare(conn: Connection, projection: str, position: int, live: Tables, other: Tables) -> Comparison:
    """Both versions as one connection sees them; the caller has brought them to the same position."""
    left, right = digests(conn, live), digests(conn, other)
    return Comparison(projection, position, live.version, other.version, left == right, left, right)


def digests(conn: Connection, tables: Tables) -> tuple[TableDigest, ...]:
    """Count and digest of each table, by name; those that the clock keeps are left out."""
    made = [name for name in sorted(tables) if not tables[name].info.get("clocked")]
    return tuple(_digest(conn, name, tables[name]) for name in made)


def _digest(conn: Connection, name: str, table: Table) -> TableDigest:
    rows, sha = 0, hashlib.sha256()
    query = select(table).order_by(*table.primary_key)
    for row in conn.execution_options(yield_per=1000).execute(query):
        rows += 1
        sha.update(marshal.dumps(tuple(row), _PLAIN))
    return TableDigest(name, rows, sha.hexdigest())

"""What a projection is: tables, and one function from stored events to statements.

`derive` reads what it needs from the tables of its version, folds a page of rows and yields changes; each is
written before the next is asked for, all in the transaction that moves the checkpoint. It sends nothing, reads no
clock, and its tables are the same for every order in which the events of different aggregates arrive.
"""

from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from projections import sql
from projections.tables import Shape, Tables
from streams.feed import Row


@dataclass
class Changes:
    """Rows to take away, then rows to add (new keys) and rows to put (new or changed), by table."""

    take: dict[tuple[str, str], list[Any]] = field(default_factory=dict)
    add: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)
    put: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)

    def new_or_put(
        self, table: str, rows: Sequence[tuple[Any, ...]], place: int, known: Container[Any]
    ) -> None:
        """Rows that are new where the value at `place` is not among those known, else put."""
        for row in rows:
            (self.put if row[place] in known else self.add).setdefault(table, []).append(row)

    def write(self, conn: Connection, tables: Tables) -> None:
        for (table, column), keys in self.take.items():
            sql.remove(conn, tables[table], column, keys)
        for table, rows in self.add.items():
            sql.insert(conn, tables[table], rows)
        for table, rows in self.put.items():
            sql.upsert(conn, tables[table], rows)


Derive = Callable[[Connection, Tables, Sequence[Row]], Iterator[Changes]]


@dataclass(frozen=True)
class Projection:
    """A read model by its name. `schema` is raised when its tables or their meaning change: then it is refilled.

    `reference` names the event types that change what other rows mean (a calendar): the page that brings one is
    applied alone, and pages of a fill see all of them beforehand. `only` names the types it looks at, where these
    are few: a fill asks the ledger for no others. `joined` says that rows are made of several aggregates' facts: one
    process fills it and pages are applied one at a time, so that none misses what another one found.
    """

    name: str
    schema: int
    shape: Shape
    derive: Derive
    reference: frozenset[str] = frozenset()
    only: frozenset[str] = frozenset()
    joined: bool = False

    def apply(self, conn: Connection, tables: Tables, rows: Sequence[Row]) -> None:
        """Derive and write, in the caller's transaction."""
        for changes in self.derive(conn, tables, rows):
            changes.write(conn, tables)

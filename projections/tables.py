"""Tables of read models with their version, and the books of the read side.

A read model's tables carry its version as a suffix (`cases_v3`); `live_versions` points at the one that readers
use. A new version is filled beside the live one and becomes it by one update of the pointer. The books –
pointer, versions, checkpoints, parked and discarded events – have no suffix and outlive every rebuild.

Text that is compared or sorted has byte order on every database, so both give the same pages and digests.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cache

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    bindparam,
    false,
    select,
)
from sqlalchemy.schema import CreateIndex, CreateTable

from enforcement.store.migrating import Schema

NAMES = {"ix": "ix_%(table_name)s_%(column_0_N_name)s"}
Key = Text().with_variant(Text(collation="C"), "postgresql")
Position = BigInteger().with_variant(Integer, "sqlite")

CLOCKED = {"clocked": True}
"""`info` of a table that the clock keeps and not the events: a rebuild begins it anew and compares nothing of it."""

Shape = Callable[[MetaData, str], None]
"""Declares a read model's tables, each name followed by the suffix."""

books = MetaData(naming_convention=NAMES)
BOOKS = Schema("books", "projections.migrations", ("0001", "0002"))
"""Their form; a change of a table below is a further step in `projections.migrations`."""

live_versions = Table(
    "live_versions",
    books,
    Column("projection", Key, primary_key=True),
    Column("version", Integer, nullable=False),
)

versions = Table(
    "versions",
    books,
    Column("projection", Key, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("schema", Integer, nullable=False),
    Column("state", Key, nullable=False),
    Column("workers", SmallInteger, nullable=False),
    Column("target", Position, nullable=False),
    Column("started", Key, nullable=False),
    Column("finished", Key),
    Column("compared", LargeBinary),
)
"""`state`: filling, filled, live, old. `workers` and `target` let a fill that was killed go on where it stood."""

checkpoints = Table(
    "checkpoints",
    books,
    Column("projection", Key, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("partition", Integer, primary_key=True),
    Column("position", Position, nullable=False),
    Column("offset", Position),
    Column("skipped", Position, nullable=False, server_default="0"),
)

parked = Table(
    "parked",
    books,
    Column("projection", Key, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("position", Position, primary_key=True, autoincrement=False),
    Column("aggregate", Key, nullable=False),
    Column("aggregate_version", Integer, nullable=False),
    Column("topic", Key, nullable=False),
    Column("state", LargeBinary, nullable=False),
    Column("held", Boolean, nullable=False),
    Column("error", Text),
    Column("attempts", Integer, nullable=False),
    Column("since", Key, nullable=False),
    Column("announced", Boolean, nullable=False, server_default=false()),
)
"""`held`: nothing wrong with it, but an earlier event of its aggregate is parked. `announced`: operators were told."""

discarded = Table(
    "discarded",
    books,
    Column("projection", Key, primary_key=True),
    Column("position", Position, primary_key=True, autoincrement=False),
    Column("reason", Text, nullable=False),
    Column("actor", Key, nullable=False),
    Column("since", Key, nullable=False),
)


class Tables(Mapping[str, Table]):
    """The tables of one version of a read model, by their plain names."""

    def __init__(self, shape: Shape, version: int) -> None:
        self.version = version
        self._suffix = f"_v{version}"
        self.metadata = MetaData(naming_convention=NAMES)
        shape(self.metadata, self._suffix)

    def __getitem__(self, name: str) -> Table:
        return self.metadata.tables[name + self._suffix]

    def __iter__(self) -> Iterator[str]:
        return (name.removesuffix(self._suffix) for name in self.metadata.tables)

    def __len__(self) -> int:
        return len(self.metadata.tables)

    def create(self, conn: Connection) -> None:
        """The bare tables; filling goes faster without secondary indexes."""
        for table in self.metadata.sorted_tables:
            conn.execute(CreateTable(table, if_not_exists=True))

    def index(self, conn: Connection) -> None:
        """The secondary indexes, those that are missing."""
        for table in self.metadata.sorted_tables:
            for index in sorted(table.indexes, key=lambda i: str(i.name)):
                conn.execute(CreateIndex(index, if_not_exists=True))

    def drop(self, conn: Connection) -> None:
        self.metadata.drop_all(conn)


_LIVE = select(live_versions.c.version).where(live_versions.c.projection == bindparam("of"))


@cache
def at_version(shape: Shape, version: int) -> Tables:
    """The tables of a version; one object each, so compiled statements are found again."""
    return Tables(shape, version)


def live_version(conn: Connection, projection: str) -> int | None:
    """The version that readers use, None before the first fill."""
    return conn.execute(_LIVE, {"of": projection}).scalar_one_or_none()

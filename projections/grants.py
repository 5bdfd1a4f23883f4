"""What the database roles may do with read models: the projector makes and fills them, the reader reads them.

A rebuild makes tables, so they belong to the projector; the reader is given each new one by default. Tables made
before the roles were named change their owner.
"""

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, select

from enforcement.store.grants import SCHEMA, Roles, grant, quoted, usage
from projections.model import Projection
from projections.tables import BOOKS, at_version, books, versions


def statements(roles: Roles, existing: Iterable[str]) -> Iterator[str]:
    """For the books, the tables of the versions that exist, and those to come."""
    kept, made = [table.name for table in books.sorted_tables], list(existing)
    yield from usage(roles)
    yield from grant("SELECT, INSERT, UPDATE, DELETE", kept, roles.projector)
    yield from grant("SELECT", [BOOKS.table], roles.projector)
    yield from grant("SELECT", [*kept, BOOKS.table, *made], roles.reader)
    if roles.projector:
        yield f"GRANT CREATE ON SCHEMA {SCHEMA} TO {quoted(roles.projector)}"
        yield from (f"ALTER TABLE {SCHEMA}.{quoted(t)} OWNER TO {quoted(roles.projector)}" for t in made)
    if roles.reader:
        whose = f"FOR ROLE {quoted(roles.projector)} " if roles.projector else ""
        yield (
            f"ALTER DEFAULT PRIVILEGES {whose}IN SCHEMA {SCHEMA} GRANT SELECT ON TABLES TO {quoted(roles.reader)}"
        )


def tables(conn: Connection, projections: Iterable[Projection]) -> list[str]:
    """The tables of every version that is in the books."""
    shapes = {projection.name: projection.shape for projection in projections}
    rows = conn.execute(select(versions.c.projection, versions.c.version).order_by(*versions.primary_key))
    return [
        table.name
        for name, version in rows
        if name in shapes
        for table in at_version(shapes[name], version).metadata.sorted_tables
    ]

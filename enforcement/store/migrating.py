"""The tables of ours that are neither the events nor a read model: which form they have, and how it is moved on.

Each room keeps the history of its own tables as Alembic scripts; this module runs them. A table is never made
anywhere else, so a database that was made by an older release and one made today end in the same form.

Alembic is imported only when there is something to do: a program that finds its tables right starts without it.
"""

from importlib.resources import files
from typing import Any, NamedTuple

from sqlalchemy import Connection, inspect, text

from enforcement.errors import LedgerMismatch
from enforcement.values import Text

LOCK = 0x57EE1_5C4E


class SchemaMismatch(LedgerMismatch):
    """The tables have the form of an older or newer release; the message says what helps."""


class Schema(NamedTuple):
    """Some tables and their history: `scripts` is the package of the steps, `revisions` their names, oldest first."""

    name: str
    scripts: str
    revisions: tuple[str, ...]

    @property
    def head(self) -> str:
        """The form that this release works with."""
        return self.revisions[-1]

    @property
    def table(self) -> str:
        """Where the database keeps the form it has."""
        return f"{self.name}_schema"


def found(conn: Connection, schema: Schema) -> str | None:
    """The form that the database has, None where there are no such tables."""
    if not inspect(conn).has_table(schema.table):
        return None
    form: str | None = conn.scalar(text(f"SELECT version_num FROM {schema.table}"))
    return form


def check(conn: Connection, schema: Schema) -> None:
    """SchemaMismatch, with what to do, unless the tables have the form that this release works with."""
    form = found(conn, schema)
    if form == schema.head:
        return
    if form is None:
        raise SchemaMismatch(
            Text(
                f"the {schema.name} tables are not in this database: run `steelyard db upgrade`",
                f"数据库中没有 {schema.name} 表：请运行 `steelyard db upgrade`",
            )
        )
    _refuse_newer(form, schema)
    raise SchemaMismatch(
        Text(
            f"the {schema.name} tables have form {form}, this release needs {schema.head}: run `steelyard db upgrade`",
            f"{schema.name} 表的版本为 {form}，本程序需要 {schema.head}：请运行 `steelyard db upgrade`",
        )
    )


def upgrade(conn: Connection, schema: Schema) -> bool:
    """Bring the tables to the form of this release, in the caller's transaction; whether anything was to do.

    Several processes may do so at once: the caller's transaction is a writing one, on a server a lock is taken.
    """
    if found(conn, schema) == schema.head:
        return False
    if conn.dialect.name == "postgresql":
        conn.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
    form = found(conn, schema)
    if form == schema.head:
        return False
    if form is not None:
        _refuse_newer(form, schema)
    _run(conn, schema)
    return True


def scripts(schema: Schema) -> Any:
    """The steps as Alembic knows them."""
    from alembic.script import ScriptDirectory

    folder = str(files(schema.scripts))
    return ScriptDirectory(folder, version_locations=[folder])


def _refuse_newer(form: str, schema: Schema) -> None:
    if form not in schema.revisions:
        raise SchemaMismatch(
            Text(
                f"the {schema.name} tables have form {form}, newer than this release, which knows up to "
                f"{schema.head}: start the newer release",
                f"{schema.name} 表的版本 {form} 比本程序（{schema.head}）新：请使用较新的程序版本",
            )
        )


def _run(conn: Connection, schema: Schema) -> None:
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext

    directory = scripts(schema)

    def steps(form: Any, _context: Any) -> Any:
        return directory._upgrade_revs(schema.head, form)

    with EnvironmentContext(Config(), directory, fn=steps) as environment:
        environment.configure(connection=conn, version_table=schema.table)
        environment.run_migrations()

"""Forms of our own tables: made, moved on, adopted, and refused when they are another release's."""

import subprocess
import sys
from contextlib import closing

import orjson
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from click.testing import CliRunner, Result
from sqlalchemy import text

from api.cli import main
from enforcement.store import migrating
from enforcement.store.migrating import Schema, SchemaMismatch
from projections.rebuild import prepare, ready
from projections.store import Store
from projections.tables import BOOKS, books
from streams import cursors, database
from streams.cursors import RELAY
from tests.store.stores import ROOT

SIDES = {"books": (BOOKS, books), "relay": (RELAY, cursors.tables)}
FIRST = Schema("books", "projections.migrations", ("0001",))


@pytest.mark.parametrize("side", SIDES)
def test_the_steps_make_the_tables_that_the_code_uses(read_url: str, side: str) -> None:
    schema, metadata = SIDES[side]
    with closing(Store(read_url)) as store, store.write() as conn:
        assert migrating.upgrade(conn, schema)
        assert not migrating.upgrade(conn, schema)
        assert migrating.found(conn, schema) == schema.head
        context = MigrationContext.configure(conn, opts={"version_table": schema.table, "compare_type": True})
        assert compare_metadata(context, metadata) == []


@pytest.mark.parametrize("side", SIDES)
def test_every_step_is_listed_in_its_order(side: str) -> None:
    schema = SIDES[side][0]
    steps = [step.revision for step in migrating.scripts(schema).walk_revisions()]
    assert tuple(reversed(steps)) == schema.revisions


def test_tables_of_the_first_release_are_adopted(read_url: str) -> None:
    """They were made before forms were counted."""
    with closing(Store(read_url)) as store:
        with store.write() as conn:
            migrating.upgrade(conn, FIRST)
            conn.execute(text("DROP TABLE books_schema"))
            conn.execute(books.tables["live_versions"].insert().values(projection="cases", version=3))
        prepare(store)
        with store.read() as conn:
            assert migrating.found(conn, BOOKS) == BOOKS.head
            assert conn.scalar(text("SELECT version FROM live_versions")) == 3


def test_tables_of_an_older_release_are_named_and_moved_on(read_url: str) -> None:
    with closing(Store(read_url)) as store:
        with store.write() as conn:
            migrating.upgrade(conn, FIRST)
            row = "'cases', 1, 5, 'case-1', 2, 'case.noted', '', TRUE, 'KeyError', 3, 'then'"
            conn.execute(text(f"INSERT INTO parked VALUES ({row})"))
        with (
            store.read() as conn,
            pytest.raises(SchemaMismatch, match="have form 0001, this release needs 0002"),
        ):
            migrating.check(conn, BOOKS)
        prepare(store)
        with store.read() as conn:
            migrating.check(conn, BOOKS)
            assert [
                (p.position, p.held, p.announced) for p in conn.execute(books.tables["parked"].select())
            ] == [(5, True, False)]


def test_an_empty_file_needs_no_command_but_a_server_does(read_url: str) -> None:
    with closing(Store(read_url)) as store:
        if store.sqlite:
            ready(store)
        else:
            with pytest.raises(SchemaMismatch, match="not in this database: run `steelyard db upgrade`"):
                ready(store)
            prepare(store)
        ready(store)


def test_tables_of_a_newer_release_are_left_alone(store: Store) -> None:
    with store.write() as conn:
        conn.execute(text("UPDATE books_schema SET version_num = '0099'"))
    for start in (ready, prepare):
        with pytest.raises(SchemaMismatch, match="0099, newer than this release, which knows up to 0002"):
            start(store)


def test_the_relay_starts_only_on_its_own_form(read_url: str) -> None:
    if read_url.startswith("sqlite"):
        database.ready(read_url)
    else:
        with pytest.raises(SchemaMismatch, match="the relay tables are not in this database"):
            database.ready(read_url)
    database.upgrade(read_url)
    with database.opened(read_url) as conn:
        conn.execute(text("UPDATE relay_schema SET version_num = '0099'"))
    with pytest.raises(SchemaMismatch, match="newer than this release"):
        database.ready(read_url)


UPGRADER = """
import sys
from streams import database
sys.stdin.readline()
print(database.upgrade(sys.argv[1]))
"""


def test_many_processes_may_upgrade_at_once(read_url: str) -> None:
    running = [
        subprocess.Popen(
            [sys.executable, "-c", UPGRADER, read_url],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for process in running:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    answers = [process.communicate(timeout=60)[0].strip() for process in running]
    assert sorted(answers) == ["False", "False", "False", "True"]


def call(url: str, *words: str) -> Result:
    """The program, with everything at one address; on a file the read models are beside the ledger."""
    environ = {"STEELYARD_DATABASE_URL": url}
    return CliRunner().invoke(main, words, env=environ)


def test_the_program_makes_and_tells_the_forms(read_url: str) -> None:
    before = call(read_url, "db", "current", "--json")
    assert before.exit_code == 1
    assert {row["tables"]: row["found"] for row in orjson.loads(before.output)} == {
        "relay": None,
        "keys": None,
        "books": None,
    }
    assert call(read_url, "db", "upgrade").exit_code == 0
    after = call(read_url, "db", "current", "--json")
    assert after.exit_code == 0
    assert all(row["found"] == row["needed"] for row in orjson.loads(after.output))


def test_a_server_without_tables_is_refused_with_the_command(postgres_url: str) -> None:
    refused = call(postgres_url, "case", "list")
    assert refused.exit_code == 1
    assert "run `steelyard db upgrade`" in refused.output
    assert call(postgres_url, "db", "upgrade").exit_code == 0
    assert call(postgres_url, "ledger", "head").exit_code == 0

"""Three roles on a real server: each can do its work, and nothing else."""

import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from api.cli import main
from enforcement.databases import recorder_env
from enforcement.events import Who
from enforcement.ledger import Ledger
from enforcement.registry.identity import Identity
from enforcement.store import LedgerRecorder, open_recorder
from enforcement.store.grants import Roles
from projections.rebuild import Rebuild, ready
from projections.registry import PROJECTIONS
from projections.runner import Runner
from projections.store import Store
from streams import database
from streams.feed import LedgerFeed
from streams.lanes import LedgerLane
from streams.making import make
from streams.relay import Relay
from streams.topics import Topics
from streams.turns import turns
from tests.postgres import connect
from tests.store.stores import as_role, execute
from tests.streams.fakes import FakeAdmin, FakeBroker, FakeProducer

NOW = datetime(2026, 3, 20, 2, 0, tzinfo=UTC)
IDENTITY = Identity("wenzhou", "a.example/ledgers/wenzhou")
CLUE: dict[str, Any] = {
    "source": "inspection",
    "region": "330302",
    "unit": "鹿城计量科",
    "summary": "a scale past its verification",
    "parties": [{"id": "p1", "kind": "sole_trader"}],
    "violations": [{"id": "v1", "code": "M-V01"}],
}


def clock() -> datetime:
    return NOW


def call(url: str, *words: str) -> Result:
    """The program, with everything in one database."""
    environ = dict.fromkeys(
        ("STEELYARD_DATABASE_URL", "STEELYARD_READ_DATABASE_URL", "STEELYARD_KEYS_DATABASE_URL"), url
    )
    return CliRunner().invoke(main, words, env=environ)


@pytest.fixture
def roles(postgres_url: str) -> Iterator[dict[str, str]]:
    """Three roles with what `db grant` gives them: the database as each of them sees it."""
    names = Roles(*(f"{kind}_{uuid4().hex[:8]}" for kind in Roles._fields))
    for name in names.named():
        execute(postgres_url, f"CREATE ROLE {name} LOGIN PASSWORD 'steelyard'")
    try:
        assert call(postgres_url, "db", "upgrade").exit_code == 0
        words = [word for kind, name in names._asdict().items() for word in (f"--{kind}", name)]
        done = call(postgres_url, "db", "grant", *words)
        assert done.exit_code == 0, done.output
        yield {
            kind: as_role(postgres_url, name, "steelyard") for kind, name in names._asdict().items() if name
        }
    finally:
        for name in names.named():
            execute(postgres_url, f"DROP OWNED BY {name}")
            execute(postgres_url, f"DROP ROLE {name}")


@pytest.fixture
def ledger(roles: dict[str, str]) -> Iterator[Ledger]:
    """The ledger as the writer opens it, with a case in it."""
    with closing(Ledger(recorder_env(roles["writer"], 1), IDENTITY, clock)) as opened:
        opened.register_clue(Who("wz-lc-001", "intake", "c1"), "2026-03-02", CLUE)
        yield opened


def followed(url: str, recorder: LedgerRecorder) -> None:
    """What a worker does: fill the read models and keep them current."""
    with closing(Store(url)) as store:
        ready(store)
        for projection in PROJECTIONS.values():
            Rebuild(projection, store, recorder, clock).ensure()
            runner = Runner(projection, store, LedgerFeed(recorder), clock=clock, pause=lambda _: None)
            runner.step()
            assert runner.error is None


def test_a_writer_records_and_sees_how_the_relay_is(ledger: Ledger, roles: dict[str, str]) -> None:
    case = ledger.register_clue(Who("wz-lc-001", "intake", "c2"), "2026-03-02", CLUE).id
    ledger.record(
        Who("wz-lc-001", "handler", "c3"), case, "case.noted", "2026-03-03", {"what": "by telephone"}
    )
    assert ledger.recorder.count() == 4
    with database.opened(roles["writer"]) as conn:
        assert conn.execute(text("SELECT count(*) FROM relay_turns")).scalar() == 0


def test_a_projector_relays_and_fills_read_models(ledger: Ledger, roles: dict[str, str]) -> None:
    url = roles["projector"]
    recorder = open_recorder(recorder_env(url, 1))
    database.ready(url)
    claim, topics, broker = turns(url, "wenzhou", "here:1", clock), Topics.named("test.", 1), FakeBroker()
    lane, prepare = (
        LedgerLane(topics.ledger, "wenzhou", recorder),
        partial(make, FakeAdmin(broker), claim, topics),
    )
    relay = Relay(claim, [lane], recorder, FakeProducer(broker), threading.Event(), prepare=prepare)
    relay.run(until_idle=True)
    assert broker.positions(topics.ledger.name) == [1, 2]
    followed(url, recorder)


def test_a_reader_reads_every_version_of_a_read_model(ledger: Ledger, roles: dict[str, str]) -> None:
    recorder = open_recorder(recorder_env(roles["projector"], 1))
    followed(roles["projector"], recorder)
    with closing(Store(roles["projector"])) as store:
        Rebuild(PROJECTIONS["cases"], store, recorder, clock).fill()
    with closing(Store(roles["reader"])) as store, store.read() as conn:
        for version in (1, 2):
            assert conn.execute(text(f"SELECT count(*) FROM cases_v{version}")).scalar() == 1
        assert conn.execute(text("SELECT count(*) FROM checkpoints")).scalar_one() >= 1
    with closing(Store(roles["reader"])) as store:
        ready(store)


FORBIDDEN = {
    "writer": (
        "UPDATE stored_events SET topic = 'x'",
        "DELETE FROM stored_events",
        "DROP TABLE stored_events",
        "ALTER TABLE stored_events DISABLE TRIGGER ALL",
        "DROP TRIGGER stored_events_append_only ON stored_events",
        "CREATE TABLE mine (a int)",
        "UPDATE relay_cursors SET position = 0",
        "DELETE FROM relay_turns",
        "SELECT * FROM checkpoints",
        "SELECT * FROM parked",
        "DELETE FROM subject_keys",
        "UPDATE secret_codes SET thing = 'x'",
    ),
    "projector": (
        "INSERT INTO stored_events (originator_id, originator_version, topic, state) VALUES ('x', 1, 'x', '')",
        "UPDATE stored_events SET topic = 'x'",
        "DELETE FROM stored_events",
        "TRUNCATE stored_events",
        "DROP TABLE stored_events",
        "SELECT nextval('stored_events_notification_id_seq')",
        "DELETE FROM relay_cursors",
        "DROP TABLE checkpoints",
        "UPDATE books_schema SET version_num = 'x'",
        "UPDATE relay_schema SET version_num = 'x'",
        "SELECT * FROM subject_keys",
        "SELECT * FROM secret_codes",
    ),
    "reader": (
        "SELECT * FROM stored_events",
        "INSERT INTO stored_events (originator_id, originator_version, topic, state) VALUES ('x', 1, 'x', '')",
        "SELECT * FROM relay_cursors",
        "SELECT * FROM subject_keys",
        "UPDATE checkpoints SET position = 0",
        "DELETE FROM parked",
        "CREATE TABLE mine (a int)",
        "DROP TABLE checkpoints",
    ),
}


@pytest.mark.parametrize(("role", "statement"), [(r, s) for r, all_ in FORBIDDEN.items() for s in all_])
def test_no_role_can_do_more_than_its_work(roles: dict[str, str], role: str, statement: str) -> None:
    with connect(roles[role]) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement)


def test_a_writer_cannot_empty_the_ledger(ledger: Ledger, roles: dict[str, str]) -> None:
    with (
        connect(roles["writer"]) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("TRUNCATE stored_events")
    assert ledger.recorder.count() == 2


def test_tables_made_before_the_roles_change_their_owner(postgres_url: str) -> None:
    assert call(postgres_url, "db", "upgrade").exit_code == 0
    with closing(Ledger(recorder_env(postgres_url, 1), IDENTITY, clock)) as ledger:
        followed(postgres_url, ledger.recorder)
    name = f"projector_{uuid4().hex[:8]}"
    execute(postgres_url, f"CREATE ROLE {name} LOGIN PASSWORD 'steelyard'")
    try:
        assert call(postgres_url, "db", "grant", "--projector", name).exit_code == 0
        url = as_role(postgres_url, name, "steelyard")
        recorder = open_recorder(recorder_env(url, 1))
        with closing(Store(url)) as store:
            rebuild = Rebuild(PROJECTIONS["cases"], store, recorder, clock)
            version = rebuild.fill()
            rebuild.flip(version)
            rebuild.drop(1)
    finally:
        execute(postgres_url, f"DROP OWNED BY {name}")
        execute(postgres_url, f"DROP ROLE {name}")


def test_the_sql_can_be_read_before_it_is_run(postgres_url: str) -> None:
    assert call(postgres_url, "db", "upgrade").exit_code == 0
    done = call(postgres_url, "db", "grant", "--writer", 'w"x', "--print")
    assert done.exit_code == 0
    assert 'GRANT USAGE ON SCHEMA public TO "w""x";' in done.output


def test_a_role_that_does_not_exist_is_named(postgres_url: str) -> None:
    assert call(postgres_url, "db", "upgrade").exit_code == 0
    done = call(postgres_url, "db", "grant", "--writer", "nobody_knows")
    assert done.exit_code == 1
    assert 'role "nobody_knows" does not exist' in done.output


def test_a_file_has_no_roles(tmp_path: Any) -> None:
    environ = {"STEELYARD_DATABASE_URL": f"sqlite:///{tmp_path}/ledger.db"}
    done = CliRunner().invoke(main, ["db", "grant", "--writer", "w"], env=environ)
    assert done.exit_code == 2
    assert "a file has no roles" in done.output

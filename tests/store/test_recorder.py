"""What our recorders promise beyond the library's: places that never change, rows that cannot be changed."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from eventsourcing.persistence import IntegrityError, PersistenceError

from enforcement.databases import recorder_env
from enforcement.store import LedgerRecorder, open_recorder
from enforcement.store.sqlite import SQLiteRecorder
from tests.store.stores import ROOT, as_role, case_id, event, execute, opened


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ledger.db'}"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def recorder(url: str) -> Iterator[LedgerRecorder]:
    with opened(url) as recorder:
        yield recorder


def test_an_empty_ledger_has_head_zero(recorder: LedgerRecorder) -> None:
    assert (recorder.head(), recorder.count(), recorder.rows(0, 10)) == (0, 0, [])
    assert recorder.position_of("case-1", 1) is None
    assert recorder.first_position("case-1") is None
    assert recorder.positions("case-1") == []


def test_every_event_is_found_by_its_place(recorder: LedgerRecorder) -> None:
    recorder.insert_events([event("case-1", 1), event("case-2", 1), event("case-1", 2)])
    recorder.insert_events([event("case-1", 3)])
    assert recorder.positions("case-1") == [(1, 1), (2, 3), (3, 4)]
    assert recorder.position_of("case-1", 2) == 3
    assert recorder.first_position("case-2") == 2
    assert (recorder.head(), recorder.count()) == (4, 4)


def test_first_rows_are_found_for_many_at_once(recorder: LedgerRecorder) -> None:
    recorder.insert_events([event("case-1", 1, b"one"), event("case-1", 2), event("case-2", 1, b"two")])
    assert recorder.first_rows(["case-1", "case-2", "case-3"]) == {
        "case-1": (1, b"one"),
        "case-2": (3, b"two"),
    }
    assert recorder.first_rows([f"case-{n}" for n in range(3, 503)]) == {}


def test_rows_come_in_pages_in_order(recorder: LedgerRecorder) -> None:
    recorder.insert_events([event("case-1", v, b"%d" % v) for v in range(1, 8)])
    assert recorder.rows(2, 3) == [(p, "case-1", p, "case.filed", b"%d" % p) for p in (3, 4, 5)]
    assert [row[0] for row in recorder.rows(5, 100, upto=6)] == [6]
    assert [row[0] for row in recorder.rows(5, 100, topics=["case.filed"])] == [6, 7]
    assert recorder.rows(0, 100, topics=["case.closed"]) == []
    assert all(type(row) is tuple and type(row[4]) is bytes for row in recorder.rows(0, 100))


def test_events_are_counted_and_found_between_positions(recorder: LedgerRecorder) -> None:
    recorder.insert_events([event("case-1", v) for v in range(1, 6)])
    assert (recorder.count(), recorder.count(2), recorder.count(1, 3), recorder.count(5)) == (5, 3, 2, 0)
    assert [row[0] for row in recorder.at([4, 2, 99])] == [2, 4]
    assert recorder.at([]) == []


def test_a_failed_save_leaves_a_gap_between_stretches(postgres_url: str) -> None:
    with opened(postgres_url) as recorder:
        recorder.insert_events([event("case-1", 1), event("case-1", 2)])
        with pytest.raises(IntegrityError):
            recorder.insert_events([event("case-2", 1), event("case-1", 1)])
        recorder.insert_events([event("case-3", v) for v in (1, 2, 3)])
        assert recorder.stretches(recorder.head()) == [(1, 2), (5, 3)]
        assert recorder.stretches(5) == [(1, 2), (5, 1)]


def test_a_ledger_without_gaps_is_one_stretch(recorder: LedgerRecorder) -> None:
    assert recorder.stretches(9) == []
    recorder.insert_events([event("case-1", v) for v in range(1, 6)])
    assert recorder.stretches(9) == [(1, 5)]


def test_a_failed_save_leaves_nothing_behind(recorder: LedgerRecorder) -> None:
    recorder.insert_events([event("case-1", 1)])
    with pytest.raises(IntegrityError):
        recorder.insert_events([event("case-2", 1), event("case-1", 1)])
    assert recorder.count() == 1
    assert recorder.insert_events([event("case-3", 1)]) == [recorder.head()]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {table} SET topic = 'case.closed'",
        "UPDATE {table} SET topic = 'case.closed' WHERE originator_id = 'case-1'",
        "DELETE FROM {table}",
        "INSERT INTO {table} (originator_id, originator_version, topic, state) VALUES ('case-1', 1, 'x', '')"
        " ON CONFLICT (originator_id, originator_version) DO UPDATE SET topic = 'x'",
    ],
)
def test_a_recorded_event_cannot_be_touched(recorder: LedgerRecorder, url: str, statement: str) -> None:
    recorder.insert_events([event("case-1", 1)])
    before = recorder.rows(0, 10)
    with pytest.raises(Exception, match="the ledger is append-only"):
        execute(url, statement)
    assert recorder.rows(0, 10) == before


@pytest.mark.parametrize(
    "key",
    [
        "(rowid, originator_id, originator_version, topic, state) VALUES (1, 'x', 1, 'x', '')",
        "(originator_id, originator_version, topic, state) VALUES ('case-1', 1, 'x', '')",
    ],
)
def test_sqlite_refuses_to_replace_an_event(tmp_path: Path, key: str) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    with opened(url) as recorder:
        recorder.insert_events([event("case-1", 1)])
        before = recorder.rows(0, 10)
        with pytest.raises(Exception, match="the ledger is append-only"):
            execute(url, "INSERT OR REPLACE INTO {table} " + key)
        assert recorder.rows(0, 10) == before


def test_postgres_refuses_to_truncate_the_ledger(postgres_url: str) -> None:
    with opened(postgres_url) as recorder:
        recorder.insert_events([event("case-1", 1)])
        for statement in ("TRUNCATE {table}", "SET session_replication_role = replica; DELETE FROM {table}"):
            with pytest.raises(Exception, match="the ledger is append-only"):
                execute(postgres_url, statement)
        assert recorder.count() == 1


def test_postgres_makes_no_function_without_the_table_lock(postgres_url: str) -> None:
    with opened(postgres_url):
        found = execute(postgres_url, "SELECT count(*) FROM pg_proc WHERE proname LIKE 'es_insert_events%'")
        assert found == [(0,)]


def test_postgres_reads_a_page_in_order_without_sorting_the_rest(postgres_url: str) -> None:
    """Also where nobody has counted the table yet, as in the first minutes of a large import."""
    with opened(postgres_url) as recorder:
        for first in range(0, 20_000, 2_000):
            recorder.insert_events([event(f"case-{n}", 1, b"x" * 300) for n in range(first, first + 2_000)])
        explained = recorder._select(
            "EXPLAIN SELECT state FROM {schema}.{table} WHERE notification_id > %s AND topic = ANY(%s)"
            " ORDER BY notification_id LIMIT %s",
            100,
            ["case.filed", "case.noted"],
            5_000,
            prepare=False,
        )
    plan = "\n".join(line for (line,) in explained)
    assert "Index Scan" in plan
    assert "Sort" not in plan


def test_large_save_does_not_hang_on_a_slow_connection(postgres_url: str) -> None:
    with opened(postgres_url, pool_size=1) as recorder:
        with (
            recorder.datastore.get_connection() as connection,  # type: ignore[attr-defined]
            socket.socket(fileno=os.dup(connection.pgconn.socket)) as buffer,
        ):
            buffer.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        events = [event(f"case-{n}", 1, b"x" * 500) for n in range(1000)]
        saved: list[int] = []
        saving = threading.Thread(
            target=lambda: saved.extend(recorder.insert_events(events) or ()), daemon=True
        )
        saving.start()
        saving.join(60)
        assert saved == list(range(1, 1001))
        assert recorder.positions("case-999") == [(1, 1000)]


def test_large_save_is_all_or_nothing(recorder: LedgerRecorder) -> None:
    many = [event(f"case-{n}", 1, b"x" * 500) for n in range(100)]
    recorder.insert_events([event("case-50", 1)])
    with pytest.raises(IntegrityError):
        recorder.insert_events(many)
    assert recorder.count() == 1


def test_postgres_opens_for_a_role_that_may_only_append(postgres_url: str) -> None:
    """Besides, the role needs a right that lets it lock the table: MAINTAIN, or before PostgreSQL 17 TRUNCATE."""
    with opened(postgres_url) as recorder:
        recorder.insert_events([event("case-1", 1)])
    [(version,)] = execute(postgres_url, "SELECT current_setting('server_version_num')::int")
    lock = "MAINTAIN" if version >= 170000 else "TRUNCATE"
    role = f"writer_{uuid4().hex[:8]}"
    for statement in (
        f"CREATE ROLE {role} LOGIN PASSWORD 'writer'",
        f"GRANT SELECT, INSERT, {lock} ON {{table}} TO {role}",
        f"GRANT USAGE ON SCHEMA public TO {role}",
        f"GRANT USAGE ON SEQUENCE {{table}}_notification_id_seq TO {role}",
    ):
        execute(postgres_url, statement)
    try:
        with opened(as_role(postgres_url, role, "writer")) as recorder:
            assert recorder.insert_events([event("case-1", 2)]) == [2]
    finally:
        execute(postgres_url, f"DROP OWNED BY {role}")
        execute(postgres_url, f"DROP ROLE {role}")


def test_vacuum_keeps_every_position(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    with opened(url) as recorder:
        for _ in range(50):
            recorder.insert_events([event(case_id()), event(case_id())])
        before = recorder.rows(0, 1000)
        execute(url, "VACUUM")
        assert recorder.rows(0, 1000) == before
        assert recorder.insert_events([event("case-1")]) == [101]


def test_sqlite_declares_positions_as_a_key(tmp_path: Path) -> None:
    """Only a declared integer key is sure to keep its values in a VACUUM."""
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    with opened(url):
        assert ("rowid", "INTEGER", 1) in execute(
            url, "SELECT name, type, pk FROM pragma_table_info('{table}')"
        )


READERS = """
import sys, threading
from eventsourcing.persistence import ConnectionPoolClosedError
from tests.store.stores import event, factory

def read(recorder):
    try:
        while True:
            recorder.select_events("case-1")
    except ConnectionPoolClosedError:
        pass

for _ in range(30):
    store = factory(sys.argv[1])
    recorder = store.application_recorder()
    readers = [threading.Thread(target=read, args=(recorder,)) for _ in range(4)]
    for reader in readers:
        reader.start()
    store.close()
    for reader in readers:
        reader.join()
"""


def test_sqlite_closes_under_readers_without_a_crash(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    done = subprocess.run(
        [sys.executable, "-c", READERS, url], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_sqlite_syncs_every_save_to_disk(tmp_path: Path) -> None:
    with opened(f"sqlite:///{tmp_path / 'ledger.db'}") as recorder:
        assert isinstance(recorder, SQLiteRecorder)
        with recorder._writing() as cursor:
            pragmas = [
                cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("synchronous", "journal_mode")
            ]
        assert pragmas == [2, "wal"]


def test_a_failing_read_is_an_error_of_the_store(recorder: LedgerRecorder, url: str) -> None:
    execute(url, "DROP TABLE {table}")
    with pytest.raises(PersistenceError):
        recorder.rows(0, 10)


def test_a_locked_file_is_an_error_in_the_end(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    with opened(url) as recorder, opened(url) as other:
        assert isinstance(recorder, SQLiteRecorder)
        assert isinstance(other, SQLiteRecorder)
        recorder.patience = 0
        with other._writing(), pytest.raises(PersistenceError, match="locked"):
            recorder.insert_events([event("case-1")])
        assert recorder.insert_events([event("case-1")]) == [1]


WRITER = """
import sys
from tests.store.stores import event, opened

url, name, saves = sys.argv[1], sys.argv[2], int(sys.argv[3])
with opened(url) as recorder:
    sys.stdin.readline()
    for save in range(1, saves + 1):
        positions = recorder.insert_events([event(f"case-{name}-{save}", version) for version in (1, 2, 3)])
        print(save, *positions)
"""


OPENER = """
import sys
from tests.store.stores import event, opened

with opened(sys.argv[1]) as recorder:
    recorder.insert_events([event(sys.argv[2])])
"""


def test_writers_in_two_processes_lose_nothing(url: str) -> None:
    saves = 300
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, url, name, str(saves)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in ("a", "b")
    ]
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("go\n")
        writer.stdin.flush()
    answers = {name: writer.communicate(timeout=60)[0] for name, writer in zip("ab", writers, strict=True)}
    assert [writer.returncode for writer in writers] == [0, 0]
    with opened(url) as recorder:
        assert recorder.count() == 2 * 3 * saves
        for name, answer in answers.items():
            for save, *positions in (map(int, line.split()) for line in answer.splitlines()):
                assert recorder.positions(f"case-{name}-{save}") == list(enumerate(positions, 1))
                assert positions == list(range(positions[0], positions[0] + 3))


def test_another_process_follows_the_same_table(recorder: LedgerRecorder, url: str) -> None:
    recorder.insert_events([event("case-1", 1)])
    assert open_recorder(recorder_env(url, 1)).rows(0, 10) == recorder.rows(0, 10)


def test_many_processes_may_open_a_new_ledger(url: str) -> None:
    openers = [subprocess.Popen([sys.executable, "-c", OPENER, url, f"case-{n}"], cwd=ROOT) for n in range(6)]
    assert [opener.wait(timeout=60) for opener in openers] == [0] * 6
    with opened(url) as recorder:
        assert recorder.count() == 6

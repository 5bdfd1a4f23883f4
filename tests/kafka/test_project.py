"""`steelyard project` as processes over a real PostgreSQL and a real broker: from published cases to read models."""

import json
import re
import signal
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from enforcement.databases import recorder_env
from enforcement.store import open_recorder
from projections import checkpoints
from projections.model import Projection
from projections.reach import Partitions, caught_up
from projections.rebuild import Rebuild, prepare
from projections.registry import PROJECTIONS
from projections.store import Store
from projections.tables import live_version
from streams.partitioning import partition
from tests.kafka.test_relay import PARTITIONS, House
from tests.postgres import end_sessions
from tests.records import SHIPPED
from tests.store.readside import contents
from tests.waiting import until

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
Open = Callable[[str], House]
PARTS = Partitions(PARTITIONS, lambda aggregate: partition(aggregate.encode(), PARTITIONS))


@pytest.fixture
def office(postgres_url: str, kafka: str, prefix: str, tmp_path: Path) -> Iterator[Open]:
    """All tables made and every read model live, with nothing in the ledger yet."""
    made: list[House] = []

    def open(client: str) -> House:
        made.append(House(postgres_url, kafka, client, prefix, tmp_path))
        succeed(made[-1], "db", "upgrade")
        return made[-1]

    yield open
    for house in made:
        house.close()


@pytest.fixture
def reads(postgres_url: str) -> Iterator[Store]:
    store = Store(postgres_url)
    yield store
    store.close()


def succeed(house: House, *words: str) -> str:
    done = house.call(*words)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout


def bring(house: House, cases: slice) -> None:
    """Some of the published cases into the ledger."""
    file = house.folder / "cases.jsonl"
    file.write_bytes(b"\n".join(SHIPPED.read_bytes().splitlines()[cases]))
    succeed(house, "import", "cases", str(file))


def assert_as_filled(house: House, reads: Store) -> None:
    """Every table is, row for row, what a fill from the ledger gives."""
    for projection in PROJECTIONS.values():
        fresh = Store(f"sqlite:///{house.folder}/{projection.name}.db")
        prepare(fresh)
        Rebuild(projection, fresh, house.recorder, lambda: NOW).ensure()
        expected = contents(fresh, projection)
        fresh.close()
        assert contents(reads, projection) == expected
    assert contents(reads, PROJECTIONS["cases"])["cases"]


def places(reads: Store, projection: Projection) -> dict[int, int]:
    with reads.read() as conn:
        version = live_version(conn, projection.name)
        marks = {} if version is None else checkpoints.marks(conn, projection.name, version)
    return {partition: mark.position for partition, mark in marks.items()}


def come(house: House, reads: Store) -> bool:
    """Whether everything that was recorded has come to every read model, in every partition."""
    head = house.recorder.head()
    return all(caught_up(p, reads, house.recorder, PARTS, head) for p in PROJECTIONS.values())


def test_imported_cases_come_to_the_read_models_by_kafka(office: Open, client: str, reads: Store) -> None:
    house = office(client)
    succeed(house, "project", "--all", "--until-idle")
    bring(house, slice(8))
    succeed(house, "relay", "--until-idle")
    succeed(house, "project", "--all", "--until-idle")
    assert_as_filled(house, reads)
    for projection in PROJECTIONS.values():
        assert set(places(reads, projection)) == set(range(PARTITIONS))
    state = succeed(house, "status")
    assert re.search(r"relay \S+ledger\.v1 .* 0 .* ended", state)
    assert "never filled" not in state


def test_workers_end_with_zero_and_go_on_later(office: Open, reads: Store) -> None:
    house = office("kafka-python")
    workers = [house.start("project", "--all"), house.start("project", "cases")]
    relay = house.start("relay")
    bring(house, slice(4))
    until(lambda: come(house, reads))
    for process in (*workers, relay):
        process.send_signal(signal.SIGTERM)
    assert [process.wait(30) for process in (*workers, relay)] == [0, 0, 0]
    bring(house, slice(4, 8))
    succeed(house, "relay", "--until-idle")
    succeed(house, "project", "--all", "--until-idle")
    assert_as_filled(house, reads)


def test_a_rebuild_beside_running_workers_is_compared_and_flipped(office: Open, reads: Store) -> None:
    house = office("librdkafka")
    for words in (("relay",), ("project", "--all"), ("project", "cases")):
        house.start(*words)
    bring(house, slice(4))
    until(lambda: come(house, reads))
    version = str(json.loads(succeed(house, "projections", "rebuild", "cases", "--json"))["version"])
    bring(house, slice(4, 8))
    assert json.loads(succeed(house, "projections", "compare", "cases", version, "--json"))["same"]
    succeed(house, "projections", "flip", "cases", version)
    bring(house, slice(8, 12))
    until(lambda: come(house, reads))
    assert set(places(reads, PROJECTIONS["cases"])) == set(range(PARTITIONS))
    assert_as_filled(house, reads)


def test_workers_wait_for_a_database_that_went_away(office: Open, postgres_url: str, reads: Store) -> None:
    house = office("librdkafka")
    worker = house.start("project", "--all")
    house.start("relay")
    for cases in (slice(4), slice(4, 8)):
        bring(house, cases)
        until(lambda: come(house, reads))
        reads.close()
        end_sessions(postgres_url)
        house.recorder = open_recorder(recorder_env(postgres_url, 1))
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(30) == 0
    assert "Traceback" not in house.logs[worker.pid].read_text()
    assert_as_filled(house, reads)


def test_a_topic_of_another_form_ends_the_workers(office: Open) -> None:
    house = office("kafka-python")
    succeed(house, "relay", "--until-idle")
    done = house.call("project", "--all", STEELYARD_PARTITIONS=str(PARTITIONS + 1))
    assert done.returncode == 1
    assert "has 3 partitions, expected are 4" in done.stderr
    assert "Traceback" not in done.stderr

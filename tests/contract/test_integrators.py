"""What the page for integrators says is so: its example, its consumer, its way to check what was received."""

import hashlib
import json
import random
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import NamedTuple

import pytest
import rfc8785
from jsonschema import Draft202012Validator

from enforcement import schemas
from enforcement.store import Stored
from streams.envelope import message as record
from streams.partitioning import partition
from streams.topics import Topics
from tests.contract import ledgers, page
from tests.contract.samples import LEDGER

PARTITIONS = 3
CT_LEAVES = (
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
)
CT_ROOT = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


class Received(NamedTuple):
    """A message as a Kafka client hands it over."""

    partition: int
    offset: int
    key: bytes
    value: bytes
    headers: Sequence[tuple[str, bytes]]


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> list[Stored]:
    """The stored rows of a filled ledger."""
    with closing(ledgers.filled(tmp_path_factory.mktemp("integrators"))) as ledger:
        return ledger.recorder.rows(0, 100_000)


@pytest.fixture
def db() -> Iterator[sqlite3.Connection]:
    """An empty database of a consumer."""
    with closing(sqlite3.connect(":memory:")) as found:
        found.executescript(page.consumer().TABLES)
        yield found


def on_the_wire(rows: Sequence[Stored], chance: random.Random) -> list[Received]:
    """Partitions each in order, mixed at random, tails sent again as after a crash of the relay."""
    logs: list[list[Received]] = [[] for _ in range(PARTITIONS)]
    leaf = 0
    while leaf < len(rows):
        size = chance.randrange(1, 60)
        for _ in range(chance.choice((1, 1, 2))):
            for at, row in enumerate(rows[leaf : leaf + size], leaf):
                sent = record("ledger.v1", LEDGER, row, at)
                log = logs[partition(sent.key, PARTITIONS)]
                log.append(
                    Received(
                        partition(sent.key, PARTITIONS), len(log), sent.key, sent.value or b"", sent.headers
                    )
                )
        leaf += size
    mixed = []
    while waiting := [log for log in logs if log]:
        mixed.append(chance.choice(waiting).pop(0))
    return mixed


@pytest.mark.parametrize("seed", range(5))
def test_consumer_of_the_page_keeps_each_event_once(
    seed: int, rows: list[Stored], db: sqlite3.Connection
) -> None:
    received = on_the_wire(rows, random.Random(seed))
    assert len(received) > len(rows)
    for message in received:
        page.consumer().take(db, message)
    kept = db.execute("SELECT position, aggregate FROM events ORDER BY leaf").fetchall()
    assert kept == [(row[0], row[1]) for row in rows]
    assert page.consumer().missing(db) == 0


def test_missing_events_are_seen_by_their_leaves(rows: list[Stored], db: sqlite3.Connection) -> None:
    received = [m for m in on_the_wire(rows, random.Random(7)) if dict(m.headers)["leaf"] not in (b"3", b"5")]
    assert page.consumer().missing(db) == 0
    for message in received:
        page.consumer().take(db, message)
    assert page.consumer().missing(db) == 2


def test_consumer_goes_on_where_its_rows_end(rows: list[Stored], db: sqlite3.Connection) -> None:
    received = on_the_wire(rows, random.Random(8))
    for message in received:
        page.consumer().take(db, message)
    ends = {m.partition: m.offset + 1 for m in received}
    assert dict(db.execute("SELECT * FROM places")) == ends


def test_a_failing_row_leaves_the_place_where_it_was(rows: list[Stored], db: sqlite3.Connection) -> None:
    first, second = [m for m in on_the_wire(rows, random.Random(9)) if m.partition == 0][:2]
    page.consumer().take(db, first)
    with pytest.raises(json.JSONDecodeError):
        page.consumer().take(db, second._replace(value=b"no json"))
    db.execute("CREATE TRIGGER t BEFORE INSERT ON events BEGIN SELECT raise(ABORT, 'no'); END")
    with pytest.raises(sqlite3.IntegrityError):
        page.consumer().take(db, second)
    assert dict(db.execute("SELECT * FROM places")) == {0: first.offset + 1}


def test_root_of_the_page_is_that_of_the_known_tree() -> None:
    """The tree of eight leaves that implementations of Certificate Transparency are tested with."""
    hashes = [hashlib.sha256(b"\0" + bytes.fromhex(leaf)).digest() for leaf in CT_LEAVES]
    assert page.consumer().root(hashes).hex() == CT_ROOT


def test_example_of_the_page_is_a_real_message() -> None:
    value = page.blocks("json")[0].strip().encode()
    event = json.loads(value)
    assert rfc8785.dumps(event) == value
    Draft202012Validator(schemas.envelope_schema()).validate(event)
    data = schemas.of("case.filed", 1)
    assert data is not None
    Draft202012Validator(data).validate(event["data"])


def test_consumer_of_the_page_has_about_thirty_lines() -> None:
    assert len([line for line in page.program().splitlines() if line.strip()]) <= 30


def test_page_names_every_topic_and_member() -> None:
    text = page.PAGE.read_text("utf-8")
    assert [t.name for t in Topics.named("steelyard.", 1) if f"`{t.name}`" not in text] == []
    members = schemas.envelope_schema()["properties"]
    told = {*members} - {"specversion", "data", "dataschema"}
    assert [name for name in told if f"`{name}`" not in text] == []

"""A rebuild on PostgreSQL: the whole ledger into every table of every projection, against a transaction an event."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from enforcement.databases import recorder_env
from enforcement.store import open_recorder
from projections.store import Store
from tests.bench.frame import Figure
from tests.bench.readmodels import CORES, one_by_one, whole
from tests.bench.servers import database, postgres, record, record_entities

CASES, ENTITIES = 12_000, 120_000


def figures(_folder: Path, _long: bool) -> Iterator[Figure]:
    """Of cases, each event judged; of registrations, each one a row of the history and one of the register."""
    for kind, cases, entities in (("cases", CASES, 0), ("registry", 0, ENTITIES)):
        with postgres() as server:
            env = recorder_env(server.url(), 1)
            log = open_recorder(env)
            record(log, cases)
            record_entities(log, entities)
            baseline = one_by_one(Store(database(server.url())), log)
            ours = whole(Store(database(server.url())), log, partial(open_recorder, env), CORES)
            yield Figure(
                f"rebuild on PostgreSQL, {kind}, {CORES} processes",
                ours,
                baseline,
                ours / baseline,
                ">= 50; >= 50,000/s",
                "events/s",
                "the same handlers, one transaction an event",
            )

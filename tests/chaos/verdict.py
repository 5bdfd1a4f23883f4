"""What has to be true in the end, whatever was done: counted from the ledger, the topic and the read models."""

import tempfile
from collections import Counter
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import orjson

from api.services import now
from projections.rebuild import Rebuild, prepare
from projections.registry import PROJECTIONS
from projections.store import Store
from streams.verify import Report, Verification
from tests.chaos.house import LEDGER, House
from tests.postgres import connect
from tests.store.readside import contents
from tests.waiting import until

NOTED = "case.noted"
PATIENCE = 15.0
"""Seconds for which the naive consumer may go on until it is judged."""


def receipts_held(house: House, receipts: Sequence[dict[str, Any]]) -> list[str]:
    """Every receipt is in the ledger as it says, and no command is there twice."""
    rows = house.recorder.rows(0, 2**62)
    stored = {row[0]: (row[1], row[2]) for row in rows}
    faults = [
        f"receipt {r['position']} of {r['id']} is not in the ledger"
        for r in receipts
        if stored.get(int(r["position"])) != (r["id"], r["version"])
    ]
    given = Counter(orjson.loads(row[4])["correlation"] for row in rows if row[3] == NOTED)
    return faults + [f"command {id} was recorded {count} times" for id, count in given.items() if count > 1]


def topic(house: House) -> Report:
    """The topic against the ledger: every event, as it is, in order for its key."""
    with closing(house.clients.consumer()) as consumer:
        return Verification(house.recorder, LEDGER, house.topics.ledger, house.sent()).run(consumer)


def read_models(house: House) -> list[str]:
    """The tables that differ, in any row, from those of a rebuild from the ledger alone."""
    found = []
    for projection in PROJECTIONS.values():
        with (
            tempfile.TemporaryDirectory() as folder,
            closing(Store(f"sqlite:///{Path(folder)}/new.db")) as new,
        ):
            prepare(new)
            Rebuild(projection, new, house.recorder, now).ensure()
            expected, shown = contents(new, projection), contents(house.reads, projection)
            found += [
                f"{projection.name}.{table}" for table, rows in expected.items() if shown[table] != rows
            ]
    return found


def parked(house: House) -> list[str]:
    """Events that some read model could not take."""
    with connect(house.url) as database:
        rows = database.execute("SELECT projection, version, position, error FROM parked")
        return [
            f"parked in {name} v{version}: {position}, {error}" for name, version, position, error in rows
        ]


def naive(house: House) -> dict[str, int]:
    """What the naive consumer made of the same topic: events counted more than once, and not at all."""
    events = house.recorder.count()
    with connect(house.url) as database:
        with suppress(AssertionError):
            until(
                lambda: _number(database.execute("SELECT count(*) FROM naive").fetchone()) == events, PATIENCE
            )
        twice = _number(database.execute("SELECT count(*) FROM naive WHERE times > 1").fetchone())
        once = _number(database.execute("SELECT count(*) FROM naive").fetchone())
    return {"counted_twice": twice, "never_counted": events - once}


def _number(row: Any) -> int:
    return int(row[0])

"""A freeze from the registers: the pool streamed from its read model into the frozen list, checked, hashed, put away.

A process of its own freezes, so that the memory is what a freeze needs; the registers are stocked before it begins.
Against hashing and sorting the same ids in bare Python. 100,000 objects; with `--long` a million.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from enforcement.attachments import Attachments
from enforcement.checks import entropy
from enforcement.events import Who
from projections.cases import CASES
from projections.pools import POOLS
from projections.queries.freezing import Campaign, of_registers
from projections.rebuild import Rebuild, prepare
from projections.registers import REGISTERS
from projections.store import Store
from tests.bench.commands import open_ledger
from tests.bench.draw import COUNTIES, peak, seconds
from tests.bench.frame import Figure
from tests.bench.pools import FEW, ITEM, MANY, stock
from tests.store.caseside import Book
from tests.store.poolside import item
from tests.store.readside import ListLog

INSPECTORS = 500
TODAY = date(2026, 11, 20)
PLAN: dict[str, Any] = {
    "item": {"code": ITEM, "kind": "general"},
    "region": "330300",
    "unit": "计量科",
    "start": "2026-11-23",
    "end": "2026-12-31",
    "questions": [{"id": "q1", "text": "强制检定标志是否有效"}],
}


def figures(folder: Path, long: bool) -> Iterator[Figure]:
    """Processor seconds and memory of one freeze."""
    objects = MANY if long else FEW
    _registers(folder, objects)
    code = f"from tests.bench.freeze import *; freeze({str(folder)!r})"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    found = json.loads(told.stdout)
    ids = [f"9133{n:014d}" for n in range(objects)]
    bare = seconds(lambda: sorted((sha256(b"seed\x00" + id.encode()).digest(), id) for id in ids))
    name, ratio = f"freeze of {found['objects']:,} objects from the registers", found["seconds"] / bare
    yield Figure(name, found["seconds"], bare, ratio, "<= 4", "s", "hashing and sorting the same ids")
    yield Figure("its memory", found["peak"], 1024, found["peak"] / 1024, "<= 1", "MiB", "1 GiB")


def _registers(folder: Path, objects: int) -> None:
    """Read models of as many businesses and of the officers who inspect them."""
    store, book = _store(folder), Book()
    prepare(store)
    item(book, ITEM, "entity")
    for n in range(INSPECTORS):
        given = {"unit": "计量科", "region": COUNTIES[n % 12], "regions": ["330300"], "roles": []}
        officer = {"officer": f"wz-{n:03}", "licence_until": "2028-12-31", **given}
        book.add(f"inspector-wz-{n:03}", "inspector.registered", "2026-01-05", **officer)
    for projection, log in ((REGISTERS, ListLog(book.rows)), (CASES, ListLog()), (POOLS, ListLog(book.rows))):
        Rebuild(projection, store, log, lambda: datetime.now(UTC)).ensure()
    with store.write() as conn:
        stock(conn, objects)
    store.close()


def freeze(folder: str) -> None:
    """What `POST /campaigns/{id}/freeze` does once the read models are current; prints its figures."""
    store, ledger = _store(Path(folder)), open_ledger(Path(folder))
    files = Attachments(f"{folder}/files")
    id = ledger.plan_campaign(Who("wz-u1", "unit_head", "k1"), TODAY.isoformat(), PLAN).id
    wanted = Campaign(ITEM, None, 2, {}, date(2026, 11, 23), date(2026, 12, 31), 1000)
    begun = time.process_time()
    with store.read() as conn:
        found = of_registers(conn, wanted, TODAY, None)
    plan = {"ratios": found.ratios, "excluded": found.excluded, "entropy": _entropy(id)}
    ledger.freeze_campaign(Who("wz-u1", "unit_head", "k2"), id, plan, found.lists, files)
    taken = time.process_time() - begun
    frozen = ledger.campaign(id).frozen or {}
    print(json.dumps({"seconds": taken, "peak": peak(), "objects": frozen["objects"]}))
    store.close(), ledger.close()


def _store(folder: Path) -> Store:
    return Store(f"sqlite:///{folder / 'read.db'}")


def _entropy(id: str) -> dict[str, Any]:
    parties = [{"name": name, "commitment": entropy.commitment(id, name, bytes(32)).hex()} for name in "甲乙"]
    return {
        "parties": sorted(parties, key=lambda p: p["name"].encode()),
        "reveal_by": "2999-01-01T00:00:00Z",
        "public": None,
    }

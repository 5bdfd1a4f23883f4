"""A register from CSV into the ledger, against the bare library's batches of 100 of the same number of ready events.

The import reads and decodes the file, checks every cell, reads what the ledger knows of each row, and records what
differs; the second figure is the same file again, which records nothing.
"""

import io
import itertools
from collections.abc import Iterator
from pathlib import Path

from enforcement.events import Who
from enforcement.importing.register_importer import RegisterImporter
from enforcement.importing.sheets import ENTITIES
from enforcement.registry.entity import EntityRegistered
from tests.bench.bare import PlainEvent, bare_application, plain
from tests.bench.commands import open_ledger, settings
from tests.bench.frame import Figure, in_turn, rate
from tests.bench.material import RECORDED

ROWS, MILLION = 20_000, 1_000_000
BATCH = 100
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = [pow(3, n, 31) for n in range(17)]


def figures(folder: Path, long: bool) -> Iterator[Figure]:
    """Rows per second of a first import and of the same file again; `long`: of a million rows in one file."""
    ledger = open_ledger(folder)
    bare = bare_application(settings(folder, "bare").recorder_env())
    fresh = itertools.count()
    last: list[bytes] = []

    def first() -> int:
        last[:] = [csv(next(fresh) * ROWS)]
        return RegisterImporter(ledger, ENTITIES, io.BytesIO(last[0])).run().added

    def again() -> int:
        return RegisterImporter(ledger, ENTITIES, io.BytesIO(last[0])).run().unchanged

    def library() -> int:
        events = ready.pop()
        for begin in range(0, len(events), BATCH):
            bare.save(*events[begin : begin + BATCH])
        return len(events)

    ready: list[list[PlainEvent]] = [ready_events(f"bare-{n}", ROWS) for n in range(8)]
    against = f"Application.save of {BATCH} ready events, same recorder"
    yield in_turn(
        "import of entities from CSV", first, library, aim=">= 0.5", unit="rows/s", against=against, rounds=3
    )
    ready[:] = [ready_events(f"more-{n}", ROWS) for n in range(4)]
    yield in_turn(
        "the same file again", again, library, aim=">= 0.5", unit="rows/s", against=against, rounds=3
    )
    if long:
        ready[:] = [ready_events("last", ROWS)]
        yield million(folder, rate(library), against)
    ledger.close()
    bare.close()


def million(folder: Path, baseline: float, against: str) -> Figure:
    """A million businesses in one file, which is read as it lies on the disk: events a second, one a row."""
    path = folder / "million.csv"
    path.write_bytes(csv(0, MILLION))
    ledger = open_ledger(folder, "million")
    with path.open("rb") as file:
        ours = rate(lambda: RegisterImporter(ledger, ENTITIES, file).run().events)
    ledger.close()
    return Figure(
        "import of 1,000,000 entities", ours, baseline, ours / baseline, ">= 0.5", "events/s", against
    )


def ready_events(name: str, count: int) -> list[PlainEvent]:
    """The library's own events with what the rows say."""
    who = Who("import", "bureau_system", name)
    data = {
        "uscc": uscc(1),
        "name": "温州某某第1号商行",
        "kind": "company",
        "region": "330302",
        "sector": "零售",
    }
    event = EntityRegistered.new("entity", 1, who, RECORDED, None, data, uscc(1))
    return [plain(event, f"entity-{name}-{n}", 1) for n in range(count)]


def csv(begin: int, count: int = ROWS) -> bytes:
    """Businesses with valid codes, from a number on."""
    rows = (
        f"{uscc(n)},温州某某第{n}号商行,企业,330302,零售,存续,2020-05-01" for n in range(begin, begin + count)
    )
    return "\r\n".join(("统一社会信用代码,名称,类型,行政区划代码,行业,登记状态,成立日期", *rows, "")).encode()


def uscc(number: int) -> str:
    """A synthetic credit code 统一社会信用代码 with its check character."""
    digits = ""
    for _ in range(8):
        number, rest = divmod(number, 31)
        digits = ALPHABET[rest] + digits
    body = f"91330302M{digits}"
    total = sum(ALPHABET.index(c) * w for c, w in zip(body, WEIGHTS, strict=True))
    return body + ALPHABET[-total % 31]

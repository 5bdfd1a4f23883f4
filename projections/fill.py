"""Fills a version of a projection from the ledger with big pages, by one process or by several side by side.

Several processes share the work by aggregate: each reads every row, derives those whose aggregate is its own and
has a checkpoint of its own, so a fill that was killed goes on where each of them stood. Reference events were
applied before the first page. The first error ends the fill and names its event; nothing is parked here.
"""

import multiprocessing
import zlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from multiprocessing.connection import Connection as Pipe
from typing import Any

from enforcement.errors import SteelyardError
from enforcement.events import known
from enforcement.values import Text
from projections import checkpoints, parking
from projections.garbage import uncollected
from projections.model import Changes, Projection
from projections.store import Store
from projections.tables import Tables, at_version
from streams.feed import Log, Mark, Opener, Row

BIG_PAGE = 10_000
Rows = tuple[Sequence[tuple[int, str, int, str, bytes]], int]
Progress = Callable[[int, int], None]
"""Told the position reached and the position aimed at."""


class FillFailed(SteelyardError):
    """An event could not be applied; the version stays as it is and a further fill tries it again."""

    slug = "fill-failed"

    def __init__(self, what: str) -> None:
        super().__init__(Text(what, f"重建中断：{what}"))


@dataclass(frozen=True)
class Share:
    """What one process fills: the aggregates whose hash falls on `number` of `workers`, up to `target`."""

    projection: Projection
    version: int
    number: int
    workers: int
    target: int
    page: int = BIG_PAGE

    def owns(self, aggregate: str) -> bool:
        return zlib.crc32(aggregate.encode()) % self.workers == self.number


def fill(store: Store, log: Log, share: Share, lock: AbstractContextManager[Any], told: Progress) -> None:
    """Page by page to the target; `lock` lets one process write at a time where the database wants that."""
    name, tables = share.projection.name, at_version(share.projection.shape, share.version)
    with store.read() as conn:
        mark = checkpoints.read(conn, name, share.version, share.number)
        dropped = parking.dropped(conn, name)
    skip = share.projection.reference
    for page, end in ahead(pages(log, mark.position, share.target, share.page, tuple(share.projection.only))):
        with uncollected():
            mine = [
                row for row in map(Row._make, page) if row.topic not in skip and row.position not in dropped
            ]
            if share.workers > 1:
                mine = [row for row in mine if share.owns(row.aggregate)]
            _write(store, share, tables, mine, mark, Mark(end), lock)
        mark = Mark(end)
        told(end, share.target)


def pages(log: Log, after: int, upto: int, size: int, topics: Sequence[str] = ()) -> Iterator[Rows]:
    """The rows between two positions in pages, each with the position up to which it is complete."""
    while after < upto:
        rows = log.rows(after, size, upto, topics)
        after = rows[-1][0] if len(rows) == size else upto
        yield rows, after


def ahead(pages: Iterator[Rows]) -> Iterator[Rows]:
    """The pages, each read while the one before it is derived and written."""
    with ThreadPoolExecutor(1, "reading-ahead") as reader:
        coming = reader.submit(next, pages, None)
        while page := coming.result():
            coming = reader.submit(next, pages, None)
            yield page


def _write(
    store: Store,
    share: Share,
    tables: Tables,
    rows: Sequence[Row],
    old: Mark,
    new: Mark,
    lock: AbstractContextManager[Any],
) -> None:
    changes = _derived(store, share.projection, tables, rows)
    skipped = sum(known(row.topic) is None for row in rows)
    with lock, store.write(derived=True) as conn:
        checkpoints.move(conn, share.projection.name, share.version, share.number, old, new, skipped)
        for change in changes:
            change.write(conn, tables)


def _derived(store: Store, projection: Projection, tables: Tables, rows: Sequence[Row]) -> list[Changes]:
    """Derived beforehand, outside the write lock: nobody else touches these aggregates in this version."""
    try:
        with store.read() as conn:
            return list(projection.derive(conn, tables, rows))
    except Exception as error:
        raise blame(store, projection, tables, rows) from error


def blame(store: Store, projection: Projection, tables: Tables, rows: Sequence[Row]) -> FillFailed:
    """The error with the event that is at fault."""
    with store.write() as conn:
        failed = parking.isolate(conn, lambda some: projection.apply(conn, tables, some), rows)
        conn.rollback()
    if not failed:
        return FillFailed(f"{projection.name}: a page of {len(rows)} events failed, but none of them alone")
    first, error = min(((rest[0], error) for rest, error in failed), key=lambda found: found[0].position)
    return FillFailed(
        f"{projection.name}: {first.topic} at position {first.position} ({first.aggregate}): {error}"
    )


def fill_in_processes(store: Store, opener: Opener, shares: Sequence[Share], told: Progress) -> None:
    """One process a share; the first that fails ends the others."""
    context = multiprocessing.get_context("spawn")
    lock = context.Lock() if store.sqlite else None
    started = [_spawn(context, store.url, opener, share, lock) for share in shares]
    try:
        for process, pipe in started:
            _await(process, pipe, told)
    finally:
        for process, _ in started:
            process.terminate()
            process.join()


def _spawn(context: Any, url: str, opener: Opener, share: Share, lock: Any) -> tuple[Any, Pipe]:
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(url, opener, share, lock, there), daemon=True)
    process.start()
    there.close()
    return process, here


def _await(process: Any, pipe: Pipe, told: Progress) -> None:
    while True:
        try:
            message = pipe.recv()
        except EOFError:
            process.join()
            raise FillFailed(f"a worker ended with exit code {process.exitcode}") from None
        if message is None:
            return
        if isinstance(message, str):
            raise FillFailed(message)
        told(*message)


def _work(url: str, opener: Opener, share: Share, lock: Any, pipe: Pipe) -> None:
    """The body of a process: a broken pipe means that nobody waits any more."""
    store = Store(url)
    try:
        fill(store, opener(), share, lock or nullcontext(), lambda *reached: pipe.send(reached))
        pipe.send(None)
    except FillFailed as failed:
        pipe.send(str(failed))
    finally:
        store.close()

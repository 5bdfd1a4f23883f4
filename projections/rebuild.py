"""A new version beside the live one: fill, catch up, compare at the same position, flip, and drop when told.

Readers see the old version until one update of the pointer shows them the new one. Every step may be killed and
called again: a fill goes on at its checkpoints, everything else is one transaction. The ledger is the only
source; what a version holds depends on it alone.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from enforcement import databases
from enforcement.errors import LedgerUnavailable, SteelyardError
from enforcement.store import migrating
from enforcement.values import Text, utc_text
from projections import checkpoints, digests, locks, parking, versions
from projections.checkpoints import Step
from projections.digests import Comparison
from projections.fill import BIG_PAGE, FillFailed, Progress, Share, fill, fill_in_processes, pages
from projections.model import Projection
from projections.reach import ALONE, Partitions, applied, missing
from projections.store import Store
from projections.tables import BOOKS, Tables, at_version, live_version
from streams.feed import Log, Mark, Opener, Row

TRIES = 5
ALL = 2**62


class RebuildRefused(SteelyardError):
    """The step does not fit the state of the versions; the message says what would."""

    slug = "rebuild-refused"


def _refused(en: str, zh: str, *values: object) -> RebuildRefused:
    return RebuildRefused(Text(en.format(*values), zh.format(*values)))


def prepare(store: Store) -> None:
    """Make the books, or move them on to the form of this release."""
    with store.write() as conn:
        migrating.upgrade(conn, BOOKS)


def ready(store: Store) -> None:
    """The books have this release's form: in a file they are made so, on a server an operator does it.

    Raises SchemaMismatch, which says what to do, and LedgerUnavailable.
    """
    if store.sqlite:
        prepare(store)
        return
    try:
        with store.read() as conn:
            migrating.check(conn, BOOKS)
    except OperationalError as error:
        raise LedgerUnavailable(
            Text(
                f"the database of the read models does not answer: {databases.said(error)}",
                f"读模型数据库无响应：{databases.said(error)}",
            )
        ) from error


def _silent(_reached: int, _target: int) -> None:
    pass


class Rebuild:
    """The steps for one projection. `opener` lets a fill use `workers` processes; without it, or where rows join
    several aggregates, there is one.
    """

    def __init__(
        self,
        projection: Projection,
        store: Store,
        log: Log,
        clock: Callable[[], datetime],
        *,
        opener: Opener | None = None,
        workers: int = 1,
        page: int = BIG_PAGE,
        partitions: Partitions = ALONE,
    ) -> None:
        """`partitions`: those in which the version will be followed."""
        self.projection, self.store, self.log, self.clock = projection, store, log, clock
        self.partitions = partitions
        self.opener, self.page = opener, page
        self.workers = workers if opener and not projection.joined else 1
        self.name = projection.name

    # -- steps ---------------------------------------------------------------------------------------------

    def fill(self, told: Progress = _silent) -> int:
        """Fill a new version, or go on with one that was begun; answers its number. FillFailed names the event.

        The aim is where the live version is, so that both can be compared; without one it is the ledger's head.
        """
        with self._alone():
            return self._filled(told)

    def compare(self, version: int) -> Comparison:
        """Bring the version to where the live one is and compare them table by table."""
        self._approach(version)
        found = self._compare_aside(version)
        with self.store.write() as conn:
            found = found or self._compare_now(conn, version)
            versions.note_comparison(conn, found)
        return found

    def flip(self, version: int) -> None:
        """Make the version the live one, at the position of the live one or beyond it, in one transaction."""
        self._approach(version)
        with self.store.write() as conn:
            locks.exclusive(conn, self.name)
            self._catch_up(conn, version)
            checkpoints.take_hints(conn, self.name, live_version(conn, self.name), version)
            versions.make_live(conn, self.name, version)

    def drop(self, version: int) -> None:
        """Remove a version that is not the live one."""
        with self.store.write() as conn:
            if live_version(conn, self.name) == version:
                raise _refused(
                    "version {} of {} is the live one", "版本 {}（{}）正在使用", version, self.name
                )
            self._tables(version).drop(conn)
            versions.forget(conn, self.name, version)

    def ensure(self, told: Progress = _silent) -> int:
        """The live version in the form of this release, filled first where there is none or an older form.

        An event that cannot be applied does not stop the first fill for good: what is filled goes live, and the
        runner parks the event when it comes to it. Refused where a newer release has made the live version.
        """
        current = self._current()
        if current is not None:
            return current
        with self._alone():
            current = self._current()  # another process may just have done it
            if current is None:
                current = self._filled_so_far(told)
                self.flip(current)
        return current

    # -- filling -------------------------------------------------------------------------------------------

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with locks.sole(self.store, f"{self.name}.rebuild") as alone:
            if not alone:
                raise _refused("{} is being rebuilt by another process", "{} 正由另一进程重建", self.name)
            yield

    def _filled(self, told: Progress) -> int:
        version = self._begin()
        self._fill(version, told)
        self._finish(version)
        return version

    def _filled_so_far(self, told: Progress) -> int:
        try:
            return self._filled(told)
        except FillFailed:
            return self._cut_short()

    def _begin(self) -> int:
        """The version to fill: the unfinished one if this release began it, else the next number."""
        with self.store.write() as conn:
            version = versions.unfinished(conn, self.projection)
            if version is None:
                target = self._target(conn)
                version = versions.begin(conn, self.projection, self.workers, target, utc_text(self.clock()))
                self._tables(version).create(conn)
                self._foresee(conn, version, target)
        return version

    def _target(self, conn: Connection) -> int:
        """Where the live version is; that of another form is left to be overtaken."""
        known = versions.live(conn, self.name)
        head = self.log.head()
        if known is None or known.schema != self.projection.schema:
            return head
        marks = applied(conn, self.projection, self.partitions)
        first = next(missing(marks, self.log, self.partitions, head), None)
        return max(marks.values()) if first is None else first.position - 1

    def _foresee(self, conn: Connection, version: int, target: int) -> None:
        """Reference events and discards are known before the first page."""
        for row in self._of_types((parking.DISCARDED,), self.log.head()):
            state = orjson.loads(row.state)
            data = state["data"]
            if data["projection"] == self.name:
                given = (data["position"], data["reason"], state["actor"], state["recorded"])
                parking.leave_out(conn, self.name, *given)
        self.projection.apply(
            conn, self._tables(version), self._of_types(tuple(sorted(self.projection.reference)), target)
        )

    def _of_types(self, topics: tuple[str, ...], upto: int) -> list[Row]:
        return [Row(*row) for row in self.log.rows(0, ALL, upto, topics)] if topics else []

    def _fill(self, version: int, told: Progress) -> None:
        with self.store.read() as conn:
            begun = versions.get(conn, self.name, version)
        assert begun is not None
        shares = [
            Share(self.projection, version, number, begun.workers, begun.target, self.page)
            for number in range(begun.workers)
        ]
        if self.opener and len(shares) > 1:
            fill_in_processes(self.store, self.opener, shares, told)
            return
        for share in shares:
            fill(self.store, self.log, share, nullcontext(), told)

    def _finish(self, version: int) -> None:
        with self.store.write() as conn:
            self._tables(version).index(conn)
            marks = self._reached(conn, checkpoints.lowest(conn, self.name, version))
            versions.finish(conn, self.name, version, marks, utc_text(self.clock()))

    def _reached(self, conn: Connection, position: int) -> dict[int, Mark]:
        """The marks of a version that is filled up to a position.

        A partition to which nothing came lately stands where the live version has it, so that the two can be
        compared – if that one has everything up to there as well.
        """
        filled, goal = Mark(position), self._goal(conn)
        there = {number: mark.position for number, mark in goal.items()}
        if not there or next(missing(there, self.log, self.partitions, position), None) is not None:
            return dict.fromkeys(range(self.partitions.count), filled)
        return {number: min(filled, mark) for number, mark in goal.items()}

    def _cut_short(self) -> int:
        """One worker goes as far as it can; the rest is the runner's."""
        alone = Rebuild(
            self.projection, self.store, self.log, self.clock, page=self.page, partitions=self.partitions
        )
        if self.workers > 1:
            self.drop(self._begin())
        version = alone._begin()
        with suppress(FillFailed):
            alone._fill(version, _silent)
        alone._finish(version)
        return version

    # -- beside the live version -----------------------------------------------------------------------------

    def _approach(self, version: int) -> None:
        """Come close to the live version in pages of their own, before anything waits for it."""
        with self.store.read() as conn:
            known = versions.get(conn, self.name, version)
        if known is None or known.state not in ("filled", "old") or known.schema != self.projection.schema:
            raise _refused(
                "version {} of {} is not one that this release has filled",
                "版本 {}（{}）尚未由本版本程序生成",
                version,
                self.name,
            )
        behind = True
        while behind:
            with self.store.write() as conn:
                locks.shared(conn, self.name)
                behind = self._advance(conn, version)

    def _catch_up(self, conn: Connection, version: int) -> None:
        """Bring a filled version to where the live one is, in the caller's transaction."""
        while self._advance(conn, version):
            pass

    def _advance(self, conn: Connection, version: int) -> bool:
        """Apply the next page of what the live version has and this one has not, partition by partition."""
        goal = self._goal(conn)
        marks = checkpoints.marks(conn, self.name, version)
        behind = {n: mark for n, mark in marks.items() if mark.position < goal.get(n, mark).position}
        if not behind:
            return False
        after, upto = min(behind.values()).position, max(goal[n] for n in behind).position
        page, end = next(pages(self.log, after, upto, self.page))
        self._apply(conn, version, {n: (behind[n].position, goal[n].position) for n in behind}, page)
        steps = [
            Step(number, mark, Mark(min(goal[number].position, max(mark.position, end))))
            for number, mark in behind.items()
        ]
        checkpoints.move_all(conn, self.name, version, steps)
        return end < upto

    def _apply(
        self, conn: Connection, version: int, reaches: Mapping[int, tuple[int, int]], page: Sequence[Any]
    ) -> None:
        """Those rows of a page that lie behind the mark of their partition, and not beyond its goal."""
        dropped = parking.dropped(conn, self.name)
        rows = []
        for row in map(Row._make, page):
            low, high = reaches.get(self.partitions.of(row.aggregate), (0, 0))
            if low < row.position <= high and row.position not in dropped:
                rows.append(row)
        self.projection.apply(conn, self._tables(version), rows)

    def _goal(self, conn: Connection) -> dict[int, Mark]:
        """Where the live version is; one of other partitions has nothing beyond its furthest mark."""
        live = live_version(conn, self.name)
        marks = {} if live is None else checkpoints.marks(conn, self.name, live)
        if not marks or marks.keys() == set(range(self.partitions.count)):
            return {n: Mark(mark.position) for n, mark in marks.items()}
        return dict.fromkeys(range(self.partitions.count), Mark(max(marks.values()).position))

    def _compare_aside(self, version: int) -> Comparison | None:
        """Compare in a snapshot, while the live version moves on; None when it was always a step ahead."""
        for _ in range(TRIES):
            with self.store.write() as conn:
                locks.exclusive(conn, self.name)
                self._catch_up(conn, version)
            with self.store.read() as conn:
                found = self._same_place(conn, version)
                if found:
                    return digests.compare(conn, self.name, *found, self._tables(version))
        return None

    def _compare_now(self, conn: Connection, version: int) -> Comparison:
        locks.exclusive(conn, self.name)
        self._catch_up(conn, version)
        found = self._same_place(conn, version)
        if found is None:
            raise _refused(
                "version {} of {} is ahead of the live one", "版本 {}（{}）超前于在用版本", version, self.name
            )
        return digests.compare(conn, self.name, *found, self._tables(version))

    def _same_place(self, conn: Connection, version: int) -> tuple[int, Tables] | None:
        live = live_version(conn, self.name)
        if live is None:
            raise _refused("{} has no live version to compare with", "{} 没有可比较的在用版本", self.name)
        here = {n: mark.position for n, mark in checkpoints.marks(conn, self.name, version).items()}
        if here != {n: mark.position for n, mark in self._goal(conn).items()}:
            return None
        return max(here.values()), self._tables(live)

    def _current(self) -> int | None:
        with self.store.read() as conn:
            known = versions.live(conn, self.name)
            marks = checkpoints.marks(conn, self.name, known.version) if known else {}
        if known and known.schema > self.projection.schema:
            raise _refused(
                "{} was made by a newer release, in form {}",
                "{} 由更新版本的程序生成（格式 {}）",
                self.name,
                known.schema,
            )
        fits = known and known.schema == self.projection.schema and len(marks) == self.partitions.count
        return known.version if known and fits else None

    def _tables(self, version: int) -> Tables:
        return at_version(self.projection.shape, version)

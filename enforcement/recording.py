"""Recording: how every command gets into the ledger, whatever it is about.

A command is loaded through its form, judged by its own rules, recorded in one atomic save, and only then applied to
the copy kept in memory; a copy is taken out of memory while a command works on it, so a failed save leaves nothing
half-changed. A repeat of a command meets the first one and answers its receipt.

The commands themselves stand with what they are about (`cases/commands.py`, `registry/commands.py`, …); this module
knows none of them, and nothing of what is built behind the ledger. Its clock is an argument.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from eventsourcing.application import Application
from eventsourcing.persistence import Mapper, PersistenceError, RecordConflictError, StoredEvent

from enforcement import envelope, forms
from enforcement.aggregates import Aggregate
from enforcement.errors import InvalidData, KeyReused, LedgerUnavailable, NotFound, TooLarge, VersionConflict
from enforcement.events import Event, EventMapper, OrjsonTranscoder, Recorded, Who, known, live
from enforcement.held import Held
from enforcement.law import Law
from enforcement.registry.calendar import WorkingYear
from enforcement.registry.identity import Identity, LedgerOpened, Opened, check_identity
from enforcement.store import LedgerRecorder
from enforcement.values import Occurred, Text, china_day, instant, occurred_bounds, precision, utc_text

MAX_SAVE = 1_000_000
REACH = timedelta(days=130)
"""How far ahead of an event its periods commonly reach: beyond a year's end the next notice matters."""
RETRIES = 25

Judge = Callable[[Any, Any], Sequence[Event]]
"""Refuses the event of an aggregate, or names events of other aggregates that go into the same save."""


class Receipt(NamedTuple):
    """What was recorded: the aggregate, its version, the ledger-wide position; `replayed` for a repeat."""

    id: str
    version: int
    position: int
    replayed: bool = False


class Recording(Application[str]):
    """Opens, records, reads; nothing recorded is ever changed or removed."""

    recorder: LedgerRecorder

    def __init__(self, env: Mapping[str, str], identity: Identity, clock: Callable[[], datetime]) -> None:
        super().__init__(dict(env))
        self.clock = clock
        self.identity = identity
        self.law = Law.load()
        self.held = Held(self.recorder, self.mapper)
        self.listeners: list[Callable[[int], None]] = []
        self._open()

    def construct_mapper(self) -> Mapper[str]:
        return EventMapper(OrjsonTranscoder())

    def append(self, histories: Sequence[tuple[str, Sequence[Event]]]) -> list[Receipt]:
        """Record whole new histories in one save, judged elsewhere (imports). The last event's receipt of each.

        RecordConflictError when one of the aggregates exists: nothing of the batch is then recorded.
        """
        events = [event for _, history in histories for event in history]
        positions = iter(self._save(events))
        receipts = []
        for id, history in histories:
            last = [next(positions) for _ in history][-1]
            receipts.append(Receipt(id, history[-1].originator_version, last))
        return receipts

    def append_events(self, events: Sequence[Event]) -> None:
        """Record events of many aggregates in one save, numbered and judged elsewhere (imports of registers).

        RecordConflictError when somebody else was first with one of them: nothing of the batch is then recorded.
        """
        self._save(events)
        self.held.drop({event.originator_id for event in events})

    # -- reading -------------------------------------------------------------------------------------------

    def head(self) -> int:
        """The position of the last event."""
        return self.recorder.head()

    def position_of(self, id: str, version: int) -> int | None:
        """Where an event of an aggregate stands in the ledger."""
        return self.recorder.position_of(id, version)

    def read(self, after: int, limit: int) -> list[Recorded]:
        """The next events after a position, upcast to this release; unknown types come without an event."""
        rows = self.recorder.select_notifications(after, limit, inclusive_of_start=False)
        return [
            Recorded(n.id, str(n.originator_id), n.originator_version, n.topic, self._live(n)) for n in rows
        ]

    def events_of(self, id: str) -> list[Event]:
        """The events of an aggregate in their order, those of types that this release knows."""
        return [live for row in self.recorder.select_events(id) if (live := self._live(row)) is not None]

    def histories(self, ids: Sequence[str]) -> Iterator[Recorded]:
        """Every event of some aggregates, by aggregate and version."""
        for position, id, version, topic, state in self.recorder.histories(ids):
            cls = known(topic)
            event = live(cls, id, version, self.mapper.transcoder.decode(bytes(state))) if cls else None
            yield Recorded(position, id, version, topic, event)

    def law_for(self, day: date) -> Law:
        """The law to judge a day by: a calendar that another process has loaded meanwhile is fetched first."""
        reach = (day + REACH).year
        if not self.law.calendar.knows(reach):
            self.load_years([reach])
        return self.law

    # -- inside --------------------------------------------------------------------------------------------

    def _open(self) -> None:
        self.held.look()
        opened = self.held.take(Opened, self.identity.id, self.law)
        if not opened.version and self.head() == 0:
            who = Who("steelyard", "bureau_system", "ledger-opened")
            data = {"name": self.identity.name, "origin": self.identity.origin, "form": envelope.FORM}
            event = LedgerOpened.new(opened.id, 1, who, utc_text(self.clock()), None, data, opened.id)
            try:
                self._save([event])
            except RecordConflictError:
                self.held.look()
                opened = self.held.take(Opened, self.identity.id, self.law)
            else:
                opened.apply(event, self.law)
        check_identity(opened if opened.version else self._other(), self.identity, envelope.FORM)
        self.load_years(range(2004, china_day(self.clock()).year + 4))

    def _other(self) -> Opened:
        """The ledger that the store does hold."""
        first = self.read(0, 1)[0]
        return Opened.fold(first.aggregate, [first.event] if first.event else [], self.law)

    def load_years(self, years: Iterable[int]) -> None:
        for year in years:
            loaded = self.held.take(WorkingYear, f"calendar-{year}", self.law)
            self.held.keep(loaded)
            if loaded.event is not None:
                self.law = loaded.event.into(self.law)
                self.held.forget()

    def command(
        self,
        kind: type[Aggregate],
        id: str,
        who: Who,
        cls: type[Event],
        occurred: Occurred,
        data: Mapping[str, Any],
        expected: int | None,
        judge: Judge | None = None,
        new: bool = False,
    ) -> Receipt:
        check_who(who)
        loaded = self._as_stored(forms.load(cls, data))
        now = self.clock()
        check_occurred(occurred, now)
        for _ in range(RETRIES):
            head = self.held.look()
            aggregate = self.held.take(kind, id, self.law)
            if who.correlation in aggregate.commands:
                self.held.keep(aggregate)
                return self._replay(aggregate, who, cls, occurred, loaded)
            self._check_version(aggregate, expected, new)
            event = cls.new(
                id,
                aggregate.version + 1,
                who,
                utc_text(now),
                occurred,
                dict(loaded),
                aggregate.subject(loaded),
            )
            others = judge(aggregate, event) if judge else ()
            if self._overtaken(others, head):
                self.held.doubt()
                continue
            try:
                position = self._save([event, *others])[0]
            except RecordConflictError:
                self.held.doubt()
                continue
            self.held.applied(aggregate, event, self.law)
            return Receipt(id, event.originator_version, position)
        raise LedgerUnavailable(Text("too many writers at once; try again", "并发写入过多，请重试"))

    def _overtaken(self, others: Sequence[Event], head: int) -> bool:
        """Whether another aggregate of the same save has moved since we looked: it may have been judged before that and
        numbered after, and no version would be taken twice.
        """
        first: dict[str, int] = {}
        for event in others:
            if event.JUDGED:
                first.setdefault(event.originator_id, event.originator_version)
        return any(
            (self.position_of(id, version - 1) or 0) > head for id, version in first.items() if version > 1
        )

    def _check_version(self, aggregate: Aggregate, expected: int | None, new: bool) -> None:
        if expected == 0 and aggregate.version:
            self.held.keep(aggregate)
            raise VersionConflict(aggregate.id, 0, aggregate.version)
        if not aggregate.version and expected != 0 and not new:
            raise NotFound(aggregate.KIND, aggregate.id)
        if expected is not None and expected != aggregate.version:
            self.held.keep(aggregate)
            raise VersionConflict(aggregate.id, expected, aggregate.version)

    def _replay(
        self, aggregate: Aggregate, who: Who, cls: type[Event], occurred: Occurred, loaded: Mapping[str, Any]
    ) -> Receipt:
        """The receipt of the first time; KeyReused when the payload is another one."""
        version = aggregate.commands[who.correlation]
        stored = self.recorder.select_events(aggregate.id, gt=version - 1, lte=version)[0]
        before = self._live(stored)
        position = self.position_of(aggregate.id, version) or 0
        if not _same(before, cls, {**loaded, "occurred": occurred}):
            raise KeyReused(aggregate.id, position)
        return Receipt(aggregate.id, version, position, replayed=True)

    def _as_stored(self, data: dict[str, Any]) -> dict[str, Any]:
        """The data as the store will give them back, so that a case applied and one replayed are the same bytes."""
        try:
            stored: dict[str, Any] = self.mapper.transcoder.decode(self.mapper.transcoder.encode(data))
        except TypeError as error:
            said = Text(
                f"{error}: whole numbers lie within ±(2^53 − 1), decimals are texts",
                f"数据无法存储（{error}）：整数应在 ±(2^53 − 1) 之内，小数以文本表示",
            )
            raise InvalidData({"data": [said]}) from error
        return stored

    def _save(self, events: Sequence[Event]) -> list[int]:
        stored = [self.mapper.to_stored_event(event) for event in events]
        check_sizes(self.identity.name, stored)
        try:
            positions = self.recorder.insert_events(stored)
        except RecordConflictError:
            raise
        except PersistenceError as error:
            raise LedgerUnavailable(
                Text(f"the ledger's store does not answer: {error}", f"账本数据库无响应：{error}")
            ) from error
        assert positions is not None
        self.held.saved(positions)
        for listener in self.listeners:
            listener(positions[-1])
        return list(positions)

    def _live(self, row: StoredEvent) -> Event | None:
        cls = known(row.topic)
        if cls is None:
            return None
        state = self.mapper.transcoder.decode(row.state)
        return live(cls, str(row.originator_id), row.originator_version, state)


def _same(before: Event | None, cls: type[Event], given: Mapping[str, Any]) -> bool:
    """Whether a recorded event is what the same command would record; a number given by the ledger is not asked."""
    if before is None or type(before) is not cls:
        return False
    recorded = before.data()
    document = recorded.pop("document", None)
    if given.get("document") and document:
        recorded["document"] = {k: v for k, v in document.items() if k in given["document"]}
    return recorded == given


def check_who(who: Who) -> None:
    """Actor, role and correlation leave the ledger in every envelope: something, and no control characters."""
    for name, text in who._asdict().items():
        if not text or not text.isprintable():
            said = Text("expected 1 or more printable characters", "应为一个以上的可打印字符")
            raise InvalidData({name: [said]})


def check_occurred(occurred: Occurred, now: datetime) -> None:
    """A legal fact has a date of one of the five forms and never lies in the future."""
    try:
        precision(occurred)
        bounds = occurred_bounds(occurred)
        if (moment := instant(occurred)) is not None:
            moment.astimezone(UTC)  # the envelope writes it in UTC
    except (ValueError, OverflowError) as error:
        raise InvalidData({"occurred": [Text(str(error), f"日期格式有误：{occurred}")]}) from None
    if bounds and (bounds[0] > china_day(now) or _later(occurred, now)):
        text = Text(
            f"{occurred} lies in the future; the ledger's clock is {utc_text(now)}",
            f"{occurred} 晚于当前时间",
        )
        raise InvalidData({"occurred": [text]})


def check_sizes(ledger: str, stored: Sequence[StoredEvent]) -> None:
    """An envelope of at most 64 KiB, a save of at most 1 MB: refused before anything is recorded."""
    total = 0
    for row in stored:
        total += len(row.state)
        if len(row.state) < envelope.SURELY_SMALL:
            continue
        size = len(
            envelope.render(
                ledger,
                str(row.originator_id),
                row.originator_version,
                row.topic,
                row.state,
                envelope.MAX_POSITION,
            )
        )
        if size > envelope.MAX_ENVELOPE:
            raise TooLarge(
                Text(
                    f"an event of {size:,} bytes, the limit is {envelope.MAX_ENVELOPE:,}; evidence goes into files",
                    f"事件大小 {size:,} 字节，上限 {envelope.MAX_ENVELOPE:,} 字节；证据请以文件存放",
                ),
                size=size,
                limit=envelope.MAX_ENVELOPE,
            )
    if total > MAX_SAVE:
        raise TooLarge(
            Text(
                f"one save would be {total:,} bytes, at most {MAX_SAVE:,}",
                f"一次写入 {total:,} 字节，上限 {MAX_SAVE:,} 字节",
            ),
            size=total,
            limit=MAX_SAVE,
        )


def _later(occurred: Occurred, now: datetime) -> bool:
    return precision(occurred) == "instant" and datetime.fromisoformat(occurred or "") > now


def check_id(kind: type[Aggregate], id: str) -> None:
    """An id says what it is of; what is no case cannot be read or written as one."""
    if not id.startswith(f"{kind.KIND}-"):
        raise NotFound(kind.KIND, id)


def class_of(topic: str, base: type[Event] = Event) -> type[Event]:
    cls = known(topic)
    if cls is None or not issubclass(cls, base):
        text = Text(f"{topic!r} is not an event type that can be recorded here", f"未知事件类型 {topic!r}")
        raise InvalidData({"type": [text]})
    return cls

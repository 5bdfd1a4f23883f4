"""The ledger: the one eventsourcing application, and the only way to record anything.

One method per command, each answers a Receipt. A command is loaded through its form, judged by the statute,
recorded in one atomic save, and only then applied to the copy kept in memory; a copy is taken out of memory
while a command works on it, so a failed save leaves nothing half-changed.

The ledger knows nothing of what is built behind it. Its clock is an argument.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from eventsourcing.application import Application
from eventsourcing.persistence import Mapper, PersistenceError, RecordConflictError, StoredEvent

from enforcement import envelope, forms
from enforcement.aggregates import Aggregate
from enforcement.cases import judging
from enforcement.cases.case import Case
from enforcement.cases.events.base import CaseEvent
from enforcement.cases.events.file import EventCorrected
from enforcement.errors import InvalidData, KeyReused, LedgerUnavailable, NotFound, TooLarge, VersionConflict
from enforcement.events import Event, EventMapper, OrjsonTranscoder, Recorded, Who, known, live
from enforcement.held import Held
from enforcement.law import Law
from enforcement.registry.calendar import CalendarLoaded, WorkingYear
from enforcement.registry.entity import Entity
from enforcement.registry.identity import Housekeeping, Identity, LedgerOpened, Opened, check_identity
from enforcement.registry.inspector import Inspector
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


class Ledger(Application[str]):
    """杆秤账本. Opens, commands, reads; nothing in it is ever changed or removed."""

    name = "Ledger"
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

    # -- commands ------------------------------------------------------------------------------------------

    def register_clue(
        self, who: Who, occurred: Occurred, data: Mapping[str, Any], scope: str | None = None
    ) -> Receipt:
        """案源登记. Opens a case; its id follows from the command, so a repeat meets the first one."""
        return self.open_case(who, "case.clue-registered", occurred, data, scope)

    def open_case(
        self, who: Who, topic: str, occurred: Occurred, data: Mapping[str, Any], scope: str | None = None
    ) -> Receipt:
        """An event that opens a case: a clue, or a decision on the spot 当场处罚."""
        return self.record(who, f"case-{who.correlation}", topic, occurred, data, 0, scope)

    def record(
        self,
        who: Who,
        case_id: str,
        topic: str,
        occurred: Occurred,
        data: Mapping[str, Any],
        expected: int | None = None,
        scope: str | None = None,
    ) -> Receipt:
        """One step of a case. Refused with the article where the statute forbids it now.

        `expected` is the version that the officer saw (If-Match); without it the command meets whatever is current.
        """
        cls = _class(topic, CaseEvent)
        _check_id(Case, case_id)
        if data.get("history"):
            raise InvalidData({"data.history": [Text("only an import records history", "仅导入可记录历史")]})
        if cls is EventCorrected:
            self._check_correction(case_id, data)
        judge = judging.Judge(self._inspector, self.law_for, self._number, scope)
        return self._command(Case, case_id, who, cls, occurred, data, expected, judge)

    def register_entity(self, who: Who, occurred: Occurred, data: Mapping[str, Any]) -> Receipt:
        """登记经营主体, by its unified social credit code."""
        cls = _class("entity.registered")
        return self._command(Entity, f"entity-{data.get('uscc')}", who, cls, occurred, data, 0)

    def change_entity(
        self, who: Who, uscc: str, occurred: Occurred, data: Mapping[str, Any], expected: int | None = None
    ) -> Receipt:
        """变更登记: name, region, sector, kind or registration status of an entity."""
        return self._command(
            Entity, f"entity-{uscc}", who, _class("entity.changed"), occurred, data, expected
        )

    def register_inspector(self, who: Who, occurred: Occurred, data: Mapping[str, Any]) -> Receipt:
        """登记执法人员: unit, region, licence and the roles granted, each with its dates."""
        cls = _class("inspector.registered")
        return self._command(Inspector, f"inspector-{data.get('officer')}", who, cls, occurred, data, 0)

    def change_inspector(
        self, who: Who, officer: str, occurred: Occurred, data: Mapping[str, Any], expected: int | None = None
    ) -> Receipt:
        """变更执法人员信息: licence renewed, roles granted or ended, moved to another unit."""
        cls = _class("inspector.changed")
        return self._command(Inspector, f"inspector-{officer}", who, cls, occurred, data, expected)

    def load_calendar(self, who: Who, occurred: Occurred, data: Mapping[str, Any]) -> Receipt:
        """载入放假通知. Deadlines that were provisional for want of it are derived again."""

        def judge(_: WorkingYear, event: CalendarLoaded) -> Sequence[Event]:
            event.into(self.law)
            return ()

        year = f"calendar-{data.get('year')}"
        receipt = self._command(WorkingYear, year, who, CalendarLoaded, occurred, data, None, judge, new=True)
        self._load_years([int(data["year"])])
        return receipt

    def record_discard(self, who: Who, projection: str, position: int, reason: str) -> Receipt:
        """An operator gives up a parked event for one projection; the reason is kept."""
        data = {"projection": projection, "position": position, "reason": reason}
        cls = _class("projection.event-discarded")
        return self._command(Housekeeping, f"projection-{projection}", who, cls, None, data, None, new=True)

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

    def case(self, id: str) -> Case:
        """The case as it stands; NotFound when there is none."""
        _check_id(Case, id)
        self.held.look()
        case = self.held.take(Case, id, self.law)
        self.held.keep(case)
        if not case.version:
            raise NotFound("case", id)
        return case

    def law_for(self, day: date) -> Law:
        """The law to judge a day by: a calendar that another process has loaded meanwhile is fetched first."""
        reach = (day + REACH).year
        if not self.law.calendar.knows(reach):
            self._load_years([reach])
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
        self._load_years(range(2004, china_day(self.clock()).year + 4))

    def _other(self) -> Opened:
        """The ledger that the store does hold."""
        first = self.read(0, 1)[0]
        return Opened.fold(first.aggregate, [first.event] if first.event else [], self.law)

    def _load_years(self, years: Iterable[int]) -> None:
        for year in years:
            loaded = self.held.take(WorkingYear, f"calendar-{year}", self.law)
            self.held.keep(loaded)
            if loaded.event is not None:
                self.law = loaded.event.into(self.law)
                self.held.forget()

    def _inspector(self, officer: str) -> Inspector | None:
        inspector = self.held.take(Inspector, f"inspector-{officer}", self.law)
        self.held.keep(inspector)
        return inspector if inspector.version else None

    def _number(self, case: Case, event: CaseEvent, who: Who) -> Sequence[Event]:
        return judging.number(case, event, who, self.held, self.law)

    def _check_correction(self, case_id: str, data: Mapping[str, Any]) -> None:
        """What an amendment puts in the place of an event has the form of that event."""
        version, amended = data.get("corrects"), data.get("becomes")
        if not isinstance(version, int) or not isinstance(amended, Mapping):
            return
        for row in self.recorder.select_events(case_id, gt=version - 1, lte=version):
            cls = known(row.topic)
            if cls is not None:
                forms.load(cls, amended, "data.becomes")

    def _command(
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
            self.held.look()
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
            try:
                position = self._save([event, *others])[0]
            except RecordConflictError:
                continue
            self.held.applied(aggregate, event, self.law)
            return Receipt(id, event.originator_version, position)
        raise LedgerUnavailable(Text("too many writers at once; try again", "并发写入过多，请重试"))

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
        stored: dict[str, Any] = self.mapper.transcoder.decode(self.mapper.transcoder.encode(data))
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


def _check_id(kind: type[Aggregate], id: str) -> None:
    """An id says what it is of; what is no case cannot be read or written as one."""
    if not id.startswith(f"{kind.KIND}-"):
        raise NotFound(kind.KIND, id)


def _class(topic: str, base: type[Event] = Event) -> type[Event]:
    cls = known(topic)
    if cls is None or not issubclass(cls, base):
        text = Text(f"{topic!r} is not an event type that can be recorded here", f"未知事件类型 {topic!r}")
        raise InvalidData({"type": [text]})
    return cls

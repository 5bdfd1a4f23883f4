"""The ledger's own first event: its name, the origin that its signed heads will carry, the envelope's form."""

from typing import ClassVar, NamedTuple

from enforcement.aggregates import Aggregate
from enforcement.errors import LedgerMismatch
from enforcement.events import Event
from enforcement.law import Law
from enforcement.values import Text


class Identity(NamedTuple):
    """Which ledger this is: `wenzhou`, `example.org/ledgers/wenzhou`."""

    name: str
    origin: str

    @property
    def id(self) -> str:
        return f"ledger-{self.name}"


class LedgerOpened(Event):
    """账本开立: the first event of every ledger."""

    TOPIC = "ledger.opened"
    name: str
    origin: str
    form: int


class Opened(Aggregate):
    """The ledger as an aggregate: opened once."""

    KIND: ClassVar[str] = "ledger"

    def __init__(self, id: str) -> None:
        super().__init__(id)
        self.name = self.origin = ""
        self.form = 0

    def when(self, event: Event, law: Law) -> None:
        if isinstance(event, LedgerOpened):
            self.name, self.origin, self.form = event.name, event.origin, event.form


class EventDiscarded(Event):
    """A parked event was given up for one projection, by whom and why; the event itself stays in the ledger."""

    TOPIC = "projection.event-discarded"
    projection: str
    position: int
    reason: str


class Housekeeping(Aggregate):
    """What operators decided about a projection."""

    KIND: ClassVar[str] = "projection"

    def when(self, event: Event, law: Law) -> None:
        """A record for auditors; nothing follows from it here."""


def check_identity(opened: Opened, identity: Identity, form: int) -> None:
    """LedgerMismatch when the store holds another ledger, or a form that this release does not know."""
    if (opened.name, opened.origin) != identity:
        raise LedgerMismatch(
            Text(
                f"the store holds {opened.name} of {opened.origin}, not {identity.name} of {identity.origin}",
                f"数据库中为账本 {opened.name}（{opened.origin}），与设置的 {identity.name}（{identity.origin}）不符",
            )
        )
    if opened.form != form:
        raise LedgerMismatch(
            Text(
                f"envelope form {opened.form} is not known to this release",
                f"本版本不支持信封格式 {opened.form}",
            )
        )

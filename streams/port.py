"""What this program needs of Kafka, and nothing more: send a batch, poll what is assigned, make topics.

Two clients implement it and one suite of tests holds both to it, so nothing else in the program knows which of
them carries the events. A client is made in the process that uses it (never before a fork) and is used from one
thread. Trouble has two names: `Away` passes, and the caller waits and does the same again; `Fatal` does not
pass, and going on would lose or reorder events, so the caller stops and shows the sentence.

Offsets are hints here. What was applied is known to the database of the one who applied it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, Protocol, Self

from enforcement.settings import Settings
from enforcement.values import Text

Headers = tuple[tuple[str, bytes], ...]

SESSION_SECONDS = 6.0
"""A member of a group that was not heard of for so long loses its partitions to the others."""
HEARTBEAT_SECONDS = 1.5
SLOWEST_PAGE_SECONDS = 120.0
"""A member that does not poll for so long loses them too, and a group that changes waits for it no longer."""
MAX_REQUEST = 8 * 1024 * 1024
"""Bytes of one message above which it is not even tried; the topic's own limit is the broker's matter."""
WINDOW_RECORDS = 5000
WINDOW_BYTES = 8 * 1024 * 1024


class StreamError(Exception):
    """Trouble with the broker, in a sentence for operators. It never becomes the answer to a request."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.en)
        self.message = message


class Away(StreamError):
    """The broker cannot be reached or did not answer in time; part of a batch may have arrived."""


class Fatal(StreamError):
    """The broker refuses for good: message too large, no permission, no such topic, bad configuration."""


class Record(NamedTuple):
    """One message to send; a value of None is a tombstone. The key chooses the partition unless one is named."""

    topic: str
    key: bytes
    value: bytes | None
    headers: Headers = ()
    partition: int | None = None


def windows(records: Sequence[Record]) -> Iterator[Sequence[Record]]:
    """What may be under way at a time: clients keep everything in memory until it is acknowledged."""
    start = size = 0
    for end, record in enumerate(records):
        if end - start == WINDOW_RECORDS or (size > WINDOW_BYTES and end > start):
            yield records[start:end]
            start, size = end, 0
        size += len(record.key) + len(record.value or b"")
    if start < len(records):
        yield records[start:]


def nothing() -> None:
    """What is done while acknowledgements are awaited, unless there is something better to do."""


class Place(NamedTuple):
    """One partition of a topic."""

    topic: str
    partition: int


class Message(NamedTuple):
    """One message received; `timestamp` in milliseconds since 1970."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Headers
    timestamp: int

    @property
    def place(self) -> Place:
        return Place(self.topic, self.partition)


class Assignment(NamedTuple):
    """What a consumer may read now. The generation grows with every change, also when the same places return."""

    generation: int
    places: frozenset[Place]


@dataclass(frozen=True)
class Topic:
    """A topic and its configuration, as wanted or as found; `replication` -1 means the broker's default."""

    name: str
    partitions: int
    config: Mapping[str, str] = field(default_factory=dict)
    replication: int = -1


@dataclass(frozen=True, kw_only=True)
class Access:
    """Where the brokers are and how they are spoken to; the words of `security` and `mechanism` are Kafka's."""

    brokers: str
    security: str = "PLAINTEXT"
    ca_file: Path | None = None
    cert_file: Path | None = None
    key_file: Path | None = None
    mechanism: str = "SCRAM-SHA-512"
    user: str | None = None
    password_file: Path | None = None

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The part of the settings that concerns Kafka; `settings.kafka` has to be set."""
        assert settings.kafka is not None
        return cls(
            brokers=settings.kafka,
            security=settings.kafka_security,
            ca_file=settings.kafka_ca_file,
            cert_file=settings.kafka_cert_file,
            key_file=settings.kafka_key_file,
            mechanism=settings.kafka_sasl_mechanism,
            user=settings.kafka_sasl_user,
            password_file=settings.kafka_sasl_password_file,
        )

    def password(self) -> str | None:
        """The first line of the password's file."""
        if self.password_file is None:
            return None
        return self.password_file.read_text("utf-8").splitlines()[0]


class Producer(Protocol):
    """Sends batches in order: within a partition what arrived is always a beginning of what was given."""

    def send(self, records: Sequence[Record], meanwhile: Callable[[], None] = nothing) -> None:
        """Return when every record is acknowledged by all replicas in sync.

        `meanwhile` is called once, when everything is handed over and the acknowledgements are still to come; it
        may not raise. Raises Away or Fatal. Then a beginning of the batch may have arrived in each partition, and
        nothing of it arrives later in another order: sending the same batch again gives copies, never a gap.
        """

    def close(self) -> None:
        """Let go of the connection at once; nothing waits, as nothing is under way between two sends."""


class Consumer(Protocol):
    """Reads as a member of a group, or places taken by hand. A place is silent until it is sought."""

    def join(self, group: str, topics: Sequence[str]) -> None:
        """Become a member of the group; the places come with a later poll."""

    def take(self, places: Sequence[Place]) -> None:
        """Read these places outside of any group."""

    def assigned(self) -> Assignment:
        """As of the last poll. Asks no broker."""

    def seek(self, place: Place, offset: int | None) -> None:
        """Go on at the offset; at the beginning where it is None or not in the topic. Ignored if not assigned."""

    def poll(self, limit: int, timeout: float) -> Sequence[Message]:
        """At most `limit` messages of the places that were sought, waiting up to `timeout` seconds for one.

        Takes part in the group as well, so it is called often; a member may stay in it for a second although
        the timeout is shorter. Raises Away or Fatal.
        """

    def commit_for_information(self, offsets: Mapping[Place, int]) -> None:
        """Tell lag tools the next offset of each place. Nothing depends on it; failures are silent."""

    def ends(self, topic: str) -> Mapping[Place, int]:
        """The offset after the last message of every partition. Raises Away or Fatal."""

    def close(self) -> None:
        """Leave the group, if the broker is there to be told."""


class Admin(Protocol):
    """Makes and describes topics. Every method raises Away or Fatal."""

    def create(self, topic: Topic) -> bool:
        """Make it; False when a topic of that name exists, which is left as it is."""

    def describe(self, names: Sequence[str]) -> Mapping[str, Topic]:
        """The topics among the names that exist, with their whole configuration."""

    def delete(self, name: str) -> None:
        """Remove a topic and all it holds; for copies made on request, never for the ledger's own."""

    def close(self) -> None:
        """Let go of the connection."""


class Clients(Protocol):
    """One client library: what makes the three. `patience` is the time in seconds after which it is Away."""

    def producer(self, patience: float = 30.0) -> Producer:
        """Connects with the first batch."""

    def consumer(self, patience: float = 30.0) -> Consumer:
        """Connects when it joins or takes."""

    def admin(self, patience: float = 30.0) -> Admin:
        """Connects when it is first asked."""

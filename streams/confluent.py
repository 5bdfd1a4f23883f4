"""The port to Kafka on librdkafka (confluent-kafka, the extra `librdkafka`); the only file that imports it.

The same promises as the other client, kept by other means:
* The gapless guarantee makes it stop at the first message that was not taken; messages never expire by
  themselves, so the only ends of a wait are an acknowledgement and our patience, and then everything is purged.
* A place is assigned to it only once it is sought, with the offset: there is no moment at which it could read
  from somewhere else, and nothing to seek in.
* Its callbacks run inside our own calls, in our own thread.
"""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from confluent_kafka import Consumer as Reader
from confluent_kafka import KafkaError, KafkaException, TopicPartition
from confluent_kafka import Message as Received
from confluent_kafka import Producer as Writer
from confluent_kafka.admin import AdminClient, ConfigResource, NewTopic, ResourceType  # type: ignore[attr-defined]

from streams import trouble
from streams.port import (
    HEARTBEAT_SECONDS,
    MAX_REQUEST,
    SESSION_SECONDS,
    SLOWEST_PAGE_SECONDS,
    WINDOW_BYTES,
    WINDOW_RECORDS,
    Access,
    Assignment,
    Message,
    Place,
    Record,
    StreamError,
    Topic,
    nothing,
    windows,
)

SLICE = 0.5
"""How long, in seconds, a call may stay in the library before its callbacks are looked at."""
BREATH = 0.1
BEGINNING = -2
BATCH_BYTES = 256 * 1024
FINAL = {
    KafkaError._AUTHENTICATION,
    KafkaError.SASL_AUTHENTICATION_FAILED,
    KafkaError.UNSUPPORTED_SASL_MECHANISM,
    KafkaError.ILLEGAL_SASL_STATE,
    KafkaError.SECURITY_DISABLED,
    KafkaError.TOPIC_AUTHORIZATION_FAILED,
    KafkaError.GROUP_AUTHORIZATION_FAILED,
    KafkaError.CLUSTER_AUTHORIZATION_FAILED,
    KafkaError.MSG_SIZE_TOO_LARGE,
    KafkaError.RECORD_LIST_TOO_LARGE,
    KafkaError.TOPIC_EXCEPTION,
    KafkaError.INVALID_RECORD,
    KafkaError.INVALID_PARTITIONS,
    KafkaError.INVALID_REPLICATION_FACTOR,
    KafkaError.INVALID_CONFIG,
    KafkaError.INVALID_GROUP_ID,
    KafkaError.INVALID_SESSION_TIMEOUT,
    KafkaError.INCONSISTENT_GROUP_PROTOCOL,
    KafkaError.POLICY_VIOLATION,
    KafkaError.UNSUPPORTED_VERSION,
    KafkaError._INVALID_ARG,
}
TOO_LARGE = {KafkaError.MSG_SIZE_TOO_LARGE, KafkaError.RECORD_LIST_TOO_LARGE}
BROKEN = (KafkaException, SystemError)
"""A fatal error is raised out of whatever call is under way, some of which are not prepared for it."""
AFTERMATH = {KafkaError._PURGE_QUEUE, KafkaError._PURGE_INFLIGHT, KafkaError._FATAL}
"""What the other messages are told when one was not taken."""
log = logging.getLogger(__name__)


def _worth_telling(record: logging.LogRecord) -> bool:
    """It warns at every start that the gapless guarantee is experimental; the tests are our answer to that."""
    return "enable.gapless.guarantee is experimental" not in record.getMessage()


class Line:
    """What the three have in common: the settings of a connection, and the last trouble heard on it."""

    def __init__(self, access: Access, patience: float) -> None:
        self._access, self._patience = access, patience
        self._heard: KafkaError | None = None

    def _common(self) -> dict[str, Any]:
        access = self._access
        words = {
            "bootstrap.servers": access.brokers,
            "client.id": "steelyard",
            "error_cb": self._hear,
            "socket.timeout.ms": int(1000 * max(2.0, self._patience / 3)),
            "reconnect.backoff.max.ms": 1000,
            "security.protocol": access.security,
            "ssl.ca.location": access.ca_file and str(access.ca_file),
            "ssl.certificate.location": access.cert_file and str(access.cert_file),
            "ssl.key.location": access.key_file and str(access.key_file),
        }
        if access.security.startswith("SASL_"):
            words |= {"sasl.mechanism": access.mechanism, "sasl.username": access.user}
            words["sasl.password"] = access.password()
        return {key: word for key, word in words.items() if word is not None}

    def _hear(self, error: KafkaError) -> None:
        if self._heard is None or self._heard.code() not in FINAL:
            self._heard = error

    def _told(self, error: KafkaError) -> StreamError:
        """What was heard on the line explains a silence better than the silence itself."""
        if self._heard is not None and error.code() not in FINAL:
            error = self._heard
        tell = trouble.refused if error.code() in FINAL else trouble.away
        return tell(self._access.brokers, error.str())


class Producer(Line):
    """Idempotent, acks from all replicas in sync; a client that failed is thrown away with what it held.

    What is not acknowledged is not sent, whatever else was or was not heard of it: a client that stops may say so in
    the middle of its own reports, and then some of them never arrive.
    """

    def __init__(self, access: Access, patience: float) -> None:
        super().__init__(access, patience)
        self._client: Writer | None = None
        self._known: set[str] = set()
        self._acknowledged = 0
        self._refused: list[tuple[KafkaError, str, bytes]] = []
        self._undelivered: list[tuple[KafkaError, Received]] = []

    def send(self, records: Sequence[Record], meanwhile: Callable[[], None] = nothing) -> None:
        parts = list(windows(records))
        for part in parts:
            self._send(part, meanwhile if part is parts[-1] else nothing)

    def close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            with suppress(*BROKEN):
                client.purge()
                client.flush(SLICE)

    def _send(self, window: Sequence[Record], meanwhile: Callable[[], None]) -> None:
        client = self._ready({record.topic for record in window})
        self._acknowledged, self._refused, self._undelivered, self._heard = 0, [], [], None
        for record in window:
            if not self._taken(client, record):
                break
        meanwhile()
        self._await(client)
        if self._acknowledged < len(window):
            self.close()
            raise self._reason()

    def _taken(self, client: Writer, record: Record) -> bool:
        """Whether it stands in the queue now."""
        try:
            client.produce(
                record.topic,
                record.value,
                record.key,
                -1 if record.partition is None else record.partition,
                on_delivery=self._delivered,
                headers=list(record.headers),
            )
        except KafkaException as error:
            self._refused.append((error.args[0], record.topic, record.key))
            return False
        return True

    def _await(self, client: Writer) -> None:
        end = time.monotonic() + self._patience
        left = 1
        while left and not self._trouble() and time.monotonic() < end and not self._barred():
            try:
                left = client.flush(SLICE)
            except BROKEN as error:  # it has stopped for good; what it stopped at is delivered, too
                log.warning("%s", error)

    def _barred(self) -> bool:
        return self._heard is not None and self._heard.code() in FINAL

    def _delivered(self, error: KafkaError | None, message: Received) -> None:
        """Counts and keeps, and calls nothing: when the client stops, an exception is already under way in here."""
        if error is None:
            self._acknowledged += 1
        else:
            self._undelivered += [(error, message)]

    def _reason(self) -> StreamError:
        error, topic, key = self._trouble() or (KafkaError(KafkaError._TIMED_OUT), "", b"")
        if error.code() in TOO_LARGE:
            return trouble.too_large(topic, key, error.str())
        return self._told(error)

    def _trouble(self) -> tuple[KafkaError, str, bytes] | None:
        """The first that is not the aftermath of another one, and the message it is about."""
        told = [(error, m.topic() or "", m.key() or b"") for error, m in self._undelivered] + self._refused
        return next((one for one in told if one[0].code() not in AFTERMATH), None)

    def _ready(self, topics: set[str]) -> Writer:
        if self._client is None:
            self._client, self._known = self._made(), set()
        if not topics <= self._known:
            self._known |= _sizes(self._access, self._patience, topics).keys()
        return self._client

    def _made(self) -> Writer:
        log.addFilter(_worth_telling)
        return Writer(
            {
                **self._common(),
                "enable.idempotence": True,
                "enable.gapless.guarantee": True,
                "partitioner": "murmur2_random",
                # a message that expired would let the next one overtake it; `patience` ends the wait instead
                "message.timeout.ms": 0,
                "message.max.bytes": MAX_REQUEST,
                "batch.size": BATCH_BYTES,
                "linger.ms": 2,
                "queue.buffering.max.messages": 2 * WINDOW_RECORDS,
                "queue.buffering.max.kbytes": 2 * (WINDOW_BYTES + MAX_REQUEST) // 1024,
                "allow.auto.create.topics": False,
            },
            logger=log,
        )


class Consumer(Line):
    """A member of a group, or a reader of places taken by hand."""

    def __init__(self, access: Access, patience: float) -> None:
        super().__init__(access, patience)
        self._client: Reader | None = None
        self._group: str | None = None
        self._now = Assignment(0, frozenset())
        self._changed = False
        self._places: frozenset[Place] = frozenset()
        self._next: dict[Place, int] = {}
        self._sought = False

    def join(self, group: str, topics: Sequence[str]) -> None:
        self._group = group
        _sizes(self._access, self._patience, set(topics))
        client = self._open()
        client.subscribe(list(topics), self._on_assign, self._on_revoke, self._on_revoke)

    def take(self, places: Sequence[Place]) -> None:
        _sizes(self._access, self._patience, {place.topic for place in places})
        self._open()
        self._changed, self._places = True, frozenset(places)
        self._notice()

    def assigned(self) -> Assignment:
        return self._now

    def seek(self, place: Place, offset: int | None) -> None:
        if place in self._now.places:
            self._next[place] = BEGINNING if offset is None else offset
            self._sought = True

    def poll(self, limit: int, timeout: float) -> Sequence[Message]:
        assert self._client is not None
        if self._sought:
            self._client.assign([TopicPartition(*at, offset) for at, offset in self._next.items()])
            self._sought = False
        first = self._client.poll(timeout)
        found = [] if first is None else [first, *self._rest(limit - 1)]
        self._notice()
        if not found:
            self._listen()
        return [message for received in found if (message := self._read(received)) is not None]

    def commit_for_information(self, offsets: Mapping[Place, int]) -> None:
        if self._client is None or self._group is None:
            return
        with suppress(KafkaException):
            wanted = [TopicPartition(*at, offset) for at, offset in offsets.items()]
            self._client.commit(offsets=wanted, asynchronous=True)

    def ends(self, topic: str) -> Mapping[Place, int]:
        size = _sizes(self._access, self._patience, {topic})[topic]
        client = self._client or self._made(None)
        places = [Place(topic, n) for n in range(size)]
        try:
            return {at: client.get_watermark_offsets(TopicPartition(*at), self._patience)[1] for at in places}
        except KafkaException as error:
            raise self._told(error.args[0]) from error
        finally:
            if client is not self._client:
                client.close()

    def close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.close()

    def _open(self) -> Reader:
        self.close()
        self._client = self._made(self._group)
        return self._client

    def _made(self, group: str | None) -> Reader:
        return Reader(
            {
                **self._common(),
                "group.id": group or "steelyard",
                "enable.auto.commit": False,
                "auto.offset.reset": "earliest",
                "partition.assignment.strategy": "range",
                "session.timeout.ms": int(SESSION_SECONDS * 1000),
                "heartbeat.interval.ms": int(HEARTBEAT_SECONDS * 1000),
                "max.poll.interval.ms": int(SLOWEST_PAGE_SECONDS * 1000),
                "queued.max.messages.kbytes": 16 * 1024,
                "fetch.queue.backoff.ms": 10,
                # an answer that is under way is waited for after a seek
                "fetch.wait.max.ms": 100,
                "allow.auto.create.topics": False,
                "check.crcs": True,
            },
            logger=log,
        )

    def _rest(self, limit: int) -> list[Received]:
        """What is here already; the library's own call for many waits until all of them are."""
        assert self._client is not None
        return self._client.consume(limit, 0) if limit else []

    def _on_assign(self, client: Reader, places: list[TopicPartition]) -> None:
        client.assign([])
        self._changed, self._places = True, frozenset(Place(p.topic, p.partition) for p in places)

    def _on_revoke(self, client: Reader, places: list[TopicPartition]) -> None:
        self._changed, self._places = True, frozenset()

    def _notice(self) -> None:
        """Places of a new generation are silent until they are sought."""
        if self._changed:
            self._changed = self._sought = False
            self._now = Assignment(self._now.generation + 1, self._places)
            self._next.clear()

    def _read(self, received: Received) -> Message | None:
        error = received.error()
        if error is not None:
            if error.code() in FINAL:
                raise self._told(error)
            log.warning("%s", error)
            return None
        at = Place(received.topic() or "", received.partition() or 0)
        if at not in self._next:
            return None
        offset = received.offset() or 0
        self._next[at] = offset + 1
        headers: Any = received.headers() or ()
        return Message(*at, offset, received.key(), received.value(), tuple(headers), received.timestamp()[1])

    def _listen(self) -> None:
        """Raises when there was trouble on the line and the broker does not answer now either."""
        if self._heard is not None:
            self._heard = None
            _sizes(self._access, self._patience, set())


class Admin(Line):
    """Makes and describes topics."""

    def __init__(self, access: Access, patience: float) -> None:
        super().__init__(access, patience)
        self._client: AdminClient | None = None

    def create(self, topic: Topic) -> bool:
        wanted = NewTopic(topic.name, topic.partitions, topic.replication, config=dict(topic.config))
        try:
            self._wait(self._ready().create_topics([wanted])[topic.name])
        except KafkaException as error:
            if error.args[0].code() == KafkaError.TOPIC_ALREADY_EXISTS:
                return False
            raise self._told(error.args[0]) from error
        self._see(topic.name)
        return True

    def describe(self, names: Sequence[str]) -> Mapping[str, Topic]:
        client, topics = self._ready(), self.topics()
        asked = [ConfigResource(ResourceType.TOPIC, name) for name in names if name in topics]
        answers = client.describe_configs(asked) if asked else {}
        found = {}
        for resource, answer in answers.items():
            topic, config = topics[resource.name], self._config(answer)
            if config is not None:
                copies = len(topic.partitions[0].replicas)
                found[resource.name] = Topic(resource.name, len(topic.partitions), config, copies)
        return found

    def _config(self, answer: Any) -> dict[str, str] | None:
        try:
            return {key: entry.value for key, entry in self._wait(answer).items()}
        except KafkaException as error:
            if error.args[0].code() == KafkaError.UNKNOWN_TOPIC_OR_PART:
                return None  # it was removed in between
            raise self._told(error.args[0]) from error

    def topics(self) -> dict[str, Any]:
        """What the broker says of every topic."""
        self._heard = None
        client, end, slice = self._ready(), time.monotonic() + self._patience, SLICE
        while True:
            try:
                found = client.list_topics(timeout=slice).topics
                return {name: topic for name, topic in found.items() if topic.error is None}
            except KafkaException as error:
                client.poll(BREATH)
                slice *= 2  # a question is asked anew each time: a slow network needs longer for one
                final = self._heard is not None and self._heard.code() in FINAL
                if final or time.monotonic() > end:
                    raise self._told(error.args[0]) from error

    def delete(self, name: str) -> None:
        try:
            self._wait(self._ready().delete_topics([name])[name])
        except KafkaException as error:
            raise self._told(error.args[0]) from error

    def close(self) -> None:
        self._client = None

    def _ready(self) -> AdminClient:
        if self._client is None:
            self._client = AdminClient(self._common(), logger=log)
        return self._client

    def _wait(self, answer: Any) -> Any:
        return answer.result(self._patience)

    def _see(self, name: str) -> None:
        """A topic is made before every broker knows of it."""
        end = time.monotonic() + self._patience
        while name not in self.topics() and time.monotonic() < end:
            self._ready().poll(BREATH)


def _sizes(access: Access, patience: float, topics: set[str]) -> dict[str, int]:
    """The number of partitions of these topics. Fatal when one is not there, Away when nobody answers."""
    found = Admin(access, patience).topics()
    for topic in topics - found.keys():
        raise trouble.no_topic(topic)
    return {topic: len(found[topic].partitions) for topic in topics}

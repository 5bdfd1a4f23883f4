"""The port to Kafka on kafka-python, in pure Python; the only file that imports it.

Designed around what was seen of that library:
* Behind a batch that failed it goes on with the next one of the same partition, which would leave a gap. So the
  first failure shuts the client down from its own I/O thread, before that thread can send more.
* A poll that ends between joining and being assigned can leave a member that never reads, without an error. So
  no poll is shorter than a second, and a member without assignment or heartbeat for long is built anew.
* Listeners run on its I/O thread; ours counts, and the thread that polls looks at the count.
* Nothing bounds its memory: `send` works in windows.
"""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Any, Self

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka import errors as faults
from kafka.admin import ConfigResource, ConfigResourceType
from kafka.consumer.subscription_state import ConsumerRebalanceListener
from kafka.coordinator.assignors.range import RangePartitionAssignor
from kafka.net.compat import KafkaNetClient
from kafka.structs import OffsetAndMetadata

from streams import trouble
from streams.partitioning import partition
from streams.port import (
    HEARTBEAT_SECONDS,
    MAX_REQUEST,
    SESSION_SECONDS,
    SLOWEST_PAGE_SECONDS,
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

TRY_SECONDS = 3.0
SHORTEST_POLL = 1.0
BATCH_BYTES = 256 * 1024
LINGER_SECONDS = 0.02
FETCH_BYTES = 256 * 1024
"""Of one partition at a time; a member of many partitions would hold a megabyte of each, several times over."""
FOREVER_MS = 2**31 - 1
SILENT_SECONDS = 2 * SESSION_SECONDS
"""A member that was not assigned, or sent no heartbeat, for so long does not come back by itself."""
FINAL = (
    faults.AuthorizationError,
    faults.SaslAuthenticationFailedError,
    faults.UnsupportedSaslMechanismError,
    faults.IllegalSaslStateError,
    faults.SecurityDisabledError,
    faults.MessageSizeTooLargeError,
    faults.RecordListTooLargeError,
    faults.InvalidTopicError,
    faults.InvalidRecordError,
    faults.InvalidPartitionsError,
    faults.InvalidReplicationFactorError,
    faults.InvalidConfigurationError,
    faults.InvalidGroupIdError,
    faults.InvalidSessionTimeoutError,
    faults.InconsistentGroupProtocolError,
    faults.PolicyViolationError,
    faults.UnsupportedVersionError,
    faults.KafkaConfigurationError,
)
TOO_LARGE = (faults.MessageSizeTooLargeError, faults.RecordListTooLargeError)
log = logging.getLogger(__name__)
_partition = lru_cache(maxsize=10_000)(partition)


def _common(access: Access, patience: float) -> dict[str, Any]:
    login = access.security.startswith("SASL_")
    return {
        "bootstrap_servers": access.brokers.split(","),
        "client_id": "steelyard",
        "bootstrap_timeout_ms": int(1000 * min(TRY_SECONDS, patience)),
        "request_timeout_ms": int(patience * 1000 / 3),
        "reconnect_backoff_max_ms": 1000,
        "security_protocol": access.security,
        "ssl_cafile": access.ca_file and str(access.ca_file),
        "ssl_certfile": access.cert_file and str(access.cert_file),
        "ssl_keyfile": access.key_file and str(access.key_file),
        "sasl_mechanism": access.mechanism if login else None,
        "sasl_plain_username": access.user if login else None,
        "sasl_plain_password": access.password() if login else None,
    }


class _Reasons(logging.Handler):
    """Why no connection came about: the library tells it to its log, and to its caller only that none did."""

    source = logging.getLogger("kafka.net.manager")

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.last: Exception | None = None

    def __enter__(self) -> Self:
        self.source.addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        self.source.removeHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        for word in record.args or ():
            if isinstance(word, faults.KafkaTimeoutError) or isinstance(self.last, FINAL):
                continue
            if isinstance(word, Exception):
                self.last = word


def _connected(kind: Any, access: Access, patience: float, **options: Any) -> Any:
    """A client of the library, tried for until one answers, one refuses, or patience ends."""
    end = time.monotonic() + patience
    while True:
        with _Reasons() as reasons:
            try:
                return _tried(kind, **_common(access, patience), **options)
            except faults.KafkaError as error:
                reason = reasons.last or error
        if isinstance(reason, FINAL) or time.monotonic() > end:
            raise _told(access, reason)


def _tried(kind: Any, **options: Any) -> Any:
    """A client that finds no broker leaves its I/O thread behind, if nobody ends it."""
    inside: list[KafkaNetClient] = []

    def remember(**words: Any) -> KafkaNetClient:
        inside.append(KafkaNetClient(**words))
        return inside[0]

    try:
        return kind(kafka_client=remember, **options)
    except faults.KafkaError:
        inside[0].close()
        raise


def _told(access: Access, error: Exception) -> StreamError:
    if isinstance(error, FINAL):
        return trouble.refused(access.brokers, error)
    if access.user and "socket disconnected" in str(error):
        # it drops the broker's last words when they arrive together with the end of the connection
        return trouble.away(access.brokers, f"{error} (so it is when the password of {access.user} is wrong)")
    return trouble.away(access.brokers, error)


class Producer:
    """Idempotent, acks from all replicas in sync; a client that failed is thrown away with what it held."""

    def __init__(self, access: Access, patience: float) -> None:
        self._access, self._patience = access, patience
        self._client: Any = None
        self._sizes: dict[str, int] = {}
        self._failure: tuple[Exception, Record] | None = None

    def send(self, records: Sequence[Record], meanwhile: Callable[[], None] = nothing) -> None:
        parts = list(windows(records))
        for part in parts:
            self._send(part, meanwhile if part is parts[-1] else nothing)

    def close(self) -> None:
        if self._client is not None:
            self._client.close(timeout=1.0)
            self._client = None

    def _send(self, window: Sequence[Record], meanwhile: Callable[[], None]) -> None:
        client = self._ready({record.topic for record in window})
        end = time.monotonic() + self._patience
        try:
            futures = [self._put(client, record) for record in window]
            meanwhile()
            with suppress(faults.KafkaError):  # what it has to say stands in the futures as well
                client.flush(self._patience)
            for future in futures:
                future.get(max(0.0, end - time.monotonic()))
        except faults.KafkaError as error:
            raise self._abandoned(client, error) from error

    def _put(self, client: Any, record: Record) -> Any:
        chosen = record.partition
        if chosen is None:
            chosen = _partition(record.key, self._sizes[record.topic])
        try:
            future = client.send(
                record.topic, record.value, record.key, headers=list(record.headers), partition=chosen
            )
        except faults.KafkaError as error:
            self._failure = self._failure or (error, record)
            raise
        return future.add_errback(self._failed, client, record)

    def _failed(self, client: Any, record: Record, error: Exception) -> None:
        """On the I/O thread: nothing may follow a record that was not taken."""
        if self._failure is None:
            self._failure = (error, record)
            client._sender.force_close()

    def _abandoned(self, client: Any, error: Exception) -> StreamError:
        self._client = None
        cause, record = self._failure or (error, None)
        client._sender.force_close()
        client._sender.join(self._patience)
        with suppress(faults.KafkaError):
            client.close(timeout=0)
        if record is not None and isinstance(cause, TOO_LARGE):
            return trouble.too_large(record.topic, record.key, cause)
        return _told(self._access, cause)

    def _ready(self, topics: set[str]) -> Any:
        if self._client is None:
            self._sizes, self._failure = {}, None
            self._client = self._made()
        if unknown := topics - self._sizes.keys():
            self._sizes |= _sizes(self._access, self._patience, unknown)
        return self._client

    def _made(self) -> Any:
        return _connected(
            KafkaProducer,
            self._access,
            self._patience,
            batch_size=BATCH_BYTES,
            linger_ms=int(LINGER_SECONDS * 1000),
            max_request_size=MAX_REQUEST,
            # a batch that expired would let the next one overtake it; `patience` ends the wait instead
            delivery_timeout_ms=FOREVER_MS,
            allow_auto_create_topics=False,
            metrics_enabled=False,
        )


def _sizes(access: Access, patience: float, topics: set[str]) -> dict[str, int]:
    """The number of partitions of each topic; Fatal when one is not there."""
    admin = Admin(access, patience)
    try:
        sizes = admin.sizes(sorted(topics))
    finally:
        admin.close()
    for topic in topics - sizes.keys():
        raise trouble.no_topic(topic)
    return sizes


class _Listener(ConsumerRebalanceListener):  # type: ignore[misc]
    """Counts what happens to a membership."""

    def __init__(self) -> None:
        self.changes = 0
        self.settled = False

    def on_partitions_revoked(self, revoked: object) -> None:
        self.settled = False
        self.changes += 1

    def on_partitions_assigned(self, assigned: object) -> None:
        self.settled = True
        self.changes += 1


class Consumer:
    """A member of a group that is watched: when it is stuck, another one takes its place."""

    def __init__(self, access: Access, patience: float) -> None:
        self._access, self._patience = access, patience
        self._client: Any = None
        self._group: str | None = None
        self._topics: Sequence[str] = ()
        self._listener = _Listener()
        self._heartbeat: Any = None
        self._seen = 0
        self._well = time.monotonic()
        self._now = Assignment(0, frozenset())
        self._sought: set[Place] = set()

    def join(self, group: str, topics: Sequence[str]) -> None:
        self._group, self._topics = group, topics
        _sizes(self._access, self._patience, set(topics))
        self._open()

    def take(self, places: Sequence[Place]) -> None:
        _sizes(self._access, self._patience, {place.topic for place in places})
        self._open()
        self._client.assign([TopicPartition(*place) for place in places])
        self._change(frozenset(places))

    def assigned(self) -> Assignment:
        return self._now

    def seek(self, place: Place, offset: int | None) -> None:
        where = TopicPartition(*place)
        with suppress(ValueError, KeyError):  # it was taken away meanwhile; the next poll notices
            if offset is None:
                self._client.seek_to_beginning(where)
            else:
                self._client.seek(where, offset)
            self._client.resume(where)
            self._sought.add(place)

    def poll(self, limit: int, timeout: float) -> Sequence[Message]:
        if self._client is None:
            self._open()
        wait = int(1000 * max(timeout, SHORTEST_POLL if self._group else 0.0))
        try:
            found = self._client.poll(timeout_ms=wait, max_records=limit)
        except Exception as error:  # its I/O thread hands on whatever it died of
            log.warning("%s: reading failed, joining anew", self._group, exc_info=error)
            self._discard()
            raise _told(self._access, error) from error
        self._notice()
        self._watch()
        return [_message(r) for at, rows in found.items() if Place(*at) in self._sought for r in rows]

    def commit_for_information(self, offsets: Mapping[Place, int]) -> None:
        if self._client is None or self._group is None:
            return
        with suppress(Exception):
            self._client.commit_async(
                {TopicPartition(*at): OffsetAndMetadata(offset, "", -1) for at, offset in offsets.items()}
            )

    def ends(self, topic: str) -> Mapping[Place, int]:
        places = [
            TopicPartition(topic, n) for n in range(_sizes(self._access, self._patience, {topic})[topic])
        ]
        client = self._client or self._made(None)
        try:
            found = client.end_offsets(places)
        except faults.KafkaError as error:
            raise _told(self._access, error) from error
        finally:
            if client is not self._client:
                client.close(autocommit=False)
        return {Place(*at): offset for at, offset in found.items()}

    def close(self) -> None:
        self._discard()

    # -- the membership ------------------------------------------------------------------------------------

    def _open(self) -> None:
        self._discard()
        self._client = self._made(self._group)
        self._well = time.monotonic()
        if self._group is None:
            return
        self._listener, self._seen = _Listener(), 0
        self._client.subscribe(topics=list(self._topics), listener=self._listener)
        for (
            topic
        ) in self._topics:  # or it might lead the group without knowing the partitions, and assign none
            self._client.partitions_for_topic(topic)
        names = self._client.metrics(raw=True)
        self._heartbeat = next(m for name, m in names.items() if name.name == "last-heartbeat-seconds-ago")

    def _made(self, group: str | None) -> Any:
        return _connected(
            KafkaConsumer,
            self._access,
            self._patience,
            group_id=group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            fetch_max_wait_ms=100,
            max_partition_fetch_bytes=FETCH_BYTES,
            partition_assignment_strategy=(RangePartitionAssignor,),
            allow_auto_create_topics=False,
            session_timeout_ms=int(SESSION_SECONDS * 1000),
            heartbeat_interval_ms=int(HEARTBEAT_SECONDS * 1000),
            max_poll_interval_ms=int(SLOWEST_PAGE_SECONDS * 1000),
        )

    def _notice(self) -> None:
        """Take over what the listener counted; places of a new generation are silent until they are sought."""
        changes = self._listener.changes
        if changes != self._seen:
            self._seen = changes
            self._change(frozenset(Place(*at) for at in self._client.assignment()))

    def _change(self, places: frozenset[Place]) -> None:
        self._now = Assignment(self._now.generation + 1, places)
        self._sought.clear()
        for place in places:
            with suppress(KeyError):
                self._client.pause(TopicPartition(*place))

    def _watch(self) -> None:
        now = time.monotonic()
        if self._group is None or (self._listener.settled and self._heartbeat.value() < SESSION_SECONDS):
            self._well = now
        elif now - self._well > SILENT_SECONDS:
            log.warning("member of %s without assignment or heartbeat: joining anew", self._group)
            self._open()

    def _discard(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            self._change(frozenset())
            with suppress(Exception):  # it is thrown away, in whatever state it is
                client.close(autocommit=False, timeout_ms=2000)


def _message(record: Any) -> Message:
    return Message(
        record.topic,
        record.partition,
        record.offset,
        record.key,
        record.value,
        tuple(record.headers),
        record.timestamp,
    )


class Admin:
    """Makes and describes topics."""

    def __init__(self, access: Access, patience: float) -> None:
        self._access, self._patience = access, patience
        self._client: Any = None

    def create(self, topic: Topic) -> bool:
        wanted = {
            "num_partitions": topic.partitions,
            "replication_factor": topic.replication,
            "configs": dict(topic.config),
        }
        try:
            self._ask("create_topics", {topic.name: wanted}, wait_for_metadata=True)
        except _Exists:
            return False
        return True

    def describe(self, names: Sequence[str]) -> Mapping[str, Topic]:
        found = self._topics(names)
        if not found:
            return {}
        resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in found]
        configs = self._ask("describe_configs", resources, config_filter="all")["topic"]
        return {
            name: Topic(
                name,
                len(partitions),
                {key: item["value"] for key, item in configs[name].items()},
                len(partitions[0]["replica_nodes"]),
            )
            for name, partitions in found.items()
        }

    def sizes(self, names: Sequence[str]) -> dict[str, int]:
        """The number of partitions of the topics that exist."""
        return {name: len(partitions) for name, partitions in self._topics(names).items()}

    def delete(self, name: str) -> None:
        self._ask("delete_topics", [name])

    def close(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None

    def _topics(self, names: Sequence[str]) -> dict[str, list[Any]]:
        found = self._ask("describe_topics", list(names))
        return {topic["name"]: topic["partitions"] for topic in found if not topic["error_code"]}

    def _ask(self, question: str, *words: Any, **options: Any) -> Any:
        if self._client is None:
            self._client = _connected(KafkaAdminClient, self._access, self._patience)
        try:
            return getattr(self._client, question)(*words, **options)
        except faults.TopicAlreadyExistsError as error:
            raise _Exists from error
        except (faults.KafkaError, RuntimeError) as error:
            self.close()
            raise _told(self._access, error) from error


class _Exists(Exception):
    """There is a topic of that name already."""

"""The one composing function: settings in, everything that the API works with out.

Nothing else in this room knows how the ledger and the read models are opened, or that a thread follows the
ledger while the process serves.
"""

import importlib.metadata
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache, cached_property, partial

import orjson

from api.clockwork import Clockwork
from api.keys import KeyFile, KeySetAddress
from api.limits import Bucket
from api.tokens import AUDIENCE, DEVELOPMENT, Issuer, Verifier
from enforcement.attachments import Attachments
from enforcement.audit.signing import SigningKey
from enforcement.errors import SteelyardError
from enforcement.law import Law
from enforcement.ledger import Ledger
from enforcement.registry.identity import Identity
from enforcement.reports.bureaukey import BureauKey
from enforcement.reports.desk import Desk
from enforcement.reports.files import SealedFiles
from enforcement.reports.sealing import Sealer
from enforcement.reports.vault import Vault
from enforcement.settings import Settings
from enforcement.store import open_recorder
from enforcement.values import china_day
from projections.embedded import Embedded
from projections.queries import relations, reports
from projections.queries.current import Current
from projections.reach import ALONE, Partitions, reach
from projections.rebuild import ready
from projections.registry import PROJECTIONS
from projections.store import Store
from streams.asyncapi import document
from streams.feed import Log
from streams.partitioning import partition
from streams.standing import RelayStanding, standing
from streams.topics import Topics

FILINGS, CODES = (60, 0.5), (120, 1.0)
"""Reports filed, and codes tried, by everybody together: so many at once, so many a second in the long run."""

Clock = Callable[[], datetime]


def now() -> datetime:
    """The clock of a running process."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Services:
    """What views and commands work with."""

    settings: Settings
    clock: Clock
    ledger: Ledger
    reads: Store
    current: Current
    follower: Embedded
    verifier: Verifier
    vault: Vault
    files: Attachments
    filings: Bucket
    codes: Bucket

    @property
    def partitions(self) -> Partitions:
        """In how many partitions the read models are followed, and which one is an aggregate's."""
        return partitioned(self.settings)

    @property
    def embedded(self) -> bool:
        """Whether this process itself keeps the read models current; with Kafka, workers do."""
        return self.settings.kafka is None

    def follow(self) -> None:
        """Keep the read models current from now on, where no worker does."""
        if self.embedded:
            self.follower.start()

    def keep_time(self) -> None:
        """Make good what a crash left, then do what time brings, beside the server; one process does that at a time."""
        self.clockwork.start()

    @cached_property
    def clockwork(self) -> Clockwork:
        """What ticks beside a server."""
        return Clockwork(self)

    def today(self) -> date:
        """The day in China."""
        return china_day(self.clock())

    def law(self) -> Law:
        """The law with the calendars loaded so far."""
        return self.ledger.law

    def log(self) -> Log:
        """The ledger as those who follow it see it."""
        return self.ledger.recorder

    def signing_key(self) -> SigningKey:
        """The ledger's key, made with the first signature."""
        return SigningKey.load_or_make(self.settings.signing_key_file, self.settings.origin, os.urandom)

    def relay(self) -> RelayStanding | None:
        """How the relay stands, None where none was ever set up. Raises LedgerUnavailable."""
        return standing(self.settings.database_url, self.settings.ledger_name, self.log(), self.clock())

    def desk(self) -> Desk:
        """The reports desk."""
        sealed = SealedFiles(self.vault, self.files)
        return Desk(self.ledger, Sealer(self.vault), sealed, self.signing_key, os.urandom)

    def wait(self, position: int, projection: str) -> bool:
        """Whether a read model has applied the position, at once or within the time that a read waits."""
        return self.follower.wait_for(position, self.settings.wait_seconds, projection)

    def reached(self, projection: str) -> int:
        """The position up to which a read model has applied everything."""
        found = PROJECTIONS[projection]
        return reach(found, self.reads, self.log(), self.partitions, self.clock()).position

    def close(self) -> None:
        """Stop following, then close the ledger and the read models."""
        self.clockwork.stop()
        self.follower.stop()
        self.ledger.close()
        self.reads.close()
        self.vault.close()


def build(settings: Settings, clock: Clock = now) -> Services:
    """Open the ledger and the read models. Nothing follows the ledger before `services.follower.start()`."""
    files = Attachments(settings.files_url)
    reads = Store(settings.read_database_url)
    try:
        ready(reads)
    except SteelyardError:
        reads.close()
        raise
    ledger = Ledger(settings.recorder_env(), Identity(settings.ledger_name, settings.origin), clock)
    opener = partial(open_recorder, settings.recorder_env())
    follower = Embedded(
        list(PROJECTIONS.values()),
        reads,
        ledger.recorder,
        clock=clock,
        opener=opener,
        partitions=partitioned(settings),
    )
    ledger.listeners.append(lambda _position: follower.wake.ring())
    ledger.interested = partial(interested, reads, clock)
    ledger.reports_of = partial(reports_of, reads)
    verifier = Verifier(issuers(settings), clock)
    vault = vault_of(settings)
    filings, codes = (Bucket(size, rate, time.monotonic) for size, rate in (FILINGS, CODES))
    return Services(
        settings, clock, ledger, reads, Current(reads), follower, verifier, vault, files, filings, codes
    )


def interested(reads: Store, clock: Clock, officer: str, uscc: str) -> bool:
    """Whether the relations on record keep an officer away from a business today."""
    with reads.read() as conn:
        return relations.path(conn, officer, uscc, china_day(clock())) is not None


def reports_of(reads: Store, case: str) -> list[str]:
    """The reports on which a case was filed, as far as the read model has come."""
    with reads.read() as conn:
        return reports.of_case(conn, case)


def vault_of(settings: Settings) -> Vault:
    """The keys of sealed data and the codes; opened on first use."""
    bureau = BureauKey(settings.seal_key, settings.seal_key_file, os.urandom)
    return Vault(settings.keys_database_url, bureau, os.urandom)


def partitioned(settings: Settings) -> Partitions:
    """By which partition an aggregate's events come: one and the same where the ledger itself is followed."""
    if settings.kafka is None:
        return ALONE
    count = settings.partitions
    return Partitions(count, lambda aggregate: partition(aggregate.encode(), count))


@cache
def asyncapi(settings: Settings) -> bytes:
    """The AsyncAPI document of this installation's topics, as JSON; needs neither a ledger nor a broker."""
    release = importlib.metadata.version("steelyard")
    secure = settings.kafka_security.endswith("SSL")
    return orjson.dumps(document(Topics.of(settings), release, secure), option=orjson.OPT_INDENT_2)


def issuers(settings: Settings) -> list[Issuer]:
    """Whose tokens are taken: an identity provider's where one is set, else the development issuer's."""
    if settings.oidc_issuer and settings.oidc_jwks_url and settings.oidc_audience:
        return [Issuer(settings.oidc_issuer, KeySetAddress(settings.oidc_jwks_url), settings.oidc_audience)]
    return [Issuer(DEVELOPMENT, KeyFile(settings.auth_key_file), AUDIENCE)]

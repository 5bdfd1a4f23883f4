"""The vault: keys of subjects and hashes of codes, in a database of their own beside the ledger.

A key is made once for a subject, used, and at last destroyed; the row stays and says when, so that a forgotten
subject never gets a new key. Destroying overwrites: in a file with SQLite's secure_delete and no write-ahead log,
on a server by a VACUUM of the table. What backups and a server's log may still hold is wrapped, and useless after the
next rotation of the bureau's key.

Every write takes one lock, so that a rotation meets every key.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, create_engine, delete, event, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from enforcement import databases
from enforcement.errors import Erased, LedgerUnavailable, SettingsError
from enforcement.reports.bureaukey import SIZE, BureauKey, Random, Wrapped
from enforcement.reports.codes import hashed
from enforcement.reports.tables import KEYS, code_salt, secret_codes, subject_keys
from enforcement.store import migrating
from enforcement.values import Text

LOCK = 0x57EE1_0C0D
BUSY_MILLISECONDS = 30_000
SALT = 16


class SubjectKey(NamedTuple):
    """A key and its id."""

    id: str
    key: bytes


class Vault:
    """Keys and codes of one ledger. Opened on first use; safe to share between threads."""

    def __init__(self, url: str, bureau: BureauKey, random: Random) -> None:
        self.url, self.bureau, self._random = url, bureau, random
        self._engine: Engine | None = None
        self._salt: bytes | None = None

    # -- keys --------------------------------------------------------------------------------------------------

    def key_for(self, subject: str) -> SubjectKey:
        """The subject's key, made if it has none; Erased where it was destroyed."""
        with self._writing() as conn:
            row = self._row(conn, subject)
            if row is not None and row.forgotten:
                raise Erased(subject)
            if row is not None:
                key = self.bureau.unwrap(Wrapped(row.wrapper, row.wrapped), subject)
                if key is None:
                    raise _no_bureau_key()
                return SubjectKey(row.key, key)
            return self._made(conn, subject)

    def find(self, subject: str) -> SubjectKey | None:
        """The subject's key; None where it has none, no longer or not one that can be unwrapped."""
        with self._reading() as conn:
            row = self._row(conn, subject)
        if row is None or row.wrapped is None:
            return None
        key = self.bureau.unwrap(Wrapped(row.wrapper, row.wrapped), subject)
        return None if key is None else SubjectKey(row.key, key)

    def forgotten(self, subject: str) -> bool:
        """Whether the subject's key was destroyed."""
        with self._reading() as conn:
            row = self._row(conn, subject)
        return row is not None and row.forgotten is not None

    def forget(self, subject: str, when: str) -> bool:
        """Destroy the subject's key and the codes that open it, for good; whether there was something to do."""
        with self._writing() as conn:
            row = self._row(conn, subject)
            gone = row is not None and row.forgotten is not None
            if row is None:
                conn.execute(insert(subject_keys).values(subject=subject, key=self._id(), forgotten=when))
            elif not gone:
                conn.execute(
                    update(subject_keys)
                    .where(subject_keys.c.subject == subject)
                    .values(wrapper=None, wrapped=None, forgotten=when)
                )
            conn.execute(delete(secret_codes).where(secret_codes.c.thing == subject))
        self._sweep()
        return not gone

    def rotate(self) -> int:
        """Wrap every key by the bureau's current key – a new one where it is in a file –; how many there were.

        The old key is dropped only after all were wrapped anew, so an interrupted rotation is simply run again.
        """
        if self.bureau.in_file:
            self._check_bureau_key()
            self.bureau.renew()
        with self._writing() as conn:
            rows = conn.execute(select(subject_keys).where(subject_keys.c.wrapped.is_not(None))).all()
            for row in rows:
                self._rewrap(conn, row)
        self._sweep()
        if self.bureau.in_file:
            self.bureau.drop_old()
        return len(rows)

    def _rewrap(self, conn: Connection, row: Any) -> None:
        key = self.bureau.unwrap(Wrapped(row.wrapper, row.wrapped), row.subject)
        if key is None:
            raise _no_bureau_key()
        wrapped = self.bureau.wrap(key, row.subject)
        change = update(subject_keys).where(subject_keys.c.subject == row.subject)
        conn.execute(change.values(wrapper=wrapped.wrapper, wrapped=wrapped.content))

    def _made(self, conn: Connection, subject: str) -> SubjectKey:
        if not self.bureau.keys() and self._any(conn):
            raise _no_bureau_key()
        made = SubjectKey(self._id(), self._random(SIZE))
        wrapped = self.bureau.wrap(made.key, subject)
        conn.execute(
            insert(subject_keys).values(
                subject=subject, key=made.id, wrapper=wrapped.wrapper, wrapped=wrapped.content
            )
        )
        return made

    def _check_bureau_key(self) -> None:
        with self._reading() as conn:
            if not self.bureau.keys(make=not self._any(conn)):
                raise _no_bureau_key()

    def _any(self, conn: Connection) -> bool:
        wrapped = select(func.count()).where(subject_keys.c.wrapped.is_not(None))
        return bool(conn.scalar(wrapped))

    def _row(self, conn: Connection, subject: str) -> Any:
        return conn.execute(select(subject_keys).where(subject_keys.c.subject == subject)).one_or_none()

    def _id(self) -> str:
        return f"k-{self._random(8).hex()}"

    # -- codes -------------------------------------------------------------------------------------------------

    def keep_code(self, code: str, kind: str, thing: str) -> None:
        """Remember by its hash what a code opens."""
        kept = hashed(code, self._salted())
        with self._writing() as conn:
            conn.execute(insert(secret_codes).values(hash=kept, kind=kind, thing=thing))

    def opened_by(self, code: str, kind: str) -> str | None:
        """What a code of this kind opens, None where it opens nothing: one hash and one look-up either way."""
        found = hashed(code, self._salted())
        with self._reading() as conn:
            query = select(secret_codes.c.thing).where(
                secret_codes.c.hash == found, secret_codes.c.kind == kind
            )
            return conn.scalar(query)

    def drop_codes(self, thing: str, kind: str) -> None:
        """The codes of this kind open it no longer."""
        with self._writing() as conn:
            conn.execute(
                delete(secret_codes).where(secret_codes.c.thing == thing, secret_codes.c.kind == kind)
            )

    def _salted(self) -> bytes:
        """The one salt, made with the first code."""
        if self._salt is None:
            with self._writing() as conn:
                kept = conn.scalar(select(code_salt.c.salt))
                if kept is None:
                    kept = self._random(SALT)
                    conn.execute(insert(code_salt).values(id=1, salt=kept))
                self._salt = bytes(kept)
        return self._salt

    # -- the database ------------------------------------------------------------------------------------------

    def upgrade(self) -> bool:
        """Bring the tables to this release's form; whether anything was to do."""
        with _answering(), self._opened().connect() as conn, conn.begin():
            return migrating.upgrade(conn, KEYS)

    def form(self) -> str | None:
        """The form that the tables have."""
        with _answering(), self._opened().connect() as conn:
            return migrating.found(conn, KEYS)

    def close(self) -> None:
        if self._engine is not None:
            self._engine.dispose()

    @property
    def _file(self) -> Path | None:
        return databases.file(self.url) if databases.is_sqlite(self.url) else None

    def _opened(self) -> Engine:
        if self._engine is None:
            if self._file:
                self._file.parent.mkdir(parents=True, exist_ok=True)
            arguments = {} if self._file else {"connect_args": {**databases.ALIVE, "connect_timeout": 5}}
            engine = create_engine(self.url, pool_size=2, **arguments)
            if self._file:
                event.listen(engine, "connect", _prepare)
                event.listen(engine, "begin", _begin)
            self._engine = engine
        return self._engine

    def _ready(self) -> Engine:
        """The engine, its tables in the form of this release: in a file they are made, on a server they are not."""
        made = self._engine is not None
        engine = self._opened()
        if not made:
            if self._file:
                self.upgrade()
            else:
                with _answering(), engine.connect() as conn:
                    migrating.check(conn, KEYS)
        return engine

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with _answering(), self._ready().connect() as conn:
            yield conn

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with _answering(), self._ready().connect() as conn, conn.begin():
            if not self._file:
                conn.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
            yield conn

    def _sweep(self) -> None:
        """On a server, take what was overwritten out of the table's pages; a role that may not is no error."""
        if not self._file:
            with self._ready().connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
                try:
                    conn.execute(text("VACUUM subject_keys"))
                except DBAPIError:  # only its owner may
                    conn.rollback()


def _no_bureau_key() -> SettingsError:
    return SettingsError(
        Text(
            "the bureau's key that wrapped the keys of sealed data is not at hand: restore STEELYARD_SEAL_KEY_FILE "
            "or STEELYARD_SEAL_KEY; without it nothing sealed can be read",
            "缺少封存数据密钥的主密钥：请恢复 STEELYARD_SEAL_KEY_FILE 或 STEELYARD_SEAL_KEY，否则封存内容无法读取",
        )
    )


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except (OperationalError, IntegrityError) as error:
        raise LedgerUnavailable(Text("the database of keys does not answer", "密钥数据库无响应")) from error


def _prepare(dbapi: Any, _record: Any) -> None:
    """No write-ahead log, and what is overwritten or removed is zeroed."""
    dbapi.isolation_level = None
    for pragma in (
        f"busy_timeout={BUSY_MILLISECONDS}",
        "journal_mode=DELETE",
        "secure_delete=ON",
        "synchronous=FULL",
    ):
        dbapi.execute(f"PRAGMA {pragma}").close()


def _begin(conn: Connection) -> None:
    conn.exec_driver_sql("BEGIN IMMEDIATE")

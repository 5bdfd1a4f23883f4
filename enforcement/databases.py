"""Database addresses: the two forms the ledger and the read models may have, and nothing else.

`sqlite:///var/steelyard.db` is a file (relative to the working directory; four slashes make it absolute),
`postgresql+psycopg://user:password@host:5432/name` a server; `?host=/folder` names the folder of its socket.
An address is taken apart here once, so that a part the ledger cannot honour is refused and never silently
dropped: TLS and the like belong into libpq's own variables (PGSSLMODE …), which reach every connection.

Nothing here opens a connection.
"""

from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

LOCK_SECONDS = {"sqlite": "10", "postgres": "1"}
"""How long a writer waits for its turn. PostgreSQL's library tries ten times, so a second makes twelve."""

CONNECT_SECONDS = "2"
"""How long one try waits for a connection; the library tries ten times."""
RECONNECT_SECONDS = 2.0
"""After that a lost connection is given up and the next caller makes a new one; longer, and the pauses double."""
ALIVE = {
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
"""For libpq: a server that is gone without a word is noticed within about ten seconds, not after two hours."""
NOTICED = "-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3 -c tcp_user_timeout=10000"
"""The same from the server's side: the locks of a machine that is gone are given back."""


class Server(NamedTuple):
    """The parts of a PostgreSQL address; `host` is a name, an address, or the folder of a socket."""

    host: str
    port: int
    user: str
    password: str
    name: str


def is_sqlite(url: str) -> bool:
    """Whether the address names a file."""
    return url.startswith("sqlite:")


def resolved(url: str, cwd: Path) -> str:
    """The address with its file made absolute, so that it means the same after a change of directory.

    ValueError when it is none of the two forms.
    """
    if not is_sqlite(url):
        server(url)
        return url
    return f"sqlite:///{cwd / file(url)}"


def file(url: str) -> Path:
    """The file of an SQLite address; ValueError when there is none, as for a database in memory."""
    path = url.removeprefix("sqlite:///")
    if path == url or not path or path.endswith("/") or ":memory:" in path or "?" in path:
        raise ValueError("no file")
    return Path(path)


def server(url: str) -> Server:
    """The parts of a PostgreSQL address; ValueError when it is not one or says more than we can honour."""
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
    host = options.pop("host", parts.hostname or "localhost")
    if parts.scheme != "postgresql+psycopg" or options or not parts.username or len(parts.path) < 2:
        raise ValueError("not an address of a PostgreSQL database")
    return Server(
        host,
        parts.port or 5432,
        unquote(parts.username),
        unquote(parts.password or ""),
        unquote(parts.path[1:]),
    )


def recorder_env(url: str, pool_size: int) -> dict[str, str]:
    """What the `eventsourcing` library reads to open the ledger at this address."""
    common = {"ORIGINATOR_ID_TYPE": "text", "CREATE_TABLE": "y"}
    if is_sqlite(url):
        return common | {
            "PERSISTENCE_MODULE": "enforcement.store.sqlite:SQLiteStore",
            "SQLITE_DBNAME": str(file(url)),
            "SQLITE_LOCK_TIMEOUT": LOCK_SECONDS["sqlite"],
        }
    at = server(url)
    return common | {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "APPLICATION_RECORDER_TOPIC": "enforcement.store.postgres:PostgresRecorder",
        "POSTGRES_HOST": at.host,
        "POSTGRES_PORT": str(at.port),
        "POSTGRES_USER": at.user,
        "POSTGRES_PASSWORD": at.password,
        "POSTGRES_DBNAME": at.name,
        "POSTGRES_SCHEMA": "public",
        "POSTGRES_LOCK_TIMEOUT": LOCK_SECONDS["postgres"],
        "POSTGRES_CONNECT_TIMEOUT": CONNECT_SECONDS,
        "POSTGRES_POOL_SIZE": str(pool_size),
        "POSTGRES_MAX_OVERFLOW": str(2 * pool_size),
        "POSTGRES_ENABLE_DB_FUNCTIONS": "n",
    }


def said(error: BaseException) -> str:
    """What a driver says is the matter, in one line; SQLAlchemy wraps it in the statement and an address."""
    return " ".join(str(getattr(error, "orig", None) or error).split())

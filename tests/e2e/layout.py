"""The processes of docker/compose.yaml on this machine without Docker: the same commands and settings, the same
order of starting, and what ends is started again; only addresses, files and the ledger's own names differ.
"""

import contextlib
import os
import shlex
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.e2e.server import Caller
from tests.kafka.broker import free_ports
from tests.unit.dockerfiles import DOCKER, ROOT, dockerfile, environment, ours
from tests.waiting import until

PROGRAMS = {"steelyard": ("-m", "api.cli"), "gunicorn": ("-m", "gunicorn"), "python": ()}
"""What stands in the image under these names, run by this Python."""
CONFIG = "/app/gunicorn.conf.py"
PATIENCE = 60.0


class Process:
    """One process of a service with all its children; `restart: unless-stopped` while it is watched."""

    def __init__(self, name: str, command: Sequence[str], environ: Mapping[str, str], log: Path) -> None:
        self.name, self.log = name, log
        self.exits: list[tuple[int, str]] = []
        """How it ended by itself: exit code, and what it said since it was started."""
        self._command, self._environ = command, environ
        self._running: subprocess.Popen[bytes] | None = None
        self._lock, self._begun = threading.Lock(), 0

    def start(self) -> None:
        with self._lock, self.log.open("ab") as out:
            self._begun = out.tell()
            self._running = subprocess.Popen(
                self._command, cwd=ROOT, env=self._environ, stdout=out, stderr=out, start_new_session=True
            )

    def look(self) -> None:
        """Note that it ended, and start it again."""
        code = None if self._running is None else self._running.poll()
        if code is not None:
            if code != -signal.SIGKILL:
                self.exits.append((code, self.log.read_bytes()[self._begun :].decode(errors="replace")))
            self.start()

    def send(self, how: signal.Signals) -> None:
        """To the process and its children."""
        if self._running is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._running.pid, how)

    def kill(self) -> None:
        """End it for good."""
        self.send(signal.SIGKILL)
        self.wait()

    def wait(self) -> int:
        """Wait for the end it was told to come to; the exit code."""
        with self._lock:
            running, self._running = self._running, None
        return 0 if running is None else running.wait(PATIENCE)


class Layout:
    """Tables, then API, relays and workers, as many as compose asks for or as are given."""

    def __init__(
        self,
        folder: Path,
        url: str,
        brokers: str,
        prefix: str,
        replicas: Mapping[str, int] | None = None,
        changed: Mapping[str, str] | None = None,
    ) -> None:
        self.folder = folder
        self._changed = {
            "STEELYARD_DATABASE_URL": url,
            "STEELYARD_KAFKA": brokers,
            "STEELYARD_TOPIC_PREFIX": prefix,
            "STEELYARD_AUTH_KEY_FILE": str(folder / "key.json"),
            "STEELYARD_HOST": "127.0.0.1",
            **(changed or {}),
        }
        self.callers: list[Caller] = []
        self.processes: list[Process] = []
        for name, service in ours().items():
            if name != "tables":
                wanted = service.get("deploy", {}).get("replicas", 1)
                count = (replicas or {}).get(name, wanted)
                self.processes += [self._process(name, n) for n in range(count)]
        self._stop = threading.Event()
        self._watch = threading.Thread(target=self._keep, daemon=True)

    def start(self) -> None:
        """Make the tables and start everything; return when the API answers."""
        tables = self._command("tables", 0)
        done = subprocess.run(
            tables, cwd=ROOT, env=self.environ("tables"), capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stderr
        for process in self.processes:
            process.start()
        self._watch.start()
        for caller in self.callers:
            until(lambda at=caller: at.request("GET", "/healthz")[0] == 200)  # type: ignore[misc]

    def stop(self) -> dict[str, int]:
        """SIGTERM to all at once, as `docker compose stop` does; the exit codes."""
        self._stop.set()
        self._watch.join()
        return self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Let nothing of it live on."""
        self._stop.set()
        if self._watch.is_alive():
            self._watch.join()
        self._end(signal.SIGKILL)

    def call(self, *words: str) -> subprocess.CompletedProcess[str]:
        """A command, as in the API's container."""
        command = [sys.executable, "-m", "api.cli", *words]
        environ = self.environ("api")
        return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=300)

    def of(self, service: str) -> list[Process]:
        """The processes of a service."""
        return [process for process in self.processes if process.name.startswith(f"{service}-")]

    def environ(self, service: str) -> dict[str, str]:
        """As compose gives it, with the addresses of this machine; no port for figures, as all share a host."""
        own = {k: v for k, v in os.environ.items() if not k.startswith("STEELYARD_")}
        given = {k: v for k, v in environment(ours()[service]).items() if k.startswith("STEELYARD_")}
        given.pop("STEELYARD_METRICS_PORT", None)
        return own | given | self._changed

    def _end(self, how: signal.Signals) -> dict[str, int]:
        """Tell each once, and wait for all: a second signal would meet those that are nearly gone."""
        for process in self.processes:
            process.send(signal.SIGCONT)
            process.send(how)
        return {process.name: process.wait() for process in self.processes}

    def _process(self, service: str, number: int) -> Process:
        environ = self.environ(service)
        if service == "api":
            self.callers.append(Caller(self.folder / "key.json", free_ports(1)[0]))
            environ["STEELYARD_PORT"] = str(self.callers[-1].port)
        name = f"{service}-{number}"
        return Process(name, self._command(service, number), environ, self.folder / f"{name}.log")

    def _command(self, service: str, _number: int) -> list[str]:
        program, *words = ours()[service].get("command") or _image_command()
        words = [str(DOCKER / "gunicorn.conf.py") if word == CONFIG else word for word in words]
        return [sys.executable, *PROGRAMS[program], *words]

    def _keep(self) -> None:
        while not self._stop.wait(0.2):
            for process in self.processes:
                process.look()


def _image_command() -> list[str]:
    """What a container runs that names no command."""
    (found,) = [each.value for each in dockerfile() if each.name == "CMD"]
    return shlex.split(found.strip("[]").replace(",", " "))


@contextlib.contextmanager
def running(*given: Any, **options: Any) -> Iterator[Layout]:
    """A layout that is started, and gone afterwards whatever happens."""
    layout = Layout(*given, **options)
    try:
        layout.start()
        yield layout
    finally:
        layout.kill()

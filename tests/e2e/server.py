"""`steelyard serve` as a user starts it: a process of its own, over HTTP, which a test may kill at any moment."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from pathlib import Path
from typing import Any

from api.keys import KeyFile
from api.tokens import issue

READY_SECONDS = 60.0


class Caller:
    """Whoever asks an API on this machine, with tokens of the development issuer."""

    def __init__(self, key: Path, port: int = 0) -> None:
        self.key, self.port = key, port

    def token(self, role: str, actor: str) -> str:
        """A token for the whole bureau."""
        return issue(KeyFile(self.key), actor, (role,), "330300", datetime.now(UTC), timedelta(hours=1))

    def request(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, Mapping[str, str], Any]:
        """Status (0 when nobody answers), headers and body of one request."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", data, dict(headers or {}), method=method
        )
        if data is not None:
            request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, answer.headers, _json(answer.read())
        except urllib.error.HTTPError as error:
            return error.code, error.headers, _json(error.read())
        except (OSError, ValueError, HTTPException):
            return 0, {}, None


class Server(Caller):
    """One embedded server on a ledger in a folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / "key.json")
        self.folder = folder
        self.environ = {
            **{name: value for name, value in os.environ.items() if not name.startswith("STEELYARD_")},
            "STEELYARD_DATABASE_URL": f"sqlite:///{folder}/ledger.db",
            "STEELYARD_AUTH_KEY_FILE": str(self.key),
        }
        self.program = [sys.executable, "-m", "api.cli", "serve", "--port", "0"]
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and wait until it answers that it is ready."""
        log = self.folder / "serve.log"
        written = log.stat().st_size if log.exists() else 0
        with log.open("ab") as out:
            self.process = subprocess.Popen(self.program, env=self.environ, stdout=out, stderr=out)
        end = time.monotonic() + READY_SECONDS
        while time.monotonic() < end:
            found = re.search(rb"http://127\.0\.0\.1:(\d+)", log.read_bytes()[written:])
            if found:
                self.port = int(found[1])
                if self.request("GET", "/healthz")[0] == 200:
                    return
            time.sleep(0.05)
        raise AssertionError(log.read_text(errors="replace"))

    def kill(self) -> None:
        """kill -9: nothing is told, nothing is flushed."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        """SIGTERM, as an operator stops it; the exit code."""
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(30)

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """A `steelyard` command on the same files."""
        return subprocess.run(
            [sys.executable, "-m", "api.cli", *words],
            env=self.environ,
            capture_output=True,
            text=True,
            timeout=120,
        )


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body

"""The README's tour, run as a reader runs it: every command, and every output that is printed there."""

import re
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.server import Server

README = Path(__file__).parents[2] / "README.md"


def tour() -> Iterator[tuple[str, str]]:
    """Each block of commands of the tour with the output printed under it, empty where there is none."""
    text = README.read_text(encoding="utf-8").partition("## A tour")[2].partition("## Where things are")[0]
    blocks = re.findall(r"^```(\w*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    for at, (kind, body) in enumerate(blocks):
        if kind == "sh":
            printed = blocks[at + 1][1] if at + 1 < len(blocks) and blocks[at + 1][0] == "" else ""
            yield body, printed


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path)
    server.program = [sys.executable, "-m", "api.cli", "demo"]
    server.environ["STEELYARD_PORT"] = str(free_port())
    for name in ("SEAL_KEY_FILE", "SIGNING_KEY_FILE", "FILES_URL"):
        server.environ[f"STEELYARD_{name}"] = str(tmp_path / name.lower())
    server.start()
    yield server
    server.kill()


def test_every_command_of_the_tour_prints_what_the_readme_says(demo: Server, tmp_path: Path) -> None:
    script = "\n".join(f"{commands}\necho; echo '=== {n}'" for n, (commands, _) in enumerate(tour()))
    program = tmp_path / "bin" / "steelyard"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m api.cli "$@"\n')
    program.chmod(0o755)
    script = script.replace("$PWD/.venv/bin", str(program.parent)).replace(
        "http://127.0.0.1:8080", f"http://127.0.0.1:{demo.port}"
    )
    with tempfile.TemporaryFile("w+") as faults:
        done = subprocess.run(
            ["bash", "-c", script],
            env=demo.environ,
            stdout=subprocess.PIPE,
            stderr=faults,
            text=True,
            timeout=300,
        )
        faults.seek(0)
        said = faults.read()
    printed = re.split(r"\n=== \d+\n", done.stdout)
    assert len(printed) == len(list(tour())) + 1, said
    for (commands, expected), given in zip(tour(), printed, strict=False):
        if expected:
            pattern = ".*".join(map(re.escape, expected.strip().split("…")))
            assert re.fullmatch(pattern, _lines(given), re.DOTALL), f"{commands}\n{given}\n{said}"


def _lines(text: str) -> str:
    """Answers of curl end without a line break: one object a line."""
    return text.strip().replace("}{", "}\n{")

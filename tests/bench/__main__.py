"""`make bench`: every figure of the README, each with the aim it is held to. `python -m tests.bench [--long] NAME…`.

Without names all are measured, those over real services as well. `--long` takes the million events where a fifth
of them is the rule. A suite that fails or takes longer than its limit is told; the others go on, and the end is 1.
"""

import argparse
import importlib
import signal
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from tests.bench.frame import Figure, show

EMBEDDED = (
    *("commands", "imports", "registers", "pools", "readmodels", "requests"),
    *("draw", "freeze", "credit", "codes"),
)
SERVICES = ("relay", "latency", "takeover", "memory", "worker", "rebuild")
LIMIT, LONG_LIMIT = 480, 2400
"""Seconds that a suite may take on a machine of its own."""


def main(names: list[str], long: bool) -> int:
    """Run the suites named, all by default, each in a folder of its own; how many did not come to their end."""
    figures: list[Figure] = []
    failed = 0
    console = Console(stderr=True)
    for name in names or EMBEDDED + SERVICES:
        suite = importlib.import_module(f"tests.bench.{name}")
        try:
            with (
                console.status(f"measuring {name} …"),
                tempfile.TemporaryDirectory() as folder,
                _limited(LONG_LIMIT if long else LIMIT),
            ):
                for figure in suite.figures(Path(folder), long):
                    figures.append(figure)
        except Exception:
            failed += 1
            console.print(f"{name} did not come to its end:\n{traceback.format_exc()}")
    show(figures)
    return failed


@contextmanager
def _limited(seconds: int) -> Iterator[None]:
    """TimeoutError when it takes longer."""

    def end(*_: object) -> None:
        raise TimeoutError(f"more than {seconds} s")

    signal.signal(signal.SIGALRM, end)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)


def _words() -> argparse.Namespace:
    words = argparse.ArgumentParser(prog="python -m tests.bench", description="Measure, print ratios.")
    words.add_argument("--long", action="store_true", help="a million events where a fifth is the rule")
    words.add_argument("names", nargs="*", metavar="NAME", help=", ".join(EMBEDDED + SERVICES))
    given = words.parse_args()
    if unknown := set(given.names) - {*EMBEDDED, *SERVICES}:
        words.error(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(EMBEDDED + SERVICES)}")
    return given


if __name__ == "__main__":
    given = _words()
    sys.exit(bool(main(given.names, given.long)))

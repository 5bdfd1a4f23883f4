"""`make bench`: every figure of the README, each with the aim it is held to. `python -m tests.bench NAME…` for some."""

import importlib
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from tests.bench.frame import Figure, show

SUITES = ("commands", "imports", "readmodels", "requests")


def main(names: list[str]) -> None:
    """Run the suites named, all by default, each in a folder of its own."""
    figures: list[Figure] = []
    console = Console(stderr=True)
    for name in names or SUITES:
        suite = importlib.import_module(f"tests.bench.{name}")
        with console.status(f"measuring {name} …"), tempfile.TemporaryDirectory() as folder:
            figures += suite.figures(Path(folder))
    show(figures)


if __name__ == "__main__":
    main(sys.argv[1:])

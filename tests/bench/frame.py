"""How a figure is measured and shown: ours and a baseline in turn, in one run, as a ratio.

Speed is never asserted in a test: machines differ. A ratio against the bare library on the same machine in the
same minute is what can be repeated.
"""

import json
import os
import platform
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Figure:
    """One measured ratio. `ours` and `baseline` are per second unless `unit` says otherwise; `aim` as written."""

    name: str
    ours: float
    baseline: float
    ratio: float
    aim: str
    unit: str
    against: str


def rate(work: Callable[[], int]) -> float:
    """Things done per second by one call."""
    begun = time.perf_counter()
    done = work()
    return done / (time.perf_counter() - begun)


def in_turn(
    name: str,
    ours: Callable[[], int],
    baseline: Callable[[], int],
    *,
    aim: str,
    unit: str,
    against: str,
    rounds: int = 7,
) -> Figure:
    """Both in turn, a round of warm-up first; the medians of the rates and of the ratios round by round."""
    ours(), baseline()
    pairs = [(rate(ours), rate(baseline)) for _ in range(rounds)]
    return Figure(
        name,
        statistics.median(a for a, _ in pairs),
        statistics.median(b for _, b in pairs),
        statistics.median(a / b for a, b in pairs),
        aim,
        unit,
        against,
    )


def _rounded(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def show(figures: Iterable[Figure]) -> None:
    """A table for people, then one JSON object a line for programs."""
    listed = list(figures)
    load = os.getloadavg()[0]
    table = Table(
        title=f"Python {platform.python_version()}, {os.cpu_count()} cores, load {load:.1f} at the end"
    )
    for column in ("figure", "ours", "baseline", "ratio", "aim", "unit", "against"):
        table.add_column(column, justify="right" if column in ("ours", "baseline", "ratio") else "left")
    for f in listed:
        table.add_row(
            f.name, _rounded(f.ours), _rounded(f.baseline), f"{f.ratio:.2f}", f.aim, f.unit, f.against
        )
    Console(width=160).print(table)
    for f in listed:
        print(json.dumps(asdict(f), ensure_ascii=False))

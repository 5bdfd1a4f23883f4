"""docs/capacity.md, computed from `capacity.toml`: what a city, a province and the nation need, and what ends first.

Nothing is measured here and no number is written by hand: every one follows from the table by the arithmetic below.
"""

import math
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).with_name("capacity.toml")
PAGE = Path(__file__).parents[2] / "docs" / "capacity.md"

SCALES = {"Wenzhou": 1, "a province (11 cities)": 11, "the nation (120 × Wenzhou)": 120}
YEAR = 365 * 86_400
YEARS = 10
PEAK = 10
"""The design peak of what people record, over its mean (law.md 7.3)."""
MONTH_END = 3600
"""Seconds in which the month's re-classing has to be through every stage."""
WEEKEND = 48 * 3600
"""Seconds that a rebuild of all years may take."""
ROWS = 100_000_000
"""Rows of one partition of the event table: its indexes still fit into the memory of a middling server."""
SPARE = 2
"""Partitions for each worker that is needed, as their number is fixed for the life of a topic."""
PARTITIONS = 12


@dataclass(frozen=True)
class Need:
    """What one ledger of so many Wenzhous has to carry, and what that takes."""

    times: int
    events: float
    """A year."""
    people: float
    """Of them recorded one by one."""
    classes: float
    """The largest monthly job."""

    @property
    def peak(self) -> float:
        """Single saves a second at the peak."""
        return PEAK * self.people / YEAR


@dataclass(frozen=True)
class Limit:
    """A part, the seconds (or saves a second) that are used of those it has, and what moves it."""

    name: str
    used: float
    moves: str


def read() -> dict[str, Any]:
    return tomllib.loads(SOURCE.read_text("utf-8"))


def need(volumes: list[dict[str, Any]], times: int) -> Need:
    """The load of so many Wenzhous."""
    every = [(v["a_year"] * v["events"] * times, v["bulk"]) for v in volumes]
    largest = max(v["a_year"] for v in volumes) * times / 12
    return Need(times, sum(n for n, _ in every), sum(n for n, bulk in every if not bulk), largest)


def workers(of: Need, rate: dict[str, float]) -> int:
    """Processes of one projection, so that the month's job is visible in time."""
    return max(2, math.ceil(of.classes / MONTH_END / rate["worker"]))


def partitions(of: Need, rate: dict[str, float]) -> int:
    return max(PARTITIONS, SPARE * workers(of, rate))


def pieces(of: Need) -> int:
    """Partitions of the event table after so many years: a power of two, as they are by hash."""
    return 1 << math.ceil(math.log2(max(1.0, of.events * YEARS / ROWS)))


def limits(of: Need, rate: dict[str, float]) -> list[Limit]:
    """Each part by the share of it that is used, the tightest first; above 1 it is not enough."""
    found = [
        Limit(
            "single saves at the peak: the table's lock", of.peak / rate["save"], "a ledger for each bureau"
        ),
        Limit(
            "the month's job into the ledger",
            of.classes / rate["append"] / MONTH_END,
            "a ledger for each bureau",
        ),
        Limit(
            "the month's job through the relay",
            of.classes / rate["relay"] / MONTH_END,
            "a relay for each ledger",
        ),
        Limit(
            "the month's job through one worker",
            of.classes / rate["worker"] / MONTH_END,
            "further workers, up to the number of partitions",
        ),
        Limit(
            f"a rebuild of {YEARS} years over a weekend, one process",
            of.events * YEARS / rate["rebuild"] / WEEKEND,
            "further processes (`--workers`) and cores; the live version serves meanwhile",
        ),
    ]
    return sorted(found, key=lambda limit: -limit.used)


def lines() -> Iterator[str]:
    """The page."""
    given = read()
    rate = {m["id"]: float(m["value"]) for m in given["measured"]}
    needs = {name: need(given["volume"], times) for name, times in SCALES.items()}
    yield "# Capacity, on paper"
    yield ""
    yield "What one ledger would need if it carried a city, a province or the nation. Made by"
    yield "`python -m tests.bench.capacity` from [the figures](../tests/bench/capacity.toml); nothing here was run at"
    yield "this size. One ledger a bureau is how it is meant to be run: the last column shows why."
    yield from _table("What was measured", ("figure", "value", "from"), _measured(given["measured"]))
    yield from _table(
        "What a year of Wenzhou brings",
        ("what", "a year", "events each", "events"),
        _volumes(given["volume"]),
    )
    yield from _table("What it takes", ("", *SCALES), _taken(needs, rate))
    yield ""
    yield f"Peak: {PEAK} × the mean of what people record. Workers: the largest monthly job visible within"
    yield f"{MONTH_END // 60} minutes, at least two so that one may die. Partitions: {SPARE} for each worker, at least"
    yield f"{PARTITIONS}. Table partitions: by hash of the aggregate's id, at most {ROWS:,} rows each after {YEARS}"
    yield "years; by position they could not keep an aggregate's version unique, which the ledger stands on."
    yield "The table is not partitioned as shipped: one is enough for the first years of a city."
    for name, of in needs.items():
        yield from _table(
            f"What ends first: {name}",
            ("part", "used", "what moves it"),
            [(x.name, f"{x.used:.1%}", x.moves) for x in limits(of, rate)],
        )
    yield ""
    yield from _conclusion(needs, rate)


def _measured(measured: list[dict[str, Any]]) -> Iterator[tuple[str, ...]]:
    for m in measured:
        yield m["what"], f"{m['value']:,} {m['unit']}", m["source"]


def _volumes(volumes: list[dict[str, Any]]) -> Iterator[tuple[str, ...]]:
    for v in volumes:
        yield v["what"], f"{v['a_year']:,}", str(v["events"]), f"{v['a_year'] * v['events']:,}"
    yield "all", "", "", f"{sum(v['a_year'] * v['events'] for v in volumes):,}"


def _taken(needs: dict[str, Need], rate: dict[str, float]) -> Iterator[tuple[str, ...]]:
    every = list(needs.values())
    yield "events a year", *(f"{of.events:,.0f}" for of in every)
    yield "mean, events/s", *(f"{of.events / YEAR:,.1f}" for of in every)
    yield "people's saves at the peak, /s", *(f"{of.peak:,.1f}" for of in every)
    yield "largest monthly job, events", *(f"{of.classes:,.0f}" for of in every)
    yield "workers a projection", *(str(workers(of, rate)) for of in every)
    yield "topic partitions", *(str(partitions(of, rate)) for of in every)
    yield f"event table after {YEARS} years, TB", *(_tera(of, rate["row"]) for of in every)
    yield "its partitions", *(str(pieces(of)) for of in every)
    yield f"topic after {YEARS} years, TB a replica", *(_tera(of, rate["message"]) for of in every)
    yield (
        "the same a partition, GB",
        *(f"{of.events * YEARS * rate['message'] / 1e9 / partitions(of, rate):,.0f}" for of in every),
    )
    yield (
        f"rebuild of {YEARS} years, hours",
        *(f"{of.events * YEARS / rate['rebuild'] / 3600:,.1f}" for of in every),
    )


def _tera(of: Need, size: float) -> str:
    return f"{of.events * YEARS * size / 1e12:,.2f}"


def _conclusion(needs: dict[str, Need], rate: dict[str, float]) -> Iterator[str]:
    yield "## The first limit"
    yield ""
    for name, of in needs.items():
        first = limits(of, rate)[0]
        word = "is passed" if first.used > 1 else "is the nearest, and is not reached"
        yield f"* **{name}**: {first.name} ({first.used:.1%}) {word}. What moves it: {first.moves}."
    yield ""
    yield "What no further worker, partition or core moves is the table's lock: positions rise in the order of commits"
    yield "because one save is made at a time. So the nation is not one ledger but one for each bureau, each with its"
    yield "own database, relay and topics; an outside consumer reads as many topics as there are bureaux."


def _table(title: str, head: tuple[str, ...], rows: Any) -> Iterator[str]:
    yield from ("", f"## {title}", "")
    yield _row(head)
    yield _row(("---",) * len(head))
    yield from map(_row, rows)


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


def page() -> str:
    return "\n".join(lines()) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
    sys.stdout.write(f"{PAGE.name} written\n")

"""Scoring one by one, and a what-if over a made-up city of a million businesses with five million facts.

The facts are those of a small city with a dense history, again and again under other codes; they come as documents,
as a read model keeps them, and decoding them is part of the figure.
"""

import resource
import time
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from itertools import accumulate
from pathlib import Path
from typing import Generic, TypeVar

import orjson
import polars as pl

from enforcement.credit.city import City
from enforcement.credit.facts import Fact
from enforcement.credit.parsing import parse
from enforcement.credit.reading import read
from enforcement.credit.scoring import score
from projections.whatif import columns
from projections.whatif.checking import SAMPLE, check
from projections.whatif.columns import Page
from projections.whatif.simulate import Simulation, days_from, simulate
from tests.bench.frame import Figure
from tests.unit.credit import oracle

T = TypeVar("T")
UNTIL = date(2026, 11, 23)
SMALL = 5_000
BUSY = 8
BUSINESSES = 1_000_000
FACTS = 5_000_000
SHIPPED = files("enforcement.credit").joinpath("policies", "wenzhou-metrology-2026.yaml").read_text("utf-8")
POLICY = parse(SHIPPED)
DRAFT = parse(SHIPPED.replace("fixed: -15", "fixed: -22").replace("id: wenzhou-metrology-2026", "id: draft"))


def figures(folder: Path, _long: bool) -> Iterator[Figure]:
    """score() calls a second; a what-if in scores a second and in seconds, and what `score()` says of its answers."""
    small = facts_of(City("bench", SMALL, UNTIL, busy=BUSY))
    ours, naive = one_by_one(small), naively(small)
    yield Figure("score()", ours, naive, ours / naive, "-", "scores/s", "the naive oracle of the tests")
    begun = time.perf_counter()
    every = columns.businesses(f"{number:018d}" for number in range(BUSINESSES))
    found = what_if(small, every)
    took = time.perf_counter() - begun
    whole = 2 * len(days_from(UNTIL)) * found.businesses / took
    yield Figure("what-if", whole, ours, whole / ours, ">= 20", "scores/s", "a loop over score()")
    size = f"what-if, {found.businesses:,} businesses, {found.facts:,} facts"
    yield Figure(size, took, 60, took / 60, "< 1", "seconds", "a minute")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield Figure("memory of it", memory, 4096, memory / 4096, "< 1", "MiB", "4 GiB")
    known = Again(small)
    checked = check(found, every, lambda codes: {code: known.of(int(code)) for code in codes})
    same = checked.businesses - len(checked.different)
    label = f"equal to score(), of {SAMPLE:,} and all {found.movers.height:,} that change class"
    yield Figure(
        label, same, checked.businesses, same / checked.businesses, "1", "businesses", "those scored again"
    )


def facts_of(city: City) -> list[list[Fact]]:
    """The facts of every business of a city."""
    found: dict[str, list[Fact]] = {uscc: [] for uscc in city.codes()}
    for id, events in city.histories():
        for fact in read(id, list(enumerate(events, 1))).facts:
            found[fact.uscc].append(fact)
    return list(found.values())


def one_by_one(small: list[list[Fact]]) -> float:
    begun = time.perf_counter()
    for facts in small:
        score(facts, POLICY, UNTIL)
    return len(small) / (time.perf_counter() - begun)


def naively(small: list[list[Fact]]) -> float:
    from enforcement.credit import written

    document, some = written.read(SHIPPED), [[fact.dump() for fact in facts] for facts in small[:300]]
    begun = time.perf_counter()
    for facts in some:
        oracle.result(document, facts, UNTIL)
    return len(some) / (time.perf_counter() - begun)


def what_if(small: list[list[Fact]], every: pl.DataFrame) -> Simulation:
    """The small city until there are enough businesses and facts."""
    documents = [[orjson.dumps(fact.dump()) for fact in facts] for facts in small]
    wanted = columns.Wanted.by([DRAFT, POLICY])
    return simulate(DRAFT, POLICY, every, columns.facts(_pages(documents), every, wanted), UNTIL)


class Again(Generic[T]):
    """What every business of the million has: that of its like in the small city, while there are facts left."""

    def __init__(self, small: list[list[T]]) -> None:
        self._small, self._before = small, [0, *accumulate(map(len, small))]

    def of(self, number: int) -> list[T]:
        rounds, place = divmod(number, len(self._small))
        left = FACTS - rounds * self._before[-1] - self._before[place]
        return self._small[place][: max(0, left)]


def _pages(documents: list[list[bytes]]) -> Iterator[Page]:
    page: list[tuple[str, bytes]] = []
    again = Again(documents)
    for number in range(BUSINESSES):
        page += [(f"{number:018d}", document) for document in again.of(number)]
        if len(page) >= 100_000:
            yield page
            page = []
    yield page

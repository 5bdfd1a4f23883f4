"""The columns held against the pure score: of a sample, and of everyone whose class the draft would change."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import polars as pl

from enforcement.credit.facts import Fact
from enforcement.credit.policy import GRADES, Policy
from enforcement.credit.scoring import score
from projections.whatif.simulate import Simulation

SAMPLE = 20_000
PIECE = 5_000
FactsOf = Callable[[Sequence[str]], Mapping[str, Iterable[Fact]]]
"""The facts of some businesses, by code; one without facts may be missing."""


class Checked(NamedTuple):
    """How many businesses were scored again one by one, and the codes of those of which the two ways differ."""

    businesses: int
    different: tuple[str, ...]


def check(found: Simulation, every: pl.DataFrame, facts_of: FactsOf, sample: int = SAMPLE) -> Checked:
    """Score every n-th business, and all that change class, one by one under both policies."""
    step = max(1, every.height // sample) if sample else every.height + 1
    chosen = every.gather_every(step)["uscc"].to_list() if sample else []
    codes = sorted({*chosen, *found.movers["uscc"].to_list()})
    scores = found.scores.join(every, on="business").select("uscc", *_COLUMNS)
    different: list[str] = []
    for first in range(0, len(codes), PIECE):
        piece = codes[first : first + PIECE]
        facts = facts_of(piece)
        rows = scores.filter(pl.col("uscc").is_in(piece)).iter_rows()
        different += [
            str(uscc) for uscc, *row in rows if row != _one(facts.get(uscc, ()), found, found.days[0])
        ]
    return Checked(len(codes), tuple(different))


_COLUMNS = ("total_before", "total_after", "grade_before", "grade_after")


def _one(facts: Iterable[Fact], found: Simulation, today: date) -> list[int]:
    known = list(facts)
    before, after = (_scored(known, policy, today) for policy in (found.current, found.draft))
    return [before[0], after[0], before[1], after[1]]


def _scored(facts: Sequence[Fact], policy: Policy, today: date) -> tuple[int, int]:
    made = score(facts, policy, today)
    return made.total, GRADES.index(made.grade)

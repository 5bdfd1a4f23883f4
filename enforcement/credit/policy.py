"""A scoring policy 评分规则 as an immutable value: what its document says, in types that scoring can count with.

Points are whole hundredths, money is whole fen, lengths are months. The document is read in three steps – its text
(`written.py`), its form (`policy_form.py`), its meaning (here, with the checks of `policy_check.py`) – and each says
everything that is wrong with it. A policy is known by the SHA-256 of its canonical document, and nothing falls through
to a policy that has ended: a day without one is an error.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal, NamedTuple

from enforcement.credit.conditions import ALWAYS, Condition
from enforcement.errors import NotFound
from enforcement.values import Text

GRADES = ("A", "B", "C", "D")
"""From low risk to high."""


class NoPolicy(NotFound):
    """No scoring policy is in force on a day; an earlier or later one never steps in."""

    def __init__(self, on: date) -> None:
        super().__init__("scoring policy", on.isoformat())
        self.message = Text(f"no scoring policy is in force on {on}", f"{on} 无现行有效的评分规则")
        self.args = (self.message.en,)


class GradeRange(NamedTuple):
    """A class and its totals, in hundredths: from `least` to just below `below`; None at the ends."""

    grade: str
    least: int | None
    below: int | None

    def holds(self, total: int) -> bool:
        return (self.least is None or total >= self.least) and (self.below is None or total < self.below)


class Category(NamedTuple):
    """Clauses whose lines together are not below `least` and not above `most` (hundredths)."""

    id: str
    text: Text
    least: int | None
    most: int | None


@dataclass(frozen=True)
class Points:
    """Points at the start, in hundredths: `fixed`, or `each` per unit of `field` up to `most`, or by `bands`."""

    fixed: int = 0
    field: str | None = None
    each: int | None = None
    most: int | None = None
    bands: tuple[tuple[int, int], ...] = ()
    """(from a quantity on, points), ascending."""


@dataclass(frozen=True)
class Fade:
    """How points fade: `steps` are (after months, percent kept), ascending; `months` None: until something ends it.

    The months run from the line's first day, or from the state `since` where the event has come into it.
    """

    kind: Literal["none", "step", "linear"]
    months: int | None = None
    steps: tuple[tuple[int, int], ...] = ()
    since: str | None = None


@dataclass(frozen=True)
class Clause:
    """One clause. A veto has `at_best` – no class better than it – and no points.

    It counts from the event's own day; where `after` names a date of the event, not before the day after that; where
    `state` names a state, from that on. `ends` are the states that end it early. `again_within` months: it counts
    only where an earlier event meets its conditions too, and still stands. Of the clauses of one `group` only the
    first that an event meets counts. `once_per` names a field: of the events with one value of it only the earliest
    that stands counts.
    """

    id: str
    on: tuple[str, ...]
    points: Points
    fade: Fade
    article: str
    text: Text
    when: Condition = ALWAYS
    category: str | None = None
    at_best: str | None = None
    after: str | None = None
    state: str | None = None
    ends: frozenset[str] = frozenset()
    again_within: int | None = None
    group: str | None = None
    once_per: str | None = None


class Sampling(NamedTuple):
    """How a class is drawn: the ratio as a reduced fraction `p/q`, the most visits a year (None: as needed)."""

    ratio: str
    visits: int | None


@dataclass(frozen=True)
class Policy:
    """One policy. `hash` is the SHA-256 of its canonical document, `text` the document as written."""

    id: str
    hash: str
    text: str
    title: Text
    basis: tuple[str, ...]
    valid_from: date
    valid_to: date | None
    base: int
    grades: tuple[GradeRange, ...]
    categories: tuple[Category, ...]
    clauses: tuple[Clause, ...]
    sampling: Mapping[str, Sampling]

    @cached_property
    def by_type(self) -> Mapping[str, Sequence[tuple[int, Clause]]]:
        """The clauses with their places, by event type."""
        found: dict[str, list[tuple[int, Clause]]] = {}
        for place, clause in enumerate(self.clauses):
            for topic in clause.on:
                found.setdefault(topic, []).append((place, clause))
        return found

    @cached_property
    def category_of(self) -> Mapping[str, str | None]:
        """The category of each clause, None for a veto."""
        return {clause.id: clause.category for clause in self.clauses}

    def grade(self, total: int, at_best: Iterable[str] = ()) -> str:
        """The class of a total in hundredths, not better than any of those given."""
        by_total = next(row.grade for row in self.grades if row.holds(total))
        return max((by_total, *at_best), key=GRADES.index)


def in_force(policies: Iterable[Policy], on: date) -> Policy:
    """The policy of a day: of those that have begun the latest, of two from one day the one adopted later.

    `policies` in the order in which they were adopted. NoPolicy when there is none, or the latest has ended.
    """
    begun = [policy for policy in policies if policy.valid_from <= on]
    latest = max(enumerate(begun), key=lambda n: (n[1].valid_from, n[0]), default=None)
    if latest is None or (latest[1].valid_to is not None and latest[1].valid_to < on):
        raise NoPolicy(on)
    return latest[1]


def hundredths(text: str) -> int:
    """Points (or an amount) with at most two decimals as a whole number: `-7.5` is -750."""
    whole, _, rest = text.lstrip("-").partition(".")
    number = int(whole) * 100 + int(rest.ljust(2, "0") or 0)
    return -number if text.startswith("-") else number


def points_text(points: int) -> str:
    """Hundredths as a decimal without needless zeros: -750 is `-7.5`."""
    whole, rest = divmod(abs(points), 100)
    digits = f"{whole}.{rest:02d}".rstrip("0").rstrip(".")
    return f"-{digits}" if points < 0 else digits

"""What a field may be, and boxes of such ranges: the arithmetic of conditions, exact and without a case tried."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Range:
    """The values that are left for a field: one of `only`, none of `without`, from `low` to `high` (both included)."""

    only: frozenset[Any] | None = None
    without: frozenset[Any] = frozenset()
    low: Any = None
    high: Any = None

    def has(self, value: Any) -> bool:
        return (
            (self.only is None or value in self.only)
            and value not in self.without
            and (self.low is None or value >= self.low)
            and (self.high is None or value <= self.high)
        )

    @property
    def empty(self) -> bool:
        if self.only is not None:
            return not any(map(self.has, self.only))
        if self.low is None or self.high is None:
            return False
        return self.low > self.high or self._hollow

    @property
    def _hollow(self) -> bool:
        """Whether what is excepted is all that lies between the bounds; told of whole numbers alone."""
        whole = isinstance(self.low, int) and self.high - self.low < len(self.without)
        return whole and self.without.issuperset(range(self.low, self.high + 1))

    def both(self, other: "Range") -> "Range":
        """What both leave."""
        only = (
            self.only if other.only is None else other.only if self.only is None else self.only & other.only
        )
        lows = [one for one in (self.low, other.low) if one is not None]
        highs = [one for one in (self.high, other.high) if one is not None]
        return Range(only, self.without | other.without, max(lows, default=None), min(highs, default=None))

    def within(self, other: "Range") -> bool:
        """Whether the other leaves everything that this one does."""
        if self.only is not None:
            return all(other.has(value) for value in self.only if self.has(value))
        low = other.low is None or (self.low is not None and self.low >= other.low)
        high = other.high is None or (self.high is not None and self.high <= other.high)
        return other.only is None and low and high and not any(map(self.has, other.without))

    def minus(self, other: "Range") -> "list[Range]":
        """What this one leaves and the other does not, in parts that have nothing in common."""
        if self.only is not None:
            parts = [Range(frozenset(value for value in self.only if not other.has(value)))]
        elif other.only is not None:
            parts = [Range(without=frozenset(filter(other.has, other.only)))]
        else:
            low, high = other.low, other.high
            parts = [Range(frozenset(filter(Range(low=low, high=high).has, other.without)))]
            parts += [] if low is None else [Range(high=low, without=frozenset({low}))]
            parts += [] if high is None else [Range(low=high, without=frozenset({high}))]
        return [part for part in map(self.both, parts) if not part.empty]


Box = dict[str, tuple[Range, ...]]
"""Field → what is asked of it: one range, or of a list each comparison's own."""

"""The assignment by its definition: all staffings written down, and picked from. Shares no code with the program."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

Team = frozenset[str]


def staffings(
    eligible: Sequence[Sequence[str]], caps: Mapping[str, int], team: int
) -> Iterator[tuple[Team, ...]]:
    """Every way to give each object `team` different eligible inspectors, none above its cap."""
    if not eligible:
        yield ()
        return
    for first in combinations(eligible[0], team):
        left = {name: cap - (name in first) for name, cap in caps.items()}
        if min(left.values()) >= 0:
            for rest in staffings(eligible[1:], left, team):
                yield (frozenset(first), *rest)


def square(staffing: Sequence[Team]) -> int:
    """The sum of the squared loads."""
    names = [name for team in staffing for name in team]
    return sum(names.count(name) ** 2 for name in set(names))


def assigned(
    eligible: Sequence[Sequence[str]], caps: Mapping[str, int], team: int, lots: Sequence[Sequence[str]]
) -> list[list[str]] | None:
    """The assignment of the specification, word by word; None where there is no staffing."""
    every = list(staffings(eligible, caps, team))
    if not every:
        return None
    least = min(map(square, every))
    even = [staffing for staffing in every if square(staffing) == least]
    result = []
    for number in range(len(eligible)):
        given: list[str] = []
        while len(given) < team:
            for name in lots[number]:
                containing = [staffing for staffing in even if {*given, name} <= staffing[number]]
                if name not in given and containing:
                    given.append(name)
                    even = containing
                    break
        result.append(given)
    return result


def blocking(eligible: Sequence[Sequence[str]], caps: Mapping[str, int], team: int) -> set[int]:
    """The smallest set of objects that lacks the most places; what all such sets have in common."""
    best, found = 0, [set[int]()]
    for size in range(len(eligible) + 1):
        for objects in combinations(range(len(eligible)), size):
            available = sum(min(cap, sum(name in eligible[o] for o in objects)) for name, cap in caps.items())
            lacking = team * size - available
            if lacking > best:
                best, found = lacking, []
            if lacking == best:
                found.append(set(objects))
    return set.intersection(*found)

"""Who inspects what (`steelyard-draw-1`, section 4): chance decides, within the most even load the rules allow.

Each drawn object, in inspection order, gets the eligible inspectors with the smallest lots, as long as the work
can still be shared as evenly as possible: a pair is given when some even staffing contains it and all pairs given
before. So the result is unique, and nobody has chosen it.

How it is found. One even staffing is always at hand. An inspector can be brought in for a place when others can
pass objects on, each to a colleague who may take it, until somebody of that team gives up the place; pairs given
before stay. The loads must end as even as they were: on the way, once, one with k inspections may lose one where
another with k − 1 gains one. Whoever can start such a chain is found by one search backwards from the team.

Sets of objects are the bits of whole numbers: one `&` asks about thousands of objects at once. Inspectors who
share no object, directly or through others, are staffed apart and do not affect each other. Pure.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple


class Exchange(NamedTuple):
    """`giver` passes an object on to `taker`."""

    giver: int
    object: int
    taker: int


class Staffing:
    """An even staffing of some objects, as far as they can be staffed, and the ways to change it.

    Objects and inspectors are numbers here. `has[i]` are the objects that i inspects, `free[i]` those of them that are
    not given for good, `takes[i]` those that it could take on. `short` are the objects without a full team.
    """

    def __init__(self, eligible: Sequence[Sequence[int]], caps: Sequence[int], team: int) -> None:
        self.eligible, self.caps, self.team = eligible, caps, team
        self.takes = [0] * len(caps)
        for object, inspectors in enumerate(eligible):
            for inspector in inspectors:
                self.takes[inspector] |= 1 << object
        self.has = [0] * len(caps)
        self.free = [0] * len(caps)
        self.load = [0] * len(caps)
        self.teams: list[set[int]] = [set() for _ in eligible]
        self.short = [object for object in range(len(eligible)) if not self._staff(object)]

    # The first even staffing: place after place, always to where the load rises least.

    def _staff(self, object: int) -> bool:
        return all(self._fill(object) for _ in range(self.team))

    def _fill(self, object: int) -> bool:
        """Fill one place, passing objects on where that ends at a smaller load; whether there was anybody."""
        levels = self._onward([i for i in self.eligible[object] if i not in self.teams[object]])
        open_ = [i for level in levels for i in level if self.load[i] < self.caps[i]]
        if not open_:
            return False
        last = min(open_, key=self.load.__getitem__)
        at, chain = last, list[Exchange]()
        depth = next(n for n, level in enumerate(levels) if last in level)
        for level in reversed(levels[:depth]):
            giver = next(i for i in level if self.has[i] & self.takes[at])
            chain.append(Exchange(giver, _any(self.has[giver] & self.takes[at]), at))
            at = giver
        for exchange in chain:
            self._pass(exchange)
        self._add(at, object)
        return True

    def _onward(self, first: list[int]) -> list[list[int]]:
        """Who can end up with one more when one of `first` gets one: first themselves, then by steps."""
        lowest = min((load for load, cap in zip(self.load, self.caps, strict=True) if load < cap), default=0)
        levels, seen = [first], set(first)
        while levels[-1] and not any(self.load[i] == lowest and lowest < self.caps[i] for i in levels[-1]):
            given = _union(self.has[i] for i in levels[-1])
            levels.append([i for i in self._inspectors(seen) if given & self.takes[i]])
            seen.update(levels[-1])
        return levels

    # Giving a place for good.

    def give(self, object: int, lots: Sequence[int]) -> list[int]:
        """Fill the places of an object from inspectors in the order of their lots; those who have them."""
        given: list[int] = []
        while len(given) < self.team:
            inspector = self._possible(object, [i for i in lots if i not in given], given)
            given.append(inspector)
            self.free[inspector] &= ~(1 << object)
        return given

    def _possible(self, object: int, lots: list[int], given: list[int]) -> int:
        """The first in the order of lots whom some even staffing gives this place; it is at hand afterwards."""
        team = [i for i in self.teams[object] if i not in given]
        if lots[0] in team:
            return lots[0]
        direct = self._backward([team], set(team), lots)
        stepped = self._step(direct, lots)
        reached = {i for level in (*direct, *stepped) for i in level}
        chosen = next(i for i in lots if i in reached)
        if chosen not in team:
            self._bring_in(object, chosen, direct, stepped)
        return chosen

    def _backward(self, levels: list[list[int]], seen: set[int], lots: list[int]) -> list[list[int]]:
        """By steps, who can pass an object on to somebody of the level before; ends where the best lot is met."""
        order = [*lots, *self._inspectors({*lots})]
        while levels[-1] and lots[0] not in seen:
            wanted = _union(self.takes[i] for i in levels[-1])
            found = []
            for i in order:
                if i not in seen and self.free[i] & wanted:
                    found.append(i)
                    if i == lots[0]:
                        break
            levels.append(found)
            seen.update(found)
        return levels

    def _step(self, direct: list[list[int]], lots: list[int]) -> list[list[int]]:
        """The same once more from all who could gain where one of those found with one more loses one."""
        seen = {i for level in direct for i in level}
        if lots[0] in seen:
            return []
        losing = {self.load[i] for i in seen}
        gaining = [
            i for i in self._inspectors(seen) if self.load[i] + 1 in losing and self.load[i] < self.caps[i]
        ]
        return self._backward([gaining], seen | set(gaining), lots)

    def _bring_in(self, object: int, chosen: int, direct: list[list[int]], stepped: list[list[int]]) -> None:
        """Reroute the staffing so that `chosen` has the place."""
        chain, at = list[Exchange](), chosen
        if not any(at in level for level in direct):
            chain, gaining = self._chain(at, stepped)
            at = next(i for level in direct for i in level if self.load[i] == self.load[gaining] + 1)
        further, leaving = self._chain(at, direct)
        for exchange in (*chain, *further, Exchange(leaving, object, chosen)):
            self._pass(exchange)

    def _chain(self, start: int, levels: list[list[int]]) -> tuple[list[Exchange], int]:
        """The exchanges that lead from `start` to the first level, and where they end."""
        chain, at = list[Exchange](), start
        depth = next(n for n, level in enumerate(levels) if at in level)
        for level in reversed(levels[:depth]):
            taker = next(i for i in level if self.free[at] & self.takes[i])
            chain.append(Exchange(at, _any(self.free[at] & self.takes[taker]), taker))
            at = taker
        return chain, at

    def _inspectors(self, without: set[int]) -> list[int]:
        return [i for i in range(len(self.caps)) if i not in without]

    def _pass(self, exchange: Exchange) -> None:
        giver, object, taker = exchange
        bit = 1 << object
        self.has[giver] &= ~bit
        self.free[giver] &= ~bit
        self.takes[giver] |= bit
        self.load[giver] -= 1
        self.teams[object].remove(giver)
        self._add(taker, object)

    def _add(self, inspector: int, object: int) -> None:
        bit = 1 << object
        self.has[inspector] |= bit
        self.free[inspector] |= bit
        self.takes[inspector] &= ~bit
        self.load[inspector] += 1
        self.teams[object].add(inspector)

    def blocking(self) -> list[int]:
        """The objects on the source side of the smallest minimum cut: all that the unfilled places reach."""
        found, fresh = set(self.short), list(self.short)
        inspectors: set[int] = set()
        while fresh:
            object = fresh.pop()
            for i in self.eligible[object]:
                if i not in self.teams[object] and i not in inspectors:
                    inspectors.add(i)
                    passing = [o for o in bits(self.has[i]) if o not in found]
                    found.update(passing)
                    fresh.extend(passing)
        return sorted(found)


def assign(
    eligible: Sequence[Sequence[str]],
    caps: Mapping[str, int],
    team: int,
    lots: Callable[[int, Sequence[str]], Iterable[str]],
) -> tuple[list[list[str]] | None, list[int]]:
    """The teams of the objects in inspection order; or None, and the objects that block.

    `eligible[n]` are the inspectors of the n-th object, `lots(n, inspectors)` puts them in the order of their lots.
    """
    groups = [_group(objects, eligible, caps, team) for objects in components(eligible)]
    blocking = sorted(group.objects[n] for group in groups for n in group.staffing.blocking())
    if blocking:
        return None, blocking
    teams: list[list[str]] = [[] for _ in eligible]
    for objects, names, staffing in groups:
        number = {name: i for i, name in enumerate(names)}
        for n, object in enumerate(objects):
            order = [number[name] for name in lots(object, eligible[object])]
            teams[object] = [names[i] for i in staffing.give(n, order)]
    return teams, []


class Group(NamedTuple):
    """Objects and inspectors that share nothing with others; their places are the numbers in the staffing."""

    objects: list[int]
    names: list[str]
    staffing: Staffing


def _group(
    objects: list[int], eligible: Sequence[Sequence[str]], caps: Mapping[str, int], team: int
) -> Group:
    names = sorted({name for object in objects for name in eligible[object]})
    number = {name: i for i, name in enumerate(names)}
    inspectors = [[number[name] for name in eligible[object]] for object in objects]
    return Group(objects, names, Staffing(inspectors, [caps[name] for name in names], team))


def components(eligible: Sequence[Sequence[str]]) -> list[list[int]]:
    """The objects in groups that share no inspector, each in the order given."""
    head: dict[str, str] = {}

    def top(name: str) -> str:
        while head.setdefault(name, name) != name:
            head[name] = name = head[head[name]]
        return name

    for able in set(map(tuple, eligible)):
        for name in able:
            head[top(name)] = top(able[0])
    groups: dict[str | int, list[int]] = {}
    for object, inspectors in enumerate(eligible):
        groups.setdefault(top(inspectors[0]) if inspectors else object, []).append(object)
    return list(groups.values())


def bits(number: int) -> Iterator[int]:
    """The places of the bits that are set."""
    while number:
        low = number & -number
        yield low.bit_length() - 1
        number ^= low


def _any(number: int) -> int:
    """One of the bits that are set."""
    return (number & -number).bit_length() - 1


def _union(sets: Iterable[int]) -> int:
    found = 0
    for one in sets:
        found |= one
    return found

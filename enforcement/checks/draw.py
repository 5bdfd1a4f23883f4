"""The draw itself (`steelyard-draw-1`, section 3): which objects are inspected, and in which order.

Every object gets a ticket, a hash of the seed and its id. In each stratum the smallest tickets are drawn; the
tickets of all drawn objects give the order of the inspections, and the rest of a stratum waits as substitutes.
Nobody can foresee a ticket before the seed exists, and anybody can compute it afterwards. Pure.

Tickets are 256-bit big-endian numbers; bytes of equal length compare in the same order.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple

from enforcement.checks.lists import Listed

FEWEST_SUBSTITUTES = 10


class Ticketed(NamedTuple):
    """An object with its ticket; sorting them sorts by ticket."""

    ticket: bytes
    object: Listed


class Drawn(NamedTuple):
    """Who is drawn, in inspection order, and each stratum's substitutes, both ascending by ticket."""

    order: list[Ticketed]
    substitutes: dict[str, list[Ticketed]]


def draw(seed: bytes, objects: Sequence[Listed], samples: Mapping[str, int]) -> Drawn:
    """Draw from each stratum as many objects as `samples` says."""
    strata: dict[str, list[Ticketed]] = defaultdict(list)
    before = seed + b"\x00"
    for object in objects:
        strata[object.stratum].append(Ticketed(sha256(before + object.object.encode()).digest(), object))
    for waiting in strata.values():
        waiting.sort()
    order = [one for key, size in samples.items() for one in strata[key][:size]]
    return Drawn(sorted(order), {key: strata[key][size:] for key, size in samples.items()})


def published(sample: int) -> int:
    """How many of a stratum's substitutes stand in the transcript."""
    return max(FEWEST_SUBSTITUTES, sample)


def lot(seed: bytes, object: str, inspector: str) -> bytes:
    """H(seed ‖ 0x01 ‖ object id ‖ 0x00 ‖ inspector id): an inspector's lot for one object."""
    return sha256(seed + b"\x01" + object.encode() + b"\x00" + inspector.encode()).digest()

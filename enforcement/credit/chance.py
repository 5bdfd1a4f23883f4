"""Chance from a seed, and the synthetic codes of businesses: what a made-up city is made of.

Numbers follow from SHA-256 of seed and place, so they are the same on every machine and in every release of Python.
"""

import hashlib
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

PER = 100_000
"""Rates are given for so many."""
REGIONS = "330302 330303 330304 330305 330324 330326 330327 330328 330329 330381 330382 330383".split()
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


class Chance:
    """Numbers that follow from a seed and a place, one after another."""

    def __init__(self, *place: object) -> None:
        self._key = "/".join(map(str, place)).encode()
        self._count = 0
        self._left = b""

    def below(self, limit: int) -> int:
        """A number from 0 to `limit` - 1; limits are small beside 2^32."""
        if len(self._left) < 4:
            self._left = hashlib.sha256(b"%b/%d" % (self._key, self._count)).digest()
            self._count += 1
        four, self._left = self._left[:4], self._left[4:]
        return int.from_bytes(four) * limit >> 32

    def of(self, choices: Sequence[T]) -> T:
        return choices[self.below(len(choices))]

    def times(self, rate: int, years: int, busy: int) -> int:
        """How often something of a yearly rate happens in some years."""
        whole, rest = divmod(rate * years * busy, PER)
        return whole + (self.below(PER) < rest)


def code_of(number: int) -> str:
    """The synthetic code of a business, with right check characters (GB 32100, GB 11714)."""
    region = REGIONS[number % len(REGIONS)]
    rest, digits = number // len(REGIONS), ""
    for _ in range(4):
        rest, digit = divmod(rest, len(ALPHABET))
        digits = ALPHABET[digit] + digits
    body = f"0000{digits}"
    left = 11 - sum(int(char, 36) * weight for char, weight in zip(body, WEIGHTS, strict=True)) % 11
    start = f"9{'1' if number % 4 == 0 else '2'}{region}{body}{'0123456789X0'[left]}"
    total = sum(ALPHABET.index(char) * pow(3, place, 31) for place, char in enumerate(start))
    return start + ALPHABET[(31 - total % 31) % 31]

"""Whether printed figures add up: percentages against counts, parts against their sum. Pure.

A figure that does not is kept as printed and named; a source's own rounding is no fault: a percentage agrees when it
differs from the exact one by less than one unit of its last printed digit.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from enforcement.importing.strict import Number
from enforcement.values import DECIMAL


class Irregular(NamedTuple):
    """A finding about a published record: its kind, and what it says in both languages."""

    kind: str
    en: str
    zh: str


class Printed(NamedTuple):
    """A number as printed; `ulp` is one unit of its last digit."""

    value: Fraction
    ulp: Fraction
    text: str


def printed(value: Any) -> Printed | None:
    """A JSON number as printed, None for anything else."""
    if not isinstance(value, Number) or not DECIMAL.fullmatch(value.text):
        return None
    places = len(value.text.partition(".")[2])
    return Printed(Fraction(Decimal(value.text)), Fraction(1, 10**places), value.text)


def whole(value: Any) -> int | None:
    """A count, None for anything else."""
    found = printed(value)
    return int(found.value) if found is not None and found.value.denominator == 1 else None


def percentage(
    name: str, part: int | None, of: Iterable[int | None], stated: Any, scale: int = 100
) -> Iterator[Irregular]:
    """A stated share of one of several possible wholes; none agrees → a finding."""
    share, wholes = printed(stated), [n for n in of if n]
    if part is None or share is None or not wholes:
        return
    exact = [Fraction(scale * part, n) for n in wholes]
    if all(abs(each - share.value) >= share.ulp for each in exact):
        shown = f"{float(exact[0]):.4g}"
        yield Irregular(
            "percentage",
            f"{name} is printed as {share.text}; {part} of {wholes[0]} is {shown}",
            f"{name} 印为 {share.text}，{part}/{wholes[0]} 应为 {shown}",
        )


def adds_up(name: str, parts: Iterable[int | None], wholes: Iterable[int | None]) -> Iterator[Irregular]:
    """All parts known, none of the totals is their sum → a finding."""
    found, totals = list(parts), [n for n in wholes if n is not None]
    if not found or None in found or not totals:
        return
    total = sum(n for n in found if n is not None)
    if total not in totals:
        shown = ", ".join(map(str, totals))
        yield Irregular(
            "sum", f"{name} adds up to {total}, printed is {shown}", f"{name} 合计 {total}，印为 {shown}"
        )


def within(name: str, part: int | None, wholes: Iterable[int | None]) -> Iterator[Irregular]:
    """A part is larger than every whole it could be a part of → a finding."""
    totals = [n for n in wholes if n is not None]
    if part is not None and totals and part > max(totals):
        yield Irregular(
            "over-total",
            f"{name} is {part}, more than {max(totals)} in all",
            f"{name} 为 {part}，超过总数 {max(totals)}",
        )


def counts_of(value: Any) -> list[int | None]:
    """The counts of a breakdown: an object of numbers, or a list of objects without any."""
    return [whole(each) for each in value.values()] if isinstance(value, Mapping) else []

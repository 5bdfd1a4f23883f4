"""The statistics behind fairness: intervals of shares, and how likely repeated pairs are by chance alone. Pure.

Teams are drawn at random, so what differs between inspectors beyond these figures needs an explanation. It is never a
proof of misconduct.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

Z95 = 1.959963984540054
"""The two-sided 95 % point of the normal distribution."""


class Share(NamedTuple):
    """`found` of `of`, with its 95 % interval (Wilson's, which holds for small numbers and for none or all)."""

    found: int
    of: int
    share: float | None
    low: float
    high: float


def share(found: int, of: int) -> Share:
    """The share and its interval; without any trial nothing is known: from 0 to 1."""
    if of == 0:
        return Share(found, of, None, 0.0, 1.0)
    p, z2 = found / of, Z95 * Z95
    middle = (p + z2 / (2 * of)) / (1 + z2 / of)
    half = Z95 * math.sqrt(p * (1 - p) / of + z2 / (4 * of * of)) / (1 + z2 / of)
    return Share(found, of, p, max(0.0, middle - half), min(1.0, middle + half))


class Visit(NamedTuple):
    """One inspection that was carried out: where, what, by whom, and whether a problem was found (None: no result)."""

    region: str
    object: str
    inspectors: tuple[str, ...]
    negative: bool | None


class Repeats(NamedTuple):
    """Pairs met again: how often an inspector came to an object once more, what chance gives, and how likely."""

    observed: int
    expected: float
    p_value: float


def repeats(visits: Iterable[Visit]) -> dict[str, Repeats]:
    """For every inspector, and for all together under the empty name.

    By chance an inspector stands in a team with the share of the county's inspections that he or she had; an object
    inspected m times gives m(m−1)/2 chances to meet again, each with the square of that share. The number of such
    meetings is then nearly Poisson; the p-value is the chance of as many or more.
    """
    known = list(visits)
    shares = _shares(known)
    objects = Counter((visit.region, visit.object) for visit in known)
    again: dict[str, int] = defaultdict(int)
    for (name, _), n in _meetings(known).items():
        again[name] += n * (n - 1) // 2
    expected: dict[str, float] = defaultdict(float)
    for (region, _), m in objects.items():
        for name, p in shares[region].items():
            expected[name] += m * (m - 1) / 2 * p * p
    found = {name: _repeats(again[name], expected[name]) for name in sorted(expected)}
    return {"": _repeats(sum(again.values()), sum(expected.values())), **found}


def _shares(visits: Iterable[Visit]) -> Mapping[str, dict[str, float]]:
    """In each county, the share of its inspections in which an inspector stood."""
    totals: Counter[str] = Counter()
    loads: dict[str, Counter[str]] = defaultdict(Counter)
    for visit in visits:
        totals[visit.region] += 1
        loads[visit.region].update(set(visit.inspectors))
    return {
        region: {name: load / totals[region] for name, load in of.items()} for region, of in loads.items()
    }


def _meetings(visits: Iterable[Visit]) -> Counter[tuple[str, str]]:
    return Counter((name, visit.object) for visit in visits for name in set(visit.inspectors))


def _repeats(observed: int, expected: float) -> Repeats:
    return Repeats(observed, expected, poisson_tail(observed, expected))


def poisson_tail(n: int, mean: float) -> float:
    """P(X ≥ n) for a Poisson variable, summed from the side that is short."""
    if n <= 0:
        return 1.0
    if mean <= 0:
        return 0.0
    if n <= mean:
        return max(0.0, 1.0 - math.fsum(_poisson(k, mean) for k in range(n)))
    terms, k = [_poisson(n, mean)], n
    while terms[-1] > terms[0] * 1e-17:
        k += 1
        terms.append(terms[-1] * mean / k)
    return min(1.0, math.fsum(terms))


def _poisson(k: int, mean: float) -> float:
    return math.exp(k * math.log(mean) - mean - math.lgamma(k + 1))

"""Selection: by the definition, uniform over many seeds, and exactly uniform where all orders can be written down."""

import math
from collections import Counter
from collections.abc import Sequence
from hashlib import sha256
from itertools import permutations, product

import pytest

from enforcement.checks import draw
from enforcement.checks.assignment import assign
from enforcement.checks.frozen import sample
from enforcement.checks.lists import Listed

SEEDS = 10_000
POOL = [Listed(f"o{n}", "330302", "A" if n < 6 else "B") for n in range(10)]
SAMPLES = {"A": 2, "B": 1, "empty": 0}


def seed(number: int) -> bytes:
    return sha256(b"%d" % number).digest()


def chi_square(counts: Sequence[float], expected: Sequence[float]) -> float:
    """The probability of counts at least as uneven by chance (Wilson and Hilferty's approximation)."""
    statistic = sum((found - wanted) ** 2 / wanted for found, wanted in zip(counts, expected, strict=True))
    freedom = len(counts) - 1
    z = ((statistic / freedom) ** (1 / 3) - (1 - 2 / (9 * freedom))) / math.sqrt(2 / (9 * freedom))
    return math.erfc(z / math.sqrt(2)) / 2


def test_tickets_are_the_hash_that_the_specification_names() -> None:
    found = draw.draw(b"s" * 32, [Listed("对象", "330302", "A")], {"A": 1})
    assert found.order[0].ticket == sha256(b"s" * 32 + b"\x00" + "对象".encode()).digest()
    assert (
        draw.lot(b"s" * 32, "对象", "wz")
        == sha256(b"s" * 32 + b"\x01" + "对象".encode() + b"\x00wz").digest()
    )


def test_smallest_tickets_of_each_stratum_are_drawn_and_the_rest_waits() -> None:
    found = draw.draw(seed(1), POOL, SAMPLES)
    for key, size in SAMPLES.items():
        ranked = sorted(
            (sha256(seed(1) + b"\x00" + object.object.encode()).hexdigest(), object.object)
            for object in POOL
            if object.stratum == key
        )
        chosen = {one.object.object for one in found.order if one.object.stratum == key}
        assert chosen == {id for _, id in ranked[:size]}
        assert [one.object.object for one in found.substitutes[key]] == [id for _, id in ranked[size:]]
    assert [one.ticket for one in found.order] == sorted(one.ticket for one in found.order)


def test_a_hundred_times_seven_percent_is_seven() -> None:
    assert math.ceil(100 * 0.07) == 8
    assert sample("7/100", 100) == 7
    assert [sample("1/3", size) for size in (0, 1, 2, 3, 4)] == [0, 1, 1, 1, 2]
    assert (sample("0/1", 9), sample("1/1", 9)) == (0, 9)
    assert sample("1/1" + "0" * 5000, 2**53 - 1) == 1


def test_selection_is_uniform_in_each_stratum() -> None:
    counts = Counter(
        one.object.object for n in range(SEEDS) for one in draw.draw(seed(n), POOL, SAMPLES).order
    )
    for key, size in (("A", 2), ("B", 1)):
        ids = [object.object for object in POOL if object.stratum == key]
        assert chi_square([counts[id] for id in ids], [SEEDS * size / len(ids)] * len(ids)) > 0.001
        assert sum(counts[id] for id in ids) == SEEDS * size


def test_the_check_of_uniformity_would_notice_a_bias() -> None:
    assert chi_square([1000, 1000, 1100, 900], [1000] * 4) < 0.001
    assert chi_square([1010, 990, 1005, 995], [1000] * 4) > 0.9


def test_every_order_of_three_is_equally_likely() -> None:
    three = [Listed(id, "330302", "A") for id in "abc"]
    orders = Counter(
        "".join(one.object.object for one in draw.draw(seed(n), three, {"A": 3}).order) for n in range(SEEDS)
    )
    assert len(orders) == 6
    assert chi_square(list(orders.values()), [SEEDS / 6] * 6) > 0.001


def test_every_eligible_pair_meets_equally_often() -> None:
    """Five inspectors for all of five objects, teams of two: every load is two, every pair meets in 2 of 5 draws."""
    names = [f"i{n}" for n in range(5)]
    met: Counter[tuple[int, str]] = Counter()

    def by_lot(n: int, number: int) -> list[str]:
        return sorted(names, key=lambda name: draw.lot(seed(n), f"o{number}", name))

    for n in range(2000):
        teams, _ = assign([names] * 5, dict.fromkeys(names, 9), 2, lambda number, _, n=n: by_lot(n, number))
        met.update((number, name) for number, team in enumerate(teams or []) for name in team)
    assert len(met) == 25
    for number in range(5):
        counts = [met[number, name] for name in names]
        assert chi_square(counts, [800] * 5) > 0.001


def test_in_a_tiny_case_the_distribution_is_exact() -> None:
    """Two objects, three inspectors: over all orders of lots each inspector has two inspections equally often."""
    names = ("a", "b", "c")
    twice: Counter[str] = Counter()
    pairs: Counter[tuple[str, ...]] = Counter()
    for lots in product(permutations(names), repeat=2):
        teams, _ = assign([names] * 2, dict.fromkeys(names, 9), 2, lambda number, _, lots=lots: lots[number])
        assert teams is not None
        (both,) = set(teams[0]) & set(teams[1])
        twice[both] += 1
        pairs[tuple(sorted(teams[0]))] += 1
    assert twice == {"a": 12, "b": 12, "c": 12}
    assert pairs == {("a", "b"): 12, ("a", "c"): 12, ("b", "c"): 12}


@pytest.mark.parametrize(("sample", "published"), [(0, 10), (3, 10), (10, 10), (11, 11), (400, 400)])
def test_at_least_ten_substitutes_are_published(sample: int, published: int) -> None:
    assert draw.published(sample) == published

"""The statistics of fairness against scipy, and repeated pairs against simulated teams."""

import random
from itertools import combinations

import pytest
from scipy import stats

from enforcement.checks.chances import Visit, poisson_tail, repeats, share


@pytest.mark.parametrize(("found", "of"), [(0, 1), (1, 1), (3, 10), (0, 40), (40, 40), (517, 2000)])
def test_interval_of_a_share_is_wilson_s(found: int, of: int) -> None:
    exact = stats.binomtest(found, of).proportion_ci(method="wilson")
    assert share(found, of).low == pytest.approx(exact.low, abs=1e-12)
    assert share(found, of).high == pytest.approx(exact.high, abs=1e-12)


def test_nothing_tried_is_nothing_known() -> None:
    assert share(0, 0) == (0, 0, None, 0.0, 1.0)


@pytest.mark.parametrize("mean", [0.01, 0.5, 3.0, 40.0, 600.0])
@pytest.mark.parametrize("n", [0, 1, 2, 5, 45, 700])
def test_tail_is_poisson_s(n: int, mean: float) -> None:
    assert poisson_tail(n, mean) == pytest.approx(stats.poisson.sf(n - 1, mean), rel=1e-9, abs=1e-13)


def test_tail_without_any_chance() -> None:
    assert (poisson_tail(0, 0.0), poisson_tail(1, 0.0)) == (1.0, 0.0)


def test_meetings_are_counted_within_a_county() -> None:
    visits = [
        Visit("330302", "o1", ("a", "b"), True),
        Visit("330302", "o1", ("a", "c"), False),
        Visit("330302", "o1", ("a", "b"), None),
        Visit("330304", "o9", ("d", "e"), None),
    ]
    found = repeats(visits)
    assert (found["a"].observed, found["b"].observed, found["c"].observed) == (3, 1, 0)
    assert found["a"].expected == pytest.approx(3 * 1.0)
    assert found["b"].expected == pytest.approx(3 * (2 / 3) ** 2)
    assert (found["d"].observed, found["d"].expected, found["d"].p_value) == (0, 0.0, 1.0)
    assert found[""].observed == 4


def drawn(seed: int, loyal: bool) -> list[Visit]:
    """Sixty objects, four rounds, teams of two of ten; where `loyal`, one inspector comes back to his objects."""
    chance = random.Random(seed)
    pairs = list(combinations("abcdefghij", 2))
    return [
        Visit("330302", f"o{n}", ("a", "b") if loyal and n < 12 else chance.choice(pairs), None)
        for _ in range(4)
        for n in range(60)
    ]


def test_random_teams_are_seldom_called_unusual_and_favours_are_found() -> None:
    fair = [repeats(drawn(seed, loyal=False))[""].p_value for seed in range(200)]
    assert sum(p < 0.05 for p in fair) / len(fair) < 0.12
    assert all(repeats(drawn(seed, loyal=True))["a"].p_value < 0.01 for seed in range(20))

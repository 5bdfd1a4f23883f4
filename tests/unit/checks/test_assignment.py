"""The assignment against its definition: on thousands of tiny cases every staffing is written down and searched."""

import random
from collections import Counter
from collections.abc import Mapping, Sequence

import pytest

from enforcement.checks.assignment import assign, components
from tests.unit.checks import brute

Case = tuple[list[list[str]], dict[str, int], int, list[list[str]]]


def tiny(seed: int) -> Case:
    """A random case small enough to write down all its staffings."""
    chance = random.Random(seed)
    names = [f"i{n}" for n in range(chance.randint(2, 6))]
    objects = range(chance.randint(0, 4))
    density = chance.choice([0.4, 0.6, 0.8, 1.0])
    eligible = [[name for name in names if chance.random() < density] for _ in objects]
    caps = {name: chance.choice([0, 1, 1, 2, 2, 3, 9]) for name in names}
    lots = [chance.sample(able, len(able)) for able in eligible]
    return eligible, caps, chance.choice([2, 2, 2, 3]), lots


def run(case: Case) -> tuple[list[list[str]] | None, list[int]]:
    eligible, caps, team, lots = case
    return assign(eligible, caps, team, lambda number, _: lots[number])


@pytest.mark.parametrize("block", range(20))
def test_assignment_is_the_one_of_the_definition(block: int) -> None:
    for seed in range(block * 250, block * 250 + 250):
        case = tiny(seed)
        teams, blocking = run(case)
        assert teams == brute.assigned(*case), f"case {seed}"
        assert set(blocking) == brute.blocking(*case[:3]), f"case {seed}"
        assert (teams is None) == bool(blocking)


def test_tiny_cases_are_of_every_kind() -> None:
    kinds = Counter(run(tiny(seed))[0] is None for seed in range(1000))
    assert min(kinds.values()) > 200


def wider(seed: int) -> Case:
    """A random case too large for brute force."""
    chance = random.Random(seed)
    names = [f"i{n:02}" for n in range(chance.randint(4, 30))]
    counties = chance.randint(1, 3)
    home = {name: chance.randrange(counties) for name in names}
    eligible = []
    for _ in range(chance.randint(1, 60)):
        county = chance.randrange(counties)
        able = [name for name in names if home[name] == county and chance.random() < 0.8]
        eligible.append(able if len(able) >= 2 else names)
    caps = {name: chance.choice([5, 10, 20, 100]) for name in names}
    return eligible, caps, 2, [chance.sample(able, len(able)) for able in eligible]


def improving(
    eligible: Sequence[Sequence[str]], caps: Mapping[str, int], teams: Sequence[Sequence[str]]
) -> bool:
    """Whether a chain of exchanges takes an inspection from someone and gives it to one with at least two fewer."""
    load = Counter(name for team in teams for name in team)
    for start in load:
        reached, fresh = {start}, [start]
        while fresh:
            giver = fresh.pop()
            for able, team in zip(eligible, teams, strict=True):
                if giver in team:
                    fresh += (new := set(able) - set(team) - reached)
                    reached |= new
        if any(load[end] <= load[start] - 2 and load[end] < caps[end] for end in reached):
            return True
    return False


@pytest.mark.parametrize("seed", range(60))
def test_no_chain_of_exchanges_makes_the_loads_more_even(seed: int) -> None:
    eligible, caps, team, lots = wider(seed)
    teams, blocking = run((eligible, caps, team, lots))
    if teams is None:
        assert blocking
        return
    load = Counter(name for members in teams for name in members)
    assert all(len(set(members)) == team for members in teams)
    assert all(set(members) <= set(able) for members, able in zip(teams, eligible, strict=True))
    assert all(load[name] <= caps[name] for name in load)
    assert not improving(eligible, caps, teams)


def test_the_check_of_evenness_would_notice_an_uneven_staffing() -> None:
    names = ["a", "b", "c", "d"]
    assert improving([names] * 2, dict.fromkeys(names, 9), [["a", "b"], ["a", "b"]])
    assert not improving([names] * 2, dict.fromkeys(names, 9), [["a", "b"], ["c", "d"]])
    assert not improving([names] * 2, {"a": 9, "b": 9, "c": 0, "d": 0}, [["a", "b"], ["a", "b"]])


@pytest.mark.parametrize("size", range(2, 12))
def test_a_pair_is_two_people_for_every_pool(size: int) -> None:
    names = [f"i{n}" for n in range(size)]
    objects = 2 * size + 1
    teams, _ = assign([names] * objects, dict.fromkeys(names, 99), 2, lambda _, able: able)
    assert teams is not None
    assert all(len(set(team)) == 2 for team in teams)
    load = Counter(name for team in teams for name in team)
    assert max(load.values()) - min(load.values()) <= 1


def test_a_county_with_two_inspectors_leaves_the_others_even() -> None:
    small, large = ["a", "b"], ["c", "d", "e", "f"]
    teams, _ = assign([small] * 5 + [large] * 4, dict.fromkeys(small + large, 99), 2, lambda _, able: able)
    assert teams is not None
    load = Counter(name for team in teams for name in team)
    assert load == {"a": 5, "b": 5, "c": 2, "d": 2, "e": 2, "f": 2}


def test_counties_that_share_no_inspector_do_not_affect_each_other() -> None:
    for seed in range(40):
        one, caps, team, lots = tiny(seed)
        other = [[f"x{name}" for name in able] for able in tiny(seed + 1000)[0]]
        others = {f"x{name}": cap for name, cap in tiny(seed + 1000)[1].items()}
        alone, _ = assign(one, caps, team, lambda number, _, lots=lots: lots[number])
        both, _ = assign(
            one + other,
            caps | others,
            team,
            lambda number, able, lots=lots: lots[number] if number < len(lots) else able,
        )
        if both is not None:
            assert both[: len(one)] == alone


def test_nothing_to_staff_is_staffed() -> None:
    assert assign([], {}, 2, lambda _, able: able) == ([], [])


def test_an_object_without_inspectors_blocks_by_itself() -> None:
    assert assign([["a", "b"], []], {"a": 1, "b": 1}, 2, lambda _, able: able) == (None, [1])


def test_groups_are_joined_through_third_inspectors() -> None:
    assert components([["a", "b"], ["c"], ["b", "c"], ["d"], [], []]) == [[0, 1, 2], [3], [4], [5]]

"""Substitution and recusal: nobody chooses who comes next, and nobody comes back."""

from typing import Any

import pytest

from enforcement.checks import draw, transcript
from enforcement.checks.lists import Conflict, Inspector, Listed, Lists
from enforcement.checks.replacing import Standing
from enforcement.errors import DrawRefused
from tests.unit.checks.material import given, plan

POOL = [Listed(f"o{n}", "330302", "A") for n in range(6)]
STAFF = [Inspector(f"i{n}", ("330302",), (), 9) for n in range(5)]


def standing(
    rows: Lists | None = None, ratio: str = "1/3", **changes: Any
) -> tuple[Standing, dict[str, Any]]:
    rows = rows or Lists(POOL, STAFF, [])
    found = transcript.compute(given(plan(**changes), {"A": ratio}, rows))
    return Standing(found, rows), found


def test_the_place_goes_to_the_smallest_load_then_the_smallest_lot() -> None:
    now, _ = standing()
    object = now.order[0]
    assert object is not None
    out = now.teams[object][0]
    assert out is not None
    others = [i.inspector for i in STAFF if i.inspector not in now.teams[object]]
    expected = min(others, key=lambda name: (now.loads[name], draw.lot(now.seed, object, name)))
    place = now.teams[object].index(out)
    assert now.recuse(object, out, "亲属") == [
        {"kind": "recusal", "object": object, "out": out, "in": expected, "reason": "亲属"}
    ]
    assert now.teams[object][place] == expected


def test_loads_follow_the_replacement() -> None:
    now, found = standing()
    object = now.order[0]
    assert object is not None
    before = dict(now.loads)
    out = now.teams[object][0]
    assert out is not None
    coming = now.recuse(object, out, "病假")[0]["in"]
    assert now.loads[out] == before[out] - 1
    assert now.loads[coming] == before[coming] + 1
    assert sum(now.loads.values()) == 2 * len(found["drawn"])


def test_whoever_stepped_out_never_comes_back() -> None:
    now, _ = standing()
    object = now.order[0]
    assert object is not None
    gone: list[str] = []
    while (present := [name for name in now.teams[object] if name]) and len(gone) < 10:
        entry = now.recuse(object, present[0], "回避")[0]
        gone.append(present[0])
        assert entry["in"] not in gone
    assert sorted(gone) == [i.inspector for i in STAFF]
    assert now.teams[object] == [None, None]


def test_a_place_stays_open_when_nobody_is_left() -> None:
    now, _ = standing(Lists(POOL, STAFF[:2], []))
    object = now.order[0]
    assert object is not None
    assert now.recuse(object, "i0", "病假")[0]["in"] is None
    assert now.loads["i0"] == 1


def test_nobody_is_taken_above_the_cap() -> None:
    caps = {"i0": 2, "i1": 1, "i2": 1}
    now, _ = standing(Lists(POOL, [Inspector(name, ("330302",), (), cap) for name, cap in caps.items()], []))
    assert now.loads == caps
    assert now.recuse(str(now.order[0]), "i0", "回避")[0]["in"] is None


def test_the_next_of_the_substitute_list_takes_the_number() -> None:
    now, found = standing()
    first, second = found["drawn"][0]["object"], found["drawn"][1]["object"]
    waiting = [one["object"] for one in found["substitutes"]["A"]]
    assert now.substitute(first, "注销")[0]["in"] == waiting[0]
    assert now.substitute(second, "迁出")[0]["in"] == waiting[1]
    assert now.substitute(waiting[0], "注销")[0]["in"] == waiting[2]
    assert now.order == [waiting[2], waiting[1]]


def test_those_who_may_inspect_the_substitute_stay_in_their_places() -> None:
    now, found = standing()
    object, new = found["drawn"][0]["object"], found["substitutes"]["A"][0]["object"]
    team = list(now.teams[object])
    assert now.substitute(object, "注销") == [
        {"kind": "substitution", "object": object, "out": object, "in": new, "reason": "注销"}
    ]
    assert now.teams[new] == team


@pytest.mark.parametrize("apart", [[0], [1], [0, 1]])
def test_those_who_must_recuse_from_the_substitute_are_replaced_in_order(apart: list[int]) -> None:
    now, found = standing()
    object, new = found["drawn"][0]["object"], found["substitutes"]["A"][0]["object"]
    leaving = [str(now.teams[object][place]) for place in apart]
    staying = [name for name in now.teams[object] if name not in leaving]
    conflicts = [Conflict(name, new) for name in sorted(leaving)]
    later = Standing(found, Lists(POOL, STAFF, conflicts))
    entries = later.substitute(object, "注销")
    assert [(entry["kind"], entry["object"], entry["out"]) for entry in entries[1:]] == [
        ("recusal", new, name) for name in leaving
    ]
    assert set(leaving).isdisjoint(later.teams[new])
    assert set(staying) <= set(later.teams[new])


def test_an_open_place_is_filled_with_the_substitution() -> None:
    now, found = standing()
    object = found["drawn"][0]["object"]
    while (present := now.teams[object][1]) is not None:
        now.recuse(object, present, "回避")
    entries = now.substitute(object, "注销")
    assert [entry["out"] for entry in entries[1:]] == [None]
    assert entries[1]["in"] is not None


def test_without_a_substitute_the_number_stays_empty_and_the_team_is_free() -> None:
    now, found = standing(ratio="1/1")
    object = found["drawn"][2]["object"]
    team = [name for name in now.teams[object] if name]
    before = dict(now.loads)
    entries = now.substitute(object, "注销")
    assert [entry["in"] for entry in entries] == [None]
    assert now.order[2] is None
    assert all(now.loads[name] == before[name] - 1 for name in team)
    assert object not in now.teams


def test_what_the_rules_do_not_allow_is_refused() -> None:
    now, found = standing()
    object = found["drawn"][0]["object"]
    with pytest.raises(DrawRefused, match="needs a reason"):
        now.substitute(object, "")
    with pytest.raises(DrawRefused, match="needs a reason"):
        now.recuse(object, str(now.teams[object][0]), "")
    with pytest.raises(DrawRefused, match="is not among the objects to inspect"):
        now.substitute(found["substitutes"]["A"][0]["object"], "注销")
    with pytest.raises(DrawRefused, match="is not in the team"):
        now.recuse(object, "i9", "回避")
    now.substitute(object, "注销")
    with pytest.raises(DrawRefused, match="is not among the objects to inspect"):
        now.recuse(object, "i0", "回避")


def test_replaying_what_was_recorded_gives_the_same_standing() -> None:
    now, found = standing()
    entries = now.substitute(found["drawn"][0]["object"], "注销")
    entries += now.recuse(str(now.order[1]), str(now.teams[str(now.order[1])][0]), "回避")
    again, _ = standing()
    again.replay(entries)
    assert (again.order, again.teams, again.loads) == (now.order, now.teams, now.loads)


@pytest.mark.parametrize("member", ["in", "out", "kind"])
def test_replaying_what_the_rules_do_not_give_is_refused(member: str) -> None:
    now, found = standing()
    entries = now.substitute(found["drawn"][0]["object"], "注销")
    entries[0][member] = "recusal" if member == "kind" else "o9"
    again, _ = standing()
    with pytest.raises(DrawRefused):
        again.replay(entries)

"""Grounds not to file, not to punish, to punish more lightly; and limitation to the day."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforcement.errors import NotFound
from enforcement.law.grounds import FACTS, check_ground, discovery_kinds, ground, grounds, limitation

ON = date(2026, 6, 1)

EFFECTS = {
    "must_not_file": ["P19_1", "P19_2", "P19_3", "P19_4"],
    "may_not_file": ["P20_1", "P20_2", "P20_3", "P20_4"],
    "must_not_punish": ["APL30", "APL31", "APL33_1_minor", "APL33_2", "APL36"],
    "may_not_punish": ["APL33_1_first"],
    "must_lighter": ["APL30_14_18", "APL32_1", "APL32_2", "APL32_3", "APL32_4"],
}


@pytest.mark.parametrize("effect", EFFECTS)
def test_grounds_bind_or_allow_as_the_statute_says(effect: str) -> None:
    found = grounds(ON, effect)
    assert [g.code for g in found] == EFFECTS[effect]
    assert all(g.must is effect.startswith("must") for g in found)


def test_all_grounds_are_sorted_by_effect_and_named() -> None:
    assert len(grounds(ON)) == sum(len(codes) for codes in EFFECTS.values())
    assert all(g.name.en and g.name.zh and set(g.requires) <= FACTS.keys() for g in grounds(ON))


@pytest.mark.parametrize(
    "code", ["P20_1", "P20_2", "P20_3", "APL33_1_minor", "APL33_1_first", "APL33_2", "APL32_1"]
)
def test_ground_holds_only_with_all_its_facts(code: str) -> None:
    wanted = ground(code, ON)
    assert check_ground(code, wanted.requires, ON) == []
    (breach,) = check_ground(code, wanted.requires[1:], ON)
    assert breach.rule == "ground-not-met"
    assert FACTS[wanted.requires[0]].en in breach.message.en


def test_first_offence_is_not_the_minor_ground() -> None:
    found = ["first_offence", "light_harm", "corrected"]
    assert check_ground("APL33_1_first", found, ON) == []
    assert check_ground("APL33_1_minor", found, ON) != []


def test_party_that_is_not_punished_must_be_educated() -> None:
    facts = ["minor", "corrected", "no_harm"]
    assert [b.rule for b in check_ground("APL33_1_minor", facts, ON, educated=False)] == ["education-missing"]
    assert check_ground("APL33_1_minor", facts, ON, educated=True) == []
    assert check_ground("P20_1", facts, ON, educated=False) == []


def test_minor_act_keeps_gains_but_owes_the_refund() -> None:
    assert ground("APL33_1_minor", ON).gains_kept
    assert not ground("APL33_2", ON).gains_kept


def test_unknown_ground_is_not_found() -> None:
    with pytest.raises(NotFound):
        ground("APL99", ON)


@pytest.mark.parametrize(
    ("ended", "life", "last"),
    [
        (date(2024, 3, 10), False, date(2026, 3, 10)),
        (date(2024, 2, 29), False, date(2026, 2, 28)),
        (date(2022, 2, 28), False, date(2024, 2, 28)),
        (date(2021, 3, 10), True, date(2026, 3, 10)),
    ],
)
def test_limitation_ends_on_the_same_day_of_the_year(ended: date, life: bool, last: date) -> None:
    assert limitation(ended, ON, life=life).last_day == last


def test_discovery_on_the_last_day_is_in_time() -> None:
    ended = date(2024, 3, 10)
    assert not limitation(ended, ON, discovered=date(2026, 3, 10)).over
    assert limitation(ended, ON, discovered=date(2026, 3, 11)).over
    assert limitation(ended, ON).over
    assert not limitation(ended, date(2026, 3, 10)).over


def test_discovery_is_report_record_transfer_or_filing() -> None:
    assert list(discovery_kinds(ON)) == ["report", "inspection", "transfer", "filing"]


@given(ended=st.dates(date(2021, 7, 15), date(2100, 1, 1)), life=st.booleans())
def test_five_years_are_never_shorter_than_two(ended: date, life: bool) -> None:
    found = limitation(ended, ON, life=life)
    assert found.last_day.year - ended.year == (5 if life else 2)
    assert found.over is (found.last_day < ON)

"""Published disputes of reporters with their bureau, computed by the rules; what differs from the outcome is explained.

Two of the ten are about a reward. In the others none was granted and none could be: the rules have to say so too. Where
the days are printed, the periods are counted by both readings of the tests, and who was late has to come out.
"""

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from enforcement.errors import NotFound
from enforcement.law.dated import rows_on
from enforcement.reports.reward import Ending, Reporter, qualify, reward
from tests.unit.reports.test_report_deadlines_by_walking import Act, Story, computed, walked

CASES = Path(__file__).parents[3] / "api" / "demo" / "cases.jsonl"
ON = date(2026, 6, 1)
REWARDS = {"sd-jinan-2017-reward", "hn-tianyuan-2023-12"}
NOTHING_IMPOSED = {
    "ah-xuanzhou-2025-20",
    "hb-huangshi-2023-044",
    "hn-tianyuan-2023-12",
    "hn-ziyang-2025-58",
    "jl-tonghua-2025-229",
    "sd-lanling-2025-116",
    "zj-jiangshan-2024",
    "zj-lucheng-2022-1",
}
BEFORE_THE_RULE = {"zj-lucheng-2022-1"}
"""Reported before 2021-12-01."""
SEVERAL_DECISIONS = {"zj-quzhou-2024-144"}


def cases() -> Iterator[dict[str, Any]]:
    return (json.loads(line) for line in CASES.read_text("utf-8").splitlines())


def published(id: str) -> dict[str, Any]:
    return next(case for case in cases() if case["id"] == id)


def received(case: dict[str, Any]) -> date:
    """The day of the report; where it is not printed, the first day that is."""
    return date.fromisoformat(min(step["date"] for step in case["timeline"] if len(step["date"] or "") == 10))


def test_every_published_dispute_of_a_reporter_is_computed_here() -> None:
    disputes = {
        case["id"]
        for case in cases()
        if case.get("reward")
        or (case["origin"] == "report" and any(step["step"] == "reconsidered" for step in case["timeline"]))
    }
    assert {case["id"] for case in cases() if case.get("reward")} == REWARDS
    assert disputes == REWARDS | NOTHING_IMPOSED | SEVERAL_DECISIONS


# -- rewards -------------------------------------------------------------------------------------------------------


def test_jinan_paid_a_tenth_of_the_goods_where_the_floor_was_due() -> None:
    """Granted: 0.20, ten per cent of goods of 2.02 by a city rule. The court: by the national rule at least 2,000.

    By goods value as the base the rate gives 0.08, so the floor decides: the court's figure. By the penalty as the
    base it would be 2,000.08. Either way the bureau's 0.20 is 1,999.80 or more too little.
    """
    case, on = published("sd-jinan-2017-reward"), date(2017, 9, 1)
    goods = Decimal(str(case["penalty"]["confiscated_gains_cny"]))
    penalty = goods + Decimal(str(case["penalty"]["fine_cny"]))
    court, granted = case["reward"]["court_minimum_cny"], Decimal(str(case["reward"]["granted_cny"]))
    by_goods, by_penalty = reward("1", goods, on, "national"), reward("1", penalty, on, "national")
    assert by_goods.amount == court
    assert by_penalty.amount == Decimal("2000.08")
    assert by_goods.amount - granted == Decimal("1999.80")


def test_jinan_would_earn_nothing_by_the_rule_of_today() -> None:
    """50,002.02 of fine and gains; large is fixed by the province, and in Zhejiang it would be too little."""
    penalty = published("sd-jinan-2017-reward")["penalty"]
    ending = Ending(
        fine=Decimal(str(penalty["fine_cny"])), gains=Decimal(str(penalty["confiscated_gains_cny"]))
    )
    assert qualify(ending, Reporter(), ["safety"], ON, "zhejiang").qualifies is False
    assert qualify(ending, Reporter(), ["safety"], ON, "shandong").qualifies is None


def test_tianyuan_rightly_paid_nothing_for_a_case_not_filed() -> None:
    """Refused because no case was filed: the condition `punished` fails, whatever the place has fixed as large."""
    case, on = published("hn-tianyuan-2023-12"), date(2022, 11, 12)
    assert (case["penalty"], case["reward"]["granted_cny"]) == (None, 0)
    found = qualify(Ending(punished=False), Reporter(), ["safety"], on, "hunan")
    assert found.qualifies is False
    assert "punished" in {line.key for line in found.lines if line.holds is False}


@pytest.mark.parametrize("id", sorted(NOTHING_IMPOSED - BEFORE_THE_RULE))
def test_no_reward_is_due_where_nothing_was_imposed(id: str) -> None:
    """Agrees with what was published: none was granted. Had the reconsideration led to a penalty, that would count."""
    case = published(id)
    assert (case["penalty"], (case["reward"] or {}).get("granted_cny", 0)) == (None, 0)
    place = "zhejiang" if id.startswith("zj-") else "national"
    found = qualify(Ending(punished=False), Reporter(), ["safety"], received(case), place)
    assert found.qualifies is False
    assert "punished" in {line.key for line in found.lines if line.holds is False}


@pytest.mark.parametrize("id", sorted(BEFORE_THE_RULE))
def test_no_rule_of_rewards_reaches_back_to_an_earlier_report(id: str) -> None:
    with pytest.raises(NotFound):
        qualify(Ending(punished=False), Reporter(), ["safety"], received(published(id)), "zhejiang")


def test_quzhou_turns_on_the_decision_that_stands_last() -> None:
    """Decided, revoked, no penalty, decided again. Only what stands counts, and 9,000 is large nowhere in Zhejiang.

    The report came before Zhejiang had fixed what is large: then the rule has no figure and a person has to say.
    """
    case = published("zj-quzhou-2024-144")
    first, on = Ending(fine=Decimal(str(case["penalty"]["fine_cny"]))), received(case)
    assert on < date(2023, 4, 1)
    assert qualify(Ending(punished=False), Reporter(), ["safety"], on, "zhejiang").qualifies is False
    assert qualify(first, Reporter(), ["safety"], on, "zhejiang").qualifies is None
    assert qualify(first, Reporter(), ["safety"], date(2024, 7, 19), "zhejiang").qualifies is False


def test_tianjin_paid_below_the_floor_of_the_later_rule() -> None:
    """Fourteen rewards of 10,000 together in 2020: 714 each, where grade 3 has had a floor of 1,000 since 2021-12-01.

    No contradiction: that rule was not in force, and the food and drug rule before it knows no grade 3.
    """
    mean = Decimal(10_000) / 14
    assert reward("3", Decimal(0), date(2021, 12, 1), "national").amount > mean
    with pytest.raises(NotFound):
        reward("3", Decimal(0), date(2020, 12, 31), "national")


def test_zhejiang_calls_large_what_its_rule_publishes() -> None:
    row = next(row for row in rows_on("rewards", "large", ON) if row["jurisdiction"] == "zhejiang")
    assert (row["person"], row["organisation"]) == ("100000", "100000")


# -- periods -------------------------------------------------------------------------------------------------------


def told(id: str, decided: str | None, answered: str | None, today: str) -> dict[str, tuple[Any, Any]]:
    """Last day and state of every period of a real-name report, by both readings."""
    case = published(id)
    acts = [Act("received", received(case))]
    if decided:
        acts.append(Act("not-filed", date.fromisoformat(decided), {"ground": "other", "reason": "?"}))
    if answered:
        acts.append(Act("reporter-told", date.fromisoformat(answered), {"about": "filing", "by": "code"}))
    region = case["region"]["gbt2260"] or "430000"
    story = Story("other", region, True, False, tuple(acts), date.fromisoformat(today))
    found = computed(story)
    assert found == walked(story)
    return {name: (str(due), states[0]) for name, (due, states) in found.items()}


@pytest.mark.parametrize(
    ("id", "decided", "answered", "periods"),
    [
        (
            "zj-lucheng-2022-1",
            "2021-11-29",
            "2021-11-30",
            {"verify": ("2021-12-16", "met"), "filing-notice": ("2021-12-06", "met")},
        ),
        (
            "zj-jiangshan-2024",
            "2023-12-08",
            "2023-12-11",
            {"verify": ("2023-12-15", "met"), "filing-notice": ("2023-12-15", "met")},
        ),
        (
            "sd-lanling-2025-116",
            "2025-05-07",
            "2025-05-07",
            {"verify": ("2025-05-22", "met"), "filing-notice": ("2025-05-14", "met")},
        ),
        ("hn-ziyang-2025-58", "2025-04-23", None, {"verify": ("2025-04-25", "met")}),
        ("hn-tianyuan-2023-12", "2022-12-12", None, {"verify": ("2022-12-02", "late")}),
    ],
)
def test_periods_of_a_published_dispute_are_counted(
    id: str, decided: str, answered: str | None, periods: dict[str, Any]
) -> None:
    """Tianyuan decided six working days late, unless the head had prolonged it; nobody raised that."""
    steps = {step["date"] for step in published(id)["timeline"]}
    assert {decided, answered or decided} <= steps
    found = told(id, decided, answered, decided)
    assert {name: found[name] for name in periods} == periods


def test_tonghua_was_overdue_as_its_reporter_said() -> None:
    """Posted on 17 May, signed for on the 21st, from which the days count: 12 June was the last, November too late."""
    case = published("jl-tonghua-2025-229")
    signed = case["timeline"][1]["date"]
    story = Story(
        "other", "220500", True, False, (Act("received", date.fromisoformat(signed)),), date(2025, 11, 18)
    )
    found = computed(story)
    assert found == walked(story)
    assert (str(found["verify"][0]), found["verify"][1][0]) == ("2025-06-12", "overdue")

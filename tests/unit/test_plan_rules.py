"""What the law asks of a plan that checks published information: the least share, one draw a year from everybody."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from enforcement.checks.plan import Plan
from enforcement.checks.plan_rules import findings
from enforcement.errors import Refused
from enforcement.law.tables import load
from enforcement.ledger import Ledger
from tests.unit import ledgers
from tests.unit.test_item_list_and_plans import BATCH, ITEM, PLAN, head

PUBLIC = ITEM | {"code": "gs-01", "kind": "key", "ratio": "1/50", "public_information": True}
ITEMS = {"gs-01": PUBLIC, "jl-jmsc-01": ITEM}
WHOLE = {**BATCH, "items": ["gs-01"], "ratio": "3/100", "start": "2026-07-01", "end": "2026-09-30"}


def found(*batches: dict[str, Any], region: str = "330000") -> list[tuple[str, bool]]:
    """The rules that a plan of these batches does not meet, and whether they refuse it."""
    listed = {f"b{n}": {**batch, "batch": f"b{n}"} for n, batch in enumerate(batches)}
    plan = {**PLAN, "region": region, "batches": listed}
    return [(each.rule, each.hard) for each in findings(plan, ITEMS.get)]


def here(region: str, **changed: Any) -> dict[str, Any]:
    return {**WHOLE, "regions": [region], **changed}


def test_one_draw_of_three_percent_after_the_reports_meets_everything() -> None:
    assert found(here("330000")) == []
    assert found(here("330300"), region="330300") == []


def test_metrology_alone_has_no_least_share() -> None:
    assert found(BATCH | {"ratio": "1/1000"}) == []
    assert found() == []


@pytest.mark.parametrize(("ratio", "met"), [("3/100", True), ("2999/100000", False), ("1/1", True)])
def test_three_percent_is_enough_and_less_is_not(ratio: str, met: bool) -> None:
    assert found(here("330000", ratio=ratio)) == ([] if met else [("PLAN_SHARE", True)])


def test_least_share_is_asked_of_province_and_nation_only() -> None:
    assert found(here("330300", ratio="1/100"), region="330300") == [("PLAN_SHARE", False)]
    assert found(here("330302", ratio="1/100"), region="330302") == [("PLAN_SHARE", False)]


def test_ratio_of_the_list_counts_where_the_batch_has_none() -> None:
    without = {name: value for name, value in here("330000").items() if name != "ratio"}
    assert found(without) == [("PLAN_SHARE", True)]


@pytest.mark.parametrize(
    "further",
    [
        {"directed": True, "ratio": "1/10"},
        {"regions": ["330300"], "ratio": "1/10"},
        {"ratio": None, "number": 5000, "directed": True},
    ],
)
def test_share_that_a_plan_cannot_show_is_told_but_not_refused(further: dict[str, Any]) -> None:
    assert found(here("330000", ratio="1/100"), here("330000") | further) == [("PLAN_SHARE", False)]


def test_shares_of_several_draws_add_up_and_the_second_is_told() -> None:
    half = here("330000", ratio="3/200")
    assert found(half, half) == [("PLAN_YEARLY_DRAW", False)]


def test_plan_of_directed_draws_alone_lacks_the_yearly_one() -> None:
    assert found(here("330300", directed=True), region="330300") == [
        ("PLAN_SHARE", False),
        ("PLAN_YEARLY_DRAW", False),
    ]


@pytest.mark.parametrize(("start", "told"), [("2026-06-30", True), ("2026-07-01", False)])
def test_draw_before_the_annual_reports_is_told(start: str, told: bool) -> None:
    assert found(here("330000", start=start)) == ([("PLAN_YEARLY_DRAW", False)] if told else [])


def test_rules_name_their_article_and_what_was_not_confirmed() -> None:
    rows = {row["rule"]: row for row in load("checks")["plan_rule"]}
    assert (rows["PLAN_SHARE"]["article"], Fraction(rows["PLAN_SHARE"]["least"])) == (
        "SC 4",
        Fraction(3, 100),
    )
    yearly = rows["PLAN_YEARLY_DRAW"]
    assert (yearly["article"], yearly["times"], yearly["reports_until_status"]) == (
        "SC 5, 7",
        1,
        "unconfirmed",
    )


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = ledgers.at(tmp_path / "ledger.db")
    made.list_item(head(), "2026-01-05", PUBLIC)
    yield made
    made.close()


def drafted(ledger: Ledger, region: str, ratio: str) -> str:
    id = f"2026-{region}"
    ledger.draft_plan(head(), "2026-01-06", PLAN | {"plan": id, "region": region})
    batch = here(region, ratio=ratio)
    ledger.change_plan(head(), id, "plan.batch-set", "2026-02-01", {"batch": batch})
    return id


@pytest.mark.parametrize(
    ("what", "data"), [("published", {"where": "网站"}), ("filed", {"authority": "市场监管总局"})]
)
def test_province_neither_publishes_nor_files_less(ledger: Ledger, what: str, data: dict[str, Any]) -> None:
    id = drafted(ledger, "330000", "1/50")
    with pytest.raises(Refused, match="3/100 or more") as refused:
        ledger.change_plan(head(), id, f"plan.{what}", "2026-02-02", data)
    assert [(b.rule, b.article) for b in refused.value.breaches] == [("PLAN_SHARE", "SC 4")]


def test_city_publishes_less_and_province_publishes_enough(ledger: Ledger) -> None:
    for region, ratio in (("330300", "1/50"), ("330000", "3/100")):
        id = drafted(ledger, region, ratio)
        ledger.change_plan(head(), id, "plan.published", "2026-02-02", {"where": "网站"})
        assert ledger.held.take(Plan, f"plan-{id}", ledger.law).facts["status"] == "published"


def test_item_says_later_that_it_checks_published_information(ledger: Ledger) -> None:
    ledger.list_item(head(), "2026-01-05", ITEM)
    assert ledger.listed("jl-jmsc-01")["public_information"] is False  # type: ignore[index]
    ledger.change_item(head(), "jl-jmsc-01", "item.changed", "2026-02-01", {"public_information": True})
    assert ledger.listed("jl-jmsc-01")["public_information"] is True  # type: ignore[index]

"""The item list and the annual plans drawn up from it: what stands on them, what is refused, what the public sees."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from enforcement.checks.item import Item
from enforcement.checks.plan import Plan
from enforcement.errors import InvalidData, Refused, VersionConflict
from enforcement.ledger import Ledger
from tests.unit import ledgers
from tests.unit.ledgers import who

ITEM = {
    "code": "jl-jmsc-01",
    "category": "计量监督检查",
    "item": "集贸市场在用计量器具检查",
    "objects": "entity",
    "kind": "general",
    "methods": ["on_site"],
    "basis": "集贸市场计量监督管理办法",
    "levels": ["county"],
    "ratio": "1/20",
}
PLAN = {
    "plan": "2026-wz",
    "year": 2026,
    "authority": "温州市市场监督管理局",
    "region": "330300",
    "title": "2026年度计划",
}
BATCH = {
    "batch": "b1",
    "items": ["jl-jmsc-01"],
    "directed": False,
    "scope": "全市集贸市场",
    "regions": ["330300"],
    "ratio": "1/20",
    "start": "2026-03-01",
    "end": "2026-06-30",
}


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = ledgers.at(tmp_path / "ledger.db")
    made.list_item(head(), "2026-01-05", ITEM)
    made.draft_plan(head(), "2026-01-06", PLAN)
    yield made
    made.close()


def head() -> Any:
    head.given = getattr(head, "given", 0) + 1  # type: ignore[attr-defined]
    return who(f"h{head.given}", "head", "wz-d1")  # type: ignore[attr-defined]


def happens(ledger: Ledger, what: str, **data: Any) -> dict[str, Any]:
    ledger.change_plan(head(), "2026-wz", f"plan.{what}", "2026-02-01", data)
    return ledger.held.take(Plan, "plan-2026-wz", ledger.law).facts


def test_item_is_listed_once_and_changed_by_what_changed(ledger: Ledger) -> None:
    with pytest.raises(VersionConflict):
        ledger.list_item(head(), "2026-01-05", ITEM)
    ledger.change_item(head(), "jl-jmsc-01", "item.changed", "2026-02-01", {"ratio": "1/10"})
    facts = ledger.held.take(Item, "item-jl-jmsc-01", ledger.law).facts
    assert (facts["ratio"], facts["category"], facts["withdrawn"]) == ("1/10", "计量监督检查", False)


@pytest.mark.parametrize("ratio", ["2/40", "0", "5 %", "1/0", "3/2", "01/20", "-1/2", "0.05"])
def test_ratio_is_a_reduced_fraction_up_to_one(ledger: Ledger, ratio: str) -> None:
    with pytest.raises(InvalidData):
        ledger.list_item(head(), "2026-01-05", ITEM | {"code": "x", "ratio": ratio})


@pytest.mark.parametrize("ratio", ["0/1", "1/1", "7/100"])
def test_bounds_of_a_ratio_are_ratios(ledger: Ledger, ratio: str) -> None:
    assert ledger.list_item(head(), "2026-01-05", ITEM | {"code": "x", "ratio": ratio}).version == 1


@pytest.mark.parametrize("field", ["methods", "levels"])
def test_item_names_a_method_and_a_level(ledger: Ledger, field: str) -> None:
    with pytest.raises(InvalidData, match="name at least one"):
        ledger.list_item(head(), "2026-01-05", ITEM | {"code": "x", field: []})


def test_item_that_was_withdrawn_stays_as_it_was(ledger: Ledger) -> None:
    ledger.change_item(head(), "jl-jmsc-01", "item.withdrawn", "2026-02-01", {"reason": "依据废止"})
    with pytest.raises(Refused, match="taken off the list"):
        ledger.change_item(head(), "jl-jmsc-01", "item.changed", "2026-02-02", {"ratio": "1/10"})
    with pytest.raises(Refused, match="does not stand on the item list"):
        happens(ledger, "batch-set", batch=BATCH)


def test_plan_of_a_general_item_keeps_to_the_lists_ratio(ledger: Ledger) -> None:
    with pytest.raises(Refused, match="more than the list's 1/20"):
        happens(ledger, "batch-set", batch=BATCH | {"ratio": "51/1000"})
    ledger.list_item(head(), "2026-01-05", ITEM | {"code": "key", "kind": "key"})
    facts = happens(ledger, "batch-set", batch=BATCH | {"items": ["key"], "ratio": "1/1"})
    assert list(facts["batches"]) == ["b1"]


def test_batch_names_items_that_are_listed(ledger: Ledger) -> None:
    with pytest.raises(Refused, match="sundials does not stand on the item list"):
        happens(ledger, "batch-set", batch=BATCH | {"items": ["jl-jmsc-01", "sundials"]})


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"items": []}, "data.batch.items"),
        ({"start": "2026-07-01"}, "data.batch.end"),
        ({"end": "2027-01-01"}, "data.batch.end"),
        ({"start": "2025-12-31"}, "data.batch.end"),
        ({"team": 1}, "data.batch.team"),
        ({"team": 0}, "data.batch.team"),
        ({"number": 0}, "data.batch.number"),
    ],
)
def test_batch_of_a_wrong_form_is_refused(ledger: Ledger, changed: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidData) as error:
        happens(ledger, "batch-set", batch=BATCH | changed)
    assert list(error.value.errors) == [field]


def test_batch_may_fill_the_year(ledger: Ledger) -> None:
    whole = BATCH | {"start": "2026-01-01", "end": "2026-12-31", "team": 2, "number": 1}
    assert happens(ledger, "batch-set", batch=whole)["batches"]["b1"] == whole


def test_plan_without_batches_is_neither_published_nor_filed(ledger: Ledger) -> None:
    for what, data in (("published", {"where": "局网站"}), ("filed", {"authority": "浙江省市场监督管理局"})):
        with pytest.raises(Refused, match="this one has none"):
            happens(ledger, what, **data)


def test_published_plan_shows_what_stood_in_it_until_it_is_published_again(ledger: Ledger) -> None:
    happens(ledger, "batch-set", batch=BATCH)
    happens(ledger, "filed", authority="浙江省市场监督管理局")
    facts = happens(ledger, "published", where="局网站")
    assert (facts["status"], facts["to_publish"], facts["to_file"]) == ("published", False, False)
    with pytest.raises(Refused, match="a change says why"):
        happens(ledger, "batch-set", batch=BATCH | {"number": 30})
    facts = happens(ledger, "batch-set", batch=BATCH | {"number": 30}, reason="增补对象")
    assert (facts["to_publish"], facts["to_file"]) == (True, True)
    assert facts["public"]["batches"] == [BATCH]
    assert happens(ledger, "published", where="局网站")["public"]["batches"] == [BATCH | {"number": 30}]


def test_batch_is_dropped_with_its_reason(ledger: Ledger) -> None:
    happens(ledger, "batch-set", batch=BATCH)
    with pytest.raises(InvalidData, match="no batch b9"):
        happens(ledger, "batch-dropped", batch="b9", reason="x")
    assert happens(ledger, "batch-dropped", batch="b1", reason="合并")["batches"] == {}


@pytest.mark.parametrize("year", [2018, 2101])
def test_plan_is_of_a_year_that_has_plans(ledger: Ledger, year: int) -> None:
    with pytest.raises(InvalidData, match="2019 to 2100"):
        ledger.draft_plan(head(), "2026-01-06", PLAN | {"plan": "other", "year": year})

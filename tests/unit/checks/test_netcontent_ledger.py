"""Net-content tests in the ledger: computed there, compared with what is sent along, withdrawn where wrong."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from enforcement.checks.netcontent_record import NetContent, again
from enforcement.errors import InvalidData, NotFound, NotPermitted, Refused
from enforcement.ledger import Ledger
from tests.unit import ledgers
from tests.unit.checks.test_netcontent import FAILING, PASSING
from tests.unit.ledgers import who

TEST: dict[str, Any] = {
    "product": "大米",
    "region": "330302",
    "place": "seller",
    "lot": 40,
    "nominal": "500",
    "unit": "g",
    "readings": PASSING,
    "seen": {"words": True, "visible": True, "height": "4"},
    "body": "温州市计量科学研究院",
    "authorisation": "（浙）法计（2024）01号",
    "considered": "常温储存，未见失水",
    "entity": "91330302MA2AAAAA0J",
}


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = ledgers.at(tmp_path / "ledger.db")
    yield made
    made.close()


def judge(ledger: Ledger, key: str = "n1", on: str | None = "2026-11-20", **changed: Any) -> str:
    return ledger.judge_netcontent(who(key, "handler", "wz-h1"), on, TEST | changed).id


def recorded(ledger: Ledger, id: str) -> NetContent:
    found = ledger.held.take(NetContent, id, ledger.law)
    ledger.held.keep(found)
    return found


def test_ledger_records_readings_with_the_verdict(ledger: Ledger) -> None:
    it = recorded(ledger, judge(ledger))
    assert [it.facts[n] for n in ("label", "single", "average", "overall")] == [True, True, True, True]
    result = it.facts["result"]
    assert (result["plan"], result["sample"], result["tolerance"]) == ("JJF1070-2005", 10, "15.0")
    assert (result["mean"], result["deviation"], result["limit"]) == ("498.880", "2.0821", "497.860")
    assert it.subject({}) == TEST["entity"]


def test_failing_lot_names_each_part(ledger: Ledger) -> None:
    it = recorded(
        ledger, judge(ledger, readings=FAILING, seen={"words": False, "visible": True, "height": "4"})
    )
    assert [it.facts[n] for n in ("label", "single", "average", "overall")] == [False, False, False, False]
    assert it.facts["result"]["faults"] == [
        {"en": "the words 净含量 are missing", "zh": "未标注“净含量”字样"}
    ]


def test_stored_verdict_follows_from_its_readings_and_a_changed_one_does_not(ledger: Ledger) -> None:
    it = recorded(ledger, judge(ledger))
    assert again(it.facts, it.occurred) == {}
    forged = it.facts | {"overall": False}
    assert again(forged, it.occurred) == {"overall": {"stored": False, "computed": True}}
    moved = it.facts | {"readings": FAILING}
    assert {"single", "average", "overall", "result"} == set(again(moved, it.occurred))
    assert again(it.facts, None) == {"occurred": {"stored": None, "computed": None}}


def test_laboratory_s_own_verdict_is_compared(ledger: Ledger) -> None:
    assert judge(ledger, overall=True, average=True)
    with pytest.raises(InvalidData, match=r"data.single: does not follow from the readings, which give True"):
        judge(ledger, "n2", single=False)


def test_repeat_meets_the_first_test(ledger: Ledger) -> None:
    first = ledger.judge_netcontent(who("n1", "handler"), "2026-11-20", TEST)
    assert ledger.judge_netcontent(who("n1", "handler"), "2026-11-20", TEST) == first._replace(replayed=True)


@pytest.mark.parametrize("on", [None, "2026", "2026-11", "20261120"])
def test_test_without_a_day_is_refused(ledger: Ledger, on: str | None) -> None:
    with pytest.raises(InvalidData):
        judge(ledger, on=on)


def test_what_cannot_be_judged_records_nothing(ledger: Ledger) -> None:
    head = ledger.head()
    with pytest.raises(Refused, match="annex 3"):
        judge(ledger, nominal="50.1", unit="kg", readings=["50"] * 10)
    with pytest.raises(InvalidData, match="asks for 10 readings"):
        judge(ledger, readings=PASSING[1:])
    with pytest.raises(NotPermitted):
        ledger.judge_netcontent(who("n1", "handler"), "2026-11-20", TEST, scope="330304")
    assert ledger.head() == head


def test_wrong_test_is_withdrawn_once_and_stays_in_the_ledger(ledger: Ledger) -> None:
    id = judge(ledger)
    with pytest.raises(NotFound):
        withdraw(ledger, id, "w0", scope="330304")
    withdraw(ledger, id, "w1")
    assert recorded(ledger, id).withdrawn == "读数录错"
    assert recorded(ledger, id).facts["readings"] == PASSING
    with pytest.raises(Refused, match="withdrawn before"):
        withdraw(ledger, id, "w2")
    with pytest.raises(NotFound):
        withdraw(ledger, "netcontent-9", "w3")


def withdraw(ledger: Ledger, id: str, key: str, scope: str | None = None) -> None:
    by = who(key, "handler", "wz-h1")
    ledger.withdraw_netcontent(by, id, "2026-11-21", {"reason": "读数录错"}, scope=scope)

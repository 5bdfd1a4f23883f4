"""Real spot checks that print a pool and a sample, drawn again as campaigns (objects and inspectors are made up)."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from enforcement.canonical import jcs
from enforcement.checks.verify_draw import verify
from tests.unit.checks.drawing import INSPECTORS, Bureau, given_lists, inspectors, objects

DEMO = Path(__file__).parents[3] / "api" / "demo" / "spotchecks.jsonl"
RECORDS: dict[str, Any] = {r["id"]: r for r in map(json.loads, DEMO.read_text("utf-8").splitlines())}
PRINTED = [
    r["id"] for r in RECORDS.values() if r.get("pool") and r["pool"] < 2000 and r["sampled"] <= r["pool"]
]


@pytest.fixture
def bureau(tmp_path: Path) -> Iterator[Bureau]:
    made = Bureau(tmp_path)
    yield made
    made.close()


def verified(bureau: Bureau, id: str) -> dict[str, Any]:
    found = bureau.transcript(id)
    assert verify(jcs(found)).difference is None
    return found


@pytest.mark.parametrize("record", PRINTED)
def test_printed_pool_and_sample_are_drawn_again(bureau: Bureau, record: str) -> None:
    pool, sampled = RECORDS[record]["pool"], RECORDS[record]["sampled"]
    names = [f"{record}-{n:04d}" for n in range(pool)]
    ratio = "1/1" if sampled == pool else reduced(sampled, pool)
    listed = given_lists(objects(names, "all"), inspectors(cap=2 * pool))
    found = verified(bureau, bureau.drawn(listed, {"all": ratio}))
    assert len(found["drawn"]) == sampled
    loads = [each["load"] for each in found["loads"]]
    assert (sum(loads), max(loads) - min(loads)) == (2 * sampled, int(2 * sampled % len(INSPECTORS) > 0))


def reduced(p: int, q: int) -> str:
    from fractions import Fraction

    ratio = Fraction(p, q)
    return f"{ratio.numerator}/{ratio.denominator}"


def test_stations_officers_and_testers_are_three_draws(bureau: Bureau) -> None:
    """Changsha 2016: 8 of 127 stations with officers, then test staff from another county for the same eight."""
    record = RECORDS["hn-changsha-2016-dr"]
    stations = [f"station-{n:03d}" for n in range(1, record["pool"] + 1)]
    first = verified(bureau, bureau.drawn(given_lists(objects(stations, "all")), {"all": "8/127"}))
    eight = [each["object"] for each in first["drawn"]]
    testers = [f"tester-{n}" for n in range(5)]
    second = bureau.drawn(
        given_lists(objects(eight, "drawn"), inspectors(testers)),
        {"drawn": "1/1"},
        plan={"batch": "检定人员"},
    )
    found = verified(bureau, second)
    assert {each["object"] for each in found["drawn"]} == set(eight)
    teams = [each["inspectors"] for each in found["assignments"]]
    assert all(len(set(team)) == 2 and set(team) <= set(testers) for team in teams)


def test_meters_are_drawn_in_stages(bureau: Bureau) -> None:
    """Weixian: places first (4 townships, 5 villages, 3 compounds, 2 enterprises), then 100 of the 900 meters there."""
    record = RECORDS["he-weixian-gasmeter"]
    stages: dict[str, int] = record["stages"]
    places = [
        row for kind, n in stages.items() for row in objects([f"{kind}-{i}" for i in range(2 * n)], kind)
    ]
    listed = given_lists(sorted(places, key=lambda row: row["object"].encode()))
    first = verified(
        bureau, bureau.drawn(listed, dict.fromkeys(stages, "1/2"), plan={"object_kind": "project"})
    )
    drawn = [each["object"] for each in first["drawn"]]
    assert {kind: sum(name.startswith(kind) for name in drawn) for kind in stages} == stages
    meters = [f"meter-{drawn[n % len(drawn)]}-{n:03d}" for n in range(record["pool"])]
    second = bureau.drawn(
        given_lists(objects(meters, "meters"), inspectors(cap=100)),
        {"meters": "1/9"},
        plan={"object_kind": "instrument", "batch": "第二阶段"},
    )
    assert len(verified(bureau, second)["drawn"]) == record["sampled"]

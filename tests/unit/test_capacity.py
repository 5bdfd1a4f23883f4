"""The page on what a city, a province and the nation need follows from its table of figures."""

import pytest

from tests.bench import capacity
from tests.bench.capacity import Need

RATE = {"save": 100.0, "append": 1000.0, "relay": 500.0, "worker": 50.0, "rebuild": 100.0}
VOLUMES = [
    {"what": "classes", "a_year": 12_000_000, "events": 1, "bulk": True},
    {"what": "cases", "a_year": 31_536, "events": 10, "bulk": False},
]


def test_the_page_is_what_the_table_of_figures_gives() -> None:
    assert capacity.PAGE.read_text("utf-8") == capacity.page()


def test_load_is_counted_by_kind_and_times_the_city() -> None:
    found = capacity.need(VOLUMES, 3)
    assert found == Need(3, 3 * 12_315_360, 3 * 315_360, 3_000_000)
    assert found.peak == pytest.approx(0.3)


def test_workers_finish_the_monthly_job_within_the_hour() -> None:
    assert capacity.workers(Need(1, 0, 0, 50 * 3600 * 7), RATE) == 7
    assert capacity.workers(Need(1, 0, 0, 50 * 3600 * 7 + 1), RATE) == 8
    assert capacity.workers(Need(1, 0, 0, 1), RATE) == 2


def test_partitions_are_never_fewer_than_the_default() -> None:
    assert capacity.partitions(Need(1, 0, 0, 50 * 3600 * 6), RATE) == 12
    assert capacity.partitions(Need(1, 0, 0, 50 * 3600 * 7), RATE) == 14


@pytest.mark.parametrize(("a_year", "pieces"), [(1, 1), (10_000_000, 1), (10_000_001, 2), (41_000_000, 8)])
def test_table_partitions_are_a_power_of_two(a_year: int, pieces: int) -> None:
    assert capacity.pieces(Need(1, a_year, 0, 0)) == pieces


def test_the_tightest_limit_comes_first() -> None:
    found = capacity.limits(Need(1, 365 * 86_400 * 10, 365 * 86_400 * 10, 1), RATE)
    assert (found[0].name, found[0].used) == (
        "a rebuild of 10 years over a weekend, one process",
        pytest.approx(365 * 86_400 * 100 / 100 / (48 * 3600)),
    )
    saves = next(limit for limit in found if "lock" in limit.name)
    assert saves.used == pytest.approx(1.0)

"""A kept answer is the answer a fresh question would get: for every case, after every step, on every day."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import orjson
import pytest

from api.demonstration import Demonstration, import_cases
from api.services import Services
from projections.queries import cases as questions
from projections.queries.current import Current
from tests.api.conftest import start

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
FIRST = date(2025, 6, 1)
DAYS = [FIRST + timedelta(days=n) for n in range(0, 900, 3)]


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demonstration]:
    """The published cases, and the officers of the demonstration."""
    bureau = start(tmp_path_factory.mktemp("demo"), lambda: NOW)
    import_cases(bureau.services)
    made = Demonstration(bureau.services)
    made.enrol()
    yield made
    bureau.services.close()


def fresh(services: Services, id: str, days: list[date]) -> list[bytes]:
    with services.reads.read() as conn:
        known = questions.case(conn, None, id)
    assert known is not None
    return [orjson.dumps(known.view(day)) for day in days]


def kept(current: Current, id: str, days: list[date]) -> list[bytes]:
    found = [current.case(None, id, day) for day in days]
    return [each.body for each in found if each is not None]


def some_case(services: Services) -> str:
    services.follower.wait_for(services.ledger.head(), 60, "cases")
    with services.reads.read() as conn:
        return str(questions.register(conn, None, questions.Wanted(open=True), FIRST, limit=1).items[0]["id"])


def test_case_driven_to_its_end_reads_the_same_on_every_day(demonstration: Demonstration) -> None:
    services = demonstration.services
    current, steps = Current(services.reads), 0
    for name in ("case", "unpaid"):
        for _ in demonstration.drive(name):
            id = demonstration.cases[name]
            assert kept(current, id, DAYS) == fresh(services, id, DAYS)
            steps += 1
    assert steps > 20


def test_published_cases_read_the_same_on_every_day(demonstration: Demonstration) -> None:
    services = demonstration.services
    services.follower.wait_for(services.ledger.head(), 60, "cases")
    with services.reads.read() as conn:
        page = questions.register(conn, None, questions.Wanted(), FIRST, limit=200)
    current, some = Current(services.reads), DAYS[::25]
    for item in page.items:
        assert kept(current, item["id"], some) == fresh(services, item["id"], some)
    assert len(page.items) >= 120


def test_most_days_need_no_new_rendering(
    demonstration: Demonstration, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = demonstration.services
    id = some_case(services)
    current, rendered = Current(services.reads), 0
    render = current._render

    def counted(*given: object) -> object:
        nonlocal rendered
        rendered += 1
        return render(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(current, "_render", counted)
    kept(current, id, DAYS)
    assert 0 < rendered < len(DAYS) / 4


def test_memory_of_kept_answers_is_bounded(demonstration: Demonstration) -> None:
    services = demonstration.services
    current = Current(services.reads, size=100_000)
    with services.reads.read() as conn:
        page = questions.register(conn, None, questions.Wanted(), FIRST, limit=100)
    for item in page.items:
        assert current.case(None, item["id"], FIRST) is not None
    assert sum(len(each.body) for each in current._kept.values()) == current._bytes <= 100_000


def test_case_outside_the_scope_is_none_kept_or_not(demonstration: Demonstration) -> None:
    services = demonstration.services
    current, id = Current(services.reads), some_case(services)
    for _ in range(2):
        assert current.case("110000", id, FIRST) is None
        assert current.case(None, id, FIRST) is not None


def test_loaded_calendar_and_rebuilt_tables_are_noticed(tmp_path: Path) -> None:
    bureau = start(tmp_path, lambda: NOW)
    id = bureau.open_case()
    bureau.caught_up()
    current = bureau.services.current
    before = current.case(None, id, FIRST)
    notice = {"year": 2027, "notice": "国办发明电〔2026〕1号", "off": ["2027-01-01"], "on": []}
    assert bureau.post("/calendars", {"occurred": "2026-11-19", "data": notice}, "head").status_code == 201
    bureau.caught_up()
    loaded = current.case(None, id, FIRST)
    assert before is not None
    assert loaded is not None
    assert loaded.stamp.calendar == bureau.services.ledger.head() != before.stamp.calendar
    from projections.operations import Operations
    from projections.registry import PROJECTIONS

    operations = Operations(PROJECTIONS, bureau.services.reads, bureau.services.log(), bureau.services.clock)
    operations.flip("cases", operations.rebuild("cases"))
    operations.drop("cases", 1)
    flipped = current.case(None, id, FIRST)
    assert flipped is not None
    assert (flipped.stamp.tables, flipped.body) == (2, loaded.body)
    bureau.services.close()

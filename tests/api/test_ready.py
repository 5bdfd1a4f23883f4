"""`/readyz`: red with every reason, and green again; the list of what is parked."""

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from projections import parking
from projections.rebuild import Rebuild
from projections.registry import PROJECTIONS
from streams import cursors, database
from streams.cursors import START, Cursor
from streams.feed import Row
from streams.turns import turns
from tests.api.conftest import NOW, Bureau, start

TOPIC = "steelyard.ledger.v1"


@pytest.fixture
def moment() -> list[datetime]:
    return [NOW]


@pytest.fixture
def carried(tmp_path: Path, moment: list[datetime]) -> Iterator[Bureau]:
    """A bureau whose events go by Kafka: nothing in this process follows the ledger."""
    bureau = start(tmp_path, lambda: moment[0], follow=False, STEELYARD_KAFKA="127.0.0.1:9")
    yield bureau
    bureau.services.close()


def status(bureau: Bureau) -> tuple[int, str]:
    answer = bureau.client.get("/readyz")
    return answer.status_code, answer.json["status"]


def fill(bureau: Bureau) -> None:
    """What a worker would have done by now."""
    given = bureau.services
    for projection in PROJECTIONS.values():
        rebuild = Rebuild(projection, given.reads, given.log(), given.clock, partitions=given.partitions)
        rebuild.flip(rebuild.fill())


def relay(bureau: Bureau, state: str = "following", sent: bool = True) -> None:
    """A relay that took its turn, sent everything or nothing, and said how it is."""
    url, log, given = bureau.services.settings.database_url, bureau.services.log(), bureau.services
    database.upgrade(url)
    with closing(turns(url, "wenzhou", "here:1", given.clock)) as claim:
        claim.keep(TOPIC, 12)
        claim.keep("steelyard.checkpoints.v1", 1)  # nothing is put there, so it is not behind
        claim.take()
        if sent:
            with database.opened(url) as conn:
                at = cursors.kept(conn, "wenzhou")[TOPIC].at
            claim.move(TOPIC, at or START, Cursor(log.head(), log.head()))
        claim.beat(state, "the message is too large" if state == "stopped" else None)


def test_read_models_that_are_not_filled_are_named(carried: Bureau) -> None:
    code, said = status(carried)
    assert code == 503
    for name in PROJECTIONS:
        assert f"{name} is being filled" in said
    assert "no relay has begun" in said


def test_all_is_well_when_everything_was_carried(carried: Bureau) -> None:
    carried.open_case()
    fill(carried)
    relay(carried)
    assert status(carried) == (200, "ok")


def test_a_limit_in_seconds_decides_what_is_behind(carried: Bureau, moment: list[datetime]) -> None:
    fill(carried)
    carried.open_case()
    relay(carried, sent=False)
    moment[0] += timedelta(seconds=60)
    relay(carried, sent=False)
    assert status(carried) == (200, "ok")
    moment[0] += timedelta(seconds=1)
    relay(carried, sent=False)
    code, said = status(carried)
    assert code == 503
    assert "cases is 61 s behind" in said
    assert "the relay (following) is 61 s behind" in said


@pytest.mark.parametrize("state", ["stopped", "ended"])
def test_a_relay_that_is_no_more_is_red(carried: Bureau, state: str) -> None:
    fill(carried)
    relay(carried, state)
    assert status(carried) == (503, f"the relay has {state}")


def test_a_relay_that_died_is_silent(carried: Bureau, moment: list[datetime]) -> None:
    fill(carried)
    relay(carried)
    moment[0] += timedelta(seconds=61)
    assert status(carried) == (503, "the relay has been silent for 61 s")


def park(bureau: Bureau) -> Row:
    """The last event, put aside by the register of cases."""
    given = bureau.services
    row = Row(*given.log().rows(given.log().head() - 1, 1)[0])
    with given.reads.write() as conn:
        parking.park(conn, "cases", 1, [row], "2026-03-20T02:00:00.000000Z", "ValueError: no", 4)
    return row


def test_a_parked_event_is_red_and_shown_to_auditors(carried: Bureau) -> None:
    id = carried.open_case()
    fill(carried)
    relay(carried)
    row = park(carried)
    assert status(carried) == (503, "cases has 1 events parked")
    (found,) = carried.get("/projections/cases/parked", "auditor").json["items"]
    assert (found["position"], found["aggregate"], found["error"]) == (row.position, id, "ValueError: no")
    assert (found["held"], found["attempts"]) == (False, 4)
    assert carried.get("/projections/registers/parked", "bureau_system").json["items"] == []
    assert carried.get("/projections/cabbages/parked", "auditor").status_code == 404
    assert carried.get("/projections/cases/parked", "handler").status_code == 403

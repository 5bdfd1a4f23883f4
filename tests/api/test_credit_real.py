"""The published cases of the demonstration: every business in them has a score, and every score is its lines."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from api import clockwork
from enforcement.credit.policy import Policy
from enforcement.events import Who
from enforcement.importing.importer import Importer
from projections.queries import credit as questions
from projections.queries import records
from tests.api.conftest import Bureau, start
from tests.records import SHIPPED

NOW = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)
SYSTEM = Who("wz-sys", "bureau_system", "rate-1")
DEFAULT = files("enforcement.credit") / "policies" / "wenzhou-metrology-2026.yaml"


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bureau]:
    made = start(tmp_path_factory.mktemp("real"), lambda: NOW)
    ledger = made.services.ledger
    with Path(str(SHIPPED)).open("rb") as file:
        assert Importer(ledger, lambda _: None).run(file).errors == []
    ledger.adopt_policy(Who("wz-b1", "head", "p1"), "2026-01-01", DEFAULT.read_text("utf-8"))
    assert made.services.follower.wait_for(ledger.head(), 120, "credit")
    yield made
    made.services.close()


def policies(city: Bureau) -> list[Policy]:
    return city.services.ledger.policies()


def everyone(city: Bureau, as_of: date) -> list[dict[str, Any]]:
    head = city.services.ledger.head()
    question = questions.Asked(as_of, head, policies(city))
    with city.services.reads.read() as conn:
        facts = questions.facts_of(conn, questions.everyone(conn), head)
    return [questions.answer(uscc, known, question) for uscc, known in facts.items()]


@pytest.mark.parametrize("day", ["2026-01-01", "2026-06-30", "2026-11-26", "2029-01-31"])
def test_every_business_has_a_score_that_is_the_sum_of_its_lines(city: Bureau, day: str) -> None:
    found = everyone(city, date.fromisoformat(day))
    assert len(found) > 40
    for answer in found:
        total = Decimal(answer["base"]) + sum(Decimal(line["points"]) for line in answer["lines"])
        assert total == Decimal(answer["total"]), answer


def test_scores_change_on_the_day_they_name_and_not_before(city: Bureau) -> None:
    for answer in everyone(city, date(2026, 6, 30)):
        if answer["next_change"] is None:
            continue
        day = date.fromisoformat(answer["next_change"])
        eve, then = (
            next(a for a in everyone(city, d) if a["uscc"] == answer["uscc"])
            for d in (day - timedelta(days=1), day)
        )
        assert (eve["lines"], eve["class"]) == (answer["lines"], answer["class"])
        assert then["lines"] != answer["lines"]
        return
    raise AssertionError("nobody's score changes")


def test_terms_that_ran_out_end_once_and_classes_are_recorded_once(city: Bureau) -> None:
    ended = clockwork.tick(city.services).ended
    assert ended > 0
    assert city.services.follower.wait_for(city.services.ledger.head(), 60, "credit")
    assert clockwork.tick(city.services).ended == 0
    with city.services.reads.read() as conn:
        assert records.over(conn, city.services.today()) == []
    first = clockwork.rate(city.services, SYSTEM)
    assert city.services.follower.wait_for(city.services.ledger.head(), 60, "credit")
    again = clockwork.rate(city.services, SYSTEM._replace(correlation="rate-2"))
    assert (first.rated, again.changed) == (again.rated, 0)
    assert first.rated > 40


def test_nothing_public_is_past_its_term(city: Bureau) -> None:
    for record in city.client.get("/lists/penalties?limit=200").json["items"]:
        assert record["published"] <= "2026-11-26" <= (record["until"] or "9999"), record

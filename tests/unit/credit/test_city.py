"""The made-up city: the same from the same seed, at the rates of the real one, and it scores without error."""

from collections import Counter
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from enforcement.credit.chance import Chance, code_of
from enforcement.credit.city import CASES, CHECKS, COMMITTED, ENTRIES, LOTS, City, _Business
from enforcement.credit.parsing import parse
from enforcement.credit.reading import read
from enforcement.credit.scoring import score
from enforcement.forms import schema
from enforcement.ledger import Ledger
from enforcement.values import valid_uscc
from projections.whatif import asking
from projections.whatif.history import known
from tests.unit.credit.given import clause, policy
from tests.unit.ledgers import at, who

UNTIL = date(2026, 11, 23)
CITY = City("seven", 300, UNTIL, busy=12)
SHIPPED = parse(
    files("enforcement.credit").joinpath("policies", "wenzhou-metrology-2026.yaml").read_text("utf-8")
)


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    opened = at(tmp_path_factory.mktemp("city") / "ledger.db")
    histories = list(CITY.histories())
    for first in range(0, len(histories), 200):
        opened.append(histories[first : first + 200])
    return opened


def test_the_same_seed_gives_the_same_city() -> None:
    small = City("one", 20, UNTIL, busy=30)

    def told(city: City) -> list[object]:
        return [(id, [event.__dict__ for event in events]) for id, events in city.histories()]

    assert told(small) == told(City("one", 20, UNTIL, busy=30))
    assert told(small) != told(City("two", 20, UNTIL, busy=30))


def test_codes_are_right_and_all_different() -> None:
    codes = [code_of(number) for number in (*range(3000), 1_563_999)]
    assert all(map(valid_uscc, codes))
    assert len(set(codes)) == len(codes)
    assert {code[8:12] for code in codes} == {"0000"}


def test_numbers_of_chance_are_spread_evenly() -> None:
    chance = Chance("spread")
    counted = Counter(chance.below(10) for _ in range(10_000))
    assert sorted(counted) == list(range(10))
    assert all(850 < number < 1150 for number in counted.values())


def test_what_happens_comes_at_the_rates_of_the_real_city() -> None:
    """Of 60,000 business-years: within four standard deviations of the rates."""
    size, years = 20_000, 3
    ids = [id.partition("-")[0] for id, _ in City("rate", size, UNTIL, years).histories()]
    found = Counter(ids)
    rates = {"case": CASES, "inspection": CHECKS, "listing": ENTRIES, "netcontent": LOTS}
    for kind, expected in {kind: rate * size * years / 100_000 for kind, rate in rates.items()}.items():
        assert abs(found[kind] - expected) < 4 * expected**0.5, kind
    standing = COMMITTED * size / 100_000
    assert abs(found["commitment"] - standing) < 4 * standing**0.5
    assert found["repair"] > found["listing"] / 2


def test_commitments_lots_entries_and_repairs_are_scored(ledger: Ledger) -> None:
    facts = known(ledger.recorder, ledger.head()).facts
    scores = [score(its, SHIPPED, day) for its in facts.values() for day in (UNTIL, date(2025, 6, 30))]
    met = {line.clause for one in scores for line in one.lines}
    assert {"commitment", "repair", "list-abnormal", "check-problem"} <= met


def test_of_the_lots_tested_some_are_short_and_some_labelled_wrongly() -> None:
    city = City("lots", 500, UNTIL)
    lots = [lot for number in range(city.size) for lot in _Business(city, number)._lot(0)]
    facts = [fact for id, events in lots for fact in read(id, list(enumerate(events, 1))).facts]
    met = Counter(line.clause for fact in facts for line in score([fact], SHIPPED, UNTIL).lines if line.event)
    assert set(met) == {"netcontent-short", "netcontent-label"}
    assert met.total() < len(lots) / 10


def test_every_event_of_a_city_has_the_form_of_its_type() -> None:
    for _, events in City("form", 60, UNTIL, busy=40).histories():
        for event in events:
            data = {name: value for name, value in event.data().items() if name != "occurred"}
            faults = [said for field in schema(type(event)).validate(data).values() for said in _texts(field)]
            assert set(map(str, faults)) <= {"Missing data for required field."}, (
                "history may leave out, not invent"
            )


def _texts(faults: object) -> list[object]:
    """The messages in a tree of faults."""
    if isinstance(faults, dict):
        return [said for inner in faults.values() for said in _texts(inner)]
    return list(faults) if isinstance(faults, list) else [faults]


def test_the_city_scores_without_error_and_every_score_is_its_lines(ledger: Ledger) -> None:
    facts = known(ledger.recorder, ledger.head()).facts
    assert len(facts) == CITY.size
    scores = [score(its, SHIPPED, UNTIL) for its in facts.values()]
    assert all(one.total == one.base + sum(line.points for line in one.lines) for one in scores)
    assert len({one.grade for one in scores}) > 2


def test_a_what_if_over_the_city_agrees_with_every_single_score(ledger: Ledger) -> None:
    draft = policy(clause(points={"fixed": "-16"}), id="draft")
    found, checked = asking.ask(ledger.recorder, draft, SHIPPED, UNTIL, ledger.head(), 20_000)
    assert checked == (CITY.size, ())
    assert found.movers.height > 0


def test_a_what_if_of_the_past_knows_only_the_past(ledger: Ledger) -> None:
    early = ledger.head() // 2
    found, checked = asking.ask(ledger.recorder, SHIPPED, SHIPPED, UNTIL, early, 20_000)
    assert found.businesses < CITY.size
    assert (found.movers.height, checked.different) == (0, ())


def test_who_has_left_the_register_is_left_out(tmp_path: Path) -> None:
    opened = at(tmp_path / "ledger.db")
    opened.append(list(City("left", 3, UNTIL).histories()))
    gone = code_of(1)
    opened.change_entity(who("gone", "intake"), gone, "2026-11-01", {"status": "deregistered"})
    assert gone not in known(opened.recorder, opened.head()).facts
    assert gone in known(opened.recorder, opened.head() - 1).facts

"""A certificate in somebody's hands: overdue is never stored, it follows from the day asked for."""

from datetime import date
from typing import Any

import orjson
import pytest

from enforcement.credit.facts import Fact
from enforcement.credit.parsing import understood
from enforcement.credit.policy import points_text
from enforcement.credit.reading import read
from enforcement.credit.scoring import score
from enforcement.events import Event, Who, known
from projections.whatif import columns
from projections.whatif.vector import Vector
from tests.unit.credit.given import clause, document, text

USER, NEXT = "91330302MA2AAAAA0J", "91330303MA2BBBBB0B"
Step = tuple[str, str, dict[str, Any]]
REGISTERED: Step = ("registered", "2026-01-10", {"owner": USER, "kind": "scale", "until": "2026-03-31"})
OVERDUE = clause(
    on=["instrument.registered", "instrument.verified", "instrument.transferred", "instrument.resumed"],
    points={"fixed": "-3"},
    starts={"after": "until"},
    fade={"kind": "none"},
    ends=["superseded"],
)


def facts(*steps: Step) -> list[Fact]:
    events = [(10 + n, event(n, *step)) for n, step in enumerate((REGISTERED, *steps), 1)]
    return read("instrument-s1", events).facts


def event(version: int, name: str, day: str, data: dict[str, Any]) -> Event:
    cls = known(f"instrument.{name}")
    assert cls is not None
    who = Who("wz-1", "intake", f"c{version}")
    return cls.new("instrument-s1", version, who, "2026-05-01T00:00:00.000000Z", day, data, USER)


def total(known: list[Fact], on: str, uscc: str = USER) -> str:
    its = [fact for fact in known if fact.uscc == uscc]
    return points_text(score(its, understood(text(document(OVERDUE))), date.fromisoformat(on)).total)


def test_a_certificate_counts_from_the_day_after_its_last() -> None:
    assert [total(facts(), day) for day in ("2026-03-31", "2026-04-01", "2029-01-01")] == ["100", "97", "97"]


@pytest.mark.parametrize("name", ["verified", "failed", "stopped", "scrapped", "replaced"])
def test_what_takes_its_place_ends_it(name: str) -> None:
    found = facts(
        (
            name,
            "2026-04-15",
            {"until": "2027-04-14", "reason": "x"} if name == "verified" else {"reason": "x"},
        )
    )
    assert [total(found, day) for day in ("2026-04-14", "2026-04-15")] == ["97", "100"]


def test_verified_in_time_it_is_never_overdue() -> None:
    found = facts(("verified", "2026-03-20", {"until": "2027-03-19"}))
    assert [total(found, day) for day in ("2026-04-01", "2027-03-19", "2027-03-20")] == ["100", "100", "97"]


def test_an_overdue_instrument_burdens_its_next_user_from_the_transfer_on() -> None:
    found = facts(("transferred", "2026-05-05", {"owner": NEXT}))
    assert [total(found, day) for day in ("2026-05-04", "2026-05-05")] == ["97", "100"]
    assert [total(found, day, NEXT) for day in ("2026-05-04", "2026-05-05")] == ["100", "97"]


def test_out_of_use_nothing_is_overdue_until_it_is_used_again() -> None:
    found = facts(("stopped", "2026-02-01", {"reason": "x"}), ("resumed", "2026-06-01", {}))
    assert [total(found, day) for day in ("2026-05-31", "2026-06-01")] == ["100", "97"]


def test_a_certificate_without_a_last_day_is_no_fact() -> None:
    assert len(facts(("verified", "2026-03-20", {}))) == 1


@pytest.mark.parametrize("on", ["2026-03-31", "2026-04-01", "2026-05-04", "2026-05-05"])
def test_columns_find_the_same(on: str) -> None:
    found, counted = (
        facts(("transferred", "2026-05-05", {"owner": NEXT})),
        understood(text(document(OVERDUE))),
    )
    every = columns.businesses([USER, NEXT])
    page = [(fact.uscc, orjson.dumps(fact.dump())) for fact in found]
    laid = columns.facts([page], every, columns.Wanted.by([counted]))
    totals = Vector(counted, laid, every).on(date.fromisoformat(on))["total"].to_list()
    assert [points_text(n) for n in totals] == [total(found, on, uscc) for uscc in (USER, NEXT)]

"""How long penalties, entries of lists and check results are public."""

from datetime import date
from typing import Any

import pytest

from enforcement.credit.publicity import class_of, of_listing, of_penalty
from enforcement.credit.reading import read
from tests.unit.processes.given import FINE, USCC, Bureau

LOW = {**FINE, "fine": "500", "rung": "lighter"}


def term(bureau: Bureau, published: str, *penalties: dict[str, Any], on: str = "2026-03-01") -> Any:
    case = bureau.ledger.case(bureau.case(published, *penalties))
    return of_penalty(case, USCC, bureau.ledger.law, date.fromisoformat(on))


def test_minor_record_ends_by_itself_after_three_months(bureau: Bureau) -> None:
    found = term(bureau, "2026-01-15", LOW)
    assert (found.code, found.repairable, found.until) == ("minor", None, date(2026, 4, 15))
    assert found.public(date(2026, 4, 15))
    assert not found.public(date(2026, 4, 16))
    assert not found.public(date(2026, 1, 14))


def test_general_record_can_be_repaired_after_three_months_and_ends_after_a_year(bureau: Bureau) -> None:
    found = term(bureau, "2026-01-15", FINE)
    assert (found.code, found.repairable, found.until) == ("general", date(2026, 4, 16), date(2027, 1, 15))


def test_month_without_that_day_ends_on_its_last(bureau: Bureau) -> None:
    assert term(bureau, "2026-11-30", LOW, on="2026-12-01").until == date(2027, 2, 28)


def test_low_fine_with_confiscated_gains_is_general(bureau: Bureau) -> None:
    assert term(bureau, "2026-01-15", LOW | {"gains": "0.01"}).code == "general"


@pytest.mark.parametrize(
    ("fines", "code"), [(("25000", "25000"), "minor"), (("25000", "25000.01"), "general")]
)
def test_fines_of_one_decision_are_added_up(bureau: Bureau, fines: tuple[str, str], code: str) -> None:
    first, second = (LOW | {"fine": fine} for fine in fines)
    assert term(bureau, "2026-01-15", first, second).code == code


def test_one_line_on_the_ordinary_rung_makes_the_record_general(bureau: Bureau) -> None:
    assert term(bureau, "2026-01-15", LOW, LOW | {"rung": "ordinary"}).code == "general"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"violation": "v1", "party": "p1", "warning": True}, "minor"),
        ({"violation": "v1", "party": "p1", "fine": "1"}, "general"),
        (LOW | {"rung": "heavier"}, "general"),
        (LOW | {"kinds": ["stop_business"], "until": "2026-02-01"}, "serious_restriction"),
    ],
)
def test_record_has_one_class_in_public_and_in_the_score(
    bureau: Bureau, more: dict[str, Any], code: str
) -> None:
    """A second line of the decision: a warning has no rung of its own, a fine without one leaves it open."""
    id = bureau.case("2026-01-15", LOW, more)
    public = of_penalty(bureau.ledger.case(id), USCC, bureau.ledger.law, date(2026, 3, 1))
    told = read(id, enumerate(bureau.ledger.events_of(id), 1))
    counted = next(fact.fields["record"] for fact in told.facts if "record" in fact.fields)
    assert public is not None
    assert (public.code, counted) == (code, code.partition("_")[0])


@pytest.mark.parametrize(
    ("until", "repairable", "last"),
    [
        ("2026-06-30", date(2027, 1, 16), date(2029, 1, 15)),
        ("2028-06-30", date(2028, 7, 1), date(2029, 1, 15)),
        ("2030-06-30", date(2030, 7, 1), date(2030, 6, 30)),
    ],
)
def test_restriction_outlasts_the_term(bureau: Bureau, until: str, repairable: date, last: date) -> None:
    found = term(bureau, "2026-01-15", FINE | {"kinds": ["restrict_business"], "until": until})
    assert (found.code, found.repairable, found.until) == ("serious_restriction", repairable, last)


def test_restriction_without_a_known_end_ends_nothing(bureau: Bureau) -> None:
    found = term(bureau, "2026-01-15", FINE | {"kinds": ["restrict_occupation"]})
    assert (found.repairable, found.until) == (None, None)


def test_revoked_licence_is_public_for_three_years_without_an_early_end(bureau: Bureau) -> None:
    found = term(bureau, "2026-01-15", FINE | {"kinds": ["licence_revoked"]})
    assert (found.code, found.repairable, found.until) == ("serious_closure", None, date(2029, 1, 15))


def test_warning_alone_is_never_public(bureau: Bureau) -> None:
    assert term(bureau, "2026-01-15", {"violation": "v1", "party": "p1", "warning": True}) is None


def test_order_107_reaches_older_records_from_its_first_day(bureau: Bureau) -> None:
    before = term(bureau, "2025-02-10", FINE, on="2025-12-24")
    after = term(bureau, "2025-02-10", FINE, on="2025-12-25")
    assert (before.code, before.until) == ("before_order_107", date(2028, 2, 10))
    assert (after.code, after.until) == ("general", date(2026, 2, 10))
    assert not term(bureau, "2024-12-24", FINE, on="2025-12-25").public(date(2025, 12, 25))


def test_month_of_publication_counts_from_its_last_day(bureau: Bureau) -> None:
    assert term(bureau, "2026-01", LOW).until == date(2026, 4, 30)


def test_revoked_decision_has_no_term(bureau: Bureau) -> None:
    id = bureau.case("2026-01-15")
    bureau.then(id, "case.decision-revoked", "2026-02-01", by="court", reason="事实不清")
    assert of_penalty(bureau.ledger.case(id), USCC, bureau.ledger.law, date(2026, 2, 2)) is None


def test_each_party_has_the_class_of_its_own_penalty(bureau: Bureau) -> None:
    parties = [{"id": "p1", "kind": "organisation", "uscc": USCC}, {"id": "p2", "kind": "person"}]
    mine, his = LOW | {"fine": "50000"}, LOW | {"party": "p2", "fine": "5000.01"}
    case = bureau.ledger.case(bureau.case("2026-01-15", mine, his, parties=parties))
    assert class_of(case, USCC, date(2026, 2, 1)).code == "minor"
    assert class_of(case, None, date(2026, 2, 1)).code == "general"


@pytest.mark.parametrize(
    ("restriction", "repairable", "until"),
    [
        (None, date(2027, 3, 11), date(2029, 3, 10)),
        ("2030-01-31", date(2030, 2, 1), date(2030, 1, 31)),
    ],
)
def test_serious_entry_is_public_three_years_or_its_restriction(
    bureau: Bureau, restriction: str | None, repairable: date, until: date
) -> None:
    case = bureau.case("2026-03-02", FINE | {"rung": "heavier"})
    id = bureau.opens("listing.decided", "2026-03-02", case=case, restriction_until=restriction)
    bureau.takes(id, "listing.published", "2026-03-10")
    found = of_listing(bureau.ledger.listing(id), bureau.ledger.law, date(2026, 4, 1))  # type: ignore[arg-type]
    assert found is not None
    assert (found.repairable, found.until, found.shown) == (repairable, until, date(2029, 3, 2))

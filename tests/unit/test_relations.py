"""Relations by ids, and who must recuse from whom through which path."""

from collections.abc import Iterator
from datetime import date
from itertools import combinations, permutations
from pathlib import Path
from random import Random
from typing import Any

import pytest

from enforcement.errors import InvalidData
from enforcement.ledger import Ledger
from enforcement.registry.inspector import available, reach
from enforcement.registry.recusal import Relations
from enforcement.registry.relation import Relation, holds
from tests.unit import ledgers
from tests.unit.cases.given import officer
from tests.unit.ledgers import who

A, B = "91330302MA2AAAAA0J", "91330302000000001K"
SPOUSE = {"relation": "r1", "kind": "kinship", "a": "inspector-wz-h1", "b": "person-p1"}
OWNS = {"relation": "r2", "kind": "legal_representative", "a": "person-p1", "b": f"entity-{A}"}
HOLDS = {"relation": "r3", "kind": "shareholding", "a": f"entity-{A}", "b": f"entity-{B}"}


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = ledgers.at(tmp_path / "ledger.db")
    yield made
    made.close()


def declare(ledger: Ledger, key: str, **data: Any) -> dict[str, Any]:
    ledger.declare_relation(who(key, "head", "wz-d1"), "2026-01-05", data)
    return ledger.held.take(Relation, f"relation-{data['relation']}", ledger.law).facts


def test_path_of_two_relations_is_the_reason() -> None:
    links = Relations([SPOUSE, OWNS, HOLDS]).path("wz-h1", A)
    assert links is not None
    assert [(link.source, link.kind, link.target) for link in links] == [
        ("inspector-wz-h1", "kinship", "person-p1"),
        ("person-p1", "legal_representative", f"entity-{A}"),
    ]


def test_third_relation_counts_only_when_asked_for() -> None:
    relations = Relations([SPOUSE, OWNS, HOLDS])
    assert relations.path("wz-h1", B) is None
    assert [link.relation for link in relations.path("wz-h1", B, 3) or ()] == ["r1", "r2", "r3"]
    assert [uscc for uscc, _ in relations.recusals("wz-h1", 1)] == []


def test_officer_without_relations_recuses_from_nobody() -> None:
    assert list(Relations([OWNS]).recusals("wz-h1")) == []


def test_shorter_path_goes_first_and_the_first_relation_of_two_is_shown() -> None:
    own = {"relation": "r9", "kind": "shareholding", "a": "inspector-wz-h1", "b": f"entity-{A}"}
    again = own | {"relation": "r8", "kind": "declared_interest"}
    links = Relations([own, SPOUSE, OWNS, again]).path("wz-h1", A)
    assert [link.relation for link in links or ()] == ["r8"]


def test_paths_agree_with_walking_every_pair_by_hand() -> None:
    """Against plain enumeration of all walks over random relations."""
    chance = Random(20261126)
    nodes = [f"inspector-o{n}" for n in range(3)] + [f"person-p{n}" for n in range(4)]
    usccs = [f"U{n}" for n in range(4)]
    nodes += [f"entity-{uscc}" for uscc in usccs]
    for _ in range(200):
        pairs = [pair for pair in combinations(nodes, 2) if chance.random() < 0.12]
        given = [{"relation": f"r{n}", "kind": "k", "a": a, "b": b} for n, (a, b) in enumerate(pairs)]
        near = {frozenset(pair) for pair in pairs}
        for start, uscc in ((n, u) for n in range(3) for u in usccs):
            ways = [(f"inspector-o{start}", f"entity-{uscc}")] + [
                (f"inspector-o{start}", between, f"entity-{uscc}") for between in nodes
            ]
            walked = [
                way for way in ways if all(frozenset(way[i : i + 2]) in near for i in range(len(way) - 1))
            ]
            path = Relations(given).path(f"o{start}", uscc)
            assert (path is None) == (not walked)
            if path is not None:
                assert len(path) == min(len(way) for way in walked) - 1


def test_relations_in_any_order_show_the_same_path() -> None:
    other = [
        {"relation": "r5", "kind": "kinship", "a": "inspector-wz-h1", "b": "person-p2"},
        {"relation": "r6", "kind": "shareholding", "a": "person-p2", "b": f"entity-{A}"},
    ]
    shown = {str(Relations(order).path("wz-h1", A)) for order in permutations([SPOUSE, OWNS, *other])}
    assert len(shown) == 1


def test_relation_counts_on_the_days_between_its_dates(ledger: Ledger) -> None:
    facts = declare(ledger, "k1", **SPOUSE, start="2026-03-01", end="2026-06-30")
    days = (date(2026, 2, 28), date(2026, 3, 1), date(2026, 6, 30), date(2026, 7, 1))
    assert [holds(facts, day) for day in days] == [False, True, True, False]


def test_ended_relation_counts_to_its_last_day_and_a_withdrawn_one_never(ledger: Ledger) -> None:
    declare(ledger, "k1", **SPOUSE)
    ledger.end_relation(who("k2", "head"), "r1", "relation.ended", "2026-06-30", {"end": "2026-06-30"})
    facts = ledger.held.take(Relation, "relation-r1", ledger.law).facts
    assert [holds(facts, date(2026, month, 30)) for month in (6, 7)] == [True, False]
    ledger.end_relation(who("k3", "head"), "r1", "relation.withdrawn", "2026-07-01", {"reason": "误报"})
    facts = ledger.held.take(Relation, "relation-r1", ledger.law).facts
    assert not holds(facts, date(2026, 6, 30))
    with pytest.raises(InvalidData, match="withdrawn"):
        ledger.end_relation(who("k4", "head"), "r1", "relation.ended", "2026-07-01", {"end": "2026-07-01"})


@pytest.mark.parametrize(
    "wrong",
    [
        {"b": "inspector-wz-h1"},
        {"b": f"entity-{A}"},
        {"kind": "shareholding"},
        {"kind": "legal_representative", "a": f"entity-{B}", "b": f"entity-{A}"},
        {"start": "2026-03-02", "end": "2026-03-01"},
        {"b": "person-330302199001011234"},
        {"b": "person-33030219900101123x"},
        {"b": "person-138-0000-0000"},
        {"b": "entity-91330302MA2AAAAA0X"},
        {"b": "张三"},
    ],
)
def test_relation_of_wrong_ends_is_refused(ledger: Ledger, wrong: dict[str, Any]) -> None:
    head = ledger.head()
    with pytest.raises(InvalidData):
        declare(ledger, "k1", **(SPOUSE | wrong))
    assert ledger.head() == head


# -- who may be sent ---------------------------------------------------------------------------------------------


def test_officer_is_available_when_serving_licensed_and_there() -> None:
    facts: dict[str, Any] = {
        "licence_until": "2026-12-31",
        "status": None,
        "leave": [{"start": "2026-05-01", "end": "2026-05-10"}, {"start": "2026-12-20"}],
    }
    asked = [
        (("2026-04-01", "2026-04-30"), True),
        (("2026-04-30", "2026-05-01"), False),
        (("2026-05-10", "2026-05-12"), False),
        (("2026-05-11", "2026-12-19"), True),
        (("2026-12-19", "2026-12-20"), False),
        (("2026-11-01", "2027-01-01"), False),
    ]
    for (start, end), expected in asked:
        assert available(facts, date.fromisoformat(start), date.fromisoformat(end)) is expected, start
    assert not available(facts | {"status": "left"}, date(2026, 4, 1), date(2026, 4, 2))


def test_officer_without_regions_is_sent_where_the_unit_is() -> None:
    assert reach({"regions": None, "region": "330302"}) == ["330302"]
    assert reach({"regions": ["330304", "330302", "330304"], "region": "330300"}) == ["330302", "330304"]


@pytest.mark.parametrize("wrong", [{"leave": [{"start": "2026-05-02", "end": "2026-05-01"}]}, {"cap": -1}])
def test_leave_and_cap_make_sense(ledger: Ledger, wrong: dict[str, Any]) -> None:
    ledger.register_inspector(who("o", "bureau_system"), "2020-01-01", officer("wz-h1", "handler"))
    with pytest.raises(InvalidData):
        ledger.change_inspector(who("p", "bureau_system"), "wz-h1", "2026-01-01", wrong)

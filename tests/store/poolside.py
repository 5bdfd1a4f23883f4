"""Random registers, classes, inspections and cases for the tests of pools, and the pools worked out by hand from them.

`expected` reads the events one by one, in plain Python, and shares nothing with the projection.
"""

import random
from collections import Counter
from datetime import date
from typing import Any

import orjson

from enforcement.credit.policy import GRADES
from tests.store.caseside import Book, party

DAY = date(2026, 11, 20)
USCCS = [f"91330302MA2AAAA{n:02d}X" for n in range(12)]
REGIONS = ("330302", "330304", "330381")
INSTRUMENT_ITEM, ENTITY_ITEM = "jl-jyj-01", "jl-jmsc-01"
Facts = dict[str, Any]


def item(book: Book, code: str, objects: str, **more: Any) -> None:
    given = {
        "category": "计量",
        "item": "检查",
        "basis": "38号",
        "levels": ["county"],
        "methods": ["on_site"],
    }
    ratio = {"kind": "general", "ratio": "1/5", **more}
    book.add(f"item-{code}", "item.listed", code=code, objects=objects, **given, **ratio)


def entity(book: Book, uscc: str, region: str = "330302", kind: str = "company", **more: Any) -> None:
    given = {"uscc": uscc, "name": "某商行", "kind": kind, "region": region}
    book.add(f"entity-{uscc}", "entity.registered", subject=uscc, **given, **more)


def instrument(book: Book, id: str, owner: str, region: str = "330302", kind: str = "price-scale") -> None:
    given = {"instrument": id, "owner": owner, "region": region, "kind": kind}
    book.add(f"instrument-{id}", "instrument.registered", subject=owner, **given)


def grade(book: Book, uscc: str, to: str | None) -> None:
    facts = {"policy": "p", "policy_hash": "0" * 64, "as_of": "2026-11-01", "looked_at": 1, "total": "100"}
    book.add(f"credit-{uscc}", "credit.class-changed", subject=uscc, from_class=None, to_class=to, **facts)


def checked(
    book: Book, id: str, uscc: str | None, day: str, item: str = ENTITY_ITEM, kind: str = "daily", **more: Any
) -> None:
    """An inspection from its assignment to its results, on one day."""
    about = {"entity": uscc, "item": item, "check_kind": kind, "object": more.get("object", uscc)}
    name = f"inspection-{id}"
    book.add(name, "inspection.assigned", day, **about, random=True)
    book.add(name, "inspection.entered", day, officers=["wz-1", "wz-2"])
    book.add(name, "inspection.results-entered", day, **about, random=True, codes=["1"])


def random_book(seed: int, events: int = 120) -> Book:
    """Everything that moves objects in and out of pools, mixed."""
    chance, book = random.Random(seed), Book()
    item(book, ENTITY_ITEM, "entity")
    item(book, INSTRUMENT_ITEM, "instrument", kinds=["price-scale", "fuel-dispenser"])
    while len(book.rows) < events:
        chance.choice((_entity, _entity, _instrument, _instrument, _grade, _inspection, _case))(chance, book)
    return book


def _entity(chance: random.Random, book: Book) -> None:
    uscc = chance.choice(USCCS)
    if f"entity-{uscc}" in book._versions:
        change = chance.choice(
            (
                {"status": "deregistered"},
                {"status": "active"},
                {"region": chance.choice(REGIONS)},
                {"name": "新"},
            )
        )
        book.add(f"entity-{uscc}", "entity.changed", subject=uscc, **change)
    else:
        entity(book, uscc, chance.choice(REGIONS), chance.choice(("company", "sole_trader")), sector="零售")


def _instrument(chance: random.Random, book: Book) -> None:
    id = f"g-{chance.randrange(10)}"
    name, owner = f"instrument-{id}", chance.choice(USCCS)
    if name in book._versions:
        topic, data = chance.choice(
            (
                ("instrument.transferred", {"owner": owner, "region": chance.choice(REGIONS)}),
                ("instrument.stopped", {"reason": "停业"}),
                ("instrument.resumed", {}),
                ("instrument.scrapped", {"reason": "破损"}),
                ("instrument.changed", {"place": "1号"}),
            )
        )
        book.add(name, topic, subject=owner, **data)
    else:
        instrument(book, id, owner, kind=chance.choice(("price-scale", "fuel-dispenser", "water-meter-dn25")))


def _grade(chance: random.Random, book: Book) -> None:
    grade(book, chance.choice(USCCS), chance.choice((*GRADES, None)))


def _inspection(chance: random.Random, book: Book) -> None:
    year, month = chance.choice(((2025, 11), (2025, 12), (2026, 3), (2026, 10)))
    day = f"{year}-{month}-{chance.choice((19, 20, 21))}" if month > 9 else f"{year}-0{month}-20"
    uscc, thing = chance.choice(USCCS), f"g-{chance.randrange(10)}"
    which = chance.choice(({"item": ENTITY_ITEM}, {"item": INSTRUMENT_ITEM, "object": thing}))
    id = str(len(book.rows))
    checked(book, id, uscc, day, kind=chance.choice(("daily", "special", "case")), **which)
    if chance.random() < 0.2:
        book.add(
            f"inspection-{id}", "inspection.withdrawn", day, why=chance.choice(("wrong", "term")), reason="x"
        )


def _case(chance: random.Random, book: Book) -> None:
    id = f"case-{chance.randrange(5)}"
    if id in book._versions:
        book.add(id, "case.closed", "2026-11-19", history=True, approved_by="wz-9", reason="完毕")
    else:
        book.clue(id, "2026-10-03", parties=[party("p0", chance.choice(USCCS))], history=True)


# -- worked out by hand --------------------------------------------------------------------------------------------


def expected(
    book: Book, code: str, limits: dict[str, int], open_cases: set[str]
) -> tuple[dict[str, str], dict[str, set[str]]]:
    """(member → stratum, object outside → codes of its reasons) of an item on DAY; `open_cases`: their businesses."""
    told = [(row.aggregate, row.topic, orjson.loads(row.state)["data"]) for row in book.rows]
    businesses: dict[str, Facts] = {}
    things: dict[str, Facts] = {}
    classes: dict[str, str | None] = {}
    checks: dict[str, Facts] = {}
    for aggregate, topic, data in told:
        family, _, id = aggregate.partition("-")
        if family == "entity":
            businesses.setdefault(id, {"status": "active"}).update(data)
        elif family == "instrument":
            thing = things.setdefault(id, {"use": "active"})
            thing.update(data)
            ends = {"stopped": "stopped", "scrapped": "gone", "resumed": "active", "transferred": "active"}
            thing["use"] = ends.get(topic.partition(".")[2], thing["use"])
        elif family == "credit":
            classes[id] = data["to_class"]
        elif family == "inspection":
            check = checks.setdefault(id, {"done": None, "was": None})
            check.update(data if topic == "inspection.assigned" else {})
            if topic == "inspection.entered":
                check["was"] = data["occurred"]
            if topic == "inspection.results-entered":
                check["done"] = data["occurred"]
            if topic == "inspection.withdrawn" and data["why"] == "wrong":
                check["done"] = None
    visits = Counter(
        uscc
        for uscc, _ in {
            (c["entity"], c["was"])
            for c in checks.values()
            if c["check_kind"] != "case" and "2026-01-01" <= c["was"] <= "2026-11-20"
        }
    )
    members, outside = {}, {}
    by_item = things if code == INSTRUMENT_ITEM else businesses
    for id, facts in by_item.items():
        if code == INSTRUMENT_ITEM and facts["kind"] == "water-meter-dn25":
            continue
        owner = facts["owner"] if code == INSTRUMENT_ITEM else id
        standing = businesses.get(owner, {"status": "active"})["status"]
        own = facts["use"] if code == INSTRUMENT_ITEM else facts["status"]
        reasons = {"state"} if (own, standing) != ("active", "active") else set()
        if owner in open_cases:
            reasons.add("case_open")
        if any(
            c["item"] == code and c["object"] == id and "2025-11-20" < (c["done"] or "") <= "2026-11-20"
            for c in checks.values()
        ):
            reasons.add("checked")
        if visits[owner] >= limits.get(classes.get(owner) or "", 10**6):
            reasons.add("visits")
        if reasons:
            outside[id] = reasons
        else:
            members[id] = f"{facts['region']}/{classes.get(owner) or '-'}/{facts['kind']}"
    return members, outside

"""Rows of real events for the tests of the case read models, made without a ledger: positions are given out here."""

import random
from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import select

from projections.model import Projection
from projections.rebuild import Rebuild
from projections.runner import Runner
from projections.store import Store
from projections.tables import at_version, live_version
from streams.feed import Feed, Page, Row
from tests.store.readside import ListLog, ScriptedFeed, clock, no_pause, page, parted

USCCS = ("91330302MA2AAAAA0X", "91330303MA2BBBBB0Y", "91330304MA2CCCCC0Z")
CALENDAR_2027: dict[str, Any] = {
    "year": 2027,
    "notice": "国办发明电〔2026〕7号",
    "off": ["2027-01-01", "2027-01-02", "2027-01-03", "2027-02-05", "2027-02-06", "2027-02-07", "2027-02-08"],
    "on": ["2027-02-20"],
}


class Book:
    """Hands out positions and versions, and keeps every row in order."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self._versions: dict[str, int] = {}

    def add(
        self,
        aggregate: str,
        topic: str,
        occurred: str | None = None,
        *,
        recorded: str = "2026-11-20T08:00:00.000000Z",
        subject: str | None = None,
        actor: str = "wz-lc-017",
        **data: Any,
    ) -> Row:
        self._versions[aggregate] = self._versions.get(aggregate, 0) + 1
        state = {
            "actor": actor,
            "class_version": 1,
            "correlation": f"c{len(self.rows)}",
            "data": {"occurred": occurred, **data},
            "recorded": recorded,
            "role": "handler",
            "subject": subject or aggregate,
        }
        stored = orjson.dumps(state, option=orjson.OPT_SORT_KEYS)
        row = Row(len(self.rows) + 1, aggregate, self._versions[aggregate], topic, stored)
        self.rows.append(row)
        return row

    def clue(self, case: str, occurred: str = "2026-11-02", region: str = "330302", **data: Any) -> Row:
        """A case begins."""
        given = {
            "source": "inspection",
            "unit": "计量科",
            "summary": "未经检定的电子秤",
            "region": region,
            **data,
        }
        return self.add(case, "case.clue-registered", occurred, **given)

    def filed(
        self, case: str, occurred: str = "2026-11-05", handlers: Sequence[str] = ("wz-1", "wz-2")
    ) -> Row:
        grounds: dict[str, Any] = {
            "evidence": True,
            "penalty_due": True,
            "jurisdiction": True,
            "in_time": True,
        }
        return self.add(
            case,
            "case.filed",
            occurred,
            approved_by="wz-9",
            handlers=list(handlers),
            named_by="wz-8",
            **grounds,
        )

    def calendar(self, **changed: Any) -> Row:
        return self.add("calendar-2027", "calendar.loaded", **{**CALENDAR_2027, **changed})


def party(id: str, uscc: str | None = None) -> dict[str, Any]:
    return {"id": id, "kind": "organisation", "uscc": uscc}


def random_step(chance: random.Random, book: Book, case: str) -> None:
    """One further event of a case, mostly out of statutory order: history may be like that."""
    day = f"2026-{chance.randrange(9, 12):02d}-{chance.randrange(1, 28):02d}"
    version = book._versions[case]
    steps: list[tuple[str, dict[str, Any]]] = [
        ("case.filed", {"handlers": chance.sample(["wz-1", "wz-2", "wz-3"], 2), "approved_by": "wz-9"}),
        ("case.inspected", {"officers": ["wz-1", "wz-3"]}),
        ("case.party-added", {"party": party(f"p{chance.randrange(4)}", chance.choice(USCCS))}),
        ("case.violation-added", {"violation": {"id": f"v{chance.randrange(3)}", "code": "M-V01"}}),
        ("case.suspended", {"reason": "等待司法解释", "approved_by": "wz-9"}),
        ("case.resumed", {"reason": "原因消失", "approved_by": "wz-9"}),
        ("case.penalty-decided", {"penalties": [{"violation": "v0", "fine": "1000"}], "approved_by": "wz-9"}),
        ("case.decision-served", {"method": "direct", "publicity_told": True}),
        ("case.paid", {"amount": "1000", "what": "fine", "in_full": True}),
        ("case.closed", {"approved_by": "wz-9", "reason": "执行完毕"}),
        ("case.noted", {"what": "备注"}),
        ("case.from-a-later-release", {"what": "new"}),
        (
            "case.event-corrected",
            {"corrects": chance.randrange(1, version + 1), "kind": "set_aside", "reason": "误录"},
        ),
    ]
    topic, data = chance.choice(steps)
    book.add(case, topic, day, history=True, **data)


def random_book(seed: int, events: int) -> Book:
    """Several cases, businesses, officers and calendars, mixed."""
    chance, book = random.Random(seed), Book()
    cases = [f"case-{n}" for n in range(chance.randrange(1, 5))]
    for case in cases:
        uscc = chance.choice(USCCS)
        book.clue(case, f"2026-{chance.randrange(9, 12):02d}-03", parties=[party("p0", uscc)], history=True)
    while len(book.rows) < events:
        kind = chance.random()
        if kind < 0.06:
            off = [f"2027-01-{chance.randrange(1, 5):02d}", "2027-02-05"]
            book.calendar(off=off, notice=f"notice {len(book.rows)}")
        elif kind < 0.12:
            random_entity(chance, book)
        elif kind < 0.16:
            random_officer(chance, book)
        elif kind < 0.24:
            random_repair(chance, book)
        else:
            random_step(chance, book, chance.choice(cases))
    return book


def random_entity(chance: random.Random, book: Book) -> None:
    uscc = chance.choice(USCCS)
    id = f"entity-{uscc}"
    if id in book._versions:
        book.add(id, "entity.changed", subject=uscc, name=f"某公司{chance.randrange(9)}")
    else:
        facts = {"uscc": uscc, "name": "某公司", "kind": "company", "region": "330302", "sector": "粮食收购"}
        book.add(id, "entity.registered", subject=uscc, **facts)


def random_repair(chance: random.Random, book: Book) -> None:
    """One step of an application for repair, in any order, at the end of a year whose next calendar is not out."""
    id, day = f"repair-{chance.randrange(3)}", f"2026-12-{chance.randrange(10, 32):02d}"
    uscc = chance.choice(USCCS)
    if id not in book._versions:
        facts = {"uscc": uscc, "region": "330302", "target": "penalty", "record": "case-0", "papers": []}
        book.add(id, "repair.applied", day, subject=uscc, **facts)
        return
    steps: list[tuple[str, dict[str, Any]]] = [
        ("repair.supplement-asked", {"missing": ["proof"]}),
        ("repair.supplemented", {"papers": ["proof"]}),
        ("repair.accepted", {}),
        ("repair.extended", {"reason": "情况复杂", "approved_by": "wz-9"}),
        ("repair.granted", {"approved_by": "wz-9"}),
        ("repair.stopped", {}),
    ]
    topic, data = chance.choice(steps)
    book.add(id, topic, day, **data)


def random_officer(chance: random.Random, book: Book) -> None:
    officer = f"wz-{chance.randrange(1, 4)}"
    id = f"inspector-{officer}"
    roles: list[Any] = [{"role": "handler", "start": "2026-01-01"}]
    if id in book._versions:
        book.add(
            id,
            "inspector.changed",
            licence_until="2028-12-31",
            roles=[*roles, {"role": "head", "start": "2026-06-01"}],
        )
    else:
        given: dict[str, Any] = {
            "officer": officer,
            "unit": "计量科",
            "region": "330302",
            "licence_until": "2027-12-31",
            "roles": roles,
        }
        book.add(id, "inspector.registered", **given)


def pages(rows: Sequence[Row], chance: random.Random, partition: int = 0, most: int = 6) -> list[Page]:
    """The rows in pages of random sizes."""
    found, at = [], 0
    while at < len(rows):
        size = chance.randrange(1, most)
        found.append(page(*rows[at : at + size], partition=partition))
        at += size
    return found


def partitioned(rows: Sequence[Row], chance: random.Random, partitions: int = 3) -> list[Page]:
    """The rows as a stream brings them: aggregates spread over partitions, these mixed at random."""
    places = {row.aggregate: chance.randrange(partitions) for row in rows}
    queues = [pages([r for r in rows if places[r.aggregate] == p], chance, p) for p in range(partitions)]
    mixed = []
    while any(queues):
        queue = chance.choice([q for q in queues if q])
        mixed.append(queue.pop(0))
    return mixed


def followed(
    store: Store, projection: Projection, feed: Feed, log: ListLog | None = None
) -> dict[str, list[Any]]:
    """The tables after a runner has taken everything that the feed gives."""
    Rebuild(projection, store, log or ListLog(), clock).ensure()
    worker = Runner(projection, store, feed, clock=clock, pause=no_pause, delays=())
    while worker.step(limit=5):
        pass
    return contents(store, projection)


def scripted(store: Store, projection: Projection, given: Sequence[Page]) -> dict[str, list[Any]]:
    """The tables after these pages, in this order."""
    partitions = parted(1 + max(page.partition for page in given))
    Rebuild(projection, store, ListLog(), clock, partitions=partitions).ensure()
    worker = Runner(projection, store, ScriptedFeed(*given), clock=clock, pause=no_pause, delays=())
    for _ in given:
        worker.step()
    assert worker.error is None
    return contents(store, projection)


def worked(store: Store, projection: Projection, given: Sequence[Page], partitions: Sequence[int]) -> None:
    """One worker takes the pages of its partitions, waiting where the database lets another go first."""
    mine = [page for page in given if page.partition in partitions]
    worker = Runner(projection, store, ScriptedFeed(*mine), clock=clock, pause=no_pause, delays=())
    for _ in mine:
        worker.step()
        assert worker.error is None


def contents(store: Store, projection: Projection, version: int | None = None) -> dict[str, list[Any]]:
    """Every row of the live version, or of the one named."""
    with store.read() as conn:
        tables = at_version(projection.shape, version or live_version(conn, projection.name) or 0)
        ordered = {name: select(table).order_by(*table.primary_key) for name, table in tables.items()}
        return {name: [tuple(row) for row in conn.execute(query)] for name, query in ordered.items()}

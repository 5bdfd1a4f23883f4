"""Checks as a read model: every inspection, net-content test and campaign folded into its document and its rows.

One fold an aggregate and page. The rows of an aggregate follow from its own events alone, so no order between
aggregates matters, and no calendar: due dates are counted when somebody asks.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, MetaData, select

from enforcement.checks.campaign import Campaign
from enforcement.checks.documents import Document
from enforcement.checks.inspection import Inspection
from enforcement.checks.netcontent_record import NetContent
from enforcement.law import Law
from enforcement.values import occurred_day
from projections import check_tables, sql
from projections.model import Changes, Projection
from projections.tables import Tables
from streams.feed import Row, decode

Rows = Iterator[tuple[Any, ...]]


@dataclass(frozen=True)
class Kind:
    """How one kind of aggregate becomes rows: its table, and the link tables that are replaced as a whole."""

    cls: type[Document]
    table: str
    row: Callable[[Any, int], tuple[Any, ...]]
    links: dict[str, Callable[[Any], Rows]]
    link_key: str = ""


def shape(meta: MetaData, suffix: str) -> None:
    check_tables.shape(meta, suffix)


def derive(conn: Connection, tables: Tables, rows: Sequence[Row]) -> Iterator[Changes]:
    """Fold the page's events onto the documents known; whatever is touched is written anew."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        if kind_of(row.aggregate) is not None:
            groups.setdefault(row.aggregate, []).append(row)
    documents = _documents(conn, tables, [id for id, mine in groups.items() if mine[0].version > 1])
    changes = Changes()
    for id, mine in groups.items():
        _into(changes, id, mine, documents.get(id))
    yield changes


def kind_of(aggregate: str) -> Kind | None:
    """The kind of an aggregate's id, None for what is no check."""
    return KINDS.get(aggregate.partition("-")[0])


def restored(id: str, document: bytes) -> Document:
    """The aggregate of a stored document."""
    kind = kind_of(id)
    assert kind is not None
    return kind.cls.restore(id, orjson.loads(document))


def _documents(conn: Connection, tables: Tables, ids: Sequence[str]) -> dict[str, bytes]:
    c = tables["check_documents"].c
    return {row.id: row.document for row in sql.by_keys(conn, select(c.id, c.document), c.id, ids)}


def _into(changes: Changes, id: str, rows: Sequence[Row], document: bytes | None) -> None:
    kind = KINDS[id.partition("-")[0]]
    it = kind.cls(id) if document is None else restored(id, document)
    law, recorded = Law.load(), ""
    for row in rows:
        event = decode(row)
        recorded = event.recorded if event else orjson.loads(row.state)["recorded"]
        if event is not None:
            it.apply(event, law)
    last = rows[-1]
    it.version = last.version
    kept = (id, last.version, last.position, recorded, orjson.dumps(it.dump(), option=orjson.OPT_SORT_KEYS))
    write = changes.add if document is None else changes.put
    write.setdefault("check_documents", []).append(kept)
    write.setdefault(kind.table, []).append(kind.row(it, last.position))
    for table, made in kind.links.items():
        changes.take.setdefault((table, kind.link_key), []).append(id)
        changes.add.setdefault(table, []).extend(made(it))


def day_text(occurred: str | None) -> str | None:
    """The day in China, as tables hold it; None where it is not known to the day."""
    day = occurred_day(occurred)
    return None if day is None else day.isoformat()


def _inspection(it: Inspection, position: int) -> tuple[Any, ...]:
    names = ("item", "object", "entity", "region", "unit", "check_kind", "campaign", "grade")
    return (
        it.id,
        position,
        it.state,
        *(it.facts.get(name) for name in names),
        bool(it.facts.get("random")),
        *map(day_text, (it.times.get("inspection.assigned"), it.entered, it.results_on, it.published)),
        it.shown,
        it.negative if it.results else None,
        any(_unknown(entry) for entry in it.entries),
    )


def _unknown(entry: str | None) -> bool:
    """Whether an entry of a list is only known to be there, not which one it is."""
    return entry is None or not entry.startswith("listing-")


def _keepers(it: Inspection) -> Rows:
    """What may keep a negative result in public: cases and entries of lists that it led to."""
    named = (entry for entry in it.entries if not _unknown(entry))
    yield from ((it.id, record) for record in dict.fromkeys([*it.cases, *named]))


def _officers(it: Inspection) -> Rows:
    for part, officers in (("sent", it.officers), ("visited", it.visitors), ("recused", it.recused)):
        yield from ((it.id, officer, part) for officer in dict.fromkeys(officers))


def _codes(it: Inspection) -> Rows:
    for name, codes in (("national", it.codes), ("provincial", (it.results or {}).get("provincial") or ())):
        yield from ((it.id, name, code) for code in dict.fromkeys(codes))


def _netcontent(it: NetContent, position: int) -> tuple[Any, ...]:
    names = (
        *("entity", "region", "product", "campaign", "inspection"),
        *("label", "single", "average", "overall"),
    )
    return (
        it.id,
        position,
        day_text(it.occurred),
        *(it.facts.get(name) for name in names),
        it.history,
        it.withdrawn is not None,
    )


def _campaign(it: Campaign, position: int) -> tuple[Any, ...]:
    facts, frozen = it.facts, it.frozen or {}
    item = facts.get("item")
    return (
        it.id,
        position,
        it.state,
        item["code"] if isinstance(item, dict) else item,
        *(facts.get(name) for name in ("region", "unit")),
        it.organiser,
        facts.get("start") or day_text(it.occurred),
        facts.get("end"),
        it.held_elsewhere,
        bool(facts.get("joint")),
        facts.get("policy") is not None,
        *(frozen.get(name) for name in ("plan_hash", "frozen_at")),
        it.drawn if it.transcript else facts.get("sampled"),
        sum(each["kind"] == "recusal" for each in it.replacements),
        facts.get("replaces"),
        it.voided["why"] if it.voided else None,
    )


KINDS = {
    "inspection": Kind(
        Inspection,
        "inspections",
        _inspection,
        {"inspection_officers": _officers, "inspection_codes": _codes, "inspection_keepers": _keepers},
        "inspection",
    ),
    "campaign": Kind(Campaign, "campaigns", _campaign, {}),
    "netcontent": Kind(NetContent, "netcontents", _netcontent, {}),
}
"""By the first word of the aggregate's id."""

CHECKS = Projection("checks", 2, shape, derive)

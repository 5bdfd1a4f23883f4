"""Questions about relations: which are declared, and who must recuse from whom through which path, on a day."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

import orjson
from sqlalchemy import Connection, exists, literal, or_, select

from enforcement.registry.recusal import OFFICER, STEPS, Link, Relations
from enforcement.registry.relation import holds
from projections import sql
from projections.queries.paging import Page
from projections.queries.reading import tables_of
from projections.queries.register_rows import listed
from projections.queries.scope import within
from projections.registers import REGISTERS

Facts = dict[str, Any]


def relations(
    conn: Connection,
    scope: str | None,
    node: str | None = None,
    *,
    limit: int = 50,
    after: str | None = None,
) -> Page:
    """Declared relations by id; within a scope those that touch one of its officers."""
    tables = tables_of(conn, REGISTERS)
    c = tables["relations"].c
    query = select(tables["relations"])
    if node is not None:
        query = query.where(or_(c.a == node, c.b == node))
    if scope is not None:
        officer = tables["officers"].c
        ours = literal(OFFICER).concat(officer.id)
        query = query.where(exists().where(within(officer.region, scope), or_(c.a == ours, c.b == ours)))
    return listed(conn, query, [c.id], "relations", limit, after)


def around(conn: Connection, officers: Iterable[str], on: date, steps: int = STEPS) -> Relations:
    """The relations that hold on a day and lie within so many steps of the officers: no others are read."""
    reached = {OFFICER + officer for officer in officers}
    found: dict[str, Facts] = {}
    new = set(reached)
    for _ in range(steps):
        links = {id: link for id, link in _touching(conn, new) if id not in found and holds(link, on)}
        found |= links
        new = {link[end] for link in links.values() for end in ("a", "b")} - reached
        reached |= new
    return Relations(found.values())


def recusals(conn: Connection, officer: str, on: date, steps: int = STEPS) -> list[dict[str, Any]]:
    """Every business from which an officer must recuse on a day, each with its path."""
    found = around(conn, [officer], on, steps).recusals(officer, steps)
    return [{"entity": uscc, "path": [_shown(link) for link in links]} for uscc, links in found]


def path(
    conn: Connection, officer: str, business: str, on: date, steps: int = STEPS
) -> list[dict[str, Any]] | None:
    """Why an officer must recuse from a business on a day; None where nothing says so."""
    links = around(conn, [officer], on, steps).path(officer, business, steps)
    return None if links is None else [_shown(link) for link in links]


def _touching(conn: Connection, nodes: Collection[str]) -> Iterable[tuple[str, Facts]]:
    table = tables_of(conn, REGISTERS)["relations"]
    for column in (table.c.a, table.c.b):
        query = select(table.c.id, table.c.facts)
        for row in sql.by_keys(conn, query, column, sorted(nodes)):
            yield row.id, orjson.loads(row.facts)


def _shown(link: Link) -> dict[str, Any]:
    return {"relation": link.relation, "kind": link.kind, "from": link.source, "to": link.target}

"""The lists that a draw freezes (steelyard-draw-1, section 1): objects, strata, inspectors, conflicts, in its order.

Everything comes from one transaction of the read models, so the lists fit together; whoever freezes waits first until
`pools`, `registers` and `cases` have applied the position that the freeze is to stand on.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from itertools import product
from typing import Any

from sqlalchemy import Connection, select

from enforcement.registry.recusal import STEPS
from projections.pools import ACTIVE
from projections.queries import pools, relations
from projections.queries.inspectors import drawable
from projections.queries.pool_members import DIMENSIONS, Asked, Pool
from projections.sql import by_keys

__all__ = ["Asked", "conflicts", "exclusions", "inspectors", "objects", "strata", "why"]

Listed = dict[str, str]


def objects(conn: Connection, asked: Asked) -> Iterator[Listed]:
    """`{"object", "region", "stratum"}` of every member, ascending by object, streamed."""
    return pools.members(conn, asked)


def exclusions(conn: Connection, asked: Asked) -> Iterator[dict[str, Any]]:
    """`{"object", "reason", "reasons"}` of every object of the item that is not in the pool, ascending by object."""
    return pools.exclusions(conn, asked)


def strata(conn: Connection, asked: Asked) -> list[dict[str, Any]]:
    """`{"key", "ratio", "size", "sample"}` of every stratum, sorted; empty ones of the policy's classes too.

    The ratio of a general item is the class's in the credit policy of the day where it has one, else the item's; key
    items are drawn by their own. Strata that are not told apart by class have the item's.
    """
    pool = Pool(conn, asked)
    sizes: dict[str, int] = defaultdict(int)
    classes: dict[str, str | None] = {}
    found = [
        (tuple(row[name] for name in DIMENSIONS), row["size"]) for row in pools.counts(conn, asked)["strata"]
    ]
    empty = product({key[0] for key, _ in found}, pool.draws.sampling, {key[2] for key, _ in found})
    for key, size in [*found, *((key, 0) for key in empty)]:
        name = pools.stratum(key, asked.by)
        sizes[name] += size
        classes[name] = key[1] if "class" in asked.by else None
    wanted = asked.filter.get("classes")
    rows = [
        (name, _ratio(pool, classes[name]), sizes[name])
        for name in sorted(sizes)
        if not wanted or classes[name] is None or classes[name] in wanted
    ]
    return [
        {"key": name, "ratio": ratio, "size": size, "sample": _sample(size, ratio)}
        for name, ratio, size in rows
    ]


def inspectors(conn: Connection, start: date, end: date, cap: int) -> list[dict[str, Any]]:
    """`{"inspector", "regions", "skills", "cap"}` of everyone who may inspect on every day from `start` to `end`."""
    return drawable(conn, start, end, cap)


def conflicts(
    conn: Connection, asked: Asked, inspectors: Sequence[dict[str, Any]], steps: int = STEPS
) -> list[list[str]]:
    """`[inspector, object]` of every pair of the two lists that must recuse on the day, sorted."""
    officers = [one["inspector"] for one in inspectors]
    related = relations.around(conn, officers, asked.day, steps)
    near = {officer: [uscc for uscc, _ in related.recusals(officer, steps)] for officer in officers}
    owned = _objects_of(conn, asked, sorted({uscc for found in near.values() for uscc in found}))
    return sorted(
        [officer, object] for officer, found in near.items() for uscc in found for object in owned[uscc]
    )


def why(
    conn: Connection, asked: Asked, inspector: str, object: str, steps: int = STEPS
) -> list[dict[str, Any]] | None:
    """The path of relations because of which an inspector must recuse from an object; None where there is none."""
    pool = Pool(conn, asked)
    owner = conn.scalar(select(pool.objects.c.owner).where(pool.objects.c.thing == f"{pool.type}/{object}"))
    return None if owner is None else relations.path(conn, inspector, owner, asked.day, steps)


def _objects_of(conn: Connection, asked: Asked, owners: Sequence[str]) -> dict[str, list[str]]:
    """The members of the pool that belong to some businesses."""
    found: dict[str, list[str]] = defaultdict(list)
    pool = Pool(conn, asked)
    barred = {row.thing for row in conn.execute(pool.barred())} if owners else set()
    c = pool.objects.c
    query = select(c.thing, c.owner, c.object).where(pool.wanted(c), c.state == ACTIVE)
    for row in by_keys(conn, query, c.owner, owners):
        if row.thing not in barred:
            found[row.owner].append(row.object)
    return found


def _ratio(pool: Pool, grade: str | None) -> str:
    own: str = pool.item["ratio"]
    return own if pool.item["kind"] == "key" else pool.draws.ratio(grade, own)


def _sample(size: int, ratio: str) -> int:
    """ceil(size · p/q) in whole numbers."""
    share = Fraction(ratio)
    return -(-size * share.numerator // share.denominator)

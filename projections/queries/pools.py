"""Questions about pools: how large each stratum is, who is in it, who is not and why."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, select

from enforcement.values import Text
from projections.pools import ACTIVE
from projections.queries.directories import directory
from projections.queries.paging import Page
from projections.queries.pool_members import DIMENSIONS, NO_CLASS, Asked, Pool

Reason = dict[str, Any]
TEXTS = {
    "state": Text("registration: {state}", "登记状态：{state}"),
    "case_open": Text("case open: {case}", "案件未结：{case}"),
    "checked": Text("checked for this item on {checked}, within a year", "一年内已就该事项检查（{checked}）"),
    "visits": Text(
        "visited {visits} times this year, the limit is {limit}", "本年度已检查 {visits} 次，上限 {limit} 次"
    ),
    "other": Text("not an object of this item", "不属于该事项的检查对象"),
}
"""What each code of a reason says."""
BATCH = 10_000


def counts(conn: Connection, asked: Asked) -> dict[str, Any]:
    """The pool in figures: members per stratum, and how many objects each reason keeps out (some have several)."""
    pool = Pool(conn, asked)
    sizes, states = _cells(pool)
    barred = _barred(pool)
    strata = {key: total - barred.get(key, 0) for key, total in sizes.items()}
    listed = [
        {**dict(zip(DIMENSIONS, key, strict=True)), "key": stratum(key, asked.by), "size": size}
        for key, size in sorted(strata.items(), key=lambda found: stratum(found[0], DIMENSIONS))
    ]
    excluded = {**states, **_by_reason(pool)}
    return {
        "item": asked.item,
        "day": asked.day.isoformat(),
        "size": sum(strata.values()),
        "strata": listed,
        "excluded": excluded,
    }


def sizes(
    conn: Connection, day: date, scope: str | None, *, limit: int = 50, after: str | None = None
) -> Page:
    """Items of the list by code, each with the size of its pool on a day."""
    page = directory(conn, "items", None, {}, limit=limit, after=after)
    listed = [
        {name: item[name] for name in ("id", "item", "objects", "kind")}
        | {"size": counts(conn, Asked(item["id"], day, scope=scope))["size"]}
        for item in page.items
        if not item["withdrawn"]
    ]
    return Page(listed, page.next)


def members(conn: Connection, asked: Asked) -> Iterator[dict[str, str]]:
    """Every object in the pool with its region and stratum, ascending by the bytes of its id, streamed."""
    pool = Pool(conn, asked)
    barred = {row.thing for row in conn.execute(pool.barred())}
    c = pool.objects.c
    query = select(c.thing, c.object, c.region, c["class"], c.kind).where(pool.wanted(c), c.state == ACTIVE)
    names: dict[tuple[Any, ...], str] = {}
    for thing, object, *key in _streamed(conn, query.order_by(c.thing)):
        if thing not in barred:
            found = tuple(key)
            name = names.get(found) or names.setdefault(found, stratum(found, asked.by))
            yield {"object": object, "region": key[0], "stratum": name}


def exclusions(conn: Connection, asked: Asked) -> Iterator[dict[str, Any]]:
    """Every object of the item that is not in its pool with its reasons, ascending by the bytes of its id."""
    pool = Pool(conn, asked)
    barred = {row.thing for row in conn.execute(pool.barred())}
    reasons = pool.reasons()
    c = pool.objects.c
    query = select(c.thing, c.object, c.owner, c.state).where(pool.wanted(c))
    for thing, object, owner, state in _streamed(conn, query.order_by(c.thing)):
        if state != ACTIVE or thing in barred:
            yield _told(object, _all(reasons, object, owner, state))


def why(conn: Connection, asked: Asked, object: str) -> dict[str, Any] | None:
    """Whether an object is in the pool, and every reason why not; None where there is no such object."""
    pool = Pool(conn, asked)
    c = pool.objects.c
    query = select(c.region, c["class"], c.kind, c.owner, c.state, pool.wanted(c).label("wanted"))
    row = conn.execute(query.where(c.thing == f"{pool.type}/{object}")).one_or_none()
    if row is None:
        return None
    found = _all(pool.reasons(object), object, row.owner, row.state)
    if not row.wanted:
        found.append(_reason({"code": "other"}))
    key = (row.region, row[1], row.kind)
    return {
        "object": object,
        "region": row.region,
        "stratum": stratum(key, asked.by),
        "member": not found,
        "reasons": found,
    }


def stratum(key: tuple[Any, ...], by: tuple[str, ...]) -> str:
    """The key of a stratum: `330302/A/company`; `-` where an object has no class."""
    named = dict(zip(DIMENSIONS, key, strict=True))
    return "/".join(named[dimension] or NO_CLASS for dimension in by) or "all"


def _cells(pool: Pool) -> tuple[dict[tuple[Any, ...], int], dict[str, int]]:
    """Standing objects by region, class and kind; how many others there are by their state."""
    c = pool.cells.c
    query = (
        select(c.region, c["class"], c.kind, c.state, func.sum(c["count"]))
        .where(pool.wanted(c))
        .group_by(c.region, c["class"], c.kind, c.state)
    )
    sizes: dict[tuple[Any, ...], int] = {}
    states: dict[str, int] = {}
    for *key, state, count in pool.conn.execute(query):
        if state == ACTIVE:
            sizes[tuple(key)] = int(count)
        else:
            sizes.setdefault(tuple(key), 0)
            states[state] = states.get(state, 0) + int(count)
    return sizes, states


def _barred(pool: Pool) -> dict[tuple[Any, ...], int]:
    found = pool.barred().subquery()
    columns = (found.c.region, found.c["class"], found.c.kind)
    query = select(*columns, func.count()).group_by(*columns)
    return {(row[0], row[1], row[2]): row[3] for row in pool.conn.execute(query)}


def _by_reason(pool: Pool) -> dict[str, int]:
    counted = {
        name: pool.conn.scalar(select(func.count()).select_from(part.subquery())) or 0
        for name, part in pool.parts().items()
    }
    return {name: count for name, count in counted.items() if count}


def _all(reasons: dict[str, list[Reason]], object: str, owner: str | None, state: str) -> list[Reason]:
    """An object's own state, its business's reasons, its own checks – in this order."""
    found: list[Reason] = [] if state == ACTIVE else [{"code": "state", "state": state}]
    found += [*reasons.get(owner or "", ()), *reasons.get(f"/{object}", ())]
    return [_reason(one) for one in found]


def _reason(found: Reason) -> Reason:
    text = TEXTS[found["code"]]
    return {**found, "text": {"en": text.en.format(**found), "zh": text.zh.format(**found)}}


def _told(object: str, reasons: list[Reason]) -> dict[str, Any]:
    said = "；".join(reason["text"]["zh"] for reason in reasons)
    return {"object": object, "reason": said, "reasons": reasons}


def _streamed(conn: Connection, query: Any) -> Iterator[Any]:
    """Rows as they come, never all at once."""
    yield from conn.execution_options(yield_per=BATCH).execute(query)

"""Questions about what is inspected and by which plan: instruments, products, stalls, items, plans."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, get_args

from sqlalchemy import ColumnElement, Connection, and_, case, func, literal, or_, select

from enforcement.checks.plan_rules import findings
from enforcement.law import instruments as law
from enforcement.registry.instrument import standing
from projections.queries.paging import Page
from projections.queries.reading import tables_of
from projections.queries.register_rows import listed, one, shown
from projections.queries.scope import within
from projections.registers import REGISTERS

Directory = Literal["products", "stalls", "items", "plans", "relations"]


@dataclass(frozen=True)
class InstrumentsWanted:
    """Which instruments; what is None does not matter. `until_to`: whose validity ends on that day or before."""

    owner: str | None = None
    kind: str | None = None
    region: str | None = None
    phase: str | None = None
    standing: law.Standing | None = None
    until_to: str | None = None


def directory(
    conn: Connection,
    name: Directory,
    scope: str | None,
    equal: Mapping[str, str],
    *,
    limit: int = 50,
    after: str | None = None,
) -> Page:
    """A page of one register, by id; `equal`: columns and what they must hold, `region` covering others."""
    table = tables_of(conn, REGISTERS)[name]
    query = select(table)
    if "region" in table.c:
        query = query.where(within(table.c.region, scope), within(table.c.region, equal.get("region")))
    for column, value in equal.items():
        if column != "region":
            query = query.where(table.c[column] == value)
    return listed(conn, query, [table.c.id], name, limit, after)


def entry(conn: Connection, name: Directory, scope: str | None, id: str) -> dict[str, Any] | None:
    """One entry; None when there is none in the scope."""
    return one(conn, tables_of(conn, REGISTERS)[name], scope, id)


def plan(conn: Connection, scope: str | None, id: str) -> dict[str, Any] | None:
    """One plan as it stands, with what it does not meet by the item list of now; None when there is none."""
    found = entry(conn, "plans", scope, id)
    if found is None:
        return None
    told = findings(found, lambda code: entry(conn, "items", None, code))
    names = ("rule", "article", "message", "hard")
    return found | {"findings": [{name: getattr(each, name) for name in names} for each in told]}


def published_plans(conn: Connection) -> list[dict[str, Any]]:
    """Every plan that was published, as it was published last."""
    table = tables_of(conn, REGISTERS)["plans"]
    query = select(table).where(table.c.status == "published").order_by(table.c.id)
    return [shown(row._asdict())["public"] for row in conn.execute(query)]


def published_plan(conn: Connection, id: str) -> dict[str, Any] | None:
    """One published plan as it was published last."""
    found = entry(conn, "plans", None, id)
    return found["public"] if found else None


def instruments(
    conn: Connection,
    scope: str | None,
    wanted: InstrumentsWanted,
    today: date,
    *,
    limit: int = 50,
    after: str | None = None,
) -> Page:
    """计量器具 of the scope by id, each with how it stands today."""
    table = tables_of(conn, REGISTERS)["instruments"]
    c = table.c
    query = select(table).where(within(c.region, scope), within(c.region, wanted.region))
    for name in ("owner", "kind", "phase"):
        if getattr(wanted, name) is not None:
            query = query.where(c[name] == getattr(wanted, name))
    if wanted.standing is not None:
        query = query.where(_standings(c, today)[wanted.standing])
    if wanted.until_to is not None:
        query = query.where(c.until <= wanted.until_to)
    found = listed(conn, query, [c.id], "instruments", limit, after)
    return Page([_standing(item, today) for item in found.items], found.next)


def instrument(conn: Connection, scope: str | None, id: str, today: date) -> dict[str, Any] | None:
    """One instrument with how it stands, its cycle, and what may happen to it now."""
    found = one(conn, tables_of(conn, REGISTERS)["instruments"], scope, id)
    if found is None:
        return None
    cycle = law.cycle(found["kind"], today)
    possible = {step.event: step for step in law.steps() if found["phase"] in step.sources}
    return _standing(found, today) | {
        "cycle": None
        if cycle is None
        else {"jjg": cycle.jjg, "mode": cycle.mode, "months": cycle.months, "status": cycle.status},
        "allowed_events": [
            {"event": step.event, "name": step.name, "article": step.article} for step in possible.values()
        ],
    }


def instrument_counts(conn: Connection, scope: str | None, today: date) -> dict[str, int]:
    """How many instruments of the scope stand how today."""
    c = tables_of(conn, REGISTERS)["instruments"].c
    stands = case(*((test, literal(name)) for name, test in _standings(c, today).items()))
    query = select(stands, func.count()).where(within(c.region, scope)).group_by(stands)
    counted = {row[0]: row[1] for row in conn.execute(query)}
    return {name: counted.get(name, 0) for name in get_args(law.Standing)}


def _standing(found: dict[str, Any], today: date) -> dict[str, Any]:
    return found | {"standing": standing(found, today)}


def _standings(c: Any, today: date) -> dict[law.Standing, ColumnElement[bool]]:
    """`enforcement.law.instruments.standing` as conditions on the columns; exactly one holds for each row."""
    on, soon = today.isoformat(), (today + law.due_soon()).isoformat()
    used = c.phase.not_in(sorted({*law.gone(), *law.NO_VERIFICATION, law.STOPPED}))
    good = and_(used, c.verified)
    return {
        "unverified": and_(used, ~c.verified),
        "valid": and_(good, or_(c.until.is_(None), c.until > soon)),
        "due_soon": and_(good, c.until >= on, c.until <= soon),
        "overdue": and_(good, c.until < on),
        "failed": c.phase.in_(sorted(law.NO_VERIFICATION)),
        "stopped": c.phase == law.STOPPED,
        "gone": c.phase.in_(sorted(law.gone())),
    }

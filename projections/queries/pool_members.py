"""Which objects an item's pool is made of, and why the others are not in it, on a day.

Out of the pool is: what no longer stands by its registration; what belongs to a business with an open case; what was
checked for the same item within a year (practice of SAMR, unconfirmed); what belongs to a business that was visited
this year as often as its class allows (国办发〔2024〕54号; the limits stand in the sampling table of the credit policy
in force). A check on a concrete clue is no such visit. All of it follows from facts and the day when it is asked for.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, literal, or_, select, union

from enforcement.errors import NotFound
from enforcement.law.calendar import add_months
from projections.cases import CASES
from projections.pools import ACTIVE, POOLS
from projections.queries.directories import entry
from projections.queries.reading import tables_of
from projections.queries.sampling import Draws, draws
from projections.queries.scope import within

COUNTED = ("daily", "special")
"""Kinds of check that count towards the yearly limit; a case check has its clue."""
YEAR = 12
DIMENSIONS = ("region", "class", "kind")
NO_CLASS = "-"


@dataclass(frozen=True)
class Asked:
    """A pool: of which item, on which day, of a directed draw with its filter, in strata by which dimensions.

    The filter's members are lists of texts: `regions` (codes that cover others), `kinds`, `sectors`, `classes`.
    `scope` limits it to a division.
    """

    item: str
    day: date
    filter: Mapping[str, Any] = field(default_factory=dict)
    by: tuple[str, ...] = DIMENSIONS
    scope: str | None = None


class Pool:
    """An item's pool in the tables as they are now."""

    def __init__(self, conn: Connection, asked: Asked) -> None:
        """NotFound where the item does not stand on the list."""
        self.conn, self.asked = conn, asked
        found = entry(conn, "items", None, asked.item)
        if found is None or found["withdrawn"]:
            raise NotFound("item on the list", asked.item)
        self.item = found
        self.type: str = found["objects"]
        tables = tables_of(conn, POOLS)
        self.objects, self.cells = tables["pool_objects"], tables["pool_cells"]
        self._inspections = tables["pool_inspections"]

    @cached_property
    def draws(self) -> Draws:
        """What the credit policy of the day says of ratios and visits."""
        return draws(self.conn, self.asked.day)

    def wanted(self, c: Any) -> ColumnElement[bool]:
        """What the item, the filter and the scope ask of an object – or of a cell of objects."""
        item, given = self.item, self.asked.filter
        conditions = [c.type == self.type, within(c.region, self.asked.scope)]
        for column, lists in (
            (c.kind, (item["kinds"], given.get("kinds"))),
            (c.sector, (item["sectors"], given.get("sectors"))),
            (c["class"], (given.get("classes"),)),
        ):
            conditions += [column.in_(sorted(values)) for values in lists if values]
        for codes in (item["regions"], given.get("regions")):
            if codes:
                conditions.append(or_(*(within(c.region, code) for code in codes)))
        return and_(*conditions)

    def barred(self) -> Select[Any]:
        """Every wanted, standing object that is out of the pool for what was done, once; with its cell's columns."""
        return select(union(*self.parts().values()).subquery())

    def parts(self) -> dict[str, Select[Any]]:
        """The same by reason; an object may be in several."""
        checked, cases, visited = self._checked(), self._open_cases(), self._visited()
        things = checked.with_only_columns(literal(f"{self.type}/").concat(checked.selected_columns.object))
        return {
            "checked": self._standing(self.objects.c.thing.in_(things)),
            "case_open": self._of_owners(cases),
            "visits": self._of_owners(visited),
        }

    def _of_owners(self, businesses: Select[Any]) -> Select[Any]:
        """Objects of the businesses of a query; a business itself is found by its own key."""
        uscc = businesses.order_by(None).selected_columns.uscc
        if self.type == "entity":
            keys = businesses.order_by(None).with_only_columns(literal("entity/").concat(uscc))
            return self._standing(self.objects.c.thing.in_(keys))
        return self._standing(self.objects.c.owner.in_(businesses.order_by(None).with_only_columns(uscc)))

    def _standing(self, condition: ColumnElement[bool]) -> Select[Any]:
        c = self.objects.c
        columns = (c.thing, c.object, c.region, c["class"], c.kind)
        return select(*columns).where(condition, c.state == ACTIVE, self.wanted(c))

    def reasons(self, object: str | None = None) -> dict[str, list[dict[str, Any]]]:
        """By object or – where the business is the reason – by its USCC: what was done that bars it."""
        found: dict[str, list[dict[str, Any]]] = {}
        for row in self.conn.execute(self._open_cases()):
            found.setdefault(row.uscc, []).append({"code": "case_open", "case": row.case_id})
        for row in self.conn.execute(self._checked(object)):
            found.setdefault(f"/{row.object}", []).append({"code": "checked", "checked": row.checked})
        for row in self.conn.execute(self._visited()):
            reason = {"code": "visits", "visits": row.visits, "limit": self.draws.limits[row.grade]}
            found.setdefault(row.uscc, []).append(reason)
        return found

    # -- what was done ---------------------------------------------------------------------------------------

    def _checked(self, object: str | None = None) -> Select[Any]:
        """Objects checked for the item within the year before the day, with the last day."""
        i, day = self._inspections.c, self.asked.day
        free = (add_months(day, -YEAR)).isoformat()
        query = select(i.object, func.max(i.checked).label("checked")).where(
            i.item == self.asked.item, i.checked > free, i.checked <= day.isoformat(), i.object.is_not(None)
        )
        if object is not None:
            query = query.where(i.object == object)
        return query.group_by(i.object)

    def _open_cases(self) -> Select[Any]:
        tables = tables_of(self.conn, CASES)
        p, c = tables["case_parties"].c, tables["cases"].c
        joined = tables["case_parties"].join(tables["cases"], c.id == p.case_id)
        return (
            select(p.uscc, p.case_id)
            .select_from(joined)
            .where(c.open, p.uscc.is_not(None))
            .order_by(p.case_id)
        )

    def _visited(self) -> Select[Any]:
        """Businesses visited this year as often as their class allows; several checks of one day are one visit."""
        i, day = self._inspections.c, self.asked.day
        strangers, registered = tables_of(self.conn, POOLS)["pool_owners"], self.objects.alias()
        grade = func.coalesce(registered.c["class"], strangers.c["class"])
        times = func.count(i.entered.distinct())
        joined = self._inspections.outerjoin(strangers, strangers.c.uscc == i.entity).outerjoin(
            registered, registered.c.thing == literal("entity/").concat(i.entity)
        )
        limits = self.draws.limits
        reached = times >= case(*((grade == g, n) for g, n in limits.items())) if limits else literal(1) == 0
        return (
            select(i.entity.label("uscc"), times.label("visits"), func.max(grade).label("grade"))
            .select_from(joined)
            .where(
                i.entered >= f"{day.year}-01-01",
                i.entered <= day.isoformat(),
                i.check_kind.in_(COUNTED),
                i.entity.is_not(None),
            )
            .group_by(i.entity, grade)
            .having(reached)
        )

"""Questions about reports: the lists that an officer may see, and figures in which nobody can be found.

What an officer is kept away from is not in the list and not in a count of it. Figures suppress small cells: one of
less than five is not told, nor is the next smallest where a single hidden cell would follow from the total.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, exists, or_, select

from projections.queries.paging import Page, cursor, page
from projections.queries.reading import tables_of
from projections.queries.scope import within
from projections.registers import REGISTERS
from projections.reports import REPORTS
from projections.tables import Tables

SMALL = 5
ROW = (
    "id",
    "version",
    "position",
    "state",
    "open",
    "region",
    "matter",
    "channel",
    "received",
    "target",
    "unit",
    "decided",
    "amount",
)
TIMES = ((15, "0-15"), (30, "16-30"), (90, "31-90"))
"""Days to the first decision or answer, in classes."""
UNKNOWN = "unknown"
"""The sector where the target is not named, not registered, or registered without one."""
REWARDED = (
    "ELIGIBLE",
    "GRADED",
    "AMOUNT_SET",
    "FINANCE_CONFIRMED",
    "TOLD",
    "CLAIMED",
    "REVIEW_REQUESTED",
    "PAID",
    "WAIVED",
)


@dataclass(frozen=True)
class Viewer:
    """Who asks: what limits a list."""

    officer: str
    unit: str | None
    scope: str | None
    only_assigned: bool
    around: bool
    interested: Callable[[str, str], bool]


@dataclass(frozen=True)
class ReportsWanted:
    """Which reports; what is None does not matter."""

    state: str | None = None
    open: bool | None = None
    matter: str | None = None
    region: str | None = None
    rewards: bool = False


def reports(
    conn: Connection, viewer: Viewer, wanted: ReportsWanted, *, limit: int = 50, after: str | None = None
) -> Page:
    """The reports that the viewer may see, the last received first."""
    tables = tables_of(conn, REPORTS)
    c = tables["reports"].c
    query = select(*(c[name] for name in ROW)).where(*_visible(tables, viewer), *_chosen(c, wanted))
    columns = [c.received, c.id]
    rows = [row._asdict() for row in conn.execute(page(query, columns, "reports", True, limit, after))]
    following = (
        cursor("reports", [rows[limit - 1]["received"], rows[limit - 1]["id"]]) if len(rows) > limit else None
    )
    return Page([row for row in rows[:limit] if not _interested(viewer, row)], following)


def _interested(viewer: Viewer, row: dict[str, Any]) -> bool:
    return row["target"] is not None and viewer.interested(viewer.officer, row["target"])


def _visible(tables: Tables, viewer: Viewer) -> list[ColumnElement[bool]]:
    c, away, officers = (tables[name].c for name in ("reports", "report_kept_away", "report_officers"))
    mine = or_(
        (away.kind == "officer") & (away.name == viewer.officer),
        (away.kind == "unit") & (away.name == viewer.unit),
    )
    seen = [within(c.region, viewer.scope), ~exists().where(away.report == c.id, mine)]
    if not viewer.around:
        seen.append(~c.around)
    if viewer.only_assigned:
        seen.append(exists().where(officers.report == c.id, officers.officer == viewer.officer))
    return seen


def _chosen(c: Any, wanted: ReportsWanted) -> list[ColumnElement[bool]]:
    chosen = [
        c[name] == value
        for name in ("state", "open", "matter")
        if (value := getattr(wanted, name)) is not None
    ]
    if wanted.rewards:
        chosen.append(c.state.in_(REWARDED))
    return [*chosen, within(c.region, wanted.region)]


def of_case(conn: Connection, case: str) -> list[str]:
    """The ids of the reports on which a case was filed."""
    c = tables_of(conn, REPORTS)["reports"].c
    return list(conn.scalars(select(c.id).where(c.case == case).order_by(c.id)))


def statistics(conn: Connection, scope: str | None) -> dict[str, Any]:
    """Reports by month, region, sector, matter, outcome, and days to the first decision and to the first answer.

    The sector is that of the target as registered now. A report that was merged counts as merged, whatever came of the
    one that goes on: nothing is found true twice. Small cells are suppressed.
    """
    c, e = tables_of(conn, REPORTS)["reports"].c, tables_of(conn, REGISTERS)["entities"].c
    columns = (c.received, c.region, c.matter, c.state, c.open, c.merged, c.days, c.answered, e.sector)
    query = select(*columns).select_from(c.id.table.outerjoin(e.id.table, e.id == c.target))
    rows = conn.execute(query.where(within(c.region, scope))).all()
    total = len(rows)
    return {
        "total": total if total == 0 or total >= SMALL else None,
        "month": table(row.received[:7] for row in rows),
        "region": table(row.region for row in rows),
        "sector": table(row.sector or UNKNOWN for row in rows),
        "matter": table(row.matter for row in rows),
        "outcome": table(_outcome(row) for row in rows),
        "days": table(_time(row.days, "undecided") for row in rows),
        "answer": table(_time(row.answered, "unanswered") for row in rows),
    }


def _outcome(row: Any) -> str:
    if row.merged:
        return "MERGED"
    return "OPEN" if row.open else str(row.state)


def _time(days: int | None, never: str) -> str:
    if days is None:
        return never
    return next((name for most, name in TIMES if days <= most), "91-")


def table(keys: Iterable[str]) -> list[dict[str, Any]]:
    """How many of each; None where the number is not told."""
    counted = sorted(Counter(keys).items())
    hidden = _hidden(counted)
    return [{"key": key, "count": None if key in hidden else count} for key, count in counted]


def _hidden(counted: Sequence[tuple[str, int]]) -> set[str]:
    """Cells below five; with a single one, or several that add up to less than five, the next smallest as well."""
    ordered = sorted(counted, key=lambda cell: (cell[1], cell[0]))
    hidden = [cell for cell in ordered if cell[1] < SMALL]
    rest = ordered[len(hidden) :]
    while hidden and rest and (len(hidden) < 2 or sum(count for _, count in hidden) < SMALL):
        hidden.append(rest.pop(0))
    return {key for key, _ in hidden}

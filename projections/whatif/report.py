"""A simulation for readers: as one JSON value, and as files of rows."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from enforcement.credit.policy import GRADES, points_text
from projections.whatif.simulate import Simulation

FIRST = 100
"""Businesses listed in the JSON value; the files hold all."""


def summary(found: Simulation, first: int = FIRST) -> dict[str, Any]:
    """Everything but the long lists, of which the first are shown; points as decimal strings."""
    return {
        "draft": {"id": found.draft.id, "hash": found.draft.hash},
        "current": {"id": found.current.id, "hash": found.current.hash},
        "businesses": found.businesses,
        "facts": found.facts,
        "days": [_day(found, day) for day in found.days],
        "changes": found.movers.height,
        "movers": list(_movers(found, first)),
        "draw": [row._asdict() for row in found.load],
        "idle_clauses": list(found.idle),
    }


def _day(found: Simulation, day: Any) -> dict[str, Any]:
    """The matrix of one day: class before → class after → businesses."""
    rows = found.moves.filter(pl.col("day") == day).iter_rows()
    matrix = {grade: dict.fromkeys(GRADES, 0) for grade in GRADES}
    for _, before, after, number in rows:
        matrix[before][after] = number
    return {"on": day.isoformat(), "matrix": matrix}


def _movers(found: Simulation, first: int) -> Iterator[dict[str, Any]]:
    shown = found.movers.head(first)
    causes: dict[str, list[dict[str, str]]] = {}
    for uscc, clause, before, after in found.causes.join(shown, on="uscc", how="semi").iter_rows():
        row = {"clause": clause, "points_before": points_text(before), "points_after": points_text(after)}
        causes.setdefault(uscc, []).append(row)
    for uscc, grade_before, grade_after, before, after in shown.iter_rows():
        yield {
            "uscc": uscc,
            "class_before": grade_before,
            "class_after": grade_after,
            "total_before": points_text(before),
            "total_after": points_text(after),
            "clauses": causes.get(uscc, []),
        }


def write(found: Simulation, folder: Path, kind: str) -> list[Path]:
    """`movers`, `causes` and `moves` as CSV or Parquet; points are whole hundredths there, as the names say."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, rows in (("movers", found.movers), ("causes", found.causes), ("moves", found.moves)):
        path = folder / f"{name}.{kind}"
        named = rows.rename({c: f"{c}_hundredths" for c in rows.columns if c.startswith(("total", "points"))})
        named.write_csv(path) if kind == "csv" else named.write_parquet(path)
        written.append(path)
    return written

"""The violation catalogue 违法行为目录: what is unlawful in metrology, by which article, and what may follow.

Rows are data (`data/violations.toml`); this module only gives them types and answers by code and day. A code is
never looked up without a day: a row that is not in force on it is not found, and nothing falls back to an older or
newer text. What a fine may be stands in `penalties`, which norm goes first in `precedence`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, Self

from enforcement.errors import NotFound
from enforcement.law.acts import FLAGS, Cite, Consequence, Violation
from enforcement.law.norms import in_force, norms, short_of, text_of
from enforcement.law.tables import load

__all__ = ["FLAGS", "Catalogue", "Cite", "Consequence", "Violation"]


@dataclass(frozen=True)
class Catalogue:
    """All rows, immutable. `load()` reads the shipped data once."""

    rows: tuple[Violation, ...]

    @classmethod
    def load(cls) -> Self:
        """The catalogue as shipped."""
        return cls(_shipped())

    def get(self, code: str, on: date) -> Violation:
        """The row of a code on a day: that of the act (APL 37 lets a milder later one go first); else NotFound."""
        for row in self.rows:
            if row.code == code and in_force(row.valid_from, row.valid_to, on):
                return row.on(on)
        raise NotFound("violation in force on " + on.isoformat(), code)

    def all(self, on: date, jurisdiction: str) -> tuple[Violation, ...]:
        """Every row in force on a day: `national` rows only, or with those of Zhejiang (the overlay)."""
        wanted = {"national", jurisdiction}
        return tuple(
            row.on(on)
            for row in self.rows
            if row.jurisdiction in wanted and in_force(row.valid_from, row.valid_to, on)
        )


@cache
def _shipped() -> tuple[Violation, ...]:
    table = {row["code"]: row for row in load("violations")["violations"]}
    return tuple(_violation(row, table) for row in load("violations")["violations"])


def _violation(row: dict[str, Any], table: Mapping[str, dict[str, Any]]) -> Violation:
    cites = tuple(_cite(entry) for entry in row["cites"])
    return Violation(
        code=row["code"],
        act=text_of(row["act"]),
        jurisdiction=row["jurisdiction"],
        status=row["status"],
        reason=row.get("reason", ""),
        valid_from=row["valid_from"],
        valid_to=row.get("valid_to"),
        cites=cites,
        duties=tuple(row.get("duties", ())),
        consequences=_consequences(row, cites, table),
        needs=frozenset(row.get("needs", ())),
        party=row.get("party"),
        via=tuple(row.get("via", ())),
        shown=row.get("shown"),
        notes=tuple(text_of(note) for note in row.get("notes", ())),
    )


def _cite(entry: dict[str, Any]) -> Cite:
    return Cite(entry["article"], norms()[short_of(entry["article"])], entry.get("band_of"))


def _consequences(
    row: dict[str, Any], cites: tuple[Cite, ...], table: Mapping[str, dict[str, Any]]
) -> tuple[Consequence, ...]:
    """The row's own consequences, and those of the rows it is punished through, under the articles it cites."""
    articles = {cite.article for cite in cites}
    found = [_consequence(entry) for entry in row["consequences"]]
    for code in row.get("via", ()):
        source = table[code]
        shared = frozenset(entry["article"] for entry in source["cites"]) & articles
        for entry in source["consequences"]:
            tied = frozenset(entry["cites"]) & shared if "cites" in entry else shared
            if tied:
                found.append(replace(_consequence(entry), cites=tied))
    return tuple(found)


def _consequence(entry: dict[str, Any]) -> Consequence:
    return Consequence(
        kind=entry["kind"],
        mandatory=not entry.get("may", False),
        when=frozenset(entry.get("when", ())),
        cites=frozenset(entry.get("cites", ())),
        basis=entry.get("basis"),
        min=Decimal(entry.get("min", "0")),
        max=_decimal(entry.get("max")),
        cap=_decimal(entry.get("cap")),
        floor=_decimal(entry.get("floor")),
        sole_trader_max=_decimal(entry.get("sole_trader_max")),
        detail=text_of(entry["detail"]) if "detail" in entry else None,
        status=entry.get("status", "confirmed"),
        reason=entry.get("reason", ""),
        shown=entry.get("shown"),
    )


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)

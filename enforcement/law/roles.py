"""Who decides what 决定权限 (P 4, 18, 46, 60, 64, 74, 77 …): for documentation and look-up.

The guards of the procedure enforce it; this table is what they, the API and the documentation quote.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any

from enforcement.errors import NotFound
from enforcement.law.norms import in_force, text_of
from enforcement.law.tables import load
from enforcement.values import Text


@dataclass(frozen=True)
class Competence:
    """One decision, the roles that make it, and the articles that say so."""

    id: str
    decision: Text
    who: tuple[str, ...]
    articles: tuple[str, ...]
    note: Text | None
    status: str
    valid_from: date
    valid_to: date | None


@cache
def role_names() -> Mapping[str, Text]:
    """Every role of the table by its code."""
    return MappingProxyType({row["code"]: text_of(row["name"]) for row in load("roles")["roles"]})


def competences(on: date) -> tuple[Competence, ...]:
    """Every row in force on a day."""
    return tuple(c for c in _all() if in_force(c.valid_from, c.valid_to, on))


def who_decides(id: str, on: date) -> Competence:
    """The row of a decision on a day; NotFound when there is none."""
    for found in competences(on):
        if found.id == id:
            return found
    raise NotFound("decision in force on " + on.isoformat(), id)


@cache
def _all() -> tuple[Competence, ...]:
    return tuple(_competence(row) for row in load("roles")["decisions"])


def _competence(row: dict[str, Any]) -> Competence:
    return Competence(
        id=row["id"],
        decision=text_of(row["decision"]),
        who=tuple(row["who"]),
        articles=tuple(row["articles"]),
        note=text_of(row["note"]) if "note" in row else None,
        status=row["status"],
        valid_from=row["valid_from"],
        valid_to=row.get("valid_to"),
    )

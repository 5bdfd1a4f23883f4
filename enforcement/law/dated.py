"""Look-ups by day and jurisdiction that all small tables of the law share.

A row answers only for days on which it is in force: a question about an earlier day finds nothing, and no other
version steps in. A local row goes before the national one where the caller asks for its jurisdiction.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from enforcement.errors import NotFound
from enforcement.law.norms import in_force
from enforcement.law.tables import load
from enforcement.values import Text

Row = Mapping[str, Any]


def rows_on(table: str, section: str, on: date) -> list[Row]:
    """The rows of a section that are in force on a day, in the order of the file."""
    return [row for row in load(table)[section] if in_force(row["valid_from"], row.get("valid_to"), on)]


def row_on(table: str, section: str, on: date, jurisdiction: str = "national") -> Row:
    """The one row of a section on a day: the local one, else the national one; NotFound when none is in force."""
    rows = rows_on(table, section, on)
    for wanted in (jurisdiction, "national"):
        for row in rows:
            if row["jurisdiction"] == wanted:
                return row
    raise NotFound("rule in force on " + on.isoformat(), f"{table}.{section}")


def coded_on(table: str, section: str, code: str, on: date, key: str = "code") -> Row:
    """The row with a code on a day; NotFound when there is none in force."""
    for row in rows_on(table, section, on):
        if row[key] == code:
            return row
    raise NotFound("rule in force on " + on.isoformat(), f"{table}.{section}.{code}")


def join(texts: Iterable[Text]) -> Text:
    """Several sentences as one text."""
    found = list(texts)
    return Text("; ".join(t.en for t in found), "；".join(t.zh for t in found))

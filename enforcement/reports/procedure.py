"""The table of the procedure of a report: what may follow what, by whom, by which article (`law/data/reports.toml`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from enforcement.law.tables import load
from enforcement.values import Text

TABLE = "reports"


@dataclass(frozen=True)
class Row:
    """One event: where it may happen, where it leads, who records it, what must hold, which clocks it moves."""

    topic: str
    name: Text
    states: frozenset[str]
    """Empty for the event that opens a report."""
    to: str | Mapping[str, Mapping[str, str]] | None
    roles: tuple[str, ...]
    guards: tuple[str, ...]
    starts: tuple[str, ...]
    ends: tuple[str, ...]
    article: str

    @property
    def begins(self) -> bool:
        """Whether the event opens a report."""
        return not self.states

    def target(self, event: Any) -> str | None:
        """The state after the event; None where it stays."""
        if self.to is None or isinstance(self.to, str):
            return self.to
        name, choice = next(iter(self.to.items()))
        return choice[str(getattr(event, name)).lower()]


@dataclass(frozen=True)
class Clock:
    """Which deadline rule a clock counts, and what must be so of the report for it to start."""

    key: str
    rule: str
    when: tuple[str, ...]
    by_receipt: bool
    """The version of the rule is that of the day of receipt, not of the day on which the clock starts."""


@dataclass(frozen=True)
class Procedure:
    """The whole table."""

    states: tuple[str, ...]
    ends: frozenset[str]
    rows: Mapping[str, Row]
    clocks: tuple[Clock, ...]
    retention: Mapping[str, int]
    """Months after the last step, by the end that a report came to."""

    def possible_in(self, state: str) -> list[Row]:
        """The rows whose event the state admits."""
        return [row for row in self.rows.values() if state in row.states]


@cache
def table() -> Procedure:
    """The procedure as shipped; ValueError names a row that does not fit."""
    raw = load(TABLE)
    states, ends = (*raw["order"], *raw["ends"]), frozenset(raw["ends"])
    rows = {row["topic"]: _row(row, states, ends) for row in raw["row"]}
    clocks = tuple(
        Clock(c["key"], c["rule"], tuple(c.get("when", ())), c.get("version_of") == "receipt")
        for c in raw["clocks"]
    )
    retention = {state: row["months"] for row in raw["retention"] for state in row["states"]}
    if set(retention) != ends:
        raise ValueError(f"retention of {sorted(ends ^ set(retention))} is not said, or is of no end")
    return Procedure(states, ends, rows, clocks, retention)


def _row(row: Mapping[str, Any], states: tuple[str, ...], ends: frozenset[str]) -> Row:
    named = row["from"]
    if named == ["*"]:
        where = frozenset(states)
    elif named == ["@open"]:
        where = frozenset(states) - ends
    else:
        where = frozenset(named) - {"-"}
    if where - set(states):
        raise ValueError(f"{row['topic']}: unknown state {sorted(where - set(states))}")
    return Row(
        row["topic"],
        Text(row["en"], row["zh"]),
        where,
        row.get("to"),
        tuple(row["roles"]),
        tuple(row.get("guards", ())),
        tuple(row.get("starts", ())),
        tuple(row.get("ends", ())),
        row["article"],
    )

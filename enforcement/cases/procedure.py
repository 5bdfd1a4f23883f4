"""The statutory table of the procedure 程序表, read from data: what may follow what, by whom, under which article.

This code only reads the table; a page of documentation and a picture of the states are made from it
(`steelyard docs`), and a test keeps them equal.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from enforcement.law.tables import load

DECIDED_STATES = ("DECIDED_PENALTY", "DECIDED_NO_PENALTY", "DECIDED_NOT_PROVEN")
MAIN_LINE = (
    "",
    "CLUE",
    "VERIFYING",
    "FILED",
    "INVESTIGATING",
    "SUSPENDED",
    "INV_ENDED",
    "IN_REVIEW",
    "REVIEW_RETURNED",
    "NOTICE_APPROVED",
    "NOTIFIED",
    "DEFENCE_RECHECK",
    "HEARING_REQUESTED",
    "HEARING_SET",
    "HEARING_PAUSED",
    "HEARING_ENDED",
    "LEGAL_REVIEW_AFTER_HEARING",
    "COLLECTIVE",
    *DECIDED_STATES,
    "SERVED",
    "PERFORMING",
    "DEFERRED",
    "OVERDUE",
    "URGED",
    "COURT_APPLIED",
)
ENDS = ("NOT_FILED", "CLUE_REFERRED", "TRANSFERRED_AGENCY", "TRANSFERRED_POLICE", "INV_TERMINATED")
STATES = (*MAIN_LINE[1:], *ENDS, "COURT_TERMINATED", "CLOSED", "ARCHIVED")
RANK = {
    state: rank for rank, state in enumerate((*MAIN_LINE, *ENDS, "COURT_TERMINATED", "CLOSED", "ARCHIVED"))
}
TERMINAL = frozenset({"NOT_FILED", "CLUE_REFERRED", "CLOSED", "ARCHIVED"})


@dataclass(frozen=True)
class Row:
    """One row: an event, where it may happen, who records and decides it, what must hold, what it sets going."""

    no: str
    topic: str
    zh: str
    section: str
    states: frozenset[str]
    """The states in which it may happen; empty for an event that opens a case."""
    to: Mapping[str, str]
    actor: str
    roles: tuple[str, ...]
    decider: str | None
    guards: tuple[str, ...]
    starts: tuple[str, ...]
    ends: tuple[str, ...]
    extends: str | None
    opens: str | None
    closes: str | None
    item: str | None
    form: int | None
    deadline: str
    article: str
    status: str
    reason: str | None
    valid_from: date
    valid_to: date | None
    jurisdiction: str
    from_text: tuple[str, ...]

    @property
    def begins(self) -> bool:
        """Whether the event opens a case."""
        return self.from_text == ("-",)

    def in_force(self, on: date) -> bool:
        """Whether the act behind the row was in force that day; outside it nothing is judged by the row."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)

    def target(self, state: str, event: Any) -> str | None:
        """The state after the event, None when it stays."""
        for key, target in self.to.items():
            if _chosen(key, state, event):
                return target
        return None


class Procedure:
    """All rows by event type."""

    def __init__(self, rows: tuple[Row, ...], acts: Mapping[str, Any], figures: Mapping[str, int]) -> None:
        self.rows = rows
        self.acts = acts
        self.figures = figures
        self._by_topic = {row.topic: row for row in rows}
        self._by_state = {state: tuple(row for row in rows if state in row.states) for state in ("", *STATES)}

    def row(self, topic: str) -> Row:
        """The row of an event type; KeyError when the procedure has none."""
        return self._by_topic[topic]

    def possible_in(self, state: str) -> tuple[Row, ...]:
        """The rows whose event the state admits."""
        return self._by_state[state]


@cache
def table() -> Procedure:
    """The procedure as shipped."""
    data = load("procedure")
    groups = {**data["groups"], "@any": STATES, "@open": [s for s in STATES if s not in TERMINAL]}
    return Procedure(
        tuple(_row(row, groups, data["acts"]) for row in data["row"]), data["acts"], data["figures"]
    )


def _row(row: Mapping[str, Any], groups: Mapping[str, list[str]], acts: Mapping[str, Any]) -> Row:
    act = acts[_act(row["article"], acts)]
    to = row.get("to", {})
    return Row(
        no=row["no"],
        topic=row["topic"],
        zh=row["zh"],
        section=row["section"],
        states=_states(row["from"], groups),
        to=_expanded({"*": to} if isinstance(to, str) else to, groups),
        actor=row["actor"],
        roles=tuple(row["roles"]),
        decider=row.get("decider"),
        guards=tuple(row.get("guards", ())),
        starts=tuple(row.get("starts", ())),
        ends=tuple(row.get("ends", ())),
        extends=row.get("extends"),
        opens=row.get("opens"),
        closes=row.get("closes"),
        item=row.get("item"),
        form=row.get("form"),
        deadline=row.get("deadline", ""),
        article=row["article"],
        status=row.get("status", "confirmed"),
        reason=row.get("reason"),
        valid_from=row.get("valid_from", act["valid_from"]),
        valid_to=row.get("valid_to", act.get("valid_to")),
        jurisdiction=row.get("jurisdiction", "national"),
        from_text=tuple(row["from"]),
    )


def _act(article: str, acts: Mapping[str, Any]) -> str:
    """The act that an article belongs to: the longest known name with which it begins."""
    return max((name for name in acts if article.startswith(name)), key=len)


def _states(names: list[str], groups: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(state for name in names if name != "-" for state in groups.get(name, [name]))


def _expanded(to: Mapping[str, str], groups: Mapping[str, Any]) -> dict[str, str]:
    return {state: target for key, target in to.items() for state in groups.get(key, [key])}


def _chosen(key: str, state: str, event: Any) -> bool:
    if "=" in key:
        field, value = key.split("=")
        return str(getattr(event, field)) == value
    return key in ("*", state)

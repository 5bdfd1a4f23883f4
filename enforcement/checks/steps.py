"""The tables of inspections and campaigns, read from `law/data/checks.toml`: what may follow what,
by whom, and why not.

Small on purpose: a row names states, roles and guards; guards are functions that yield breaches. A page of
documentation and the answer to “what may happen next” are made from the same rows.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from enforcement.errors import Breach, NotPermitted, Refused
from enforcement.law.tables import load
from enforcement.values import Text

Guard = Callable[[Any], Iterator[Breach]]


@dataclass(frozen=True)
class Step:
    """One row: an event, where it may happen, who records it, what must hold, under which article."""

    topic: str
    zh: str
    states: frozenset[str]
    """Where it may happen; empty for the event with which a thing begins."""
    to: Mapping[str, str]
    roles: tuple[str, ...]
    guards: tuple[str, ...]
    article: str
    status: str

    def target(self, event: Any) -> str | None:
        """The state after the event; None when it stays."""
        for key, state in self.to.items():
            field, _, value = key.partition("=")
            if key == "*" or str(getattr(event, field)) == value:
                return state
        return None


class Steps(Mapping[str, Step]):
    """The rows of one kind of thing by event type, in the order of the file."""

    def __init__(self, rows: Mapping[str, Step]) -> None:
        self._rows = rows

    def __getitem__(self, topic: str) -> Step:
        return self._rows[topic]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def possible_in(self, state: str) -> list[Step]:
        """What somebody may record in a state; a row without roles comes only with another step."""
        return [row for row in self._rows.values() if row.roles and state in row.states]

    def allowed(self, state: str, role: str, topic: str) -> Step:
        """The row of an event that this role may record in this state; NotPermitted or Refused otherwise."""
        row = self._rows[topic]
        if role not in row.roles:
            may = ", ".join(row.roles) or "nobody, only with another step"
            said = Text(
                f"{topic} is recorded by {may}; you act as {role}",
                f"{row.zh} 由 {may} 记录；当前角色为 {role}",
            )
            raise NotPermitted(said, roles=list(row.roles))
        if row.states and state not in row.states:
            raise Refused([self._not_here(row, state)])
        return row

    def _not_here(self, row: Step, state: str) -> Breach:
        now = ", ".join(step.topic for step in self.possible_in(state)) or "nothing"
        where = ", ".join(sorted(row.states))
        said = Text(
            f"{row.topic} is possible in {where}; the state is {state}, where {now} may follow",
            f"{row.zh} 仅可在 {where} 进行；当前为 {state}，可进行：{now}",
        )
        return Breach("wrong-state", row.article, said)


def check(guards: Mapping[str, Guard], row: Step, asked: Any) -> None:
    """Refused with every breach of the row's guards at once."""
    found = [breach for name in row.guards for breach in guards[name](asked)]
    if found:
        raise Refused(found)


@cache
def table(kind: str) -> Steps:
    """The rows of `inspection` or `campaign` as shipped."""
    data = load("checks")
    groups = data.get(f"{kind}_groups", {})
    return Steps({row["topic"]: _step(row, groups) for row in data[kind]})


def codes(kind: str) -> tuple[str, ...]:
    """The codes of a list (`national`, `followup`)."""
    return tuple(row["code"] for row in load("checks")[kind])


def named(kind: str, code: str) -> Text:
    """What a code says."""
    row = next(row for row in load("checks")[kind] if row["code"] == code)
    return Text(row["en"], row["zh"])


def _step(row: Mapping[str, Any], groups: Mapping[str, list[str]]) -> Step:
    to = row.get("to", {})
    states = (state for name in row["from"] if name != "-" for state in groups.get(name, [name]))
    return Step(
        topic=row["topic"],
        zh=row["zh"],
        states=frozenset(states),
        to={"*": to} if isinstance(to, str) else to,
        roles=tuple(row["roles"]),
        guards=tuple(row.get("guards", ())),
        article=row["article"],
        status=row.get("status", "confirmed"),
    )

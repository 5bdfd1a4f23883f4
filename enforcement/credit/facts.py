"""What a clause may look at: one event about one business, flattened, with what later events say about it.

A fact is made from the ledger by `reading.py` and knows nothing of policies or days asked for: `score` asks it. All
its values are JSON-native, so that a read model keeps it as one document. Money is whole fen; a list stands for
several of a kind: it meets a condition when one element does, and as a quantity it is their sum.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple, Self

Scalar = str | bool | int
Value = Scalar | list[Scalar]

KINDS = (
    "revoked",
    "changed",
    "corrected",
    "repaired",
    "upheld",
    "contested",
    "paid",
    "published",
    "publicity_ended",
    "withdrawn",
    "delisted",
    "superseded",
)
"""撤销 · 变更 · 改正 · 信用修复 · 异议成立 · 异议中 · 缴清 · 公示 · 停止公示 · 撤回公示 · 移出 · 被取代."""


class State(NamedTuple):
    """Something that holds of an event from a legal day on, `until` the day on which it no longer does."""

    kind: str
    since: date
    until: date | None = None

    def holds(self, on: date) -> bool:
        return self.since <= on and (self.until is None or on < self.until)


@dataclass(frozen=True, slots=True)
class Fact:
    """One event about one business. `event` is `<aggregate>/<version>`.

    `day` is the first day on which it can have happened, in favour of the business; without one it never counts.
    """

    uscc: str
    event: str
    position: int
    type: str
    recorded: str
    day: date | None
    fields: Mapping[str, Value]
    states: tuple[State, ...] = ()

    def since(self, kinds: Iterable[str]) -> date | None:
        """The first day from which one of the states holds, at whatever time it ends."""
        wanted = frozenset(kinds)
        return min((state.since for state in self.states if state.kind in wanted), default=None)

    def is_in(self, kind: str, on: date) -> bool:
        """Whether a state holds on a day."""
        return any(state.kind == kind and state.holds(on) for state in self.states)

    def with_states(self, states: Iterable[State]) -> Self:
        """The same fact, of which other aggregates say more; the order in which they say it does not matter."""
        every = {*self.states, *states}
        return replace(
            self, states=tuple(sorted(every, key=lambda s: (s.since, s.kind, s.until or date.max)))
        )

    def dump(self) -> dict[str, Any]:
        """One JSON value."""
        return {
            "uscc": self.uscc,
            "event": self.event,
            "position": self.position,
            "type": self.type,
            "recorded": self.recorded,
            "day": self.day.isoformat() if self.day else None,
            "fields": dict(self.fields),
            "states": _by_kind(self.states),
        }

    @classmethod
    def restore(cls, document: Mapping[str, Any]) -> Self:
        """The fact of a document that `dump` gave."""
        states = document["states"]
        made = cls(**{**document, "day": _day(document["day"]), "states": ()})
        return made.with_states(
            State(kind, date.fromisoformat(since), _day(until))
            for kind, held in states.items()
            for since, until in held
        )


def _by_kind(states: Iterable[State]) -> dict[str, list[list[str | None]]]:
    """Kind → from when and until when, in order of days."""
    found: dict[str, list[list[str | None]]] = {}
    for state in states:
        until = state.until.isoformat() if state.until else None
        found.setdefault(state.kind, []).append([state.since.isoformat(), until])
    return found


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None

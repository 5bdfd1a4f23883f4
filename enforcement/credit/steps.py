"""The table of listing, repair and objection (`law/data/credit.toml`): what may follow what, by whom, by which article.

This code only reads the table; the page of documentation is made from it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from enforcement.law.tables import load


class Period(NamedTuple):
    """A deadline rule that a step starts or ends, where every term `(field, value, wanted)` holds."""

    rule: str
    terms: tuple[tuple[str, str, bool], ...]


@dataclass(frozen=True)
class Step:
    """One row: an event, where it may happen, what follows, who records and who decides, what must hold."""

    topic: str
    zh: str
    states: tuple[str, ...]
    to: str | None
    roles: tuple[str, ...]
    decider: str | None
    guards: tuple[str, ...]
    starts: tuple[Period, ...]
    ends: tuple[str, ...]
    extends: tuple[str, ...]
    article: str
    status: str
    reason: str | None
    valid_from: date

    @property
    def process(self) -> str:
        """`listing`, `repair` or `objection`."""
        return self.topic.partition(".")[0]

    @property
    def begins(self) -> bool:
        """Whether it opens the process."""
        return self.states == ("-",)


@cache
def steps() -> Mapping[str, Step]:
    """Every row by its event type."""
    data = load("credit")
    return {row["topic"]: _step(row, data["acts"]) for row in data["row"]}


def possible(process: str, state: str) -> list[Step]:
    """The rows of a process whose event the state admits."""
    return [step for step in steps().values() if step.process == process and state in step.states]


def _step(row: Mapping[str, Any], acts: Mapping[str, Any]) -> Step:
    return Step(
        topic=row["topic"],
        zh=row["zh"],
        states=tuple(row["from"]),
        to=row.get("to"),
        roles=tuple(row["roles"]),
        decider=row.get("decider"),
        guards=tuple(row.get("guards", ())),
        starts=tuple(map(_period, row.get("starts", ()))),
        ends=tuple(row.get("ends", ())),
        extends=tuple(row.get("extends", ())),
        article=row["article"],
        status=row.get("status", "confirmed"),
        reason=row.get("reason"),
        valid_from=acts[_act(row["article"], acts)]["valid_from"],
    )


def _act(article: str, acts: Mapping[str, Any]) -> str:
    """The act that an article belongs to: the longest known name with which it begins."""
    return max((name for name in acts if article.startswith(name)), key=len)


def _period(text: str) -> Period:
    rule, _, terms = text.partition(":")
    return Period(rule, tuple(map(_term, terms.split(","))) if terms else ())


def _term(text: str) -> tuple[str, str, bool]:
    field, unequal, value = text.partition("!=")
    if unequal:
        return field, value, False
    field, _, value = text.partition("=")
    return field, value, True

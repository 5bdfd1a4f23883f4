"""The deadline rules: rows of `data/deadlines.toml` as frozen values, each found by id, day and place.

A rule holds on a day only while one of its versions is in force. There is no fall-through: when a day lies
before the first version or after the last, `rule` says so instead of handing out an expired or a future one.
This file does not count; `deadlines.py` does. A bad row fails on load with its id, never in a case.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from itertools import pairwise
from types import MappingProxyType
from typing import Any, Literal, cast, get_args

from enforcement.law import tables
from enforcement.values import Text

Unit = Literal["wd", "cd", "hours", "months", "years"]
Duty = Literal["bureau", "party", "court", "police", "measure", "other"]
Status = Literal["confirmed", "unverified", "unconfirmed", "reading", "derived"]
Jurisdiction = Literal["national", "zhejiang"]

PAUSE_KINDS = frozenset(
    {
        "suspension",
        "hearing",
        "public-notice",
        "test",
        "right-holder-identification",
        "refund-order",
        "verification-testing",
        "reconsideration",
        "litigation",
    }
)


class NoRuleInForce(LookupError):
    """No version of the rule is in force on that day at that place; `message` says it in both languages."""

    def __init__(self, id: str, on: date, jurisdiction: str) -> None:
        self.message = Text(
            f"no version of {id} is in force on {on} ({jurisdiction})",
            f"{on} 无现行有效的 {id} 规则（{jurisdiction}）",
        )
        super().__init__(self.message.en)


@dataclass(frozen=True, slots=True)
class ExtensionStep:
    """One way to prolong: by whom, how long (None: to a date that is fixed), how often (None: no limit)."""

    by: str
    length: int | None = None
    unit: Unit | None = None
    max_times: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One statutory period 期限 in one version.

    `length` in `unit` (wd working days 工作日, cd calendar days 自然日, hours, months, years). `duty` says
    who is bound and so which reading of a last day off is the default; `pauses` the kinds of interval that
    stop the count; `backward` that the days lie before an act; `figures` further numbers (percentages).
    """

    id: str
    name: Text
    length: int
    unit: Unit
    duty: Duty
    starts: Text
    article: str
    jurisdiction: Jurisdiction
    status: Status
    valid_from: date
    valid_to: date | None = None
    backward: bool = False
    extension: Text | None = None
    extension_steps: tuple[ExtensionStep, ...] = ()
    pauses: tuple[str, ...] = ()
    figures: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    reason: Text | None = None

    def in_force(self, on: date) -> bool:
        """Whether this version holds on that day; both ends of its validity are included."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, eq=False)
class DeadlineRules:
    """All versions of all rules. Iterate for every version in the order of the table."""

    versions: tuple[Rule, ...]

    @staticmethod
    def load() -> "DeadlineRules":
        """The rules as shipped; one shared instance. ValueError names the row that is wrong."""
        return _shipped()

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.versions)

    def rule(self, id: str, on: date, jurisdiction: str = "national") -> Rule:
        """The version of `id` in force `on` that day: the place's own row first, else the national one.

        `on` is the day that chooses the version, mostly the start of the period. KeyError for an id that the
        table does not have, NoRuleInForce when it has no version for that day and place.
        """
        for place in (jurisdiction, "national"):
            for rule in self._index.get((id, place), ()):
                if rule.in_force(on):
                    return rule
        if id not in self._ids:
            raise KeyError(f"there is no deadline rule {id}")
        raise NoRuleInForce(id, on, jurisdiction)

    @cached_property
    def _ids(self) -> frozenset[str]:
        return frozenset(rule.id for rule in self.versions)

    @cached_property
    def _index(self) -> dict[tuple[str, str], tuple[Rule, ...]]:
        index: dict[tuple[str, str], tuple[Rule, ...]] = {}
        for rule in self.versions:
            key = rule.id, rule.jurisdiction
            index[key] = (*index.get(key, ()), rule)
        return index


@cache
def _shipped() -> DeadlineRules:
    return from_rows(tables.load("deadlines")["rule"])


def from_rows(rows: Iterable[Mapping[str, Any]]) -> DeadlineRules:
    """Rules from parsed rows. ValueError for a bad row and for versions that overlap in time."""
    rules = tuple(_rule(row) for row in rows)
    _check_versions(rules)
    return DeadlineRules(rules)


def _rule(row: Mapping[str, Any]) -> Rule:
    values = {key: value for key, value in row.items() if key not in ("zh", "en")}
    values["name"] = Text(row["en"], row["zh"])
    for key in values.keys() & {"starts", "extension", "reason"}:
        values[key] = Text(**values[key])
    for key, made in (("extension_steps", _steps), ("pauses", tuple), ("figures", MappingProxyType)):
        if key in values:
            values[key] = cast(Any, made)(values[key])
    try:
        rule = Rule(**values)
    except TypeError as error:
        raise ValueError(f"deadline rule {row['id']}: {error}") from None
    for fault in _faults(rule):
        raise ValueError(f"deadline rule {rule.id}: {fault}")
    return rule


def _steps(rows: Iterable[Mapping[str, Any]]) -> tuple[ExtensionStep, ...]:
    return tuple(ExtensionStep(**row) for row in rows)


def _faults(rule: Rule) -> Iterator[str]:
    """What is wrong with a row, in words."""
    for value, allowed in (
        (rule.unit, Unit),
        (rule.duty, Duty),
        (rule.status, Status),
        (rule.jurisdiction, Jurisdiction),
    ):
        if value not in get_args(allowed):
            yield f"{value!r} is none of {', '.join(get_args(allowed))}"
    if rule.length <= 0:
        yield "the length is not positive"
    if rule.valid_to is not None and rule.valid_to < rule.valid_from:
        yield "it ends before it begins"
    if set(rule.pauses) - PAUSE_KINDS:
        yield f"unknown pause {sorted(set(rule.pauses) - PAUSE_KINDS)}"
    if rule.pauses and rule.unit not in ("wd", "cd"):
        yield "only a count of days can pause"
    if rule.backward and rule.unit != "wd":
        yield "only working days are counted back"
    if any(step.length is not None and step.unit != rule.unit for step in rule.extension_steps):
        yield "an extension has another unit than the period"
    if bool(rule.extension) != bool(rule.extension_steps):
        yield "an extension needs its words and its steps"
    if rule.status != "confirmed" and rule.reason is None:
        yield f"{rule.status} without a reason"


def _check_versions(rules: Iterable[Rule]) -> None:
    ordered = sorted(rules, key=lambda rule: (rule.id, rule.jurisdiction, rule.valid_from))
    for older, newer in pairwise(ordered):
        if (older.id, older.jurisdiction) == (newer.id, newer.jurisdiction) and older.in_force(
            newer.valid_from
        ):
            raise ValueError(f"deadline rule {older.id}: two versions are in force on {newer.valid_from}")

"""Measuring instruments under the law: kinds, verification cycles of a day, phases, and how one stands on a day.

What happened to an instrument gives its *phase* (`law/data/instruments.toml`, derived from 强检办法 and the national
ledger); whether it may be used gives its *standing*, a function of phase, end of validity and day. Due soon and
overdue are standings: they come about by the passing of days and are never recorded.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType
from typing import Literal

from enforcement.law.calendar import ONE_DAY, add_months
from enforcement.law.dated import rows_on
from enforcement.law.norms import text_of
from enforcement.law.tables import load
from enforcement.values import Text

Mode = Literal["periodic", "rotation", "scrap"]
"""周期检定 · 首次检定，到期轮换 · 首次检定，失准报废."""
Standing = Literal["unverified", "valid", "due_soon", "overdue", "failed", "stopped", "gone"]
"""未检定 · 有效 · 即将到期 · 超期 · 不合格 · 停用 · 已退出."""

REGISTERED, VALID, STOPPED = "REGISTERED", "VALID", "STOPPED"
NO_VERIFICATION = frozenset({"FAILED", "REPAIRED"})
"""Phases that end the validity of the last certificate."""


@dataclass(frozen=True)
class Cycle:
    """How long a verification of one kind counts at most: `months` from the day, None: until inaccurate."""

    kind: str
    jjg: str
    mode: Mode
    months: int | None
    status: str
    reason: Text | None

    @property
    def confirmed(self) -> bool:
        return self.status == "confirmed"

    def last_day(self, verified: date) -> date | None:
        """The last day on which an instrument verified on a day is valid at most."""
        return None if self.months is None else add_months(verified, self.months) - ONE_DAY


@dataclass(frozen=True)
class Step:
    """What may happen: from which phases, to which; None leaves the phase as it is."""

    event: str
    name: Text
    sources: frozenset[str]
    target: str | None
    article: str


def cycle(kind: str, on: date) -> Cycle | None:
    """The cycle of a kind on a day; None where no row says one."""
    for row in rows_on("instruments", "cycle", on):
        if row["kind"] == kind:
            months = row.get("cycle_months", row.get("life_months"))
            reason = text_of(row["reason"]) if "reason" in row else None
            return Cycle(kind, row["jjg"], row["mode"], months, row["status"], reason)
    return None


@cache
def kinds() -> Mapping[str, Text]:
    """The kinds with their names."""
    return MappingProxyType({row["kind"]: text_of(row) for row in load("instruments")["kind"]})


@cache
def steps() -> tuple[Step, ...]:
    """Every row, in the order of the table."""
    return tuple(
        Step(
            row["event"],
            text_of(row),
            _phases(row["from"]),
            None if row["to"] == "same" else row["to"],
            row["article"],
        )
        for row in load("instruments")["step"]
    )


def _phases(names: list[str]) -> frozenset[str]:
    groups = load("instruments")["phases"]
    found: set[str] = set()
    for name in names:
        found |= _phases(groups[name[1:]]) if name.startswith("@") else {name}
    return frozenset(found)


def step(event: str, phase: str) -> Step | None:
    """The row by which an event happens in a phase; None where it cannot."""
    return next((row for row in steps() if row.event == event and phase in row.sources), None)


def phase_after(event: str, phase: str) -> str:
    """The phase that follows; whatever happened out of order – history – leads where the event leads."""
    found = step(event, phase) or next((row for row in steps() if row.event == event), None)
    return found.target or phase if found else phase


def standing(phase: str, verified: bool, until: date | None, on: date) -> Standing:
    """How an instrument stands on a day; `verified` without `until`: valid until inaccurate."""
    if phase in gone():
        return "gone"
    if phase == STOPPED:
        return "stopped"
    if phase in NO_VERIFICATION:
        return "failed"
    if not verified:
        return "unverified"
    if until is None or until > on + due_soon():
        return "valid"
    return "due_soon" if until >= on else "overdue"


@cache
def gone() -> frozenset[str]:
    """Phases of instruments that are no longer there."""
    return _phases(["@gone"])


def due_soon() -> timedelta:
    """How long before the last day a verification is due soon."""
    return timedelta(days=load("instruments")["standing"]["due_soon_days"])

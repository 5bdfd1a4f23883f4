"""What a guard is: a question about the report, the event that would be recorded, and what it may ask of the ledger.

It answers the sentence that refuses, or None. The judge adds rule and article of the row.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from enforcement.cases.case import Case
from enforcement.law import Law
from enforcement.registry.inspector import Inspector
from enforcement.reports.conflicts import Interested
from enforcement.reports.report import Report
from enforcement.values import Text


class Why(NamedTuple):
    """The sentence that refuses, and the first moment at which it would be possible, where waiting is the cure."""

    message: Text
    earliest: date | datetime | None = None


@dataclass(frozen=True)
class Asked:
    """What a guard may ask."""

    case: Callable[[str], Case | None]
    report: Callable[[str], Report | None]
    officer: Callable[[str], Inspector | None]
    interested: Interested
    of_case: Callable[[str], Sequence[Report]]
    """Every report on which the case was filed."""
    law: Law
    day: date
    now: datetime


Guard = Callable[[Report, Any, Asked], Why | None]

GUARDS: dict[str, Guard] = {}
"""By the names that the table uses."""


def guard(found: Guard) -> Guard:
    """Enter it under its own name."""
    GUARDS[found.__name__] = found
    return found


def no(holds: bool, en: str, zh: str, earliest: date | datetime | None = None) -> Why | None:
    """None where it holds, else the sentence."""
    return None if holds else Why(Text(en, zh), earliest)

"""The rating run 评级: a business whose class differs from the recorded one gets a `credit.class-changed`.

The class comes from facts and policy, worked out by whoever runs it; this module says what of it is news. A business
that is held by an objection keeps its class, one that has left the register loses it. Nobody can set a class.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from enforcement.credit.standing import Standing

Lines = Sequence[dict[str, Any]]


@dataclass(frozen=True)
class Rated:
    """What a run found of one business: its class (None: it has left), the total, and the lines' digest."""

    uscc: str
    grade: str | None
    total: str
    lines: Lines


@dataclass(frozen=True)
class Run:
    """One run: the policy, the day, and the position up to which the ledger was looked at."""

    policy: str
    policy_hash: str
    as_of: str
    looked_at: int


@dataclass
class Result:
    """What became of a run."""

    rated: int = 0
    changed: int = 0
    held: int = 0

    def dump(self) -> dict[str, int]:
        return {"rated": self.rated, "changed": self.changed, "held": self.held}


def news(standing: Standing, found: Rated, run: Run) -> dict[str, Any] | None:
    """The data of the event that a run records, None where nothing is new or the class is held."""
    if found.grade == standing.recorded_class or (standing.held and found.grade is not None):
        return None
    if standing.since is not None and run.as_of < standing.since:
        return None  # a run of an earlier day changes nothing that a later one has recorded
    return {
        "from_class": standing.recorded_class,
        "to_class": found.grade,
        "total": found.total,
        "policy": run.policy,
        "policy_hash": run.policy_hash,
        "as_of": run.as_of,
        "looked_at": run.looked_at,
        "lines_digest": lines_digest(found.lines),
    }


def lines_digest(lines: Lines) -> str:
    """SHA-256 of the RFC 8785 form of a score's lines: plain names and texts, so sorted keys are that form."""
    return hashlib.sha256(orjson.dumps(list(lines), option=orjson.OPT_SORT_KEYS)).hexdigest()

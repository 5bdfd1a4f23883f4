"""What the credit policy in force says of draws: the ratio of each class, and how many visits a year."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from sqlalchemy import Connection, select

from enforcement.credit.parsing import understood
from enforcement.credit.policy import NoPolicy, Policy, Sampling, in_force
from projections.pools import POOLS
from projections.queries.reading import tables_of

_understood = lru_cache(maxsize=16)(understood)
"""A policy's text never changes, and reading it takes longer than counting a pool."""


@dataclass(frozen=True)
class Draws:
    """The sampling table of the policy in force; of no policy an empty one."""

    policy: Policy | None
    sampling: dict[str, Sampling]

    @property
    def limits(self) -> dict[str, int]:
        """Visits a year at most, of the classes that have a limit."""
        return {grade: row.visits for grade, row in self.sampling.items() if row.visits is not None}

    def ratio(self, grade: str | None, otherwise: str) -> str:
        """The share of a class that is drawn; where the table says none, the other one."""
        found = self.sampling.get(grade or "")
        return found.ratio if found else otherwise


def draws(conn: Connection, day: date) -> Draws:
    """What holds for draws on a day."""
    table = tables_of(conn, POOLS)["pool_policies"]
    texts = conn.scalars(select(table.c.text).order_by(table.c.position))
    try:
        policy = in_force([_understood(text) for text in texts], day)
    except NoPolicy:
        return Draws(None, {})
    return Draws(policy, dict(policy.sampling))

"""The guards of the procedure of a report: one small function each, named in the table."""

from enforcement.reports.guards import identity, intake, keeping, redaction, reward, verification
from enforcement.reports.guards.base import GUARDS, Asked, Why

__all__ = ["GUARDS", "Asked", "Why", "identity", "intake", "keeping", "redaction", "reward", "verification"]

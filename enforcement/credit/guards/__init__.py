"""The guards of listing, repair and objection: one small function each, named in the table."""

from enforcement.credit.guards import listing, objection, periods, repair
from enforcement.credit.guards.base import GUARDS, Act, World

__all__ = ["GUARDS", "Act", "World", "listing", "objection", "periods", "repair"]

"""The projections of this release by name. A new one is a line here."""

from projections.cases import CASES
from projections.credit import CREDIT
from projections.checks import CHECKS
from projections.model import Projection
from projections.pools import POOLS
from projections.registers import REGISTERS

PROJECTIONS: dict[str, Projection] = {
    projection.name: projection for projection in (CASES, REGISTERS, CREDIT)
    projection.name: projection for projection in (CASES, REGISTERS, CHECKS)
}
PROJECTIONS: dict[str, Projection] = {projection.name: projection for projection in (CASES, REGISTERS, POOLS)}

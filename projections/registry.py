"""The projections of this release by name. A new one is a line here."""

from projections.cases import CASES
from projections.checks import CHECKS
from projections.credit import CREDIT
from projections.model import Projection
from projections.pools import POOLS
from projections.registers import REGISTERS
from projections.reports import REPORTS

PROJECTIONS: dict[str, Projection] = {
    projection.name: projection
    for projection in (
        CASES,
        REGISTERS,
        CHECKS,
        CREDIT,
        POOLS,
        REPORTS,
    )
}

"""Every command about checks, in one class for the ledger."""

from enforcement.checks.inspection_commands import InspectionCommands
from enforcement.checks.netcontent_commands import NetContentCommands


class CheckCommands(InspectionCommands, NetContentCommands):
    """抽查检查: inspections, net content."""

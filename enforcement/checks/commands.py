"""Every command about checks, in one class for the ledger."""

import enforcement.checks.campaign_events  # noqa: F401  every type of event is known from here on
from enforcement.checks.inspection_commands import InspectionCommands
from enforcement.checks.netcontent_commands import NetContentCommands


class CheckCommands(InspectionCommands, NetContentCommands):
    """抽查检查: inspections, net content."""

"""Every command about checks, in one class for the ledger."""

from enforcement.checks.campaign_commands import CampaignCommands
from enforcement.checks.netcontent_commands import NetContentCommands


class CheckCommands(CampaignCommands, NetContentCommands):
    """抽查检查: campaigns and their inspections, inspections of their own, net content."""

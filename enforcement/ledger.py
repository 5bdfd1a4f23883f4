"""The ledger: the one eventsourcing application, and the only way to record anything.

One method per command, each answers a Receipt. The methods stand in the room of what they are about and meet here;
how a command is recorded, whatever it is about, is `recording.py`.
"""

from enforcement.cases.commands import CaseCommands
from enforcement.checks.commands import CheckCommands
from enforcement.checks.list_commands import ListCommands
from enforcement.credit.commands import CreditCommands
from enforcement.credit.policy_commands import PolicyCommands
from enforcement.credit.rating_commands import RatingCommands
from enforcement.recording import RETRIES, Receipt, Recording
from enforcement.registry.commands import RegistryCommands
from enforcement.registry.commitment_commands import CommitmentCommands
from enforcement.registry.object_commands import ObjectCommands
from enforcement.reports.commands import ReportCommands

__all__ = ["RETRIES", "Ledger", "Receipt", "Recording"]


class Ledger(
    CaseCommands,
    CheckCommands,
    CommitmentCommands,
    CreditCommands,
    ListCommands,
    ObjectCommands,
    PolicyCommands,
    RatingCommands,
    RegistryCommands,
    ReportCommands,
):
    """杆秤账本. Opens, commands, reads; nothing in it is ever changed or removed."""

    name = "Ledger"

"""Objection 异议: a business contests events that count in its score, or its entry in the abnormal list.

While it runs the class is held (`standing`), and the score is shown with and without what is contested.
"""

from typing import ClassVar, Literal

from enforcement.credit.process import Process, ProcessEvent
from enforcement.fields import EventId, OfficerId, Region, Uscc, Words
from enforcement.values import Occurred


class Objection(Process):
    """One objection."""

    KIND: ClassVar[str] = "objection"

    def __init__(self, id: str) -> None:
        super().__init__(id)
        self.about: str | None = None
        self.events: list[str] = []
        self.listing: str | None = None
        self.filed: Occurred = None
        self.outcome: str | None = None
        self.set_aside: list[str] = []


class ObjectionFiled(ProcessEvent):
    """提出异议."""

    TOPIC = "objection.filed"
    uscc: Uscc
    region: Region
    about: Literal["credit", "listing"]
    events: list[EventId] = []
    """The events contested, as the lines of a score name them."""
    listing: Words | None = None
    """The entry of the abnormal list contested."""
    reason: Words

    def change(self, process: Objection) -> None:
        process.uscc, process.region, process.about = self.uscc, self.region, self.about
        process.events, process.listing = sorted(set(self.events or ())), self.listing
        process.filed = self.occurred


class ObjectionAccepted(ProcessEvent):
    """受理."""

    TOPIC = "objection.accepted"


class ObjectionRefused(ProcessEvent):
    """不予受理."""

    TOPIC = "objection.refused"
    reason: Words
    approved_by: OfficerId


class ObjectionExtended(ProcessEvent):
    """延长核查, to twenty working days in all."""

    TOPIC = "objection.extended"
    reason: Words
    approved_by: OfficerId


class ObjectionWithdrawn(ProcessEvent):
    """撤回."""

    TOPIC = "objection.withdrawn"


class ObjectionDecided(ProcessEvent):
    """处理决定: what is set aside counts in no score from now on."""

    TOPIC = "objection.decided"
    outcome: Literal["upheld", "partly", "rejected"]
    set_aside: list[EventId] = []
    """Those of the contested events that should not count."""
    reason: Words
    approved_by: OfficerId

    def change(self, process: Objection) -> None:
        process.outcome, process.set_aside = self.outcome, sorted(set(self.set_aside or ()))


class ObjectionCorrected(ProcessEvent):
    """更正 of a wrong entry within five working days; the entry is revoked in the same save."""

    TOPIC = "objection.corrected"
    what: Words
    approved_by: OfficerId

"""A campaign 抽查任务."""

from typing import Any, ClassVar

from enforcement.checks.campaign_events import CampaignImported
from enforcement.checks.documents import Document
from enforcement.events import Event
from enforcement.law import Law


class Campaign(Document):
    """One campaign as its events tell it."""

    KIND: ClassVar[str] = "campaign"

    def __init__(self, id: str) -> None:
        super().__init__(id)
        self.state = ""
        self.held_elsewhere = False
        self.facts: dict[str, Any] = {}

    def when(self, event: Event, law: Law) -> None:
        if isinstance(event, CampaignImported):
            self.state, self.held_elsewhere, self.facts = "HELD_ELSEWHERE", True, event.data()

"""A campaign 抽查任务: from the plan over freeze, chance and draw to the last result.

It keeps what its events said and the hashes of the files beside them. Between freeze and draw nothing of it can
change: the table has no event for that. A campaign that was held elsewhere has one event and no transcript.
"""

from collections.abc import Callable
from typing import Any, ClassVar

from enforcement.checks import campaign_events as events
from enforcement.checks.documents import Document
from enforcement.checks.steps import table
from enforcement.events import Event
from enforcement.law import Law

HELD_ELSEWHERE = "HELD_ELSEWHERE"
PLAN = tuple(events.CampaignPlanned.__annotations__)
CHANGES_PLAN = tuple(name for name in events.CampaignChanged.__annotations__ if name in PLAN)


class Campaign(Document):
    """One campaign as its events tell it."""

    KIND: ClassVar[str] = "campaign"

    def __init__(self, id: str) -> None:
        super().__init__(id)
        self.state = ""
        self.facts: dict[str, Any] = {}
        self.organiser: str | None = None
        self.occurred: str | None = None
        """When published history took place."""
        self.frozen: dict[str, Any] | None = None
        self.reveals: dict[str, str] = {}
        self.public_text: str | None = None
        self.transcript: str | None = None
        """The hash of the file with the transcript as drawn."""
        self.drawn = 0
        self.replacements: list[dict[str, Any]] = []
        self.voided: dict[str, Any] | None = None
        self.successor: str | None = None
        self.log: list[dict[str, Any]] = []
        """Type and time of every event, by which the transcript lists them."""

    @property
    def held_elsewhere(self) -> bool:
        """Whether it is published history, without a transcript."""
        return self.state == HELD_ELSEWHERE

    def when(self, event: Event, law: Law) -> None:
        self.log.append({"type": event.TOPIC, "at": event.recorded, "version": event.originator_version})
        change = CHANGES.get(event.TOPIC)
        if change is not None:
            change(self, event)
        row = table("campaign").get(event.TOPIC)
        self.state = (row and row.target(event)) or self.state

    def nonces(self) -> list[dict[str, str]]:
        """The reveals in the order of the parties."""
        parties = (self.frozen or {}).get("parties", ())
        return [{"name": name, "nonce": self.reveals[name]} for name in parties if name in self.reveals]


def _imported(it: Campaign, event: Any) -> None:
    it.state, it.occurred = HELD_ELSEWHERE, event.occurred
    it.facts = {name: value for name, value in event.data().items() if name != "record"}


def _planned(it: Campaign, event: Any) -> None:
    it.facts, it.organiser = {name: getattr(event, name) for name in PLAN}, event.actor


def _changed(it: Campaign, event: Any) -> None:
    given = {name: getattr(event, name) for name in CHANGES_PLAN}
    it.facts |= {name: value for name, value in given.items() if value is not None}


def _frozen(it: Campaign, event: Any) -> None:
    it.frozen = {name: getattr(event, name) for name in events.CampaignFrozen.__annotations__}


def _revealed(it: Campaign, event: Any) -> None:
    it.reveals[event.name] = event.nonce
    if it.frozen and len(it.reveals) == len(it.frozen["parties"]):
        it.state = "REVEALED"


def _number(it: Campaign, event: Any) -> None:
    it.public_text = event.text


def _drawn(it: Campaign, event: Any) -> None:
    it.transcript, it.drawn = event.transcript, event.drawn or 0


def _failed(it: Campaign, event: Any) -> None:
    it.transcript = event.transcript


def _replaced(it: Campaign, event: Any) -> None:
    out = event.object if event.kind == "substitution" else event.out
    entry = {"kind": event.kind, "object": event.object, "out": out, "into": event.into}
    told = {"reason": event.reason, "at": event.recorded, "version": event.originator_version}
    it.replacements.append(entry | told)


def _voided(it: Campaign, event: Any) -> None:
    it.voided = {"why": event.why, "reason": event.reason}


def _succeeded(it: Campaign, event: Any) -> None:
    it.successor = event.by


CHANGES: dict[str, Callable[[Campaign, Any], None]] = {
    events.CampaignImported.TOPIC: _imported,
    events.CampaignPlanned.TOPIC: _planned,
    events.CampaignChanged.TOPIC: _changed,
    events.CampaignFrozen.TOPIC: _frozen,
    events.CampaignRevealed.TOPIC: _revealed,
    events.PublicNumberTaken.TOPIC: _number,
    events.CampaignDrawn.TOPIC: _drawn,
    events.DrawFailed.TOPIC: _failed,
    events.CampaignRecused.TOPIC: _replaced,
    events.CampaignSubstituted.TOPIC: _replaced,
    events.CampaignVoided.TOPIC: _voided,
    events.CampaignSucceeded.TOPIC: _succeeded,
}

"""The events of campaigns 抽查任务."""

from enforcement.checks.netcontent_record import Irregular
from enforcement.events import Event
from enforcement.fields import Digest, LongText, Reading, Region, Words


class CampaignImported(Event):
    """导入已公开抽查: a campaign that was held elsewhere, word for word; it has no transcript and says so."""

    TOPIC = "campaign.imported"
    record: LongText
    record_id: Words
    sha256: Digest
    held_elsewhere: bool = True
    kind: Words | None = None
    item: Words | None = None
    authority: Words | None = None
    region: Region | None = None
    place: Words | None = None
    random: bool | None = None
    """Drawn at random, by the source's own word."""
    pool: int | None = None
    planned: int | None = None
    sampled: int | None = None
    ratio: Reading | None = None
    instruments_checked: int | None = None
    inspectors: int | None = None
    inspectors_unit: Words | None = None
    date: Words | None = None
    """As printed."""
    findings: list[Irregular] = []

"""From the draw to inspections: the events that a campaign records on inspections. Pure.

The id of an inspection follows from campaign, place in the order, and object, so making it twice meets the first one.
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from enforcement.checks.campaign import Campaign
from enforcement.checks.campaign_events import CampaignRecused, CampaignSubstituted, Replaced
from enforcement.checks.inspection import Inspection
from enforcement.checks.inspection_events import InspectionAssigned, InspectionRecused, InspectionVoided
from enforcement.events import Event, Who
from enforcement.values import Occurred, valid_uscc


def inspection_id(campaign: str, number: int, object: str) -> str:
    """`inspection-<campaign>-<place>-<8 digits of the object's hash>`."""
    tail = sha256(object.encode()).hexdigest()[:8]
    return f"inspection-{campaign.removeprefix('campaign-')}-{number}-{tail}"


def assigned(
    it: Campaign,
    who: Who,
    recorded: str,
    occurred: Occurred,
    number: int,
    place: Mapping[str, str],
    team: Sequence[str],
) -> Event:
    """派员 as the draw gives it: the object at its place, with its team."""
    object, facts = place["object"], it.facts
    entity = object if valid_uscc(object) else None
    data: dict[str, Any] = {
        "item": facts["item"]["code"],
        "object": object,
        "object_kind": facts["object_kind"],
        "region": place["region"],
        "unit": facts["unit"],
        "check_kind": facts["check_kind"],
        "random": True,
        "campaign": it.id,
        "order": number,
        "officers": list(team),
        "questions": [*facts["questions"], *(q for j in facts["joint"] for q in j.get("questions", ()))],
        "joint": [{"department": j["department"], "item": j["item"]} for j in facts["joint"]],
    }
    data |= {"entity": entity} if entity else {}
    data |= {"grade": grade} if (grade := grade_of(place["stratum"])) else {}
    id = inspection_id(it.id, number, object)
    return InspectionAssigned.new(id, 1, who, recorded, occurred, data, entity or id)


def grade_of(stratum: str) -> str | None:
    """The credit class in a stratum's key such as `330302/A/company`; None where it names none."""
    return next((part for part in stratum.split("/") if part in ("A", "B", "C", "D")), None)


def recused(before: Inspection, event: CampaignRecused) -> Event:
    """The same recusal on the inspection."""
    data = {"officer": event.out, "reason": event.reason}
    data |= {"replacement": event.into} if event.into else {}
    return _on(before, event, InspectionRecused, data)


def voided(before: Inspection, event: CampaignSubstituted) -> Event:
    """The inspection of the object that is gone ends."""
    return _on(before, event, InspectionVoided, {"why": event.why, "reason": event.reason})


def _on(before: Inspection, event: Replaced, cls: type[Event], data: dict[str, Any]) -> Event:
    who = Who(event.actor, event.role, event.correlation)
    subject = before.facts.get("entity") or before.id
    return cls.new(before.id, before.version + 1, who, event.recorded, event.occurred, data, subject)

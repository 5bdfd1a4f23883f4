"""The bodies of commands, and which event types each route takes.

What marshmallow checks here is the frame: `type`, `occurred`, `data`. The data is judged once, by the ledger, in
the form of its event type; the OpenAPI document shows those forms in the place of the frame.
"""

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from marshmallow import RAISE, Schema, fields

from api.schemas.fields import choice, occurred
from enforcement.cases.procedure import table
from enforcement.checks.campaign_commands import OWN_COMMANDS
from enforcement.checks.steps import table as checks
from enforcement.credit.steps import steps as process_steps
from enforcement.events import Event, known
from enforcement.law import instruments
from enforcement.registry.commitment_commands import TOPICS as COMMITMENTS
from enforcement.reports import procedure as reports
from enforcement.reports.commands import NOT_BY_HAND

CLUE = "case.clue-registered"
IMPORTED = "case.imported"
ELSEWHERE = NOT_BY_HAND | {
    f"report.{name}"
    for name in (
        "read",
        "message-sent",
        "evidence-added",
        "reward-claimed",
        "review-requested",
        "identity-requested",
        "identity-approved",
        "identity-refused",
        "identity-read",
        "redacted",
        "file-redacted",
    )
}
"""What is sealed, read, or asked of an identity has a route of its own, where texts come in clear and are sealed."""


class Family(NamedTuple):
    """The frame of a route, the event types it takes, and the one that is meant where the body names none."""

    frame: type[Schema]
    topics: Callable[[], list[str]]
    default: str | None

    def events(self) -> list[type[Event]]:
        """The classes of the types, in the same order."""
        return [event for topic in self.topics() if (event := known(topic)) is not None]


def _family(name: str, topics: Callable[[], list[str]], default: str | None = None) -> Family:
    kind = {"load_default": default} if default else {"required": True}
    made = {
        "type": choice(topics, **kind),
        "occurred": occurred(),
        "data": fields.Dict(required=True),
        "Meta": type("Meta", (), {"unknown": RAISE}),
    }
    return Family(type(name, (Schema,), made), topics, default)


def _only(*topics: str) -> Callable[[], list[str]]:
    return lambda: list(topics)


@cache
def report_steps() -> list[str]:
    """The event types that an officer may record on a report, in the order of the procedure."""
    return [topic for topic in reports.table().rows if topic not in ELSEWHERE]


@cache
def steps() -> list[str]:
    """The event types that may be recorded on an existing case, in the order of the procedure."""
    return list(dict.fromkeys(row.topic for row in table().rows if not row.begins))


@cache
def openers() -> list[str]:
    """The event types that open a case; published history comes in by the import, not here."""
    return [row.topic for row in table().rows if row.begins and row.topic != IMPORTED]


@cache
def happenings() -> list[str]:
    """What may happen to an instrument, in the order of the law's table."""
    return list(dict.fromkeys(step.event for step in instruments.steps()))


def _process(process: str, begins: bool) -> Callable[[], list[str]]:
    """The steps of a process that are recorded by themselves."""
    return lambda: [
        step.topic
        for step in process_steps().values()
        if step.process == process and step.begins is begins and step.roles
    ]


@cache
def inspection_steps() -> list[str]:
    """The event types that may be recorded on an inspection, in the order of its table."""
    return [topic for topic, step in checks("inspection").items() if step.states]


@cache
def campaign_steps() -> list[str]:
    """The event types that an officer records on a campaign; the others follow from a command of their own."""
    return [topic for topic, step in checks("campaign").items() if step.states and topic not in OWN_COMMANDS]


CASE = _family("CaseCommand", openers, CLUE)
STEP = _family("CaseEventCommand", steps)
ENTITY = _family("EntityCommand", _only("entity.registered"), "entity.registered")
ENTITY_CHANGE = _family("EntityEventCommand", _only("entity.changed"))
COMMITMENT = _family("CommitmentCommand", _only(*COMMITMENTS))
OFFICER = _family("OfficerCommand", _only("inspector.registered"), "inspector.registered")
OFFICER_CHANGE = _family("OfficerEventCommand", _only("inspector.changed"))
CALENDAR = _family("CalendarCommand", _only("calendar.loaded"), "calendar.loaded")
ITEM = _family("ItemCommand", _only("item.listed"), "item.listed")
ITEM_CHANGE = _family("ItemEventCommand", _only("item.changed", "item.withdrawn"))
PLAN = _family("PlanCommand", _only("plan.drafted"), "plan.drafted")
PLAN_CHANGE = _family(
    "PlanEventCommand",
    _only("plan.changed", "plan.batch-set", "plan.batch-dropped", "plan.published", "plan.filed"),
)
INSTRUMENT = _family("InstrumentCommand", _only("instrument.registered"), "instrument.registered")
INSTRUMENT_EVENT = _family("InstrumentEventCommand", happenings)
PRODUCT = _family("ProductCommand", _only("product.registered"), "product.registered")
PRODUCT_CHANGE = _family("ProductEventCommand", _only("product.changed"))
STALL = _family("StallCommand", _only("stall.registered"), "stall.registered")
STALL_CHANGE = _family("StallEventCommand", _only("stall.changed"))
RELATION = _family("RelationCommand", _only("relation.declared"), "relation.declared")
RELATION_CHANGE = _family("RelationEventCommand", _only("relation.ended", "relation.withdrawn"))

REPORT_STEP = _family("ReportEventCommand", report_steps)

REGISTERS = (
    *(
        ENTITY,
        ENTITY_CHANGE,
        COMMITMENT,
        OFFICER,
        OFFICER_CHANGE,
        CALENDAR,
        ITEM,
        ITEM_CHANGE,
        PLAN,
        PLAN_CHANGE,
    ),
    *(INSTRUMENT, INSTRUMENT_EVENT, PRODUCT, PRODUCT_CHANGE, STALL, STALL_CHANGE, RELATION, RELATION_CHANGE),
)
LISTING = _family("ListingCommand", _process("listing", True), "listing.decided")
LISTING_STEP = _family("ListingEventCommand", _process("listing", False))
REPAIR = _family("RepairCommand", _process("repair", True), "repair.applied")
REPAIR_STEP = _family("RepairEventCommand", _process("repair", False))
OBJECTION = _family("ObjectionCommand", _process("objection", True), "objection.filed")
OBJECTION_STEP = _family("ObjectionEventCommand", _process("objection", False))

INSPECTION = _family("InspectionCommand", _only("inspection.assigned"), "inspection.assigned")
INSPECTION_STEP = _family("InspectionEventCommand", inspection_steps)
CAMPAIGN = _family("CampaignCommand", _only("campaign.planned"), "campaign.planned")
CAMPAIGN_STEP = _family("CampaignEventCommand", campaign_steps)
NETCONTENT = _family("NetContentCommand", _only("netcontent.judged"), "netcontent.judged")
NETCONTENT_STEP = _family("NetContentEventCommand", _only("netcontent.withdrawn"))

FAMILIES = (
    *(CASE, STEP, *REGISTERS, REPORT_STEP),
    *(LISTING, LISTING_STEP, REPAIR, REPAIR_STEP, OBJECTION, OBJECTION_STEP),
    *(INSPECTION, INSPECTION_STEP, CAMPAIGN, CAMPAIGN_STEP, NETCONTENT, NETCONTENT_STEP),
)

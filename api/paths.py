"""What may stand in a path. An address with anything else is not found, before any question is asked."""

from typing import Any

from flask import Flask
from werkzeug.routing import BaseConverter


class CasePath(BaseConverter):
    """A case's id."""

    regex = "case-[a-z0-9-]{1,120}"
    description = "a case id"


class CampaignPath(BaseConverter):
    """A campaign's id."""

    regex = "campaign-[a-z0-9-]{1,110}"
    description = "a campaign id"


class InspectionPath(BaseConverter):
    """An inspection's id."""

    regex = "inspection-[a-z0-9-]{1,110}"
    description = "an inspection id"


class NetContentPath(BaseConverter):
    """The id of a net-content test."""

    regex = "netcontent-[a-z0-9-]{1,110}"
    description = "the id of a net-content test"


class ReportPath(BaseConverter):
    """A report's id."""

    regex = "report-[a-z0-9-]{1,120}"
    description = "a report id"


class OfficerPath(BaseConverter):
    """An officer's id."""

    regex = "[a-z0-9][a-z0-9-]{0,63}"
    description = "an officer's id"


class UsccPath(BaseConverter):
    """A unified social credit code, its check character unchecked."""

    regex = "[0-9A-HJ-NPQRTUWXY]{18}"
    description = "a unified social credit code 统一社会信用代码"


class CodePath(BaseConverter):
    """A code of the violation catalogue."""

    regex = "M-[A-Z][0-9]{2}"
    description = "a code of the violation catalogue"


class PolicyPath(BaseConverter):
    """A scoring policy's id."""

    regex = "[a-z0-9][a-z0-9-]{0,99}"
    description = "a scoring policy's id"


class DigestPath(BaseConverter):
    """The SHA-256 of a file."""

    regex = "[0-9a-f]{64}"
    description = "a SHA-256 in lower-case hex"


class TopicPath(BaseConverter):
    """A stable event type."""

    regex = r"[a-z0-9-]+(?:\.[a-z0-9-]+)+"
    description = "an event type such as case.filed"


class ItemPath(BaseConverter):
    """The code of an item of the list."""

    regex = "[a-z0-9][a-z0-9-]{0,31}"
    description = "an item's code 抽查事项编码"


class PlanPath(ItemPath):
    """An annual plan's id."""

    description = "a plan's id"


class ThingPath(OfficerPath):
    """The id of an instrument, a product, a stall or a relation."""

    description = "an id of the register"


class ListingPath(BaseConverter):
    """An entry of a list."""

    regex = "listing-[a-z0-9-]{1,120}"
    description = "an entry of a list"


class RepairPath(BaseConverter):
    """An application for repair."""

    regex = "repair-[a-z0-9-]{1,120}"
    description = "an application for repair"


class ObjectionPath(BaseConverter):
    """An objection."""

    regex = "objection-[a-z0-9-]{1,120}"
    description = "an objection"


class ObjectPath(BaseConverter):
    """The id of an object of inspection: a business's code, or an id of another register."""

    regex = "[0-9A-Za-z][0-9A-Za-z-]{0,63}"
    description = "an object's id"


CONVERTERS: dict[str, Any] = {
    "case": CasePath,
    "campaign": CampaignPath,
    "inspection": InspectionPath,
    "netcontent": NetContentPath,
    "report": ReportPath,
    "officer": OfficerPath,
    "uscc": UsccPath,
    "code": CodePath,
    "policy": PolicyPath,
    "topic": TopicPath,
    "item": ItemPath,
    "plan": PlanPath,
    "thing": ThingPath,
    "listing": ListingPath,
    "repair": RepairPath,
    "objection": ObjectionPath,
    "object": ObjectPath,
    "digest": DigestPath,
}


def register(app: Flask) -> None:
    """Make the converters known to the routes."""
    app.url_map.converters.update(CONVERTERS)


def parameter(converter: Any) -> dict[str, Any]:
    """The OpenAPI schema of a path parameter."""
    return {"type": "string", "pattern": f"^{converter.regex}$", "description": converter.description}

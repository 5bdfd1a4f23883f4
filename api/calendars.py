"""Holiday notices 放假通知: loading one makes the provisional deadlines of its year final."""

from typing import Any

from flask import Response

from api.auth import roles
from api.blueprint import Blueprint
from api.context import services
from api.headers import recorded, who
from api.schemas import commands
from api.schemas import common as answers

blp = Blueprint("calendars", __name__, description="工作日历: the State Council's holiday notices")


@blp.route("/calendars", methods=["POST"])
@blp.writes("Idempotency-Key", "Steelyard-Role", "Accept-Language")
@roles("head", "principal_head", "bureau_system")
@blp.arguments(commands.CALENDAR.frame)
@blp.response(201, answers.Receipt)
def load(body: dict[str, Any]) -> Response:
    """Load a year's holiday notice.

    `off` are days off, `on` the make-up working days 调休. Deadlines that were provisional for want of the notice
    are derived again; nothing else is recorded.
    """
    receipt = services().ledger.load_calendar(who(), body["occurred"], body["data"])
    return recorded(receipt, "/law/deadlines")

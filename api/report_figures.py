"""Figures of reports 举报统计: how many, where, about what, with which end, how fast. Nobody is found in them."""

from flask import Response

from api.answers import as_json
from api.auth import roles, scope
from api.blueprint import Blueprint
from api.context import services
from api.headers import wait_for
from api.reports import READERS
from api.schemas import reports as schemas
from projections.queries import reports as questions

blp = Blueprint("report_figures", __name__, description="举报统计: figures with small cells suppressed")


@blp.route("/reports/statistics")
@blp.reads()
@roles(*READERS, "reviewer", "bureau_system")
@blp.response(200, schemas.ReportStatistics)
def statistics() -> Response:
    """Reports by month, region, sector of the target, matter, outcome, days to the first decision and to the first
    answer; small cells, and those that would tell them, are null."""
    wait_for("reports")
    wait_for("registers")
    with services().reads.read() as conn:
        return as_json(questions.statistics(conn, scope()))

"""Reports 举报 for everybody: file one without an account, and return with the receipt code.

The code stands in the header Report-Code, never in an address. Whoever asks is not remembered: the limits are one
bucket for all, and a wrong code costs what a right one costs. Nothing of a request is logged but its route.
"""

from typing import Any

from flask import Response, request

from api.answers import as_json
from api.auth import public
from api.blueprint import Blueprint
from api.context import services
from api.reports import files_of, filing_of, opened, shown
from api.schemas import common
from api.schemas import reports as schemas
from enforcement.recording import Receipt
from enforcement.reports import view
from enforcement.reports.report import Report

CODE = "Report-Code"
LANGUAGE = "Accept-Language"

blp = Blueprint("mine", __name__, description="我的举报: file a report and return with its code")


@blp.route("/reports", methods=["POST"])
@blp.writes(LANGUAGE)
@public
@blp.arguments(schemas.ReportFiling)
@blp.response(201, schemas.FilingReceipt)
@blp.alt_response(429, schema=common.Problem, content_type="application/problem+json")
def file(body: dict[str, Any]) -> Response:
    """File a report 举报, with a name or without one.

    The answer holds the receipt code, shown this once, and a signed receipt without any content. Do not lose the
    code: nobody can find it again. There is no Idempotency-Key here, as nobody is told from anybody else.
    """
    services().filings.take()
    filed = services().desk().file(filing_of(body, {"channel": "api"}))
    return as_json(shown(filed), 201)


def by_code(code: str) -> Report:
    """The report of the code that was given; the same work and the same answer for every wrong one."""
    services().codes.take()
    return services().desk().by_code(code)


def _mine() -> Report:
    return by_code(request.headers.get(CODE, ""))


@blp.route("/reports/mine")
@blp.reads(CODE, LANGUAGE)
@public
@blp.response(200, schemas.MyReport)
@blp.alt_response(429, schema=common.Problem, content_type="application/problem+json")
def mine() -> Response:
    """Where my report stands, its deadlines and whether they were kept, what I may do. Opens nothing sealed."""
    return as_json(view.mine(_mine(), services().law(), services().today()))


@blp.route("/reports/mine/readings", methods=["POST"])
@blp.writes(CODE, LANGUAGE)
@public
@blp.response(201, schemas.OpenedReport)
@blp.alt_response(429, schema=common.Problem, content_type="application/problem+json")
def read() -> Response:
    """Read the talk. That it was read is recorded, and nothing else about it."""
    desk, report = services().desk(), _mine()
    return opened(desk.read(desk.anyone(), report.id, "talk", None, desk.today()))


@blp.route("/reports/mine/messages", methods=["POST"])
@blp.writes(CODE, LANGUAGE)
@public
@blp.arguments(schemas.ReportMessage)
@blp.response(201, schemas.ReportDone)
@blp.alt_response(429, schema=common.Problem, content_type="application/problem+json")
def write(body: dict[str, Any]) -> Response:
    """Write to the bureau."""
    return done(step(_mine(), "report.message-sent", body))


@blp.route("/reports/mine/evidence", methods=["POST"])
@blp.writes(CODE, LANGUAGE)
@public
@blp.arguments(schemas.ReportEvidence)
@blp.response(201, schemas.ReportDone)
@blp.alt_response(429, schema=common.Problem, content_type="application/problem+json")
def add(body: dict[str, Any]) -> Response:
    """Add evidence."""
    desk, report = services().desk(), _mine()
    return done(
        desk.add_evidence(desk.anyone(), report.id, body["text"], files_of(body["files"]), desk.today())
    )


@blp.route("/reports/mine/claims", methods=["POST"])
@blp.writes(CODE, LANGUAGE)
@public
@blp.response(201, schemas.RewardClaimed)
@blp.alt_response(429, schema=common.Problem, content_type="application/problem+json")
def claim() -> Response:
    """Claim the reward. The voucher is shown this once; whoever brings it to the counter is paid."""
    desk, report = services().desk(), _mine()
    claimed = desk.claim(report, desk.anyone(), "code", desk.today())
    body = {
        "voucher": claimed.voucher,
        "amount": report.reward["amount"],
        "position": claimed.receipt.position,
    }
    return as_json(body, 201)


@blp.route("/reports/mine/reviews", methods=["POST"])
@blp.writes(CODE, LANGUAGE)
@public
@blp.arguments(schemas.ReviewReasons)
@blp.response(201, schemas.ReportDone)
@blp.alt_response(429, schema=common.Problem, content_type="application/problem+json")
def object_to(body: dict[str, Any]) -> Response:
    """Object to the amount of the reward."""
    return done(step(_mine(), "report.review-requested", body))


@blp.route("/reports/mine/waivers", methods=["POST"])
@blp.writes(CODE, LANGUAGE)
@public
@blp.response(201, schemas.ReportDone)
@blp.alt_response(429, schema=common.Problem, content_type="application/problem+json")
def waive() -> Response:
    """Waive the reward."""
    return done(step(_mine(), "report.reward-waived", {"ground": "reporter"}))


@blp.route("/reports/mine/withdrawals", methods=["POST"])
@blp.writes(CODE, LANGUAGE)
@public
@blp.response(201, schemas.ReportDone)
@blp.alt_response(429, schema=common.Problem, content_type="application/problem+json")
def withdraw() -> Response:
    """Withdraw the report; a clue once given is verified all the same."""
    return done(step(_mine(), "report.withdrawn", {}))


def step(report: Report, topic: str, data: dict[str, Any]) -> Receipt:
    """A step of whoever holds the code, today."""
    desk = services().desk()
    return desk.step(desk.anyone(), report.id, topic, desk.today(), data)


def done(receipt: Receipt) -> Response:
    """That it was recorded; the report's id is not told."""
    return as_json({"position": receipt.position}, 201)

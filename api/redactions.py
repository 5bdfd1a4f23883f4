"""Redactions 遮盖 of a report: a custodian hides what betrays its writer; anybody checks that nothing else changed.

Making one, handing out a copy, opening a hidden segment and comparing with the original each open something sealed:
every one is a POST that is recorded, with its purpose, before it is answered.
"""

from typing import Any

from flask import Response

from api.answers import JSON, as_json
from api.auth import roles
from api.blueprint import Blueprint
from api.context import services
from api.headers import recorded, who
from api.reports import OFFICERS, files_of, seen
from api.schemas import common
from api.schemas import redactions as schemas
from api.schemas.reports import FileReading, ReportFile
from enforcement.canonical import jcs
from enforcement.reports.redaction.cutting import Span
from enforcement.reports.redaction.desk import Redactions, Wanted

ASKING = ("Idempotency-Key", "Steelyard-Role", "Accept-Language")

blp = Blueprint("redactions", __name__, description="遮盖: redacted texts of reports, and their proofs")


def _acts() -> Redactions:
    return Redactions(services().desk())


def _today() -> str:
    return services().desk().today()


@blp.route("/reports/<report:id>/redactions", methods=["POST"])
@blp.writes(*ASKING)
@roles("custodian")
@blp.arguments(schemas.RedactionWanted)
@blp.response(201, common.Receipt)
def redact(body: dict[str, Any], id: str) -> Response:
    """Redact a text of a report. From now on all but custodian and reporter read it so.

    Its number is the version of the answer. Making it opens the original, which is recorded first. A later redaction
    of the same part supersedes this one and may show more or less.
    """
    seen(id)
    spans = tuple(Span(**span) for span in body["spans"])
    wanted = Wanted(body["event"], body["part"], spans)
    return recorded(_acts().redact(who(), id, wanted, body["purpose"], _today()), f"/reports/{id}")


@blp.route("/reports/<report:id>/redactions/<int:number>/copies", methods=["POST"])
@blp.writes(*ASKING)
@roles(*OFFICERS)
@blp.arguments(FileReading)
@blp.response(201, schemas.RedactedCopy)
def copy(body: dict[str, Any], id: str, number: int) -> Response:
    """The redacted copy with its proof, which `steelyard redaction verify` checks offline.

    The reading is recorded first. Of a text that was redacted again, only the custodian is given an earlier copy.
    """
    seen(id)
    return _document(_acts().copy(who(), id, number, body["purpose"], _today()))


@blp.route("/reports/<report:id>/redactions/<int:number>/openings", methods=["POST"])
@blp.writes(*ASKING)
@roles("custodian")
@blp.arguments(schemas.SegmentOpening)
@blp.response(201, schemas.RedactionOpening)
def open_segment(body: dict[str, Any], id: str, number: int) -> Response:
    """Open one hidden segment, with the salt that proves it against a copy. The reading is recorded first."""
    seen(id)
    found = _acts().opening(who(), id, number, body["segment"], body["purpose"], _today())
    return _document(jcs(found))


@blp.route("/reports/<report:id>/redactions/<int:number>/comparisons", methods=["POST"])
@blp.writes(*ASKING)
@roles("custodian")
@blp.arguments(FileReading)
@blp.response(201, schemas.RedactionCompared)
def compare(body: dict[str, Any], id: str, number: int) -> Response:
    """Open the original again, compute every leaf, compare with what was recorded. The reading is recorded first."""
    seen(id)
    receipt, holds = _acts().compare(who(), id, number, body["purpose"], _today())
    return as_json({"holds": holds, "position": receipt.position}, 201)


@blp.route("/reports/<report:id>/files/<digest:sha256>/redactions", methods=["POST"])
@blp.writes(*ASKING)
@roles("custodian")
@blp.arguments(ReportFile)
@blp.response(201, common.Receipt)
def redact_file(body: dict[str, Any], id: str, sha256: str) -> Response:
    """Put a blacked-out file in the place of one that was handed in. From now on all but the custodian are given it.

    Both stay, by the hash of their sealed bytes; what was blacked out is for people to compare.
    """
    seen(id)
    file = files_of([body])[0]
    return recorded(_acts().replace_file(who(), id, sha256, file, _today()), f"/reports/{id}")


def _document(canonical: bytes) -> Response:
    """Bytes that are checked as they are: they must not be formatted anew."""
    return Response(canonical, 201, content_type=JSON)

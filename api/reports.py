"""Reports 举报 for officers: enter, list, read, record steps; the identity has routes of its own.

Who is kept away from a report is told that there is none. A GET opens nothing that is sealed: texts are opened by a
POST to `readings`, which is recorded before it is answered.
"""

from base64 import b64decode
from collections.abc import Mapping
from typing import Any

import orjson
from flask import Response, g

from api.answers import as_json
from api.auth import act_as, caller, require_region, roles, scope
from api.blueprint import Blueprint
from api.context import services
from api.headers import expected_version, recorded, wait_for, who
from api.schemas import commands, common
from api.schemas import reports as schemas
from enforcement.errors import InvalidData, NotFound
from enforcement.registry.inspector import Inspector
from enforcement.reports import conflicts, view
from enforcement.reports.desk import Filed, Filing, Opened
from enforcement.reports.files import MOST
from enforcement.reports.procedure import table
from enforcement.reports.report import Report
from enforcement.values import Text, region_covers
from projections.queries import reports as questions

OFFICERS = ("intake", "handler", "unit_head", "head", "principal_head", "custodian")
READERS = (*OFFICERS, "auditor")
DOWNLOAD = "attachment"

blp = Blueprint("reports", __name__, description="举报: reports of violations, for officers")


# -- entering ----------------------------------------------------------------------------------------------------


@blp.route("/reports/entries", methods=["POST"])
@blp.writes("Idempotency-Key", "Steelyard-Role", "Accept-Language")
@roles("intake")
@blp.arguments(schemas.ReportEntry)
@blp.response(201, schemas.EntryReceipt)
def enter(body: dict[str, Any]) -> Response:
    """Enter a report that came by telephone, letter, visit or from the platform 12315.

    The answer holds the receipt code, this once: it is handed to the reporter. A repeat answers without it.
    """
    require_region(body["region"])
    more = {"number": body["number"]} if "number" in body else {}
    filing = filing_of(body, {"channel": body["channel"], **more})
    filed = services().desk().enter(who(), filing, body["occurred"])
    return as_json({**shown(filed), "id": filed.receipt.id}, 201, headers=_headers(filed))


def filing_of(body: Mapping[str, Any], more: Mapping[str, Any]) -> Filing:
    """What a form or a request holds, as the desk takes it."""
    target, identity = body["target"], body["identity"]
    taken = ("region", "matter", "reward_wished", "complaint", "concerns_staff", "signers")
    facts = {name: body[name] for name in taken} | dict(more)
    facts |= {"real_name": identity is not None, "target": target.get("uscc")}
    content = {"text": body["text"], "target": target} | (
        {"happened": body["happened"]} if "happened" in body else {}
    )
    return Filing(facts, content, identity, files_of(body["files"]))


def files_of(given: list[dict[str, Any]]) -> tuple[tuple[str, bytes], ...]:
    """Files from base64; InvalidData where it is none, or where there are too many."""
    check_number(len(given))
    try:
        return tuple((file["name"], b64decode(file["content"], validate=True)) for file in given)
    except ValueError:
        raise InvalidData({"files": [Text("expected base64", "应为 base64")]}) from None


def check_number(files: int) -> None:
    """InvalidData where there are too many files at once."""
    if files > MOST:
        raise InvalidData({"files": [Text(f"expected at most {MOST} files", f"最多 {MOST} 个文件")]})


def shown(filed: Filed) -> dict[str, Any]:
    """What the reporter takes away."""
    return {"code": filed.code, "receipt": filed.note, "position": filed.receipt.position}


def _headers(filed: Filed) -> dict[str, str]:
    made = {"Position": str(filed.receipt.position), "Location": f"/reports/{filed.receipt.id}"}
    return made | ({"Idempotent-Replayed": "true"} if filed.receipt.replayed else {})


# -- lists -------------------------------------------------------------------------------------------------------


@blp.route("/reports")
@blp.reads()
@roles(*READERS)
@blp.arguments(schemas.ReportsWanted, location="query")
@blp.response(200, schemas.ReportPage)
def listing(query: dict[str, Any]) -> Response:
    """The reports that the caller may see, the last received first."""
    return _page(query)


@blp.route("/rewards")
@blp.reads()
@roles("unit_head", "head", "principal_head", "custodian", "auditor")
@blp.arguments(schemas.ReportsWanted, location="query")
@blp.response(200, schemas.ReportPage)
def rewards(query: dict[str, Any]) -> Response:
    """The reports on which a reward is due, with its amount where it is fixed."""
    return _page({**query, "rewards": True})


def _page(query: dict[str, Any]) -> Response:
    wait_for("reports")
    limit, after = query.pop("limit"), query.pop("cursor", None)
    with services().reads.read() as conn:
        page = questions.reports(conn, _viewer(), questions.ReportsWanted(**query), limit=limit, after=after)
    return as_json({"items": page.items, "next": page.next})


def _viewer() -> questions.Viewer:
    role: str = g.role
    ledger = services().ledger
    return questions.Viewer(
        officer=caller().actor,
        unit=_facts().get("unit"),
        scope=scope(),
        only_assigned=role in conflicts.ONLY_ASSIGNED,
        around=role in conflicts.AROUND,
        interested=ledger.interested,
    )


def _facts() -> dict[str, Any]:
    """What is registered of the caller as an officer."""
    ledger = services().ledger
    found = ledger.held.take(Inspector, f"inspector-{caller().actor}", ledger.law)
    ledger.held.keep(found)
    return found.facts


# -- one report --------------------------------------------------------------------------------------------------


def seen(id: str) -> Report:
    """The report, where the caller may see it in this role."""
    report = services().ledger.report(id)
    limit = scope()
    hidden = limit is not None and not region_covers(limit, report.facts["region"])
    interested = services().ledger.interested
    if hidden or not conflicts.sees(report, caller().actor, g.role, _facts(), interested):
        raise NotFound("report", id)
    return report


@blp.route("/reports/<report:id>")
@blp.reads("Steelyard-Role", "Accept-Language")
@roles(*READERS)
@blp.response(200, schemas.ReportCourse)
def one(id: str) -> Response:
    """One report as it stands: its course, its deadlines, what may happen next. Nothing sealed."""
    report = seen(id)
    body = view.officers(report, services().law(), services().today())
    return as_json(body, headers={"ETag": f'"{report.version}"'})


@blp.route("/reports/<report:id>/events")
@blp.reads("Steelyard-Role", "Accept-Language")
@roles(*READERS)
@blp.response(200, schemas.ReportStepList)
def history(id: str) -> Response:
    """Every event of a report; of what is sealed, only that it is there."""
    report, recorder = seen(id), services().ledger.recorder
    positions = dict(recorder.positions(report.id))
    return as_json({"items": [_step(row, positions) for row in recorder.select_events(id)]})


def _step(row: Any, positions: Mapping[int, int]) -> dict[str, Any]:
    state = orjson.loads(row.state)
    data = state["data"]
    sealed = [name for name, value in data.items() if isinstance(value, dict) and "sealed" in value]
    return {
        "version": row.originator_version,
        "position": positions[row.originator_version],
        "type": row.topic,
        "occurred": data.get("occurred"),
        **{name: state[name] for name in ("recorded", "actor", "role")},
        "data": {name: value for name, value in data.items() if name not in (*sealed, "occurred")},
        "sealed": sealed,
    }


@blp.route("/reports/<report:id>/events", methods=["POST"])
@blp.writes()
@roles(*OFFICERS)
@blp.arguments(commands.REPORT_STEP.frame)
@blp.response(201, common.Receipt)
def record(body: dict[str, Any], id: str) -> Response:
    """Record a step of a report. Refused with the article where the procedure forbids it now."""
    g.role = act_as(table().rows[body["type"]].roles)
    seen(id)
    receipt = (
        services().desk().step(who(), id, body["type"], body["occurred"], body["data"], expected_version())
    )
    return recorded(receipt, f"/reports/{id}")


@blp.route("/reports/<report:id>/messages", methods=["POST"])
@blp.writes()
@roles("intake", "handler", "unit_head", "head", "custodian")
@blp.arguments(schemas.ReportMessage)
@blp.response(201, common.Receipt)
def write(body: dict[str, Any], id: str) -> Response:
    """Write to the reporter, who reads it with the code."""
    return _now(id, "report.message-sent", body)


@blp.route("/reports/<report:id>/evidence", methods=["POST"])
@blp.writes("Idempotency-Key", "Steelyard-Role", "Accept-Language")
@roles("intake")
@blp.arguments(schemas.ReportEvidence)
@blp.response(201, common.Receipt)
def add(body: dict[str, Any], id: str) -> Response:
    """Add evidence that a reporter brought."""
    seen(id)
    desk = services().desk()
    receipt = desk.add_evidence(who(), id, body["text"], files_of(body["files"]), desk.today())
    return recorded(receipt, f"/reports/{id}")


@blp.route("/reports/<report:id>/reviews", methods=["POST"])
@blp.writes()
@roles("intake")
@blp.arguments(schemas.ReviewReasons)
@blp.response(201, common.Receipt)
def object_to(body: dict[str, Any], id: str) -> Response:
    """Enter the reporter's objection to the amount."""
    return _now(id, "report.review-requested", body)


def _now(id: str, topic: str, data: dict[str, Any]) -> Response:
    seen(id)
    desk = services().desk()
    receipt = desk.step(who(), id, topic, desk.today(), data, expected_version())
    return recorded(receipt, f"/reports/{id}")


# -- opening what is sealed ----------------------------------------------------------------------------------------


@blp.route("/reports/<report:id>/readings", methods=["POST"])
@blp.writes("Idempotency-Key", "Steelyard-Role", "Accept-Language")
@roles(*OFFICERS)
@blp.arguments(schemas.SealedReading)
@blp.response(201, schemas.OpenedReport)
def read(body: dict[str, Any], id: str) -> Response:
    """Open the text or the talk of a report. The reading is recorded with its purpose before it is answered."""
    seen(id)
    desk = services().desk()
    return opened(desk.read(who(), id, body["what"], body["purpose"], desk.today()))


def opened(found: Opened) -> Response:
    """What was read, with the position at which the reading stands."""
    position = found.receipt.position
    return as_json({"position": position, "items": found.parts}, 201, headers={"Position": str(position)})


@blp.route("/reports/<report:id>/files/<digest:sha256>/readings", methods=["POST"])
@blp.writes("Idempotency-Key", "Steelyard-Role", "Accept-Language")
@roles(*OFFICERS)
@blp.arguments(schemas.FileReading)
@blp.response(201, {"type": "string", "format": "binary"}, content_type="application/octet-stream")
def read_file(body: dict[str, Any], id: str, sha256: str) -> Response:
    """Open a file of a report. The reading is recorded with its purpose before it is answered."""
    seen(id)
    desk = services().desk()
    _, content = desk.read_file(who(), id, sha256, body["purpose"], desk.today())
    answer = Response(content, 201, content_type="application/octet-stream")
    answer.headers["Content-Disposition"] = DOWNLOAD
    return answer


# -- identity ------------------------------------------------------------------------------------------------------


@blp.route("/reports/<report:id>/identity-requests")
@blp.reads("Steelyard-Role", "Accept-Language")
@roles("custodian", "head", "principal_head", "auditor")
@blp.response(200, schemas.IdentityRequestList)
def identity_requests(id: str) -> Response:
    """Who asked to open the identity, for what, who decided, and when it was read."""
    found = seen(id).requests
    return as_json({"items": [{"request": number, **request} for number, request in found.items()]})


@blp.route("/reports/<report:id>/identity-requests", methods=["POST"])
@blp.writes()
@roles("custodian")
@blp.arguments(schemas.IdentityAsking)
@blp.response(201, common.Receipt)
def request_identity(body: dict[str, Any], id: str) -> Response:
    """Ask to open the identity, with purpose and case. The request's number is the version of the answer."""
    return _now(id, "report.identity-requested", body)


@blp.route("/reports/<report:id>/identity-requests/<int:number>/approvals", methods=["POST"])
@blp.writes()
@roles("head", "principal_head")
@blp.arguments(schemas.IdentityApproval)
@blp.response(201, common.Receipt)
def approve(body: dict[str, Any], id: str, number: int) -> Response:
    """Approve, as a second person, for some hours."""
    return _now(id, "report.identity-approved", {"request": number, **body})


@blp.route("/reports/<report:id>/identity-requests/<int:number>/refusals", methods=["POST"])
@blp.writes()
@roles("head", "principal_head")
@blp.arguments(schemas.IdentityRefusal)
@blp.response(201, common.Receipt)
def refuse(body: dict[str, Any], id: str, number: int) -> Response:
    """Refuse, as a second person."""
    return _now(id, "report.identity-refused", {"request": number, **body})


@blp.route("/reports/<report:id>/identity-requests/<int:number>/readings", methods=["POST"])
@blp.writes("Idempotency-Key", "Steelyard-Role", "Accept-Language")
@roles("custodian")
@blp.response(201, schemas.OpenedReport)
def read_identity(id: str, number: int) -> Response:
    """Open the identity on an approved request. The reading is recorded before it is answered."""
    seen(id)
    desk = services().desk()
    return opened(desk.read_identity(who(), id, number, desk.today()))

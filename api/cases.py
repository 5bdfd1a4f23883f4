"""Cases 案件: open one, record its steps, ask for it now or as it stood."""

from datetime import UTC, date, datetime, time
from typing import Any

import orjson
from flask import Response, g

from api.answers import as_json, ready
from api.auth import ROLES, act_as, roles, scope
from api.blueprint import Blueprint
from api.context import services
from api.headers import expected_version, recorded, wait_for, who
from api.histories import event_page, span
from api.schemas import cases as answers
from api.schemas import commands, common, queries
from enforcement.cases.deadlines import of
from enforcement.cases.procedure import table
from enforcement.cases.view import deadline, documents
from enforcement.errors import NotFound, NotPermitted
from enforcement.values import CHINA, china_day
from projections.queries import cases as questions

RECORDERS = tuple(role for role in ROLES if role != "auditor")

blp = Blueprint("cases", __name__, description="案件: cases from the clue to the archive")


@blp.route("/cases", methods=["POST"])
@blp.writes("Idempotency-Key", "Steelyard-Role", "Accept-Language")
@roles(*RECORDERS)
@blp.arguments(commands.CASE.frame)
@blp.response(201, common.Receipt)
def open_case(body: dict[str, Any]) -> Response:
    """Open a case.

    With a clue 案源登记, unless `type` names another beginning, such as a penalty on the spot. The id of the case
    follows from the Idempotency-Key, so a repeat meets the case that the first one opened.
    """
    _act_by_row(body["type"])
    receipt = services().ledger.open_case(who(), body["type"], body["occurred"], body["data"], scope())
    return recorded(receipt, f"/cases/{receipt.id}")


@blp.route("/cases/<case:id>/events", methods=["POST"])
@blp.writes()
@roles(*RECORDERS)
@blp.arguments(commands.STEP.frame)
@blp.response(201, common.Receipt)
def record(body: dict[str, Any], id: str) -> Response:
    """Record a step of a case.

    Refused with the article where the statute forbids it now; `allowed_events` of the case says what may happen,
    who may record it and from when.
    """
    _act_by_row(body["type"])
    ledger, version = services().ledger, expected_version()
    try:
        receipt = ledger.record(who(), id, body["type"], body["occurred"], body["data"], version, scope())
    except NotPermitted as error:
        if "region" in error.details:
            raise NotFound("case", id) from None
        raise
    return recorded(receipt, f"/cases/{id}/events")


def _act_by_row(topic: str) -> None:
    """Where the request names no role: the first of the token's that the procedure lets record this event."""
    g.role = act_as(table().row(topic).roles)


@blp.route("/cases")
@blp.reads()
@roles(*ROLES)
@blp.arguments(queries.Cases, location="query")
@blp.response(200, answers.CasePage)
def register(query: dict[str, Any]) -> Response:
    """The case register 案件登记簿: filtered, sorted, in pages."""
    wait_for("cases")
    limit, after, sort = query.pop("limit"), query.pop("cursor", None), query.pop("sort")
    wanted = questions.Wanted(**query)
    with services().reads.read() as conn:
        page = questions.register(
            conn,
            scope(),
            wanted,
            services().today(),
            order=sort.lstrip("-"),
            descending=sort.startswith("-"),
            limit=limit,
            after=after,
        )
    return as_json({"items": page.items, "next": page.next})


@blp.route("/cases/<case:id>")
@blp.reads()
@roles(*ROLES)
@blp.arguments(queries.CaseAsOf, location="query")
@blp.response(200, answers.Case)
def one(query: dict[str, Any], id: str) -> Response:
    """One case: facts, deadlines, findings, and what may happen next.

    Now, or with `at_position` after that event of the ledger, or with `known_at` as it was recorded at that time.
    """
    wait_for("cases")
    if query:
        return _as_it_stood(query, id)
    found = services().current.case(scope(), id, services().today())
    if found is None:
        raise NotFound("case", id)
    return ready(found.body, {"ETag": f'"{found.version}"', "Position": str(found.stamp.position)})


def _as_it_stood(query: dict[str, Any], id: str) -> Response:
    position, known_at = query.get("at_position"), _end(query.get("known_at"))
    with services().reads.read() as conn:
        found = questions.case_at(conn, scope(), id, position=position, known_at=known_at)
    if found is None:
        raise NotFound("case", id)
    return as_json(found.view(_day_of(position, known_at)))


def _end(moment: str | None) -> datetime | None:
    """The moment; a day means its end in China."""
    if moment is None or len(moment) > 10:
        return None if moment is None else datetime.fromisoformat(moment).astimezone(UTC)
    return datetime.combine(date.fromisoformat(moment), time.max, CHINA)


def _day_of(position: int | None, known_at: datetime | None) -> date:
    """The day from which the past is seen: that of the moment, or of the event at the position."""
    days = [services().today()]
    if known_at is not None:
        days.append(china_day(known_at))
    rows = services().log().rows(position - 1, 1) if position else ()
    days += [china_day(datetime.fromisoformat(orjson.loads(row[4])["recorded"])) for row in rows]
    return min(days)


@blp.route("/cases/<case:id>/events")
@blp.reads()
@roles(*ROLES)
@blp.arguments(queries.History, location="query")
@blp.response(200, answers.EventPage)
def history(query: dict[str, Any], id: str) -> Response:
    """The events of a case as recorded, in their order; a correction stands where it was made."""
    wait_for("cases")
    with services().reads.read() as conn:
        found = questions.events(conn, scope(), id, **span(query))
    if found is None:
        raise NotFound("case", id)
    return event_page(found, query["limit"])


@blp.route("/cases/<case:id>/deadlines")
@blp.reads()
@roles(*ROLES)
@blp.response(200, answers.CaseDeadlineList)
def deadlines(id: str) -> Response:
    """The deadlines of a case 期限: due when, by which rule, started by what, paused and extended by what."""
    known, today = _known(id), services().today()
    found = [deadline(each, today, known.positions) for each in of(known.case, known.law)]
    return as_json({"items": found})


@blp.route("/cases/<case:id>/documents")
@blp.reads()
@roles(*ROLES)
@blp.response(200, answers.DocumentList)
def papers(id: str) -> Response:
    """The documents of a case in the order of the file 卷内目录 (P 78), with their numbers."""
    known = _known(id)
    return as_json({"items": documents(known.case, known.positions)})


def _known(id: str) -> questions.Known:
    wait_for("cases")
    with services().reads.read() as conn:
        found = questions.case(conn, scope(), id)
    if found is None:
        raise NotFound("case", id)
    return found

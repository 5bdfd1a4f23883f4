"""Errors on their way out: RFC 9457 problems in the caller's language.

Whatever is raised – by the domain, by HTTP, by a fault of ours – leaves as `application/problem+json` with a
stable `type`. A fault of ours is logged with its traceback and shows nothing but the id of the request.
"""

import logging
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from api.answers import as_json
from api.errors import AlreadyExists, TooManyRequests, Unauthenticated
from api.headers import request_id
from api.problem_types import BY_STATUS, TABLE, ProblemType
from enforcement.errors import (
    Breach,
    InvalidData,
    LedgerUnavailable,
    Refused,
    SteelyardError,
    VersionConflict,
)
from enforcement.store import StoreAway
from enforcement.values import Text
from projections.store import away

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER = {
    "not-yet-visible": "1",
    "read-model-not-ready": "5",
    "ledger-unavailable": "5",
    "ledger-mismatch": "60",
}
AWAY = Text("a database did not answer or broke off", "数据库无响应或连接中断")
OWN_WORDS = frozenset({"type", "title", "status", "detail", "instance", "article", "breaches", "errors"})

log = logging.getLogger("steelyard.api")


def register(app: Flask) -> None:
    """Turn everything that is raised into a problem; every error class must have its row in the table."""
    check_table()
    app.register_error_handler(SteelyardError, of_domain)
    app.register_error_handler(HTTPException, of_http)
    app.register_error_handler(Exception, of_fault)


def check_table() -> None:
    """TypeError when an error class of the tree has no problem type."""
    missing = sorted({cls.slug for cls in _classes(SteelyardError)} - set(TABLE))
    if missing:
        raise TypeError(f"no problem type for {', '.join(missing)}: add a row to api/problem_types.py")


def _classes(root: type[SteelyardError]) -> Iterator[type[SteelyardError]]:
    yield root
    for cls in root.__subclasses__():
        yield from _classes(cls)


def language() -> str:
    """`zh` or `en`, by Accept-Language; English where neither is asked for."""
    if "HTTP_ACCEPT_LANGUAGE" not in request.environ:
        return "en"
    return request.accept_languages.best_match(("en", "zh"), default="en") or "en"


def said(text: Text) -> str:
    """A text in the caller's language."""
    return text.zh if language() == "zh" else text.en


def of_domain(error: SteelyardError) -> Response:
    """The problem of a domain error."""
    if isinstance(error, VersionConflict) and error.details["expected"] == 0:
        error = AlreadyExists(error.details["current"])
    row = TABLE[error.slug]
    if row.status == 500:
        return of_fault(error)
    members: dict[str, Any] = {"detail": said(error.message)}
    if error.article is not None:
        members["article"] = error.article
    members.update({k: v for k, v in error.details.items() if k not in OWN_WORDS and v is not None})
    if isinstance(error, Refused):
        members["breaches"] = [_breach(breach) for breach in error.breaches]
    if isinstance(error, InvalidData):
        members["errors"] = [
            {"path": path, "message": said(text)} for path, texts in error.errors.items() for text in texts
        ]
    answer = _answer(row, members)
    if isinstance(error, TooManyRequests):
        answer.headers["Retry-After"] = str(error.details["retry_after"])
    if isinstance(error, Unauthenticated):
        answer.headers["WWW-Authenticate"] = 'Bearer realm="steelyard"' + (
            f', error="{error.error}"' if error.error else ""
        )
    return answer


def _breach(breach: Breach) -> dict[str, Any]:
    return {
        "rule": breach.rule,
        "article": breach.article,
        "message": said(breach.message),
        "earliest": _moment(breach.earliest),
    }


def _moment(moment: date | datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def of_http(error: HTTPException) -> Response:
    """The problem of something that HTTP refuses: no such route, wrong method, body too large."""
    status = error.code or 500
    if error.response is not None and status < 400:
        return error.response  # type: ignore[return-value]
    if status >= 500 and status != 503:
        return of_fault(error)
    row = TABLE[BY_STATUS.get(status, "malformed-request")]
    answer = _answer(row, {"detail": said(row.meaning)}, status)
    for name, value in error.get_headers(None):
        if name in ("Allow", "Retry-After"):
            answer.headers[name] = value
    return answer


def of_fault(error: Exception) -> Response:
    """A fault of ours, or a database that broke off: logged here, hidden there."""
    log.error("request %s failed: %s %s", request_id(), request.method, request.path, exc_info=error)
    if isinstance(error, StoreAway) or away(error):
        return of_domain(LedgerUnavailable(AWAY))
    return _answer(
        TABLE["error"], {"detail": said(Text("an error of ours, see our log", "服务内部错误，详见日志"))}
    )


def _answer(row: ProblemType, members: dict[str, Any], status: int | None = None) -> Response:
    body = {
        "type": f"/problems/{row.slug}",
        "title": said(row.title),
        "status": status or row.status,
        "instance": f"urn:uuid:{request_id()}",
        **members,
    }
    answer = as_json(body, status or row.status, MEDIA_TYPE)
    answer.headers["Content-Language"] = language()
    answer.headers["Vary"] = "Accept-Language"
    if row.slug in RETRY_AFTER:
        answer.headers["Retry-After"] = RETRY_AFTER[row.slug]
    return answer

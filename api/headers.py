"""What travels in headers: keys, versions, positions, ids.

In: `Idempotency-Key` (the command's id follows from it and from the actor), `If-Match` (the version the officer
saw), `After` (a position that a read must have reached), `X-Request-Id`. Out: `ETag`, `Position`, `Location`,
`Idempotent-Replayed`, `X-Request-Id`. A header that has not its form is an error, never a guess.
"""

import itertools
import re
import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from flask import Response, g, request

from api.answers import as_json
from api.auth import caller
from api.context import CORRELATION, services
from api.errors import MalformedRequest, NotYetVisible
from enforcement.events import Who
from enforcement.ledger import Receipt
from enforcement.values import MAX_INT, Text

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

COMMANDS = uuid.UUID("5c1d2bb6-2a1f-5d0e-9d5e-0a5f5f3f4a10")
"""The name space of command ids: it must not change while keys may still be repeated."""
KEY = re.compile(r"[\x21-\x7e]{1,200}")
VERSION = re.compile(r'"([1-9][0-9]{0,15})"')
POSITION = re.compile(r"0|[1-9][0-9]{0,15}")
REQUEST_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")

SECURITY = (
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
)
UNLESS_GIVEN = (
    ("Cache-Control", "no-store"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
)
REQUEST = "steelyard.request_id"


def request_id() -> str:
    """The id of this request: the caller's X-Request-Id where it is a UUID, else one of ours."""
    found: str = request.environ[REQUEST]
    return found


def who() -> Who:
    """Who gives the command of this request; the same key of the same actor gives the same command id."""
    actor = caller().actor
    correlation = request.environ[CORRELATION] = command_id(actor, idempotency_key())
    return Who(actor, g.role, correlation)


def command_id(actor: str, key: str | None) -> str:
    """The id under which a command is recorded: the same for the same actor and Idempotency-Key."""
    return str(uuid.uuid5(COMMANDS, f"{actor}\n{key}") if key else uuid.uuid4())


def idempotency_key() -> str | None:
    """The Idempotency-Key, None where the caller gives none."""
    key: str | None = request.environ.get("HTTP_IDEMPOTENCY_KEY")
    if key is not None and not KEY.fullmatch(key):
        raise MalformedRequest(
            Text(
                "Idempotency-Key: expected 1 to 200 visible ASCII characters without spaces",
                "Idempotency-Key：应为 1 至 200 个不含空格的可见 ASCII 字符",
            )
        )
    return key


def expected_version() -> int | None:
    """The version in If-Match; None where it is absent or `*`."""
    given: str | None = request.environ.get("HTTP_IF_MATCH")
    if given is None or given.strip() == "*":
        return None
    found = VERSION.fullmatch(given.strip())
    if not found:
        raise MalformedRequest(
            Text('If-Match: expected one ETag such as "7", or *', 'If-Match：应为单个 ETag（如 "7"）或 *')
        )
    return int(found[1])


def wait_for(projection: str) -> None:
    """Where the request names a position in After, wait until the read model has applied it."""
    given: str | None = request.environ.get("HTTP_AFTER")
    if given is None:
        return
    if not POSITION.fullmatch(given) or int(given) > MAX_INT:
        raise MalformedRequest(
            Text("After: expected a position such as 1204", "After：应为账本位置，如 1204")
        )
    position = int(given)
    if not services().wait(position, projection):
        raise NotYetVisible(position)


def recorded(receipt: Receipt, location: str) -> Response:
    """The answer to a command: what was recorded, and where; a replay is marked."""
    body = {"id": receipt.id, "version": receipt.version, "position": receipt.position}
    answer = as_json(body, 201)
    answer.headers["Location"] = location
    answer.headers["ETag"] = f'"{receipt.version}"'
    answer.headers["Position"] = str(receipt.position)
    if receipt.replayed:
        answer.headers["Idempotent-Replayed"] = "true"
    return answer


class Finished:
    """Puts on every answer what every answer carries; around the application, where it costs least."""

    def __init__(self, application: "WSGIApplication") -> None:
        self.application = application
        self._run, self._numbers = str(uuid.uuid4())[:24], itertools.count(1)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        given = environ.get("HTTP_X_REQUEST_ID", "")
        own = f"{self._run}{next(self._numbers):012x}"
        id = environ[REQUEST] = given if REQUEST_ID.fullmatch(given) else own

        def start(status: str, headers: list[tuple[str, str]], error: Any = None) -> Any:
            names = {name for name, _ in headers}
            headers += [("X-Request-Id", id), *SECURITY]
            headers += [header for header in UNLESS_GIVEN if header[0] not in names]
            return start_response(status, headers, error)

        return self.application(environ, start)

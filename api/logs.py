"""Log lines of every process: for people (`console`) or one JSON object a line for collectors (`json`).

A line says what happened; the facts about it – position, correlation, projection, request – are given beside the
sentence with `extra={…}` and become members of their own, so that everything about one command or one position can
be found across API, relay and workers. Only ids and numbers are facts: no name, no content of an event.
"""

import logging
import sys
import time
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TextIO

import orjson

from api.auth import ROUTE
from api.context import CORRELATION
from enforcement.settings import Settings
from enforcement.values import utc_text

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PLAIN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
"""What every record has; all else was given as a fact."""
QUIET = {
    "waitress.queue": logging.ERROR,
    "kafka": logging.WARNING,
    "streams.confluent": logging.WARNING,
    "alembic": logging.WARNING,
}

READING = frozenset({"GET", "HEAD", "OPTIONS"})

log = logging.getLogger("steelyard.requests")


def configure(settings: Settings, stream: TextIO | None = None) -> None:
    """Log to standard error in the form of STEELYARD_LOG; every entry point calls it first, once."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines() if settings.log == "json" else Lines())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name, level in QUIET.items():
        logging.getLogger(name).setLevel(level)


def facts(record: logging.LogRecord) -> Mapping[str, Any]:
    """What was given beside the sentence, without what is not known."""
    return {name: value for name, value in vars(record).items() if name not in PLAIN and value is not None}


class JsonLines(logging.Formatter):
    """One JSON object a line, for collectors of logs."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            **facts(record),
            "time": utc_text(datetime.fromtimestamp(record.created, UTC)),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return orjson.dumps(line, default=str, option=orjson.OPT_NON_STR_KEYS).decode()


class Lines(logging.Formatter):
    """A sentence a line, its facts behind it."""

    def __init__(self) -> None:
        super().__init__("%(levelname)s %(name)s: %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 the library's name
        beside = " ".join(f"{name}={value}" for name, value in facts(record).items())
        return super().formatMessage(record) + (f"  [{beside}]" if beside else "")


class Logged:
    """A line for every command that was answered: the position of what it recorded, its correlation, its request."""

    def __init__(self, application: "WSGIApplication") -> None:
        self.application = application

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] in READING:
            return self.application(environ, start_response)
        begun = time.perf_counter()

        def start(status: str, headers: list[tuple[str, str]], error: Any = None) -> Any:
            said = dict(headers)
            found = {
                "status": int(status[:3]),
                "position": int(said["Position"]) if "Position" in said else None,
                "correlation": environ.get(CORRELATION),
                "request": said.get("X-Request-Id"),
                "seconds": round(time.perf_counter() - begun, 6),
            }
            log.info("%s %s", environ["REQUEST_METHOD"], environ.get(ROUTE, "no route"), extra=found)
            return start_response(status, headers, error)

        return self.application(environ, start)

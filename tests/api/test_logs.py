"""Log lines in both forms, with the facts by which a command is followed from the API to the workers."""

import io
import json
import logging
from collections.abc import Iterator
from datetime import datetime

import pytest

from api import logs
from api.headers import command_id
from enforcement.settings import Settings
from tests.api.conftest import CLUE, Bureau

BODY = {"occurred": "2026-03-02", "data": CLUE}


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """What is written; the root logger is afterwards as it was."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield io.StringIO()
    root.handlers[:] = before
    root.setLevel(level)


def configured(form: str, stream: io.StringIO) -> None:
    logs.configure(Settings.from_env({"STEELYARD_LOG": form}), stream)


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_json_line_has_the_facts_as_members(stream: io.StringIO) -> None:
    configured("json", stream)
    facts = {"position": 7, "correlation": "c7", "partition": None}
    logging.getLogger("projections.runner").error("parked: %s", "ValueError: 计量", extra=facts)
    line = lines(stream)[0]
    assert datetime.fromisoformat(str(line.pop("time"))).utcoffset() is not None
    assert line == {
        "level": "error",
        "logger": "projections.runner",
        "message": "parked: ValueError: 计量",
        "position": 7,
        "correlation": "c7",
    }


def test_a_line_for_people_ends_with_its_facts(stream: io.StringIO) -> None:
    configured("console", stream)
    logging.getLogger("streams.relay").warning("away", extra={"position": 7})
    logging.getLogger("streams.relay").info("following")
    assert stream.getvalue() == "WARNING streams.relay: away  [position=7]\nINFO streams.relay: following\n"


def test_a_traceback_stays_in_one_json_line(stream: io.StringIO) -> None:
    configured("json", stream)
    try:
        raise ValueError("broken")
    except ValueError:
        logging.getLogger("steelyard").exception("interrupted")
    (line,) = lines(stream)
    assert "ValueError: broken" in str(line["error"])


def test_chatter_of_libraries_is_left_out(stream: io.StringIO) -> None:
    configured("console", stream)
    logging.getLogger("kafka.cluster").info("metadata")
    assert stream.getvalue() == ""


def test_a_command_is_logged_with_position_and_correlation(bureau: Bureau, stream: io.StringIO) -> None:
    configured("json", stream)
    bureau.app.wsgi_app = logs.Logged(bureau.app.wsgi_app)  # type: ignore[method-assign]
    answer = bureau.post("/cases", BODY, "intake", Idempotency_Key="key-1")
    assert answer.json is not None
    (line,) = [line for line in lines(stream) if line["logger"] == "steelyard.requests"]
    assert line["message"] == "POST cases.open_case"
    assert line["status"] == 201
    assert line["position"] == answer.json["position"]
    assert line["correlation"] == command_id("wz-lc-001", "key-1")
    assert line["request"] == answer.headers["X-Request-Id"]


def test_a_refused_command_is_logged_without_a_position(bureau: Bureau, stream: io.StringIO) -> None:
    configured("json", stream)
    bureau.app.wsgi_app = logs.Logged(bureau.app.wsgi_app)  # type: ignore[method-assign]
    bureau.post("/cases", {"occurred": "2999-01-01", "data": CLUE}, "intake")
    bureau.get("/cases")
    (line,) = [line for line in lines(stream) if line["logger"] == "steelyard.requests"]
    assert (line["status"], line.get("position")) == (422, None)
    assert CLUE["summary"] not in stream.getvalue()

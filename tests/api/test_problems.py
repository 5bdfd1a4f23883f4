"""Every error leaves as a problem with its own type, in the caller's language."""

from collections.abc import Callable
from typing import Any

import pytest
from eventsourcing.persistence import InterfaceError, OperationalError
from flask import Response
from sqlalchemy.exc import OperationalError as DatabaseGone
from werkzeug.test import TestResponse

from api.app import create_app
from api.auth import public
from api.errors import (
    AlreadyExists,
    MalformedRequest,
    NotYetVisible,
    RoleMissing,
    TooManyRequests,
    Unauthenticated,
    UnsupportedMediaType,
)
from api.problem_types import ROWS, TABLE
from api.problems import check_table
from enforcement.errors import (
    Breach,
    DrawRefused,
    Erased,
    FileDamaged,
    InvalidData,
    KeyReused,
    LedgerMismatch,
    LedgerUnavailable,
    NotFound,
    NotPermitted,
    Refused,
    SettingsError,
    SteelyardError,
    TooLarge,
    VersionConflict,
)
from enforcement.values import Text
from projections.fill import FillFailed
from projections.queries.reading import NotFilled
from projections.rebuild import RebuildRefused
from tests.api.conftest import Bureau

WORDS = Text("what was wrong", "出了什么问题")
ERRORS: tuple[SteelyardError, ...] = (
    SteelyardError(WORDS),
    InvalidData({"data.fine": [WORDS]}),
    NotFound("case", "case-1"),
    Refused([Breach("defence-period", "P 57", WORDS)]),
    DrawRefused("freeze.team", WORDS),
    NotPermitted(WORDS),
    VersionConflict("case-1", 2, 3),
    KeyReused("case-1", 7),
    TooLarge(WORDS, size=1),
    LedgerMismatch(WORDS),
    LedgerUnavailable(WORDS),
    FileDamaged(WORDS),
    SettingsError(WORDS),
    MalformedRequest(WORDS),
    UnsupportedMediaType(WORDS),
    Unauthenticated(WORDS),
    RoleMissing(WORDS),
    NotYetVisible(9),
    AlreadyExists(1),
    NotFilled(WORDS),
    RebuildRefused(WORDS),
    FillFailed(WORDS),
    Erased("report-1"),
    TooManyRequests(3),
)
BY_HTTP = {"method-not-allowed"}


Raise = Callable[..., TestResponse]


@pytest.fixture(scope="module")
def raised(shared: Bureau) -> Raise:
    """What the application answers when a view raises an error."""
    app = create_app(shared.services)
    errors: list[Exception] = []

    def view() -> Response:
        raise errors[-1]

    app.view_functions["health.alive"] = public(view)

    def answer(error: Exception, language: str = "") -> TestResponse:
        errors.append(error)
        headers = {"Accept-Language": language} if language else {}
        return app.test_client().get("/healthz", headers=headers)

    return answer


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.slug)
def test_every_domain_error_has_its_problem_in_both_languages(raised: Raise, error: SteelyardError) -> None:
    row = TABLE[error.slug]
    for language, pick in (("", 0), ("zh-CN,zh;q=0.9", 1), ("fr", 0), ("en-GB", 0)):
        answer = raised(error, language)
        assert answer.status_code == row.status or error.slug in ("fill-failed", "bad-setting")
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.headers["Content-Language"] == ("en", "zh")[pick]
        assert answer.json["title"] in (row.title[pick], TABLE["error"].title[pick])
        assert answer.json["status"] == answer.status_code
        if answer.status_code != 500:
            assert answer.json["type"] == f"/problems/{error.slug}"
            assert answer.json["detail"] == error.message[pick]


def test_every_row_of_the_table_is_reached_by_an_error() -> None:
    assert {error.slug for error in ERRORS} | BY_HTTP == {row.slug for row in ROWS}


def test_error_class_without_a_row_stops_the_start() -> None:
    class Forgotten(SteelyardError):
        slug = "forgotten"

    with pytest.raises(TypeError, match="forgotten"):
        check_table()
    Forgotten.slug = "error"
    check_table()


@pytest.mark.parametrize(
    "error",
    [
        InterfaceError("server closed the connection"),
        OperationalError("terminating connection"),
        DatabaseGone("SELECT 1", {}, Exception("server closed the connection")),
    ],
    ids=["the ledger's, broken", "the ledger's, refused", "of the read models"],
)
def test_a_database_that_breaks_off_is_waited_for(raised: Raise, error: Exception) -> None:
    answer = raised(error)
    assert (answer.status_code, answer.json["type"]) == (503, "/problems/ledger-unavailable")
    assert answer.headers["Retry-After"] == "5"
    assert b"connection" not in answer.data


def test_fault_of_ours_shows_nothing_but_its_id(raised: Raise, caplog: pytest.LogCaptureFixture) -> None:
    answer = raised(RuntimeError("password is hunter2"))
    assert answer.status_code == 500
    assert b"hunter2" not in answer.data
    assert set(answer.json) == {"type", "title", "status", "instance", "detail"}
    id = answer.json["instance"].removeprefix("urn:uuid:")
    assert answer.headers["X-Request-Id"] == id
    assert id in caplog.text
    assert "hunter2" in caplog.text


def test_refusal_names_every_breach_with_article_and_earliest(raised: Raise) -> None:
    from datetime import date

    error = Refused([Breach("a", "P 57", WORDS, date(2026, 3, 9)), Breach("b", "P 58", WORDS)])
    answer = raised(error)
    assert answer.json["article"] == "P 57"
    assert answer.json["breaches"] == [
        {"rule": "a", "article": "P 57", "message": WORDS.en, "earliest": "2026-03-09"},
        {"rule": "b", "article": "P 58", "message": WORDS.en, "earliest": None},
    ]


def test_details_never_take_the_place_of_own_members(raised: Raise) -> None:
    answer = raised(TooLarge(WORDS, type="x", status=1, size=70_000))
    assert (answer.json["type"], answer.json["status"], answer.json["size"]) == (
        "/problems/too-large",
        413,
        70_000,
    )


def test_creation_of_what_exists_is_a_problem_of_its_own(raised: Raise) -> None:
    answer = raised(VersionConflict("entity-1", 0, 4))
    assert (answer.status_code, answer.json["type"], answer.json["current"]) == (
        409,
        "/problems/already-exists",
        4,
    )


@pytest.mark.parametrize("slug", ["not-yet-visible", "ledger-unavailable", "read-model-not-ready"])
def test_passing_trouble_says_when_to_come_back(raised: Raise, slug: str) -> None:
    error = next(error for error in ERRORS if error.slug == slug)
    assert int(raised(error).headers["Retry-After"]) >= 1


Ask = Callable[[Bureau], TestResponse]


@pytest.mark.parametrize(
    ("ask", "status", "slug"),
    [
        (lambda b: b.client.get("/no/such/address"), 404, "not-found"),
        (lambda b: b.client.get("/cases/CASE-1"), 404, "not-found"),
        (lambda b: b.client.delete("/cases"), 405, "method-not-allowed"),
        (lambda b: b.client.options("/cases"), 405, "method-not-allowed"),
        (lambda b: b.client.get("/cases"), 401, "unauthenticated"),
        (lambda b: b.client.get("/cases", headers={"Authorization": "Basic eA=="}), 401, "unauthenticated"),
        (lambda b: b.client.get("/cases", headers={"Authorization": "Bearer x"}), 401, "unauthenticated"),
        (lambda b: b.get("/projections", "handler"), 403, "role-missing"),
        (lambda b: b.get("/cases?colour=red"), 422, "invalid-data"),
        (lambda b: b.get("/cases?limit=0"), 422, "invalid-data"),
        (lambda b: b.get("/cases?limit=1&limit=2"), 422, "invalid-data"),
        (lambda b: b.get("/cases?cursor=%00"), 422, "invalid-data"),
        (lambda b: b.get("/cases?cursor=WzFd"), 422, "invalid-data"),
        (lambda b: b.get("/cases?party=91330302000000000X"), 422, "invalid-data"),
        (lambda b: b.get("/cases/case-x?known_at=2026-13-01"), 422, "invalid-data"),
        (lambda b: b.get("/cases/case-none"), 404, "not-found"),
        (lambda b: b.get("/violations/M-V01?on=1950-01-01"), 404, "not-found"),
        (lambda b: b.get("/schemas/case.filed/99"), 404, "not-found"),
        (lambda b: b.get("/problems/none"), 404, "not-found"),
        (lambda b: b.get("/docs/secret.txt"), 404, "not-found"),
    ],
)
def test_what_http_refuses_is_a_problem_too(shared: Bureau, ask: Ask, status: int, slug: str) -> None:
    answer = ask(shared)
    assert (answer.status_code, answer.json["type"]) == (status, f"/problems/{slug}")
    assert answer.headers["Content-Type"] == "application/problem+json"


def body(bureau: Bureau, data: bytes | str, **headers: str) -> TestResponse:
    given = {"Authorization": f"Bearer {bureau.token('intake')}", "Content-Type": "application/json"}
    return bureau.client.post(
        "/cases", data=data, headers=given | {k.replace("_", "-"): v for k, v in headers.items()}
    )


@pytest.mark.parametrize(
    ("data", "headers", "status", "slug"),
    [
        (b"{}", {"Content_Type": "text/plain"}, 415, "unsupported-media-type"),
        (b"{}", {"Content_Type": "application/json; charset=gb18030"}, 415, "unsupported-media-type"),
        (b"a=b", {"Content_Type": "application/x-www-form-urlencoded"}, 415, "unsupported-media-type"),
        (b"{", {}, 400, "malformed-request"),
        (b'{"occurred": null, "occurred": null, "data": {}}', {}, 400, "malformed-request"),
        (b"{}", {"Idempotency_Key": "a b"}, 422, "invalid-data"),
        (b'{"occurred": null, "data": {}}', {"Idempotency_Key": "a b"}, 400, "malformed-request"),
        (b" " * 1_100_000, {}, 413, "too-large"),
    ],
)
def test_bodies_are_json_capped_and_unambiguous(
    shared: Bureau, data: bytes, headers: dict[str, str], status: int, slug: str
) -> None:
    answer = body(shared, data, **headers)
    assert (answer.status_code, answer.json["type"]) == (status, f"/problems/{slug}")


def test_body_without_length_is_capped_too(shared: Bureau) -> None:
    import io

    answer = shared.client.post(
        "/cases",
        input_stream=io.BytesIO(b" " * 1_100_000),
        headers={"Authorization": f"Bearer {shared.token('intake')}", "Content-Type": "application/json"},
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert answer.status_code == 413


def test_problem_types_are_documented_as_json_and_as_page(shared: Bureau) -> None:
    listed: list[dict[str, Any]] = shared.client.get("/problems").json["items"]
    assert [row["slug"] for row in listed] == [row.slug for row in ROWS]
    for row in ROWS:
        address = f"/problems/{row.slug}"
        assert shared.client.get(address).json["remedy"]["zh"] == row.remedy.zh
        page = shared.client.get(address, headers={"Accept": "text/html"})
        assert page.headers["Content-Type"].startswith("text/html")
        assert row.meaning.zh in page.text


def test_allow_header_names_the_methods(shared: Bureau) -> None:
    assert "GET" in shared.client.delete("/cases").headers["Allow"]

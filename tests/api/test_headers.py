"""Keys, versions, positions: what travels in headers does what it promises."""

import uuid

import pytest

from projections.embedded import Embedded
from tests.api.conftest import CLUE, FILING, NOTE, VERIFY, Bureau, start

OPENING = {"occurred": "2026-03-02", "data": CLUE}


def test_repeated_command_answers_the_first_receipt(bureau: Bureau) -> None:
    first = bureau.post("/cases", OPENING, "intake", Idempotency_Key="k-1")
    again = bureau.post("/cases", OPENING, "intake", Idempotency_Key="k-1")
    assert again.json == first.json
    assert again.status_code == 201
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"


def test_repeat_of_a_step_survives_later_steps(bureau: Bureau) -> None:
    id = bureau.open_case()
    first = bureau.post(f"/cases/{id}/events", VERIFY, Idempotency_Key="k-2", If_Match='"1"')
    bureau.step(id, FILING)
    again = bureau.post(f"/cases/{id}/events", VERIFY, Idempotency_Key="k-2", If_Match='"1"')
    assert (again.json, again.headers["Idempotent-Replayed"]) == (first.json, "true")


def test_same_key_with_another_body_is_refused(bureau: Bureau) -> None:
    first = bureau.post("/cases", OPENING, "intake", Idempotency_Key="k-3")
    other = bureau.post("/cases", {"occurred": "2026-03-01", "data": CLUE}, "intake", Idempotency_Key="k-3")
    assert (other.status_code, other.json["type"]) == (422, "/problems/idempotency-key-reused")
    assert (other.json["id"], other.json["position"]) == (first.json["id"], first.json["position"])


def test_key_belongs_to_the_officer_who_used_it(bureau: Bureau) -> None:
    first = bureau.post("/cases", OPENING, "intake", Idempotency_Key="k-4")
    other = bureau.post("/cases", OPENING, "intake", actor="wz-lc-002", Idempotency_Key="k-4")
    assert other.json["id"] != first.json["id"]


def test_commands_without_key_are_recorded_each(bureau: Bureau) -> None:
    assert bureau.open_case() != bureau.open_case()


def test_stale_version_is_a_conflict_that_names_the_current(bureau: Bureau) -> None:
    id = bureau.open_case()
    bureau.step(id, VERIFY)
    answer = bureau.post(f"/cases/{id}/events", FILING, If_Match='"1"')
    assert (answer.status_code, answer.json["type"], answer.json["current"]) == (
        412,
        "/problems/version-conflict",
        2,
    )
    assert bureau.post(f"/cases/{id}/events", FILING, If_Match='"2"').status_code == 201


def test_star_matches_any_version(bureau: Bureau) -> None:
    id = bureau.open_case()
    assert bureau.post(f"/cases/{id}/events", VERIFY, If_Match="*").status_code == 201


@pytest.mark.parametrize("etag", ["1", 'W/"1"', '"0"', '"1", "2"', '"-1"', '""', '"01"'])
def test_if_match_of_another_form_is_refused(shared: Bureau, etag: str) -> None:
    answer = shared.post("/cases/case-none/events", NOTE, If_Match=etag)
    assert (answer.status_code, answer.json["type"]) == (400, "/problems/malformed-request")


def test_business_registered_twice_exists_already(bureau: Bureau) -> None:
    data = {"uscc": "91330302000000001K", "name": "某店", "kind": "sole_trader", "region": "330302"}
    answers = [bureau.post("/entities", {"occurred": "2026-03-02", "data": data}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 409]
    assert answers[1].json["type"] == "/problems/already-exists"


def test_read_after_its_own_write_sees_it(bureau: Bureau) -> None:
    for _ in range(10):
        answer = bureau.post("/cases", OPENING, "intake")
        read = bureau.get(answer.headers["Location"], After=answer.headers["Position"])
        assert (read.status_code, read.headers["Position"]) == (200, answer.headers["Position"])


def test_read_that_waits_in_vain_is_told_to_come_back(
    bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[tuple[int, float, str]] = []

    def wait_for(self: Embedded, position: int, timeout: float, projection: str) -> bool:
        waited.append((position, timeout, projection))
        return False

    monkeypatch.setattr(Embedded, "wait_for", wait_for)
    answer = bureau.get("/cases", After="999999")
    assert (answer.status_code, answer.json["type"]) == (503, "/problems/not-yet-visible")
    assert answer.json["position"] == 999_999
    assert answer.headers["Retry-After"] == "1"
    assert waited == [(999_999, 2.0, "cases")]


def test_read_models_that_nobody_follows_answer_503(tmp_path: pytest.TempPathFactory) -> None:
    bureau = start(tmp_path, follow=False, STEELYARD_WAIT_SECONDS="0")  # type: ignore[arg-type]
    answer = bureau.get("/cases", After="1")
    assert (answer.status_code, answer.json["type"]) == (503, "/problems/not-yet-visible")
    assert bureau.get("/cases").json["type"] == "/problems/read-model-not-ready"
    assert bureau.client.get("/readyz").status_code == 503
    bureau.services.close()


@pytest.mark.parametrize("position", ["x", "-1", "1.5", "9007199254740992", "01"])
def test_after_of_another_form_is_refused(shared: Bureau, position: str) -> None:
    assert shared.get("/cases", After=position).json["type"] == "/problems/malformed-request"


def test_request_id_of_the_caller_is_kept(shared: Bureau) -> None:
    id = str(uuid.uuid4())
    answer = shared.get("/cases/case-none", X_Request_Id=id)
    assert (answer.headers["X-Request-Id"], answer.json["instance"]) == (id, f"urn:uuid:{id}")
    assert shared.get("/cases", X_Request_Id="<script>").headers["X-Request-Id"] != "<script>"


def test_every_answer_carries_the_security_headers(shared: Bureau) -> None:
    for path in ("/cases", "/healthz", "/no/such", "/docs", "/problems/error"):
        headers = shared.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert shared.get("/cases").headers["Cache-Control"] == "no-store"

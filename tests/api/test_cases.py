"""A case over HTTP: opened, carried on, read now and as it stood."""

from datetime import datetime, timedelta
from urllib.parse import quote

import pytest

from tests.api.conftest import CLUE, FILING, NOTE, NOW, VERIFY, Bureau, Moving


def test_clue_opens_a_case_and_its_receipt_reads_it(bureau: Bureau) -> None:
    answer = bureau.post("/cases", {"occurred": "2026-03-02", "data": CLUE}, "intake")
    assert (answer.status_code, answer.json["version"]) == (201, 1)
    assert answer.headers["Location"] == f"/cases/{answer.json['id']}"
    assert answer.headers["ETag"] == '"1"'
    read = bureau.get(answer.headers["Location"], After=answer.headers["Position"])
    assert (read.status_code, read.json["state"], read.headers["ETag"]) == (200, "CLUE", '"1"')


def test_filed_case_shows_deadlines_and_what_may_follow(bureau: Bureau) -> None:
    id = bureau.filed_case()
    case = bureau.get(f"/cases/{id}", After=bureau.caught_up()).json
    assert case["state"] == "FILED"
    due = {deadline["key"]: (deadline["state"], deadline["due"]) for deadline in case["deadlines"]}
    assert due["DL-CASE"] == ("running", "2026-06-01")
    allowed = {event["type"]: event for event in case["allowed_events"]}
    assert allowed["case.test-entrusted"]["article"].startswith("P 32")
    assert "case.penalty-decided" not in allowed


def test_statute_refuses_with_rule_article_and_fact(bureau: Bureau) -> None:
    id = bureau.open_case()
    bureau.step(id, VERIFY)
    single = FILING | {"data": FILING["data"] | {"handlers": ["wz-lc-001"]}}
    answer = bureau.post(f"/cases/{id}/events", single)
    assert (answer.status_code, answer.json["type"]) == (409, "/problems/refused-by-statute")
    assert answer.json["breaches"][0]["article"]
    assert {"rule", "article", "message", "earliest"} == set(answer.json["breaches"][0])


def test_unlicensed_role_is_told_who_records_the_event(bureau: Bureau) -> None:
    id = bureau.open_case()
    answer = bureau.post(f"/cases/{id}/events", VERIFY, "reviewer")
    assert (answer.status_code, answer.json["type"]) == (403, "/problems/not-permitted")
    assert "handler" in answer.json["roles"]


def test_first_role_that_may_record_the_event_is_taken(bureau: Bureau) -> None:
    id = bureau.open_case()
    position = bureau.post(f"/cases/{id}/events", VERIFY, "reviewer", "handler").headers["Position"]
    events = bureau.get(f"/cases/{id}/events", After=position).json["items"]
    assert [event["role"] for event in events] == ["intake", "handler"]


def test_named_role_is_acted_in_and_no_other(bureau: Bureau) -> None:
    id = bureau.open_case()
    answer = bureau.post(f"/cases/{id}/events", VERIFY, "handler", "reviewer", Steelyard_Role="reviewer")
    assert answer.status_code == 403
    answer = bureau.post(f"/cases/{id}/events", VERIFY, "handler", Steelyard_Role="unit_head")
    assert answer.json["type"] == "/problems/role-missing"


def test_data_of_a_step_is_judged_by_its_own_form(bureau: Bureau) -> None:
    id = bureau.open_case()
    body = {
        "type": "case.verification-started",
        "occurred": "2026-03-02",
        "data": {"officers": "all", "x": 1},
    }
    answer = bureau.post(f"/cases/{id}/events", body)
    assert (answer.status_code, answer.json["type"]) == (422, "/problems/invalid-data")
    assert {error["path"] for error in answer.json["errors"]} == {"data.officers", "data.x"}


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"type": "case.filed", "data": {}}, "occurred"),
        ({"type": "case.filed", "occurred": "yesterday", "data": {}}, "occurred"),
        ({"type": "case.no-such", "occurred": "2026-03-02", "data": {}}, "type"),
        ({"type": "case.imported", "occurred": "2026-03-02", "data": {}}, "type"),
        ({"type": "case.filed", "occurred": "2026-03-02", "data": []}, "data"),
        ({"type": "case.filed", "occurred": "2026-03-02", "data": {}, "by": "me"}, "by"),
        ([], "body"),
    ],
)
def test_frame_of_a_command_is_checked_by_field(shared: Bureau, body: object, path: str) -> None:
    answer = shared.post("/cases/case-none/events", body)
    assert answer.status_code == 422
    assert path in [error["path"] for error in answer.json["errors"]]


def test_fact_of_tomorrow_is_refused(shared: Bureau) -> None:
    answer = shared.post("/cases", {"occurred": "2026-03-21", "data": CLUE}, "intake")
    assert (answer.status_code, answer.json["errors"][0]["path"]) == (422, "occurred")


def test_case_is_read_as_it_stood_after_a_position(bureau: Bureau) -> None:
    id = bureau.open_case()
    first = bureau.services.ledger.head()
    bureau.step(id, VERIFY)
    after = bureau.caught_up()
    then = bureau.get(f"/cases/{id}?at_position={first}", After=after).json
    now = bureau.get(f"/cases/{id}", After=after).json
    assert (then["state"], then["version"], now["state"]) == ("CLUE", 1, "VERIFYING")
    assert bureau.get(f"/cases/{id}?at_position={first - 1}").status_code == 404


def test_case_is_read_as_it_was_known_at_a_time(moving: Moving) -> None:
    bureau, moment = moving
    id = bureau.open_case()
    moment[0] = NOW + timedelta(days=2)
    bureau.step(id, NOTE)
    bureau.caught_up()
    for known_at, version in (("2026-03-20", 1), ("2026-03-21T23:59:59+08:00", 1), ("2026-03-22", 2)):
        assert bureau.get(f"/cases/{id}?known_at={quote(known_at)}").json["version"] == version, known_at


def test_history_comes_in_pages_with_data_as_recorded(bureau: Bureau) -> None:
    id = bureau.filed_case()
    after = bureau.caught_up()
    first = bureau.get(f"/cases/{id}/events?limit=2", After=after).json
    second = bureau.get(f"/cases/{id}/events?limit=2&cursor={first['next']}").json
    assert [event["type"] for event in first["items"] + second["items"]] == [
        "case.clue-registered",
        "case.verification-started",
        "case.filed",
    ]
    assert second["next"] is None
    assert first["items"][1]["data"] == VERIFY["data"]
    assert datetime.fromisoformat(first["items"][1]["recorded"]) == NOW


def test_documents_name_form_volume_and_event(bureau: Bureau) -> None:
    id = bureau.filed_case()
    papers = bureau.get(f"/cases/{id}/documents", After=bureau.caught_up()).json["items"]
    assert {paper["form"] for paper in papers} == {1, 7}
    assert all(paper["position"] and paper["volume"] and paper["name"] for paper in papers)


def test_register_filters_sorts_and_pages(bureau: Bureau) -> None:
    ids = [bureau.open_case(region) for region in ("330302", "330303", "330302", "330304")]
    after = bureau.caught_up()
    in_lucheng = bureau.get("/cases?region=330302&sort=changed", After=after).json
    assert [case["id"] for case in in_lucheng["items"]] == [ids[0], ids[2]]
    seen, cursor = [], ""
    while True:
        page = bureau.get(f"/cases?limit=3&sort=opened{cursor}").json
        seen += [case["id"] for case in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert sorted(seen) == sorted(ids)


def test_overdue_cases_are_found_by_the_readers_day(moving: Moving) -> None:
    bureau, moment = moving
    id = bureau.open_case()
    after = bureau.caught_up()
    assert bureau.get("/cases?overdue=true", After=after).json["items"] == []
    moment[0] = NOW + timedelta(days=30)
    assert [case["id"] for case in bureau.get("/cases?overdue=true", After=after).json["items"]] == [id]
    assert bureau.get("/deadlines?overdue=true").json["items"][0]["case"] == id
    assert bureau.get(f"/cases/{id}").json["deadlines"][0]["state"] == "overdue"


def test_kept_answer_follows_the_case_and_the_day(moving: Moving) -> None:
    bureau, moment = moving
    id = bureau.open_case()
    bureau.caught_up()
    answers = [bureau.get(f"/cases/{id}").data]
    moment[0] += timedelta(days=30)
    answers.append(bureau.get(f"/cases/{id}").data)
    bureau.step(id, NOTE)
    bureau.caught_up()
    answers.append(bureau.get(f"/cases/{id}").data)
    assert len(set(answers)) == 3

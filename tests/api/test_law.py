"""The law as data: by day, by place, with its articles."""

from tests.api.conftest import Bureau


def test_catalogue_depends_on_the_day_and_the_place(shared: Bureau) -> None:
    now = {row["code"]: row for row in shared.get("/violations").json["items"]}
    assert {"M-V01", "M-S05"} <= set(now)
    national = {row["code"] for row in shared.get("/violations?jurisdiction=national").json["items"]}
    assert national < set(now)
    before = {row["code"] for row in shared.get("/violations?on=2010-01-01").json["items"]}
    assert len(before) < len(now)


def test_row_of_the_catalogue_shows_articles_and_bands(shared: Bureau) -> None:
    row = shared.get("/violations/M-U02").json
    assert row["act"]["zh"]
    assert row["cites"][0]["article"] == row["article"]
    fines = [each for each in row["consequences"] if each["kind"] == "fine"]
    assert fines[0]["max"] == "1000"


def test_procedure_names_who_decides_and_by_which_article(shared: Bureau) -> None:
    rows = {row["type"]: row for row in shared.get("/law/procedure").json["items"]}
    assert rows["case.filed"]["decider"] == "head"
    assert rows["case.filed"]["article"] == "P 18, 19"


def test_deadline_rules_name_length_unit_and_doubts(shared: Bureau) -> None:
    rules = {row["rule"]: row for row in shared.get("/law/deadlines").json["items"]}
    assert (rules["DL-VERIFY"]["length"], rules["DL-VERIFY"]["unit"]) == (15, "wd")
    assert rules["DL-VERIFY-ZJ"]["status"] == "unverified"
    assert rules["DL-VERIFY-ZJ"]["reason"]["zh"]
    assert "DL-VERIFY-ZJ" not in {
        r["rule"] for r in shared.get("/law/deadlines?jurisdiction=national").json["items"]
    }


def test_loaded_calendar_makes_deadlines_final(bureau: Bureau) -> None:
    notice = {"year": 2027, "notice": "国办发明电〔2026〕1号", "off": ["2027-01-01"], "on": []}
    answer = bureau.post("/calendars", {"occurred": "2026-03-19", "data": notice}, "head")
    assert (answer.status_code, answer.json["id"]) == (201, "calendar-2027")
    assert bureau.services.law().calendar is not None
    wrong = bureau.post(
        "/calendars", {"occurred": "2026-03-19", "data": notice | {"off": ["2026-01-01"]}}, "head"
    )
    assert (wrong.status_code, wrong.json["type"]) == (422, "/problems/invalid-data")
    assert bureau.post("/calendars", {"occurred": "2026-03-19", "data": notice}, "handler").status_code == 403

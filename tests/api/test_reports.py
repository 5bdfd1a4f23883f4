"""Reports through the API: filed by anyone, worked on by officers, and an identity that no other route gives away."""

import re
from base64 import b64encode
from collections.abc import Iterator
from typing import Any

import pytest

from api.auth import ALL_ROLES
from api.limits import Bucket
from enforcement.audit.receipts import check
from enforcement.audit.signing import PublicKey
from enforcement.credit.judging import BUSINESS
from enforcement.events import Who
from enforcement.reports.events import Graded
from projections.queries.reports import table
from tests.api.conftest import Bureau, enrol, start

CANARY = "金丝雀canary91c4"
JPEG = b"\xff\xd8\xff\xe0" + CANARY.encode() * 3
PERSON = {"name": f"{CANARY}-name", "phone": f"{CANARY}-phone", "id_number": f"{CANARY}-id"}
FILING: dict[str, Any] = {
    "region": "330302",
    "matter": "metrology",
    "text": f"电子秤不准 {CANARY}-facts",
    "target": {"name": f"{CANARY}-target", "uscc": "91330302MA2AAAAA0J"},
    "identity": PERSON,
    "reward_wished": True,
    "files": [{"name": f"{CANARY}.jpg", "content": b64encode(JPEG).decode()}],
}
STAFF = {
    "intake": ("wz-i1", "受理科"),
    "handler": ("wz-h1", "计量科"),
    "unit_head": ("wz-u1", "计量科"),
    "head": ("wz-b1", "局领导"),
    "principal_head": ("wz-p1", "局领导"),
    "custodian": ("wz-k1", "举报中心"),
    "finance": ("wz-f1", "财务科"),
}


class Desk:
    """The API as a reporter and officers use it."""

    def __init__(self, bureau: Bureau) -> None:
        self.bureau = bureau
        self.seen: set[str] = set()
        for role, (officer, unit) in (*STAFF.items(), ("handler", ("wz-h2", "计量科"))):
            data = {
                "officer": officer,
                "unit": unit,
                "region": "330302",
                "licence_until": "2028-01-01",
                "roles": [{"role": role, "start": "2020-01-01"}],
            }
            self.post("/officers", "bureau_system", {"occurred": "2026-01-05", "data": data})

    def post(
        self, path: str, role: str, body: Any, status: int = 201, actor: str | None = None, **headers: str
    ) -> Any:
        actor = actor or STAFF.get(role, ("wz-sys", ""))[0]
        answer = self.bureau.post(path, body, role, actor=actor, **headers)
        assert answer.status_code == status, answer.get_data(as_text=True)
        return answer.json if answer.is_json else answer

    def get(self, path: str, role: str, status: int = 200, actor: str | None = None) -> Any:
        token = self.bureau.token(role, actor=actor or STAFF.get(role, ("wz-sys", ""))[0])
        answer = self.bureau.client.get(path, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == status, answer.get_data(as_text=True)
        return answer.json

    def file(self, **changed: Any) -> Any:
        answer = self.bureau.client.post("/reports", json={**FILING, **changed})
        assert answer.status_code == 201, answer.get_data(as_text=True)
        return answer.json

    def mine(self, code: str, path: str = "", body: Any = None, status: int | None = None) -> Any:
        headers = {"Report-Code": code}
        url = f"/reports/mine{path}"
        client = self.bureau.client
        answer = client.post(url, json=body, headers=headers) if path else client.get(url, headers=headers)
        assert answer.status_code == (status or (201 if path else 200)), answer.get_data(as_text=True)
        return answer.json

    def who(self, role: str) -> Who:
        return Who(STAFF[role][0], role, f"past-the-api-{role}")

    def newest(self) -> str:
        """The report that was not there before; all of one instant stand in the order of ids that mean nothing."""
        self.bureau.caught_up()
        listed = [str(report["id"]) for report in self.get("/reports", "intake")["items"]]
        fresh = [id for id in listed if id not in self.seen]
        self.seen.update(listed)
        return (fresh or listed)[0]

    def assigned(self, **changed: Any) -> tuple[str, str]:
        """A report that is being verified: its id and its code."""
        code = self.file(**changed)["code"]
        id = self.newest()
        self.step(id, "assigned", "intake", unit="计量科", officers=["wz-h1", "wz-h2"])
        return id, code

    def step(self, id: str, topic: str, role: str, status: int = 201, **data: Any) -> Any:
        body = {"type": f"report.{topic}", "occurred": "2026-03-20", "data": data}
        return self.post(f"/reports/{id}/events", role, body, status)


@pytest.fixture
def desk(tmp_path: Any) -> Iterator[Desk]:
    bureau = start(tmp_path)
    yield Desk(bureau)
    bureau.services.close()


# -- filing and returning ------------------------------------------------------------------------------------------


def test_a_reporter_gets_a_code_and_a_receipt_that_anyone_can_check(desk: Desk) -> None:
    filed = desk.file()
    assert re.fullmatch(r"(\d{5} ){4}\d{5}", filed["code"])
    vkey = desk.bureau.client.get("/ledger/key").json["vkey"]
    receipt = check(filed["receipt"], [PublicKey.of(vkey)])
    assert receipt.position == filed["position"]
    assert "report-" not in str(filed)
    assert CANARY not in str(filed)


def test_with_the_code_one_sees_state_deadlines_and_talk(desk: Desk) -> None:
    id, code = desk.assigned()
    mine = desk.mine(code)
    assert (mine["state"], mine["name"]["zh"], mine["unread"]) == ("ASSIGNED", "已分送承办机构", 0)
    assert {d["key"]: d["state"] for d in mine["deadlines"]} == {
        "refer": "met",
        "verify": "running",
        "answer": "running",
    }
    assert CANARY not in str(mine)
    desk.post(f"/reports/{id}/messages", "handler", {"text": "请说明摊位号"})
    assert desk.mine(code)["unread"] == 1
    talk = desk.mine(code, "/readings")
    assert [(part["by"], part["value"]) for part in talk["items"]] == [("bureau", "请说明摊位号")]
    assert desk.mine(code)["unread"] == 0
    desk.mine(code, "/messages", {"text": "3号摊"})
    more = {"text": "照片", "files": FILING["files"]}
    desk.mine(code, "/evidence", more)
    desk.mine(code, "/withdrawals")
    types = [
        step["type"].removeprefix("report.") for step in desk.get(f"/reports/{id}/events", "intake")["items"]
    ]
    assert types == [
        "received",
        "assigned",
        "message-sent",
        "read",
        "message-sent",
        "evidence-added",
        "withdrawn",
    ]


@pytest.mark.parametrize("code", ["", "1", "00000 00000 00000 00000 00000", "x" * 5000])
def test_every_wrong_code_gets_the_same_answer(desk: Desk, code: str) -> None:
    said = {str(desk.mine(code[:4000], status=404)["detail"]), str(desk.mine("9" * 25, status=404)["detail"])}
    assert said == {"report of this code was not found"}
    desk.mine(code[:4000], "/messages", {"text": "x"}, status=404)


def test_codes_and_filings_are_limited_without_an_address(desk: Desk) -> None:
    """One bucket for all; it is empty for right and wrong codes alike, and fills with time alone."""
    moment = [0.0]
    bucket = Bucket(2, 0.5, lambda: moment[0])
    object.__setattr__(desk.bureau.services, "codes", bucket)
    object.__setattr__(desk.bureau.services, "filings", bucket)
    code = "1" * 25
    for _ in range(2):
        desk.mine(code, status=404)
    refused = desk.bureau.client.get("/reports/mine", headers={"Report-Code": code})
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "3")
    assert desk.bureau.client.post("/reports", json=FILING).status_code == 429
    moment[0] = 1.9
    assert desk.bureau.client.post("/reports", json=FILING).status_code == 429
    moment[0] = 2.0
    desk.file()
    assert set(vars(bucket)) == {"size", "rate", "_clock", "_left", "_at", "_lock"}


@pytest.mark.parametrize(
    "changed",
    [
        {"text": ""},
        {"text": "  "},
        {"text": "长" * 10_001},
        {"region": "33"},
        {"matter": "scales"},
        {"identity": {"phone": "1"}},
        {"target": {"uscc": "91330302MA2AAAAA0K"}},
        {"files": [{"name": "a.exe", "content": b64encode(b"MZ\x00").decode()}]},
        {"files": [{"name": "a.txt", "content": "%%%"}]},
        {"files": [{"name": "a.txt", "content": ""}]},
        {"files": [{"name": "a.txt", "content": "YQ=="}] * 6},
        {"surprise": 1},
        {"signers": 0},
    ],
)
def test_a_filing_that_does_not_fit_is_refused_by_its_field(desk: Desk, changed: Any) -> None:
    answer = desk.bureau.client.post("/reports", json={**FILING, **changed})
    assert answer.status_code == 422, answer.json
    assert answer.json["errors"]


def test_the_longest_text_fits_into_an_event(desk: Desk) -> None:
    desk.file(text="长" * 10_000, happened="时" * 200)


# -- officers --------------------------------------------------------------------------------------------------------


def test_an_officer_enters_a_call_and_hands_the_code_on(desk: Desk) -> None:
    body = {**FILING, "channel": "telephone", "occurred": "2026-03-19", "number": "12315-77"}
    entered = desk.post("/reports/entries", "intake", body, Idempotency_Key="k1")
    again = desk.post("/reports/entries", "intake", body, Idempotency_Key="k1")
    assert (again["id"], again["code"], again["receipt"]) == (entered["id"], None, entered["receipt"])
    assert desk.mine(entered["code"])["received"] == "2026-03-19"
    desk.post("/reports/entries", "handler", body, status=403)


def test_texts_and_files_open_by_a_recorded_reading_only(desk: Desk) -> None:
    id, _ = desk.assigned()
    shown = desk.get(f"/reports/{id}", "handler")
    assert CANARY not in str(shown)
    reading = {"what": "content", "purpose": "核查"}
    content = desk.post(f"/reports/{id}/readings", "handler", reading)
    assert content["items"][0]["value"]["text"] == FILING["text"]
    assert content["items"][0]["value"]["files"][0]["name"] == f"{CANARY}.jpg"
    assert PERSON["name"] not in str(content)
    sha256 = shown["files"][0]["sha256"]
    file = desk.post(f"/reports/{id}/files/{sha256}/readings", "handler", {"purpose": "核查"})
    assert file.get_data() == JPEG
    desk.post(f"/reports/{id}/files/{'0' * 64}/readings", "handler", {"purpose": "核查"}, status=404)
    steps = desk.get(f"/reports/{id}/events", "auditor")["items"]
    read = [
        (step["actor"], step["data"]["what"], step["data"]["purpose"])
        for step in steps
        if step["type"] == "report.read"
    ]
    assert read == [("wz-h1", "content", "核查"), ("wz-h1", "file", "核查")]
    assert steps[0]["sealed"] == ["content", "identity"]


def test_lists_hold_what_one_works_on_and_nothing_one_is_kept_from(desk: Desk) -> None:
    id, _ = desk.assigned()
    other = desk.file(concerns_staff=True, identity=None)
    desk.bureau.caught_up()
    ids = lambda role, actor=None: [r["id"] for r in desk.get("/reports", role, actor=actor)["items"]]  # noqa: E731
    assert ids("handler") == ids("intake") == [id]
    assert ids("handler", "wz-h9") == []
    assert len(ids("custodian")) == 2
    assert other["code"]
    around = next(r for r in ids("custodian") if r != id)
    desk.get(f"/reports/{around}", "head", 404)
    desk.get(f"/reports/{around}", "custodian")
    assert [
        r["state"] for r in desk.get("/reports?state=ASSIGNED&open=true&matter=metrology", "intake")["items"]
    ] == ["ASSIGNED"]
    assert desk.get("/reports?state=PAID", "intake")["items"] == []
    desk.step(id, "conflict-declared", "head", officers=["wz-i1"], units=["计量科"], reason="亲属")
    desk.bureau.caught_up()
    assert ids("intake") == ids("handler") == ids("unit_head") == []
    desk.get(f"/reports/{id}", "intake", 404)
    services = desk.bureau.services
    services.ledger.interested = lambda officer, uscc: officer == "wz-p1"
    assert id not in ids("principal_head")
    desk.get(f"/reports/{id}", "principal_head", 404)


def test_relations_on_record_keep_an_officer_away(desk: Desk) -> None:
    id, _ = desk.assigned()
    desk.get(f"/reports/{id}", "handler")
    relation = {
        "relation": "r-1",
        "kind": "shareholding",
        "a": "inspector-wz-h1",
        "b": f"entity-{FILING['target']['uscc']}",
    }
    desk.post("/relations", "bureau_system", {"occurred": "2026-03-20", "data": relation})
    desk.bureau.caught_up()
    desk.get(f"/reports/{id}", "handler", 404)
    desk.get(f"/reports/{id}", "handler", actor="wz-h2")
    assert desk.get("/reports", "handler")["items"] == []


def test_reports_elsewhere_are_not_found(desk: Desk) -> None:
    id, _ = desk.assigned()
    for path in (f"/reports/{id}", f"/reports/{id}/events"):
        assert desk.bureau.get(path, "intake", region="330304").status_code == 404
    assert desk.bureau.get("/reports", "intake", region="330304").json["items"] == []


def test_identity_opens_by_request_and_approval(desk: Desk) -> None:
    id, _ = desk.assigned()
    base = f"/reports/{id}/identity-requests"
    number = desk.post(base, "custodian", {"purpose": "核发奖励"})["version"]
    desk.post(f"{base}/{number}/readings", "custodian", None, status=409)
    desk.post(f"{base}/{number}/approvals", "head", {"hours": 2}, status=409, actor="wz-k1")
    desk.post(f"{base}/{number}/approvals", "head", {"hours": 2})
    found = desk.post(f"{base}/{number}/readings", "custodian", None)
    assert found["items"][0]["value"] == PERSON
    listed = desk.get(base, "auditor")["items"]
    assert [(r["request"], r["by"], r["state"], r["decided_by"], len(r["read"])) for r in listed] == [
        (number, "wz-k1", "approved", "wz-b1", 1)
    ]
    second = desk.post(base, "custodian", {"purpose": "再次"})["version"]
    desk.post(f"{base}/{second}/refusals", "head", {"reason": "无必要"})


def test_no_other_token_reaches_the_identity_by_any_route(desk: Desk) -> None:
    """Every route, every role, with an approved request open: only the custodian's own reading shows the person."""
    id, _ = desk.assigned()
    bureau = desk.bureau
    base = f"/reports/{id}/identity-requests"
    number = desk.post(base, "custodian", {"purpose": "核发奖励"})["version"]
    desk.post(f"{base}/{number}/approvals", "head", {"hours": 2})
    bureau.caught_up()
    sha256 = desk.get(f"/reports/{id}", "intake")["files"][0]["sha256"]
    values = {
        "id": id,
        "number": number,
        "sha256": sha256,
        "uscc": "91330302MA2AAAAA0J",
        "officer": "wz-h1",
        "code": "M-V01",
        "topic": "report.received",
        "version": 1,
    }
    bodies: list[Any] = [
        None,
        {"what": "content", "purpose": "x"},
        {"what": "talk", "purpose": "x"},
        {"purpose": "x"},
        {"event": 1, "spans": [{"start": 0, "end": 1, "reason": "other"}], "purpose": "x"},
        {"segment": 0, "purpose": "x"},
        {"type": "report.identity-read", "occurred": "2026-03-20", "data": {"request": number}},
        {"voucher": "1" * 25},
    ]
    reached = 0
    for rule in bureau.app.url_map.iter_rules():
        arguments = {name: values.get(name, "x") for name in rule.arguments}
        address = bureau.app.url_map.bind("localhost").build(rule.endpoint, arguments)
        for role in (*ALL_ROLES, BUSINESS):
            if (rule.endpoint, role) == ("reports.read_identity", "custodian"):
                continue
            actor = str(values["uscc"]) if role == BUSINESS else STAFF.get(role, ("wz-sys", ""))[0]
            headers = {"Authorization": f"Bearer {bureau.token(role, actor=actor)}"}
            for method in sorted(rule.methods & {"GET", "POST"}):
                for body in bodies if method == "POST" and "report" in rule.rule else [None]:
                    answer = bureau.client.open(address, method=method, json=body, headers=headers)
                    text = answer.get_data()
                    reached += answer.status_code < 300
                    for value in PERSON.values():
                        assert value.encode() not in text, (role, method, address)
                        assert value.encode("unicode_escape") not in text, (role, method, address)
    assert reached > 100
    assert desk.post(f"{base}/{number}/readings", "custodian", None)["items"][0]["value"] == PERSON


def test_what_is_sealed_comes_in_by_its_own_routes_only(desk: Desk) -> None:
    id, _ = desk.assigned()
    for topic in (
        "read",
        "message-sent",
        "identity-read",
        "redacted",
        "file-redacted",
        "reward-claimed",
        "received",
        "absorbed",
        "outcome-shared",
        "reward-paid",
    ):
        desk.step(id, topic, "custodian", 422)


# -- rewards ---------------------------------------------------------------------------------------------------------


def test_standard_of_a_grade_is_shown_line_by_line(desk: Desk) -> None:
    id, _ = desk.assigned()
    found = desk.get(f"/reports/{id}/reward-standard?grade=1&matching=30000000", "head")
    assert (found["amount"], found["finance"]) == ("1000000", True)
    assert [line["key"] for line in found["lines"]] == ["grade", "rate", "cap", "finance"]
    desk.get(f"/reports/{id}/reward-standard?grade=4&matching=1", "head", 422)


def test_reports_of_one_case_are_found_and_shared_between(desk: Desk) -> None:
    """Two papers lead to one case; the second is graded, and signed by two: half of its standard each."""
    enrol(desk.bureau)
    case, ids = desk.bureau.filed_case(), []
    for signers in (1, 2):
        id, _ = desk.assigned(signers=signers)
        ids.append(id)
        desk.step(id, "verification-started", "handler", officers=["wz-h1", "wz-h2"])
        desk.step(id, "filed", "head", case=case)
    desk.bureau.caught_up()
    ledger = desk.bureau.services.ledger
    assert set(ledger.reports_of(case)) == set(ids)
    assert ledger.reports_of("case-none") == []
    address = f"/reports/{ids[1]}/reward-shares"
    assert desk.get(address, "head") == {"amount": "0", "shares": []}
    graded = {"grade": "2", "matching": "100000", "insider_factor": "1", "occurred": "2026-03-20"}
    version = ledger.report(ids[1]).version + 1
    recorded = "2026-03-20T02:00:00.000000Z"
    event = Graded.new(ids[1], version, desk.who("head"), recorded, "2026-03-20", graded, ids[1])
    ledger._save([event])
    ledger.held.doubt()
    found = desk.get(address, "head")
    assert found["amount"] == "3000.00"
    assert [(s["signer"], s["amount"], s["lines"][0]["key"]) for s in found["shares"]] == [
        ("1", "1500.00", "joint"),
        ("2", "1500.00", "joint"),
    ]
    desk.get(address, "handler", 403)


def test_a_wrong_voucher_is_not_found_and_only_finance_asks(desk: Desk) -> None:
    desk.post("/vouchers/lookups", "finance", {"voucher": "1" * 25}, status=404)
    desk.post("/vouchers/payments", "finance", {"voucher": "1" * 25}, status=404)
    for role in ("head", "custodian", "auditor"):
        desk.post("/vouchers/payments", role, {"voucher": "1" * 25}, status=403)
    for path in ("/reports", "/rewards", "/reports/statistics", "/cases", "/entities"):
        desk.get(path, "finance", 403)


# -- statistics --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"a": 5, "b": 7}, {"a": 5, "b": 7}),
        ({"a": 4, "b": 7, "c": 9}, {"a": None, "b": None, "c": 9}),
        ({"a": 1, "b": 1, "c": 6, "d": 9}, {"a": None, "b": None, "c": None, "d": 9}),
        ({"a": 4, "b": 4, "c": 9}, {"a": None, "b": None, "c": 9}),
        ({"a": 1}, {"a": None}),
        ({}, {}),
    ],
)
def test_small_cells_and_what_would_tell_them_are_not_told(
    cells: dict[str, int], told: dict[str, Any]
) -> None:
    keys = [key for key, count in cells.items() for _ in range(count)]
    assert {cell["key"]: cell["count"] for cell in table(keys)} == told


def test_figures_stay_when_reports_are_erased(desk: Desk) -> None:
    for _ in range(6):
        desk.file(files=[])
    id = desk.newest()
    desk.step(id, "malicious", "head", kind="forging", to="公安")
    desk.bureau.caught_up()
    before = desk.get("/reports/statistics", "auditor")
    assert before["total"] == 6
    assert before["month"] == [{"key": "2026-03", "count": 6}]
    assert {cell["count"] for cell in before["outcome"]} == {None}
    desk.step(id, "erased", "custodian", ground="request", reason="本人申请")
    desk.bureau.caught_up()
    assert desk.get("/reports/statistics", "auditor") == before
    gone = desk.post(f"/reports/{id}/readings", "custodian", {"what": "content", "purpose": "x"}, status=409)
    assert gone["breaches"][0]["rule"] == "not-erased"


def test_an_erased_reporter_is_not_found_by_the_code(desk: Desk) -> None:
    id, code = desk.assigned()
    sha256 = desk.get(f"/reports/{id}", "intake")["files"][0]["sha256"]
    assert desk.bureau.services.files.has(sha256)
    desk.step(id, "malicious", "head", kind="forging", to="公安")
    desk.step(id, "erased", "custodian", ground="request", reason="本人申请")
    desk.mine(code, status=404)
    assert not desk.bureau.services.files.has(sha256)
    assert desk.get(f"/reports/{id}", "custodian")["erased"] is True

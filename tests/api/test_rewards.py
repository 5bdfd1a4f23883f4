"""The reward through the API: told, claimed with the code, paid against a voucher that leads back to nobody."""

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

from api.limits import Bucket
from tests.api.conftest import start, upgraded
from tests.api.test_reports import CANARY, FILING, Desk
from tests.unit.cases.given import event
from tests.unit.cases.steps import FILED, at

FINE = "2000000"
CASES = count(1)
ELIGIBLE = {
    "eligible": True,
    "natural_person": True,
    "excluded": [],
    "fields": ["safety"],
    "target_and_evidence": True,
    "unknown_before": True,
}


@pytest.fixture
def desk(tmp_path: Any) -> Iterator[Desk]:
    bureau = start(tmp_path)
    yield Desk(bureau)
    bureau.services.close()


@pytest.fixture(params=["file", "server"])
def either(request: pytest.FixtureRequest, tmp_path: Any) -> Iterator[Desk]:
    """A desk over SQLite, and one over PostgreSQL."""
    urls: dict[str, str] = {}
    if request.param == "server":
        url: str = request.getfixturevalue("postgres_url")
        urls = upgraded(url)
    bureau = start(tmp_path, **urls)
    yield Desk(bureau)
    bureau.services.close()


def ended_case(desk: Desk) -> str:
    """A case that ended in a fine of two million."""
    id = f"case-w{next(CASES)}"
    penalty = {"violation": "v1", "party": "p1", "fine": FINE, "gains": "0", "kinds": []}
    steps = (
        *FILED,
        at("case.penalty-decided", "2026-03-18", penalties=[penalty]),
        at("case.closed", "2026-03-19"),
    )
    made = [event(id, version, step) for version, step in enumerate(steps, 1)]
    desk.bureau.services.ledger.append([(id, made)])
    return id


def told(desk: Desk, amount: str = "100000.00") -> tuple[str, str]:
    """A report whose reporter may claim; its id and its code."""
    id, code = desk.assigned()
    case = ended_case(desk)
    reason = {} if amount == "100000.00" else {"reason": "酌定"}
    steps: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("verification-started", "handler", {"officers": ["wz-h1", "wz-h2"]}),
        ("filed", "head", {"case": case}),
        (
            "substantiated",
            "handler",
            {"case": case, "target": FILING["target"]["uscc"], "outcome": "penalty", "violation": "M-V01"},
        ),
        ("eligibility-checked", "head", ELIGIBLE),
        ("graded", "head", {"grade": "1", "matching": FINE}),
        ("amount-set", "head", {"standard": "100000.00", "amount": amount, **reason}),
        ("reward-told", "head", {"by": "code"}),
    )
    for topic, role, data in steps:
        desk.step(id, topic, role, **data)
    return id, code


def may(desk: Desk, code: str) -> set[str]:
    return {act["act"].removeprefix("report.") for act in desk.mine(code)["may"]}


def test_the_anonymous_reporter_is_paid_against_code_and_voucher(desk: Desk) -> None:
    id, code = told(desk)
    mine = desk.mine(code)
    assert (mine["state"], mine["reward"]) == ("TOLD", "100000.00")
    assert may(desk, code) >= {"reward-claimed", "review-requested", "reward-waived"}
    claimed = desk.mine(code, "/claims")
    assert claimed["amount"] == "100000.00"
    voucher = {"voucher": claimed["voucher"]}
    looked = desk.post("/vouchers/lookups", "finance", voucher)
    paid = desk.post("/vouchers/payments", "finance", voucher)
    assert (looked, paid) == (
        {"amount": "100000.00", "paid": False},
        {"amount": "100000.00", "paid": True},
    )
    desk.post("/vouchers/payments", "finance", voucher, status=404)
    assert desk.mine(code)["state"] == "PAID"
    desk.bureau.caught_up()
    assert [(r["id"], r["state"], r["amount"]) for r in desk.get("/rewards", "head")["items"]] == [
        (id, "PAID", "100000.00")
    ]
    assert CANARY not in str(desk.get(f"/reports/{id}/events", "auditor"))


def test_a_merged_reporter_is_paid_with_a_code_of_its_own(either: Desk) -> None:
    """The first of two came in before the one that goes on: the reward is theirs, and the other code learns nothing."""
    desk = either
    entered = desk.post(
        "/reports/entries", "intake", {**FILING, "channel": "letter", "occurred": "2026-03-12"}
    )
    first, own = entered["id"], entered["code"]
    desk.newest()
    leading, other = desk.assigned()
    desk.step(first, "merged", "intake", into=leading)
    mine = desk.mine(own)
    assert (mine["state"], mine["merged"], leading in str(mine)) == ("MERGED", True, False)
    assert desk.mine(other)["merged"] is False
    refused = desk.step(first, "eligibility-checked", "head", 409, **ELIGIBLE)
    assert f"{leading} (ASSIGNED)" in refused["breaches"][0]["message"]
    case = ended_case(desk)
    desk.step(leading, "verification-started", "handler", officers=["wz-h1", "wz-h2"])
    desk.step(leading, "filed", "head", case=case)
    proven = {"case": case, "target": FILING["target"]["uscc"], "outcome": "penalty"}
    desk.step(leading, "substantiated", "handler", **proven)
    assert desk.get(f"/reports/{first}", "head")["lead"] == leading
    desk.step(leading, "eligibility-checked", "head", 409, **ELIGIBLE)
    desk.step(first, "eligibility-checked", "head", **ELIGIBLE)
    desk.step(first, "graded", "head", grade="1", matching=FINE)
    desk.step(first, "amount-set", "head", standard="100000.00", amount="100000.00")
    desk.step(first, "reward-told", "head", by="code")
    desk.bureau.caught_up()
    assert desk.get(f"/reports/{first}/reward-shares", "head")["amount"] == "100000.00"
    assert (desk.mine(own)["state"], desk.mine(own)["reward"]) == ("TOLD", "100000.00")
    assert desk.mine(other)["reward"] is None
    page = desk.bureau.client.post("/report/mine?lang=en", data={"code": own, "act": "look"}).get_data(
        as_text=True
    )
    assert "handled together with another report" in page
    desk.mine(other, "/claims", status=409)
    voucher = {"voucher": desk.mine(own, "/claims")["voucher"]}
    assert desk.post("/vouchers/payments", "finance", voucher)["paid"] is True
    assert (desk.mine(own)["state"], desk.mine(other)["state"]) == ("PAID", "SUBSTANTIATED")


def test_a_reporter_objects_and_then_waives_with_the_code(desk: Desk) -> None:
    id, code = told(desk, amount="50000.00")
    desk.mine(code, "/reviews", {"reasons": "金额过低"})
    assert (desk.mine(code)["state"], may(desk, code) & {"reward-claimed"}) == ("REVIEW_REQUESTED", set())
    desk.step(id, "review-decided", "head", upheld=False, reason="金额适当")
    desk.step(id, "reward-told", "head", by="code")
    desk.mine(code, "/waivers")
    assert desk.mine(code)["state"] == "WAIVED"
    refused = desk.mine(code, "/claims", status=409)
    assert refused["breaches"][0]["rule"] == "procedure"


def test_a_reward_is_claimed_at_the_counter_by_proxy(desk: Desk) -> None:
    id, code = told(desk)
    claimed = desk.post(f"/reports/{id}/claims", "intake", {"by": "proxy"})
    desk.post(f"/reports/{id}/claims", "handler", {"by": "proxy"}, status=403)
    desk.post(f"/reports/{id}/claims", "intake", {"by": "code"}, status=422)
    assert desk.post("/vouchers/payments", "finance", {"voucher": claimed["voucher"]})["paid"] is True
    assert desk.mine(code)["state"] == "PAID"


def test_vouchers_and_codes_are_tried_from_one_bucket(desk: Desk) -> None:
    bucket = Bucket(2, 0.5, lambda: 0.0)
    object.__setattr__(desk.bureau.services, "codes", bucket)
    desk.mine("1" * 25, status=404)
    desk.post("/vouchers/lookups", "finance", {"voucher": "1" * 25}, status=404)
    for path in ("/vouchers/lookups", "/vouchers/payments"):
        desk.post(path, "finance", {"voucher": "1" * 25}, status=429)
    desk.mine("1" * 25, status=429)


def test_codes_are_tried_on_no_route_beside_the_bucket(desk: Desk) -> None:
    """With the right code and an empty bucket: every route under `mine`, the forms, and filing itself."""
    code = desk.file()["code"]
    bucket = Bucket(0, 0.5, lambda: 0.0)
    for name in ("codes", "filings"):
        object.__setattr__(desk.bureau.services, name, bucket)
    bodies = {"messages": {"text": "x"}, "evidence": {"text": "x"}, "reviews": {"reasons": "x"}}
    client, headers, tried = desk.bureau.client, {"Report-Code": code}, 0
    for rule in desk.bureau.app.url_map.iter_rules():
        if rule.rule.startswith("/reports/mine"):
            method = "POST" if "POST" in (rule.methods or ()) else "GET"
            body = bodies.get(rule.rule.rpartition("/")[2])
            answer = client.open(rule.rule, method=method, json=body, headers=headers)
            assert answer.status_code == 429, (rule.rule, answer.get_data(as_text=True))
            tried += 1
    assert tried == 8
    for act in ("look", "read", "add", "claim"):
        assert client.post("/report/mine", data={"code": code, "act": act, "text": "x"}).status_code == 429
    assert client.post("/report", data={"text": "x", "matter": "metrology"}).status_code == 429
    assert client.post("/reports", json=FILING).status_code == 429

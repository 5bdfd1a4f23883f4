"""Credit through the API: scores for officers and the business itself, procedures, lists in public, the clock."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from werkzeug.test import TestResponse

from api import clockwork
from enforcement.credit.policy import Policy
from enforcement.credit.rating import lines_digest
from enforcement.events import Event, Who, known
from enforcement.forms import load
from tests.api.conftest import Bureau, enrol, start
from tests.store.creditside import policy

USCC, OTHER = "91330302MA2AAAAA0J", "91330300MA2BBBBB37"
DAY = "2026-05-20"
NOW = datetime(2026, 5, 20, 2, 0, tzinfo=UTC)
PENALTY = {"violation": "v1", "party": "p1", "fine": "20000", "rung": "ordinary", "cite": "法 26"}
CLUE = {
    "source": "inspection",
    "region": "330302",
    "unit": "鹿城计量科",
    "summary": "计价秤",
    "parties": [{"id": "p1", "kind": "organisation", "uscc": USCC, "name": "某店"}],
    "violations": [{"id": "v1", "code": "M-V01", "party": "p1"}],
}
SYSTEM = Who("wz-sys", "bureau_system", "rate-1")


class City(Bureau):
    """A bureau with a policy, a business, and its published penalty of February."""

    moment: list[datetime]
    case: str

    def append(self, id: str, *history: tuple[str, str, dict[str, Any]]) -> str:
        events: list[Event] = []
        for version, (topic, on, data) in enumerate(history, 1):
            cls: Any = known(topic)
            who = Who("wz-lc-001", "handler", f"{id}-{version}")
            events.append(cls.new(id, version, who, "2026-02-10T02:00:00.000000Z", on, load(cls, data), USCC))
        self.services.ledger.append([(id, events)])
        return id

    def settled(self) -> None:
        assert self.services.follower.wait_for(self.services.ledger.head(), 60, "credit")

    def own(self, path: str, uscc: str = USCC) -> TestResponse:
        """What the business itself is answered."""
        token = self.token("business", actor=uscc)
        return self.client.get(path, headers={"Authorization": f"Bearer {token}"})

    def public(self, path: str) -> list[dict[str, Any]]:
        answer = self.client.get(path)
        assert answer.status_code == 200, answer.json
        items: list[dict[str, Any]] = answer.json["items"]
        return items

    def score(self, **query: str) -> dict[str, Any]:
        asked = "&".join(f"{name}={value}" for name, value in query.items())
        answer = self.get(f"/entities/{USCC}/credit?{asked}")
        assert answer.status_code == 200, answer.json
        found: dict[str, Any] = answer.json
        return found

    def rate(self) -> dict[str, int]:
        self.settled()
        found = clockwork.rate(self.services, SYSTEM).dump()
        self.settled()
        return found


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    moment = [NOW]
    made = start(tmp_path, lambda: moment[0])
    city = City(made.app, made.services, made.client)
    city.moment = moment
    enrol(city)
    ledger = city.services.ledger
    ledger.adopt_policy(
        Who("wz-lc-001", "head", "policy"), "2026-05-19", policy(valid_from="2026-05-19").text
    )
    facts = {"uscc": USCC, "name": "某店", "kind": "company", "region": "330302", "sector": "零售"}
    ledger.register_entity(Who("wz-sys", "bureau_system", "e1"), "2026-01-05", facts)
    city.case = city.append(
        "case-a",
        ("case.clue-registered", "2026-01-05", CLUE),
        ("case.penalty-decided", "2026-04-10", {"penalties": [PENALTY], "approved_by": "wz-lc-003"}),
        ("case.published", "2026-02-12", {"where": "公示系统"}),
    )
    city.settled()
    yield city
    made.services.close()


def applied(city: City, role: str = "handler", **data: Any) -> TestResponse:
    papers = ["application", "entity_document", "commitment", "proof"]
    given = {"uscc": USCC, "region": "330302", "target": "penalty", "record": city.case, "papers": papers}
    return city.post("/repairs", {"occurred": DAY, "data": given | data}, role)


def step(city: City, path: str, topic: str, on: str = DAY, **data: Any) -> TestResponse:
    return city.post(f"{path}/events", {"type": topic, "occurred": on, "data": data}, "handler", "head")


def objection(city: City) -> str:
    data = {
        "uscc": USCC,
        "region": "330302",
        "about": "credit",
        "events": [f"{city.case}/2"],
        "reason": "已改正",
    }
    answer = city.post("/objections", {"occurred": DAY, "data": data}, "intake")
    assert answer.status_code == 201, answer.json
    city.settled()
    return str(answer.json["id"])


# -- scores ----------------------------------------------------------------------------------------------------


def test_score_names_every_line_with_its_event(city: City) -> None:
    found = city.score()
    assert (found["total"], found["class"], found["next_change"]) == ("75", "B", "2026-07-10")
    assert [(line["event"], line["clause"], line["points"]) for line in found["lines"]] == [
        ("case-a/2", "large", "-25")
    ]
    assert (found["contested"], found["recorded_class"]) == ([], None)


def test_score_of_another_day_position_and_policy(city: City) -> None:
    assert city.score(as_of="2026-07-10")["total"] == "100"
    head = city.services.ledger.head()
    assert city.score(known_at=str(head - 2))["total"] == "100"
    assert city.score(known_at="2026-05-20")["known_at"] == head
    assert city.get(f"/entities/{USCC}/credit?known_at=2026-05-20T01:59:59Z").status_code == 404
    assert city.score(policy="test-2026", as_of="2026-05-01")["total"] == "75"


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("as_of=2026-05-18", 404),
        ("policy=none", 404),
        ("as_of=May", 422),
        ("known_at=999999999", 422),
        ("known_at=yesterday", 422),
        ("of=2026-01-01", 422),
    ],
)
def test_question_that_has_no_answer_says_why(city: City, query: str, status: int) -> None:
    assert city.get(f"/entities/{USCC}/credit?{query}").status_code == status


def test_class_is_internal_and_the_business_sees_its_own(city: City) -> None:
    for path in ("credit", "credit/history", "credit/outlook"):
        address = f"/entities/{USCC}/{path}"
        assert city.client.get(address).status_code == 401
        assert city.own(address).status_code == 200
        assert city.own(address, OTHER).status_code == 404
        assert city.get(address, "handler", region="330303").status_code == 404
        assert city.get(address, "handler", region="330302").status_code == 200
    assert city.own("/credit/classes").status_code == 403
    assert city.own("/cases").status_code == 403


def test_business_token_is_for_a_code_and_for_nothing_else(city: City) -> None:
    for actor, roles in (("wz-lc-001", ["business"]), (USCC, ["business", "head"]), (USCC, ["head"])):
        token = city.token(*roles, actor=actor)
        answer = city.client.get(f"/entities/{USCC}/credit", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 401, roles


def test_business_of_which_nothing_is_known_is_not_found(city: City) -> None:
    assert city.get(f"/entities/{OTHER}/credit").status_code == 404


def test_outlook_tells_what_changes_when_and_what_can_be_repaired(city: City) -> None:
    found = city.own(f"/entities/{USCC}/credit/outlook").json
    assert [(c["on"], c["total"], c["class"]) for c in found["changes"]] == [("2026-07-10", "100", "A")]
    assert found["changes"][0]["lines"] == [
        {"clause": "large", "event": "case-a/2", "points": None, "points_before": "-25"}
    ]
    assert [(r["id"], r["from"], r["until"]) for r in found["repairable"]] == [
        ("case-a", "2026-05-13", "2027-02-12")
    ]


def book(city: City) -> list[str]:
    """Three businesses – penalised, contested, never noticed – with their classes recorded."""
    usccs = [USCC, OTHER, "91330304MA2CCCCC00"]
    ledger = city.services.ledger
    for n, uscc in enumerate(usccs[1:], 2):
        facts = {"uscc": uscc, "name": "某店", "kind": "company", "region": "330303", "sector": "餐饮"}
        ledger.register_entity(Who("wz-sys", "bureau_system", f"e{n}"), "2026-01-05", facts)
    parties = [{"id": "p1", "kind": "organisation", "uscc": OTHER}]
    penalty = {"penalties": [PENALTY | {"fine": "500"}], "approved_by": "wz-lc-003"}
    city.append(
        "case-o",
        ("case.clue-registered", "2026-01-05", CLUE | {"parties": parties}),
        ("case.penalty-decided", "2026-05-19", penalty),
    )
    objection(city)
    city.rate()
    return usccs


def test_policy_adopted_for_tomorrow_changes_no_answer_about_any_day_up_to_today(city: City) -> None:
    """Every business, every day from the first policy to today, histories and counts; as known before and as known now.

    What is asked as known now also says what it knows, and that the score will change tomorrow; that alone is new.
    """
    usccs, known = book(city), city.services.ledger.head()
    pinned = [
        f"/entities/{uscc}/credit?known_at={known}{as_of}"
        for uscc in usccs
        for as_of in ("", f"&as_of={DAY}", "&as_of=2026-05-19")
    ]
    pinned += [f"/entities/{uscc}/credit/outlook?known_at={known}" for uscc in usccs]
    open_ = [f"/entities/{uscc}/credit/history" for uscc in usccs]
    open_ += [
        "/credit/classes",
        "/credit/classes?on=2026-05-19",
        "/credit/migration?from=2026-05-18&to=2026-05-20",
    ]
    now = [f"/entities/{uscc}/credit?as_of={day}" for uscc in usccs for day in (DAY, "2026-05-19")]

    def bytes_of(addresses: list[str]) -> list[bytes]:
        answers = [city.get(address) for address in addresses]
        assert [answer.status_code for answer in answers] == [200] * len(addresses)
        return [answer.data for answer in answers]

    def known_now() -> list[dict[str, Any]]:
        new = ("known_at", "next_change")
        found = [orjson.loads(answer) for answer in bytes_of(now)]
        return [{name: value for name, value in each.items() if name not in new} for each in found]

    before, then = bytes_of(pinned + open_), known_now()
    assert {each["total"] for each in then} == {"100", "90", "75"}
    tomorrow = policy(id="stricter", valid_from="2026-05-21", base="50")
    city.services.ledger.adopt_policy(Who("wz-lc-001", "head", "p2"), DAY, tomorrow.text)
    city.settled()
    assert bytes_of(pinned + open_) == before
    assert known_now() == then
    assert city.rate()["changed"] == 0
    assert bytes_of(pinned + open_) == before
    assert {city.score(as_of="2026-05-21")["policy"]} == {"stricter"}


def test_policy_adopted_for_tomorrow_changes_no_byte_of_today(city: City) -> None:
    address = f"/entities/{USCC}/credit?known_at={city.services.ledger.head()}"
    before = city.get(address).data
    tomorrow = policy(id="stricter", valid_from="2026-05-21", base="50")
    city.services.ledger.adopt_policy(Who("wz-lc-001", "head", "p2"), "2026-05-20", tomorrow.text)
    city.settled()
    assert city.get(address).data == before
    today, next_day = city.score(), city.score(as_of="2026-05-21")
    assert (today["total"], today["next_change"]) == ("75", "2026-05-21")
    assert (next_day["total"], next_day["policy"]) == ("25", "stricter")


# -- rating ----------------------------------------------------------------------------------------------------


def test_rating_run_records_changes_only_and_each_once(city: City) -> None:
    assert city.rate() == {"rated": 1, "changed": 1, "held": 0}
    assert city.rate() == {"rated": 1, "changed": 0, "held": 0}
    assert city.score()["recorded_class"] == "B"
    city.moment[0] = datetime(2026, 7, 10, 2, 0, tzinfo=UTC)
    assert city.rate()["changed"] == 1
    items = city.get(f"/entities/{USCC}/credit/history").json["items"]
    assert [(i["from_class"], i["to_class"], i["as_of"]) for i in items] == [
        ("B", "A", "2026-07-10"),
        (None, "B", "2026-05-20"),
    ]


def test_recorded_class_can_be_recomputed_from_what_the_event_says(city: City) -> None:
    city.rate()
    item = city.get(f"/entities/{USCC}/credit/history").json["items"][0]
    query = {"as_of": item["as_of"], "known_at": str(item["looked_at"]), "policy": item["policy"]}
    again = city.score(**query)
    assert (again["total"], again["class"]) == (item["total"], item["to_class"])
    assert lines_digest(again["lines"]) == item["lines_digest"]


def test_run_that_crashed_half_way_records_the_rest(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, uscc in enumerate((OTHER, "91330304MA2CCCCC00")):
        facts = {"uscc": uscc, "name": "某店", "kind": "company", "region": "330302"}
        city.services.ledger.register_entity(SYSTEM._replace(correlation=f"e{number}x"), "2026-01-05", facts)
    city.settled()
    monkeypatch.setattr(clockwork, "PIECE", 1)
    rate = city.services.ledger.rate
    calls: list[Any] = []

    def crashing(*args: Any, **kwargs: Any) -> Any:
        calls.append(args)
        if len(calls) == 2:
            raise RuntimeError("killed")
        return rate(*args, **kwargs)

    monkeypatch.setattr(type(city.services.ledger), "rate", lambda self, *a, **k: crashing(*a, **k))
    with pytest.raises(RuntimeError):
        clockwork.rate(city.services, SYSTEM)
    assert clockwork.rate(city.services, SYSTEM._replace(correlation="again")).changed == 2
    assert city.rate()["changed"] == 0


def test_business_that_left_the_register_loses_its_class(city: City) -> None:
    city.rate()
    who = SYSTEM._replace(correlation="gone")
    city.services.ledger.change_entity(who, USCC, "2026-05-20", {"status": "moved_out"})
    assert city.rate()["changed"] == 1
    assert city.rate()["changed"] == 0
    assert city.score()["recorded_class"] is None


def test_no_command_sets_a_class(city: City) -> None:
    for path in ("/lists/entries", "/repairs", "/objections"):
        body = {"type": "credit.class-changed", "occurred": DAY, "data": {}}
        assert city.post(path, body, "head", "bureau_system").status_code == 422
    assert city.post(f"/entities/{USCC}/credit", {}, "head").status_code == 405


# -- objections ------------------------------------------------------------------------------------------------


def test_running_objection_holds_the_class_and_shows_the_score_without(city: City) -> None:
    city.rate()
    id = objection(city)
    found = city.score()
    assert (found["total"], found["contested"]) == ("75", ["case-a/2"])
    assert (found["without_contested"]["total"], found["without_contested"]["class"]) == ("100", "A")
    city.moment[0] = datetime(2026, 7, 10, 2, 0, tzinfo=UTC)
    assert city.rate() == {"rated": 1, "changed": 0, "held": 1}
    step(city, f"/objections/{id}", "objection.accepted", "2026-07-10")
    decided = {"outcome": "rejected", "reason": "属实", "approved_by": "wz-lc-003"}
    assert step(city, f"/objections/{id}", "objection.decided", "2026-07-10", **decided).status_code == 201
    assert city.rate() == {"rated": 1, "changed": 1, "held": 0}


def test_upheld_objection_takes_its_lines_away(city: City) -> None:
    id = objection(city)
    step(city, f"/objections/{id}", "objection.accepted")
    decided = {
        "outcome": "upheld",
        "set_aside": ["case-a/2"],
        "reason": "记录有误",
        "approved_by": "wz-lc-003",
    }
    assert step(city, f"/objections/{id}", "objection.decided", **decided).status_code == 201
    city.settled()
    found = city.score()
    assert (found["total"], found["lines"], found["contested"]) == ("100", [], [])
    shown = city.own(f"/objections/{id}").json
    assert (shown["state"], shown["facts"]["outcome"]) == ("DECIDED", "upheld")


def test_business_objects_for_itself(city: City) -> None:
    token = city.token("business", actor=USCC)
    data = {"uscc": USCC, "region": "330302", "about": "credit", "events": ["case-a/2"], "reason": "已改正"}
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "o-1"}
    first = city.client.post("/objections", json={"occurred": DAY, "data": data}, headers=headers)
    again = city.client.post("/objections", json={"occurred": DAY, "data": data}, headers=headers)
    assert (first.status_code, again.json) == (201, first.json)
    stranger = {"occurred": DAY, "data": data | {"uscc": OTHER}}
    headers["Idempotency-Key"] = "o-2"
    assert city.client.post("/objections", json=stranger, headers=headers).status_code == 404
    city.settled()
    assert [i["id"] for i in city.own("/objections").json["items"]] == [first.json["id"]]
    assert city.own("/objections", OTHER).json["items"] == []
    assert city.own(f"/objections/{first.json['id']}", OTHER).status_code == 404


# -- repair and lists ------------------------------------------------------------------------------------------


def test_repair_through_the_api_ends_the_publicity(city: City) -> None:
    assert [r["id"] for r in city.public("/lists/penalties")] == ["case-a"]
    id = applied(city).json["id"]
    for topic, data in (
        ("repair.accepted", {}),
        (
            "repair.verified",
            {
                "officers": ["wz-lc-001", "wz-lc-002"],
                "performed": True,
                "corrected": True,
                "harm_removed": True,
                "repeated": False,
            },
        ),
        ("repair.granted", {"approved_by": "wz-lc-003"}),
        ("repair.stopped", {}),
    ):
        assert step(city, f"/repairs/{id}", topic, **data).status_code == 201, topic
    city.settled()
    assert city.public("/lists/penalties") == []
    shown = city.get(f"/repairs/{id}").json
    assert (shown["state"], [s["type"] for s in shown["steps"]][-1]) == ("STOPPED", "repair.stopped")
    assert {d["rule"]: d["state"] for d in shown["deadlines"]} == {
        "DL-REPAIR-ACCEPT": "met",
        "DL-REPAIR-DECIDE": "met",
        "DL-REPAIR-DATA": "met",
    }


def test_periods_of_a_repair_stand_on_the_deadline_board_until_it_is_done(city: City) -> None:
    id = applied(city).json["id"]
    assert city.services.follower.wait_for(city.services.ledger.head(), 60, "cases")
    names = ("about", "case", "rule", "article", "due", "state", "days_left")
    found = city.get("/deadlines?kind=repair").json["items"]
    assert [[row[name] for name in names] for row in found] == [
        [id, None, "DL-REPAIR-ACCEPT", "Order 107 art 14", "2026-05-22", "running", 2]
    ]
    city.moment[0] = datetime(2026, 5, 22, 16, 0, tzinfo=UTC)
    late = city.get("/deadlines?kind=repair&overdue=true").json["items"]
    assert [(row["about"], row["days_left"]) for row in late] == [(id, -1)]
    assert step(city, f"/repairs/{id}", "repair.accepted", on="2026-05-23").status_code == 201
    assert city.services.follower.wait_for(city.services.ledger.head(), 60, "cases")
    assert [row["rule"] for row in city.get("/deadlines?kind=repair").json["items"]] == ["DL-REPAIR-DECIDE"]


def test_refusal_names_rule_article_and_first_day(city: City) -> None:
    late = city.append(
        "case-b",
        ("case.clue-registered", "2026-01-05", CLUE),
        ("case.penalty-decided", "2026-04-10", {"penalties": [PENALTY], "approved_by": "wz-lc-003"}),
        ("case.published", "2026-05-12", {"where": "公示系统"}),
    )
    answer = applied(city, record=late)
    assert answer.status_code == 409
    assert [(b["rule"], b["article"], b["earliest"]) for b in answer.json["breaches"]] == [
        ("too-early", "Order 107 art 8", "2026-08-13")
    ]


def test_shielded_record_is_out_of_sight_until_the_shield_is_lifted(city: City) -> None:
    id = applied(city, ground="reorganisation", papers=["court_order"]).json["id"]
    step(city, f"/repairs/{id}", "repair.shielded", approved_by="wz-lc-003")
    city.settled()
    assert city.public("/lists/penalties") == []
    lifted = {"reason": "重整失败", "approved_by": "wz-lc-003"}
    assert step(city, f"/repairs/{id}", "repair.shield-lifted", **lifted).status_code == 201
    city.settled()
    assert len(city.public("/lists/penalties")) == 1


def test_public_list_tells_coded_facts_and_no_name(city: City) -> None:
    record = city.public(f"/lists/penalties?uscc={USCC}")[0]
    assert (record["class"], record["published"], record["until"]) == ("general", "2026-02-12", "2027-02-12")
    assert record["told"]["imposed"] == [{"cite": "法 26", "fine": "20000"}]
    assert "某店" not in city.client.get("/lists/penalties").get_data(as_text=True)
    assert city.public(f"/lists/penalties?uscc={OTHER}") == []
    assert len(city.public("/lists/penalties?region=330302")) == 1
    assert city.public("/lists/penalties?region=330303") == []


def test_record_is_public_on_its_last_day_and_not_the_day_after(city: City) -> None:
    city.moment[0] = datetime(2027, 2, 12, 2, 0, tzinfo=UTC)
    assert len(city.public("/lists/penalties")) == 1
    city.moment[0] = datetime(2027, 2, 12, 16, 0, tzinfo=UTC)
    assert city.public("/lists/penalties") == []


def test_nothing_of_a_deregistered_business_is_public(city: City) -> None:
    who = SYSTEM._replace(correlation="gone")
    city.services.ledger.change_entity(who, USCC, "2026-05-20", {"status": "deregistered"})
    city.settled()
    assert city.public("/lists/penalties") == []


def entry(city: City) -> str:
    data = {
        "uscc": USCC,
        "region": "330302",
        "list": "abnormal",
        "abnormal": "unreachable",
        "since": "2026-05-11",
        "reasons": "通过登记的住所无法联系",
        "approved_by": "wz-lc-003",
    }
    answer = city.post("/lists/entries", {"occurred": DAY, "data": data}, "handler")
    assert answer.status_code == 201, answer.json
    return str(answer.json["id"])


def test_entry_is_public_from_its_publication(city: City) -> None:
    id = entry(city)
    city.settled()
    assert city.public("/lists/abnormal") == []
    assert step(city, f"/lists/entries/{id}", "listing.published", where="公示系统").status_code == 201
    city.settled()
    assert [(r["id"], r["told"]["ground"]) for r in city.public("/lists/abnormal")] == [(id, "unreachable")]
    assert city.public("/lists/serious") == []
    assert city.get("/lists/entries?open=true").json["items"][0]["state"] == "PUBLISHED"
    assert city.get("/lists/entries?state=DECIDED").json["items"] == []
    assert city.get("/lists/entries", "handler", region="330303").json["items"] == []
    assert city.get(f"/lists/entries/{id}", "handler", region="330303").status_code == 404


def test_officer_of_another_district_cannot_step_in(city: City) -> None:
    id = entry(city)
    body = {"type": "listing.published", "occurred": DAY, "data": {"where": "公示系统"}}
    answer = city.post(f"/lists/entries/{id}/events", body, "handler", region="330303")
    assert answer.status_code == 404


def test_false_papers_are_public_for_three_years(city: City) -> None:
    id = applied(city).json["id"]
    step(city, f"/repairs/{id}", "repair.accepted")
    refused = {"reason": "虚假材料", "cheating": True, "approved_by": "wz-lc-003"}
    assert step(city, f"/repairs/{id}", "repair.refused", **refused).status_code == 201
    city.settled()
    ban = city.public("/lists/repair-bans")[0]
    assert (ban["uscc"], ban["until"], ban["told"]["decision"]) == (USCC, "2029-05-20", "refused")
    assert city.public("/lists/penalties")[0]["until"] == "2027-05-20"


# -- the clock -------------------------------------------------------------------------------------------------


def test_tick_ends_terms_that_have_run_out(city: City) -> None:
    assert clockwork.tick(city.services).ended == 0
    city.moment[0] = datetime(2027, 2, 12, 16, 0, tzinfo=UTC)
    assert clockwork.tick(city.services).ended == 1
    city.settled()
    assert clockwork.tick(city.services).ended == 0
    last = city.services.ledger.read(city.services.ledger.head() - 1, 1)[0]
    assert (last.topic, last.event and last.event.occurred) == ("case.publicity-ended", "2027-02-13")


def test_tick_ends_a_negative_check_result_after_three_months(city: City) -> None:
    """Public to its last day, out of sight the day after, and then ended by an event of the system."""
    assigned = {
        "item": "jl-jmsc-01",
        "object": USCC,
        "entity": USCC,
        "region": "330302",
        "unit": "鹿城计量科",
    }
    assigned |= {"check_kind": "daily", "officers": ["wz-lc-001", "wz-lc-002"], "questions": []}
    entered = {"codes": ["5"], "followups": [{"code": "1"}], "entity": USCC}
    id = city.append(
        "inspection-a",
        ("inspection.assigned", "2026-03-02", assigned),
        ("inspection.results-entered", "2026-03-05", entered),
        ("inspection.audited", "2026-03-06", {"result": "passed"}),
        ("inspection.published", "2026-03-09", {}),
    )
    assert city.services.follower.wait_for(city.services.ledger.head(), 60, "checks")
    city.moment[0] = datetime(2026, 6, 9, 2, 0, tzinfo=UTC)
    assert [row["id"] for row in city.public("/checks/results")] == [id]
    assert clockwork.tick(city.services).ended == 0
    city.moment[0] = datetime(2026, 6, 9, 16, 0, tzinfo=UTC)
    assert city.public("/checks/results") == []
    assert clockwork.tick(city.services).ended == 1
    assert city.services.follower.wait_for(city.services.ledger.head(), 60, "checks")
    assert clockwork.tick(city.services).ended == 0
    assert city.get(f"/inspections/{id}").json["withdrawn"]["why"] == "term"


def with_veto(veto: dict[str, Any]) -> Policy:
    """The policy of the tests, and a veto beside its clauses."""
    clauses = orjson.loads(policy().text)["clauses"]
    return policy(id="with-veto", valid_from="2026-05-21", clauses=[*clauses, veto])


def test_veto_changes_the_class_at_once(city: City) -> None:
    city.rate()
    veto = {
        "id": "veto",
        "on": ["case.listed"],
        "when": {"field": "list", "op": "eq", "value": "serious"},
        "at_best": "D",
        "fade": {"kind": "none"},
        "ends": ["delisted"],
        "article": "Order 44 art 15",
        "text": {"en": "listed", "zh": "列入"},
        "marks": {"at_best": "ours"},
    }
    stricter = with_veto(veto)
    city.services.ledger.adopt_policy(Who("wz-lc-001", "head", "p2"), "2026-05-20", stricter.text)
    city.append(
        "case-l",
        ("case.clue-registered", "2026-01-05", CLUE),
        ("case.listed", "2026-05-20", {"list": "serious"}),
    )
    city.moment[0] = datetime(2026, 5, 21, 2, 0, tzinfo=UTC)
    city.settled()
    done = clockwork.tick(city.services)
    city.settled()
    assert (done.scored, done.changed) == (1, 1)
    assert city.score()["recorded_class"] == "D"


def test_tick_without_a_policy_still_ends_terms(tmp_path: Path) -> None:
    bureau = start(tmp_path, lambda: NOW)
    assert bureau.services.follower.wait_for(bureau.services.ledger.head(), 30, "credit")
    assert clockwork.tick(bureau.services).dump() == {"scored": 0, "changed": 0, "ended": 0}
    bureau.services.close()


def test_clock_goes_on_behind_any_trouble(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    ticks: list[Any] = []
    went_on = threading.Event()

    def failing(services: Any) -> None:
        ticks.append(services)
        if len(ticks) == 1:
            raise RuntimeError("the database is away")
        went_on.set()

    monkeypatch.setattr(clockwork, "tick", failing)
    clock = clockwork.Clockwork(city.services, every=0.01)
    clock.start()
    assert went_on.wait(60)
    clock.stop()
    assert ticks[0] is city.services


# -- counts ----------------------------------------------------------------------------------------------------


def test_classes_are_counted_by_region_sector_and_month(city: City) -> None:
    city.rate()
    items = city.get("/credit/classes").json["items"]
    assert items == [{"on": DAY, "region": "330302", "sector": "零售", "class": "B", "count": 1}]
    months = city.get("/credit/classes?from=2026-04&to=2026-06").json["items"]
    assert [(i["on"], i["class"]) for i in months] == [("2026-05-31", "B"), ("2026-06-30", "B")]
    moved = city.get("/credit/migration?from=2026-05-01&to=2026-05-31").json["items"]
    assert moved == [{"from": None, "to": "B", "count": 1}]
    assert city.get("/credit/migration?from=2026-05-01").status_code == 422
    assert city.get("/credit/classes", "handler", region="330303").json["items"] == []

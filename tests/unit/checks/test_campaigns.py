"""Campaigns: drawn by chance that nobody chose, unchangeable between freeze and draw, carried out to the end."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from enforcement.canonical import jcs
from enforcement.checks.campaign_files import freeze_of
from enforcement.checks.frozen import plan_hash
from enforcement.checks.staffing import inspection_id
from enforcement.checks.steps import table
from enforcement.checks.verify_draw import verify
from enforcement.errors import DrawRefused, InvalidData, KeyReused, NotFound, NotPermitted, Refused
from tests.unit.checks.drawing import INSPECTORS, PARTIES, TEXT, Bureau, given_lists, inspectors, objects
from tests.unit.checks.given import STEPS

A, B = "330302/A/company", "330302/B/company"
NAMES = [f"o-{n:03d}" for n in range(12)]
LISTS = given_lists(objects(NAMES[:8], A) + objects(NAMES[8:], B))
RATIOS = {A: "1/4", B: "1/2"}


@pytest.fixture
def bureau(tmp_path: Path) -> Iterator[Bureau]:
    made = Bureau(tmp_path)
    yield made
    made.close()


def differences(bureau: Bureau, id: str) -> str | None:
    frozen = bureau.campaign(id).frozen
    assert frozen is not None
    return verify(jcs(bureau.transcript(id)), frozen["plan_hash"]).difference


def refused(bureau: Bureau, id: str, step: str, /, **data: Any) -> list[str]:
    """The rules that a step breaks; nothing is recorded."""
    head = bureau.ledger.head()
    with pytest.raises(Refused) as caught:
        bureau.record(id, step, **data)
    assert bureau.ledger.head() == head
    assert all(b.message.zh and b.article for b in caught.value.breaches)
    return [breach.rule for breach in caught.value.breaches]


def staffed(bureau: Bureau) -> str:
    id = bureau.drawn(LISTS, RATIOS)
    bureau.record(id, "staffed")
    return id


def test_draw_is_verified_by_the_one_file_verifier(bureau: Bureau) -> None:
    id = bureau.drawn(LISTS, RATIOS)
    found = bureau.transcript(id)
    assert differences(bureau, id) is None
    assert (len(found["drawn"]), found["public_text"], found["failed"]) == (4, TEXT, None)
    assert [event["type"] for event in found["ledger"]] == [
        "campaign.planned",
        "campaign.frozen",
        "campaign.revealed",
        "campaign.revealed",
        "campaign.public-number-taken",
        "campaign.drawn",
    ]
    positions = [event["position"] for event in found["ledger"]]
    assert positions == [p for _, p in bureau.ledger.recorder.positions(id)]


def test_plan_hash_of_the_event_is_that_of_the_public_freeze(bureau: Bureau) -> None:
    id = bureau.plan()
    bureau.freeze(id, LISTS, RATIOS)
    it = bureau.campaign(id)
    assert it.frozen is not None
    assert plan_hash(freeze_of(bureau.files, it)).hex() == it.frozen["plan_hash"]
    assert (it.frozen["objects"], it.frozen["sample"], it.frozen["frozen_at"]) == (
        12,
        4,
        "2026-03-02T01:00:00Z",
    )


def test_nothing_changes_between_freeze_and_draw_and_everyone_is_told_why(bureau: Bureau) -> None:
    id = bureau.plan()
    bureau.record(id, "changed", team=3, reason="加强力量")
    bureau.freeze(id, LISTS, RATIOS)
    frozen = bureau.campaign(id).frozen
    assert frozen is not None
    for name, data in {
        "changed": {"team": 2, "reason": "?"},
        "staffed": {},
        "recused": {"object": "o-001", "out": "wz-h1", "reason": "?"},
        "closed": {},
    }.items():
        assert refused(bureau, id, name, **data) == ["frozen"], name
    with pytest.raises(Refused, match=frozen["plan_hash"]) as caught:
        bureau.freeze(id, LISTS, RATIOS)
    assert frozen["frozen_at"] in caught.value.breaches[0].message.zh
    for party in PARTIES:
        bureau.reveal(id, party)
    assert refused(bureau, id, "changed", team=2, reason="?") == ["frozen"]


def test_plan_is_free_until_it_is_frozen(bureau: Bureau) -> None:
    id = bureau.plan()
    bureau.record(id, "changed", team=3, end="2026-04-30", reason="延长")
    assert (bureau.campaign(id).facts["team"], bureau.campaign(id).facts["end"]) == (3, "2026-04-30")
    assert refused(bureau, id, "changed", team=1, reason="?") == ["two-officers"]
    assert refused(bureau, id, "changed", end="2026-03-01", reason="?") == ["days"]
    with pytest.raises(Refused, match="two inspectors"):
        bureau.plan(team=1)


@pytest.mark.parametrize("value", [1.5, None, {"a": 1}, [[1]], 2**70])
def test_filter_that_no_freeze_would_take_is_refused_at_once(bureau: Bureau, value: Any) -> None:
    with pytest.raises(DrawRefused if value != 2**70 else InvalidData):
        bureau.plan(filter={"kinds": value})
    id = bureau.plan(filter={"kinds": ["company"], "size": 3})
    head = bureau.ledger.head()
    with pytest.raises(DrawRefused if value != 2**70 else InvalidData):
        bureau.record(id, "changed", filter={"kinds": value}, reason="?")
    assert bureau.ledger.head() == head


def test_frozen_lists_follow_the_rules_of_the_draw(bureau: Bureau) -> None:
    id = bureau.plan()
    with pytest.raises(DrawRefused, match="could never be inspected"):
        bureau.freeze(id, given_lists(objects(NAMES), inspectors(["wz-h1"])), {A: "1/2"})
    with pytest.raises(DrawRefused, match="the strata have 8 objects together"):
        bureau.freeze(id, LISTS, {A: "1/2"})
    assert bureau.campaign(id).state == "PLANNED"


def test_repeated_freeze_meets_the_first_one_however_late(bureau: Bureau) -> None:
    """Its time is the ledger's, so a repeat is told by the rest of it."""
    id = bureau.plan()
    freeze = {"ratios": RATIOS, "entropy": bureau.entropy(id), "excluded": []}
    who = bureau.who(key="freeze-once")
    first = bureau.ledger.freeze_campaign(who, id, freeze, LISTS, bureau.files)
    frozen = bureau.campaign(id).frozen
    for step in (lambda: bureau.later(minutes=5), lambda: bureau.reveal(id, PARTIES[0])):
        step()
        again = bureau.ledger.freeze_campaign(who, id, freeze, LISTS, bureau.files)
        assert again == first._replace(replayed=True)
    assert bureau.campaign(id).frozen == frozen
    other = given_lists(objects(NAMES[:7], A) + objects(NAMES[8:], B))
    with pytest.raises(KeyReused):
        bureau.ledger.freeze_campaign(who, id, freeze, other, bureau.files)


def test_reveal_is_what_was_committed_to_once_and_in_time(bureau: Bureau) -> None:
    id = bureau.plan()
    bureau.freeze(id, LISTS, RATIOS)
    name = PARTIES[0]
    assert refused(bureau, id, "revealed", role="auditor", name=name, nonce="00" * 32) == ["commitment"]
    assert refused(bureau, id, "revealed", role="auditor", name="旁人", nonce="00" * 32) == ["commitment"]
    bureau.reveal(id, name)
    nonce = bureau.nonce(id, name).hex()
    assert refused(bureau, id, "revealed", role="auditor", name=name, nonce=nonce) == ["revealed"]
    assert refused(bureau, id, "drawn") == ["wrong-state"]
    bureau.later(hours=2, seconds=1)
    nonce = bureau.nonce(id, PARTIES[1]).hex()
    assert refused(bureau, id, "revealed", role="auditor", name=PARTIES[1], nonce=nonce) == ["reveal-by"]


def test_last_second_of_the_time_to_reveal_is_in_time(bureau: Bureau) -> None:
    id = bureau.plan()
    bureau.freeze(id, LISTS, RATIOS)
    bureau.later(hours=2)
    bureau.reveal(id, PARTIES[0])
    assert refused(bureau, id, "voided", why="not_revealed", reason="?") == ["void"]


def test_public_number_waits_for_its_time_and_keeps_its_form(bureau: Bureau) -> None:
    id = bureau.plan()
    bureau.freeze(id, LISTS, RATIOS)
    for party in PARTIES:
        bureau.reveal(id, party)
    assert refused(bureau, id, "drawn") == ["public-number"]
    assert refused(bureau, id, "public-number-taken", text=TEXT) == ["public-number"]
    bureau.later(hours=6)
    for text in ("3,245.67", "3245.67\n", "3245.6"):
        assert refused(bureau, id, "public-number-taken", text=text) == ["public-number"]
    bureau.record(id, "public-number-taken", text=TEXT)
    assert refused(bureau, id, "public-number-taken", text="3245.68") == ["public-number"]


def test_draw_without_public_number_needs_none(bureau: Bureau) -> None:
    id = bureau.drawn(LISTS, RATIOS, number=False)
    assert differences(bureau, id) is None
    assert bureau.campaign(id).public_text is None


def test_repeated_commands_answer_their_first_receipts(bureau: Bureau) -> None:
    id = bureau.plan()
    bureau.freeze(id, LISTS, RATIOS, number=False)
    for party in PARTIES:
        bureau.reveal(id, party)
    for name in ("drawn", "staffed"):
        first = bureau.record(id, name, key=f"{name}-once")
        assert bureau.record(id, name, key=f"{name}-once") == first._replace(replayed=True)


def test_second_draw_under_the_same_freeze_does_not_exist(bureau: Bureau) -> None:
    id = bureau.drawn(LISTS, RATIOS)
    assert refused(bureau, id, "drawn") == ["wrong-state"]
    assert refused(bureau, id, "voided", why="other", reason="结果不满意") == ["wrong-state"]


@pytest.mark.parametrize("why", ["other", "draw_failed", "public_number", "not_revealed"])
def test_frozen_campaign_is_not_voided_for_what_is_not_so(bureau: Bureau, why: str) -> None:
    id = bureau.plan()
    bureau.freeze(id, LISTS, RATIOS)
    assert refused(bureau, id, "voided", why=why, reason="?") == ["void"]


def test_voided_campaign_is_followed_by_one_that_names_it(bureau: Bureau) -> None:
    id = bureau.plan()
    bureau.freeze(id, LISTS, RATIOS)
    bureau.reveal(id, PARTIES[0])
    bureau.later(hours=3)
    bureau.record(id, "voided", why="not_revealed", reason="派驻纪检组未揭示")
    next_one = bureau.plan(replaces=id)
    assert (bureau.campaign(id).state, bureau.campaign(id).successor) == ("VOIDED", next_one)
    bureau.freeze(next_one, LISTS, RATIOS, number=False)
    assert freeze_of(bureau.files, bureau.campaign(next_one))["replaces"] == id
    with pytest.raises(Refused, match="is followed by"):
        bureau.plan(replaces=id)
    with pytest.raises(Refused, match="not a voided campaign"):
        bureau.plan(replaces=next_one)


def test_plan_is_voided_before_it_is_frozen_for_any_reason(bureau: Bureau) -> None:
    id = bureau.plan()
    assert refused(bureau, id, "voided", why="known_early", reason="?") == ["void"]
    bureau.record(id, "voided", why="other", reason="任务取消")
    assert bureau.campaign(id).state == "VOIDED"


def test_failed_draw_publishes_its_transcript_and_can_only_be_voided(bureau: Bureau) -> None:
    """Twelve objects, all drawn, need 24 places; six inspectors of three each give 18."""
    listed = given_lists(objects(NAMES), inspectors(cap=3))
    id = bureau.drawn(listed, {A: "1/1"})
    assert bureau.campaign(id).state == "DRAW_FAILED"
    found = bureau.transcript(id)
    assert (found["failed"]["needed"], found["failed"]["available"]) == (24, 18)
    assert found["assignments"] is None
    assert differences(bureau, id) is None
    assert refused(bureau, id, "staffed") == ["wrong-state"]
    bureau.record(id, "voided", why="draw_failed", reason="人员不足")
    assert bureau.plan(replaces=id)


def test_every_drawn_object_gets_its_inspection_and_team(bureau: Bureau) -> None:
    id = staffed(bureau)
    found = bureau.transcript(id)
    for number, team in enumerate(found["assignments"], 1):
        it = bureau.ledger.inspection(inspection_id(id, number, team["object"]))
        assert (it.officers, it.facts["object"], it.facts["order"]) == (
            team["inspectors"],
            team["object"],
            number,
        )
        assert (it.facts["random"], it.facts["campaign"], it.facts["item"]) == (True, id, "jl-jmsc-01")
        assert it.facts["grade"] == ("A" if team["object"] < "o-008" else "B")


def test_recusal_brings_in_whom_the_lot_names_and_changes_the_inspection(bureau: Bureau) -> None:
    id = staffed(bureau)
    first = bureau.transcript(id)["assignments"][0]
    out = first["inspectors"][0]
    receipt = bureau.record(id, "recused", object=first["object"], out=out, reason="近亲属")
    entry = bureau.transcript(id)["replacements"][0]
    assert (entry["out"], entry["position"], entry["reason"]) == (out, receipt.position, "近亲属")
    it = bureau.ledger.inspection(inspection_id(id, 1, first["object"]))
    assert it.officers == [first["inspectors"][1], entry["in"]]
    assert differences(bureau, id) is None


def test_nobody_says_who_comes_in(bureau: Bureau) -> None:
    id = staffed(bureau)
    object = bureau.transcript(id)["drawn"][0]["object"]
    data = {"object": object, "reason": "?"}
    with pytest.raises(InvalidData, match="the draw decides"):
        bureau.record(id, "recused", **data, out="wz-h1", into="wz-h2")
    with pytest.raises(DrawRefused):
        bureau.record(id, "recused", **data, out="wz-x")
    with pytest.raises(DrawRefused):
        bureau.record(id, "recused", **data | {"object": "o-999"}, out="wz-h1")


def test_who_stepped_out_does_not_come_back_and_the_place_may_stay_open(bureau: Bureau) -> None:
    id = staffed(bureau)
    object = bureau.transcript(id)["drawn"][0]["object"]
    gone: list[str] = []
    while True:
        it = bureau.ledger.inspection(inspection_id(id, 1, object))
        if len(it.officers) < 2:
            break
        gone.append(it.officers[0])
        bureau.record(id, "recused", object=object, out=it.officers[0], reason="回避")
    assert (it.state, len(gone), len(set(gone))) == ("RECUSED", 5, 5)
    assert differences(bureau, id) is None


def test_object_that_is_gone_is_followed_by_the_next_of_its_stratum(bureau: Bureau) -> None:
    id = staffed(bureau)
    before = bureau.transcript(id)
    gone = next(one for one in before["drawn"] if one["stratum"] == A)
    bureau.record(id, "substituted", object=gone["object"], why="closed", reason="已关闭停业")
    entry = bureau.transcript(id)["replacements"][0]
    assert entry["in"] == before["substitutes"][A][0]["object"]
    assert bureau.ledger.inspection(inspection_id(id, gone["order"], gone["object"])).state == "VOIDED"
    came = bureau.ledger.inspection(inspection_id(id, gone["order"], entry["in"]))
    assert (came.state, came.facts["order"], len(came.officers)) == ("INSPECTORS_MATCHED", gone["order"], 2)
    assert differences(bureau, id) is None


def test_substitution_whose_team_must_recuse_records_each_place(bureau: Bureau) -> None:
    """Whoever is drawn, all but two inspectors conflict with every substitute: their places change one by one."""
    able = INSPECTORS[:2]
    conflicts = sorted([name, object] for name in INSPECTORS[2:] for object in NAMES[8:])
    listed = given_lists(objects(NAMES[:8], A) + objects(NAMES[8:], B), None, conflicts)
    id = bureau.drawn(listed, {A: "0/1", B: "1/4"})
    bureau.record(id, "staffed")
    drawn = bureau.transcript(id)["drawn"][0]["object"]
    bureau.record(id, "substituted", object=drawn, why="moved", reason="迁出")
    found = bureau.transcript(id)
    it = bureau.ledger.inspection(inspection_id(id, 1, found["replacements"][0]["in"]))
    assert sorted(it.officers) == able
    assert differences(bureau, id) is None


def test_stratum_without_substitutes_leaves_the_number_empty(bureau: Bureau) -> None:
    id = bureau.drawn(given_lists(objects(NAMES[:2], A)), {A: "1/1"})
    bureau.record(id, "staffed")
    object = bureau.transcript(id)["drawn"][0]["object"]
    bureau.record(id, "substituted", object=object, why="deregistered", reason="注销")
    assert bureau.transcript(id)["replacements"][0]["in"] is None
    assert [it.facts["order"] for it in bureau.ledger.inspections_of(bureau.campaign(id), bureau.files)] == [
        2
    ]
    assert differences(bureau, id) is None


def test_replacement_says_what_it_is(bureau: Bureau) -> None:
    id = staffed(bureau)
    data = {"object": bureau.transcript(id)["drawn"][0]["object"], "reason": "?"}
    with pytest.raises(DrawRefused, match="is not in the team"):
        bureau.record(id, "recused", **data)
    with pytest.raises(InvalidData, match=r"data.why"):
        bureau.record(id, "substituted", **data)


def test_campaign_goes_on_as_its_inspections_do(bureau: Bureau) -> None:
    id = staffed(bureau)
    assert refused(bureau, id, "notified", approved_by="wz-h1") == ["approval"]
    bureau.record(id, "notified", approved_by="wz-u1")
    bureau.record(id, "inspecting", role="handler")
    assert refused(bureau, id, "results-entered") == ["results"]
    bureau.later(days=20)
    for it in bureau.ledger.inspections_of(bureau.campaign(id), bureau.files):
        carried_out(bureau, it.id, it.officers)
    bureau.record(id, "results-entered")
    assert refused(bureau, id, "reviewed") == ["audit"]
    every(bureau, id, "audited")
    bureau.record(id, "reviewed")
    assert refused(bureau, id, "published") == ["publication"]
    every(bureau, id, "published")
    bureau.record(id, "published")
    bureau.record(id, "follow-up")
    bureau.record(id, "closed")
    assert bureau.campaign(id).state == "CLOSED"
    assert differences(bureau, id) is None


def carried_out(bureau: Bureau, id: str, team: list[str]) -> None:
    for name in ("notified", "entered", "recorded", "results-entered"):
        role, actor, on, data = STEPS[name]
        changed = {"officers": team} if "officers" in data else {}
        changed |= {"answers": [{"question": "q1", "answer": "yes"}]} if "answers" in data else {}
        changed |= {"codes": ["1"], "provincial": [], "followups": [{"code": "1"}]} if "codes" in data else {}
        bureau.ledger.record_check(bureau.who(role, actor), id, f"inspection.{name}", on, data | changed)


def every(bureau: Bureau, id: str, name: str) -> None:
    role, actor, on, data = STEPS[name]
    for it in bureau.ledger.inspections_of(bureau.campaign(id), bureau.files):
        bureau.ledger.record_check(bureau.who(role, actor), it.id, f"inspection.{name}", on, data)


def test_inspection_of_a_campaign_is_not_changed_behind_its_back(bureau: Bureau) -> None:
    id = staffed(bureau)
    it = bureau.ledger.inspections_of(bureau.campaign(id), bureau.files)[0]
    head = bureau.ledger.head()
    for name, data in {
        "recused": {"officer": it.officers[0], "reason": "?"},
        "voided": {"why": "moved", "reason": "?"},
    }.items():
        with pytest.raises(Refused, match="its draw decides"):
            bureau.ledger.record_check(bureau.who(), it.id, f"inspection.{name}", bureau.today(), data)
    assert bureau.ledger.head() == head


def test_joint_items_of_other_departments_go_into_the_same_visit(bureau: Bureau) -> None:
    joint = [{"department": "消防", "item": "xf-01", "questions": [{"id": "x1", "text": "灭火器是否有效"}]}]
    id = bureau.drawn(LISTS, RATIOS, plan={"joint": joint})
    bureau.record(id, "staffed")
    it = bureau.ledger.inspections_of(bureau.campaign(id), bureau.files)[0]
    assert [q["id"] for q in it.facts["questions"]] == ["q1", "x1"]
    assert it.facts["joint"] == [{"department": "消防", "item": "xf-01"}]


def test_roles_regions_and_ids_reach_only_so_far(bureau: Bureau) -> None:
    id = bureau.plan()
    with pytest.raises(NotPermitted, match="recorded by"):
        bureau.record(id, "changed", role="intake", team=2, reason="?")
    with pytest.raises(NotPermitted, match="limited to 330304"):
        bureau.ledger.record_campaign(
            bureau.who(),
            id,
            "campaign.changed",
            bureau.today(),
            {"reason": "?"},
            bureau.files,
            scope="330304",
        )
    with pytest.raises(NotFound):
        bureau.record("campaign-9", "drawn")
    for topic in ("planned", "frozen", "draw-failed", "succeeded"):
        with pytest.raises(InvalidData, match="follows from another command"):
            bureau.record(id, topic)


def test_changed_file_is_never_taken_for_the_frozen_one(bureau: Bureau, tmp_path: Path) -> None:
    id = bureau.drawn(LISTS, RATIOS)
    sha256 = bureau.campaign(id).transcript
    assert sha256 is not None
    file = next(path for path in (tmp_path / "files").rglob(f"*{sha256[-20:]}*") if path.is_file())
    file.chmod(0o644)
    file.write_bytes(file.read_bytes().replace(b"o-00", b"o-99", 1))
    with pytest.raises(Exception, match=r"(?i)hash|changed|damaged"):
        bureau.transcript(id)


def test_every_row_of_the_table_has_its_article() -> None:
    rows = table("campaign")
    reached = {"", "REVEALED", *(state for row in rows.values() for state in row.to.values())}
    assert {state for row in rows.values() for state in row.states} <= reached
    assert all(row.article for row in rows.values())

"""What the public topic tells of a penalty, and what it never tells."""

from collections.abc import Sequence
from typing import Any

import jsonschema
import orjson
import pytest
from eventsourcing.persistence import StoredEvent

from enforcement.store import LedgerRecorder
from streams.cursors import START, Cursor
from streams.lanes import Window
from streams.port import Record
from streams.published import SCHEMA, PublicLane
from streams.topics import Topics
from tests.streams.ledgers import NAME, fill, stored

TOPIC = Topics.named("test.", 3).public
SHOP, SCALE_MAKER = "91330302MA2AAAAA0X", "91330303MA2BBBBB0Y"
FINE = {
    "violation": "v1",
    "code": "M-V01",
    "cite": "计量法 25",
    "fine": "500",
    "warning": True,
    "reasons": "认错",
}
PARTIES = [{"id": "p1", "kind": "organisation", "uscc": SHOP, "name": "某店"}]
VIOLATIONS = [{"id": "v1", "code": "M-V01", "party": "p1"}]


class File:
    """A case as its events come."""

    def __init__(self, id: str = "case-1") -> None:
        self.id = id
        self.events: list[StoredEvent] = []

    def then(self, topic: str, occurred: str | None = "2026-03-02", **data: Any) -> "File":
        self.events.append(stored(self.id, len(self.events) + 1, f"case.{topic}", occurred, **data))
        return self

    def decided(self, penalties: Sequence[Any] = (FINE,), parties: Sequence[Any] = PARTIES) -> "File":
        self.then(
            "clue-registered",
            region="330302",
            unit="计量科",
            summary="超期未检",
            parties=list(parties),
            violations=VIOLATIONS,
        )
        document = {"form": 45, "number": "温鹿市监罚〔2026〕7号"}
        return self.then("penalty-decided", "2026-03-05", penalties=list(penalties), document=document)


@pytest.fixture
def lane(recorder: LedgerRecorder) -> PublicLane:
    fill(recorder, 1)
    return PublicLane(TOPIC, NAME, recorder)


def told(lane: PublicLane, *files: File) -> list[tuple[Record, dict[str, Any]]]:
    """The messages of the cases, each checked against the schema."""
    lane.recorder.insert_events([event for file in files for event in file.events])
    window = lane.next(START, None)
    assert window is not None
    assert window.end == Cursor(lane.recorder.head(), len(window.records))
    found = [(record, orjson.loads(record.value or b"")) for record in window.records]
    for _, message in found:
        jsonschema.validate(message, SCHEMA)
    return found


def test_a_published_penalty_goes_to_the_key_of_its_party(lane: PublicLane) -> None:
    [(record, message)] = told(lane, File().decided().then("published", "2026-03-20", where="官网"))
    assert (record.topic, record.key) == (TOPIC.name, SHOP.encode())
    assert dict(record.headers) == {"position": b"4", "content-type": b"application/json"}
    assert message == {
        "form": 1,
        "what": "penalty.published",
        "uscc": SHOP,
        "ledger": NAME,
        "case": "case-1",
        "position": 4,
        "on": "2026-03-20",
        "penalty": {
            "authority": None,
            "region": "330302",
            "number": "温鹿市监罚〔2026〕7号",
            "decided": "2026-03-05",
            "imposed": [{"code": "M-V01", "cite": "计量法 25", "fine": "500", "warning": True}],
        },
    }


def test_no_free_text_and_no_name_is_told(lane: PublicLane) -> None:
    case = File().decided().then("published", where="官网").then("publicity-withdrawn", reason="张三申诉")
    wire = b"".join(record.value or b"" for record, _ in told(lane, case))
    for word in ("认错", "张三", "某店", "超期未检", "wz-lc-001"):
        assert word.encode() not in wire


def test_correction_withdrawal_and_end_follow(lane: PublicLane) -> None:
    case = File().decided().then("published", where="官网").then("publicity-corrected", what="金额")
    case.then("publicity-withdrawn", reason="撤销").then("publicity-ended", why="repair")
    found = [message for _, message in told(lane, case)]
    assert [m["what"] for m in found] == [
        f"penalty.{w}" for w in ("published", "corrected", "withdrawn", "ended")
    ]
    assert ["penalty" in m for m in found] == [True, True, False, False]
    assert [m.get("why") for m in found] == [None, None, None, "repair"]


def test_a_person_without_a_code_is_never_told_of(lane: PublicLane) -> None:
    parties = [{"id": "p1", "kind": "person"}]
    assert told(lane, File().decided(parties=parties).then("published", where="官网")) == []


def test_each_party_is_told_only_of_its_own_penalty(lane: PublicLane) -> None:
    parties = [*PARTIES, {"id": "p2", "kind": "organisation", "uscc": SCALE_MAKER}]
    other = {"violation": "v2", "party": "p2", "fine": "9000"}
    found = told(lane, File().decided([FINE, other], parties).then("published", where="官网"))
    fines = {record.key: [p["fine"] for p in message["penalty"]["imposed"]] for record, message in found}
    assert fines == {SHOP.encode(): ["500"], SCALE_MAKER.encode(): ["9000"]}


def test_the_end_of_one_partys_publication_is_told_of_that_party_alone(lane: PublicLane) -> None:
    parties = [*PARTIES, {"id": "p2", "kind": "organisation", "uscc": SCALE_MAKER}]
    other = {"violation": "v2", "party": "p2", "fine": "9000"}
    case = File().decided([FINE, other], parties).then("published", where="官网")
    case.then("publicity-ended", why="repair", uscc=SHOP)
    ended = [record.key for record, message in told(lane, case) if message["what"] == "penalty.ended"]
    assert ended == [SHOP.encode()]


def test_what_is_published_without_a_penalty_is_not_told(lane: PublicLane) -> None:
    case = File().then("clue-registered", parties=PARTIES).then("published", where="官网")
    assert told(lane, case) == []


def test_a_later_correction_does_not_change_what_was_told(lane: PublicLane) -> None:
    case = File().decided().then("published", where="官网")
    before = told(lane, case)
    later = {"penalties": [{**FINE, "fine": "100"}]}
    case.then("event-corrected", corrects=2, kind="amend", reason="笔误", becomes=later)
    lane.recorder.insert_events(case.events[-1:])
    window = lane.next(START, None)
    assert window is not None
    assert list(window.records) == [record for record, _ in before]


def test_the_cursor_passes_over_what_does_not_publish(lane: PublicLane) -> None:
    fill(lane.recorder, 30)
    assert lane.next(START, 20) == Window([], Cursor(20, 0))
    assert lane.next(Cursor(20, 0), 20) is None
    assert lane.next(Cursor(20, 4), None) == Window([], Cursor(31, 4))


def test_many_publications_come_in_windows(lane: PublicLane, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streams.published.PAGE", 3)
    monkeypatch.setattr("streams.published.MESSAGES", 2)
    files = [File(f"case-x{n}").decided().then("published", where="官网") for n in range(5)]
    lane.recorder.insert_events([event for file in files for event in file.events])
    at, sizes = START, []
    while (window := lane.next(at, None)) is not None:
        sizes.append(len(window.records))
        assert window.end.position > at.position
        at = window.end
    assert sum(sizes) == 5
    assert max(sizes) == 2
    assert at == Cursor(lane.recorder.head(), 5)

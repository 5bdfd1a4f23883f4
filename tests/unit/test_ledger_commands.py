"""Commands: receipts, repeats, versions, what is refused, and that a refused command leaves nothing behind."""

from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
from eventsourcing.persistence import RecordConflictError, StoredEvent
from stdnum.cn import uscc

from enforcement import envelope
from enforcement.aggregates import Aggregate
from enforcement.cases.case import Case
from enforcement.errors import (
    InvalidData,
    KeyReused,
    LedgerMismatch,
    NotFound,
    Refused,
    TooLarge,
    VersionConflict,
)
from enforcement.events import Event, Who, registry
from enforcement.ledger import Ledger, Receipt
from enforcement.registry.identity import Identity, LedgerOpened
from tests.unit import ledgers
from tests.unit.cases.given import filled
from tests.unit.ledgers import IDENTITY, SYSTEM, clue, note, rows, who


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = ledgers.at(tmp_path / "ledger.db")
    yield made
    made.close()


def test_first_event_opens_the_ledger(ledger: Ledger) -> None:
    (first,) = ledger.read(0, 10)
    assert (first.position, first.aggregate, first.version, first.topic) == (
        1,
        "ledger-wenzhou",
        1,
        "ledger.opened",
    )
    assert isinstance(first.event, LedgerOpened)
    assert first.event.data() == {
        "form": 1,
        "name": "wenzhou",
        "origin": "example.org/ledgers/wenzhou",
        "occurred": None,
    }


def test_ledger_that_is_there_is_not_opened_twice(tmp_path: Path, ledger: Ledger) -> None:
    again = ledgers.at(tmp_path / "ledger.db")
    assert again.head() == 1
    again.close()


@pytest.mark.parametrize(
    "other",
    [
        Identity("lucheng", "example.org/ledgers/lucheng"),
        IDENTITY._replace(origin="example.com/ledgers/wenzhou"),
    ],
)
def test_store_of_another_ledger_is_refused(tmp_path: Path, ledger: Ledger, other: Identity) -> None:
    with pytest.raises(LedgerMismatch):
        ledgers.at(tmp_path / "ledger.db", identity=other)
    assert ledger.head() == 1


def test_receipt_names_id_version_and_position(ledger: Ledger) -> None:
    first = clue(ledger, "k1")
    assert first == Receipt("case-k1", 1, 2)
    assert note(ledger, first.id, "k2") == Receipt("case-k1", 2, 3)
    assert ledger.position_of("case-k1", 2) == 3
    assert ledger.position_of("case-k1", 3) is None
    assert ledger.head() == 3


def test_event_carries_who_when_and_about_whom(ledger: Ledger) -> None:
    id = clue(ledger, "k1").id
    event = ledger.read(1, 1)[0].event
    assert event is not None
    assert (event.actor, event.role, event.correlation) == ("wz-i1", "intake", "k1")
    assert (event.originator_id, event.originator_version) == (id, 1)
    assert (event.recorded, event.occurred) == ("2026-11-23T02:00:00.000000Z", "2026-03-02")
    assert event.subject == "91330302MA2AAAAA0J"


def test_subject_is_the_case_when_several_businesses_are_meant(ledger: Ledger) -> None:
    parties = [
        {"id": "p1", "kind": "organisation", "uscc": "91330302MA2AAAAA0J"},
        {"id": "p2", "kind": "organisation", "uscc": "911101080000000110"},
    ]
    parties[1]["uscc"] = "91110108000000011" + uscc.calc_check_digit("91110108000000011")
    id = clue(ledger, "k1", parties=parties).id
    event = ledger.read(1, 1)[0].event
    assert event is not None
    assert event.subject == id


def test_repeat_gives_the_same_receipt_and_records_nothing(ledger: Ledger) -> None:
    first = clue(ledger, "k1")
    noted = note(ledger, first.id, "k2")
    assert clue(ledger, "k1") == first._replace(replayed=True)
    assert note(ledger, first.id, "k2") == noted._replace(replayed=True)
    assert ledger.head() == 3


def test_repeat_is_answered_though_the_case_moved_on(ledger: Ledger) -> None:
    first = clue(ledger, "k1")
    note(ledger, first.id, "k2", expected=1)
    note(ledger, first.id, "k3")
    assert note(ledger, first.id, "k2", expected=1).replayed


def test_repeat_of_a_numbered_document_is_a_repeat(tmp_path: Path) -> None:
    ledger = ledgers.staffed(tmp_path / "staffed.db")
    case = clue(ledger, "k1").id
    data = {"receiver": "瓯海区局", "approved_by": "wz-b1"}
    for key, topic, given in (
        ("k2", "case.verification-started", {}),
        ("k3", "case.filed", {}),
    ):
        ledger.record(who(key, "unit_head", "wz-u1"), case, topic, "2026-03-03", filled(topic, given))
    first = ledger.record(who("k4", "head", "wz-b1"), case, "case.transferred-within", "2026-03-04", data)
    again = ledger.record(who("k4", "head", "wz-b1"), case, "case.transferred-within", "2026-03-04", data)
    assert again == first._replace(replayed=True)
    ledger.close()


@pytest.mark.parametrize(
    "again",
    [
        lambda ledger: note(ledger, "case-k1", "k2", "另一内容"),
        lambda ledger: ledger.record(who("k2"), "case-k1", "case.noted", "2026-03-04", {"what": "电话告知"}),
        lambda ledger: ledger.record(
            who("k2"), "case-k1", "case.linked", "2026-03-03", {"other": "case-x", "kind": "series"}
        ),
    ],
    ids=["other data", "other day", "other type"],
)
def test_key_with_another_payload_is_refused(ledger: Ledger, again: object) -> None:
    clue(ledger, "k1")
    note(ledger, "case-k1", "k2")
    with pytest.raises(KeyReused) as error:
        again(ledger)  # type: ignore[operator]
    assert error.value.details == {"id": "case-k1", "position": 3}
    assert ledger.head() == 3


def test_opening_key_with_another_clue_is_refused(ledger: Ledger) -> None:
    clue(ledger, "k1")
    with pytest.raises(KeyReused):
        clue(ledger, "k1", summary="另一线索")
    assert ledger.head() == 2


def test_version_seen_must_be_the_version_there(ledger: Ledger) -> None:
    id = clue(ledger, "k1").id
    note(ledger, id, "k2", expected=1)
    with pytest.raises(VersionConflict) as error:
        note(ledger, id, "k3", expected=1)
    assert error.value.details == {"expected": 1, "current": 2}
    assert note(ledger, id, "k3", expected=2).version == 3


def test_version_ahead_of_the_case_conflicts_too(ledger: Ledger) -> None:
    id = clue(ledger, "k1").id
    with pytest.raises(VersionConflict):
        note(ledger, id, "k2", expected=7)


@pytest.mark.parametrize("id", ["case-unknown", "ledger-wenzhou", "entity-91330302MA2AAAAA0J", ""])
def test_what_is_no_case_is_not_found(ledger: Ledger, id: str) -> None:
    with pytest.raises(NotFound):
        note(ledger, id, "k1")
    with pytest.raises(NotFound):
        ledger.case(id)
    assert ledger.head() == 1


@pytest.mark.parametrize(
    "topic", ["case.unknown", "entity.registered", "ledger.opened", "document.numbered", ""]
)
def test_type_that_is_no_step_of_a_case_is_refused(ledger: Ledger, topic: str) -> None:
    id = clue(ledger, "k1").id
    with pytest.raises(InvalidData) as error:
        ledger.record(who("k2"), id, topic, "2026-03-03", {})
    assert list(error.value.errors) == ["type"]


@pytest.mark.parametrize(
    "occurred",
    [
        "2026-11-24",
        "2026-12",
        "2027",
        "2026-11-23T02:00:00.000001Z",
        "2026-11-23T10:00:01+08:00",
        "2026-13-01",
        "2026-02-30",
        "26-03-02",
        "2026-3-2",
        "yesterday",
        "2026-03-02T10:00:00",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-12:00",
        "",
    ],
)
def test_fact_without_a_date_or_of_tomorrow_is_refused(ledger: Ledger, occurred: str) -> None:
    with pytest.raises(InvalidData) as error:
        ledger.register_clue(who("k1"), occurred, filled("case.clue-registered", {}))
    assert list(error.value.errors) == ["occurred"]
    assert ledger.head() == 1


@pytest.mark.parametrize(
    "occurred", ["2026-11-23", "2026-11-23T02:00:00Z", "2026-11-23T10:00:00+08:00", "1998-06-01"]
)
def test_fact_of_this_very_moment_is_taken(ledger: Ledger, occurred: str) -> None:
    receipt = ledger.register_clue(who("k1"), occurred, filled("case.clue-registered", {}))
    event = ledger.read(receipt.position - 1, 1)[0].event
    assert event is not None
    assert event.occurred == occurred


@pytest.mark.parametrize("occurred", [None, "2026", "2026-03"])
def test_registry_facts_keep_the_precision_they_have(ledger: Ledger, occurred: str | None) -> None:
    data = {"uscc": "91330302MA2AAAAA0J", "name": "某商行", "kind": "company", "region": "330302"}
    ledger.register_entity(SYSTEM, occurred, data)
    event = ledger.read(1, 1)[0].event
    assert event is not None
    assert event.occurred == occurred


@pytest.mark.parametrize("text", ["e\u0301cole", "école", " 空格 ", "称\u200b量", "\U0001f4cf", "a\nb\tc"])
def test_texts_are_kept_as_given(ledger: Ledger, text: str) -> None:
    id = clue(ledger, "k1").id
    note(ledger, id, "k2", text)
    stored = orjson.loads(rows(ledger, id)[1])
    assert stored["data"]["what"] == text


@pytest.mark.parametrize("text", ["", "\x00", "a\x00b", "\ud800", "x" * 4001])
def test_texts_that_cannot_be_kept_are_refused(ledger: Ledger, text: str) -> None:
    id = clue(ledger, "k1").id
    with pytest.raises(InvalidData) as error:
        note(ledger, id, "k2", text)
    assert list(error.value.errors) == ["data.what"]


@pytest.mark.parametrize(
    "bad",
    [Who("", "intake", "k"), Who("wz\n1", "intake", "k"), Who("wz-i1", "", "k"), Who("wz-i1", "intake", "")],
)
def test_command_without_a_giver_is_refused(ledger: Ledger, bad: Who) -> None:
    with pytest.raises(InvalidData):
        ledger.register_clue(bad, "2026-03-02", filled("case.clue-registered", {}))


def test_refused_command_leaves_version_and_bytes(ledger: Ledger) -> None:
    id = clue(ledger, "k1").id
    stored, head = rows(ledger, id), ledger.head()
    with pytest.raises(Refused):
        ledger.record(who("k2", "handler", "wz-h1"), id, "case.filed", "2026-03-03", filled("case.filed", {}))
    assert (rows(ledger, id), ledger.head(), ledger.case(id).version) == (stored, head, 1)
    assert note(ledger, id, "k2").version == 2


def files(count: int) -> list[dict[str, str]]:
    return [{"sha256": "0" * 64, "name": "照" * 20} for _ in range(count)]


def holds(ledger: Ledger, id: str, count: int) -> bool:
    """Whether an event with so many files is taken."""
    try:
        ledger.record(who(f"n{count}"), id, "case.noted", "2026-03-03", {"what": "卷", "files": files(count)})
    except TooLarge:
        return False
    return True


def test_event_is_refused_just_above_the_limit(ledger: Ledger) -> None:
    """Found by halving: one file more than what fits into an envelope of 64 KiB is too much."""
    id = clue(ledger, "k1").id
    fits, too_many = 0, 1000
    while too_many - fits > 1:
        half = (fits + too_many) // 2
        fits, too_many = (half, too_many) if holds(ledger, id, half) else (fits, half)
    stored = ledger.recorder.select_events(id)
    sizes = [
        len(envelope.render("wenzhou", id, row.originator_version, row.topic, row.state, 10**19 - 1))
        for row in stored
    ]
    assert 65_536 - 150 < max(sizes) <= 65_536
    assert ledger.case(id).version == len(stored)
    with pytest.raises(TooLarge, match="evidence goes into files") as error:
        ledger.record(who("x"), id, "case.noted", "2026-03-03", {"what": "卷", "files": files(too_many)})
    assert error.value.details["limit"] == 65_536 < error.value.details["size"]


def test_save_of_more_than_a_megabyte_is_refused_whole(ledger: Ledger) -> None:
    def history(number: int) -> tuple[str, list[Event]]:
        id = f"case-big{number}"
        data = {**filled("case.imported", {}), "record": "x" * 40_000, "history": True}
        imported = registry()["case.imported"]
        return id, [imported.new(id, 1, SYSTEM, "2026-11-23T02:00:00.000000Z", None, data, id)]

    with pytest.raises(TooLarge):
        ledger.append([history(n) for n in range(26)])
    assert ledger.head() == 1
    receipts = ledger.append([history(n) for n in range(24)])
    assert [r.position for r in receipts] == list(range(2, 26))


def test_batch_with_a_known_case_records_nothing(ledger: Ledger) -> None:
    clue(ledger, "k1")
    imported = registry()["case.imported"]
    histories = [
        (
            id,
            [
                imported.new(
                    id, 1, SYSTEM, "2026-11-23T02:00:00.000000Z", None, filled("case.imported", {}), id
                )
            ],
        )
        for id in ("case-new", "case-k1")
    ]
    with pytest.raises(RecordConflictError):
        ledger.append(histories)
    assert ledger.head() == 2


def test_listeners_hear_the_position_of_every_save(ledger: Ledger) -> None:
    heard: list[int] = []
    ledger.listeners.append(heard.append)
    id = clue(ledger, "k1").id
    note(ledger, id, "k2")
    note(ledger, id, "k2")
    assert heard == [2, 3]


def test_unknown_type_is_read_without_an_event(ledger: Ledger) -> None:
    ledger.recorder.insert_events([StoredEvent("case-later", 1, "case.from-a-later-release", b"{}")])
    read = ledger.read(1, 10)
    assert [(r.topic, r.event) for r in read] == [("case.from-a-later-release", None)]


def test_pages_are_read_in_order_and_to_the_end(ledger: Ledger) -> None:
    id = clue(ledger, "k1").id
    for number in range(5):
        note(ledger, id, f"n{number}")
    pages = [[r.position for r in ledger.read(after, 3)] for after in (0, 3, 6, 7)]
    assert pages == [[1, 2, 3], [4, 5, 6], [7], []]


def test_case_in_memory_equals_the_case_replayed(ledger: Ledger) -> None:
    id = clue(
        ledger, "k1", violations=[{"id": "v1", "ended": "2026-02-27", "code": "M-V01", "act": "超期"}]
    ).id
    for number in range(3):
        note(ledger, id, f"n{number}")
    events = [ledger.mapper.to_domain_event(row) for row in ledger.recorder.select_events(id)]
    replayed = Case.fold(id, events, ledger.law)  # type: ignore[arg-type]
    assert orjson.dumps(ledger.case(id).dump()) == orjson.dumps(replayed.dump())


def test_discard_of_a_parked_event_is_on_record(ledger: Ledger) -> None:
    receipt = ledger.record_discard(SYSTEM, "cases", 17, "坏数据")
    event = ledger.read(receipt.position - 1, 1)[0].event
    assert receipt.id == "projection-cases"
    assert event is not None
    assert event.data() == {"projection": "cases", "position": 17, "reason": "坏数据", "occurred": None}


def test_aggregate_that_says_nothing_of_an_event_is_an_error(ledger: Ledger) -> None:
    event = ledger.read(0, 1)[0].event
    assert event is not None
    with pytest.raises(TypeError):
        Aggregate("x").apply(event, ledger.law)

"""Several writers: threads in one process, ledgers in several, on one file. Nothing is lost, nothing doubled."""

import multiprocessing
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import orjson
import pytest

from enforcement.cases.case import Case
from enforcement.ledger import Ledger
from tests.unit import ledgers
from tests.unit.cases.given import filled
from tests.unit.ledgers import clue, note, who


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


@pytest.fixture
def ledger(file: Path) -> Iterator[Ledger]:
    made = ledgers.staffed(file)
    yield made
    made.close()


def together(count: int, work: Callable[[int], object]) -> list[object]:
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(work, range(count)))


def folded(ledger: Ledger, id: str) -> bytes:
    events = [ledger.mapper.to_domain_event(row) for row in ledger.recorder.select_events(id)]
    return orjson.dumps(Case.fold(id, events, ledger.law).dump())  # type: ignore[arg-type]


def test_writers_of_one_case_all_get_through(ledger: Ledger) -> None:
    id = clue(ledger, "k1").id
    head = ledger.head()

    def write(worker: int) -> list[int]:
        return [note(ledger, id, f"w{worker}-{n}").version for n in range(8)]

    versions = [v for found in together(4, write) for v in found]  # type: ignore[attr-defined]
    assert sorted(versions) == list(range(2, 34))
    assert ledger.head() == head + 32
    assert orjson.dumps(ledger.case(id).dump()) == folded(ledger, id)


def test_same_command_from_many_threads_is_recorded_once(ledger: Ledger) -> None:
    id = clue(ledger, "k1").id
    receipts = together(6, lambda _: note(ledger, id, "same"))
    assert {r.version for r in receipts} == {2}  # type: ignore[attr-defined]
    assert [r.replayed for r in receipts].count(False) == 1  # type: ignore[attr-defined]


def test_same_opening_from_many_threads_opens_one_case(ledger: Ledger) -> None:
    receipts = together(6, lambda _: clue(ledger, "k1"))
    assert {(r.id, r.version) for r in receipts} == {("case-k1", 1)}  # type: ignore[attr-defined]


def test_second_ledger_sees_what_the_first_recorded(file: Path, ledger: Ledger) -> None:
    other = ledgers.at(file)
    id = clue(ledger, "k1").id
    assert other.case(id).version == 1
    note(ledger, id, "k2")
    assert note(other, id, "k3").version == 3
    assert note(ledger, id, "k4").version == 4
    for one in (ledger, other):
        assert orjson.dumps(one.case(id).dump()) == folded(ledger, id)
    other.close()


def test_repeat_through_another_ledger_is_recognised(file: Path, ledger: Ledger) -> None:
    other = ledgers.at(file)
    first = clue(ledger, "k1")
    assert clue(other, "k1") == first._replace(replayed=True)
    other.close()


def test_correction_through_another_ledger_refolds_the_case(file: Path, ledger: Ledger) -> None:
    other = ledgers.at(file)
    id = clue(ledger, "k1").id
    assert other.case(id).opened == "2026-03-02"
    data = {"corrects": 1, "kind": "amend", "reason": "误录", "becomes_on": "2026-02-27"}
    ledger.record(who("k2"), id, "case.event-corrected", "2026-03-03", data)
    assert other.case(id).opened == "2026-02-27"
    assert ledger.case(id).opened == "2026-02-27"
    other.close()


def numbered(ledger: Ledger, key: str) -> str:
    """A step that issues a document of form 33; its number."""
    id = clue(ledger, f"{key}-case").id
    receipt = ledger.record(
        who(key, "handler", "wz-h1"),
        id,
        "case.correction-ordered",
        "2026-03-03",
        filled("case.correction-ordered", {}),
    )
    event = ledger.read(receipt.position - 1, 1)[0].event
    assert event is not None
    assert event.document is not None  # type: ignore[attr-defined]
    return str(event.document["number"])  # type: ignore[attr-defined]


def sequence(numbers: list[str]) -> list[int]:
    assert {re.sub(r"\d+号", "", number) for number in numbers} == {numbers[0].split("〕")[0] + "〕"}
    return sorted(int(number.split("〕")[1].removesuffix("号")) for number in numbers)


def test_numbers_of_one_thread_follow_each_other(ledger: Ledger) -> None:
    numbers = [numbered(ledger, f"k{n}") for n in range(4)]
    assert [number.split("〕")[1] for number in numbers] == ["1号", "2号", "3号", "4号"]
    assert "市监责改〔2026〕" in numbers[0]


def test_numbers_of_many_threads_have_no_gap_and_no_double(ledger: Ledger) -> None:
    found = together(4, lambda worker: [numbered(ledger, f"t{worker}-{n}") for n in range(5)])
    numbers = [number for some in found for number in some]  # type: ignore[attr-defined]
    assert sequence(numbers) == list(range(1, 21))


def in_a_process(file: str, worker: int, answers: "multiprocessing.Queue[list[str]]") -> None:
    ledger = ledgers.at(Path(file))
    answers.put([numbered(ledger, f"p{worker}-{n}") for n in range(5)])
    ledger.close()


def test_numbers_of_two_processes_have_no_gap_and_no_double(file: Path, ledger: Ledger) -> None:
    context = multiprocessing.get_context("spawn")
    answers: multiprocessing.Queue[list[str]] = context.Queue()
    workers = [context.Process(target=in_a_process, args=(str(file), n, answers)) for n in range(2)]
    for worker in workers:
        worker.start()
    own = [numbered(ledger, f"own-{n}") for n in range(5)]
    numbers = own + [number for _ in workers for number in answers.get(timeout=60)]
    for worker in workers:
        worker.join(60)
    assert sequence(numbers) == list(range(1, 16))


def test_series_starts_anew_each_year_form_and_bureau(ledger: Ledger) -> None:
    ledger.clock = lambda: ledgers.NOW.replace(year=2027)

    def number(key: str, on: str, region: str = "330302") -> str:
        id = clue(ledger, f"{key}-case", region=region).id
        data = filled("case.correction-ordered", {})
        receipt = ledger.record(who(key, "handler", "wz-h1"), id, "case.correction-ordered", on, data)
        event = ledger.read(receipt.position - 1, 1)[0].event
        assert event is not None
        return str(event.document["number"])  # type: ignore[attr-defined]

    numbers = [
        number("a", "2026-03-03"),
        number("b", "2027-01-04"),
        number("c", "2026-03-03", "330303"),
        number("d", "2026-12-31"),
    ]
    assert [n.split("〔")[1] for n in numbers] == ["2026〕1号", "2027〕1号", "2026〕1号", "2026〕2号"]
    assert numbers[0].split("市监")[0] != numbers[2].split("市监")[0]

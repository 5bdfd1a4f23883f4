"""`steelyard import cases`: all that ships goes in, once; what cannot be read is named; a kill loses nothing."""

import json
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from api.cli import main
from enforcement.databases import recorder_env
from enforcement.errors import InvalidData
from enforcement.events import Who
from enforcement.importing.history import case_id
from enforcement.importing.importer import Importer, Report
from enforcement.ledger import Ledger
from enforcement.registry.identity import Identity
from tests.records import SHIPPED, USCC, events, line, shipped

IDENTITY = Identity("wenzhou", "steelyard.local/ledgers/wenzhou")
ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
EVENTS = sum(len(found.steps) + 1 for found in shipped().values())


def opened(url: str) -> Ledger:
    return Ledger(recorder_env(url, 2), IDENTITY, lambda: NOW)


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ledger.db'}"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def ledger(url: str) -> Iterator[Ledger]:
    made = opened(url)
    yield made
    made.close()


def bring(ledger: Ledger, *lines: bytes) -> Report:
    return Importer(ledger).run(BytesIO(b"\n".join(lines)))


def copies(count: int) -> bytes:
    """A file of so many records: the shipped ones again and again, each under an id of its own."""
    rows = [json.loads(raw) for raw in SHIPPED.read_bytes().splitlines()]
    made = (rows[n % len(rows)] | {"id": f"copy-{n}"} for n in range(count))
    return b"\n".join(json.dumps(row).encode() for row in made)


@pytest.fixture
def steelyard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """The command, on a ledger in a temporary folder."""
    monkeypatch.setenv("STEELYARD_DATABASE_URL", f"sqlite:///{tmp_path}/ledger.db")

    def run(*args: str, content: bytes | None = None) -> Result:
        return CliRunner().invoke(main, args, input=content)

    return run


def test_all_shipped_cases_go_in_and_then_stay(steelyard: Callable[..., Result], tmp_path: Path) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_bytes(SHIPPED.read_bytes())
    first, second = (steelyard("import", "cases", str(file), "--json") for _ in range(2))
    assert (first.exit_code, second.exit_code) == (0, 0)
    report, again = json.loads(first.stdout), json.loads(second.stdout)
    assert list(report) == ["read", "accepted", "unchanged", "rejected", "events", "findings", "errors"]
    assert report == {**report, "read": 120, "accepted": 120, "unchanged": 0, "rejected": 0, "events": EVENTS}
    assert again == {**report, "accepted": 0, "unchanged": 120, "events": 0}
    assert report["findings"]["two-officers-unknown"] > report["findings"]["deadline-overrun"] > 0


def test_rejected_lines_are_named_and_the_rest_goes_in(steelyard: Callable[..., Result]) -> None:
    good = line("good", ("filed", "2024-05-06", None))
    bad = [
        b"{not json",
        b"[]",
        line("a", ("weighed", None, None)),
        line("b", ("filed", "2024-02-30", None)),
        line("c", uscc=USCC[:-1] + "0"),
        line("d", region={"gbt2260": "33030"}),
        line("e", ("filed", "2999", None)),
        b'{"timeline": []}',
        b'{"id": "f", "id": "f", "timeline": []}',
        b"x" * 70_000,
        line("g", more="x" * 50_000),
    ]
    content = b"\n\n".join([good, *bad])
    answer = steelyard("import", "cases", "-", "--json", content=content)
    report = json.loads(answer.stdout)
    assert answer.exit_code == 1
    assert (report["read"], report["accepted"], report["rejected"]) == (12, 1, 11)
    assert [error["line"] for error in report["errors"]] == list(range(3, 24, 2))
    assert [error["id"] for error in report["errors"]] == [
        None,
        None,
        *"abcde",
        None,
        None,
        None,
        "g",
    ]
    said = [error["reason"] for error in report["errors"]]
    for reason, word in zip(
        said,
        (
            "not JSON",
            "not an object",
            "unknown step 'weighed'",
            "2024-02-30",
            "social credit code",
            "division code",
            "future",
            "id: missing",
            "'id' stands twice",
            "70,001 bytes",
            "characters",
        ),
        strict=True,
    ):
        assert word in reason


def test_people_are_told_counts_findings_and_reasons(steelyard: Callable[..., Result]) -> None:
    content = line("good", ("inspected", "2024-05-06", None)) + b"\nnonsense\n"
    answer = steelyard("import", "cases", "-", content=content)
    assert answer.exit_code == 1
    assert "2 read: 1 accepted (2 events), 0 unchanged, 1 rejected" in answer.stdout
    assert "two-officers-unknown" in answer.stdout
    assert "line 2: not JSON" in answer.stderr
    assert "1 of 2 records were rejected" in answer.stderr


def test_changed_record_is_rejected_with_both_places(ledger: Ledger) -> None:
    first = line("a", ("filed", "2024-05-06", None), ("decided", "2024-06-06", None))
    bring(ledger, line("before"), first)
    report = bring(ledger, line("other"), first.replace(b"2024-06-06", b"2024-06-07"))
    (fault,) = report.errors
    positions = [position for _, position in ledger.recorder.positions("case-pub-a")]
    assert (fault.line, fault.id) == (2, "a")
    assert "on line 2" in fault.reason.en
    assert f"positions {positions[0]} to {positions[-1]}" in fault.reason.en
    assert (report.accepted, report.unchanged) == (1, 0)


def test_record_twice_in_a_file_is_taken_once(ledger: Ledger) -> None:
    one, other = line("a", ("filed", "2024-05-06", None)), line("a", ("filed", "2024-05-07", None))
    report = bring(ledger, one, one, other, line("b"), one)
    assert (report.read, report.accepted, report.unchanged) == (5, 2, 2)
    (fault,) = report.errors
    assert fault.line == 3
    assert "from line 1 of this file" in fault.reason.en
    assert report.findings == Counter({"step-not-recorded": 1})


def test_other_white_space_is_no_other_content(ledger: Ledger) -> None:
    record = {"id": "a", "timeline": [], "penalty": {"fine_cny": 1.5}, "x": "一"}
    turned = dict(reversed(record.items()))
    bring(ledger, json.dumps(record).encode())
    report = bring(
        ledger, json.dumps(turned, ensure_ascii=False, indent=None).encode().replace(b"1.5", b"1.50")
    )
    assert (report.unchanged, report.errors) == (1, [])


def test_positions_follow_the_file_case_by_case(ledger: Ledger) -> None:
    Importer(ledger).run(BytesIO(SHIPPED.read_bytes()))
    rows = ledger.recorder.rows(0, 10_000)
    assert [row[1] for row in rows if row[2] == 1][1:] == [case_id(id) for id in shipped()]
    expected = [event.TOPIC for found in shipped().values() for event in events(found)]
    assert [row[3] for row in rows][1:] == expected


def test_record_near_the_limit_is_saved_alone_or_refused(ledger: Ledger) -> None:
    small, large = line("small"), line("large", more="字" * 15_000)
    too_large = line("too-large", more="字" * 21_700)
    report = bring(ledger, small, large, too_large, line("last"))
    assert (report.accepted, [fault.line for fault in report.errors]) == (3, [3])
    assert "the limit is 65,536" in report.errors[0].reason.en


def test_many_steps_stay_below_the_limit_of_a_save(ledger: Ledger) -> None:
    report = bring(ledger, *(line(f"long-{n}", *[("paid", None, "x" * 40)] * 170) for n in range(30)))
    assert (report.accepted, report.events) == (30, 30 * 171)


def test_live_step_carries_an_imported_case_on(ledger: Ledger) -> None:
    raw = line("a", ("inspected", "2026-10-12", None), region={"gbt2260": "330302"})
    bring(ledger, raw)
    who = Who("wz-lc-001", "handler", "command-1")
    ledger.record(who, "case-pub-a", "case.noted", "2026-11-18", {"what": "taken over"})
    report = bring(ledger, raw)
    assert (report.unchanged, report.errors) == (1, [])
    changed = bring(ledger, raw.replace(b"10-12", b"10-13"))
    assert len(changed.errors) == 1


def test_live_command_cannot_call_itself_history(ledger: Ledger) -> None:
    bring(ledger, line("a", ("inspected", "2026-10-12", None), region={"gbt2260": "330302"}))
    who = Who("wz-lc-001", "handler", "command-1")
    with pytest.raises(InvalidData) as error:
        ledger.record(who, "case-pub-a", "case.filed", "2026-10-13", {"history": True})
    assert "data.history" in error.value.errors


CHILD = """
import json, sys
from tests.e2e.test_import import opened
from enforcement.importing.importer import Importer
ledger = opened(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
with open(sys.argv[2], "rb") as file:
    report = Importer(ledger, lambda done: print(done, flush=True)).run(file)
print(json.dumps(report.json()), flush=True)
ledger.close()
"""


def child(url: str, file: Path) -> subprocess.Popen[str]:
    """An import in a process of its own: it says when it is ready, starts on a line, and tells of every batch."""
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    made = subprocess.Popen([sys.executable, "-c", CHILD, url, str(file)], cwd=ROOT, **pipes)
    assert made.stdout
    assert made.stdout.readline() == "ready\n"
    return made


def begin(process: subprocess.Popen[str]) -> None:
    assert process.stdin
    process.stdin.write("\n")
    process.stdin.flush()


@pytest.mark.parametrize("batches", [1, 3])
def test_killed_import_is_simply_run_again(url: str, tmp_path: Path, batches: int) -> None:
    file = tmp_path / "many.jsonl"
    file.write_bytes(copies(1500))
    process = child(url, file)
    begin(process)
    assert process.stdout
    for _ in range(batches):
        assert process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    process.communicate()
    ledger = opened(url)
    there = ledger.recorder.count() - 1
    report = Importer(ledger).run(BytesIO(file.read_bytes()))
    whole = {id: len(ledger.recorder.positions(id)) for id in (f"case-pub-copy-{n}" for n in range(1500))}
    lengths = [len(found.steps) + 1 for found in shipped().values()]
    assert (report.accepted + report.unchanged, report.errors) == (1500, [])
    assert report.unchanged > 0
    assert there + report.events == ledger.recorder.count() - 1 == sum(whole.values())
    assert list(whole.values()) == [lengths[n % 120] for n in range(1500)]
    ledger.close()


def test_two_imports_at_once_record_nothing_twice(url: str, tmp_path: Path) -> None:
    file = tmp_path / "many.jsonl"
    file.write_bytes(copies(900))
    opened(url).close()
    processes = [child(url, file) for _ in range(2)]
    for process in processes:
        begin(process)
    reports = [json.loads(process.communicate()[0].splitlines()[-1]) for process in processes]
    assert sum(report["accepted"] for report in reports) == 900
    assert [report["accepted"] + report["unchanged"] for report in reports] == [900, 900]
    assert reports[0]["findings"] == reports[1]["findings"]
    ledger = opened(url)
    assert ledger.recorder.count() - 1 == sum(report["events"] for report in reports)
    ledger.close()

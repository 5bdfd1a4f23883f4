"""`steelyard draw`: computing without a ledger, refusing with a sentence, verifying what was published."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from api.cli import main
from enforcement.checks import transcript
from tests.golden.draws import FOLDER

Run = Callable[..., Result]
STAFFED, FAILED, REPLACED = (FOLDER / f"{name}.json" for name in ("a-city", "failed", "replaced"))


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Call the program in an empty folder, without any settings."""
    for name in list(os.environ):
        if name.startswith("STEELYARD_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return lambda *words, input=None: CliRunner().invoke(main, ("draw", *words), input=input)


def asked(golden: Path) -> bytes:
    whole = json.loads(golden.read_bytes())
    return json.dumps({name: whole[name] for name in transcript.INPUT}).encode()


def test_compute_writes_the_transcript_and_nothing_else(run: Run, tmp_path: Path) -> None:
    (tmp_path / "input.json").write_bytes(asked(STAFFED))
    result = run("compute", "input.json")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout_bytes == STAFFED.read_bytes()


def test_compute_reads_standard_input_and_opens_no_ledger(run: Run, tmp_path: Path) -> None:
    assert run("compute", "-", input=asked(STAFFED)).stdout_bytes == STAFFED.read_bytes()
    assert list(tmp_path.iterdir()) == []


def test_a_draw_that_cannot_be_staffed_gives_its_transcript_and_exit_code_three(run: Run) -> None:
    result = run("compute", "-", input=asked(FAILED))
    assert result.exit_code == 3
    assert result.stdout_bytes == FAILED.read_bytes()
    assert "6 objects need 12 places, their 3 eligible inspectors have 6" in result.stderr


def test_refused_input_gives_a_sentence_and_no_transcript(run: Run) -> None:
    for given, sentence in (
        (b"{", "document: is not JSON"),
        (asked(STAFFED).replace(b'"1/1"', b'"2/2"', 1), "expected is a reduced fraction p/q from 0/1 to 1/1"),
        (asked(STAFFED).replace(b'"team": 2', b'"team": "\\ud800"', 1), "freeze.team: is '\\ud800'"),
    ):
        result = run("compute", "-", input=given)
        assert (result.exit_code, result.stdout_bytes) == (1, b"")
        assert result.stderr.startswith("steelyard: ")
        assert sentence in result.stderr
        assert "Traceback" not in result.stderr


def test_verify_says_what_holds(run: Run) -> None:
    result = run("verify", str(REPLACED))
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1].startswith("the transcript follows from its freeze")


def test_verify_says_what_differs_and_ends_with_one(run: Run) -> None:
    result = run("verify", "-", input=REPLACED.read_bytes().replace(b'"order":1', b'"order":2', 1))
    assert result.exit_code == 1
    assert "DIFFERS 不一致: drawn[" in result.stdout


def test_verify_compares_the_published_plan_hash(run: Run) -> None:
    found = json.loads(REPLACED.read_bytes())["plan_hash"]
    assert run("verify", str(REPLACED), "--plan-hash", found).exit_code == 0
    result = run("verify", str(REPLACED), "--plan-hash", "00" * 32, "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["difference"].startswith("the plan hash published was 00")

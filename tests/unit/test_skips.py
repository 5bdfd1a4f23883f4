"""The watch over skipped tests: in its parts, and in a run of its own."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import skips

RUN = """
import pytest

def test_runs(): pass

@pytest.mark.skip(reason="too hard")
def test_is_skipped(): pass

@pytest.mark.xfail(strict=True)
def test_fails_as_expected(): assert False
"""
SKIPPED = "tests/test_some.py::test_is_skipped"


def test_a_line_names_a_test_and_a_reason() -> None:
    assert skips.expected("# comment\n\ntests/a.py::test_b — no broker here\n") == {
        "tests/a.py::test_b": "no broker here"
    }


@pytest.mark.parametrize("line", ["tests/a.py::test_b", "tests/a.py::test_b — "])
def test_a_line_without_a_reason_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="gives no reason"):
        skips.expected(line)


def test_only_a_full_run_misses_a_test() -> None:
    assert skips.differences({"a"}, set(), set(), full=False) == []
    assert skips.differences({"a"}, set(), set(), full=True) != []


def run(folder: Path, listed: str, *options: str) -> tuple[int, str]:
    """A pytest run of three tests in a folder of its own, watched by the plugin."""
    tests = folder / "tests"
    tests.mkdir()
    shutil.copy(skips.__file__, tests)
    (tests / "__init__.py").touch()
    (tests / "conftest.py").write_text('pytest_plugins = ["tests.skips"]')
    (tests / "test_some.py").write_text(RUN)
    (tests / "expected_skips.txt").write_text(listed, "utf-8")
    (folder / "pytest.ini").write_text("[pytest]\ntestpaths = tests\n")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options],
        cwd=folder,
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout


@pytest.mark.parametrize("options", [[], ["-n", "2"]])
def test_a_skip_that_is_listed_passes(tmp_path: Path, options: list[str]) -> None:
    assert run(tmp_path, f"{SKIPPED} — too hard", *options)[0] == 0


@pytest.mark.parametrize("options", [[], ["-n", "2"]])
def test_a_skip_that_is_not_listed_fails_the_run(tmp_path: Path, options: list[str]) -> None:
    code, said = run(tmp_path, "", *options)
    assert code == 1
    assert f"skipped, but not in expected_skips.txt: {SKIPPED}" in said
    assert "test_fails_as_expected" not in said


def test_a_listed_test_that_runs_fails_the_run(tmp_path: Path) -> None:
    code, said = run(
        tmp_path, f"{SKIPPED} — too hard\ntests/test_some.py::test_runs — why\ntests/gone.py::test_x — x"
    )
    assert code == 1
    assert "in expected_skips.txt, but not skipped: tests/test_some.py::test_runs" in said
    assert "but there is no such test: tests/gone.py::test_x" in said


def test_a_skip_is_allowed_only_while_its_program_is_missing(tmp_path: Path) -> None:
    there, missing = "python3", "no-such-program-anywhere"
    assert skips.allowed(f"tests/x/ — why | without {missing}\n") == ("tests/x/",)
    assert skips.allowed(f"tests/x/ — why | without {there}\n") == ()
    assert skips.allowed(f"tests/x/ — why | without {there} {missing}\n") == ("tests/x/",)
    code, _ = run(tmp_path, f"tests/test_some.py — why | without {missing}\n")
    assert code == 0


def test_a_skip_whose_program_is_there_fails_the_run(tmp_path: Path) -> None:
    code, output = run(tmp_path, "tests/test_some.py — why | without python3\n")
    assert code != 0
    assert SKIPPED in output

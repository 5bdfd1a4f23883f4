"""`steelyard import entities|instruments|inspectors|…` and the templates, at the command line and over HTTP."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner, Result

from api.cli import main
from enforcement.importing.sheets import SHEETS
from tests.api.conftest import Bureau

A, B = "91330302MA2AAAAA0J", "91330302000000001K"
HEADER = "统一社会信用代码,名称,类型,行政区划代码\r\n"
GOOD, BAD = f"{A},瓯江粮油有限公司,企业,330302\r\n", f"{B},老王商行,商店,330302\r\n"
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Call the program in a folder of its own."""
    monkeypatch.setenv("STEELYARD_DATABASE_URL", f"sqlite:///{tmp_path}/ledger.db")
    monkeypatch.chdir(tmp_path)

    def call(*words: str, given: bytes | None = None) -> Result:
        return CliRunner().invoke(main, words, input=given)

    return call


def test_import_tells_what_became_of_every_row(run: Run, tmp_path: Path) -> None:
    (tmp_path / "e.csv").write_bytes((HEADER + GOOD + BAD).encode("gb18030"))
    result = run("import", "entities", "e.csv", "--json", "--as-of", "2026-11-01")
    report = orjson.loads(result.stdout)
    assert result.exit_code == 1
    assert (report["added"], report["rejected"], report["encoding"]) == (1, 1, "gb18030")
    assert report["errors"][0]["line"] == 3
    assert report["rejects"] == "e.csv.rejected.csv"
    assert "老王商行" in (tmp_path / "e.csv.rejected.csv").read_text("gb18030")


def test_second_import_is_all_unchanged(run: Run, tmp_path: Path) -> None:
    (tmp_path / "e.csv").write_text(HEADER + GOOD, "utf-8")
    first, second = (run("import", "entities", "e.csv") for _ in range(2))
    assert "1 added, 0 changed, 0 unchanged, 0 rejected; 1 events" in first.stdout
    assert "0 added, 0 changed, 1 unchanged, 0 rejected; 0 events" in second.stdout
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert not (tmp_path / "e.csv.rejected.csv").exists()


def test_rows_for_people_name_line_and_reason_in_both_languages(run: Run, tmp_path: Path) -> None:
    (tmp_path / "e.csv").write_text(HEADER + BAD, "utf-8")
    result = run("import", "entities", "e.csv", "--rejects", "bad.csv")
    assert f"line 2 ({B}): 类型: expected one of company" in result.stderr
    assert "类型：应为以下之一" in result.stderr
    assert "1 rows were rejected; they stand in bad.csv" in result.stderr


def test_pipe_is_imported_like_a_file(tmp_path: Path) -> None:
    """A real pipe: it cannot be read again from its beginning."""
    ended = subprocess.run(
        [sys.executable, "-m", "api.cli", "import", "entities", "-", "--json"],
        input=(HEADER + GOOD).encode(),
        env={**os.environ, "STEELYARD_DATABASE_URL": f"sqlite:///{tmp_path}/ledger.db"},
        capture_output=True,
        check=True,
    )
    assert orjson.loads(ended.stdout)["added"] == 1


def test_file_without_the_id_is_refused_in_a_sentence(run: Run, tmp_path: Path) -> None:
    (tmp_path / "e.csv").write_text("名称\r\n甲\r\n", "utf-8")
    result = run("import", "entities", "e.csv")
    assert result.exit_code == 1
    assert "missing columns: 统一社会信用代码" in result.stderr


def test_wrong_day_of_the_file_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "e.csv").write_text(HEADER + GOOD, "utf-8")
    for day in ("2026-13-01", "2999-01-01", "soon"):
        result = run("import", "entities", "e.csv", "--as-of", day)
        assert result.exit_code == 1
        assert "occurred" in result.stderr


@pytest.mark.parametrize("name", SHEETS)
def test_template_can_be_imported_as_printed(run: Run, tmp_path: Path, name: str) -> None:
    for encoding, mark in (("utf-8", "\ufeff"), ("gb18030", "")):
        printed = run("import", "template", name, "--encoding", encoding).stdout_bytes
        assert printed.decode(encoding) == mark + SHEETS[name].template()
        (tmp_path / "t.csv").write_bytes(printed)
        assert run("import", name, "t.csv").exit_code == 0


@pytest.mark.parametrize("name", SHEETS)
def test_template_is_served_as_a_file(shared: Bureau, name: str) -> None:
    answer = shared.get(f"/{name}/template")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}.csv"'
    assert answer.data.decode("utf-8-sig") == SHEETS[name].template()

"""The public ways to check a draw: open to everybody, whole, and without outside hosts."""

import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

from tests.api.conftest import Bureau
from tests.golden.draws import FOLDER


def test_the_single_file_is_served_as_it_is_and_runs(bureau: Bureau, tmp_path: Path) -> None:
    answer = bureau.app.test_client().get("/verify_draw.py")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == 'attachment; filename="verify_draw.py"'
    assert answer.data == files("enforcement.checks").joinpath("verify_draw.py").read_bytes()
    (tmp_path / "verify_draw.py").write_bytes(answer.data)
    command = [sys.executable, "-I", "-S", "verify_draw.py", str(FOLDER / "simple.json")]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True).returncode == 0


@pytest.mark.parametrize("name", ["verify_draw.js", "verify_page.js", "verify_page.css"])
def test_scripts_and_style_of_the_page_are_public(bureau: Bureau, name: str) -> None:
    answer = bureau.app.test_client().get(f"/draw/verify/{name}")
    assert answer.status_code == 200
    assert answer.data == files("api").joinpath("static", name).read_bytes()
    assert b"http://" not in answer.data
    assert b"https://" not in answer.data


def test_the_page_loads_nothing_from_elsewhere(bureau: Bureau) -> None:
    answer = bureau.app.test_client().get("/draw/verify")
    assert answer.status_code == 200
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    addresses = re.findall(r'(?:src|href)="([^"]*)"', answer.text)
    assert addresses
    assert all(address.startswith("/") for address in addresses)
    for address in addresses:
        assert bureau.app.test_client().get(address).status_code == 200


def test_the_page_says_what_a_transcript_does_not_prove(bureau: Bureau) -> None:
    text = bureau.app.test_client().get("/draw/verify").text
    assert "A transcript alone\nproves nothing" in text
    assert "计划哈希须与冻结时公布的一致" in text


def test_other_names_are_not_found(bureau: Bureau) -> None:
    assert bureau.app.test_client().get("/draw/verify/docs.js").status_code == 404

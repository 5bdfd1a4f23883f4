"""The documentation page in a real browser: it renders, and it asks nobody but us.

The browser resolves no name but our address, writes down every request, and prints the page as it stands after
its scripts have run.
"""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any, NamedTuple

import pytest

from api.cli_serve import listen
from tests.api.conftest import start

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    "--enable-logging=stderr",
    "--virtual-time-budget=60000",
    "--dump-dom",
)


class Seen(NamedTuple):
    """The page after its scripts, what the console said, and the addresses that the page asked for."""

    dom: str
    console: str
    requests: set[str]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    bureau = start(tmp_path_factory.mktemp("docs"))
    server = listen(bureau.app, bureau.services.settings, "127.0.0.1", 0, 4)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    bureau.services.close()


def visit(url: str, folder: Path) -> Seen:
    """Open a page and let its scripts run to their end."""
    browser = next(filter(None, map(shutil.which, NAMES)), None)
    if browser is None:
        pytest.skip("no Chromium found: install one (Debian, Ubuntu: apt-get install chromium)")
    log = folder / "requests.json"
    given = [f"--user-data-dir={folder / 'profile'}", f"--log-net-log={log}", url]
    done = subprocess.run([browser, *FLAGS, *given], capture_output=True, text=True, timeout=180, check=True)
    return Seen(done.stdout, done.stderr, by_the_page(json.loads(log.read_text(encoding="utf-8"))))


def by_the_page(log: dict[str, Any]) -> set[str]:
    """The addresses that the page asked for; the browser's own errands have no origin."""
    asked = (event.get("params", {}) for event in log["events"])
    return {
        found["url"]
        for found in asked
        if "url" in found and found.get("initiator", "not an origin") != "not an origin"
    }


def test_documentation_page_renders_from_this_host_alone(address: str, tmp_path: Path) -> None:
    seen = visit(f"{address}/docs", tmp_path)
    assert 'data-ready="yes"' in seen.dom
    assert "案件: cases from the clue to the archive" in seen.dom
    assert "The case register 案件登记簿" in visit(f"{address}/docs#/cases", tmp_path).dom
    names = (
        "docs/swagger-ui.css",
        "docs/swagger-ui-bundle.js",
        "docs/docs.css",
        "docs/docs.js",
        "openapi.json",
    )
    assert {f"{address}/{name}" for name in names} <= seen.requests
    assert all(url.startswith(f"{address}/") for url in seen.requests), seen.requests
    assert "Refused to" not in seen.console
    assert "violates the following Content Security Policy" not in seen.console


def test_union_of_all_steps_can_be_opened(address: str, tmp_path: Path) -> None:
    seen = visit(f"{address}/docs#/cases/cases_record", tmp_path)
    assert "Record a step of a case." in seen.dom
    assert "Idempotency-Key" in seen.dom
    assert all(url.startswith(f"{address}/") for url in seen.requests), seen.requests

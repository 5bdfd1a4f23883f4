"""The page that verifies a draw, in a real browser: it computes there, and asks nobody but us."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from api.cli_serve import listen
from tests.api.conftest import start
from tests.e2e.test_docs_page import visit
from tests.golden.draws import FOLDER

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]
CHANGED = b'"order":1'


def beside(app: Wsgi) -> Wsgi:
    """The application, and golden transcripts under /golden/, one of them changed."""

    def serve(environ: dict[str, Any], respond: Any) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if not path.startswith("/golden/"):
            return app(environ, respond)
        respond("200 OK", [("Content-Type", "application/json")])
        name = path.removeprefix("/golden/")
        content = (FOLDER / name.removeprefix("changed-")).read_bytes()
        return [content.replace(CHANGED, b'"order":2', 1) if name.startswith("changed-") else content]

    return serve


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    bureau = start(tmp_path_factory.mktemp("verify"))
    bureau.app.wsgi_app = beside(bureau.app.wsgi_app)  # type: ignore[assignment,method-assign]
    server = listen(bureau.app, bureau.services.settings, "127.0.0.1", 0, 4)
    Thread(target=server.run, daemon=True).start()
    yield f"http://127.0.0.1:{server.effective_port}"
    bureau.services.close()


def test_a_published_draw_is_verified_in_the_browser(address: str, tmp_path: Path) -> None:
    seen = visit(f"{address}/draw/verify?transcript=/golden/replaced.json", tmp_path)
    assert 'data-state="holds"' in seen.dom
    assert "核验一致" in seen.dom
    assert "compare the plan hash" in seen.dom
    assert all(url.startswith(f"{address}/") for url in seen.requests), seen.requests
    assert "Refused to" not in seen.console


def test_a_changed_draw_is_noticed_in_the_browser(address: str, tmp_path: Path) -> None:
    seen = visit(f"{address}/draw/verify?transcript=/golden/changed-replaced.json", tmp_path)
    assert 'data-state="differs"' in seen.dom
    assert "has order 2, not 1" in seen.dom


def test_another_plan_hash_is_noticed_in_the_browser(address: str, tmp_path: Path) -> None:
    seen = visit(f"{address}/draw/verify?transcript=/golden/simple.json&plan_hash={'0' * 64}", tmp_path)
    assert "the plan hash published was 000" in seen.dom


def test_a_transcript_of_another_host_is_not_fetched(address: str, tmp_path: Path) -> None:
    seen = visit(f"{address}/draw/verify?transcript=//localhost:9/x.json", tmp_path)
    assert 'data-state="failed"' in seen.dom
    assert "only transcripts of this host" in seen.dom

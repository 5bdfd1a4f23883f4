"""The health check of a container."""

import threading
from collections.abc import Iterator
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest

from api import probe
from api.exposing import exposed
from enforcement.settings import Settings


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def serving() -> Iterator[WSGIServer]:
    """A server that says at every address that it is well."""

    def well(environ: object, start: object) -> list[bytes]:
        start("200 OK" if environ["PATH_INFO"] == "/healthz" else "404 Not Found", [])  # type: ignore
        return [b""]

    with make_server("127.0.0.1", 0, well, handler_class=Quiet) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_an_api_that_answers_is_well(serving: WSGIServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEELYARD_PORT", str(serving.server_port))
    assert probe.main() == 0


def test_a_relay_is_asked_where_it_shows_its_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    with exposed(Settings.from_env({"STEELYARD_METRICS_PORT": "0"})) as port:
        monkeypatch.setenv("STEELYARD_METRICS_PORT", str(port))
        assert probe.main() == 0
    assert probe.main() == 1

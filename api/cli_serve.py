"""`steelyard serve`: the API over HTTP, and in the same process the thread that keeps the read models current.

On SIGTERM or Ctrl-C the requests at hand are finished and answered, the page at hand is applied, and everything is
closed. A kill at any moment loses nothing that was answered.
"""

import logging
import signal
from types import FrameType
from typing import Any, NoReturn

import click
from flask import Flask
from waitress.server import create_server

from api import logs, terminal
from api.app import create_app
from enforcement.settings import Settings

FLUSHES = 100


def listen(app: Flask, settings: Settings, host: str, port: int, threads: int) -> Any:
    """A waitress server that has bound its address."""
    return create_server(
        app,
        host=host,
        port=port,
        threads=threads,
        ident="steelyard",
        max_request_body_size=settings.max_body + 64 * 1024,
        channel_timeout=60,
    )


def serve(server: Any) -> None:
    """Serve until SIGTERM or Ctrl-C; waitress finishes running requests, then their answers are sent."""
    signal.signal(signal.SIGTERM, _end)
    server.run()
    for _ in range(FLUSHES):
        if not any(channel.total_outbufs_len for channel in list(server.active_channels.values())):
            break
        server.asyncore.loop(timeout=0.05, map=server._map, count=1)


def _end(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


@click.command("serve")
@click.option("--host", help="Address to listen on; default STEELYARD_HOST.")
@click.option(
    "--port", type=click.IntRange(0, 65535), help="Port; 0 takes a free one. Default STEELYARD_PORT."
)
@click.option(
    "--threads", type=click.IntRange(1, 256), default=8, show_default=True, help="Requests served at once."
)
def command(host: str | None, port: int | None, threads: int) -> None:
    """Serve the API, and keep the read models current in the same process.

    The documentation is at /docs, the OpenAPI document at /openapi.json, figures at /metrics. A second process on
    the same files serves too; one of them follows the ledger, and the other takes over when it ends.
    """
    settings = Settings.from_env()
    logs.configure(settings)
    with terminal.opened(follow=True) as services:
        services.keep_time()
        app = create_app(services)
        app.wsgi_app = logs.Logged(app.wsgi_app)  # type: ignore[method-assign]
        server = listen(
            app,
            settings,
            host or settings.host,
            settings.port if port is None else port,
            threads,
        )
        address = f"http://{server.effective_host}:{server.effective_port}"
        logging.getLogger("steelyard").info(
            "ledger %s at %s, documentation at %s/docs", settings.ledger_name, address, address
        )
        serve(server)

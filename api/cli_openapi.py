"""`steelyard openapi`: the OpenAPI document, without a server and without a database of one's own."""

import tempfile
from pathlib import Path

import click

from api.app import create_app
from api.context import DOCUMENT
from api.services import build
from enforcement.settings import Settings


@click.command("openapi")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Write to a file instead of the terminal."
)
def command(out: Path | None) -> None:
    """Print the OpenAPI 3.1 document of the API, as served at /openapi.json."""
    with tempfile.TemporaryDirectory() as folder:
        services = build(Settings.from_env({"STEELYARD_DATABASE_URL": f"sqlite:///{folder}/none.db"}))
        try:
            document: bytes = create_app(services).extensions[DOCUMENT]
        finally:
            services.close()
    if out is None:
        click.echo(document)
    else:
        out.write_bytes(document)

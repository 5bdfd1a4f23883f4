"""`steelyard streams`: what goes on the topics, and whether it is there."""

from pathlib import Path

import click

from api.cli_topics import again, replay_part, verify
from api.services import asyncapi
from enforcement.settings import Settings


@click.group("streams")
def command() -> None:
    """The topics in Kafka: their contract, and what they hold."""


@command.command("asyncapi")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Write to a file instead of the terminal."
)
def contract(out: Path | None) -> None:
    """Print the AsyncAPI 3.0 document of the topics, as served at /asyncapi.json.

    One file with every topic, message, header and schema; it needs neither a ledger nor a broker.
    """
    found = asyncapi(Settings.from_env())
    if out is None:
        click.echo(found)
    else:
        out.write_bytes(found)


for each in (verify, replay_part, again):
    command.add_command(each)

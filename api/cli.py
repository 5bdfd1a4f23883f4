"""The command `steelyard`: one group, each command in a file of its own, loaded when it is called.

Settings are read once, here; a bad one ends the program with a sentence and exit code 2. Every domain error ends
it with its sentence and exit code 1, never with a traceback.
"""

import importlib
import importlib.util
import sys
from typing import Any

import click

from enforcement.errors import SettingsError, SteelyardError

COMMANDS = {
    "serve": "api.cli_serve",
    "demo": "api.cli_demo",
    "import": "api.cli_import",
    "checks": "api.cli_checks",
    "draw": "api.cli_draw",
    "pool": "api.cli_pool",
    "case": "api.cli_case",
    "policy": "api.cli_policy",
    "credit": "api.cli_credit",
    "projections": "api.cli_projections",
    "ledger": "api.cli_ledger",
    "relay": "api.cli_relay",
    "project": "api.cli_project",
    "status": "api.cli_status",
    "streams": "api.cli_streams",
    "db": "api.cli_db",
    "keys": "api.cli_keys",
    "receipt": "api.cli_receipt",
    "redaction": "api.cli_redaction",
    "token": "api.cli_token",
    "openapi": "api.cli_openapi",
}
"""Each module has a click command named `command`."""


class Lazy(click.Group):
    """Finds its commands by name and imports only the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for name, module in COMMANDS.items() if importlib.util.find_spec(module)]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in self.list_commands(ctx):
            return None
        command: click.Command = importlib.import_module(COMMANDS[name]).command
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except SettingsError as error:
            click.echo(f"steelyard: {error.message.en}", err=True)
            ctx.exit(2)
        except SteelyardError as error:
            click.echo(f"steelyard: {error.message.en}", err=True)
            ctx.exit(1)


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="steelyard", prog_name="steelyard")
def main() -> None:
    """杆秤 Steelyard: the ledger of a market supervision bureau.

    Every change is an event in one ledger; the penalty procedure of the statute decides what may be recorded,
    and read models answer questions. Everything is configured by STEELYARD_… variables.

    \b
    First steps:
      steelyard demo                     import real cases and serve them
      steelyard serve                    serve the ledger of STEELYARD_DATABASE_URL
      steelyard token --role handler     a token for the API
      steelyard case list --overdue      what is late
    """


if __name__ == "__main__":
    sys.exit(main())

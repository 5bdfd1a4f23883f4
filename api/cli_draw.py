"""`steelyard draw`: compute a draw without a ledger, and verify the transcript of one.

What a command computes goes to standard output, what it has to say to standard error.
"""

import json
import sys
from typing import Any, BinaryIO

import click

from api import terminal
from enforcement.canonical import jcs
from enforcement.checks import campaign_files, transcript, verify_draw

NOT_STAFFED = 3
"""Exit code of a draw that cannot be staffed: its transcript is written all the same."""


@click.group("draw")
def command() -> None:
    """The verifiable draw (`steelyard-draw-1`): the same input gives the same draw, on any machine."""


@command.command("compute")
@click.argument("file", type=click.File("rb"))
@click.pass_context
def compute(ctx: click.Context, file: BinaryIO) -> None:
    """Compute the transcript of a draw from its input; - reads standard input. No ledger is opened.

    FILE is a JSON document with `freeze`, `reveals`, `public_text`, `objects`, `inspectors` and `conflicts`, for
    rehearsals, and for those who compare another implementation. The transcript is written as canonical JSON
    (RFC 8785).

    \b
    Exit codes: 0  drawn and staffed
                1  the input is refused: the sentence names the first breach, there is no transcript
                3  drawn, but cannot be staffed: the transcript says what blocks
    """
    found = transcript.compute(transcript.read(file.read()))
    sys.stdout.buffer.write(jcs(found))
    if found["failed"]:
        click.echo(f"steelyard: the draw cannot be staffed: {_blocking(found['failed'])}", err=True)
        ctx.exit(NOT_STAFFED)


@command.command("transcript")
@click.argument("id")
def published(id: str) -> None:
    """Write the transcript of a campaign's draw, whole, as canonical JSON: for auditors and for the bureau's archive.

    What the API publishes is the same, with null for the lists where the item is confidential.
    """
    with terminal.opened() as services:
        it = services.ledger.campaign(id)
        positions = dict(services.ledger.recorder.positions(id))
        sys.stdout.buffer.write(jcs(campaign_files.transcript(services.files, it, positions)))


@command.command("verify")
@click.argument("file", type=click.File("rb"))
@click.option("--plan-hash", help="The plan hash published at the freeze: the transcript's must be the same.")
@terminal.as_json
@click.pass_context
def verify(ctx: click.Context, file: BinaryIO, plan_hash: str | None, as_json: bool) -> None:
    """Compute a published transcript again and say in a sentence what differs; - reads standard input.

    Ends with 1 where something differs. The same check without this program: `verify_draw.py`, one file, which
    the API serves at /verify_draw.py, and the page /draw/verify.
    """
    report = verify_draw.verify(file.read(), plan_hash)
    if as_json:
        terminal.emit(report._asdict())
    else:
        click.echo("\n".join(report.lines()))
    ctx.exit(1 if report.difference else 0)


def _blocking(failed: dict[str, Any]) -> str:
    objects, inspectors = len(failed["objects"]), len(failed["inspectors"])
    removed = json.dumps(failed["removed"])
    return (
        f"{objects} objects need {failed['needed']} places, their {inspectors} eligible inspectors have "
        f"{failed['available']} (pairs removed: {removed})"
    )

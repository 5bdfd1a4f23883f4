"""`steelyard redaction`: check a redacted copy of a report's text, with nothing but the ledger's public key."""

from typing import BinaryIO, TextIO

import click

from api import terminal
from api.cli_receipt import held, vkeys
from enforcement.audit.receipts import check
from enforcement.audit.signing import PublicKey
from enforcement.reports.redaction.copies import CopyFails
from enforcement.reports.redaction.proof import Proved, check_filing, verify


@click.group("redaction")
def command() -> None:
    """Redacted copies of a report's text."""


@command.command("verify")
@click.argument("file", type=click.File("rb"))
@vkeys
@click.option("--opening", "openings", multiple=True, type=click.File("rb"), help="A hidden segment, opened.")
@click.option(
    "--filed", type=click.File("r", encoding="utf-8"), help="The receipt of the filing: was it this text?"
)
@click.option("--ledger", is_flag=True, help="Also look whether this ledger still holds the redaction.")
@terminal.as_json
@click.pass_context
def verify_copy(
    ctx: click.Context,
    file: BinaryIO,
    keys: list[PublicKey],
    openings: tuple[BinaryIO, ...],
    filed: TextIO | None,
    ledger: bool,
    as_json: bool,
) -> None:
    """Check a redacted copy (`-` is standard input): recorded by the ledger, and nothing shown was changed.

    Ends with 1 where it does not hold. Needs no ledger and no network. What a hidden segment says is proved by its
    opening, which a custodian hands out; that the text is the one that was filed, by the reporter's own receipt.

    \b
    Example:
      steelyard redaction verify copy.json --opening segment-1.json --vkey 'steelyard.local/ledgers/wenzhou+f61b…'
    """
    try:
        raw = file.read()
        found = verify(raw, keys, [opening.read() for opening in openings])
        if filed is not None:
            check_filing(raw, filed.read().rstrip() + "\n", keys)
        if ledger and not held(check(found.receipt, keys)):
            raise CopyFails("the ledger holds another event at this position, or none")
    except (CopyFails, UnicodeDecodeError) as error:
        click.echo(f"the copy does not hold: {error}", err=True)
        ctx.exit(1)
    _say(found, as_json)


def _say(found: Proved, as_json: bool) -> None:
    if as_json:
        shown = {name: value for name, value in found._asdict().items() if name not in ("receipt", "opened")}
        opened = [{"segment": number, "text": text} for number, text in found.opened.items()]
        terminal.emit({**shown, "opened": opened})
        return
    click.echo(
        f"the copy holds: {found.part} of event {found.event} of {found.report}, redacted {found.recorded} "
        f"at position {found.position} of {found.ledger}; {found.hidden} of {found.segments} segments are hidden"
    )
    for number, text in found.opened.items():
        click.echo(f"segment {number} says: {text}")

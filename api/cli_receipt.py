"""`steelyard receipt`: check a signed receipt, with nothing but the ledger's public key."""

import hashlib
from typing import TextIO

import click

from api import terminal
from enforcement import envelope
from enforcement.audit.receipts import SignedReceipt, check
from enforcement.audit.signing import NotSigned, PublicKey


@click.group("receipt")
def command() -> None:
    """Signed receipts, as a reporter is given one."""


def keys_of(_ctx: click.Context, _param: click.Parameter, given: tuple[str, ...]) -> list[PublicKey]:
    """The public keys that an option names."""
    try:
        return [PublicKey.of(vkey) for vkey in given]
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


vkeys = click.option(
    "--vkey",
    "keys",
    multiple=True,
    required=True,
    callback=keys_of,
    help="The ledger's public key; several may do.",
)


@command.command("verify")
@click.argument("file", type=click.File("r", encoding="utf-8"))
@vkeys
@click.option("--ledger", is_flag=True, help="Also look whether this ledger still holds the event.")
@terminal.as_json
@click.pass_context
def verify(ctx: click.Context, file: TextIO, keys: list[PublicKey], ledger: bool, as_json: bool) -> None:
    """Check a receipt (`-` is standard input): signed by the key, and what it says.

    Ends with 1 where it does not hold. Needs no ledger and no network; with --ledger the event at its position is
    compared with its digest.

    \b
    Example:
      steelyard receipt verify receipt.txt --vkey 'steelyard.local/ledgers/wenzhou+f61b…+AT5…'
    """
    try:
        receipt = check(file.read().rstrip() + "\n", keys)  # copied by hand, it ends as the clipboard likes
        if ledger and not held(receipt):
            raise NotSigned("the ledger holds another event at this position, or none")
    except (NotSigned, UnicodeDecodeError) as error:
        click.echo(f"the receipt does not hold: {error}", err=True)
        ctx.exit(1)
    if as_json:
        terminal.emit(receipt._asdict())
    else:
        click.echo(
            f"the receipt holds: recorded {receipt.recorded} at position {receipt.position} of {receipt.origin}"
        )


def held(receipt: SignedReceipt) -> bool:
    """Whether this ledger holds the event of a receipt, with its digest."""
    with terminal.opened() as services:
        for row in services.ledger.recorder.at([receipt.position]):
            position, id, version, topic, state = row
            rendered = envelope.render(services.settings.ledger_name, id, version, topic, state, position)
            return hashlib.sha256(rendered).hexdigest() == receipt.digest
    return False

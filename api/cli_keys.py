"""`steelyard keys`: the keys of sealed data and the bureau's key over them, and the ledger's public key."""

import click

from api import terminal


@click.group("keys")
def command() -> None:
    """Keys: rotate the one that wraps the keys of sealed data; show the ledger's public key."""


@command.command("rotate")
def rotate() -> None:
    """Wrap every key of sealed data by the bureau's current key.

    Where that key is in STEELYARD_SEAL_KEY_FILE, a new one is made first and the old one dropped at the end. Where it
    is in STEELYARD_SEAL_KEY, put the new one before the old, restart, run this, then take the old one out. Backups
    made before hold keys that nothing can unwrap any more – those of erased reports among them. An interrupted run
    is run again.
    """
    with terminal.opened() as services:
        done = services.vault.rotate()
    click.echo(f"{done} keys are wrapped by the current key")


@command.command("sweep")
def sweep() -> None:
    """Destroy every key whose erasure the ledger has recorded.

    Every server does it when it starts. Run it after a vault was restored from a backup beside a running server: an
    erased reporter stays erased.
    """
    with terminal.opened() as services:
        done = services.desk().finish_erasures()
    click.echo(f"{done} erasures were finished")


@command.command("public")
@terminal.as_json
def public(as_json: bool) -> None:
    """Print the ledger's public key (vkey), with which receipts and heads are checked; made on first use."""
    with terminal.opened() as services:
        vkey = services.signing_key().vkey
    if as_json:
        terminal.emit({"vkey": vkey})
    else:
        click.echo(vkey)

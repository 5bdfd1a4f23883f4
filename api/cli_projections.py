"""`steelyard projections`: how the read models are, what they could not take, and how one is built anew."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import click
from rich.console import Console
from rich.progress import Progress

from api import terminal
from api.services import Services
from enforcement.store import open_recorder
from projections.operations import Operations
from projections.parking import Retried
from projections.registry import PROJECTIONS

NAMES = click.Choice(sorted(PROJECTIONS))


@click.group("projections")
def command() -> None:
    """The read models: list, parked events, rebuild beside the live version.

    \b
    A rebuild in four steps, while readers go on with the live version:
      steelyard projections rebuild cases       fills version 2 beside version 1
      steelyard projections compare cases 2     row counts and digests at the same position
      steelyard projections flip cases 2        readers use version 2
      steelyard projections drop cases 1        the old one goes
    """


@contextmanager
def _operations(workers: int = 1) -> Iterator[tuple[Services, Operations]]:
    with terminal.opened() as services:
        opener = partial(open_recorder, services.settings.recorder_env())
        given = (PROJECTIONS, services.reads, services.log(), services.clock)
        yield services, Operations(*given, opener=opener, workers=workers, partitions=services.partitions)


@command.command("list")
@terminal.as_json
def listing(as_json: bool) -> None:
    """How far each read model is, how far behind, what is parked, and its versions."""
    with _operations() as (_, operations):
        found = operations.overview()
    if as_json:
        terminal.emit([{**vars(each.health), "versions": each.versions} for each in found])
        return
    columns = ("projection", "live", "position", "behind", "seconds", "parked", "held", "versions")
    rows = [
        (
            h.projection,
            h.version,
            h.position,
            h.events_behind,
            round(h.seconds_behind, 1),
            h.parked,
            h.held,
            ", ".join(f"{v.version} {v.state}" for v in each.versions),
        )
        for each in found
        for h in (each.health,)
    ]
    terminal.show_table("", columns, rows)


@command.command("parked")
@click.argument("name", type=NAMES)
@terminal.as_json
def parked(name: str, as_json: bool) -> None:
    """The events that a read model could not take, and those held back behind them."""
    with _operations() as (_, operations):
        found = operations.parked(name)
    if as_json:
        terminal.emit(found)
        return
    columns = ("position", "aggregate", "type", "held", "attempts", "since", "error")
    rows = [(e.position, e.aggregate, e.topic, e.held, e.attempts, e.since, e.error) for e in found]
    terminal.show_table(f"{len(found)} parked", columns, rows)


@command.command("retry")
@click.argument("name", type=NAMES)
@click.argument("aggregate")
@terminal.as_json
def retry(name: str, aggregate: str, as_json: bool) -> None:
    """Apply again what is parked of an aggregate, in order, as far as it goes."""
    with _operations() as (_, operations):
        _tell(operations.retry(name, aggregate), as_json)


@command.command("discard")
@click.argument("name", type=NAMES)
@click.argument("position", type=click.IntRange(1))
@click.option("--reason", required=True, help="Why; it is recorded in the ledger.")
@terminal.acting("bureau_system")
@terminal.as_json
def discard(name: str, position: int, reason: str, actor: str, role: str, as_json: bool) -> None:
    """Give up a parked event in one read model for good. The event itself stays in the ledger."""
    with _operations() as (services, operations):
        officer = terminal.who(actor, role)
        record = partial(services.ledger.record_discard, officer)
        _tell(operations.discard(name, position, reason, actor, record), as_json)


def _tell(found: Retried, as_json: bool) -> None:
    if as_json:
        terminal.emit(found)
    else:
        click.echo(
            f"{found.applied} applied, {found.left} still parked"
            + (f": {found.error}" if found.error else "")
        )


@command.command("rebuild")
@click.argument("name", type=NAMES)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="Processes that share the work.",
)
@terminal.as_json
def rebuild(name: str, workers: int, as_json: bool) -> None:
    """Fill a new version from the ledger beside the live one. A fill that was killed goes on where it was."""
    with (
        _operations(workers) as (_, operations),
        Progress(console=Console(stderr=True), transient=True) as progress,
    ):
        task = progress.add_task(f"fill {name}", total=None)
        version = operations.rebuild(
            name, lambda done, total: progress.update(task, completed=done, total=total)
        )
    if as_json:
        terminal.emit({"projection": name, "version": version})
    else:
        click.echo(f"version {version} of {name} is filled; compare it, then flip")


@command.command("compare")
@click.argument("name", type=NAMES)
@click.argument("version", type=click.IntRange(1))
@terminal.as_json
@click.pass_context
def compare(ctx: click.Context, name: str, version: int, as_json: bool) -> None:
    """Compare a filled version with the live one, table by table, at the same position.

    Ends with 1 where they differ.
    """
    with _operations() as (_, operations):
        found = operations.compare(name, version)
    if as_json:
        terminal.emit({**vars(found), "differing": found.differing})
    else:
        rows = [
            (t.table, t.rows, t.digest[:16], "differs" if t.table in found.differing else "same")
            for t in found.tables
        ]
        terminal.show_table(
            f"version {version} at position {found.position}", ("table", "rows", "digest", ""), rows
        )
    ctx.exit(0 if found.same else 1)


@command.command("flip")
@click.argument("name", type=NAMES)
@click.argument("version", type=click.IntRange(1))
def flip(name: str, version: int) -> None:
    """Let readers use another version, in one transaction."""
    with _operations() as (_, operations):
        operations.flip(name, version)
    click.echo(f"version {version} of {name} is live")


@command.command("drop")
@click.argument("name", type=NAMES)
@click.argument("version", type=click.IntRange(1))
def drop(name: str, version: int) -> None:
    """Remove a version that readers do not use."""
    with _operations() as (_, operations):
        operations.drop(name, version)
    click.echo(f"version {version} of {name} is gone")

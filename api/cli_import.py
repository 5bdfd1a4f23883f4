"""`steelyard import`: published records from a file into the ledger.

What the command prints goes to standard output, its progress to standard error, and the exit code is 1 when a line
was rejected, whatever else went in.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import BinaryIO

import click
from rich.console import Console
from rich.progress import Progress

from api import cli_import_registers, terminal
from api.services import now
from enforcement.importing.cases import CASES
from enforcement.importing.importer import Importer, Report
from enforcement.importing.netcontents import NETCONTENT
from enforcement.importing.published import Format
from enforcement.importing.spotchecks import SPOTCHECKS
from enforcement.ledger import Ledger
from enforcement.registry.identity import Identity
from enforcement.settings import Settings


@click.group("import")
def command() -> None:
    """Bring records that were published or kept elsewhere into the ledger."""


for each in cli_import_registers.commands():
    command.add_command(each)


@command.command("cases")
@click.argument("file", type=click.File("rb"))
@terminal.as_json
@click.pass_context
def cases(ctx: click.Context, file: BinaryIO, as_json: bool) -> None:
    """Import published cases, one JSON object a line; - reads standard input.

    Every step becomes the event that it was, in the precision of its date, and what does not fit the statute
    becomes a finding of the case. A line that cannot be read – not JSON, an unknown step, an impossible date, a bad
    code – is reported with its number, the rest goes in, and the exit code is 1.

    Running it again changes nothing. A record that is in the ledger with other content is rejected. The findings
    that are counted are those of the file's cases as they stand in the ledger afterwards.
    """
    _run(ctx, file, as_json, CASES)


@command.command("spotchecks")
@click.argument("file", type=click.File("rb"))
@terminal.as_json
@click.pass_context
def spotchecks(ctx: click.Context, file: BinaryIO, as_json: bool) -> None:
    """Import published spot checks 抽查, one JSON object a line; - reads standard input.

    Each becomes a campaign that was held elsewhere: it has no transcript and says so. Figures that do not add up –
    a ratio, a share, a sum, more drawn than there are – become findings. Otherwise as with cases.
    """
    _run(ctx, file, as_json, SPOTCHECKS)


@command.command("netcontent")
@click.argument("file", type=click.File("rb"))
@terminal.as_json
@click.pass_context
def netcontent(ctx: click.Context, file: BinaryIO, as_json: bool) -> None:
    """Import published checks of net content 定量包装商品净含量, one JSON object a line; - reads standard input.

    Single lots and totals of a year. A verdict is taken only where the source states it; figures that do not add up
    become findings. Otherwise as with cases.
    """
    _run(ctx, file, as_json, NETCONTENT)


def _run(ctx: click.Context, file: BinaryIO, as_json: bool, format: Format) -> None:
    """One file of one format; exit code 1 when a line was rejected."""
    with ledger(Settings.from_env()) as opened, progress(file, show=not as_json) as told:
        report = Importer(opened, told, format=format).run(file)
    if as_json:
        terminal.emit(report.json())
    else:
        show(report)
    ctx.exit(1 if report.errors else 0)


@contextmanager
def ledger(settings: Settings) -> Iterator[Ledger]:
    """The ledger alone: read models catch up when they are next followed."""
    opened = Ledger(settings.recorder_env(), Identity(settings.ledger_name, settings.origin), now)
    try:
        yield opened
    finally:
        opened.close()


@contextmanager
def progress(file: BinaryIO, show: bool) -> Iterator[Callable[[int], None]]:
    """A bar on standard error, where somebody is looking."""
    if not (show and sys.stderr.isatty()):
        yield lambda _: None
        return
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("importing", total=_size(file))
        yield lambda done: bar.update(task, completed=done)


def _size(file: BinaryIO) -> int | None:
    """The bytes of the file; None for a pipe."""
    try:
        return os.fstat(file.fileno()).st_size or None
    except OSError:
        return None


def show(report: Report, of: str = "") -> None:
    """The report for people; `of`: which records, where there are several files."""
    click.echo(
        f"{of}{report.read} read: {report.accepted} accepted ({report.events} events), {report.unchanged} unchanged, "
        f"{len(report.errors)} rejected"
    )
    if report.findings:
        terminal.show_table(
            "findings", ("count", "kind"), [(n, kind) for kind, n in report.findings.most_common()]
        )
    for error in report.errors:
        of = f" ({error.id})" if error.id else ""
        click.echo(f"line {error.line}{of}: {error.reason.en} · {error.reason.zh}", err=True)
    if report.errors:
        click.echo(f"{len(report.errors)} of {report.read} records were rejected", err=True)

"""`steelyard import entities|instruments|inspectors|…`: every register as CSV, and the templates to fill in.

What the command prints goes to standard output, its progress to standard error, and the exit code is 1 when a row was
rejected, whatever else went in.
"""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import click

from api import terminal
from enforcement.importing.register_importer import RegisterImporter, Report
from enforcement.importing.rejects import Rejects
from enforcement.importing.sheet import Sheet
from enforcement.importing.sheets import SHEETS
from enforcement.settings import Settings

HELP = """Import {what} from CSV; - reads standard input.

UTF-8 and GB18030 are told apart; the header is in Chinese or English, its columns in any order; `steelyard import
template {name}` prints one. What is not registered yet is registered, what differs is recorded as a change, an empty
cell says nothing. Running it again changes nothing.

A row that cannot be taken – a wrong check character, an impossible date, an id that stands in the file twice – is told
with its line and reason and written to the reject file, ready to be put right and imported; the rest goes in, and the
exit code is 1."""
WHAT = {
    "entities": "businesses 经营主体",
    "instruments": "instruments 计量器具",
    "inspectors": "inspectors 执法检查人员",
    "products": "products 产品",
    "stalls": "stalls 摊位",
    "relations": "relations 关联关系",
}


def commands() -> Iterator[click.Command]:
    """One command a register, and the templates."""
    for sheet in SHEETS.values():
        yield _command(sheet)
    yield template


def _command(sheet: Sheet) -> click.Command:
    @click.command(sheet.name, help=HELP.format(what=WHAT[sheet.name], name=sheet.name))
    @click.argument("file", type=click.File("rb"))
    @click.option("--as-of", "as_of", metavar="DAY", help="The day on which the file was right, YYYY-MM-DD.")
    @click.option("--rejects", metavar="PATH", help="Where rejected rows go.  [default: FILE.rejected.csv]")
    @terminal.as_json
    @click.pass_context
    def run(
        ctx: click.Context, file: BinaryIO, as_of: str | None, rejects: str | None, as_json: bool
    ) -> None:
        path = Path(rejects or ("rejected.csv" if file.name == "<stdin>" else f"{file.name}.rejected.csv"))
        report = _imported(sheet, file, as_of, path, show=not as_json)
        if as_json:
            terminal.emit({**report.json(), "rejects": str(path) if report.rejected else None})
        else:
            _show(report, path)
        ctx.exit(1 if report.rejected else 0)

    return run


def _imported(sheet: Sheet, file: BinaryIO, as_of: str | None, path: Path, show: bool) -> Report:
    from api.cli_import import ledger, progress

    with (
        ledger(Settings.from_env()) as opened,
        progress(file, show) as told,
        _again(file) as source,
        Rejects(path) as rejects,
    ):
        importer = RegisterImporter(
            opened,
            sheet,
            source,
            occurred=as_of,
            told=told,
            rejected=lambda row, fault: rejects.take(importer.csv, row, fault),
        )
        return importer.run()


@contextmanager
def _again(file: BinaryIO) -> Iterator[BinaryIO]:
    """The file, or a copy of what comes through a pipe: its beginning is read twice, to tell the encoding."""
    if file.seekable():
        yield file
        return
    with tempfile.TemporaryFile() as copy:
        shutil.copyfileobj(file, copy)
        copy.seek(0)
        yield copy


def _show(report: Report, path: Path) -> None:
    """The report for people."""
    click.echo(
        f"{report.read} rows read ({report.encoding}): {report.added} added, {report.changed} changed, "
        f"{report.unchanged} unchanged, {report.rejected} rejected; {report.events} events"
    )
    if report.ignored:
        click.echo(f"columns not used: {', '.join(report.ignored)}", err=True)
    for error in report.errors:
        of = f" ({error.id})" if error.id else ""
        click.echo(f"line {error.line}{of}: {error.reason.en} · {error.reason.zh}", err=True)
    if report.rejected:
        click.echo(f"{report.rejected} rows were rejected; they stand in {path}", err=True)


@click.command("template")
@click.argument("register", type=click.Choice(list(SHEETS)))
@click.option("--encoding", type=click.Choice(["utf-8", "gb18030"]), default="utf-8", show_default=True)
def template(register: str, encoding: str) -> None:
    """Print the CSV to fill in for a register: its columns and an example row.

    UTF-8 comes with a byte order mark, so that spreadsheets show the Chinese; older programs may want GB18030.
    Columns that you do not know can be left out; a new row needs those that the register cannot do without.
    """
    mark = "\ufeff" if encoding == "utf-8" else ""
    sys.stdout.buffer.write((mark + SHEETS[register].template()).encode(encoding))

"""`steelyard ledger`: what is in the ledger, whether it is whole, and all of it as envelopes."""

from collections.abc import Iterator
from typing import Any, BinaryIO

import click
import orjson
from rich.console import Console
from rich.progress import Progress

from api import terminal
from api.services import Services
from enforcement import envelope
from enforcement.events import known, live
from enforcement.store import Stored

PAGE = 5000


@click.group("ledger")
def command() -> None:
    """The ledger itself: head, events, check, export. Nothing here changes anything."""


@command.command("head")
@terminal.as_json
def head(as_json: bool) -> None:
    """The position of the last event, and how many events there are."""
    with terminal.opened() as services:
        recorder, settings = services.ledger.recorder, services.settings
        found = {
            "ledger": settings.ledger_name,
            "origin": settings.origin,
            "position": recorder.head(),
            "events": recorder.count(),
        }
    if as_json:
        terminal.emit(found)
    else:
        click.echo(f"{found['ledger']}: {found['events']} events, head at position {found['position']}")


@command.command("events")
@click.option(
    "--after", type=click.IntRange(0), default=0, show_default=True, help="Begin behind this position."
)
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="At most so many.")
@click.option("--of", "aggregate", help="Only those of one aggregate, such as case-….")
@terminal.as_json
def events(after: int, limit: int, aggregate: str | None, as_json: bool) -> None:
    """List events in the order of their positions; with --json one envelope a line."""
    with terminal.opened() as services:
        found = _some(services, after, limit, aggregate)
        if as_json:
            terminal.emit_lines(found)
            return
    rows = [
        (
            e["sequence"].lstrip("0"),
            e["source"].rsplit("/", 1)[1],
            e["aggregateversion"],
            e["type"].removeprefix("steelyard.").rsplit(".", 1)[0],
            e["data"].get("occurred"),
            e["recordedtime"],
            e["actor"],
            e["actorrole"],
        )
        for e in found
    ]
    columns = ("position", "aggregate", "version", "type", "occurred", "recorded", "actor", "role")
    terminal.show_table("", columns, rows)


def _some(services: Services, after: int, limit: int, aggregate: str | None) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for row in _rows(services, after):
        if aggregate is None or row[1] == aggregate:
            found.append(orjson.loads(_rendered(services, row)))
        if len(found) == limit:
            break
    return found


@command.command("export")
@click.argument("file", type=click.File("wb"))
@click.option("--after", type=click.IntRange(0), default=0, help="Begin behind this position.")
def export(file: BinaryIO, after: int) -> None:
    """Write every event's envelope (CloudEvents, canonical JSON), one a line; `-` is standard output."""
    with terminal.opened() as services, _progress() as progress:
        task = progress.add_task("export", total=services.ledger.head())
        for row in _rows(services, after):
            file.write(_rendered(services, row) + b"\n")
            progress.update(task, completed=row[0])


@command.command("verify")
@terminal.as_json
@click.pass_context
def verify(ctx: click.Context, as_json: bool) -> None:
    """Read the whole ledger and check it: positions ascend, versions have no gap, every event can be read.

    Ends with 1 where something is wrong.
    """
    with terminal.opened() as services, _progress() as progress:
        check = Check(services)
        task = progress.add_task("verify", total=services.ledger.head())
        for row in _rows(services, 0):
            check.take(row)
            progress.update(task, completed=row[0])
        found = check.result()
    if as_json:
        terminal.emit(found)
    else:
        click.echo(f"{found['events']} events of {found['aggregates']} aggregates, head at {found['head']}")
        for fault in found["faults"]:
            click.echo(f"fault: {fault}")
        click.echo("faults were found" if found["faults"] else "the ledger is whole")
    ctx.exit(1 if found["faults"] else 0)


class Check:
    """Every row once, in order; keeps the last version of each aggregate."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.events = self.last = self.unknown = 0
        self.versions: dict[str, int] = {}
        self.faults: list[str] = []

    def take(self, row: Stored) -> None:
        """Check one row against those before it."""
        position, aggregate, version, topic, _ = row
        self.events += 1
        self.unknown += known(topic) is None
        expected = self.versions.get(aggregate, 0) + 1
        if position <= self.last:
            self.faults.append(f"position {position} follows {self.last}")
        if version != expected:
            self.faults.append(f"position {position}: {aggregate} has version {version}, expected {expected}")
        self._read(row)
        self.last, self.versions[aggregate] = position, version

    def _read(self, row: Stored) -> None:
        try:
            state = orjson.loads(row[4])
            _rendered(self.services, row)
            cls = known(row[3])
            if cls is not None:
                live(cls, row[1], row[2], state)
        except Exception as error:
            self.faults.append(f"position {row[0]}: {row[3]} cannot be read: {type(error).__name__}: {error}")

    def result(self) -> dict[str, Any]:
        """What was found."""
        if self.events != self.services.ledger.recorder.count():
            self.faults.append(
                f"{self.events} events were read, {self.services.ledger.recorder.count()} are counted"
            )
        return {
            "events": self.events,
            "aggregates": len(self.versions),
            "head": self.last,
            "unknown_types": self.unknown,
            "faults": self.faults,
        }


def _rows(services: Services, after: int) -> Iterator[Stored]:
    """Every stored row behind a position, up to the head at the beginning."""
    upto = services.ledger.head()
    while page := services.ledger.recorder.rows(after, PAGE, upto):
        yield from page
        after = page[-1][0]


def _rendered(services: Services, row: Stored) -> bytes:
    position, aggregate, version, topic, state = row
    return envelope.render(services.settings.ledger_name, aggregate, version, topic, state, position)


def _progress() -> Progress:
    return Progress(console=Console(stderr=True), transient=True)

"""`steelyard status`: where everything is, in one table – ledger, relay, read models.

Read from the databases alone, so it answers while the broker, the relay or every worker is away.
"""

import threading
from contextlib import suppress
from typing import Any

import click

from api import terminal
from api.services import Services
from projections.health import head
from projections.operations import Listed, Operations
from projections.registry import PROJECTIONS

WATCH_SECONDS = 2.0
COLUMNS = ("", "position", "events behind", "seconds behind", "parked", "held", "versions", "state")
FIGURES = (
    "projection",
    "version",
    "position",
    "events_behind",
    "seconds_behind",
    "parked",
    "held",
    "skipped",
)


@click.command("status")
@terminal.as_json
@click.option("--watch", is_flag=True, help="Show it again every two seconds, until it is interrupted.")
def command(as_json: bool, watch: bool) -> None:
    """Show ledger head, relay, and each read model: how far, how far behind, what is parked, which versions.

    Asks the databases and no other process. With --json and --watch there is one document a line.
    """
    pause = threading.Event()
    with terminal.opened() as services, suppress(KeyboardInterrupt):
        show(services, as_json, watch)
        while watch:
            pause.wait(WATCH_SECONDS)
            show(services, as_json, watch)


def show(services: Services, as_json: bool, again: bool) -> None:
    """The state of this moment."""
    found = status(services)
    if as_json and again:
        terminal.emit_lines([found])
    elif as_json:
        terminal.emit(found)
    else:
        if again:
            click.clear()
        terminal.show_table("", COLUMNS, rows(found))


def status(services: Services) -> dict[str, Any]:
    """Everything, as programs read it; `relay` is null where none was ever set up."""
    top, relay = head(services.log()), services.relay()
    operations = Operations(
        PROJECTIONS, services.reads, services.log(), services.clock, partitions=services.partitions
    )
    return {
        "ledger": {"name": services.settings.ledger_name, "position": top.position, "moved": top.moved},
        "relay": relay and {**vars(relay), "topics": [vars(topic) for topic in relay.topics]},
        "projections": [_projection(listed) for listed in operations.overview()],
    }


def _projection(listed: Listed) -> dict[str, Any]:
    figures = {name: getattr(listed.health, name) for name in FIGURES}
    return figures | {"versions": [vars(version) for version in listed.versions]}


def rows(found: dict[str, Any]) -> list[tuple[Any, ...]]:
    """The same for people: a line for the ledger, each topic and each read model."""
    ledger, relay = found["ledger"], found["relay"]
    moved = f"last event {ledger['moved']}" if ledger["moved"] else "empty"
    table: list[tuple[Any, ...]] = [(f"ledger {ledger['name']}", ledger["position"], *[None] * 5, moved)]
    if relay:
        said = " ".join(filter(None, (relay["state"], relay["holder"], relay["error"])))
        table += [(f"relay {t['topic']}", *_lag(t), *[None] * 3, said) for t in relay["topics"]]
    return table + [_line(projection) for projection in found["projections"]]


def _line(found: dict[str, Any]) -> tuple[Any, ...]:
    versions = ", ".join(f"{v['version']} {v['state']}" for v in found["versions"])
    state = "not filled" if found["version"] is None else None
    return (found["projection"], *_lag(found), found["parked"], found["held"], versions, state)


def _lag(found: dict[str, Any]) -> tuple[int, int, float]:
    return found["position"], found["events_behind"], round(found["seconds_behind"], 1)

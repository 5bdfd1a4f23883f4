"""`steelyard pool`: the pools of random inspections at the command line."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import click

from api import terminal
from api.services import Services
from enforcement.errors import NotFound
from projections.queries import pools as questions
from projections.queries.pool_members import Asked

Question = Callable[[Any, Asked], Iterator[dict[str, Any]]]
PROJECTIONS = ("pools", "registers", "cases")


@click.group("pool")
def command() -> None:
    """Who may be drawn for an item of the list, in which stratum, and who not and why.

    A pool is derived from the registers, the credit classes, open cases and past inspections, as they stand now; a
    directed draw narrows it by regions, kinds, sectors or classes.
    """


def _filter(command: Any) -> Any:
    for name in ("region", "kind", "sector", "class"):
        command = click.option(
            f"--{name}", f"{name}_", multiple=True, help=f"Only this {name}; may be given several times."
        )(command)
    return click.option("--day", metavar="DAY", help="The day asked about, YYYY-MM-DD; today by default.")(
        command
    )


@command.command("counts")
@click.argument("item")
@_filter
@terminal.as_json
def counts(item: str, as_json: bool, **given: Any) -> None:
    """Count the members of an item's pool per stratum, and what each reason keeps out."""
    with terminal.opened(follow=True) as services:
        found = _ask(services, lambda conn: questions.counts(conn, _asked(services, item, given)))
    if as_json:
        terminal.emit(found)
        return
    rows = [(row["key"], row["size"]) for row in found["strata"]]
    terminal.show_table(
        f"{item}: {found['size']} in the pool on {found['day']}", ("stratum", "members"), rows
    )
    if found["excluded"]:
        terminal.show_table("not in the pool", ("reason", "objects"), sorted(found["excluded"].items()))


@command.command("members")
@click.argument("item")
@_filter
def members(item: str, **given: Any) -> None:
    """Print every member with its region and stratum, one JSON object a line."""
    _print(questions.members, item, given)


@command.command("exclusions")
@click.argument("item")
@_filter
def exclusions(item: str, **given: Any) -> None:
    """Print every object of the item that is not in its pool with all reasons, one JSON object a line."""
    _print(questions.exclusions, item, given)


@command.command("why")
@click.argument("item")
@click.argument("object_", metavar="OBJECT")
@_filter
@terminal.as_json
def why(item: str, object_: str, as_json: bool, **given: Any) -> None:
    """Say whether one object is in the pool of an item, and why not."""
    with terminal.opened(follow=True) as services:
        found = _ask(services, lambda conn: questions.why(conn, _asked(services, item, given), object_))
    if found is None:
        raise NotFound("object", object_)
    if as_json:
        terminal.emit(found)
        return
    click.echo(f"{object_} {'is' if found['member'] else 'is not'} in the pool of {item}: {found['stratum']}")
    for reason in found["reasons"]:
        click.echo(f"  {reason['text']['en']} · {reason['text']['zh']}")


def _print(question: Question, item: str, given: dict[str, Any]) -> None:
    with terminal.opened(follow=True) as services:
        _ask(services, lambda conn: terminal.emit_lines(question(conn, _asked(services, item, given))))


def _asked(services: Services, item: str, given: dict[str, Any]) -> Asked:
    names = {"regions": "region_", "kinds": "kind_", "sectors": "sector_", "classes": "class_"}
    wanted = {name: list(given[option]) for name, option in names.items() if given[option]}
    day = date.fromisoformat(given["day"]) if given["day"] else services.today()
    return Asked(item, day, wanted)


def _ask(services: Services, question: Callable[[Any], Any]) -> Any:
    """The answer once the read models have reached the end of the ledger."""
    head = services.ledger.head()
    for projection in PROJECTIONS:
        services.follower.wait_for(head, 600, projection)
    with services.reads.read() as conn:
        return question(conn)

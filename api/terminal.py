"""What the commands share: opening the services, acting as an officer, printing for people or for programs."""

import sys
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import click
import orjson
from rich.console import Console
from rich.table import Table

from api.answers import dumps
from api.services import Services, build
from enforcement.events import Who
from enforcement.settings import Settings

F = TypeVar("F", bound=Callable[..., Any])

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")


def acting(default: str) -> Callable[[F], F]:
    """Options that say who acts."""

    def add(command: F) -> F:
        role = click.option("--role", default=default, show_default=True, help="The role to act in.")
        return click.option("--actor", required=True, help="Your officer id, such as wz-lc-017.")(
            role(command)
        )

    return add


@contextmanager
def opened(follow: bool = False) -> Iterator[Services]:
    """The services of the environment's settings; with `follow`, read models are kept current meanwhile."""
    services = build(Settings.from_env())
    try:
        if follow:
            services.follow()
        yield services
    finally:
        services.close()


def who(actor: str, role: str, key: str | None = None) -> Who:
    """The officer at the terminal."""
    from api.headers import command_id

    return Who(actor, role, command_id(actor, key or uuid.uuid4().hex))


def emit(value: Any) -> None:
    """One JSON document on standard output."""
    click.echo(orjson.dumps(orjson.loads(dumps(value)), option=orjson.OPT_INDENT_2).decode())


def emit_lines(values: Iterable[Any]) -> None:
    """One JSON document a line."""
    for value in values:
        click.echo(dumps(value).decode())


def show_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """A table for people; empty cells where a value is not known."""
    table = Table(*columns, title=title, title_justify="left", header_style="bold")
    for row in rows:
        table.add_row(*("" if cell is None else str(cell) for cell in row))
    console().print(table)


def console() -> Console:
    """Standard output; as wide as the terminal, or wide enough where there is none."""
    return Console(file=sys.stdout, width=None if sys.stdout.isatty() else 200, highlight=False)

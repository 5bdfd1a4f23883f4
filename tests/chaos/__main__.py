"""`make chaos`: the long form, with progress on the terminal and the figures as a table or as JSON."""

import json
import sys

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from tests.chaos.run import Figures, run

COLUMNS = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())


@click.command()
@click.option("--kills", default=200, show_default=True, help="End after so many kills …")
@click.option("--minutes", default=30.0, show_default=True, help="… or after so much time.")
@click.option("--seed", default=20261126, show_default=True, help="Of the chance by which it acts.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def main(kills: int, minutes: float, seed: int, as_json: bool) -> None:
    """Kill, pause, cut and repeat while officers write; count at the end. Ends with 1 when anything is wrong."""
    console = Console(stderr=True)
    with Progress(*COLUMNS, console=console) as bar:
        task = bar.add_task("kills", total=kills)
        figures = run(seed, kills, 60 * minutes, lambda so_far: bar.update(task, completed=so_far.kills))
    if as_json:
        click.echo(json.dumps(figures.as_dict(), indent=2))
    else:
        Console().print(table(figures))
    sys.exit(1 if figures.faults else 0)


def table(figures: Figures) -> Table:
    """For people."""
    shown = Table("figure", "value", title="chaos", title_justify="left")
    for name, count in sorted(figures.deeds.items()):
        shown.add_row(name, str(count))
    for name, value in figures.as_dict().items():
        if name != "deeds":
            shown.add_row(name.replace("_", " "), str(value))
    return shown


if __name__ == "__main__":
    main()

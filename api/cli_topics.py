"""Commands of `steelyard streams` that look into topics: verify, replay, begin-again."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import click
from rich.console import Console
from rich.progress import Progress

from api import terminal
from api.cli_relay import claiming, outbox, said, with_kafka
from enforcement.errors import NotFound
from enforcement.settings import Settings
from enforcement.store import LedgerRecorder
from streams import cursors, database
from streams.clients import clients
from streams.cursors import START, Cursor
from streams.port import StreamError, Topic
from streams.replay import begin_again, replay, target
from streams.topics import Topics
from streams.verify import Report, Verification

FIRST = click.option("--from", "first", type=click.IntRange(1), help="First position.")
LAST = click.option("--to", "last", type=click.IntRange(1), help="Last position.")
Told = Callable[[int, int], None]


@click.command("verify")
@click.option("--topic", help="Another topic than the live one, such as the target of a replay.")
@FIRST
@LAST
@terminal.as_json
@click.pass_context
def verify(ctx: click.Context, topic: str | None, first: int | None, last: int | None, as_json: bool) -> None:
    """Read a topic back and compare every message with the ledger.

    Finds what is missing, extra, different or out of order; ends with 1 where anything is. Copies are allowed, as a
    relay that was interrupted sends the last messages again.
    """
    settings = with_kafka()
    recorder = outbox(settings)
    with said(), _progress("verify") as told:
        report = _verify(settings, recorder, topic, first or 1, last, told)
    if as_json:
        terminal.emit(report.as_dict())
    else:
        _show(report)
    ctx.exit(1 if report.counts else 0)


def _verify(
    settings: Settings, recorder: LedgerRecorder, name: str | None, first: int, last: int | None, told: Told
) -> Report:
    library, live = clients(settings), Topics.of(settings).ledger
    sent = _sent(settings, live.name) if name in (None, live.name) else _until(recorder, recorder.head())
    sent = sent if last is None else _until(recorder, min(last, sent.position))
    with closing(library.admin()) as admin:
        topic = admin.describe([name or live.name]).get(name or live.name)
    if topic is None:
        raise NotFound("topic", name or live.name)
    check = Verification(recorder, settings.ledger_name, topic, sent, first - 1)
    with closing(library.consumer()) as consumer:
        return check.run(consumer, told)


def _sent(settings: Settings, topic: str) -> Cursor:
    with database.opened(settings.database_url) as conn:
        kept = cursors.kept(conn, settings.ledger_name).get(topic)
    return START if kept is None else kept.at


def _until(recorder: LedgerRecorder, position: int) -> Cursor:
    return Cursor(position, recorder.count(0, position))


def _show(report: Report) -> None:
    click.echo(
        f"{report.topic}: {report.messages} messages, {report.copies} of them copies; {report.events} events were "
        f"sent, up to position {report.upto}"
    )
    for fault in report.faults:
        where = "" if fault.offset is None else f" (partition {fault.partition}, offset {fault.offset})"
        click.echo(f"{fault.kind}: position {fault.position}{where}: {fault.said}")
    if sum(report.counts.values()) > len(report.faults):
        click.echo("…")
    found = ", ".join(f"{count} {kind}" for kind, count in sorted(report.counts.items()))
    click.echo(found or "the topic agrees with the ledger")


@click.command("replay")
@click.option("--from", "first", type=click.IntRange(1), required=True, help="First position to send.")
@click.option("--to", "last", type=click.IntRange(1), required=True, help="Last position to send.")
@click.option("--topic", required=True, help="Where to; made if it is not there, never a live one.")
def replay_part(first: int, last: int, topic: str) -> None:
    """Send a part of the ledger again, into a topic of its own, for a consumer that lost its copy.

    The messages are the same as on the live topic. When it breaks off it tells how far it came.
    """
    settings = with_kafka()
    recorder, library = outbox(settings), clients(settings)
    reached = first - 1
    with said(), closing(library.admin()) as admin, closing(library.producer()) as producer:
        into: Topic = target(admin, topic, Topics.of(settings))
        try:
            with _progress("replay") as told:

                def heard(position: int) -> None:
                    nonlocal reached
                    reached = position
                    told(position - first + 1, last - first + 1)

                replay(producer, recorder, settings.ledger_name, into, first, last, heard)
        except StreamError:
            click.echo(f"sent up to position {reached}: go on with --from {reached + 1}", err=True)
            raise
    click.echo(f"{topic}: everything from position {first} to {min(last, recorder.head())} is there")


@click.command("begin-again")
@click.argument("topic")
def again(topic: str) -> None:
    """Let the relay send everything to a topic again, from the first event: after the topic was lost.

    The topic must be gone or empty, and no relay may be running.
    """
    settings = with_kafka()
    outbox(settings)
    library = clients(settings)
    with (
        said(),
        closing(claiming(settings)) as claim,
        closing(library.consumer()) as consumer,
        closing(library.admin()) as admin,
    ):
        begin_again(claim, admin, consumer, topic)
    click.echo(f"{topic}: the next relay sends everything from the first event")


@contextmanager
def _progress(what: str) -> Iterator[Told]:
    """A bar on a terminal, gone when it is done."""
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)

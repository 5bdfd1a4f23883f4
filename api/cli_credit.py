"""`steelyard credit`: scores, ticks and rating runs from the terminal, by the same questions as the API."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import click

from api import clockwork, terminal
from api.asking import recorded_by
from api.services import Services
from enforcement.errors import NotFound
from projections.queries import credit as questions

WAIT = 600.0


@click.group("credit")
def command() -> None:
    """Credit: scores that are their own explanation, and classes as events.

    \b
    Examples:
      steelyard credit score 91330302MA2AAAAA0J
      steelyard credit score --all --as-of 2026-06-30 --known-at 2026-07-15 --json
      steelyard credit rate --actor wz-sys       the monthly run
      steelyard credit tick                      what time brings
    """


class Day(click.ParamType[date]):
    """A day, YYYY-MM-DD."""

    name = "date"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"expected a day such as 2026-06-30, not {value}", param, ctx)


@command.command("score")
@click.argument("uscc", nargs=-1)
@click.option("--all", "everyone", is_flag=True, help="Everyone who is registered or has facts.")
@click.option("--as-of", type=Day(), help="The legal day; default today.")
@click.option("--known-at", help="A position, an instant or a day; default what is known now.")
@click.option("--policy", help="A policy by its id; default the one in force on the day.")
@terminal.as_json
def score(
    uscc: tuple[str, ...],
    everyone: bool,
    as_of: date | None,
    known_at: str | None,
    policy: str | None,
    as_json: bool,
) -> None:
    """The score of businesses: total, class, and with --json every line of it, one business a line."""
    if everyone == bool(uscc):
        raise click.UsageError("name businesses by their code, or --all")
    with terminal.opened(follow=True) as services:
        question = _question(services, as_of, known_at, policy)
        with services.reads.read() as conn:
            wanted = _everyone(conn) if everyone else iter(uscc)
            found = (_answer(conn, one, question) for one in wanted)
            if as_json:
                terminal.emit_lines(found)
            else:
                columns = ("uscc", "class", "total", "lines", "next change", "policy")
                names = ("uscc", "class", "total", "lines", "next_change", "policy")
                rows = [[len(f[n]) if n == "lines" else f[n] for n in names] for f in found]
                terminal.show_table(f"as of {question.as_of}, known at {question.known_at}", columns, rows)


def _answer(conn: Any, uscc: str, question: questions.Asked) -> dict[str, Any]:
    if not questions.known(conn, uscc):
        raise NotFound("entity", uscc)
    return questions.answer(uscc, questions.facts_at(conn, uscc, question.known_at), question)


def _everyone(conn: Any) -> Iterator[str]:
    piece = questions.everyone(conn)
    while piece:
        yield from piece
        piece = questions.everyone(conn, piece[-1])


def _question(
    services: Services, as_of: date | None, known_at: str | None, policy: str | None
) -> questions.Asked:
    head = services.ledger.head()
    services.follower.wait_for(head, WAIT, "credit")
    position = _position(services, known_at, head)
    policies = services.ledger.policies(position)
    if policy is not None and policy not in {one.id for one in policies}:
        raise NotFound("scoring policy", policy)
    return questions.Asked(as_of or services.today(), position, policies, policy)


def _position(services: Services, known_at: str | None, head: int) -> int:
    if known_at is None:
        return head
    if known_at.isdigit():
        return min(int(known_at), head)
    try:
        return recorded_by(services, known_at)
    except ValueError:
        raise click.UsageError(
            f"--known-at: expected a position, an instant or a day, not {known_at}"
        ) from None


@command.command("rate")
@terminal.acting("bureau_system")
@click.option("--as-of", type=Day(), help="The legal day; default today.")
@terminal.as_json
def rate(actor: str, role: str, as_of: date | None, as_json: bool) -> None:
    """The rating run: records every class that differs from the recorded one.

    Started again after a crash it records the rest. While an objection runs the class is held.
    """
    with terminal.opened(follow=True) as services:
        services.follower.wait_for(services.ledger.head(), WAIT, "credit")
        if as_of is not None and as_of > services.today():
            raise click.UsageError("--as-of lies in the future")
        result = clockwork.rate(services, terminal.who(actor, role), as_of)
    if as_json:
        terminal.emit(result.dump())
    else:
        click.echo(
            f"{result.rated} rated, {result.changed} classes changed, {result.held} held by an objection"
        )


@command.command("tick")
@terminal.as_json
def tick(as_json: bool) -> None:
    """What time brings: scores whose day has come, vetoes, terms of publicity that end. A server does it by itself."""
    with terminal.opened(follow=True) as services:
        services.follower.wait_for(services.ledger.head(), WAIT, "credit")
        done = clockwork.tick(services)
    if as_json:
        terminal.emit(done.dump())
    else:
        click.echo(
            f"{done.scored} scored again, {done.changed} classes changed by a veto, {done.ended} terms ended"
        )


@command.command("classes")
@click.option("--on", type=Day(), help="The day; default today.")
@click.option("--from", "start", type=Day(), help="With it: how many went from which class to which since.")
@terminal.as_json
def classes(on: date | None, start: date | None, as_json: bool) -> None:
    """How many businesses have which class by region and sector, or how they moved between two days."""
    with terminal.opened(follow=True) as services:
        head = services.ledger.head()
        services.follower.wait_for(head, WAIT, "credit")
        day = on or services.today()
        with services.reads.read() as conn:
            found = (
                questions.counts(conn, None, day, head)
                if start is None
                else questions.migration(conn, None, start, day, head)
            )
    if as_json:
        terminal.emit({"items": found})
    else:
        columns = tuple(found[0]) if found else ("class", "count")
        terminal.show_table("", columns, [tuple(row.values()) for row in found])

"""`steelyard case`: cases from the terminal, through the same ledger and the same questions as the API."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from rich.console import Group
from rich.table import Table

from api import terminal
from api.bodies import parse_json
from api.schemas.commands import CLUE
from api.services import Services
from enforcement.errors import NotFound
from enforcement.ledger import Receipt
from projections.queries import cases as questions

CONDITIONS = ("P19_1", "P19_2", "P19_3", "P19_4")
WAIT = 60.0


@click.group("case")
def command() -> None:
    """Cases: list, show, open, file, record a step.

    \b
    Examples:
      steelyard case list --overdue
      steelyard case show case-4fe46dee-…
      steelyard case record case-4fe46dee-… case.verification-started --actor wz-lc-017 \\
          --occurred 2026-03-02 --data '{"officers": ["wz-lc-017", "wz-lc-018"]}'
    """


class Data(click.ParamType[dict[str, Any]]):
    """JSON, or @FILE that holds it."""

    name = "json"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dict[str, Any]:
        text = Path(value[1:]).read_bytes() if value.startswith("@") else value.encode()
        found = parse_json(text)
        if not isinstance(found, dict):
            self.fail("expected a JSON object", param, ctx)
        return found


def _current(services: Services) -> None:
    """Wait until the register shows what the ledger holds."""
    services.follower.wait_for(services.ledger.head(), WAIT, "cases")


@command.command("list")
@click.option("--state", "states", multiple=True, help="A state such as FILED; may be given more than once.")
@click.option("--open/--closed", "open", default=None, help="Open or ended ones.")
@click.option("--overdue", is_flag=True, default=None, help="Only with a duty that is late today.")
@click.option("--region", help="A division (GB/T 2260) and what lies in it.")
@click.option("--officer", help="Only with this officer.")
@click.option("--violation", help="Only with this code of the catalogue.")
@click.option("--limit", type=click.IntRange(1, 200), default=50, show_default=True)
@click.option("--cursor", help="`next` of the page before.")
@terminal.as_json
def listing(states: tuple[str, ...], limit: int, cursor: str | None, as_json: bool, **wanted: Any) -> None:
    """The register, those changed last first."""
    with terminal.opened(follow=True) as services:
        _current(services)
        with services.reads.read() as conn:
            filters = questions.Wanted(state=states or None, **wanted)
            page = questions.register(conn, None, filters, services.today(), limit=limit, after=cursor)
    if as_json:
        terminal.emit({"items": page.items, "next": page.next})
        return
    columns = ("case", "state", "region", "unit", "opened", "next due", "officers", "violations", "findings")
    rows = [
        (
            c["id"],
            c["state"],
            c["region"],
            c["unit"],
            c["opened"],
            _due(c),
            ", ".join(c["officers"]),
            ", ".join(filter(None, c["violations"])),
            c["findings"],
        )
        for c in page.items
    ]
    terminal.show_table("", columns, rows)


def _due(case: Mapping[str, Any]) -> str:
    return f"{case['next_due'] or ''}{' overdue' if case['overdue'] else ''}"


@command.command("show")
@click.argument("id")
@click.option("--at-position", type=click.IntRange(1), help="As it stood after this position of the ledger.")
@terminal.as_json
def show(id: str, at_position: int | None, as_json: bool) -> None:
    """One case: state, deadlines, findings, and what may happen next, by whom and from when."""
    with terminal.opened(follow=True) as services:
        _current(services)
        with services.reads.read() as conn:
            found = questions.case_at(conn, None, id, position=at_position)
        if found is None:
            raise NotFound("case", id)
        view = found.view(services.today())
    if as_json:
        terminal.emit(view)
    else:
        terminal.console().print(_page(view))


def _page(view: Mapping[str, Any]) -> Group:
    head = (
        f"[bold]{view['id']}[/] · {view['state']} · version {view['version']} · position {view['position']}"
    )
    facts = " · ".join(view[name] for name in ("summary", "region", "unit", "opened") if view[name])
    deadlines = _table("deadline", "rule", "due", "state", "article", "provisional")
    for each in view["deadlines"]:
        name = f"{each['name']['zh']} {each['name']['en']}"
        deadlines.add_row(
            name,
            each["rule"],
            each["due"],
            each["state"],
            each["article"],
            "yes" if each["provisional"] else "",
        )
    findings = _table("finding", "article", "what")
    for each in view["findings"]:
        findings.add_row(each["kind"], each["article"], each["en"])
    allowed = _table("may happen next", "", "recorded by", "decided by", "from", "article")
    for each in view["allowed_events"]:
        allowed.add_row(
            each["type"],
            each["zh"],
            ", ".join(each["roles"]),
            each["decided_by"],
            each["earliest"] or "now",
            each["article"],
        )
    return Group(head, facts, *(table for table in (deadlines, findings, allowed) if table.row_count))


def _table(*columns: str) -> Table:
    return Table(*columns, header_style="bold")


OCCURRED = click.option("--occurred", required=True, help="When it happened: a day or an instant.")
KEY = click.option("--key", help="An idempotency key: the same key is recorded once.")
IF_MATCH = click.option("--if-match", type=click.IntRange(1), help="The version that you saw.")
DATA = click.option("--data", type=Data(), required=True, help="The event's data: JSON, or @FILE.")


@command.command("open")
@terminal.acting("intake")
@OCCURRED
@DATA
@KEY
@terminal.as_json
def open_case(
    actor: str, role: str, occurred: str, data: dict[str, Any], key: str | None, as_json: bool
) -> None:
    """Open a case with a clue 案源登记."""
    with terminal.opened() as services:
        who = terminal.who(actor, role, key)
        _tell(services.ledger.open_case(who, CLUE, occurred, data), as_json)


@command.command("file")
@click.argument("id")
@click.option("--approved-by", required=True, help="The head of the bureau who approved.")
@click.option("--named-by", required=True, help="The unit head who named the handlers.")
@click.option("--handler", "handlers", multiple=True, required=True, help="A handler; at least two.")
@terminal.acting("unit_head")
@OCCURRED
@KEY
@IF_MATCH
@terminal.as_json
def file(
    id: str,
    actor: str,
    role: str,
    occurred: str,
    key: str | None,
    if_match: int | None,
    as_json: bool,
    **data: Any,
) -> None:
    """File a case 立案: all four conditions of P 19 hold, a head approved, two handlers are named."""
    filing = {**data, "handlers": list(data["handlers"]), "conditions": list(CONDITIONS)}
    with terminal.opened() as services:
        who = terminal.who(actor, role, key)
        _tell(services.ledger.record(who, id, "case.filed", occurred, filing, if_match), as_json)


@command.command("record")
@click.argument("id")
@click.argument("type")
@terminal.acting("handler")
@OCCURRED
@DATA
@KEY
@IF_MATCH
@terminal.as_json
def record(
    id: str,
    type: str,
    actor: str,
    role: str,
    occurred: str,
    data: dict[str, Any],
    key: str | None,
    if_match: int | None,
    as_json: bool,
) -> None:
    """Record any step of a case, such as case.penalty-decided.

    Refused with the article where the statute forbids it now; `steelyard case show` says what may happen next.
    """
    with terminal.opened() as services:
        who = terminal.who(actor, role, key)
        _tell(services.ledger.record(who, id, type, occurred, data, if_match), as_json)


def _tell(receipt: Receipt, as_json: bool) -> None:
    if as_json:
        terminal.emit(receipt._asdict())
    else:
        again = ", recorded before" if receipt.replayed else ""
        click.echo(f"{receipt.id} version {receipt.version} at position {receipt.position}{again}")

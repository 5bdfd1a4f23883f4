"""`steelyard policy`: check a draft, adopt it, see what it would change."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from api import terminal
from enforcement.credit.parsing import parse
from enforcement.credit.policy import Clause, Policy, points_text
from enforcement.credit.vocabulary import DERIVED, fields_of
from enforcement.errors import InvalidData

if TYPE_CHECKING:
    from projections.whatif.simulate import Simulation

DRAFT = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@click.group("policy")
def command() -> None:
    """Scoring policies: by which clauses businesses are scored and classed.

    A policy is one document (YAML or JSON) with everything that scoring needs; it is adopted whole, never changed,
    and governs from its first day on. The one that comes with the program is a draft to begin with:
    enforcement/credit/policies/wenzhou-metrology-2026.yaml
    """


@command.command("check")
@DRAFT
@terminal.as_json
@click.pass_context
def check(ctx: click.Context, file: Path, as_json: bool) -> None:
    """Find every fault of a policy before it is adopted; ends with 1 where there is one.

    Unknown event types and fields, values of the wrong type or that never occur, conditions that can never hold,
    clauses that an earlier one hides, gaps and overlaps of the classes, caps that make a clause void, numbers whose
    source is not marked. Nothing is opened and nothing recorded.
    """
    try:
        policy = parse(file.read_text("utf-8"))
    except InvalidData as error:
        _show_faults(file, error, as_json)
        ctx.exit(1)
    said = {"id": policy.id, "hash": policy.hash, "clauses": len(policy.clauses), "faults": []}
    if as_json:
        terminal.emit(said)
    else:
        click.echo(f"{policy.id}: no fault in {len(policy.clauses)} clauses, hash {policy.hash}")


def _show_faults(file: Path, error: InvalidData, as_json: bool) -> None:
    rows = [(path, text.en, text.zh) for path, texts in error.errors.items() for text in texts]
    if as_json:
        terminal.emit({"faults": [{"path": path, "en": en, "zh": zh} for path, en, zh in rows]})
    else:
        terminal.show_table(f"{file.name}: {len(rows)} faults", ("where", "fault", "问题"), rows)


@command.command("fields")
@click.argument("type", required=False)
@terminal.as_json
def fields(type: str | None, as_json: bool) -> None:
    """What clauses may look at: the event types that become facts, or the fields of one TYPE."""
    if type is not None and type not in DERIVED:
        raise click.BadParameter(f"no such type; there are {', '.join(sorted(DERIVED))}", param_hint="TYPE")
    rows = list(_fields([type] if type else sorted(DERIVED)))
    if as_json:
        terminal.emit_lines(rows)
    else:
        terminal.show_table(
            "fields", ("type", "field", "kind", "values"), [list(row.values()) for row in rows]
        )


def _fields(types: list[str]) -> Iterator[dict[str, Any]]:
    for topic in types:
        for name, field in fields_of(topic).items():
            kind = f"list of {field.kind}" if field.many else field.kind
            values = ", ".join(sorted(field.choices)) or (field.text.en if field.text else "")
            yield {"type": topic, "field": name, "kind": kind, "values": values}


@command.command("adopt")
@DRAFT
@click.option("--occurred", help="The day of the decision (default today).")
@click.option("--key", help="Makes a repeat harmless: the same key records once.")
@terminal.acting("head")
@terminal.as_json
def adopt(file: Path, occurred: str | None, key: str | None, role: str, actor: str, as_json: bool) -> None:
    """Adopt a policy: one event with its whole text. It cannot begin among days that have a policy already."""
    with terminal.opened() as services:
        day = occurred or services.today().isoformat()
        text = file.read_text("utf-8")
        receipt = services.ledger.adopt_policy(terminal.who(actor, role, key), day, text)
    if as_json:
        terminal.emit(receipt._asdict())
    else:
        click.echo(f"{receipt.id} at position {receipt.position}")


@command.command("list")
@terminal.as_json
def listing(as_json: bool) -> None:
    """The policies adopted, in the order of adoption."""
    with terminal.opened() as services:
        adopted = services.ledger.adopted_policies()
    rows = [(p.position, p.policy.id, p.policy.valid_from, p.policy.valid_to, p.policy.hash) for p in adopted]
    columns = ("position", "id", "valid_from", "valid_to", "hash")
    if as_json:
        terminal.emit_lines({**dict(zip(columns, row, strict=True))} for row in rows)
    else:
        terminal.show_table("policies", columns, rows)


@command.command("show")
@click.argument("id")
@click.option("--text", "as_text", is_flag=True, help="The document word for word.")
def show(id: str, as_text: bool) -> None:
    """One policy: its clauses with points, fading and articles."""
    with terminal.opened() as services:
        policy = services.ledger.policy(id)
    if as_text:
        click.echo(policy.text, nl=False)
        return
    terminal.show_table(
        f"{policy.id} · {policy.title.en} · {policy.title.zh} · base {points_text(policy.base)}",
        ("clause", "points", "fades", "ends by", "article", "text"),
        [
            (c.id, _points(c), _fade(c), ", ".join(sorted(c.ends)), c.article, c.text.zh)
            for c in policy.clauses
        ],
    )
    terminal.show_table("classes", ("class", "totals", "ratio", "visits a year"), list(_classes(policy)))


@command.command("simulate")
@DRAFT
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day to begin with (default today).")
@click.option("--known-at", type=click.IntRange(0), help="Only what the ledger held at this position.")
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), help="A folder for all changes as files."
)
@click.option("--format", "kind", type=click.Choice(["csv", "parquet"]), default="csv", show_default=True)
@click.option(
    "--picture", type=click.Path(dir_okay=False, path_type=Path), help="Draw it (.png, .svg, .pdf)."
)
@click.option(
    "--check",
    "sample",
    type=click.IntRange(0),
    default=20_000,
    show_default=True,
    help="Score so many, and everyone whose class changes, again one by one.",
)
@terminal.as_json
@click.pass_context
def simulate(
    ctx: click.Context,
    file: Path,
    as_of: datetime | None,
    known_at: int | None,
    out: Path | None,
    kind: str,
    picture: Path | None,
    sample: int,
    as_json: bool,
) -> None:
    """What a draft would change: every business under it and under the policy in force.

    Scores everyone from their real history, for the day and the next twelve month-ends: who goes from which class to
    which, by which clauses, what the next quarter's draw would cost, which clauses never bite. Nothing is recorded.
    A sample, and everyone whose class changes, is scored again one by one; a difference ends with 1.
    """
    from projections.whatif import asking, report

    draft = parse(file.read_text("utf-8"))
    with terminal.opened() as services:
        day = as_of.date() if as_of else services.today()
        upto = services.ledger.head() if known_at is None else known_at
        current = services.ledger.policy_on(day, upto)
        found, checked = asking.ask(services.log(), draft, current, day, upto, sample)
    if out is not None:
        report.write(found, out, kind)
    if picture is not None:
        _draw(found, picture)
    told = report.summary(found) | {"known_at": upto, "checked": checked._asdict()}
    terminal.emit(told) if as_json else _show(told)
    ctx.exit(1 if checked.different else 0)


def _draw(found: "Simulation", path: Path) -> None:
    try:
        from projections.whatif import picture
    except ImportError:
        raise click.UsageError("a picture needs matplotlib: pip install 'steelyard[pictures]'") from None
    picture.draw(found, path)


def _show(told: dict[str, Any]) -> None:
    """The simulation for people: the matrix of today, the year, the changes, the draw."""
    click.echo(
        f"{told['draft']['id']} beside {told['current']['id']}: {told['businesses']:,} businesses, "
        f"{told['facts']:,} facts, {told['changes']:,} change class"
    )
    first = told["days"][0]
    terminal.show_table(
        f"classes on {first['on']}: from (down) to (across)",
        ("", *first["matrix"]),
        [(before, *row.values()) for before, row in first["matrix"].items()],
    )
    terminal.show_table(
        "businesses that would stand in another class",
        ("on", "better", "worse"),
        [(day["on"], *_moved(day["matrix"])) for day in told["days"]],
    )
    terminal.show_table(
        "who changes, and by which clauses",
        ("uscc", "from", "to", "clauses"),
        [(m["uscc"], m["class_before"], m["class_after"], _causes(m)) for m in told["movers"]],
    )
    terminal.show_table(
        "the next quarter's draw", list(told["draw"][0]), [list(row.values()) for row in told["draw"]]
    )
    idle = ", ".join(told["idle_clauses"]) or "none"
    click.echo(f"clauses that never bite: {idle}")
    checked = told["checked"]
    click.echo(f"{checked['businesses']:,} scored again one by one, {len(checked['different'])} differ")


def _moved(matrix: dict[str, dict[str, int]]) -> tuple[int, int]:
    cells = [(before, after, number) for before, row in matrix.items() for after, number in row.items()]
    better = sum(number for before, after, number in cells if after < before)
    return better, sum(number for before, after, number in cells if after > before)


def _causes(mover: dict[str, Any]) -> str:
    return "; ".join(f"{c['clause']} {c['points_before']} → {c['points_after']}" for c in mover["clauses"])


def _points(clause: Clause) -> str:
    points = clause.points
    if clause.at_best is not None:
        return f"not better than {clause.at_best}"
    if points.each is not None:
        most = f", at most {points_text(points.most)}" if points.most is not None else ""
        return f"{points_text(points.each)} for each of {points.field}{most}"
    if points.bands:
        return f"by {points.field}: " + ", ".join(points_text(given) for _, given in points.bands)
    return points_text(points.fixed)


def _fade(clause: Clause) -> str:
    fade = clause.fade
    length = f"{fade.months} months" if fade.months is not None else "until ended"
    return length if fade.kind == "none" else f"{fade.kind} over {length}"


def _classes(policy: Policy) -> Iterator[tuple[str, str, str, int | None]]:
    for row in policy.grades:
        least = "…" if row.least is None else points_text(row.least)
        below = "…" if row.below is None else points_text(row.below)
        sampling = policy.sampling[row.grade]
        yield row.grade, f"{least} to below {below}", sampling.ratio, sampling.visits

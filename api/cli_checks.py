"""`steelyard checks`: fairness of random checks as a table or a picture, and the bureau's indicators."""

import importlib.util
from datetime import datetime
from typing import Any

import click

from api import terminal
from enforcement.errors import SettingsError
from enforcement.values import Text
from projections.queries import fairness as questions

WAIT = 60.0
DAY = click.DateTime(["%Y-%m-%d"])


@click.group("checks")
def command() -> None:
    """Random checks: are they fair, do they find what the score says, are they done.

    \b
    Examples:
      steelyard checks fairness --since 2026-01-01 --picture fairness.png
      steelyard checks indicators --json
    """


def between(function: Any) -> Any:
    """Options for the days looked at."""
    since = click.option("--since", type=DAY, help="From this day on; default: 1 January of this year.")
    until = click.option("--until", type=DAY, help="Up to this day; default: today.")
    return since(until(function))


@command.command("fairness")
@between
@click.option(
    "--picture", type=click.Path(dir_okay=False), help="Write a picture (PNG, SVG or PDF by its ending)."
)
@terminal.as_json
def fairness(since: datetime | None, until: datetime | None, picture: str | None, as_json: bool) -> None:
    """Load, repeated pairs against chance, leave, recusals and strictness of every inspector; voids of organisers.

    A p-value says how often chance alone gives as many repeated pairs or more; `apart` marks a share of findings
    whose 95 % interval leaves the bureau's own out. Both are reasons to look, not findings.
    """
    found = _asked(questions.fairness, since, until)
    if picture is not None:
        _draw(found, picture)
    if as_json:
        terminal.emit(found)
        return
    total = found["repeats"]
    click.echo(
        f"{found['inspections']} random checks from {found['since']} to {found['until']}; repeated pairs "
        f"{total['observed']}, by chance {total['expected']:.1f}, p = {total['p_value']:.3f}"
    )
    columns = (
        "inspector",
        "load",
        "repeats",
        "by chance",
        "p",
        "leave",
        "recusals",
        "findings",
        "95 %",
        "apart",
    )
    terminal.show_table("", columns, [_row(each) for each in found["inspectors"]])
    organisers = [
        (
            o["organiser"],
            o["campaigns"],
            o["redraws"],
            ", ".join(f"{n} {why}" for why, n in o["voided"].items()),
        )
        for o in found["organisers"]
    ]
    terminal.show_table("", ("organiser", "campaigns", "redraws", "voided"), organisers)


def _row(each: dict[str, Any]) -> tuple[Any, ...]:
    pairs, findings, recusals = each["repeats"], each["findings"], each["recusals"]
    known = (
        (pairs["observed"], f"{pairs['expected']:.2f}", f"{pairs['p_value']:.3f}") if pairs else (None,) * 3
    )
    return (
        each["inspector"],
        each["inspections"],
        *known,
        f"{each['leave']:.0%}",
        f"{recusals['found']}/{recusals['of']}",
        f"{findings['found']}/{findings['of']}",
        f"{findings['low']:.0%}–{findings['high']:.0%}",
        "apart" if each["apart"] else "",
    )


@command.command("indicators")
@between
@terminal.as_json
def indicators(since: datetime | None, until: datetime | None, as_json: bool) -> None:
    """计划完成率、公示率、后续处置率、抽查事项覆盖率、联合监管率、信用规则应用率."""
    found = _asked(questions.indicators, since, until)
    if as_json:
        terminal.emit({"items": found})
        return
    rows = [
        (each["zh"], each["en"], f"{each['found']}/{each['of']}", _percent(each["share"])) for each in found
    ]
    terminal.show_table("", ("指标", "indicator", "", ""), rows)


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.1%}"


def _asked(question: Any, since: datetime | None, until: datetime | None) -> Any:
    with terminal.opened(follow=True) as services:
        for projection in ("checks", "registers"):
            services.follower.wait_for(services.ledger.head(), WAIT, projection)
        today = services.today()
        first = since.date() if since else today.replace(month=1, day=1)
        last = until.date() if until else today
        with services.reads.read() as conn:
            return question(conn, None, first, max(first, last))


def _draw(found: dict[str, Any], path: str) -> None:
    """Loads as bars, findings with their intervals beside them."""
    if importlib.util.find_spec("matplotlib") is None:
        said = "a picture needs matplotlib: install steelyard[pictures]"
        raise SettingsError(Text(said, "绘图需要 matplotlib：请安装 steelyard[pictures]"))
    from matplotlib.figure import Figure

    inspectors = found["inspectors"]
    figure = Figure(figsize=(10, 1.5 + 0.3 * len(inspectors)), layout="constrained")
    loads, findings = figure.subplots(1, 2, sharey=True)
    names = [each["inspector"] for each in inspectors]
    loads.barh(names, [each["inspections"] for each in inspectors])
    loads.set_title("load")
    shares = [each["findings"]["share"] or 0.0 for each in inspectors]
    spread = [
        [share - each["findings"]["low"] for share, each in zip(shares, inspectors, strict=True)],
        [each["findings"]["high"] - share for share, each in zip(shares, inspectors, strict=True)],
    ]
    findings.errorbar(
        shares, names, xerr=[[max(0.0, n) for n in side] for side in spread], fmt="o", capsize=3
    )
    if found["findings"]["share"] is not None:
        findings.axvline(found["findings"]["share"], linestyle="--")
    findings.set_title("findings, 95 %")
    findings.set_xlim(0, 1)
    figure.savefig(path)

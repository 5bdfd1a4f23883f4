"""`steelyard demo`: published cases and checks, a bureau to try things with, a draw, and one case to its archive."""

import logging
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from api import cli_import, terminal
from api.demonstration import Demonstration, Shown, import_cases, import_checks
from api.demonstration_draw import draw
from api.services import Services, build
from enforcement.errors import SettingsError
from enforcement.importing.importer import Report
from enforcement.settings import Settings
from enforcement.values import Text


@click.command("demo")
@click.option("--once", is_flag=True, help="Do it in a temporary database, print what happened, and end.")
@terminal.as_json
def command(once: bool, as_json: bool) -> None:
    """Import 120 published cases and 69 published checks, draw a campaign, drive one case to its archive, and serve.

    Officers and businesses of the demonstration are registered, and every step of the case goes through the HTTP
    application as an officer's client would send it; where the statute refuses, the refusal is shown. On a ledger
    that has all this already, nothing is recorded again.
    """
    settings = Settings.from_env()
    if settings.oidc_issuer:
        raise SettingsError(
            Text(
                "the demo signs its own tokens: unset STEELYARD_OIDC_…",
                "演示使用自签令牌：请取消 STEELYARD_OIDC_… 设置",
            )
        )
    if as_json and not once:
        raise click.UsageError("--json goes with --once")
    with temporary(settings) if once else terminal.opened(follow=True) as services:
        report, demo, path = run(services, as_json)
        if as_json:
            terminal.emit(summary(services, report, demo, path))
        elif not once:
            list(demo.drive("unpaid"))
            _serve(services, demo)


@contextmanager
def temporary(settings: Settings) -> Iterator[Services]:
    """Services on a database that is gone afterwards; nothing of the configured one is touched."""
    with tempfile.TemporaryDirectory(prefix="steelyard-demo-") as folder:
        own = replace(
            settings,
            database_url=f"sqlite:///{folder}/demo.db",
            read_database_url=f"sqlite:///{folder}/demo-read.db",
            auth_key_file=Path(folder) / "key.json",
            files_url=f"{folder}/files",
        )
        services = build(own)
        try:
            services.follower.start()
            yield services
        finally:
            services.close()


def run(services: Services, quiet: bool) -> tuple[Report, Demonstration, list[Shown]]:
    """Import, enrol, drive; told as it happens unless `quiet`."""
    report, checks = import_cases(services), import_checks(services)
    if not quiet:
        cli_import.show(report)
        for name, each in checks.items():
            cli_import.show(each, f"{name}: ")
    demo = Demonstration(services)
    demo.enrol()
    campaign = draw(demo)
    if not quiet:
        click.echo(f"{campaign} is drawn; anybody may compute it again: /campaigns/{campaign}/transcript")
    path = []
    for shown in demo.drive():
        path.append(shown)
        if not quiet:
            _tell(shown)
    return report, demo, path


def summary(services: Services, report: Report, demo: Demonstration, path: list[Shown]) -> dict[str, Any]:
    """What happened, for programs. A step that was refused left nothing behind and is not in the path."""
    board = demo.get("/deadlines/counts")
    return {
        "cases": report.accepted + report.unchanged + 1,
        "events": services.ledger.recorder.count(),
        "findings": dict(sorted((report.findings + demo.findings()).items())),
        "deadlines": {name: board[name] for name in ("open", "overdue", "provisional")},
        "path": [shown.json() for shown in path if shown.refusal is None],
    }


def _tell(shown: Shown) -> None:
    if shown.refusal is None:
        due = f"next due: {shown.due}" if shown.due else ""
        click.echo(
            f"{shown.occurred}  {shown.event:<28} → {shown.state:<16} at {shown.position:<5} {due}".rstrip()
        )
    else:
        click.echo(f"{shown.occurred}  {shown.event:<28} ✗ refused: {shown.refusal['detail']}")
    if shown.note:
        click.echo(f"{'':12}{shown.note}")


def _serve(services: Services, demo: Demonstration) -> None:
    from api import logs
    from api.cli_serve import listen, serve

    settings = services.settings
    logs.configure(settings)
    server = listen(demo.app, settings, settings.host, settings.port, threads=8)
    address = f"http://{server.effective_host}:{server.effective_port}"
    _suggest(address, demo.cases["case"])
    logging.getLogger("steelyard").info("process %s serves at %s", os.getpid(), address)
    serve(server)


def _suggest(address: str, case: str) -> None:
    ask = 'curl -s -H "Authorization: Bearer $TOKEN"'
    clue = '{"source": "inspection", "region": "330302", "unit": "计量科", "summary": "a scale past its verification"}'
    click.echo(f"""
Serving at {address}, documentation at {address}/docs. In another terminal:

  export TOKEN=$({_program()} token --role handler --role unit_head --role head)
  {ask} {address}/cases/{case}
  {ask} '{address}/cases?state=DECIDED_PENALTY&limit=3'
  {ask} {address}/deadlines/counts
  {ask} -H 'Content-Type: application/json' {address}/cases \\
    -d '{{"occurred": "2026-03-02", "data": {clue}}}'

Ctrl-C ends it.
""")


def _program() -> str:
    """How this program is called from another terminal: by name, or by the way it was called here."""
    if shutil.which("steelyard"):
        return "steelyard"
    called = sys.argv[0]
    return f"{sys.executable} -m api.cli" if called.endswith(".py") else called

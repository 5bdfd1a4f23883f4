"""`steelyard db`: the tables themselves – made, moved on to this release, and who may do what with them."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from api import terminal
from api.cli_relay import outbox
from api.services import vault_of
from enforcement import databases
from enforcement.errors import SettingsError
from enforcement.reports import tables as keys
from enforcement.reports.vault import Vault
from enforcement.settings import Settings
from enforcement.store import migrating
from enforcement.store.grants import Roles
from enforcement.values import Text
from projections import grants
from projections.rebuild import prepare
from projections.registry import PROJECTIONS
from projections.store import Store
from projections.tables import BOOKS
from streams import database
from streams.cursors import RELAY


@click.group("db")
def command() -> None:
    """The databases: form of the tables, moving them on, rights of roles.

    \b
    On a server, as a role that owns the database:
      steelyard db upgrade                                      makes the tables or moves them on
      steelyard db grant --writer w --projector p --reader r    gives three roles what they need
    """


@command.command("upgrade")
def upgrade() -> None:
    """Make the tables, or move them on to the form of this release. Files do so by themselves."""
    settings = Settings.from_env()
    database.upgrade(settings.database_url)
    outbox(settings)
    with _keys(settings) as vault:
        vault.upgrade()
    with _reads(settings) as store:
        prepare(store)
    for name, where, found, _ in _forms(settings):
        click.echo(f"{name} in the {where}: form {found}")


@command.command("current")
@terminal.as_json
@click.pass_context
def current(ctx: click.Context, as_json: bool) -> None:
    """The form of each set of tables, and the one this release needs; ends with 1 where they differ."""
    forms = _forms(Settings.from_env())
    if as_json:
        terminal.emit(
            [dict(zip(("tables", "database", "found", "needed"), form, strict=True)) for form in forms]
        )
    else:
        terminal.show_table("", ("tables", "database", "found", "needed"), forms)
    ctx.exit(0 if all(found == needed for _, _, found, needed in forms) else 1)


def _forms(settings: Settings) -> list[tuple[str, str, str | None, str]]:
    with database.opened(settings.database_url) as conn:
        relay = migrating.found(conn, RELAY)
    with _keys(settings) as vault:
        vault_form = vault.form()
    with _reads(settings) as store, store.read() as conn:
        books = migrating.found(conn, BOOKS)
    return [
        (RELAY.name, "ledger's database", relay, RELAY.head),
        (keys.KEYS.name, "keys' database", vault_form, keys.KEYS.head),
        (BOOKS.name, "read models' database", books, BOOKS.head),
    ]


@command.command("grant")
@click.option("--writer", help="Role of the API where it records: reads and adds events, changes none.")
@click.option("--projector", help="Role of relay and workers: reads events, fills what is derived from them.")
@click.option("--reader", help="Role of the API where it answers: reads the read models, sees no event.")
@click.option("--print", "only_print", is_flag=True, help="Print the SQL instead of running it.")
def grant(writer: str | None, projector: str | None, reader: str | None, only_print: bool) -> None:
    """Give database roles what they need and nothing else (PostgreSQL). The roles have to exist.

    \b
    Then each process has its own addresses:
      serve      STEELYARD_DATABASE_URL and STEELYARD_KEYS_DATABASE_URL as the writer,
                 STEELYARD_READ_DATABASE_URL as the reader
      relay      STEELYARD_DATABASE_URL as the projector
      workers    both as the projector
    """
    settings, roles = Settings.from_env(), Roles(writer, projector, reader)
    if not roles.named():
        raise click.UsageError("name at least one role: --writer, --projector or --reader")
    for url in (settings.database_url, settings.read_database_url, settings.keys_database_url):
        _only_servers(url)
    with database.opened(settings.database_url) as conn, _reads(settings) as store, store.write() as reads:
        version = database.server_version(conn)
        ledger = list(database.grants(roles, version))
        sealed = list(keys.grants(roles))
        read_models = list(grants.statements(roles, grants.tables(reads, PROJECTIONS.values())))
        if only_print:
            click.echo("\n".join(f"{statement};" for statement in (*ledger, *sealed, *read_models)))
            return
        database.run(conn, ledger)
        with database.opened(settings.keys_database_url) as vault:
            database.run(vault, sealed)
        database.run(reads, read_models)
    click.echo(f"granted to {', '.join(roles.named())}")


def _only_servers(url: str) -> None:
    if databases.is_sqlite(url):
        raise SettingsError(
            Text("a file has no roles; its permissions are the file's", "文件数据库没有角色，权限即文件权限")
        )


@contextmanager
def _reads(settings: Settings) -> Iterator[Store]:
    store = Store(settings.read_database_url)
    try:
        yield store
    finally:
        store.close()


@contextmanager
def _keys(settings: Settings) -> Iterator[Vault]:
    vault = vault_of(settings)
    try:
        yield vault
    finally:
        vault.close()

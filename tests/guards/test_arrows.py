"""Who may import whom. One rule broken here is how four rooms become one."""

from collections.abc import Callable

import pytest

from tests.guards.sources import ROOMS, ROOT, imports, modules, within

ALLOWED: dict[str, Callable[[str, str], bool]] = {
    "enforcement": lambda _, used: within(used, "enforcement"),
    "streams": lambda _, used: within(used, "enforcement", "streams"),
    "projections": lambda _, used: within(used, "enforcement", "projections", "streams.feed"),
    "api": lambda user, used: (
        within(used, "enforcement", "projections", "api")
        or user == "api.services"
        or user.startswith("api.cli")
    ),
}

# library → the only modules that may import it
KEPT = {
    "kafka": ("streams.kafka",),
    "confluent_kafka": ("streams.confluent",),
    "psycopg": ("enforcement.store.postgres", "projections", "streams"),
    "sqlite3": ("enforcement.store.sqlite", "projections"),
    "eventsourcing": ("enforcement",),
    "sqlalchemy": (
        "projections",
        "streams",
        "enforcement.store.migrating",
        "enforcement.reports.tables",
        "enforcement.reports.vault",
        "enforcement.reports.migrations",
        "api.services",
    ),
    "alembic": (
        "enforcement.store.migrating",
        "enforcement.reports.migrations",
        "projections.migrations",
        "streams.migrations",
    ),
    "cryptography": ("enforcement.audit.signing", "enforcement.reports"),
    "sqlalchemy.orm": (),
    "flask": ("api",),
    "flask_smorest": ("api",),
}


@pytest.mark.parametrize("name", modules())
def test_a_module_imports_only_what_its_room_may(name: str) -> None:
    room = name.partition(".")[0]
    ours = [use for use in imports(name) if within(use.name, *ROOMS)]
    assert [use for use in ours if not ALLOWED[room](name, use.name)] == []


@pytest.mark.parametrize("library", KEPT)
def test_a_library_stays_behind_its_modules(library: str) -> None:
    users = [name for name in modules() if not within(name, *KEPT[library])]
    assert [use for name in users for use in imports(name) if within(use.name, library)] == []


def test_every_folder_of_modules_is_a_package() -> None:
    folders = {path.parent for path in modules().values()}
    assert [str(f.relative_to(ROOT)) for f in sorted(folders) if not (f / "__init__.py").exists()] == []

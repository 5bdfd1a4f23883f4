"""The tables of keys and codes. They are outside the ledger on purpose: what is in the ledger is there for good.

`subject_keys`: one key a subject, wrapped by the bureau's key; of a forgotten subject the row stays, without a key.
`secret_codes`: the slow hash of a code and what it opens. `code_salt`: the one salt of these hashes.
"""

from collections.abc import Iterator

from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table, Text

from enforcement.store.grants import Roles, grant
from enforcement.store.migrating import Schema

KEYS = Schema("keys", "enforcement.reports.migrations", ("0001",))

Key = Text().with_variant(Text(collation="C"), "postgresql")

tables = MetaData()

subject_keys = Table(
    "subject_keys",
    tables,
    Column("subject", Key, primary_key=True),
    Column("key", Key, nullable=False, unique=True),
    Column("wrapper", Key),
    Column("wrapped", LargeBinary),
    Column("forgotten", Key),
)

secret_codes = Table(
    "secret_codes",
    tables,
    Column("hash", Key, primary_key=True),
    Column("kind", Key, nullable=False),
    Column("thing", Key, nullable=False, index=True),
)

code_salt = Table(
    "code_salt",
    tables,
    Column("id", Integer, primary_key=True),
    Column("salt", LargeBinary, nullable=False),
)


def grants(roles: Roles) -> Iterator[str]:
    """Only who records may see keys; neither projector nor reader ever does."""
    yield from grant("SELECT, INSERT, UPDATE", ["subject_keys", "code_salt"], roles.writer)
    yield from grant("SELECT, INSERT, DELETE", ["secret_codes"], roles.writer)
    yield from grant("SELECT", [KEYS.table], roles.writer)

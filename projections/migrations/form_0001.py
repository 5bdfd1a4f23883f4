"""The books: pointer to the live version, versions, checkpoints, parked and discarded events.

A database that had them before forms were counted keeps what it has.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

Key = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
Position = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "live_versions",
        sa.Column("projection", Key, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        if_not_exists=True,
    )
    op.create_table(
        "versions",
        sa.Column("projection", Key, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("schema", sa.Integer, nullable=False),
        sa.Column("state", Key, nullable=False),
        sa.Column("workers", sa.SmallInteger, nullable=False),
        sa.Column("target", Position, nullable=False),
        sa.Column("started", Key, nullable=False),
        sa.Column("finished", Key),
        sa.Column("compared", sa.LargeBinary),
        if_not_exists=True,
    )
    op.create_table(
        "checkpoints",
        sa.Column("projection", Key, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("partition", sa.Integer, primary_key=True),
        sa.Column("position", Position, nullable=False),
        sa.Column("offset", Position),
        sa.Column("skipped", Position, nullable=False, server_default="0"),
        if_not_exists=True,
    )
    op.create_table(
        "parked",
        sa.Column("projection", Key, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("position", Position, primary_key=True, autoincrement=False),
        sa.Column("aggregate", Key, nullable=False),
        sa.Column("aggregate_version", sa.Integer, nullable=False),
        sa.Column("topic", Key, nullable=False),
        sa.Column("state", sa.LargeBinary, nullable=False),
        sa.Column("held", sa.Boolean, nullable=False),
        sa.Column("error", sa.Text),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("since", Key, nullable=False),
        if_not_exists=True,
    )
    op.create_table(
        "discarded",
        sa.Column("projection", Key, primary_key=True),
        sa.Column("position", Position, primary_key=True, autoincrement=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("actor", Key, nullable=False),
        sa.Column("since", Key, nullable=False),
        if_not_exists=True,
    )

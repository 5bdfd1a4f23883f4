"""Cursors of the relay, and whose turn it is."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

Key = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
Position = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "relay_cursors",
        sa.Column("topic", Key, primary_key=True),
        sa.Column("ledger", Key, nullable=False),
        sa.Column("partitions", sa.Integer, nullable=False),
        sa.Column("position", Position, nullable=False),
        sa.Column("leaf", Position, nullable=False),
        sa.Column("token", Position, nullable=False),
        sa.Column("moved", Key),
    )
    op.create_table(
        "relay_turns",
        sa.Column("ledger", Key, primary_key=True),
        sa.Column("token", Position, nullable=False),
        sa.Column("holder", Key, nullable=False),
        sa.Column("since", Key, nullable=False),
        sa.Column("state", Key, nullable=False),
        sa.Column("error", sa.Text),
        sa.Column("beat", Key, nullable=False),
    )

"""Keys of sealed data, hashes of codes, the salt of the hashes."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

Key = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "subject_keys",
        sa.Column("subject", Key, primary_key=True),
        sa.Column("key", Key, nullable=False, unique=True),
        sa.Column("wrapper", Key),
        sa.Column("wrapped", sa.LargeBinary),
        sa.Column("forgotten", Key),
    )
    op.create_table(
        "secret_codes",
        sa.Column("hash", Key, primary_key=True),
        sa.Column("kind", Key, nullable=False),
        sa.Column("thing", Key, nullable=False, index=True),
    )
    op.create_table(
        "code_salt",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("salt", sa.LargeBinary, nullable=False),
    )

"""Which parked events operators were told of."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("parked", sa.Column("announced", sa.Boolean, nullable=False, server_default=sa.false()))

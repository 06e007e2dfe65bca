"""Runs of models that testers bring themselves: run.local."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0002_local_runs"
down_revision = "0001_tables"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # A column with a constant default: neither database copies the table for it.
    op.add_column("run", sa.Column("local", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    op.drop_column("run", "local")

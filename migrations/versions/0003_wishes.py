"""What a study asked of a mode beyond its name: run.wishes, machine_condition.wishes."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0003_wishes"
down_revision = "0002_local_runs"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # Columns with a constant default: neither database copies the table for them. Nothing was asked until now.
    for table in ("run", "machine_condition"):
        op.add_column(table, sa.Column("wishes", sa.String(250), server_default="", nullable=False))


def downgrade() -> None:
    for table in ("machine_condition", "run"):
        op.drop_column(table, "wishes")

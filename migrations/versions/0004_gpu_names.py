"""GPU names: the chip that a device id tells (device.gpu_chip), and administrators' own names (gpu_alias)."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0004_gpu_names"
down_revision = "0003_wishes"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # Empty until `kit devices renormalise --apply` reads the raw strings again.
    op.add_column("device", sa.Column("gpu_chip", sa.String(200), nullable=True))
    op.create_table(
        "gpu_alias",
        sa.Column("gpu_model", sa.String(300), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("actor", sa.String(120), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("gpu_model", name=op.f("pk_gpu_alias")),
    )


def downgrade() -> None:
    op.drop_table("gpu_alias")
    op.drop_column("device", "gpu_chip")

"""Indexes that hold all that pages ask of a million runs: machines behind figures, devices and studies of visits."""

from collections.abc import Sequence

from alembic import op

revision = "0007_page_indexes"
down_revision = "0006_access"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

FIGURES = (
    *("cell_id", "sole", "link_id", "first_run_at", "flags", "outcomes", "runs", "invalid_runs"),
    *("capability_ms", "displayed_fps", "load_ms", "first_picture_ms", "capability_ms_p95"),
)

DEVICE = ("gpu_class", "gpu_family", "browser_name", "os")


def upgrade() -> None:
    op.drop_index("ix_machine_condition_figures", "machine_condition")
    op.create_index("ix_machine_condition_figures", "machine_condition", [*FIGURES, "machine_id"])
    for column in DEVICE:
        op.create_index(f"ix_device_{column}_visit_id", "device", [column, "visit_id"])
    op.drop_index("ix_visit_study_id_created_at", "visit")
    op.create_index(
        "ix_visit_study_id_simulated_created_at", "visit", ["study_id", "simulated", "created_at"]
    )


def downgrade() -> None:
    op.drop_index("ix_visit_study_id_simulated_created_at", "visit")
    op.create_index("ix_visit_study_id_created_at", "visit", ["study_id", "created_at"])
    for column in reversed(DEVICE):
        op.drop_index(f"ix_device_{column}_visit_id", "device")
    op.drop_index("ix_machine_condition_figures", "machine_condition")
    op.create_index("ix_machine_condition_figures", "machine_condition", list(FIGURES))

"""Indexes that hold all that pages ask of a million runs: machines behind figures, devices and studies of visits."""

from collections.abc import Sequence

import sqlalchemy as sa
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
    _shared("cell_id", "sole", "machine_id", *FIGURES[2:8], "valid_runs", *FIGURES[8:])
    for column in DEVICE:
        op.create_index(f"ix_device_{column}_visit_id", "device", [column, "visit_id"])
    _missing("simulated", "rejected_at", "created_at", "study_id", "done", "planned", "id")
    op.drop_index("ix_visit_study_id_created_at", "visit")
    op.drop_index("ix_visit_simulated_created_at", "visit")
    op.create_index("ix_visit_of_study", "visit", ["study_id", "simulated", "created_at", "id"])
    op.create_index("ix_visit_of_all", "visit", ["simulated", "created_at", "id"])
    op.create_index(
        "ix_run_condition", "run", ["bundle_name", "mode", "wishes", "bundle_version", "kind", "visit_id"]
    )
    op.create_index("ix_flag_code_run_id", "flag", ["code", "run_id"])


def downgrade() -> None:
    op.drop_index("ix_flag_code_run_id", "flag")
    op.drop_index("ix_run_condition", "run")
    op.drop_index("ix_visit_of_all", "visit")
    op.drop_index("ix_visit_of_study", "visit")
    op.create_index("ix_visit_simulated_created_at", "visit", ["simulated", "created_at"])
    _missing("simulated", "study_id", "created_at")
    op.create_index("ix_visit_study_id_created_at", "visit", ["study_id", "created_at"])
    for column in reversed(DEVICE):
        op.drop_index(f"ix_device_{column}_visit_id", "device")
    op.drop_index("ix_machine_condition_figures", "machine_condition")
    op.create_index("ix_machine_condition_figures", "machine_condition", list(FIGURES))
    _shared("cell_id")


def _shared(*columns: str) -> None:
    """Rows of machines that may have several in a condition, by these columns."""
    op.drop_index("ix_machine_condition_shared", "machine_condition")
    op.create_index(
        "ix_machine_condition_shared",
        "machine_condition",
        columns,
        sqlite_where=sa.text("sole IS 0"),
        postgresql_where=sa.text("sole IS false"),
    )


def _missing(*columns: str) -> None:
    """Visits that lack a part of their measuring, by these columns."""
    where = sa.text("done < planned AND rejected_at IS NULL")
    op.drop_index("ix_visit_missing", "visit")
    op.create_index("ix_visit_missing", "visit", columns, sqlite_where=where, postgresql_where=where)

"""Cells and counters, which pages read instead of every row; rejected visits; what a row needs to be found and merged.

Figures are derived: machine_condition is emptied here, and `kit.db.migrate` makes it, the cells and the counters again
from the runs as soon as the newest revision is reached.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0005_cells"
down_revision = "0004_gpu_names"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

MISSING = "done < planned AND rejected_at IS NULL"
VISIT = (
    sa.Column("planned", sa.Integer(), server_default="0", nullable=False),
    sa.Column("done", sa.Integer(), server_default="0", nullable=False),
    sa.Column("rejected_at", sa.DateTime(timezone=True), nullable=True),
    sa.Column("rejected_reason", sa.Text(), nullable=True),
)
FIGURES = ("capability_ms", "displayed_fps", "load_ms", "first_picture_ms", "capability_ms_p95")
ROW = (
    sa.Column("cell_id", sa.BigInteger(), nullable=True),
    sa.Column("sole", sa.Boolean(), server_default=sa.true(), nullable=False),
    *(sa.Column(name, sa.Double(), nullable=True) for name in FIGURES[2:]),
    *(sa.Column(f"all_{name}", sa.Double(), nullable=True) for name in FIGURES),
    sa.Column("outcomes", sa.Integer(), server_default="0", nullable=False),
    sa.Column("flags", sa.BigInteger(), server_default="0", nullable=False),
    sa.Column("flag_runs", sa.Text(), server_default="[]", nullable=False),
    sa.Column("problems", sa.Text(), server_default="[]", nullable=False),
)
COUNTS = (
    *(
        "row_count",
        "shared",
        "runs",
        "invalid_runs",
        "not_ok_runs",
        "unknown",
        "displayed_unknown",
        "refused",
    ),
    *("yes_24", "yes_30", "yes_60", "displayed_yes_24", "displayed_yes_30", "displayed_yes_60"),
    *("ok_machines", "wrong_output_machines", "unavailable_machines", "failed_machines", "too_slow_machines"),
    *("stopped_machines", "lost_machines"),
)


def upgrade() -> None:
    for column in VISIT:
        op.add_column("visit", column)
    op.create_index("ix_visit_simulated_created_at", "visit", ["simulated", "created_at"])
    op.create_index(
        "ix_visit_missing",
        "visit",
        ["simulated", "study_id", "created_at"],
        sqlite_where=sa.text(MISSING),
        postgresql_where=sa.text(MISSING),
    )
    op.execute("DELETE FROM machine_condition")
    for column in ROW:
        op.add_column("machine_condition", column)
    op.drop_index("ix_machine_condition_group", "machine_condition")
    op.drop_index("ix_machine_condition_study_id", "machine_condition")
    op.create_index(
        "ix_machine_condition_figures",
        "machine_condition",
        [
            *("cell_id", "sole", "link_id", "first_run_at", "flags", "outcomes", "runs", "invalid_runs"),
            *FIGURES,
        ],
    )
    op.create_index(
        "ix_machine_condition_shared",
        "machine_condition",
        ["cell_id"],
        sqlite_where=sa.text("sole IS 0"),
        postgresql_where=sa.text("sole IS false"),
    )
    _create_cell()
    op.create_table(
        "counter",
        sa.Column("scope", sa.String(36), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("scope", "name", name=op.f("pk_counter")),
    )


def downgrade() -> None:
    op.drop_table("counter")
    op.drop_table("cell")
    for index in ("shared", "figures"):
        op.drop_index(f"ix_machine_condition_{index}", "machine_condition")
    for column in reversed(ROW):
        op.drop_column("machine_condition", column.name)
    op.create_index(
        "ix_machine_condition_group",
        "machine_condition",
        ["gpu_model", "bundle_sha256", "mode", "capability_ms"],
    )
    op.create_index("ix_machine_condition_study_id", "machine_condition", ["study_id"])
    for index in ("missing", "simulated_created_at"):
        op.drop_index(f"ix_visit_{index}", "visit")
    for column in reversed(VISIT):
        op.drop_column("visit", column.name)


def _create_cell() -> None:
    op.create_table(
        "cell",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("study_id", sa.String(36), nullable=False),
        sa.Column("stage", sa.String(10), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("bundle_name", sa.String(63), nullable=False),
        sa.Column("bundle_version", sa.String(40), nullable=False),
        sa.Column("bundle_sha256", sa.String(64), nullable=False),
        sa.Column("mode", sa.String(40), nullable=False),
        sa.Column("wishes", sa.String(250), nullable=False),
        sa.Column("threads", sa.Integer(), nullable=False),
        sa.Column("precision", sa.String(200), nullable=False),
        sa.Column("browser_name", sa.String(200), nullable=False),
        sa.Column("os", sa.String(200), nullable=False),
        sa.Column("gpu_vendor", sa.String(200), nullable=False),
        sa.Column("gpu_model", sa.String(300), nullable=False),
        sa.Column("gpu_family", sa.String(200), nullable=False),
        sa.Column("gpu_class", sa.String(40), nullable=False),
        sa.Column("gpu_blurred", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTS),
        *(sa.Column(name, sa.LargeBinary(), nullable=True) for name in FIGURES),
        sa.Column("flag_runs", sa.Text(), nullable=False),
        sa.Column("problems", sa.Text(), nullable=False),
        sa.CheckConstraint("stage IN ('pilot', 'main')", name=op.f("ck_cell_stage")),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_cell_study_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cell")),
        sa.UniqueConstraint("key", name=op.f("uq_cell_key")),
        sqlite_autoincrement=True,
    )

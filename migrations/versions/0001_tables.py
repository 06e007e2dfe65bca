"""All tables of the first version: raw runs and samples, what is derived from them, studies, admins."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0001_tables"
down_revision = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "admin",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_admin")),
        sa.UniqueConstraint("name", name=op.f("uq_admin_name")),
    )
    op.create_table(
        "audit",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("action", sa.String(length=80), nullable=False),
        sa.Column("target", sa.String(length=200), nullable=False),
        sa.Column("details", sa.JSON(none_as_null=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_at"), "audit", ["at"], unique=False)
    op.create_table(
        "machine",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_machine")),
    )
    op.create_table(
        "study",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("stage", sa.String(length=10), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("autorun", sa.Boolean(), nullable=False),
        sa.Column("order_seed", sa.BigInteger(), nullable=False),
        sa.Column("visit_count", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("stage IN ('pilot', 'main')", name=op.f("ck_study_stage")),
        sa.CheckConstraint("state IN ('draft', 'open', 'closed')", name=op.f("ck_study_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study")),
        sa.UniqueConstraint("name", name=op.f("uq_study_name")),
    )
    op.create_table(
        "link",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("study_id", sa.String(length=36), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("uses", sa.String(length=10), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('general', 'personal')", name=op.f("ck_link_kind")),
        sa.CheckConstraint("uses IN ('single', 'multiple')", name=op.f("ck_link_uses")),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_link_study_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link")),
        sa.UniqueConstraint("token", name=op.f("uq_link_token")),
    )
    op.create_index(op.f("ix_link_study_id"), "link", ["study_id"], unique=False)
    op.create_table(
        "study_revision",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("study_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_study_revision_study_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study_revision")),
        sa.UniqueConstraint("study_id", "number", name=op.f("uq_study_revision_study_id_number")),
    )
    op.create_table(
        "tombstone",
        sa.Column("visit_id", sa.String(length=36), nullable=False),
        sa.Column("study_id", sa.String(length=36), nullable=False),
        sa.Column("secret_sha256", sa.String(length=64), nullable=False),
        sa.Column("deleted_by", sa.String(length=10), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("deleted_by IN ('tester', 'admin')", name=op.f("ck_tombstone_deleted_by")),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_tombstone_study_id")),
        sa.PrimaryKeyConstraint("visit_id", name=op.f("pk_tombstone")),
    )
    op.create_index(op.f("ix_tombstone_study_id"), "tombstone", ["study_id"], unique=False)
    op.create_table(
        "link_day",
        sa.Column("link_id", sa.String(length=36), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("opens", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["link_id"], ["link.id"], name=op.f("fk_link_day_link_id")),
        sa.PrimaryKeyConstraint("link_id", "day", name=op.f("pk_link_day")),
    )
    op.create_table(
        "machine_condition",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("machine_id", sa.String(length=36), nullable=False),
        sa.Column("study_id", sa.String(length=36), nullable=False),
        sa.Column("link_id", sa.String(length=36), nullable=False),
        sa.Column("stage", sa.String(length=10), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("bundle_name", sa.String(length=63), nullable=False),
        sa.Column("bundle_version", sa.String(length=40), nullable=False),
        sa.Column("bundle_sha256", sa.String(length=64), nullable=False),
        sa.Column("mode", sa.String(length=40), nullable=False),
        sa.Column("threads", sa.Integer(), nullable=False),
        sa.Column("precision", sa.String(length=200), nullable=False),
        sa.Column("browser_name", sa.String(length=200), nullable=False),
        sa.Column("browser_major", sa.Integer(), nullable=True),
        sa.Column("os", sa.String(length=200), nullable=False),
        sa.Column("mobile", sa.Boolean(), nullable=True),
        sa.Column("gpu_vendor", sa.String(length=200), nullable=False),
        sa.Column("gpu_model", sa.String(length=300), nullable=False),
        sa.Column("gpu_family", sa.String(length=200), nullable=False),
        sa.Column("gpu_class", sa.String(length=40), nullable=False),
        sa.Column("gpu_api", sa.String(length=40), nullable=False),
        sa.Column("gpu_blurred", sa.Boolean(), nullable=False),
        sa.Column("refresh_hz", sa.Double(), nullable=True),
        sa.Column("runs", sa.Integer(), nullable=False),
        sa.Column("valid_runs", sa.Integer(), nullable=False),
        sa.Column("invalid_runs", sa.Integer(), nullable=False),
        sa.Column("ok_runs", sa.Integer(), nullable=False),
        sa.Column("wrong_output_runs", sa.Integer(), nullable=False),
        sa.Column("unavailable_runs", sa.Integer(), nullable=False),
        sa.Column("failed_runs", sa.Integer(), nullable=False),
        sa.Column("too_slow_runs", sa.Integer(), nullable=False),
        sa.Column("stopped_runs", sa.Integer(), nullable=False),
        sa.Column("lost_runs", sa.Integer(), nullable=False),
        sa.Column("capability_ms", sa.Double(), nullable=True),
        sa.Column("displayed_fps", sa.Double(), nullable=True),
        sa.Column("bound_ms", sa.Double(), nullable=True),
        sa.Column("first_run_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_run_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("stage IN ('pilot', 'main')", name=op.f("ck_machine_condition_stage")),
        sa.ForeignKeyConstraint(["link_id"], ["link.id"], name=op.f("fk_machine_condition_link_id")),
        sa.ForeignKeyConstraint(["machine_id"], ["machine.id"], name=op.f("fk_machine_condition_machine_id")),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_machine_condition_study_id")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_machine_condition")),
    )
    op.create_index(
        "ix_machine_condition_group",
        "machine_condition",
        ["gpu_model", "bundle_sha256", "mode", "capability_ms"],
        unique=False,
    )
    op.create_index(
        op.f("ix_machine_condition_machine_id"), "machine_condition", ["machine_id"], unique=False
    )
    op.create_index(op.f("ix_machine_condition_study_id"), "machine_condition", ["study_id"], unique=False)
    op.create_table(
        "visit",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("study_id", sa.String(length=36), nullable=False),
        sa.Column("revision_id", sa.String(length=36), nullable=False),
        sa.Column("link_id", sa.String(length=36), nullable=False),
        sa.Column("machine_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=10), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("consent_sha256", sa.String(length=64), nullable=False),
        sa.Column("consent_language", sa.String(length=35), nullable=False),
        sa.Column("consent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("order_seed", sa.BigInteger(), nullable=False),
        sa.Column("sequence", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("secret_sha256", sa.String(length=64), nullable=False),
        sa.Column("body_sha256", sa.String(length=64), nullable=False),
        sa.Column("kit_version", sa.String(length=200), nullable=False),
        sa.Column("protocol_version", sa.Integer(), nullable=False),
        sa.Column("refresh_hz_after", sa.Double(), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("stage IN ('pilot', 'main')", name=op.f("ck_visit_stage")),
        sa.CheckConstraint(
            "state IN ('started', 'finished', 'stopped', 'no_webgl')", name=op.f("ck_visit_state")
        ),
        sa.ForeignKeyConstraint(["link_id"], ["link.id"], name=op.f("fk_visit_link_id")),
        sa.ForeignKeyConstraint(["machine_id"], ["machine.id"], name=op.f("fk_visit_machine_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["study_revision.id"], name=op.f("fk_visit_revision_id")),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_visit_study_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
    )
    op.create_index(op.f("ix_visit_link_id"), "visit", ["link_id"], unique=False)
    op.create_index(op.f("ix_visit_machine_id"), "visit", ["machine_id"], unique=False)
    op.create_index("ix_visit_study_id_created_at", "visit", ["study_id", "created_at"], unique=False)
    op.create_table(
        "device",
        sa.Column("visit_id", sa.String(length=36), nullable=False),
        sa.Column("declined", sa.Boolean(), nullable=False),
        sa.Column("raw", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("renderer", sa.Text(), nullable=True),
        sa.Column("vendor", sa.Text(), nullable=True),
        sa.Column("gpu_vendor", sa.String(length=200), nullable=True),
        sa.Column("gpu_model", sa.String(length=300), nullable=True),
        sa.Column("gpu_family", sa.String(length=200), nullable=True),
        sa.Column("gpu_class", sa.String(length=40), nullable=True),
        sa.Column("gpu_api", sa.String(length=40), nullable=True),
        sa.Column("gpu_blurred", sa.Boolean(), nullable=True),
        sa.Column("gpu_confidence", sa.String(length=20), nullable=True),
        sa.Column("gpu_rule_version", sa.Integer(), nullable=True),
        sa.Column("browser_name", sa.String(length=200), nullable=True),
        sa.Column("browser_major", sa.Integer(), nullable=True),
        sa.Column("os", sa.String(length=200), nullable=True),
        sa.Column("os_version", sa.String(length=200), nullable=True),
        sa.Column("mobile", sa.Boolean(), nullable=True),
        sa.Column("webgl", sa.Boolean(), nullable=True),
        sa.Column("webgpu", sa.Boolean(), nullable=True),
        sa.Column("isolated", sa.Boolean(), nullable=True),
        sa.Column("refresh_hz", sa.Double(), nullable=True),
        sa.Column("tick_us", sa.BigInteger(), nullable=True),
        sa.Column("body_sha256", sa.String(length=64), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_device_visit_id")),
        sa.PrimaryKeyConstraint("visit_id", name=op.f("pk_device")),
    )
    op.create_index(op.f("ix_device_gpu_model"), "device", ["gpu_model"], unique=False)
    op.create_index(op.f("ix_device_gpu_vendor"), "device", ["gpu_vendor"], unique=False)
    op.create_table(
        "run",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("visit_id", sa.String(length=36), nullable=False),
        sa.Column("bundle_name", sa.String(length=63), nullable=False),
        sa.Column("bundle_version", sa.String(length=40), nullable=False),
        sa.Column("bundle_sha256", sa.String(length=64), nullable=False),
        sa.Column("mode", sa.String(length=40), nullable=False),
        sa.Column("threads", sa.Integer(), nullable=True),
        sa.Column("precision", sa.String(length=200), nullable=False),
        sa.Column("tuning", sa.Text(), nullable=True),
        sa.Column("library", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("block", sa.Integer(), nullable=False),
        sa.Column("drift_control", sa.Boolean(), nullable=False),
        sa.Column("started_us", sa.BigInteger(), nullable=False),
        sa.Column("cold", sa.Boolean(), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("load_bytes", sa.BigInteger(), nullable=True),
        sa.Column("load_us", sa.BigInteger(), nullable=True),
        sa.Column("compile_us", sa.BigInteger(), nullable=True),
        sa.Column("first_picture_us", sa.BigInteger(), nullable=True),
        sa.Column("golden_status", sa.String(length=20), nullable=True),
        sa.Column("golden_max_abs_error", sa.Double(), nullable=True),
        sa.Column("golden_psnr_db", sa.Double(), nullable=True),
        sa.Column("renderer", sa.Text(), nullable=True),
        sa.Column("vendor", sa.Text(), nullable=True),
        sa.Column("environment", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("events", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("body_sha256", sa.String(length=64), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('measured', 'play')", name=op.f("ck_run_kind")),
        sa.CheckConstraint(
            "outcome IN ('ok', 'wrong_output', 'unavailable', 'failed', 'too_slow', 'stopped', 'lost')",
            name=op.f("ck_run_outcome"),
        ),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_run_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
    )
    op.create_index("ix_run_bundle_sha256_mode", "run", ["bundle_sha256", "mode"], unique=False)
    op.create_index(op.f("ix_run_received_at"), "run", ["received_at"], unique=False)
    op.create_index("ix_run_visit_id_started_us", "run", ["visit_id", "started_us"], unique=False)
    op.create_table(
        "token",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("purpose", sa.String(length=10), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=True),
        sa.Column("admin_id", sa.String(length=36), nullable=True),
        sa.Column("visit_id", sa.String(length=36), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("purpose IN ('admin', 'join')", name=op.f("ck_token_purpose")),
        sa.ForeignKeyConstraint(["admin_id"], ["admin.id"], name=op.f("fk_token_admin_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_token_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_token")),
        sa.UniqueConstraint("sha256", name=op.f("uq_token_sha256")),
    )
    op.create_index(op.f("ix_token_visit_id"), "token", ["visit_id"], unique=False)
    op.create_table(
        "flag",
        sa.Column("run_id", sa.String(length=36), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("effect", sa.Text(), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("level IN ('invalid', 'warn', 'info')", name=op.f("ck_flag_level")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_flag_run_id")),
        sa.PrimaryKeyConstraint("run_id", "code", name=op.f("pk_flag")),
    )
    op.create_table(
        "run_summary",
        sa.Column("run_id", sa.String(length=36), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("capability_ms_median", sa.Double(), nullable=True),
        sa.Column("capability_ms_p95", sa.Double(), nullable=True),
        sa.Column("capability_fps", sa.Double(), nullable=True),
        sa.Column("displayed_fps", sa.Double(), nullable=True),
        sa.Column("frames", sa.Integer(), nullable=False),
        sa.Column("displayed_frames", sa.Integer(), nullable=False),
        sa.Column("warmup_frames", sa.Integer(), nullable=False),
        sa.Column("bound_ms", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_run_summary_run_id")),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_run_summary")),
    )
    op.create_table(
        "sample_block",
        sa.Column("run_id", sa.String(length=36), nullable=False),
        sa.Column("phase", sa.String(length=12), nullable=False),
        sa.Column("samples", sa.Integer(), nullable=False),
        sa.Column("elapsed_us", sa.BigInteger(), nullable=False),
        sa.Column("animation_frames", sa.Integer(), nullable=True),
        sa.Column("k", sa.LargeBinary(), nullable=False),
        sa.Column("us", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "phase IN ('warmup', 'capability', 'displayed')", name=op.f("ck_sample_block_phase")
        ),
        sa.CheckConstraint("samples >= 0", name=op.f("ck_sample_block_samples")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_sample_block_run_id")),
        sa.PrimaryKeyConstraint("run_id", "phase", name=op.f("pk_sample_block")),
    )


def downgrade() -> None:
    op.drop_table("sample_block")
    op.drop_table("run_summary")
    op.drop_table("flag")
    op.drop_index(op.f("ix_token_visit_id"), table_name="token")
    op.drop_table("token")
    op.drop_index("ix_run_visit_id_started_us", table_name="run")
    op.drop_index(op.f("ix_run_received_at"), table_name="run")
    op.drop_index("ix_run_bundle_sha256_mode", table_name="run")
    op.drop_table("run")
    op.drop_index(op.f("ix_device_gpu_vendor"), table_name="device")
    op.drop_index(op.f("ix_device_gpu_model"), table_name="device")
    op.drop_table("device")
    op.drop_index("ix_visit_study_id_created_at", table_name="visit")
    op.drop_index(op.f("ix_visit_machine_id"), table_name="visit")
    op.drop_index(op.f("ix_visit_link_id"), table_name="visit")
    op.drop_table("visit")
    op.drop_index(op.f("ix_machine_condition_study_id"), table_name="machine_condition")
    op.drop_index(op.f("ix_machine_condition_machine_id"), table_name="machine_condition")
    op.drop_index("ix_machine_condition_group", table_name="machine_condition")
    op.drop_table("machine_condition")
    op.drop_table("link_day")
    op.drop_index(op.f("ix_tombstone_study_id"), table_name="tombstone")
    op.drop_table("tombstone")
    op.drop_table("study_revision")
    op.drop_index(op.f("ix_link_study_id"), table_name="link")
    op.drop_table("link")
    op.drop_table("study")
    op.drop_table("machine")
    op.drop_index(op.f("ix_audit_at"), table_name="audit")
    op.drop_table("audit")
    op.drop_table("admin")

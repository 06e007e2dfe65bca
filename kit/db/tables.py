"""All tables. Raw strings and samples are kept for good; what is derived from them carries its rule's version.

Units: ``_ms`` milliseconds, ``_us`` integer microseconds, ``_hz`` and ``_fps`` per second. Ids are UUIDs as text,
times are aware and in UTC. Words such as visit, machine, run and condition mean what /help says.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, get_args

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column

from kit.db.base import Base, Id, Sha, new_id
from kit.domain.wire.run import Outcome

OUTCOMES: tuple[str, ...] = get_args(Outcome)
STUDY_STATES = ("draft", "open", "closed")
VISIT_STATES = ("started", "finished", "stopped", "no_webgl")
PHASES = ("warmup", "capability", "displayed")
FLAG_LEVELS = ("invalid", "warn", "info")


MISSING = "done < planned AND rejected_at IS NULL"


def one_of(column: str, values: Sequence[str]) -> CheckConstraint:
    """A named CHECK that a text column holds one of these words."""
    words = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({words})", name=column)


class Study(Base):
    """One investigation. ``visit_count`` numbers its visits, so that orders stay balanced; it never goes back."""

    __tablename__ = "study"
    __table_args__ = (one_of("state", STUDY_STATES), one_of("stage", ("pilot", "main")))

    id: Mapped[Id] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(10), default="draft")
    stage: Mapped[str] = mapped_column(String(10), default="main")
    simulated: Mapped[bool] = mapped_column(default=False)
    autorun: Mapped[bool] = mapped_column(default=False)
    order_seed: Mapped[int] = mapped_column(BigInteger)
    visit_count: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class StudyRevision(Base):
    """What the study asked for, word by word: never changed, only followed by the next number.

    ``definition`` is the canonical JSON of ``kit.domain.study.StudyPlan`` (bundles pinned) and ``sha256`` its hash.
    """

    __tablename__ = "study_revision"
    __table_args__ = (UniqueConstraint("study_id", "number"),)

    id: Mapped[Id] = mapped_column(primary_key=True, default=new_id)
    study_id: Mapped[Id] = mapped_column(ForeignKey("study.id"))
    number: Mapped[int]
    definition: Mapped[str] = mapped_column(Text)
    sha256: Mapped[Sha]
    created_at: Mapped[datetime]


class Link(Base):
    """A URL that is sent out. A ``single`` link takes one visit, whose id it then remembers."""

    __tablename__ = "link"
    __table_args__ = (one_of("kind", ("general", "personal")), one_of("uses", ("single", "multiple")))

    id: Mapped[Id] = mapped_column(primary_key=True, default=new_id)
    study_id: Mapped[Id] = mapped_column(ForeignKey("study.id"), index=True)
    token: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[str] = mapped_column(String(10), default="general")
    uses: Mapped[str] = mapped_column(String(10), default="multiple")
    label: Mapped[str] = mapped_column(String(200), default="")
    on: Mapped[bool] = mapped_column("is_on", default=True)
    used_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class LinkDay(Base):
    """How often a link was opened on one UTC day: all that is stored before consent."""

    __tablename__ = "link_day"

    link_id: Mapped[Id] = mapped_column(ForeignKey("link.id"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    opens: Mapped[int] = mapped_column(default=0)


class Machine(Base):
    """A random id that a browser keeps after consent; a join code gives two browsers the same one."""

    __tablename__ = "machine"

    id: Mapped[Id] = mapped_column(primary_key=True)
    created_at: Mapped[datetime]


class Visit(Base):
    """One tester's sitting. ``number`` counts within the study; order and sequence are fixed when it is made.

    A visit with ``rejected_at`` is kept and counted, but enters no figure.
    """

    __tablename__ = "visit"
    __table_args__ = (
        one_of("state", VISIT_STATES),
        one_of("stage", ("pilot", "main")),
        Index("ix_visit_of_study", "study_id", "simulated", "created_at", "id"),
        Index("ix_visit_of_all", "simulated", "created_at", "id"),
        Index(
            "ix_visit_missing",
            *("simulated", "rejected_at", "created_at", "study_id", "done", "planned", "id"),
            sqlite_where=text(MISSING),
            postgresql_where=text(MISSING),
        ),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    study_id: Mapped[Id] = mapped_column(ForeignKey("study.id"))
    revision_id: Mapped[Id] = mapped_column(ForeignKey("study_revision.id"))
    link_id: Mapped[Id] = mapped_column(ForeignKey("link.id"), index=True)
    machine_id: Mapped[Id] = mapped_column(ForeignKey("machine.id"), index=True)
    number: Mapped[int]
    stage: Mapped[str] = mapped_column(String(10))
    simulated: Mapped[bool]
    state: Mapped[str] = mapped_column(String(10), default="started")
    consent_sha256: Mapped[Sha]
    consent_language: Mapped[str] = mapped_column(String(35))
    consent_at: Mapped[datetime]
    order_seed: Mapped[int] = mapped_column(BigInteger)
    sequence: Mapped[list[dict[str, Any]]]
    secret_sha256: Mapped[Sha]
    body_sha256: Mapped[Sha]
    kit_version: Mapped[str] = mapped_column(String(200))
    protocol_version: Mapped[int]
    refresh_hz_after: Mapped[float | None] = mapped_column(Double)
    end_reason: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    planned: Mapped[int] = mapped_column(server_default="0", doc="blocks that the visit was asked to measure")
    done: Mapped[int] = mapped_column(server_default="0", doc="blocks of which a measured run arrived")
    rejected_at: Mapped[datetime | None]
    rejected_reason: Mapped[str | None] = mapped_column(Text)


class Device(Base):
    """What a visit ran on: the block as it came (``raw``), and what the GPU rules of that version read.

    With ``declined`` the tester kept the block; everything else is then empty.
    """

    __tablename__ = "device"
    __table_args__ = (
        # What visits are filtered by, each with the visit: blocks are long, and reading them all takes seconds. Not all
        # in one index: together they may be too wide for PostgreSQL's index rows.
        *(
            Index(f"ix_device_{column}_visit_id", column, "visit_id")
            for column in ("gpu_class", "gpu_family", "browser_name", "os")
        ),
    )

    visit_id: Mapped[Id] = mapped_column(ForeignKey("visit.id"), primary_key=True)
    declined: Mapped[bool]
    raw: Mapped[dict[str, Any] | None]
    renderer: Mapped[str | None] = mapped_column(Text)
    vendor: Mapped[str | None] = mapped_column(Text)
    gpu_vendor: Mapped[str | None] = mapped_column(String(200), index=True)
    gpu_model: Mapped[str | None] = mapped_column(String(300), index=True)
    gpu_family: Mapped[str | None] = mapped_column(String(200))
    gpu_class: Mapped[str | None] = mapped_column(String(40))
    gpu_api: Mapped[str | None] = mapped_column(String(40))
    gpu_blurred: Mapped[bool | None]
    gpu_confidence: Mapped[str | None] = mapped_column(String(20))
    gpu_rule_version: Mapped[int | None]
    browser_name: Mapped[str | None] = mapped_column(String(200))
    browser_major: Mapped[int | None]
    os: Mapped[str | None] = mapped_column(String(200))
    os_version: Mapped[str | None] = mapped_column(String(200))
    mobile: Mapped[bool | None]
    webgl: Mapped[bool | None]
    webgpu: Mapped[bool | None]
    isolated: Mapped[bool | None]
    refresh_hz: Mapped[float | None] = mapped_column(Double)
    tick_us: Mapped[int | None] = mapped_column(BigInteger)
    body_sha256: Mapped[Sha]
    received_at: Mapped[datetime]
    gpu_chip: Mapped[str | None] = mapped_column(String(200))


class GpuAlias(Base):
    """What an administrator calls a GPU: shown beside the rules' name, which it never replaces."""

    __tablename__ = "gpu_alias"

    gpu_model: Mapped[str] = mapped_column(String(300), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    actor: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime]


class Run(Base):
    """One condition on one visit. ``started_us`` is the offset from the visit's start, by the browser's own clock.

    ``wishes``: what the visit's plan asked of the mode (``threads=1``), from the plan and not from the browser; the
    columns ``threads``, ``precision`` and ``tuning`` say how it ran.
    ``local``: a play run of a model of the tester's own; ``bundle_sha256`` is then the hash of its graph and weights,
    and no study, bundle or figure knows it.
    """

    __tablename__ = "run"
    __table_args__ = (
        one_of("kind", ("measured", "play")),
        one_of("outcome", OUTCOMES),
        Index("ix_run_visit_id_started_us", "visit_id", "started_us"),
        Index("ix_run_bundle_sha256_mode", "bundle_sha256", "mode"),
        Index("ix_run_condition", "bundle_name", "mode", "wishes", "bundle_version", "kind", "visit_id"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    visit_id: Mapped[Id] = mapped_column(ForeignKey("visit.id"))
    bundle_name: Mapped[str] = mapped_column(String(63))
    bundle_version: Mapped[str] = mapped_column(String(40))
    bundle_sha256: Mapped[Sha]
    mode: Mapped[str] = mapped_column(String(40))
    wishes: Mapped[str] = mapped_column(String(250), server_default="")
    threads: Mapped[int | None]
    precision: Mapped[str] = mapped_column(String(200))
    tuning: Mapped[str | None] = mapped_column(Text)
    library: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(10))
    block: Mapped[int]
    drift_control: Mapped[bool] = mapped_column(default=False)
    started_us: Mapped[int] = mapped_column(BigInteger)
    cold: Mapped[bool | None]
    outcome: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str | None] = mapped_column(Text)
    load_bytes: Mapped[int | None] = mapped_column(BigInteger)
    load_us: Mapped[int | None] = mapped_column(BigInteger)
    compile_us: Mapped[int | None] = mapped_column(BigInteger)
    first_picture_us: Mapped[int | None] = mapped_column(BigInteger)
    golden_status: Mapped[str | None] = mapped_column(String(20))
    golden_max_abs_error: Mapped[float | None] = mapped_column(Double)
    golden_psnr_db: Mapped[float | None] = mapped_column(Double)
    renderer: Mapped[str | None] = mapped_column(Text)
    vendor: Mapped[str | None] = mapped_column(Text)
    environment: Mapped[dict[str, Any] | None]
    events: Mapped[list[dict[str, Any]]]
    body_sha256: Mapped[Sha]
    received_at: Mapped[datetime] = mapped_column(index=True)
    local: Mapped[bool] = mapped_column(server_default=false())


class SampleBlock(Base):
    """Every sample of one window, packed: ``k`` as little-endian int32, ``us`` as little-endian int64 microseconds."""

    __tablename__ = "sample_block"
    __table_args__ = (one_of("phase", PHASES), CheckConstraint("samples >= 0", name="samples"))

    run_id: Mapped[Id] = mapped_column(ForeignKey("run.id"), primary_key=True)
    phase: Mapped[str] = mapped_column(String(12), primary_key=True)
    samples: Mapped[int]
    elapsed_us: Mapped[int] = mapped_column(BigInteger)
    animation_frames: Mapped[int | None]
    k: Mapped[bytes] = mapped_column(LargeBinary)
    us: Mapped[bytes] = mapped_column(LargeBinary)


class RunSummary(Base):
    """What ``kit.domain.stats.run`` made of a run's samples, under the rule named; ``None`` where there is no figure."""

    __tablename__ = "run_summary"

    run_id: Mapped[Id] = mapped_column(ForeignKey("run.id"), primary_key=True)
    rule_version: Mapped[int]
    capability_ms_median: Mapped[float | None] = mapped_column(Double)
    capability_ms_p95: Mapped[float | None] = mapped_column(Double)
    capability_fps: Mapped[float | None] = mapped_column(Double)
    displayed_fps: Mapped[float | None] = mapped_column(Double)
    frames: Mapped[int]
    displayed_frames: Mapped[int]
    warmup_frames: Mapped[int]
    bound_ms: Mapped[float | None] = mapped_column(Double)


class Flag(Base):
    """One remark on a run and its effect on each figure. ``invalid`` keeps the run out of figures, never out of counts."""

    __tablename__ = "flag"
    __table_args__ = (one_of("level", FLAG_LEVELS), Index("ix_flag_code_run_id", "code", "run_id"))

    run_id: Mapped[Id] = mapped_column(ForeignKey("run.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    level: Mapped[str] = mapped_column(String(10))
    effect: Mapped[str] = mapped_column(Text)
    rule_version: Mapped[int]


class MachineCondition(Base):
    """What one machine did in one condition: the row that every figure comes from, rewritten whenever one of its runs
    changes.

    One machine can have several rows for one model and mode (two links, browsers, graphics cards, studies); those are
    not ``sole``, and readers merge them so that the machine counts once. Every measured run of a visit that is not
    rejected counts in ``runs`` and in the count of its outcome; only runs without an ``invalid`` flag whose outcome is
    ok give the five figures (medians over runs); the same with invalid runs too are the columns ``all_...``.
    Text that nobody sent (the device was declined) is the empty string. ``key`` hashes the columns that tell rows
    apart: together they are too wide for PostgreSQL's index rows. ``cell_id`` has no foreign key: a cell goes together
    with its last row.
    """

    __tablename__ = "machine_condition"
    __table_args__ = (
        one_of("stage", ("pilot", "main")),
        Index(
            "ix_machine_condition_figures",
            *("cell_id", "sole", "link_id", "first_run_at", "flags", "outcomes", "runs", "invalid_runs"),
            *("capability_ms", "displayed_fps", "load_ms", "first_picture_ms", "capability_ms_p95"),
            "machine_id",
        ),
        Index(
            "ix_machine_condition_shared",
            *(
                "cell_id",
                "sole",
                "machine_id",
                "link_id",
                "first_run_at",
                "flags",
                "outcomes",
                "runs",
                "invalid_runs",
            ),
            *(
                "valid_runs",
                "capability_ms",
                "displayed_fps",
                "load_ms",
                "first_picture_ms",
                "capability_ms_p95",
            ),
            sqlite_where=text("sole IS 0"),
            postgresql_where=text("sole IS false"),
        ),
    )

    key: Mapped[Sha] = mapped_column(primary_key=True)
    machine_id: Mapped[Id] = mapped_column(ForeignKey("machine.id"), index=True)
    study_id: Mapped[Id] = mapped_column(ForeignKey("study.id"))
    link_id: Mapped[Id] = mapped_column(ForeignKey("link.id"))
    stage: Mapped[str] = mapped_column(String(10))
    simulated: Mapped[bool]
    bundle_name: Mapped[str] = mapped_column(String(63))
    bundle_version: Mapped[str] = mapped_column(String(40))
    bundle_sha256: Mapped[Sha]
    mode: Mapped[str] = mapped_column(String(40))
    wishes: Mapped[str] = mapped_column(
        String(250), server_default="", doc="what the study asked of the mode, as in its brackets"
    )
    threads: Mapped[int] = mapped_column(default=0, doc="0 where the mode has no threads to choose")
    precision: Mapped[str] = mapped_column(String(200))
    browser_name: Mapped[str] = mapped_column(String(200))
    browser_major: Mapped[int | None]
    os: Mapped[str] = mapped_column(String(200))
    mobile: Mapped[bool | None]
    gpu_vendor: Mapped[str] = mapped_column(String(200))
    gpu_model: Mapped[str] = mapped_column(String(300))
    gpu_family: Mapped[str] = mapped_column(String(200))
    gpu_class: Mapped[str] = mapped_column(String(40))
    gpu_api: Mapped[str] = mapped_column(String(40))
    gpu_blurred: Mapped[bool]
    refresh_hz: Mapped[float | None] = mapped_column(Double)
    runs: Mapped[int]
    valid_runs: Mapped[int]
    invalid_runs: Mapped[int]
    ok_runs: Mapped[int]
    wrong_output_runs: Mapped[int]
    unavailable_runs: Mapped[int]
    failed_runs: Mapped[int]
    too_slow_runs: Mapped[int]
    stopped_runs: Mapped[int]
    lost_runs: Mapped[int]
    capability_ms: Mapped[float | None] = mapped_column(Double)
    displayed_fps: Mapped[float | None] = mapped_column(Double)
    bound_ms: Mapped[float | None] = mapped_column(
        Double, doc="too slow: at least so many milliseconds a frame"
    )
    first_run_at: Mapped[datetime]
    last_run_at: Mapped[datetime]
    rule_version: Mapped[int]
    cell_id: Mapped[int | None] = mapped_column(BigInteger)
    sole: Mapped[bool] = mapped_column(server_default=true(), doc="the machine's only row in its condition")
    load_ms: Mapped[float | None] = mapped_column(Double, doc="cold, of the first mode on its back end")
    first_picture_ms: Mapped[float | None] = mapped_column(
        Double, doc="cold, of the first mode on its back end"
    )
    capability_ms_p95: Mapped[float | None] = mapped_column(Double)
    all_capability_ms: Mapped[float | None] = mapped_column(Double)
    all_displayed_fps: Mapped[float | None] = mapped_column(Double)
    all_load_ms: Mapped[float | None] = mapped_column(Double)
    all_first_picture_ms: Mapped[float | None] = mapped_column(Double)
    all_capability_ms_p95: Mapped[float | None] = mapped_column(Double)
    outcomes: Mapped[int] = mapped_column(server_default="0", doc="one bit for each outcome that came")
    flags: Mapped[int] = mapped_column(
        BigInteger, server_default="0", doc="one bit for each flag: kit.domain.flag_bits"
    )
    flag_runs: Mapped[str] = mapped_column(Text, server_default="[]", doc="JSON: [code, level, runs], sorted")
    problems: Mapped[str] = mapped_column(
        Text, server_default="[]", doc="JSON: [outcome, reason, runs], the latest last"
    )


class Cell(Base):
    """All machines with the same condition, hardware, browser, OS, study and stage, added up: what pages read first.

    Made of ``machine_condition`` and kept true in the same transaction. What tells cells apart never changes in a row,
    and an id is never used again. ``row_count``, ``runs``, ``invalid_runs``, ``not_ok_runs`` and ``flag_runs`` are over all
    rows, the rest over ``sole`` rows, each a machine of its own; the ``shared`` others are read one by one. Histograms are sparse
    and packed: see ``kit.db.histograms``.
    """

    __tablename__ = "cell"
    __table_args__ = (one_of("stage", ("pilot", "main")), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    key: Mapped[Sha] = mapped_column(unique=True)
    study_id: Mapped[Id] = mapped_column(ForeignKey("study.id"))
    stage: Mapped[str] = mapped_column(String(10))
    simulated: Mapped[bool]
    bundle_name: Mapped[str] = mapped_column(String(63))
    bundle_version: Mapped[str] = mapped_column(String(40))
    bundle_sha256: Mapped[Sha]
    mode: Mapped[str] = mapped_column(String(40))
    wishes: Mapped[str] = mapped_column(String(250))
    threads: Mapped[int]
    precision: Mapped[str] = mapped_column(String(200))
    browser_name: Mapped[str] = mapped_column(String(200))
    os: Mapped[str] = mapped_column(String(200))
    gpu_vendor: Mapped[str] = mapped_column(String(200))
    gpu_model: Mapped[str] = mapped_column(String(300))
    gpu_family: Mapped[str] = mapped_column(String(200))
    gpu_class: Mapped[str] = mapped_column(String(40))
    gpu_blurred: Mapped[bool]
    row_count: Mapped[int]
    shared: Mapped[int]
    runs: Mapped[int]
    invalid_runs: Mapped[int]
    not_ok_runs: Mapped[int]
    unknown: Mapped[int]
    displayed_unknown: Mapped[int]
    refused: Mapped[int]
    yes_24: Mapped[int]
    yes_30: Mapped[int]
    yes_60: Mapped[int]
    displayed_yes_24: Mapped[int]
    displayed_yes_30: Mapped[int]
    displayed_yes_60: Mapped[int]
    ok_machines: Mapped[int]
    wrong_output_machines: Mapped[int]
    unavailable_machines: Mapped[int]
    failed_machines: Mapped[int]
    too_slow_machines: Mapped[int]
    stopped_machines: Mapped[int]
    lost_machines: Mapped[int]
    capability_ms: Mapped[bytes | None] = mapped_column(LargeBinary)
    displayed_fps: Mapped[bytes | None] = mapped_column(LargeBinary)
    load_ms: Mapped[bytes | None] = mapped_column(LargeBinary)
    first_picture_ms: Mapped[bytes | None] = mapped_column(LargeBinary)
    capability_ms_p95: Mapped[bytes | None] = mapped_column(LargeBinary)
    flag_runs: Mapped[str] = mapped_column(Text, doc="JSON: [code, level, runs, rows], sorted")
    problems: Mapped[str] = mapped_column(Text, doc="JSON: [outcome, reason, runs, machines], sorted")


class Counter(Base):
    """A number that would take too long to count each time, kept in the transaction that changes it.

    ``scope`` is a study's id, or empty for all of them; ``kit.db.counters`` says which names there are.
    """

    __tablename__ = "counter"

    scope: Mapped[str] = mapped_column(String(36), primary_key=True)
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    n: Mapped[int] = mapped_column(BigInteger)


class Admin(Base):
    """Someone who may read everything. No default password: ``password_hash`` is argon2, set by a one-time link."""

    __tablename__ = "admin"

    id: Mapped[Id] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    password_hash: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
    signed_in_at: Mapped[datetime | None]


class Token(Base):
    """Something short-lived that opens a door: a one-time admin link (hash only) or a join code.

    A join code is shown again when it is asked for again, so its text is kept in ``code``; a link's never is.
    """

    __tablename__ = "token"
    __table_args__ = (one_of("purpose", ("admin", "join")),)

    id: Mapped[Id] = mapped_column(primary_key=True, default=new_id)
    purpose: Mapped[str] = mapped_column(String(10))
    sha256: Mapped[Sha] = mapped_column(unique=True)
    code: Mapped[str | None] = mapped_column(String(16))
    admin_id: Mapped[str | None] = mapped_column(String(36), ForeignKey("admin.id"))
    visit_id: Mapped[str | None] = mapped_column(String(36), ForeignKey("visit.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Tombstone(Base):
    """What is left of a deleted visit: that there was one, and the secret's hash, so that asking twice is answered."""

    __tablename__ = "tombstone"
    __table_args__ = (one_of("deleted_by", ("tester", "admin")),)

    visit_id: Mapped[Id] = mapped_column(primary_key=True)
    study_id: Mapped[Id] = mapped_column(ForeignKey("study.id"), index=True)
    secret_sha256: Mapped[Sha]
    deleted_by: Mapped[str] = mapped_column(String(10))
    deleted_at: Mapped[datetime]


class Audit(Base):
    """Who changed what, for admins' and commands' own acts. Holds nothing about testers but ids."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(String(120))
    action: Mapped[str] = mapped_column(String(80))
    target: Mapped[str] = mapped_column(String(200))
    details: Mapped[dict[str, Any] | None]

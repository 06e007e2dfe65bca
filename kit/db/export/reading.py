"""Everything measured, row by row. Rows stream: however many there are, only a batch is in memory.

Rejected visits and invalid runs are among them and marked. Units are in the columns' names, as in the payloads; what
each column means is in ``kit.db.export.columns``.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import Session, defer, load_only

from kit.db.dashboard.filters import Filters, of_conditions, of_runs, of_visits
from kit.db.export.columns import DEVICES, MACHINE_CONDITIONS, RUNS, TABLES, VISITS, Table
from kit.db.samples import K_TYPE, US_TYPE
from kit.db.tables import Device, Flag, Link, MachineCondition, Run, RunSummary, SampleBlock, Study, Visit
from kit.errors import CallerError

Record = dict[str, Any]
BATCH = 1_000
WINDOW_BATCH = 200
"""Windows hold up to some thousand samples each, so fewer of them are in memory at once."""
SCREEN = {"screen_width": "width", "screen_height": "height", "device_pixel_ratio": "device_pixel_ratio"}
RAW = ("hardware_concurrency", "device_memory_gb", "touch_points", "charging")
SUMMARY = (
    *("capability_ms_median", "capability_ms_p95", "capability_fps", "displayed_fps", "frames"),
    *("displayed_frames", "warmup_frames", "bound_ms"),
)
DEVICE_OF_RUN = (
    *("gpu_vendor", "gpu_model", "gpu_family", "gpu_class", "gpu_blurred", "browser_major", "os"),
)


def export_rows(
    session: Session, what: str, filters: Filters | None = None
) -> tuple[Table, Iterator[Record]]:
    """The table of ``what`` and its rows, oldest first. Without filters: everything, simulated visits too.

    Raises CallerError for another word.
    """
    if what not in READERS:
        raise CallerError(f"there is no export of {what}; choose from {', '.join(TABLES)}", status=404)
    return TABLES[what], READERS[what](session, filters)


def one_picture(session: Session) -> None:
    """Let all that this session reads come from one moment. SQLite does so by itself."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def _visits(session: Session, filters: Filters | None) -> Iterator[Record]:
    query = select(Visit, Study.name, Link.token).join(Study, Study.id == Visit.study_id)
    query = query.join(Link, Link.id == Visit.link_id).order_by(Visit.created_at, Visit.id)
    query = query.options(defer(Visit.sequence))
    for batch in _batches(session, query.where(*_of_visits(filters))):
        for visit, study, link in batch:
            own = {name: getattr(visit, name) for name in VISITS.names if hasattr(visit, name)}
            names = {"visit": visit.id, "machine": visit.machine_id, "study": study, "link": link}
            yield own | names | {"rejected": visit.rejected_at is not None}


def _devices(session: Session, filters: Filters | None) -> Iterator[Record]:
    query = select(Device, Visit, Study.name).join(Visit, Visit.id == Device.visit_id)
    query = query.join(Study, Study.id == Visit.study_id).order_by(Device.received_at, Device.visit_id)
    query = query.options(defer(Visit.sequence))
    for batch in _batches(session, query.where(*_of_visits(filters))):
        for device, visit, study in batch:
            yield _device(device) | _of_visit(visit, study)


def _device(device: Device) -> Record:
    raw = device.raw or {}
    own = {name: getattr(device, name) for name in DEVICES.names if hasattr(device, name)}
    screen = {column: raw.get("screen", {}).get(name) for column, name in SCREEN.items()}
    more = {name: raw.get(name) for name in RAW}
    named = {"browser": device.browser_name, "tick_ms": _ms(device.tick_us)}
    return own | screen | more | named


def _runs(session: Session, filters: Filters | None) -> Iterator[Record]:
    query = (
        select(Run, RunSummary, Visit, Study.name, Device)
        .join(Visit, Visit.id == Run.visit_id)
        .join(Study, Study.id == Visit.study_id)
        .outerjoin(RunSummary, RunSummary.run_id == Run.id)
        .outerjoin(Device, Device.visit_id == Visit.id)
        .where(*_of_runs(filters))
        .order_by(Run.received_at, Run.id)
        .options(
            defer(Run.events),
            load_only(Visit.machine_id, Visit.stage, Visit.simulated, Visit.rejected_at),
            load_only(*(getattr(Device, name) for name in DEVICE_OF_RUN), Device.browser_name),
        )
    )
    for batch in _batches(session, query):
        flags = _flags(session, [row[0].id for row in batch])
        for run, summary, visit, study, device in batch:
            yield (
                _run(run)
                | _of_visit(visit, study)
                | _summary(summary)
                | _run_device(device)
                | _run_flags(flags.get(run.id, []))
            )


def _run(run: Run) -> Record:
    environment = run.environment or {}
    own = {name: getattr(run, name) for name in RUNS.names if hasattr(run, name)}
    times = {
        name: _ms(getattr(run, name.replace("_ms", "_us")))
        for name in ("load_ms", "compile_ms", "first_picture_ms")
    }
    measured = {name: environment.get(name) for name in ("tick_ms", "closing", "close_ms", "in_flight")}
    names = {"run": run.id, "model": run.bundle_name, "version": run.bundle_version}
    more = {"model_sha256": run.bundle_sha256, "started_ms": _ms(run.started_us)}
    return own | times | measured | names | more


def _of_visit(visit: Visit, study: str) -> Record:
    return {
        "visit": visit.id,
        "machine": visit.machine_id,
        "study": study,
        "stage": visit.stage,
        "simulated": visit.simulated,
        "rejected": visit.rejected_at is not None,
    }


def _summary(summary: RunSummary | None) -> Record:
    figures = {name: getattr(summary, name, None) for name in SUMMARY}
    return figures | {"summary_rule_version": summary.rule_version if summary else None}


def _run_device(device: Device | None) -> Record:
    own = {name: getattr(device, name, None) for name in DEVICE_OF_RUN}
    return own | {"browser": device.browser_name if device else None}


def _flags(session: Session, run_ids: Sequence[str]) -> dict[str, list[Flag]]:
    flags: dict[str, list[Flag]] = {}
    for flag in session.scalars(select(Flag).where(Flag.run_id.in_(run_ids)).order_by(Flag.code)):
        flags.setdefault(flag.run_id, []).append(flag)
    return flags


def _run_flags(flags: Sequence[Flag]) -> Record:
    return {
        "flags": " ".join(flag.code for flag in flags),
        "invalid": any(flag.level == "invalid" for flag in flags),
    }


def _machine_conditions(session: Session, filters: Filters | None) -> Iterator[Record]:
    row = MachineCondition
    query = select(row, Study.name, Link.token).join(Study, Study.id == row.study_id)
    query = query.join(Link, Link.id == row.link_id).order_by(row.key)
    for batch in _batches(session, query.where(*(of_conditions(filters) if filters else []))):
        for condition, study, link in batch:
            names = MACHINE_CONDITIONS.names
            own = {name: getattr(condition, name) for name in names if hasattr(condition, name)}
            yield own | {
                "machine": condition.machine_id,
                "study": study,
                "link": link,
                "model": condition.bundle_name,
                "version": condition.bundle_version,
                "model_sha256": condition.bundle_sha256,
                "browser": condition.browser_name,
            }


def _windows(session: Session, filters: Filters | None) -> Iterator[Record]:
    block = SampleBlock
    query = select(block.run_id, block.phase, block.samples, block.elapsed_us, block.animation_frames)
    for batch in _batches(session, _in_order(query, filters)):
        for run, phase, samples, elapsed, frames in batch:
            yield {
                "run": run,
                "phase": phase,
                "samples": samples,
                "elapsed_us": elapsed,
                "animation_frames": frames,
            }


def _samples(session: Session, filters: Filters | None) -> Iterator[Record]:
    block = SampleBlock
    query = select(block.run_id, block.phase, block.k, block.us)
    for batch in _batches(session, _in_order(query, filters), WINDOW_BATCH):
        for run, phase, k, us in batch:
            pairs = zip(
                np.frombuffer(k, dtype=K_TYPE).tolist(),
                np.frombuffer(us, dtype=US_TYPE).tolist(),
                strict=True,
            )
            for number, (frames, time) in enumerate(pairs):
                yield {"run": run, "phase": phase, "sample": number, "k": frames, "us": time}


def _in_order(query: Select[*tuple[Any, ...]], filters: Filters | None) -> Select[*tuple[Any, ...]]:
    query = query.join(Run, Run.id == SampleBlock.run_id).join(Visit, Visit.id == Run.visit_id)
    return query.where(*_of_runs(filters)).order_by(Run.received_at, Run.id, SampleBlock.phase)


def _batches(session: Session, query: Select[*tuple[Any, ...]], size: int = 0) -> Iterator[Sequence[Any]]:
    """Rows as they come from the database's cursor. The session refers to objects weakly: those of a batch that has been
    written are gone.
    """
    yield from session.execute(query.execution_options(yield_per=size or BATCH)).partitions()


def _of_visits(filters: Filters | None) -> list[ColumnElement[bool]]:
    return [and_(*of_visits(filters))] if filters else []


def _of_runs(filters: Filters | None) -> list[ColumnElement[bool]]:
    return [and_(*of_visits(filters), *of_runs(filters))] if filters else []


def _ms(us: int | None) -> float | None:
    return None if us is None else us / 1000


READERS: dict[str, Callable[[Session, Filters | None], Iterator[Record]]] = {
    "runs": _runs,
    "visits": _visits,
    "devices": _devices,
    "machine_conditions": _machine_conditions,
    "windows": _windows,
    "samples": _samples,
}

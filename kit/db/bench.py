"""What ``kit bench`` reads from its scratch store: how far the page is, and every run as it was sent."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kit.db.samples import unpack
from kit.db.tables import Device, Flag, Run, SampleBlock, Visit
from kit.domain.units import us_to_ms
from kit.domain.wire.run import Environment, Event, Golden, Load, RunReport, Samples, Variant
from kit.domain.wire.visit import BundleRef


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the one visit of a bench study is. ``renderer`` is what the device block said, once it is there."""

    visit: str
    state: str
    runs: int
    planned: int
    renderer: str | None
    reason: str | None


def read_progress(session: Session, study_id: str) -> Progress | None:
    """The progress of the study's visit; ``None`` until the page has created it."""
    visit = session.scalars(
        select(Visit).where(Visit.study_id == study_id).order_by(Visit.number).limit(1)
    ).first()
    if visit is None:
        return None
    runs = session.scalar(
        select(func.count()).select_from(Run).where(Run.visit_id == visit.id, Run.kind == "measured")
    )
    renderer = session.scalar(select(Device.renderer).where(Device.visit_id == visit.id))
    return Progress(visit.id, visit.state, runs or 0, len(visit.sequence), renderer, visit.end_reason)


def read_refresh(session: Session, visit_id: str) -> float | None:
    """The screen's rate in Hz: the mean of what was measured before the first and after the last condition."""
    before = session.scalar(select(Device.refresh_hz).where(Device.visit_id == visit_id))
    after = session.scalar(select(Visit.refresh_hz_after).where(Visit.id == visit_id))
    known = [rate for rate in (before, after) if rate is not None]
    return sum(known) / len(known) if known else None


def read_reports(session: Session, visit_id: str) -> list[tuple[RunReport, tuple[str, ...]]]:
    """Every measured run of a visit in the order of its blocks, with the codes of its flags."""
    runs = session.scalars(
        select(Run)
        .where(Run.visit_id == visit_id, Run.kind == "measured")
        .order_by(Run.block, Run.started_us)
    )
    return [(_report(session, run), _flags(session, run.id)) for run in runs]


def _flags(session: Session, run_id: str) -> tuple[str, ...]:
    return tuple(session.scalars(select(Flag.code).where(Flag.run_id == run_id).order_by(Flag.code)))


def _windows(session: Session, run_id: str) -> dict[str, Samples]:
    blocks = session.scalars(select(SampleBlock).where(SampleBlock.run_id == run_id))
    return {block.phase: unpack(block) for block in blocks}


def _report(session: Session, run: Run) -> RunReport:
    windows = _windows(session, run.id)
    return RunReport.model_validate(
        {
            "schema": 1,
            "model": BundleRef(name=run.bundle_name, version=run.bundle_version, sha256=run.bundle_sha256),
            "mode": run.mode,
            "kind": run.kind,
            "block": run.block,
            "started_ms": us_to_ms(run.started_us),
            "outcome": run.outcome,
            "reason": run.reason,
            "variant": Variant(
                threads=run.threads, precision=run.precision, tuning=run.tuning, library=run.library
            ),
            "load": _load(run),
            "golden": _golden(run),
            "environment": Environment.model_validate(run.environment) if run.environment else None,
            "warmup": windows.get("warmup"),
            "capability": windows.get("capability"),
            "displayed": windows.get("displayed"),
            "events": [Event.model_validate(event) for event in run.events],
        }
    )


def _load(run: Run) -> Load | None:
    if run.load_us is None or run.load_bytes is None:
        return None
    return Load(
        bytes=run.load_bytes,
        ms=us_to_ms(run.load_us),
        compile_ms=None if run.compile_us is None else us_to_ms(run.compile_us),
        first_picture_ms=None if run.first_picture_us is None else us_to_ms(run.first_picture_us),
        cold=bool(run.cold),
    )


def _golden(run: Run) -> Golden | None:
    if run.golden_status is None:
        return None
    return Golden.model_validate(
        {
            "status": run.golden_status,
            "max_abs_error": run.golden_max_abs_error,
            "psnr_db": run.golden_psnr_db,
        }
    )

"""A stored run as the report that it came from: what summaries and flags are made of, again and again."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from kit.db.samples import unpack
from kit.db.tables import Run, SampleBlock
from kit.domain.units import us_to_ms
from kit.domain.wire.run import Environment, Event, Golden, Load, RunReport, Samples, Variant
from kit.domain.wire.visit import BundleRef


def run_report(session: Session, run: Run) -> RunReport:
    """The report as it was sent, its times rounded to whole microseconds."""
    windows = _windows(session, run.id)
    return RunReport.model_validate(
        {
            "schema": 1,
            "model": BundleRef(name=run.bundle_name, version=run.bundle_version, sha256=run.bundle_sha256),
            "mode": run.mode,
            "kind": run.kind,
            "local": run.local,
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


def _windows(session: Session, run_id: str) -> dict[str, Samples]:
    blocks = session.scalars(select(SampleBlock).where(SampleBlock.run_id == run_id))
    return {block.phase: unpack(block) for block in blocks}


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

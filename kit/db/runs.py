"""Storing a run: its columns, samples, summary and flags, and the machine's row, all in one transaction."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from kit.db import counters
from kit.db.conditions import refresh_conditions
from kit.db.derive import device_block, store_derived
from kit.db.samples import sample_rows
from kit.db.tables import Flag, Run, RunSummary, SampleBlock, Visit
from kit.db.visits import plan_of
from kit.domain.hashing import body_sha256
from kit.domain.modes import wishes_text
from kit.domain.protocol import ready_modes
from kit.domain.units import ms_to_us, optional_us
from kit.domain.wire.run import RunReport, RunStored, RunSummaryAnswer
from kit.domain.wire.visit import PlanEntry
from kit.errors import CallerError


def store_run(
    session: Session, visit: Visit, run_id: str, body: RunReport, *, now: datetime
) -> tuple[RunStored, bool]:
    """Store a run, or find that it is stored already; True where it is new.

    A run of a tester's own model (``local``) needs no place in the study's plan, but one of its modes.
    Raises CallerError: 409 where the id belongs to another run, 400 where the study has no such condition.
    """
    digest = body_sha256(body)
    known = session.get(Run, run_id)
    if known is not None:
        if known.visit_id != visit.id or known.body_sha256 != digest:
            raise CallerError(
                "run: this id belongs to another run; make a new id", code="conflict", status=409, field="run"
            )
        return stored_answer(session, run_id), False
    _check_condition(session, visit, body)
    session.execute(insert(Run), _columns(visit, run_id, body) | {"body_sha256": digest, "received_at": now})
    blocks = sample_rows(run_id, body)
    if blocks:
        session.execute(insert(SampleBlock), blocks)
    summary, codes = store_derived(session, run_id, body, device_block(session, visit.id))
    if body.kind == "measured":
        visit.done = blocks_done(session, visit.id)
        refresh_conditions(session, visit.machine_id)
    elif not body.local:
        counters.add(session, {(visit.study_id, "play"): 1})
    return _answer(run_id, summary, codes), True


def blocks_done(session: Session, visit_id: str) -> int:
    """How many blocks of the visit's plan have a measured run."""
    found = select(func.count(Run.block.distinct())).where(Run.visit_id == visit_id, Run.kind == "measured")
    return session.scalar(found) or 0


def stored_answer(session: Session, run_id: str) -> RunStored:
    """The answer that a run got when it was stored."""
    summary = session.scalars(select(RunSummary).where(RunSummary.run_id == run_id)).one()
    codes = session.scalars(select(Flag.code).where(Flag.run_id == run_id).order_by(Flag.code)).all()
    return _answer(run_id, summary, list(codes))


def _answer(run_id: str, summary: RunSummary, codes: list[str]) -> RunStored:
    figures = RunSummaryAnswer(
        capability_ms_median=summary.capability_ms_median,
        capability_ms_p95=summary.capability_ms_p95,
        capability_fps=summary.capability_fps,
        displayed_fps=summary.displayed_fps,
        flags=codes,
    )
    return RunStored(schema=1, run=run_id, summary=figures)


def _check_condition(session: Session, visit: Visit, body: RunReport) -> None:
    plan = plan_of(session, visit)
    if body.local and not plan.definition.own_models:
        raise CallerError("local: this study takes no runs of testers' own models", field="local")
    if not body.local and body.model not in {condition[0] for condition in plan.conditions()}:
        raise CallerError("model: this study has no such model; reload the page", field="model")
    # Free play is with the engine, if it is quicker here, whatever the study measures.
    modes = plan.definition.plain_modes() + (ready_modes() if body.kind == "play" else [])
    if body.mode not in modes:
        raise CallerError(
            f"mode: this study has no mode {body.mode}; it has {', '.join(dict.fromkeys(modes))}",
            field="mode",
        )


def _columns(visit: Visit, run_id: str, body: RunReport) -> dict[str, Any]:
    load, golden, environment = body.load, body.golden, body.environment
    return {
        "id": run_id,
        "visit_id": visit.id,
        "bundle_name": body.model.name,
        "bundle_version": body.model.version,
        "bundle_sha256": body.model.sha256,
        "mode": body.mode,
        "wishes": _wishes(visit, body),
        "threads": body.variant.threads,
        "precision": body.variant.precision,
        "tuning": body.variant.tuning,
        "library": body.variant.library,
        "kind": body.kind,
        "local": body.local,
        "block": body.block,
        "drift_control": _is_drift_control(visit, body),
        "started_us": ms_to_us(body.started_ms),
        "cold": load.cold if load else None,
        "outcome": body.outcome,
        "reason": body.reason,
        "load_bytes": load.bytes if load else None,
        "load_us": ms_to_us(load.ms) if load else None,
        "compile_us": optional_us(load.compile_ms) if load else None,
        "first_picture_us": optional_us(load.first_picture_ms) if load else None,
        "golden_status": golden.status if golden else None,
        "golden_max_abs_error": golden.max_abs_error if golden else None,
        "golden_psnr_db": golden.psnr_db if golden else None,
        "renderer": environment.renderer if environment else None,
        "vendor": environment.vendor if environment else None,
        "environment": environment.model_dump(mode="json") if environment else None,
        "events": [event.model_dump(mode="json") for event in body.events],
    }


def _entry(visit: Visit, body: RunReport) -> PlanEntry | None:
    """What the visit's plan asked for in this block; ``None`` for play and for a run that the plan did not ask for."""
    if body.kind != "measured" or body.block >= len(visit.sequence):
        return None
    entry = PlanEntry.model_validate(visit.sequence[body.block])
    return entry if entry.mode == body.mode else None


def _is_drift_control(visit: Visit, body: RunReport) -> bool:
    entry = _entry(visit, body)
    return entry is not None and entry.drift_control


def _wishes(visit: Visit, body: RunReport) -> str:
    entry = _entry(visit, body)
    return wishes_text(entry.variant) if entry else ""

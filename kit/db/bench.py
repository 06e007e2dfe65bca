"""What ``kit bench`` reads from its scratch store: how far the page is, and every run as it was sent."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kit.db.reports import run_report
from kit.db.tables import Device, Flag, Run, Visit
from kit.domain.wire.run import RunReport


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the one visit of a bench study is."""

    visit: str
    state: str
    runs: int
    planned: int
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
    return Progress(visit.id, visit.state, runs or 0, len(visit.sequence), visit.end_reason)


def read_refresh(session: Session, visit_id: str) -> float | None:
    """The screen's rate in Hz: the mean of what was measured before the first and after the last condition."""
    before = session.scalar(select(Device.refresh_hz).where(Device.visit_id == visit_id))
    after = session.scalar(select(Visit.refresh_hz_after).where(Visit.id == visit_id))
    known = [rate for rate in (before, after) if rate is not None]
    return sum(known) / len(known) if known else None


def read_reports(session: Session, visit_id: str) -> list[tuple[RunReport, tuple[str, ...], str]]:
    """Every measured run of a visit in the order of its blocks, the codes of its flags, what was asked of its mode."""
    runs = session.scalars(
        select(Run)
        .where(Run.visit_id == visit_id, Run.kind == "measured")
        .order_by(Run.block, Run.started_us)
    )
    return [(run_report(session, run), _flags(session, run.id), run.wishes) for run in runs]


def _flags(session: Session, run_id: str) -> tuple[str, ...]:
    return tuple(session.scalars(select(Flag.code).where(Flag.run_id == run_id).order_by(Flag.code)))

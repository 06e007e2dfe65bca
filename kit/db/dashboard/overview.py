"""The overview: how many came, what was measured, what failed and why, who is missing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, case, func, select
from sqlalchemy.orm import Session

from kit.db.dashboard.filters import Filters, of_visits
from kit.db.tables import Device, Flag, Link, LinkDay, Run, Study, Visit

NOT_OK = ("wrong_output", "unavailable", "failed", "too_slow", "stopped", "lost")
MISSING_SHOWN = 20
REASONS_SHOWN = 50


@dataclass(frozen=True, slots=True)
class StudyLine:
    """One study's numbers. ``declined``: visits that measured without sending their device."""

    study: Study
    openings: int
    visits: int
    finished: int
    stopped: int
    no_webgl: int
    unfinished: int
    declined: int
    machines: int
    measured_runs: int
    play_runs: int
    not_ok_runs: int
    invalid_runs: int


@dataclass(frozen=True, slots=True)
class FailureLine:
    """Runs of one condition that ended the same way for the same reason."""

    bundle: str
    version: str
    mode: str
    wishes: str
    outcome: str
    reason: str | None
    runs: int
    machines: int


@dataclass(frozen=True, slots=True)
class MissingVisit:
    """A visit that began and whose measuring is not complete: ``done`` of ``planned`` blocks have arrived."""

    id: str
    study_name: str
    state: str
    reason: str | None
    created_at: datetime
    device: Device | None
    done: int
    planned: int


@dataclass(frozen=True, slots=True)
class FlagLine:
    """How many measured runs carry a flag."""

    code: str
    level: str
    runs: int
    machines: int


def study_lines(session: Session) -> list[StudyLine]:
    """Every study, newest first; real and simulated alike, since the line says which it is."""
    visits, runs, opened = _visit_counts(session), _run_counts(session), _openings(session)
    studies = session.scalars(select(Study).order_by(Study.created_at.desc(), Study.name)).all()
    empty_visits, empty_runs = (0,) * 7, (0,) * 4
    return [
        _line(
            study, opened.get(study.id, 0), visits.get(study.id, empty_visits), runs.get(study.id, empty_runs)
        )
        for study in studies
    ]


def failure_lines(session: Session, filters: Filters) -> list[FailureLine]:
    """What failed and why, most machines first."""
    columns = (Run.bundle_name, Run.bundle_version, Run.mode, Run.wishes, Run.outcome, Run.reason)
    machines = func.count(Visit.machine_id.distinct())
    query = select(*columns, func.count(), machines).join(Visit, Visit.id == Run.visit_id)
    query = query.where(*of_visits(filters), Run.kind == "measured", Run.outcome.in_(NOT_OK)).group_by(
        *columns
    )
    query = query.order_by(machines.desc(), func.count().desc(), *columns).limit(REASONS_SHOWN)
    return [FailureLine(*row) for row in session.execute(query)]


def flag_lines(session: Session, filters: Filters) -> list[FlagLine]:
    """Flags of measured runs: invalid ones first, then by how many runs have them."""
    level = case({"invalid": 0, "warn": 1}, value=Flag.level, else_=2)
    query = select(Flag.code, Flag.level, func.count(), func.count(Visit.machine_id.distinct()))
    query = query.join(Run, Run.id == Flag.run_id).join(Visit, Visit.id == Run.visit_id)
    query = query.where(*of_visits(filters), Run.kind == "measured").group_by(Flag.code, Flag.level)
    return [FlagLine(*row) for row in session.execute(query.order_by(level, func.count().desc(), Flag.code))]


def missing_visits(session: Session, filters: Filters) -> tuple[int, list[MissingVisit]]:
    """How many visits lack a part of their measuring, and the newest of them."""
    arrived = select(func.count(Run.block.distinct())).where(Run.visit_id == Visit.id, Run.kind == "measured")
    done, planned = arrived.scalar_subquery(), func.json_array_length(Visit.sequence)
    missing = [*of_visits(filters), done < planned]
    query = select(Visit, Study.name, Device, done, planned).join(Study, Study.id == Visit.study_id)
    query = query.outerjoin(Device, Device.visit_id == Visit.id).where(*missing)
    newest = [
        MissingVisit(visit.id, study, visit.state, visit.end_reason, visit.created_at, device, blocks, of)
        for visit, study, device, blocks, of in session.execute(
            query.order_by(Visit.created_at.desc(), Visit.id).limit(MISSING_SHOWN)
        )
    ]
    return session.scalar(select(func.count()).select_from(Visit).where(*missing)) or 0, newest


def _line(study: Study, openings: int, visits: Sequence[int], runs: Sequence[int]) -> StudyLine:
    total, finished, stopped, no_webgl, unfinished, machines, declined = visits
    measured, play, not_ok, invalid = runs
    return StudyLine(
        study=study,
        openings=openings,
        visits=total,
        finished=finished,
        stopped=stopped,
        no_webgl=no_webgl,
        unfinished=unfinished,
        declined=declined,
        machines=machines,
        measured_runs=measured,
        play_runs=play,
        not_ok_runs=not_ok,
        invalid_runs=invalid,
    )


def _count_if(condition: Any) -> Any:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _visit_counts(session: Session) -> dict[str, tuple[int, ...]]:
    query = select(
        Visit.study_id,
        func.count(),
        *(_count_if(Visit.state == state) for state in ("finished", "stopped", "no_webgl", "started")),
        func.count(Visit.machine_id.distinct()),
        _count_if(Device.declined.is_(True)),
    ).outerjoin(Device, Device.visit_id == Visit.id)
    return _by_study(session.execute(query.group_by(Visit.study_id)))


def _run_counts(session: Session) -> dict[str, tuple[int, ...]]:
    measured = Run.kind == "measured"
    invalid = select(Flag.run_id).where(Flag.level == "invalid")
    query = select(
        Visit.study_id,
        _count_if(measured),
        _count_if(and_(Run.kind == "play", ~Run.local)),
        _count_if(and_(measured, Run.outcome != "ok")),
        _count_if(and_(measured, Run.id.in_(invalid))),
    ).join(Visit, Visit.id == Run.visit_id)
    return _by_study(session.execute(query.group_by(Visit.study_id)))


def _openings(session: Session) -> dict[str, int]:
    query = select(Link.study_id, func.sum(LinkDay.opens)).join(LinkDay, LinkDay.link_id == Link.id)
    return {
        study: counts[0]
        for study, counts in _by_study(session.execute(query.group_by(Link.study_id))).items()
    }


def _by_study(rows: Iterable[Row[Any]]) -> dict[str, tuple[int, ...]]:
    return {str(row[0]): tuple(int(count) for count in tuple(row)[1:]) for row in rows}

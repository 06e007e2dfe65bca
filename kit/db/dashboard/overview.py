"""The overview: how many came, what was measured, what failed and why, who is missing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from kit.db import counters
from kit.db.dashboard.filters import Filters, of_visits
from kit.db.dashboard.remarks import flag_machines, remarks
from kit.db.tables import FLAG_LEVELS, Cell, Device, Link, LinkDay, Study, Visit

MISSING_SHOWN = 20
REASONS_SHOWN = 50


@dataclass(frozen=True, slots=True)
class StudyLine:
    """One study's numbers. ``declined``: visits that measured without sending their device. ``rejected`` visits are
    counted among ``visits``; their measured runs are in none of the counts of runs.
    """

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
    rejected: int = 0


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
    kept, runs, opened = counters.read(session), _run_counts(session), _openings(session)
    studies = session.scalars(select(Study).order_by(Study.created_at.desc(), Study.name)).all()
    return [_line(study, kept, runs.get(study.id, (0, 0, 0)), opened.get(study.id, 0)) for study in studies]


def failure_lines(session: Session, filters: Filters) -> list[FailureLine]:
    """What failed and why, most machines first. Machines as everywhere: each once in a line."""
    lines = [_failure(key, *numbers) for key, numbers in remarks(session, filters, "problems").items()]
    return sorted(lines, key=_rank)[:REASONS_SHOWN]


def _failure(key: tuple[str | None, ...], runs: int, machines: int) -> FailureLine:
    bundle, version, mode, wishes, outcome = (word or "" for word in key[:5])
    return FailureLine(bundle, version, mode, wishes, outcome, key[5], runs, machines)


def _rank(line: FailureLine) -> tuple[int | str, ...]:
    words = (line.bundle, line.version, line.mode, line.wishes, line.outcome, line.reason or "")
    return (-line.machines, -line.runs, *words)


def flag_lines(session: Session, filters: Filters) -> list[FlagLine]:
    """Flags of measured runs: invalid ones first, then by how many runs have them."""
    machines = flag_machines(session, filters)
    lines = [
        FlagLine(str(code), str(level), runs, machines.get(str(code), 0))
        for (code, level), (runs, _) in remarks(session, filters, "flag_runs").items()
    ]
    return sorted(lines, key=lambda line: (FLAG_LEVELS.index(line.level), -line.runs, line.code))


def missing_visits(session: Session, filters: Filters) -> tuple[int, list[MissingVisit]]:
    """How many visits lack a part of their measuring, and the newest of them. Rejected ones are not missed."""
    missing = [*of_visits(filters), Visit.done < Visit.planned, Visit.rejected_at.is_(None)]
    # The few to show are found in the index first: what they are joined with is read for them alone.
    newest = select(Visit.id).where(*missing).order_by(Visit.created_at.desc(), Visit.id).limit(MISSING_SHOWN)
    ids = session.scalars(newest).all()
    query = select(Visit, Study.name, Device).join(Study, Study.id == Visit.study_id)
    query = query.outerjoin(Device, Device.visit_id == Visit.id).where(Visit.id.in_(ids))
    shown = [
        MissingVisit(
            *(visit.id, study, visit.state, visit.end_reason, visit.created_at, device),
            *(visit.done, visit.planned),
        )
        for visit, study, device in session.execute(query.order_by(Visit.created_at.desc(), Visit.id))
    ]
    total = len(ids)
    if total == MISSING_SHOWN:
        total = session.scalar(select(func.count()).select_from(Visit).where(*missing)) or 0
    return total, shown


def _line(study: Study, kept: Mapping[counters.Key, int], runs: Sequence[int], openings: int) -> StudyLine:
    measured, not_ok, invalid = runs
    return StudyLine(
        study=study,
        openings=openings,
        visits=kept.get((study.id, "visits"), 0),
        finished=kept.get((study.id, "finished"), 0),
        stopped=kept.get((study.id, "stopped"), 0),
        no_webgl=kept.get((study.id, "no_webgl"), 0),
        unfinished=kept.get((study.id, "started"), 0),
        declined=kept.get((study.id, "declined"), 0),
        machines=kept.get((study.id, "machines"), 0),
        measured_runs=measured,
        play_runs=kept.get((study.id, "play"), 0),
        not_ok_runs=not_ok,
        invalid_runs=invalid,
        rejected=kept.get((study.id, "rejected"), 0),
    )


def _run_counts(session: Session) -> dict[str, tuple[int, ...]]:
    sums = (func.sum(Cell.runs), func.sum(Cell.not_ok_runs), func.sum(Cell.invalid_runs))
    return _by_study(session.execute(select(Cell.study_id, *sums).group_by(Cell.study_id)))


def _openings(session: Session) -> dict[str, int]:
    query = select(Link.study_id, func.sum(LinkDay.opens)).join(LinkDay, LinkDay.link_id == Link.id)
    return {
        study: counts[0]
        for study, counts in _by_study(session.execute(query.group_by(Link.study_id))).items()
    }


def _by_study(rows: Iterable[Row[Any]]) -> dict[str, tuple[int, ...]]:
    return {str(row[0]): tuple(int(count) for count in tuple(row)[1:]) for row in rows}

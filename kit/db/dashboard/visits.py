"""The list of visits, the page of one visit and the page of one run."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from kit.db.dashboard.filters import Filters, of_visits
from kit.db.samples import unpack
from kit.db.tables import Device, Flag, Link, Run, RunSummary, SampleBlock, Study, Visit
from kit.domain.wire.run import Samples

PAGE_SIZE = 50
MOST_CHOICES = 60


@dataclass(frozen=True, slots=True)
class VisitLine:
    """A visit in the list."""

    visit: Visit
    study_name: str
    device: Device | None
    measured: int
    ok: int


@dataclass(frozen=True, slots=True)
class RunLine:
    """A run in its visit's list, with its figures and flags (code, level)."""

    run: Run
    summary: RunSummary | None
    flags: Sequence[Flag]

    @property
    def invalid(self) -> bool:
        return any(flag.level == "invalid" for flag in self.flags)


@dataclass(frozen=True, slots=True)
class VisitPage:
    """Everything stored about a visit but its secret. ``siblings``: other visits of the same machine."""

    visit: Visit
    study: Study
    link: Link
    device: Device | None
    runs: Sequence[RunLine]
    siblings: Sequence[Visit]


@dataclass(frozen=True, slots=True)
class RunPage:
    """Everything stored about a run. ``windows``: the samples of warm-up, capability and displayed."""

    line: RunLine
    visit: Visit
    study: Study
    device: Device | None
    windows: dict[str, Samples]


def visit_lines(
    session: Session, filters: Filters, *, page: int = 1, rejected: bool = False
) -> tuple[int, list[VisitLine]]:
    """How many visits there are, and one page of them, newest first. ``rejected``: only those."""
    where = of_visits(filters)
    if rejected:
        where.append(Visit.rejected_at.is_not(None))
    found = select(Visit, Study.name, Device).join(Study, Study.id == Visit.study_id)
    found = found.outerjoin(Device, Device.visit_id == Visit.id).where(*where)
    found = found.order_by(Visit.created_at.desc(), Visit.id).limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)
    counted = select(func.count()).select_from(Visit)
    total = session.scalar(counted.where(*where)) or 0
    rows = session.execute(found).all()
    counts = _run_counts(session, [visit.id for visit, _, _ in rows])
    return total, [
        VisitLine(visit, name, device, *counts.get(visit.id, (0, 0))) for visit, name, device in rows
    ]


def visit_page(session: Session, visit_id: str) -> VisitPage | None:
    """One visit; ``None`` where there is none."""
    visit = session.get(Visit, visit_id)
    if visit is None:
        return None
    same = select(Visit).where(Visit.machine_id == visit.machine_id, Visit.id != visit.id)
    return VisitPage(
        visit=visit,
        study=session.get_one(Study, visit.study_id),
        link=session.get_one(Link, visit.link_id),
        device=session.get(Device, visit.id),
        runs=_run_lines(
            session, select(Run).where(Run.visit_id == visit.id).order_by(Run.started_us, Run.id)
        ),
        siblings=session.scalars(same.order_by(Visit.created_at.desc())).all(),
    )


def run_page(session: Session, run_id: str) -> RunPage | None:
    """One run with its samples; ``None`` where there is none."""
    lines = _run_lines(session, select(Run).where(Run.id == run_id))
    if not lines:
        return None
    visit = session.get_one(Visit, lines[0].run.visit_id)
    blocks = session.scalars(select(SampleBlock).where(SampleBlock.run_id == run_id))
    return RunPage(
        line=lines[0],
        visit=visit,
        study=session.get_one(Study, visit.study_id),
        device=session.get(Device, visit.id),
        windows={block.phase: unpack(block) for block in blocks},
    )


def run_choices(session: Session, run: Run, machine_id: str) -> list[tuple[str, list[RunLine]]]:
    """Runs that this one can be put beside, under a heading each: of its visit, then the same condition another time."""
    visits = select(Visit.id).where(Visit.machine_id == machine_id)
    newest = session.scalars(visits.order_by(Visit.created_at.desc(), Visit.id).limit(MOST_CHOICES)).all()
    others = select(Run).where(Run.id != run.id)
    # Written so that no index by condition is taken: it would lead through the runs of all machines.
    same = others.where(
        Run.visit_id.in_([visit for visit in newest if visit != run.visit_id]),
        Run.bundle_sha256.concat("") == run.bundle_sha256,
        Run.mode.concat("") == run.mode,
        Run.kind == run.kind,
    )
    found = {
        "In this visit": others.where(Run.visit_id == run.visit_id).order_by(Run.started_us, Run.id),
        "The same condition on this machine": same.order_by(Run.received_at.desc(), Run.id),
    }
    lines = {title: _run_lines(session, query.limit(MOST_CHOICES)) for title, query in found.items()}
    return [(title, runs) for title, runs in lines.items() if runs]


def _run_counts(session: Session, visit_ids: Sequence[str]) -> dict[str, tuple[int, int]]:
    ok = select(Run.visit_id, func.count()).where(Run.visit_id.in_(visit_ids), Run.kind == "measured")
    ok = ok.group_by(Run.visit_id)
    measured = {visit: int(count) for visit, count in session.execute(ok)}
    good = {visit: int(count) for visit, count in session.execute(ok.where(Run.outcome == "ok"))}
    return {visit: (count, good.get(visit, 0)) for visit, count in measured.items()}


def _run_lines(session: Session, query: Select[Run]) -> list[RunLine]:
    runs = session.scalars(query).all()
    ids = [run.id for run in runs]
    summaries = {
        summary.run_id: summary
        for summary in session.scalars(select(RunSummary).where(RunSummary.run_id.in_(ids)))
    }
    flags: dict[str, list[Flag]] = {}
    for flag in session.scalars(select(Flag).where(Flag.run_id.in_(ids)).order_by(Flag.code)):
        flags.setdefault(flag.run_id, []).append(flag)
    return [RunLine(run, summaries.get(run.id), flags.get(run.id, [])) for run in runs]

"""The page of one machine: its visits, what it is, and its own value in every condition."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kit.db.dashboard.places import Condition, Hardware
from kit.db.tables import OUTCOMES, Device, GpuAlias, Machine, MachineCondition, Run, Study, Visit
from kit.domain.stats.run import weighted_median

MOST_VISITS = 100
MOST_ROWS = 2_000
FIGURES = ("capability_ms", "displayed_fps", "load_ms", "first_picture_ms", "capability_ms_p95")


@dataclass(frozen=True, slots=True)
class MachineVisit:
    """A visit of the machine, with its device and how many measured runs came."""

    visit: Visit
    study: Study
    device: Device | None
    measured: int


@dataclass(frozen=True, slots=True)
class OwnValue:
    """The machine's own value in one condition, in one browser on one GPU: medians over its valid runs.

    A machine that measured a condition through several links or studies has several stored rows; they are joined here as
    every figure joins them, each counting as often as it has valid runs.
    """

    condition: Condition
    hardware: Hardware
    os: str
    figures: dict[str, float | None]
    runs: int
    valid_runs: int
    invalid_runs: int
    outcomes: dict[str, int]
    last_run_at: datetime


@dataclass(frozen=True, slots=True)
class MachinePage:
    """Everything about a machine. ``visits``: the newest 100 of ``total``. ``aliases``: administrators' names of its GPUs."""

    machine: Machine
    total: int
    visits: Sequence[MachineVisit]
    values: Sequence[OwnValue]
    aliases: dict[str, str]

    @property
    def browsers(self) -> list[str]:
        """The browsers that were joined, oldest first."""
        names = [one.device.browser_name for one in reversed(self.visits) if one.device]
        return list(dict.fromkeys(name for name in names if name))

    @property
    def devices(self) -> list[Device]:
        """Devices that differ in what the rules read, newest first."""
        found: dict[tuple[object, ...], Device] = {}
        for device in (one.device for one in self.visits if one.device and not one.device.declined):
            found.setdefault((device.browser_name, device.os, device.renderer, device.vendor), device)
        return list(found.values())


def machine_page(session: Session, machine_id: str) -> MachinePage | None:
    """One machine; ``None`` where there is none."""
    machine = session.get(Machine, machine_id)
    if machine is None:
        return None
    own = Visit.machine_id == machine_id
    measured = select(func.count()).where(Run.visit_id == Visit.id, Run.kind == "measured").scalar_subquery()
    query = select(Visit, Study, Device, measured).join(Study, Study.id == Visit.study_id)
    query = query.outerjoin(Device, Device.visit_id == Visit.id).where(own)
    query = query.order_by(Visit.created_at.desc(), Visit.id).limit(MOST_VISITS)
    visits = [MachineVisit(*row) for row in session.execute(query)]
    rows = session.scalars(
        select(MachineCondition).where(MachineCondition.machine_id == machine_id).limit(MOST_ROWS)
    ).all()
    return MachinePage(
        machine=machine,
        total=session.scalar(select(func.count()).select_from(Visit).where(own)) or 0,
        visits=visits,
        values=own_values(rows),
        aliases=gpu_aliases(session, [row.gpu_model for row in rows]),
    )


def own_values(rows: Iterable[MachineCondition]) -> list[OwnValue]:
    """One value for each condition, browser and GPU, in that order."""
    groups: dict[tuple[Condition, Hardware, str], list[MachineCondition]] = {}
    for row in rows:
        groups.setdefault((_condition(row), _hardware(row), row.os), []).append(row)
    return [_joined(*groups[key], key=key) for key in sorted(groups)]


def gpu_aliases(session: Session, names: Iterable[str | None]) -> dict[str, str]:
    """What administrators call these GPUs."""
    wanted = {name for name in names if name}
    query = select(GpuAlias.gpu_model, GpuAlias.name).where(GpuAlias.gpu_model.in_(wanted))
    return {row.gpu_model: row.name for row in session.execute(query)} if wanted else {}


def _joined(*rows: MachineCondition, key: tuple[Condition, Hardware, str]) -> OwnValue:
    condition, hardware, system = key
    return OwnValue(
        condition=condition,
        hardware=hardware,
        os=system,
        figures={name: _middle(rows, name) for name in FIGURES},
        runs=sum(row.runs for row in rows),
        valid_runs=sum(row.valid_runs for row in rows),
        invalid_runs=sum(row.invalid_runs for row in rows),
        outcomes={name: sum(getattr(row, f"{name}_runs") for row in rows) for name in OUTCOMES},
        last_run_at=max(row.last_run_at for row in rows),
    )


def _middle(rows: Sequence[MachineCondition], name: str) -> float | None:
    known = [(getattr(row, name), max(1, row.valid_runs)) for row in rows if getattr(row, name) is not None]
    return weighted_median([value for value, _ in known], [runs for _, runs in known]) if known else None


def _condition(row: MachineCondition) -> Condition:
    return Condition(
        row.bundle_name,
        row.bundle_version,
        row.bundle_sha256,
        row.mode,
        row.threads,
        row.precision,
        row.browser_name,
        row.wishes,
    )


def _hardware(row: MachineCondition) -> Hardware:
    return Hardware(row.gpu_vendor, row.gpu_model, row.gpu_family, row.gpu_class, row.gpu_blurred)

"""Drilling down: the machines of one place, one page at a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, not_, select
from sqlalchemy.orm import Session

from kit.db.dashboard.filters import Filters, of_conditions
from kit.db.dashboard.places import Condition, Hardware, Place
from kit.db.tables import OUTCOMES, MachineCondition

LINES = 50
NO_GPU = ("software", "virtual")
COLUMNS = {
    "gpu": MachineCondition.gpu_model,
    "family": MachineCondition.gpu_family,
    "class": MachineCondition.gpu_class,
    "vendor": MachineCondition.gpu_vendor,
    "browser": MachineCondition.browser_name,
    "os": MachineCondition.os,
}


@dataclass(frozen=True, slots=True)
class MachineLine:
    """One machine in one condition, on one device in one browser. ``outcomes``: how many runs ended so."""

    machine_id: str
    condition: Condition
    hardware: Hardware
    os: str
    capability_ms: float | None
    displayed_fps: float | None
    load_ms: float | None
    first_picture_ms: float | None
    runs: int
    invalid_runs: int
    outcomes: Mapping[str, int]
    last_run_at: datetime


def machine_lines(
    session: Session,
    filters: Filters,
    *,
    section: str | None = None,
    place: str = "",
    by: Place = "all",
    page: int = 1,
) -> tuple[int, list[MachineLine]]:
    """How many lines the place has (machine x condition), and one page of them: those without a figure first, then the
    slowest. ``section``: one of ``SECTION_IDS``, or all.
    """
    row = MachineCondition
    where = [*of_conditions(filters), *of_section(section)]
    if by != "all":
        where.append(COLUMNS[by] == place)
    total = session.scalar(select(func.count()).select_from(row).where(*where)) or 0
    query = select(row).where(*where).order_by(row.capability_ms.desc().nulls_first(), row.key)
    shown = session.scalars(query.limit(LINES).offset((max(1, page) - 1) * LINES))
    return total, [_line(own) for own in shown]


def of_section(section: str | None) -> list[ColumnElement[bool]]:
    """``kit.db.dashboard.places.section_of`` for a query over ``machine_condition``."""
    row = MachineCondition
    no_gpu = row.gpu_class.in_(NO_GPU)
    found: dict[str | None, list[ColumnElement[bool]]] = {
        "software": [no_gpu],
        "unsent": [not_(no_gpu), row.gpu_model == ""],
        "blurred": [not_(no_gpu), row.gpu_model != "", row.gpu_blurred.is_(True)],
        "exact": [not_(no_gpu), row.gpu_model != "", row.gpu_blurred.is_(False)],
    }
    return found.get(section, [])


def _line(row: MachineCondition) -> MachineLine:
    return MachineLine(
        machine_id=row.machine_id,
        condition=Condition(
            row.bundle_name,
            row.bundle_version,
            row.bundle_sha256,
            row.mode,
            row.threads,
            row.precision,
            row.browser_name,
            row.wishes,
        ),
        hardware=Hardware(row.gpu_vendor, row.gpu_model, row.gpu_family, row.gpu_class, row.gpu_blurred),
        os=row.os,
        capability_ms=row.capability_ms,
        displayed_fps=row.displayed_fps,
        load_ms=row.load_ms,
        first_picture_ms=row.first_picture_ms,
        runs=row.runs,
        invalid_runs=row.invalid_runs,
        outcomes={name: getattr(row, f"{name}_runs") for name in OUTCOMES},
        last_run_at=row.last_run_at,
    )

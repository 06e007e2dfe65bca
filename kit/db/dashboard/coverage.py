"""Which hardware came: machines by class, vendor, browser and system, for comparing it with what a study asks for."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from kit.db.dashboard.filters import Filters, of_cells, of_rows, rows_of_cells
from kit.db.dashboard.places import Hardware, section_of
from kit.db.tables import Cell, MachineCondition
from kit.domain.quotas import Cell as Kind

KIND = (Cell.gpu_class, Cell.gpu_vendor, Cell.browser_name, Cell.os, Cell.gpu_blurred)
CONDITION = (Cell.bundle_sha256, Cell.mode, Cell.wishes, Cell.threads, Cell.precision)


def coverage_cells(session: Session, filters: Filters) -> list[Kind]:
    """Kinds of machines under the filters, most machines first.

    A machine that was joined from two browsers counts in each. A machine counts as often as it has rows in one condition
    of its kind: more than once only where it came by several links.
    """
    machines: Counter[tuple[str, ...]] = Counter()
    for (kind, _condition), count in _counted(session, filters).items():
        machines[kind] = max(machines[kind], count)
    found = [
        Kind(class_, vendor, browser, os, section, count)
        for (class_, vendor, browser, os, section), count in machines.items()
    ]
    return sorted(found, key=lambda cell: (-cell.machines, cell.section, cell.class_, cell.browser, cell.os))


def _counted(session: Session, filters: Filters) -> Mapping[tuple[tuple[str, ...], tuple[Any, ...]], int]:
    counted: Counter[tuple[tuple[str, ...], tuple[Any, ...]]] = Counter()
    for row in session.execute(_query(filters)):
        counted[_kind(row), tuple(row[6:-1])] += int(row[-1])
    return counted


def _query(filters: Filters) -> Select[*tuple[Any, ...]]:
    unnamed = Cell.gpu_model == ""
    by = (*KIND, unnamed, *CONDITION)
    if not of_rows(filters):
        return select(*by, func.sum(Cell.row_count)).where(*of_cells(filters)).group_by(*by)
    counted = select(MachineCondition.cell_id, func.count().label("machines"))
    counted = counted.where(*rows_of_cells(filters), *of_rows(filters)).group_by(MachineCondition.cell_id)
    rows = counted.subquery()
    return select(*by, func.sum(rows.c.machines)).join(rows, rows.c.cell_id == Cell.id).group_by(*by)


def _kind(row: Row[*tuple[Any, ...]]) -> tuple[str, ...]:
    class_, vendor, browser, os, blurred, unnamed = tuple(row)[:6]
    hardware = Hardware(vendor, "" if unnamed else "named", "", class_, bool(blurred))
    return (class_, vendor, browser, os, section_of(hardware))

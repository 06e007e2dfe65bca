"""Rows of ``machine_condition`` as columns of numbers, and several rows of one machine made into one.

Rows that stand for a machine alone (``sole``) come as one long text that the database puts together and NumPy reads: ten
times as quick as a tuple for each row, and as exact. The others, which are few, come as tuples with their machine.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Boolean, ColumnElement, Text, case, cast, func, literal_column, or_, select
from sqlalchemy.orm import Session

from kit.db.cells import REFUSED
from kit.db.conditions import OUTCOME_BITS
from kit.db.dashboard.filters import Filters, of_rows, rows_of_cells
from kit.db.tables import MachineCondition

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
REFUSED_BITS = sum(OUTCOME_BITS[outcome] for outcome in REFUSED)
NONE = -1.0
"""Stands for "no figure": none is below 0."""


@dataclass(frozen=True, slots=True)
class Machines:
    """Machines (or, before they are merged, rows) with their figures. ``outcomes``: bits of ``OUTCOME_BITS``."""

    cell: Ints
    outcomes: Ints
    runs: Ints
    invalid_runs: Ints
    values: dict[str, Floats] = field(default_factory=dict)
    names: npt.NDArray[np.str_] | None = None
    weights: Ints | None = None

    @property
    def refused(self) -> npt.NDArray[np.bool_]:
        """Machines with a run that failed, was wrong, too slow or unavailable."""
        return (self.outcomes & REFUSED_BITS) > 0


def read_sole(session: Session, filters: Filters, figures: Sequence[str]) -> Machines:
    """Rows that are a machine each."""
    row = MachineCondition
    whole = [row.cell_id, row.outcomes, row.runs, row.invalid_runs]
    numbers: list[ColumnElement[str]] = [cast(column, Text) for column in whole]
    numbers += [_text(session, getattr(row, figure)) for figure in figures]
    line: ColumnElement[str] = numbers[0]
    for number in numbers[1:]:
        line = line.concat(" ").concat(number)
    where = [row.sole.is_(True), *rows_of_cells(filters), *of_rows(filters)]
    if filters.invalid:
        where.append(row.invalid_runs == 0)
    text = session.scalar(select(func.aggregate_strings(line, " ")).where(*where)) or ""
    table = np.fromstring(text, sep=" ").reshape(-1, len(numbers)).T
    cell, outcomes, runs, invalid = (column.astype(np.int64) for column in table[: len(whole)])
    return Machines(cell, outcomes, runs, invalid, dict(zip(figures, table[len(whole) :], strict=True)))


def read_shared(session: Session, filters: Filters, figures: Sequence[str]) -> Machines:
    """Rows of machines that may have several in a condition (and, with invalid runs, all rows that have some)."""
    row = MachineCondition
    prefix = "all_" if filters.invalid else ""
    columns = [getattr(row, prefix + figure) for figure in figures]
    where = alone(session, value=False)
    if filters.invalid:
        where = or_(where, row.invalid_runs > 0)
    weight = (row.ok_runs if filters.invalid else row.valid_runs).label("weight")
    query = select(
        row.cell_id, row.outcomes, row.runs, row.invalid_runs, weight, row.machine_id, *columns
    ).where(where, *rows_of_cells(filters), *of_rows(filters))
    rows = session.execute(query).all()
    found: list[Any] = list(zip(*rows, strict=True)) if rows else [()] * (6 + len(columns))
    cell, outcomes, runs, invalid, weights = (np.array(column, dtype=np.int64) for column in found[:5])
    values = {
        figure: np.array([NONE if value is None else value for value in column], dtype=np.float64)
        for figure, column in zip(figures, found[6:], strict=True)
    }
    names = np.array(found[5], dtype=np.str_)
    return Machines(cell, outcomes, runs, invalid, values, names, weights)


def merge(rows: Machines, group: Ints) -> tuple[Machines, Ints]:
    """One entry for each machine in each group, with its group: medians of its rows, each as often as it has runs."""
    assert rows.names is not None
    assert rows.weights is not None
    if not len(group):
        return rows, group
    _, machine = np.unique(rows.names, return_inverse=True)
    pair = group * (int(machine.max()) + 1) + machine
    _, first, where = np.unique(pair, return_index=True, return_inverse=True)
    number = len(first)
    outcomes = np.zeros(number, dtype=np.int64)
    np.bitwise_or.at(outcomes, where, rows.outcomes)
    weights = np.maximum(rows.weights, 1)
    merged = Machines(
        cell=rows.cell[first],
        outcomes=outcomes,
        runs=np.bincount(where, rows.runs, number).astype(np.int64),
        invalid_runs=np.bincount(where, rows.invalid_runs, number).astype(np.int64),
        values={name: _medians(values, weights, where, number) for name, values in rows.values.items()},
        names=rows.names[first],
    )
    return merged, group[first]


def _medians(values: Floats, weights: Ints, where: Ints, number: int) -> Floats:
    """Weighted median of each machine's values, as ``kit.domain.stats.run.weighted_median`` makes it."""
    found = np.full(number, NONE)
    known = values >= 0
    order = np.lexsort((values[known], where[known]))
    ordered, owner, weight = values[known][order], where[known][order], weights[known][order]
    if not len(ordered):
        return found
    upto = np.cumsum(weight)
    owners, starts = np.unique(owner, return_index=True)
    before = np.concatenate([[0], upto])[starts]
    total = np.add.reduceat(weight, starts)
    low = ordered[np.searchsorted(upto, before + (total - 1) // 2, side="right")]
    high = ordered[np.searchsorted(upto, before + total // 2, side="right")]
    found[owners] = (low + high) / 2
    return found


def _text(session: Session, column: Any) -> ColumnElement[str]:
    """A number as text that reads back as the same number."""
    if session.get_bind().dialect.name == "sqlite":
        return case((column.is_(None), "-1"), else_=func.printf("%!.17g", column))
    return func.coalesce(cast(column, Text), "-1")


def alone(session: Session, *, value: bool) -> ColumnElement[bool]:
    """Whether a row is ``sole``, word for word as in the partial index, or SQLite would not use it."""
    words = ("0", "1") if session.get_bind().dialect.name == "sqlite" else ("false", "true")
    return literal_column(f"machine_condition.sole IS {words[value]}", Boolean)

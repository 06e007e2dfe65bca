"""Rows of ``machine_condition`` as columns of numbers, and several rows of one machine made into one.

Rows come as a few long texts for each cell that the database puts together and NumPy reads: several times as quick as a
tuple for each row, and as exact. Those whose machine may have others in the same condition (not ``sole``) come with it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import ColumnElement, Text, TextClause, case, cast, func, or_, select
from sqlalchemy import text as sql
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
    names: npt.NDArray[np.bytes_] | None = None
    weights: Ints | None = None

    @property
    def refused(self) -> npt.NDArray[np.bool_]:
        """Machines with a run that failed, was wrong, too slow or unavailable."""
        return (self.outcomes & REFUSED_BITS) > 0


def read_sole(session: Session, filters: Filters, figures: Sequence[str]) -> Machines:
    """Rows that are a machine each. Their runs stand summed with the first of each cell."""
    row = MachineCondition
    where: list[ColumnElement[bool]] = [row.sole.is_(True), *rows_of_cells(filters), *of_rows(filters)]
    if filters.invalid:
        where.append(row.invalid_runs == 0)
    columns = {figure: getattr(row, figure) for figure in figures}
    return _read(session, where, columns)


def read_shared(session: Session, filters: Filters, figures: Sequence[str]) -> Machines:
    """Rows of machines that may have several in a condition (and, with invalid runs, all rows that have some)."""
    row = MachineCondition
    shared = alone(session, value=False)
    where = [or_(shared, row.invalid_runs > 0) if filters.invalid else shared]
    prefix, weight = ("all_", row.ok_runs) if filters.invalid else ("", row.valid_runs)
    columns = {figure: getattr(row, prefix + figure) for figure in figures}
    return _read(session, [*where, *rows_of_cells(filters), *of_rows(filters)], columns, weight)


def _read(session: Session, where: Sequence[Any], figures: Mapping[str, Any], weight: Any = None) -> Machines:
    """With ``weight`` each row has its machine, weight and runs."""
    row = MachineCondition
    texts = [cast(row.outcomes, Text), *(_text(session, column) for column in figures.values())]
    if weight is not None:
        texts += [
            cast(row.runs, Text),
            cast(row.invalid_runs, Text),
            cast(weight, Text),
            cast(row.machine_id, Text),
        ]
    sums = (func.count(), func.sum(row.runs), func.sum(row.invalid_runs))
    query = select(row.cell_id, *sums, *(func.aggregate_strings(text, ",") for text in texts))
    rows = session.execute(query.where(*where).group_by(row.cell_id)).all()
    found: list[Sequence[Any]] = list(zip(*rows, strict=True)) or [()] * (4 + len(texts))
    cells, counts, runs, invalid = (np.array(column, dtype=np.int64) for column in found[:4])
    outcomes, *values = (_parsed(column) for column in found[4 : 5 + len(figures)])
    named = dict(zip(figures, values, strict=True))
    cell, bits = np.repeat(cells, counts), outcomes.astype(np.int64)
    if weight is None:
        return Machines(cell, bits, _firsts(runs, counts), _firsts(invalid, counts), named)
    own, own_invalid, weights = (_parsed(column).astype(np.int64) for column in found[-4:-1])
    names = np.array(",".join(found[-1]).split(",") if rows else [], dtype=np.bytes_)
    return Machines(cell, bits, own, own_invalid, named, names, weights)


def _parsed(texts: Sequence[str]) -> Floats:
    return np.fromstring(",".join(texts), sep=",")


def _firsts(sums: Ints, counts: Ints) -> Ints:
    """Each sum at the first of its ``counts`` places, 0 at the others."""
    spread = np.zeros(int(counts.sum()), dtype=np.int64)
    spread[np.cumsum(counts) - counts] = sums
    return spread


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


def alone(session: Session, *, value: bool) -> TextClause:
    """Whether a row is ``sole``, word for word as in the partial index, or SQLite would not use it."""
    words = ("0", "1") if session.get_bind().dialect.name == "sqlite" else ("false", "true")
    return sql(f"machine_condition.sole IS {words[value]}")

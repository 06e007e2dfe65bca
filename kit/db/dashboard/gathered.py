"""Everything that figures are made of, gathered by group: exact machines, and, where there are very many, cells.

Up to ``EXACT_ROWS`` rows each machine is read, and figures are exact. Beyond that, and as long as nothing is asked that
only rows can tell (link, days, flags, invalid runs), the cells' sums and histograms stand for the ``sole`` rows, with an
error of at most 1 % in quantiles and none in counts and shares; the other rows are read in both cases.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kit.db.cells import COUNTS, FIGURES
from kit.db.conditions import NEVER_RAN, OUTCOME_BITS
from kit.db.dashboard.catalog import Catalog, catalog_of, group_factors
from kit.db.dashboard.filters import Filters, of_cells, of_rows
from kit.db.dashboard.machine_rows import NONE, Machines, merge, read_shared, read_sole
from kit.db.dashboard.places import Condition, Place
from kit.db.histograms import unpack_all
from kit.db.tables import Cell
from kit.domain.stats.machine import DISPLAYED_SHARE, TARGETS_FPS
from kit.domain.stats.tally import BUCKETS, Tally

Ints = npt.NDArray[np.int64]
EXACT_ROWS = 50_000
MACHINE_COUNTS = tuple(name for name in COUNTS if name not in ("row_count", "shared", "not_ok_runs"))


@dataclass(frozen=True, slots=True)
class Values:
    """One figure's values by group, ascending within each and none twice: those of group g lie between starts[g] and
    starts[g + 1]. Made for all groups at once, so that a group's tally costs next to nothing.
    """

    values: npt.NDArray[np.float64]
    counts: Ints
    starts: Ints
    error: float = 0.0

    def tally(self, group: int) -> Tally:
        """Values and counts of one group."""
        own = slice(int(self.starts[group]), int(self.starts[group + 1]))
        return Tally(self.values[own], self.counts[own], self.error)

    def without(self, groups: Sequence[int]) -> "Values":
        """The same where these groups, which have no values, are no longer numbered."""
        return replace(self, starts=np.delete(self.starts, groups))


@dataclass(frozen=True, slots=True)
class Gathered:
    """``keys[factor][g]`` is the code of group g, ``counts[name][g]`` what was counted in it."""

    catalog: Catalog
    keys: dict[str, Ints]
    counts: dict[str, Ints]
    exact: dict[str, Values]
    bucketed: dict[str, Values] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.counts["started"])

    def tally(self, group: int, figure: str) -> Tally:
        """All values of a figure in a group; exact where none of them comes from a histogram."""
        exact = self.exact[figure].tally(group)
        bucketed = self.bucketed[figure].tally(group) if figure in self.bucketed else Tally()
        if exact.n and bucketed.n:
            return exact.merge(bucketed)
        return bucketed if bucketed.n else exact


def gather(session: Session, filters: Filters, by: Place, figures: Sequence[str] = FIGURES) -> Gathered:
    """Read what the filters leave and put it into groups."""
    cached = use_cells(session, filters)
    alone = _cells_alone(session, filters, figures) if cached else read_sole(session, filters, figures)
    shared = read_shared(session, filters, figures)
    catalog = catalog_of(session)
    factors = group_factors(by)
    groups = _Groups(session, catalog, factors, np.concatenate([alone.cell, shared.cell]))
    split = len(alone.cell)
    merged, merged_group = merge(shared, groups.of[split:])
    number = len(groups)
    counts = {name: np.zeros(number, dtype=np.int64) for name in ("started", *MACHINE_COUNTS)}
    _count_machines(counts, merged, merged_group, number)
    parts = [(merged, merged_group)]
    bucketed: dict[str, Values] = {}
    if isinstance(alone, Cells):
        _count_cells(counts, alone, groups.of[:split], number)
        # Runs of shared rows are in the cells already.
        for name, runs in (("runs", merged.runs), ("invalid_runs", merged.invalid_runs)):
            counts[name] -= _sum(merged_group, runs, number)
        bucketed = {name: _buckets(alone.blobs[name], groups.of[:split], number) for name in figures}
    else:
        _count_machines(counts, alone, groups.of[:split], number)
        parts.append((alone, groups.of[:split]))
    exact = {name: _values(parts, name, number) for name in figures}
    return _with_crashes(Gathered(catalog, groups.keys, counts, exact, bucketed), factors)


def _with_crashes(found: Gathered, factors: Sequence[str]) -> Gathered:
    """Machines on which a mode never came to run are counted with every variant that ran elsewhere in the same group, for
    they started each of them; else a crash would leave the others' shares as if it had not been. They have no values.
    """
    conditions: list[Condition] = found.catalog.values["condition"]
    places: dict[tuple[Any, ...], tuple[list[int], list[int]]] = {}
    for group in range(len(found)):
        condition = conditions[found.keys["condition"][group]]
        others = (int(found.keys[factor][group]) for factor in factors if factor != "condition")
        place = (*others, replace(condition, threads=0, precision=""))
        ran, never = places.setdefault(place, ([], []))
        (never if condition.precision == NEVER_RAN else ran).append(group)
    gone: list[int] = []
    for ran, never in places.values():
        if ran and never:
            gone += never
            for amounts in found.counts.values():
                amounts[ran] += amounts[never].sum()
    return Gathered(
        found.catalog,
        {factor: np.delete(codes, gone) for factor, codes in found.keys.items()},
        {name: np.delete(amounts, gone) for name, amounts in found.counts.items()},
        {name: values.without(gone) for name, values in found.exact.items()},
        {name: values.without(gone) for name, values in found.bucketed.items()},
    )


def use_cells(session: Session, filters: Filters) -> bool:
    """Whether the store is so large, and the question such, that cells stand for their rows."""
    if filters.invalid or of_rows(filters):
        return False
    rows = session.scalar(select(func.sum(Cell.row_count)).where(*of_cells(filters))) or 0
    return rows > EXACT_ROWS


@dataclass(frozen=True, slots=True)
class Cells:
    """Cells as columns."""

    cell: Ints
    counts: dict[str, Ints]
    blobs: dict[str, Sequence[bytes | None]]


def _cells_alone(session: Session, filters: Filters, figures: Sequence[str]) -> Cells:
    names = ("row_count", "shared", *MACHINE_COUNTS)
    columns = [getattr(Cell, name) for name in (*names, *figures)]
    rows = session.execute(select(Cell.id, *columns).where(*of_cells(filters))).all()
    found = list(zip(*rows, strict=True))
    counts = np.array(found[: 1 + len(names)], dtype=np.int64)
    return Cells(
        counts[0],
        dict(zip(names, counts[1:], strict=True)),
        dict(zip(figures, found[1 + len(names) :], strict=True)),
    )


class _Groups:
    """Numbers the combinations of factors that occur; ``of`` says which one each cell id is in."""

    def __init__(self, session: Session, catalog: Catalog, factors: Sequence[str], ids: Ints) -> None:
        unique, where = np.unique(ids, return_inverse=True)
        known = catalog.factors(session, unique)
        combined = np.zeros(len(unique), dtype=np.int64)
        for factor in factors:
            combined = combined * (len(catalog.values[factor]) + 1) + known[factor]
        found, first, group = np.unique(combined, return_index=True, return_inverse=True)
        self.number = len(found)
        self.keys = {factor: codes[first] for factor, codes in known.items()}
        self.of: Ints = group[where]

    def __len__(self) -> int:
        return self.number


def _sum(group: Ints, amounts: npt.NDArray[Any], number: int) -> Ints:
    # Sums of counts stay far below 2^53, up to which doubles are exact.
    return np.bincount(group, amounts, number).astype(np.int64)


def _count_cells(counts: dict[str, Ints], cells: Cells, group: Ints, number: int) -> None:
    counts["started"] += _sum(group, cells.counts["row_count"] - cells.counts["shared"], number)
    for name in MACHINE_COUNTS:
        counts[name] += _sum(group, cells.counts[name], number)


def _count_machines(counts: dict[str, Ints], machines: Machines, group: Ints, number: int) -> None:
    """The same as ``kit.db.cells.machine_counts``, for many at once."""
    nothing = np.full(len(group), NONE)
    capability = machines.values.get("capability_ms", nothing)
    displayed = machines.values.get("displayed_fps", nothing)
    refused = machines.refused
    answers = {
        "started": np.ones(len(group), dtype=np.int64),
        "runs": machines.runs,
        "invalid_runs": machines.invalid_runs,
        "unknown": (capability < 0) & ~refused,
        "displayed_unknown": (displayed < 0) & ~refused,
        "refused": refused,
    }
    for target in TARGETS_FPS:
        answers[f"yes_{target}"] = (capability >= 0) & (capability <= 1000.0 / target)
        answers[f"displayed_yes_{target}"] = (displayed >= 0) & (displayed >= DISPLAYED_SHARE * target)
    for outcome, bit in OUTCOME_BITS.items():
        answers[f"{outcome}_machines"] = (machines.outcomes & bit) > 0
    for name, amounts in answers.items():
        counts[name] += _sum(group, amounts, number)


def _values(parts: Sequence[tuple[Machines, Ints]], figure: str, number: int) -> Values:
    values = np.concatenate([machines.values[figure] for machines, _ in parts])
    group = np.concatenate([own for _, own in parts])
    known = values >= 0
    values, group = values[known], group[known]
    order = np.lexsort((values, group))
    values, group = values[order], group[order]
    fresh = np.ones(len(values), dtype=bool)
    fresh[1:] = (values[1:] != values[:-1]) | (group[1:] != group[:-1])
    first = np.flatnonzero(fresh)
    counts = np.diff(np.append(first, len(values)))
    return Values(values[first], counts, np.searchsorted(group[first], np.arange(number + 1)))


def _buckets(blobs: Sequence[bytes | None], group: Ints, number: int) -> Values:
    position, bucket, count = unpack_all(blobs)
    low = int(bucket.min()) if len(bucket) else 0
    width = int(bucket.max()) - low + 1 if len(bucket) else 1
    dense = np.bincount(group[position] * width + bucket - low, count, number * width).astype(np.int64)
    filled = np.flatnonzero(dense)
    starts = np.searchsorted(filled // width, np.arange(number + 1))
    return Values(BUCKETS.centre(filled % width + low), dense[filled], starts, BUCKETS.error)


assert BUCKETS.largest < 2**16, "buckets are stored in two bytes"

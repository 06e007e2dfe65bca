"""Two conditions on the same machines: how many times as long a frame takes in the second, machine by machine.

A pair is one machine in one browser on one GPU; a machine that has several counts once, by the geometric mean of them.
Machines on which one side did not work have no ratio. They are counted beside it, so that a crash never flatters.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from math import exp, fsum, log
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from kit.db.cells import REFUSED
from kit.db.conditions import NEVER_RAN, OUTCOME_BITS
from kit.db.dashboard.filters import Filters, of_cells, of_rows
from kit.db.dashboard.places import Condition, Hardware, Place, section_of
from kit.db.tables import Cell, Machine, MachineCondition
from kit.domain.stats.intervals import PairedRatio, paired_ratio
from kit.domain.stats.run import weighted_median

MOST_MACHINES = 20_000
"""Beyond so many a random sample of them is compared. It is large enough for every figure's third digit."""
AT_A_GLANCE = 2_000
"""The same, where every mode is compared at once."""
MOST_POINTS = 500
REFERENCES = ("tfjs-webgl", "tfjs-pixels")
BY: tuple[Place, ...] = ("all", "class", "browser", "family")

_CONDITION: tuple[Any, ...] = (
    *(Cell.bundle_name, Cell.bundle_version, Cell.bundle_sha256),
    *(Cell.mode, Cell.threads, Cell.precision, Cell.wishes),
)
_KIND: tuple[Any, ...] = (
    *(Cell.browser_name, Cell.os),
    *(Cell.gpu_vendor, Cell.gpu_model, Cell.gpu_family, Cell.gpu_class, Cell.gpu_blurred),
)
_REFUSED = sum(OUTCOME_BITS[outcome] for outcome in REFUSED)
MOST_LISTED = 10_000
"""Of more cells than so many the database is not told which it may leave out: a statement has only so much room."""

Kind = tuple[str, str, str, str, str, str, bool]
"""Browser, system and GPU: what makes two pairs of one machine two."""
Unit = tuple[str, Kind]
Side = tuple[float | None, bool]
"""One side of a pair: milliseconds a frame, and whether it was refused (failed, wrong, too slow, unavailable)."""
Pair = tuple[Unit, Side, Side]
Group = tuple[str, str, Hardware | None]
_NEVER: Side = (None, False)


@dataclass(frozen=True, slots=True)
class Tried:
    """Machines that started both conditions, by what came of it.

    ``only_first``: the second failed, gave a wrong picture, was too slow or not available. ``unknown``: one side was
    stopped, lost or invalid, and nothing else is known of it.
    """

    both: int = 0
    only_first: int = 0
    only_second: int = 0
    neither: int = 0
    unknown: int = 0

    @property
    def machines(self) -> int:
        return self.both + self.only_first + self.only_second + self.neither + self.unknown


@dataclass(frozen=True, slots=True)
class Point:
    """One machine: milliseconds a frame in either condition, and its GPU's class."""

    first_ms: float
    second_ms: float
    class_: str


@dataclass(frozen=True, slots=True)
class PairRow:
    """A group of machines under two conditions.

    ``ratio``: second / first in milliseconds, below 1 the second is quicker; its ``interval`` is there from 5 machines
    on, and below that only ``points`` may be shown. ``points``: at most 500. ``sampled_of``: about how many machines
    there are, where the figures are those of a random sample; else as many as tried both.
    """

    section: str
    place: str
    hardware: Hardware | None
    ratio: PairedRatio | None
    points: Sequence[Point]
    tried: Tried
    sampled_of: int

    @property
    def pairs(self) -> int:
        return self.tried.both


@dataclass(frozen=True, slots=True)
class Against:
    """One condition against the reference of its model, over all machines."""

    reference: Condition
    condition: Condition
    row: PairRow

    @property
    def sampled(self) -> bool:
        return self.row.sampled_of != self.row.tried.machines


def compare(
    session: Session, filters: Filters, first: Condition, second: Condition, by: Sequence[Place] = BY
) -> dict[Place, list[PairRow]]:
    """Two conditions, grouped in several ways at once; groups with most machines first.

    Model and mode of the filters are not looked at: the two conditions say them.
    """
    wide = replace(filters, model=None, version=None, mode=None, wishes="")
    store = _Store(session, wide, {first, second, _never_ran(first), _never_ran(second)})
    rows, share = store.sample(MOST_MACHINES)
    pairs = _pairs(store.units(rows), first, second)
    return {place: _rows(pairs, place, share) for place in by}


def against(session: Session, filters: Filters) -> list[Against]:
    """Every condition against its model's reference: tfjs-webgl where it was measured, else the most frequent one."""
    store = _Store(session, replace(filters, mode=None, wishes=""))
    rows, share = store.sample(AT_A_GLANCE)
    units = store.units(rows)
    machines: dict[Condition, set[str]] = defaultdict(set)
    for (machine, _), own in units.items():
        for condition in own:
            machines[condition].add(machine)
    references = _references({condition: len(found) for condition, found in machines.items()})
    found = []
    for condition in machines:
        reference = references[condition.sha256]
        if _is_told_elsewhere(condition, machines):
            continue
        if condition == reference or (filters.mode and (condition.mode, condition.wishes) != _asked(filters)):
            continue
        rows_of_all = _rows(_pairs(units, reference, condition), "all", share)
        found += [Against(reference, condition, row) for row in rows_of_all]
    return sorted(found, key=lambda one: (one.condition.bundle, one.condition.version, one.condition))


def _is_told_elsewhere(condition: Condition, others: Iterable[Condition]) -> bool:
    """Whether machines on which it never ran are counted with a variant that did."""
    if condition.precision != NEVER_RAN:
        return False
    return any(other != condition and _never_ran(other) == condition for other in others)


def condition_choices(session: Session, filters: Filters) -> list[tuple[Condition, int]]:
    """What can be compared, and how often it was met (rows of the store): to choose from, and to say which is meant.

    Link, days and flags are not looked at: cells do not tell them apart, and are few.
    """
    wide = replace(filters, model=None, version=None, mode=None, wishes="")
    query = select(*_CONDITION, func.sum(Cell.row_count)).where(*of_cells(wide)).group_by(*_CONDITION)
    return sorted((_condition(row[:-1]), int(row[-1])) for row in session.execute(query))


def _references(machines: Mapping[Condition, int]) -> dict[str, Condition]:
    """For each model (by its hash) what the others are compared with: as plain and as frequent as can be."""

    def rank(condition: Condition) -> tuple[int, bool, bool, int, Condition]:
        mode = condition.mode
        known = REFERENCES.index(mode) if mode in REFERENCES else len(REFERENCES)
        never = condition.precision == NEVER_RAN
        return known, condition.wishes != "", never, -machines[condition], condition

    found: dict[str, Condition] = {}
    for condition in sorted(machines, key=rank):
        found.setdefault(condition.sha256, condition)
    return found


class _Store:
    """Rows of ``machine_condition`` by way of their cells, which say all that is text."""

    def __init__(
        self, session: Session, filters: Filters, conditions: Collection[Condition] | None = None
    ) -> None:
        self.session, self.filters = session, filters
        cells = session.execute(select(Cell.id, *_CONDITION, *_KIND).where(*of_cells(filters)))
        known = {row[0]: (_condition(row[1:8]), tuple(row[8:])) for row in cells}
        self.cells: dict[int, tuple[Condition, Any]] = {
            number: cell for number, cell in known.items() if conditions is None or cell[0] in conditions
        }

    def sample(self, most: int) -> tuple[list[Any], float]:
        """Rows of at most about ``most`` machines, and which share of all machines that is.

        Ids of machines are random, so those below a bound are a random sample, and an index finds them. Where the
        filters leave few, the bound moves up until there are enough of them, or all.
        """
        total = self.session.scalar(select(func.count()).select_from(Machine)) or 0
        share = 1.0 if total <= most else most / total
        rows = self._read(share)
        seen = len({row[0] for row in rows})
        if share < 1 and seen < most / 2:
            share = min(1.0, share * most / max(1, seen))
            rows = self._read(share)
        return rows, share

    def units(self, rows: Iterable[Any]) -> dict[Unit, dict[Condition, Side]]:
        """What each machine did, in one browser on one GPU, in each condition."""
        parts: dict[Unit, dict[Condition, list[tuple[float | None, int, int]]]] = {}
        for machine, cell, *value in rows:
            condition, kind = self.cells[cell]
            parts.setdefault((machine, kind), {}).setdefault(condition, []).append(tuple(value))
        return {
            unit: {condition: _side(values) for condition, values in own.items()}
            for unit, own in parts.items()
        }

    def _read(self, share: float) -> list[Any]:
        row, invalid = MachineCondition, self.filters.invalid
        ms, weight = (row.all_capability_ms, row.ok_runs) if invalid else (row.capability_ms, row.valid_runs)
        query = select(row.machine_id, row.cell_id, ms, weight, row.outcomes).where(*of_rows(self.filters))
        if len(self.cells) <= MOST_LISTED:
            query = query.where(self._cell(share).in_(self.cells))
        if share < 1:
            query = query.where(row.machine_id < f"{int(share * 16**8):08x}")
        found = self.session.execute(query).all()
        if len(self.cells) <= MOST_LISTED:
            return list(found)
        return [one for one in found if one[1] in self.cells]

    def _cell(self, share: float) -> ColumnElement[Any]:
        """The cell's number; of a small sample in a form that no index knows, so that the one of machines is taken."""
        cell: ColumnElement[Any] = MachineCondition.cell_id.expression
        return cell if share > 0.5 else cell + 0


def _side(values: Sequence[tuple[float | None, int, int]]) -> Side:
    if len(values) == 1:
        ms, _, outcomes = values[0]
        return ms or None, bool(outcomes & _REFUSED)
    known = [(ms, max(1, runs)) for ms, runs, _ in values if ms]
    refused = any(outcomes & _REFUSED for _, _, outcomes in values)
    if not known:
        return None, refused
    return weighted_median([ms for ms, _ in known], [runs for _, runs in known]), refused


def _pairs(units: Mapping[Unit, Mapping[Condition, Side]], first: Condition, second: Condition) -> list[Pair]:
    sides = ((unit, _of(own, first), _of(own, second)) for unit, own in units.items())
    return [(unit, one, other) for unit, one, other in sides if one is not None and other is not None]


def _of(own: Mapping[Condition, Side], condition: Condition) -> Side | None:
    """Where a mode never came to run, nobody knows in which variant it would have."""
    return own.get(condition) or own.get(_never_ran(condition))


def _never_ran(condition: Condition) -> Condition:
    return replace(condition, threads=0, precision=NEVER_RAN)


def _rows(pairs: Sequence[Pair], by: Place, share: float) -> list[PairRow]:
    groups: dict[Group, dict[str, list[Pair]]] = {}
    place_of = cache(lambda kind: _place(kind, by))
    for pair in pairs:
        machine, kind = pair[0]
        groups.setdefault(place_of(kind), {}).setdefault(machine, []).append(pair)
    found = [_row(place, machines, share) for place, machines in groups.items()]
    return sorted(found, key=lambda row: (-row.tried.machines, row.section, row.place))


def _row(place: Group, machines: Mapping[str, Sequence[Pair]], share: float) -> PairRow:
    counts: dict[str, int] = defaultdict(int)
    pairs: list[tuple[float, float]] = []
    points: list[Point] = []
    for machine in sorted(machines):
        own = machines[machine]
        came = _came_of(own)
        counts[came] += 1
        if came == "both":
            ms = _joined(own)
            pairs.append(ms)
            if len(points) < MOST_POINTS:
                points.append(Point(*ms, own[0][0][1][5]))
    tried = Tried(**counts)
    total = tried.machines if share == 1 else round(tried.machines / share)
    return PairRow(*place, paired_ratio(pairs), points, tried, total)


def _joined(own: Sequence[Pair]) -> tuple[float, float]:
    """A machine's pair: of several browsers the geometric means, so that its ratio is the mean of their ratios."""
    known = [(first[0], second[0]) for _, first, second in own if first[0] and second[0]]
    if len(known) == 1:
        return known[0]
    return _mean(first for first, _ in known), _mean(second for _, second in known)


def _came_of(own: Sequence[Pair]) -> str:
    """What is counted of a machine with several browsers is the best that it did."""
    if len(own) == 1:
        return _of_pair(own[0][1], own[0][2])
    order = ("both", "only_first", "only_second", "neither", "unknown")
    return min((_of_pair(first, second) for _, first, second in own), key=order.index)


def _of_pair(first: Side, second: Side) -> str:
    if first[0] and second[0]:
        return "both"
    if _NEVER in (first, second):
        return "unknown"
    return "only_first" if first[0] else "only_second" if second[0] else "neither"


def _mean(values: Iterable[float]) -> float:
    logs = [log(value) for value in values]
    return exp(fsum(logs) / len(logs))


def _place(kind: Kind, by: Place) -> Group:
    browser, system, vendor, model, family, class_, blurred = kind
    hardware = Hardware(vendor, model, family, class_, blurred)
    if by == "all":
        return "", "", None
    places: dict[Place, tuple[str, Hardware | None]] = {
        "gpu": (model, hardware),
        "family": (family, Hardware(vendor, "", family, "", blurred)),
        "class": (class_, None),
        "vendor": (vendor, None),
        "browser": (browser, None),
        "os": (system, None),
    }
    return section_of(hardware), *places[by]


def _condition(values: Sequence[Any]) -> Condition:
    name, version, sha256, mode, threads, precision, wishes = values
    return Condition(name, version, sha256, mode, threads, precision, "", wishes)


def _asked(filters: Filters) -> tuple[str | None, str]:
    return filters.mode, filters.wishes

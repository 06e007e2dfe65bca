"""Two conditions on the same machines: how many times as long a frame takes in the second, machine by machine.

A pair is one machine in one browser on one GPU; a machine that has several counts once, by the geometric mean of them.
Machines on which one side did not work have no ratio. They are counted beside it, so that a crash never flatters.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import exp, fsum, log
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from kit.db.dashboard.figures import group_rows
from kit.db.dashboard.filters import Filters, of_conditions
from kit.db.dashboard.places import Condition, Hardware, Place, section_of
from kit.db.tables import Machine, MachineCondition
from kit.domain.stats.intervals import PairedRatio, paired_ratio
from kit.domain.stats.run import weighted_median

MOST_MACHINES = 20_000
"""Beyond so many a random sample of them is compared. It is large enough for every figure's third digit."""
AT_A_GLANCE = 2_000
"""The same, where every mode is compared at once."""
MOST_POINTS = 500
REFERENCES = ("tfjs-webgl", "tfjs-pixels")
BY: tuple[Place, ...] = ("all", "class", "browser", "family")

# Rows of `_sample` in this order; the milliseconds stand before the last two.
_ROW = MachineCondition
_TOLD_APART = (
    *(_ROW.machine_id, _ROW.browser_name, _ROW.os),
    *(_ROW.gpu_vendor, _ROW.gpu_model, _ROW.gpu_family, _ROW.gpu_class, _ROW.gpu_blurred),
    *(_ROW.bundle_name, _ROW.bundle_version, _ROW.bundle_sha256),
    *(_ROW.mode, _ROW.threads, _ROW.precision, _ROW.wishes),
)
_WEIGHT = _ROW.valid_runs
_REFUSED = _ROW.wrong_output_runs + _ROW.unavailable_runs + _ROW.failed_runs + _ROW.too_slow_runs
_UNIT, _CONDITION, _VALUE = slice(0, 8), slice(8, 15), slice(15, 18)
Unit = tuple[str, str, str, str, str, str, str, bool]
Side = tuple[float | None, bool]
"""One side of a pair: milliseconds a frame, and whether it was refused (failed, wrong, too slow, unavailable)."""


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
    where = [
        *of_conditions(replace(filters, model=None, version=None, mode=None, wishes="")),
        or_(*(_is(condition) for condition in (first, second))),
    ]
    rows, share = _sample(session, where, MOST_MACHINES, filters.invalid)
    units = _units(rows)
    sides = _sides(units, _variant(first), _variant(second))
    return {place: _rows(sides, place, share) for place in by}


def against(session: Session, filters: Filters) -> list[Against]:
    """Every condition against its model's reference: tfjs-webgl where it was measured, else the most frequent one."""
    wanted = replace(filters, mode=None, wishes="")
    rows, share = _sample(session, of_conditions(wanted), AT_A_GLANCE, filters.invalid)
    units = _units(rows)
    machines: dict[Condition, set[str]] = defaultdict(set)
    for row in rows:
        machines[_condition_of(row)].add(row[0])
    references = _references({condition: len(found) for condition, found in machines.items()})
    found = []
    for condition in machines:
        reference = references[condition.sha256]
        if condition == reference or (filters.mode and (condition.mode, condition.wishes) != _asked(filters)):
            continue
        sides = _sides(units, _variant(reference), _variant(condition))
        found += [Against(reference, condition, row) for row in _rows(sides, "all", share)]
    return sorted(found, key=lambda one: (one.condition.bundle, one.condition.version, one.condition))


def condition_choices(session: Session, filters: Filters) -> list[tuple[Condition, int]]:
    """What can be compared under these filters, and on how many machines each was started."""
    wide = replace(filters, model=None, version=None, mode=None, wishes="")
    found = [(row.condition, row.figures.started) for row in group_rows(session, wide, "all")]
    return sorted(found)


def _references(machines: Mapping[Condition, int]) -> dict[str, Condition]:
    """For each model (by its hash) what the others are compared with: as plain and as frequent as can be."""

    def rank(condition: Condition) -> tuple[int, bool, int, Condition]:
        mode = condition.mode
        known = REFERENCES.index(mode) if mode in REFERENCES else len(REFERENCES)
        return known, condition.wishes != "", -machines[condition], condition

    found: dict[str, Condition] = {}
    for condition in sorted(machines, key=rank):
        found.setdefault(condition.sha256, condition)
    return found


def _sample(
    session: Session, where: Sequence[ColumnElement[bool]], most: int, invalid: bool
) -> tuple[list[Any], float]:
    """Rows of at most about ``most`` machines, and which share of all machines that is.

    Ids of machines are random, so those below a bound are a random sample, and an index finds them. Where the filters
    leave few, the bound moves up until there are enough of them, or all.
    """
    total = session.scalar(select(func.count()).select_from(Machine)) or 0
    share = 1.0 if total <= most else most / total
    rows = _read(session, where, share, invalid)
    seen = len({row[0] for row in rows})
    if share < 1 and seen < most / 2:
        share = min(1.0, share * most / max(1, seen))
        rows = _read(session, where, share, invalid)
    return rows, share


def _read(
    session: Session, where: Sequence[ColumnElement[bool]], share: float, invalid: bool
) -> list[tuple[Any, ...]]:
    ms = _ROW.all_capability_ms if invalid else _ROW.capability_ms
    query = select(*_TOLD_APART, ms, _WEIGHT, _REFUSED).where(*where)
    if share < 1:
        query = query.where(_ROW.machine_id < f"{int(share * 16**8):08x}")
    return [tuple(row) for row in session.execute(query)]


def _units(rows: Iterable[tuple[Any, ...]]) -> dict[Unit, dict[tuple[Any, ...], Side]]:
    """What each machine did, in one browser on one GPU, in each condition."""
    parts: dict[Unit, dict[tuple[Any, ...], list[tuple[Any, ...]]]] = {}
    for row in rows:
        own = parts.setdefault(row[_UNIT], {})
        own.setdefault(row[_CONDITION][2:], []).append(row[_VALUE])
    return {
        unit: {condition: _side(values) for condition, values in own.items()} for unit, own in parts.items()
    }


def _side(values: Sequence[tuple[Any, ...]]) -> Side:
    known = [(ms, max(1, runs)) for ms, runs, _ in values if ms]
    refused = any(refusals for _, _, refusals in values)
    if len(known) <= 1:
        return (known[0][0] if known else None), refused
    return weighted_median([ms for ms, _ in known], [runs for _, runs in known]), refused


def _sides(
    units: Mapping[Unit, Mapping[tuple[Any, ...], Side]], first: tuple[Any, ...], second: tuple[Any, ...]
) -> list[tuple[Unit, Side, Side]]:
    return [(unit, own[first], own[second]) for unit, own in units.items() if first in own and second in own]


def _rows(sides: Sequence[tuple[Unit, Side, Side]], by: Place, share: float) -> list[PairRow]:
    groups: dict[tuple[str, str, Hardware | None], dict[str, list[tuple[Unit, Side, Side]]]] = {}
    for side in sides:
        groups.setdefault(_place(side[0], by), {}).setdefault(side[0][0], []).append(side)
    found = [_row(place, machines, share) for place, machines in groups.items()]
    return sorted(found, key=lambda row: (-row.tried.machines, row.section, row.place))


def _row(
    place: tuple[str, str, Hardware | None],
    machines: Mapping[str, Sequence[tuple[Unit, Side, Side]]],
    share: float,
) -> PairRow:
    counts: dict[str, int] = defaultdict(int)
    points = []
    for machine in sorted(machines):
        own = machines[machine]
        pairs = [(first[0], second[0]) for _, first, second in own if first[0] and second[0]]
        if pairs:
            class_ = own[0][0][6]
            points.append(Point(_mean(a for a, _ in pairs), _mean(b for _, b in pairs), class_))
        counts[_came_of(own)] += 1
    tried = Tried(**counts)
    ratio = paired_ratio([(point.first_ms, point.second_ms) for point in points])
    total = tried.machines if share == 1 else round(tried.machines / share)
    return PairRow(*place, ratio, points[:MOST_POINTS], tried, total)


def _came_of(own: Sequence[tuple[Unit, Side, Side]]) -> str:
    """What is counted of a machine with several browsers is the best that it did."""
    order = ("both", "only_first", "only_second", "neither", "unknown")
    return min((_of_pair(first, second) for _, first, second in own), key=order.index)


def _of_pair(first: Side, second: Side) -> str:
    if any(ms is None and not refused for ms, refused in (first, second)):
        return "unknown"
    if first[0] and second[0]:
        return "both"
    return "only_first" if first[0] else "only_second" if second[0] else "neither"


def _mean(values: Iterable[float | None]) -> float:
    logs = [log(value) for value in values if value]
    return exp(fsum(logs) / len(logs))


def _place(unit: Unit, by: Place) -> tuple[str, str, Hardware | None]:
    _, browser, system, vendor, model, family, class_, blurred = unit
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


def _is(condition: Condition) -> ColumnElement[bool]:
    return and_(
        _ROW.bundle_sha256 == condition.sha256,
        _ROW.mode == condition.mode,
        _ROW.threads == condition.threads,
        _ROW.precision == condition.precision,
        _ROW.wishes == condition.wishes,
    )


def _variant(condition: Condition) -> tuple[Any, ...]:
    return condition.sha256, condition.mode, condition.threads, condition.precision, condition.wishes


def _condition_of(row: tuple[Any, ...]) -> Condition:
    name, version, sha256, mode, threads, precision, wishes = row[_CONDITION]
    return Condition(name, version, sha256, mode, threads, precision, "", wishes)


def _asked(filters: Filters) -> tuple[str | None, str]:
    return filters.mode, filters.wishes

"""Figures of groups of machines, as every page, export and the API read them. The unit is the machine."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kit.db.dashboard.filters import Filters, of_conditions
from kit.db.dashboard.places import Condition, Hardware, Place, section_of
from kit.db.tables import OUTCOMES, MachineCondition, Visit
from kit.domain.stats.group import Group, group
from kit.domain.stats.intervals import PairedRatio, paired_ratio
from kit.domain.stats.machine import Part, machine_values
from kit.domain.stats.tally import Tally

FIGURES = ("capability_ms", "displayed_fps", "load_ms", "first_picture_ms", "capability_ms_p95")
"""What there is a tally of. Load and first picture: cold ones of the first mode on its back end in a visit."""
LINES = 50
MOST_PAIRS = 20_000
MOST_POINTS = 500


@dataclass(frozen=True)
class GroupRow:
    """A group of machines in one condition. ``place`` is its name ("" for all, and for what was not told).

    ``outcomes``: machines with at least one run that ended so. ``failed_machines`` had at least one run that failed, was
    wrong, too slow or unavailable. ``error``: how far a quantile may be off, relatively; 0 is exact.
    """

    section: str
    place: str
    hardware: Hardware | None
    condition: Condition
    figures: Group
    tallies: Mapping[str, Tally]
    outcomes: Mapping[str, int]
    invalid_runs: int
    failed_machines: int
    error: float


@dataclass(frozen=True, slots=True)
class HardwareCounts:
    """What stands above a page: what is shown, and how much is not."""

    machines: int
    runs: int
    invalid_runs: int
    simulated_machines: int
    rejected_visits: int = 0


@dataclass(frozen=True, slots=True)
class MachineLine:
    """One machine in one condition, on one device in one browser."""

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


@dataclass(frozen=True, slots=True)
class PairRow:
    """Two conditions on the same machines. ``ratio``: second / first in milliseconds, so below 1 the second is quicker.

    ``points``: (first, second) in milliseconds, at most 500 of the ``pairs``. ``sampled_of``: how many machines there
    are where ``pairs`` is a random sample of them; else the same as ``pairs``.
    """

    section: str
    place: str
    hardware: Hardware | None
    ratio: PairedRatio
    points: Sequence[tuple[float, float]]
    pairs: int
    sampled_of: int


@dataclass(frozen=True, slots=True)
class Option:
    """A value that a filter can have, and how many rows of the store (machine x condition) have it."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class FilterOptions:
    """What each filter can be set to, under the study and testers chosen; the most frequent first."""

    stages: Sequence[Option]
    links: Sequence[tuple[str, str]]
    models: Sequence[Option]
    modes: Sequence[Option]
    vendors: Sequence[Option]
    classes: Sequence[Option]
    gpus: Sequence[Option]
    families: Sequence[Option]
    browsers: Sequence[Option]
    systems: Sequence[Option]
    flags: Sequence[Option]


def group_rows(session: Session, filters: Filters, by: Place) -> list[GroupRow]:
    """Every group with at least one measured run; places with most machines first, conditions in a fixed order.

    Each machine counts once in a group, however many links and browsers it came by. By GPU and by browser, browsers are
    kept apart. Only over all machines are the sections pooled.
    """
    groups: dict[tuple[str, str, Hardware | None, Condition], list[MachineCondition]] = defaultdict(list)
    for row in session.scalars(_rows(filters)):
        groups[_group_of(row, by)].append(row)
    rows = [_group_row(key, members) for key, members in groups.items()]
    size: dict[tuple[str, str], int] = defaultdict(int)
    for row in rows:
        size[row.section, row.place] = max(size[row.section, row.place], row.figures.started)
    return sorted(
        rows, key=lambda row: (-size[row.section, row.place], row.section, row.place, row.condition)
    )


def store_counts(session: Session, filters: Filters) -> HardwareCounts:
    """Counts under the same filters; simulated machines are counted whether or not they are shown."""
    sums = select(
        func.count(MachineCondition.machine_id.distinct()),
        func.coalesce(func.sum(MachineCondition.runs), 0),
        func.coalesce(func.sum(MachineCondition.invalid_runs), 0),
    )
    machines, runs, invalid = session.execute(sums.where(*of_conditions(filters))).one()
    simulated = select(func.count(Visit.machine_id.distinct())).where(Visit.simulated)
    if filters.study_id:
        simulated = simulated.where(Visit.study_id == filters.study_id)
    return HardwareCounts(int(machines), int(runs), int(invalid), session.scalar(simulated) or 0)


def machine_lines(
    session: Session,
    filters: Filters,
    *,
    section: str | None = None,
    place: str = "",
    by: Place = "all",
    page: int = 1,
) -> tuple[int, list[MachineLine]]:
    """How many lines the place has (machine x condition), and one page of them: the slowest first, failures before."""
    rows = [row for row in session.scalars(_rows(filters)) if _in_place(row, section, place, by)]
    rows.sort(key=lambda row: (-(row.capability_ms or float("inf")), row.key))
    shown = rows[(page - 1) * LINES : page * LINES]
    return len(rows), [_machine_line(row) for row in shown]


def pair_rows(
    session: Session, filters: Filters, first: Condition, second: Condition, by: Place
) -> list[PairRow]:
    """Compare two conditions on the machines that measured both; the browser of the conditions is not looked at."""
    sides: tuple[dict[tuple[str, str, Hardware | None], dict[str, list[MachineCondition]]], ...] = ({}, {})
    for row in session.scalars(_rows(filters)):
        section, place, hardware, condition = _group_of(row, by)
        for side, wanted in zip(sides, (first, second), strict=True):
            if _same(condition, wanted):
                members = side.setdefault((section, place, hardware), {})
                members.setdefault(f"{row.machine_id} {row.browser_name}", []).append(row)
    found = [_pair_row(key, sides[0][key], sides[1][key]) for key in sides[0].keys() & sides[1].keys()]
    return sorted((row for row in found if row), key=lambda row: (-row.pairs, row.section, row.place))


def filter_options(session: Session, filters: Filters) -> FilterOptions:
    """What the form offers."""
    columns = {
        "stages": MachineCondition.stage,
        "vendors": MachineCondition.gpu_vendor,
        "classes": MachineCondition.gpu_class,
        "gpus": MachineCondition.gpu_model,
        "families": MachineCondition.gpu_family,
        "browsers": MachineCondition.browser_name,
        "systems": MachineCondition.os,
        "models": MachineCondition.bundle_name,
        "modes": MachineCondition.mode,
    }
    scope = Filters(study_id=filters.study_id, simulated=filters.simulated)
    found = {
        name: [
            Option(value, count)
            for value, count in session.execute(
                select(column, func.count())
                .where(*of_conditions(scope))
                .group_by(column)
                .order_by(func.count().desc(), column)
            )
        ]
        for name, column in columns.items()
    }
    return FilterOptions(**found, links=[], flags=[])


def _rows(filters: Filters):  # type: ignore[no-untyped-def]
    return select(MachineCondition).where(*of_conditions(filters)).order_by(MachineCondition.key)


def _hardware(row: MachineCondition) -> Hardware:
    return Hardware(row.gpu_vendor, row.gpu_model, row.gpu_family, row.gpu_class, row.gpu_blurred)


def _condition(row: MachineCondition, *, browser: bool = True) -> Condition:
    return Condition(
        row.bundle_name,
        row.bundle_version,
        row.bundle_sha256,
        row.mode,
        row.threads,
        row.precision,
        row.browser_name if browser else "",
        row.wishes,
    )


def _group_of(row: MachineCondition, by: Place) -> tuple[str, str, Hardware | None, Condition]:
    hardware = _hardware(row)
    place = {
        "all": "",
        "gpu": hardware.model,
        "family": hardware.family,
        "class": hardware.class_,
        "vendor": hardware.vendor,
        "browser": row.browser_name,
        "os": row.os,
    }[by]
    shown = {"gpu": hardware, "family": Hardware(hardware.vendor, "", hardware.family, "", hardware.blurred)}
    section = "" if by == "all" else section_of(hardware)
    return section, place, shown.get(by), _condition(row, browser=by in ("gpu", "browser"))


def _in_place(row: MachineCondition, section: str | None, place: str, by: Place) -> bool:
    own_section, own_place, _, _ = _group_of(row, by)
    return (section is None or section == own_section or by == "all") and own_place == place


def _group_row(
    key: tuple[str, str, Hardware | None, Condition], members: Sequence[MachineCondition]
) -> GroupRow:
    values = machine_values([part_of(row) for row in members])
    tallies = {
        name: Tally.from_values([value for machine in values if (value := getattr(machine, name, None))])
        for name in FIGURES
    }
    outcomes = {
        name: len({row.machine_id for row in members if getattr(row, f"{name}_runs")}) for name in OUTCOMES
    }
    return GroupRow(
        *key,
        figures=group(values),
        tallies=tallies,
        outcomes=outcomes,
        invalid_runs=sum(row.invalid_runs for row in members),
        failed_machines=sum(value.refused > 0 for value in values),
        error=0.0,
    )


def part_of(row: MachineCondition) -> Part:
    """A stored row as the statistics take it."""
    return Part(
        machine=row.machine_id,
        capability_ms=row.capability_ms,
        displayed_fps=row.displayed_fps,
        runs=row.runs,
        ok=row.valid_runs,
        refused=row.wrong_output_runs + row.unavailable_runs + row.failed_runs + row.too_slow_runs,
        unknown=row.stopped_runs + row.lost_runs + row.ok_runs - row.valid_runs,
    )


def _machine_line(row: MachineCondition) -> MachineLine:
    return MachineLine(
        machine_id=row.machine_id,
        condition=_condition(row),
        hardware=_hardware(row),
        os=row.os,
        capability_ms=row.capability_ms,
        displayed_fps=row.displayed_fps,
        load_ms=None,
        first_picture_ms=None,
        runs=row.runs,
        invalid_runs=row.invalid_runs,
        outcomes={name: getattr(row, f"{name}_runs") for name in OUTCOMES},
        last_run_at=row.last_run_at,
    )


def _same(condition: Condition, wanted: Condition) -> bool:
    names = ("sha256", "mode", "wishes", "threads", "precision")
    return all(getattr(condition, name) == getattr(wanted, name) for name in names)


def _pair_row(
    key: tuple[str, str, Hardware | None],
    first: Mapping[str, Sequence[MachineCondition]],
    second: Mapping[str, Sequence[MachineCondition]],
) -> PairRow | None:
    points = []
    for machine in sorted(first.keys() & second.keys()):
        a, b = (machine_values([part_of(row) for row in side[machine]])[0] for side in (first, second))
        if a.capability_ms and b.capability_ms:
            points.append((a.capability_ms, b.capability_ms))
    ratio = paired_ratio(points)
    if ratio is None:
        return None
    return PairRow(*key, ratio, points[:MOST_POINTS], len(points), len(points))

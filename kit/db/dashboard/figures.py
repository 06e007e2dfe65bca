"""Figures of groups of machines, as every page, export and the API read them. The unit is the machine.

A row's figures and tallies are made when they are first looked at: a page that shows thirty of two thousand groups pays
for thirty.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kit.db import counters
from kit.db.cells import FIGURES
from kit.db.dashboard.filters import Filters, is_plain, of_cells, of_conditions
from kit.db.dashboard.gathered import Gathered, gather
from kit.db.dashboard.machine_lines import MachineLine, machine_lines
from kit.db.dashboard.options import FilterOptions, Option, filter_options
from kit.db.dashboard.places import Condition, Hardware, Place
from kit.db.tables import OUTCOMES, Cell, MachineCondition
from kit.domain.stats.group import FLOOR, Counts, Group, Share, figures, share
from kit.domain.stats.machine import TARGETS_FPS
from kit.domain.stats.tally import Tally

__all__ = [
    "FIGURES",
    "FilterOptions",
    "GroupRow",
    "HardwareCounts",
    "MachineLine",
    "Option",
    "filter_options",
    "group_rows",
    "machine_lines",
    "store_counts",
]


class Tallies(Mapping[str, Tally]):
    """The tallies of one group by figure, each made when it is asked for. Those of fewer machines than ``floor`` are empty."""

    def __init__(self, gathered: Gathered, group: int, floor: int = 0) -> None:
        self._gathered, self._group, self._floor = gathered, group, floor
        self._made: dict[str, Tally] = {}

    def __getitem__(self, figure: str) -> Tally:
        if figure not in self._made:
            tally = self._gathered.tally(self._group, figure)
            self._made[figure] = tally if tally.n >= self._floor else Tally()
        return self._made[figure]

    def above(self, floor: int) -> "Tallies":
        """The same without those of fewer machines than ``floor``."""
        return Tallies(self._gathered, self._group, floor)

    def __iter__(self) -> Iterator[str]:
        return iter(self._gathered.exact)

    def __len__(self) -> int:
        return len(self._gathered.exact)


@dataclass(frozen=True)
class GroupRow:
    """A group of machines in one condition. ``place`` is its name ("" for all, and for what was not told).

    ``counts`` are exact. ``outcomes``: machines with at least one run that ended so; ``failed_machines`` had at least
    one that failed, was wrong, too slow or unavailable. ``tallies``: each machine's own value, by ``FIGURES``; load and
    first picture only where they were cold and of the first mode on their back end in a visit. ``outside``: for people
    without an account, who never see a single machine's value.
    """

    section: str
    place: str
    hardware: Hardware | None
    condition: Condition
    counts: Counts
    all_tallies: Tallies
    outcomes: Mapping[str, int]
    invalid_runs: int
    failed_machines: int
    outside: bool = False

    @cached_property
    def tallies(self) -> Mapping[str, Tally]:
        """By figure; ``outside`` only those of enough machines."""
        return self.all_tallies.above(FLOOR) if self.outside else self.all_tallies

    @property
    def started(self) -> int:
        return self.counts.started

    @cached_property
    def figures(self) -> Group:
        """Medians, intervals, shares; below the floor the machines' own values."""
        found = figures(self.counts, self.all_tallies["capability_ms"], self.all_tallies["displayed_fps"])
        return replace(found, dots_fps=(), dots_displayed_fps=()) if self.outside else found

    @cached_property
    def error(self) -> float:
        """How far a quantile of capability or displayed may be off, relatively; 0 is exact."""
        return max(self.tallies["capability_ms"].error, self.tallies["displayed_fps"].error)

    def reach(self, target_fps: float) -> Share | None:
        """The share that reaches any frame rate. Exact for 24, 30 and 60; else as exact as ``error`` says.

        ``None`` where no machine started; whether there are enough for a share is the caller's to say.
        """
        exact = int(target_fps)
        if exact == target_fps and exact in self.counts.yes:
            yes = self.counts.yes[exact]
        else:
            tally = self.tallies["capability_ms"]
            yes = int(tally.counts[tally.values <= 1000.0 / target_fps].sum())
        unknown = self.counts.unknown
        return share(yes, self.started - yes - unknown, unknown)


@dataclass(frozen=True, slots=True)
class HardwareCounts:
    """What stands above a page: what is shown, and how much is not. ``rejected_visits`` by the study alone."""

    machines: int
    runs: int
    invalid_runs: int
    simulated_machines: int
    rejected_visits: int = 0


def group_rows(
    session: Session, filters: Filters, by: Place, wanted: Sequence[str] = FIGURES[:2]
) -> list[GroupRow]:
    """Every group with at least one measured run; places with most machines first, conditions in a fixed order.

    Each machine counts once in a group, however many links and browsers it came by. By GPU and by browser, browsers are
    kept apart. Only over all machines are the sections pooled. ``wanted``: which of ``FIGURES`` to read; all others
    are missing from the rows' tallies, and capability and displayed must not be.
    """
    gathered = gather(session, filters, by, tuple(dict.fromkeys((*FIGURES[:2], *wanted))))
    rows = [_row(gathered, group, by, outside=filters.public) for group in range(len(gathered))]
    size: dict[tuple[str, str, Hardware | None], int] = {}
    for row in rows:
        place = (row.section, row.place, row.hardware)
        size[place] = max(size.get(place, 0), row.started)
    return sorted(rows, key=lambda row: (-size[row.section, row.place, row.hardware], _order(row)))


def store_counts(session: Session, filters: Filters) -> HardwareCounts:
    """Counts under the same filters; simulated machines are counted whether or not they are shown."""
    kept = counters.read(session)
    scope = filters.study_id or ""
    if is_plain(filters):
        machines = kept.get((scope, "simulated" if filters.simulated else "measured"), 0)
        sums = select(func.sum(Cell.runs), func.sum(Cell.invalid_runs)).where(*of_cells(filters))
    else:
        distinct = select(MachineCondition.machine_id).where(*of_conditions(filters)).distinct().subquery()
        machines = session.scalar(select(func.count()).select_from(distinct)) or 0
        sums = select(func.sum(MachineCondition.runs), func.sum(MachineCondition.invalid_runs))
        sums = sums.where(*of_conditions(filters))
    runs, invalid = session.execute(sums).one()
    rejected = sum(
        number for (own, name), number in kept.items() if name == "rejected" and scope in ("", own)
    )
    return HardwareCounts(
        machines, int(runs or 0), int(invalid or 0), kept.get((scope, "simulated"), 0), rejected
    )


def _row(gathered: Gathered, group: int, by: Place, *, outside: bool) -> GroupRow:
    def value(factor: str) -> Any:
        return gathered.catalog.values[factor][gathered.keys[factor][group]]

    def count(name: str) -> int:
        return int(gathered.counts[name][group])

    condition: Condition = value("condition")
    return GroupRow(
        section="" if by == "all" else value("section"),
        place=value(by),
        hardware=_hardware(by, value("hardware")),
        condition=replace(condition, browser=value("browser")) if by in ("gpu", "browser") else condition,
        counts=Counts(
            started=count("started"),
            runs=count("runs"),
            unknown=count("unknown"),
            displayed_unknown=count("displayed_unknown"),
            yes={target: count(f"yes_{target}") for target in TARGETS_FPS},
            displayed_yes={target: count(f"displayed_yes_{target}") for target in TARGETS_FPS},
        ),
        all_tallies=Tallies(gathered, group),
        outcomes={outcome: count(f"{outcome}_machines") for outcome in OUTCOMES},
        invalid_runs=count("invalid_runs"),
        failed_machines=count("refused"),
        outside=outside,
    )


def _hardware(by: Place, hardware: Hardware) -> Hardware | None:
    if by == "gpu":
        return hardware
    return Hardware(hardware.vendor, "", hardware.family, "", hardware.blurred) if by == "family" else None


def _order(row: GroupRow) -> tuple[Any, ...]:
    return (row.section, row.place, row.hardware or Hardware("", "", "", "", False), row.condition)

"""Figures of a group of machines: never of frames or runs, so that one eager tester does not outweigh ten."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from kit.domain.stats.intervals import MEDIAN_FLOOR, Interval, median_interval, wilson
from kit.domain.stats.machine import TARGETS_FPS, MachineValue, Reach

RULE_VERSION = 1
FLOOR = MEDIAN_FLOOR
"""Below so many machines a group has no figure: each machine's own value is shown instead, without interval or share."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Median of the machines with its interval, and the quantiles of the machines, in the unit of the values."""

    median: float
    interval: Interval
    p5: float
    p25: float
    p75: float
    p95: float
    machines: int


@dataclass(frozen=True, slots=True)
class Share:
    """Share of the machines that started. ``low`` takes every unknown machine as "no", ``high`` as "yes".

    ``interval`` reaches from Wilson's lower end at ``low`` to its upper end at ``high``.
    """

    yes: int
    no: int
    unknown: int
    low: float
    high: float
    interval: Interval

    @property
    def started(self) -> int:
        return self.yes + self.no + self.unknown


@dataclass(frozen=True, slots=True)
class Group:
    """A group's figures; below the floor only ``dots`` are left: the machines' own values."""

    started: int
    measured: int
    runs: int
    fps: Spread | None
    displayed_fps: Spread | None
    dots_fps: tuple[float, ...]
    dots_displayed_fps: tuple[float, ...]
    reach: dict[int, Share]
    displayed_reach: dict[int, Share]

    @property
    def below_floor(self) -> bool:
        return self.started < FLOOR


def group(machines: Sequence[MachineValue], targets: Sequence[int] = TARGETS_FPS) -> Group:
    """Make a group's figures from its machines' values."""
    fps = [value for machine in machines if (value := machine.capability_fps) is not None]
    displayed = [machine.displayed_fps for machine in machines if machine.displayed_fps is not None]
    enough = len(machines) >= FLOOR
    return Group(
        started=len(machines),
        measured=len(fps),
        runs=sum(machine.runs for machine in machines),
        fps=spread(fps),
        displayed_fps=spread(displayed),
        dots_fps=tuple(sorted(fps)) if len(fps) < FLOOR else (),
        dots_displayed_fps=tuple(sorted(displayed)) if len(displayed) < FLOOR else (),
        reach={target: _share(machines, _reaches(target)) for target in targets} if enough else {},
        displayed_reach={target: _share(machines, _displays(target)) for target in targets} if enough else {},
    )


def spread(values: Sequence[float]) -> Spread | None:
    """Median, interval and quantiles (linear between order statistics); ``None`` below the floor."""
    interval = median_interval(values)
    if interval is None:
        return None
    p5, p25, median, p75, p95 = (float(value) for value in np.percentile(values, [5, 25, 50, 75, 95]))
    return Spread(median, interval, p5, p25, p75, p95, len(values))


def share(yes: int, no: int, unknown: int) -> Share | None:
    """A share with what is not known kept apart; ``None`` where no machine started."""
    started = yes + no + unknown
    lowest, highest = wilson(yes, started), wilson(yes + unknown, started)
    if lowest is None or highest is None:
        return None
    ends = Interval(lowest.low, highest.high)
    return Share(yes, no, unknown, yes / started, (yes + unknown) / started, ends)


def _share(machines: Sequence[MachineValue], reach: Callable[[MachineValue], Reach]) -> Share:
    answers = [reach(machine) for machine in machines]
    found = share(answers.count("yes"), answers.count("no"), answers.count("unknown"))
    if found is None:
        raise ValueError("a share needs at least one machine")
    return found


def _reaches(target: int) -> Callable[[MachineValue], Reach]:
    return lambda machine: machine.reaches(target)


def _displays(target: int) -> Callable[[MachineValue], Reach]:
    return lambda machine: machine.displays(target)

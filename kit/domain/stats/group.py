"""Figures of a group of machines: never of frames or runs, so that one eager tester does not outweigh ten.

There is one way to make them, ``figures``, from what was counted and two tallies. ``group`` counts and tallies machines
and goes the same way, so that a figure from a cached histogram and one from the machines differ by rounding only.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np

from kit.domain.stats.intervals import MEDIAN_FLOOR, Interval, wilson
from kit.domain.stats.machine import TARGETS_FPS, MachineValue
from kit.domain.stats.tally import Tally

RULE_VERSION = 1
FLOOR = MEDIAN_FLOOR
"""Below so many machines a group has no figure: each machine's own value is shown instead, without interval or share."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Median of the machines with its interval, and the quantiles of the machines, in the unit of the values.

    ``error``: by what relative error the quantiles may be off because values were rounded to buckets; 0 is exact. The
    interval is already widened by it.
    """

    median: float
    interval: Interval
    p5: float
    p25: float
    p75: float
    p95: float
    machines: int
    error: float = 0.0


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
class Counts:
    """What is counted exactly, however the values themselves are kept: machines that started, their runs, and answers.

    ``unknown`` machines have neither a figure nor a refusal (stopped, lost, invalid); ``yes`` says how many reach each
    target. ``displayed_unknown`` and ``displayed_yes`` are the same by displayed pictures. All other machines are "no".
    """

    started: int = 0
    runs: int = 0
    unknown: int = 0
    displayed_unknown: int = 0
    yes: Mapping[int, int] = field(default_factory=dict)
    displayed_yes: Mapping[int, int] = field(default_factory=dict)

    def __add__(self, other: Self) -> "Counts":
        """Counts of two sets of machines that have no machine in common."""
        return Counts(
            self.started + other.started,
            self.runs + other.runs,
            self.unknown + other.unknown,
            self.displayed_unknown + other.displayed_unknown,
            _added(self.yes, other.yes),
            _added(self.displayed_yes, other.displayed_yes),
        )


@dataclass(frozen=True, slots=True)
class Group:
    """A group's figures; below the floor only ``dots`` are left: the machines' own values.

    ``counts`` are for pooling with other groups that have no machine in common, not for showing.
    """

    started: int
    measured: int
    runs: int
    fps: Spread | None
    displayed_fps: Spread | None
    dots_fps: tuple[float, ...]
    dots_displayed_fps: tuple[float, ...]
    reach: dict[int, Share]
    displayed_reach: dict[int, Share]
    counts: Counts = field(default_factory=Counts)

    @property
    def below_floor(self) -> bool:
        return self.started < FLOOR


def group(machines: Sequence[MachineValue], targets: Sequence[int] = TARGETS_FPS) -> Group:
    """Make a group's figures from its machines' values: exact."""
    return figures(*tallied(machines, targets), targets)


def tallied(
    machines: Sequence[MachineValue], targets: Sequence[int] = TARGETS_FPS
) -> tuple[Counts, Tally, Tally]:
    """What ``figures`` takes: counts, and tallies of capability in ms and of displayed frames a second."""
    counts = Counts(
        started=len(machines),
        runs=sum(machine.runs for machine in machines),
        unknown=sum(machine.unknown for machine in machines),
        displayed_unknown=sum(machine.displayed_unknown for machine in machines),
        yes={target: sum(machine.reaches(target) == "yes" for machine in machines) for target in targets},
        displayed_yes={
            target: sum(machine.displays(target) == "yes" for machine in machines) for target in targets
        },
    )
    return counts, _tally(m.capability_ms for m in machines), _tally(m.displayed_fps for m in machines)


def figures(
    counts: Counts, capability_ms: Tally, displayed_fps: Tally, targets: Sequence[int] = TARGETS_FPS
) -> Group:
    """Make a group's figures from counts and tallies, each machine once in each. The one definition.

    Raises ValueError where the counts contradict each other, as only a broken cache can make them.
    """
    fps = capability_ms.reciprocal()
    enough = counts.started >= FLOOR
    if max(capability_ms.n, displayed_fps.n) > counts.started:
        raise ValueError("more machines have a figure than started: run `kit db rebuild`")
    return Group(
        started=counts.started,
        measured=fps.n,
        runs=counts.runs,
        fps=spread(fps),
        displayed_fps=spread(displayed_fps),
        dots_fps=_dots(fps),
        dots_displayed_fps=_dots(displayed_fps),
        reach=_shares(counts.yes, counts.unknown, counts.started, targets) if enough else {},
        displayed_reach=(
            _shares(counts.displayed_yes, counts.displayed_unknown, counts.started, targets) if enough else {}
        ),
        counts=counts,
    )


def spread(values: Tally | Sequence[float]) -> Spread | None:
    """Median, interval and quantiles (linear between order statistics); ``None`` below the floor."""
    tally = values if isinstance(values, Tally) else Tally.from_values(values)
    interval = tally.median_interval()
    if interval is None:
        return None
    p5, p25, median, p75, p95 = (float(value) for value in tally.quantiles([0.05, 0.25, 0.5, 0.75, 0.95]))
    return Spread(median, interval, p5, p25, p75, p95, tally.n, tally.error)


def share(yes: int, no: int, unknown: int) -> Share | None:
    """A share with what is not known kept apart; ``None`` where no machine started.

    Raises ValueError for a count below 0.
    """
    if min(yes, no, unknown) < 0:
        raise ValueError(f"{yes} yes, {no} no and {unknown} unknown are no counts of machines")
    started = yes + no + unknown
    lowest, highest = wilson(yes, started), wilson(yes + unknown, started)
    if lowest is None or highest is None:
        return None
    ends = Interval(lowest.low, highest.high)
    return Share(yes, no, unknown, yes / started, (yes + unknown) / started, ends)


def _shares(yes: Mapping[int, int], unknown: int, started: int, targets: Sequence[int]) -> dict[int, Share]:
    found = {target: share(yes[target], started - yes[target] - unknown, unknown) for target in targets}
    return {target: answer for target, answer in found.items() if answer is not None}


def _dots(tally: Tally) -> tuple[float, ...]:
    return tuple(np.repeat(tally.values, tally.counts).tolist()) if tally.n < FLOOR else ()


def _tally(values: Iterable[float | None]) -> Tally:
    return Tally.from_values([value for value in values if value is not None])


def _added(one: Mapping[int, int], other: Mapping[int, int]) -> dict[int, int]:
    return {key: one.get(key, 0) + other.get(key, 0) for key in {*one, *other}}

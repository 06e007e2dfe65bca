"""Figures that were taken in rounds, ours against theirs."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from kit.domain.stats.intervals import median_interval


@dataclass(frozen=True, slots=True)
class Compared:
    """Times that theirs is as long as ours: median over rounds, its 95 % interval, and the milliseconds of both."""

    ratio: float
    low: float | None
    high: float | None
    rounds: int
    theirs_ms: float
    ours_ms: float


def compared(theirs: Sequence[float], ours: Sequence[float]) -> Compared:
    """Compare round by round. Raises ValueError where the numbers of rounds differ or there are none."""
    ratios = [a / b for a, b in zip(theirs, ours, strict=True)]
    if not ratios:
        raise ValueError("there is no round")
    both = median_interval(ratios)
    low, high = (both.low, both.high) if both else (None, None)
    return Compared(median(ratios), low, high, len(ratios), median(theirs), median(ours))


def first_pictures(kept: dict[str, Any]) -> Compared:
    """Of a part ``first``."""
    theirs, ours = kept["modes"]
    rows = sorted(kept["result"]["rows"], key=lambda row: int(row["round"]))
    return compared(*([row["ms"] for row in rows if row["mode"] == mode] for mode in (theirs, ours)))


def script_times(kept: dict[str, Any]) -> Compared:
    """Of a part ``script``."""
    theirs, ours = kept["modes"]
    by_mode = {row["mode"]: row["ms"] for row in kept["result"]["rows"]}
    return compared(by_mode[theirs], by_mode[ours])

"""How often the intervals hold the truth, computed exactly: the table on the help page, and what tests hold it to."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
from scipy.special import bdtr

from kit.domain.stats.intervals import LEVEL, median_rank, wilson_ends

SHOWN = (6, 8, 10, 15, 20, 50, 200)
GRID = 4_000


@dataclass(frozen=True, slots=True)
class Coverage:
    """For so many machines: how often the interval of a median, and that of a share, hold the true one.

    The median's holds for any distribution without ties (with ties it is higher). ``share_mean`` is the mean over all true
    shares from 0 to 1, ``share_least`` the lowest over them.
    """

    machines: int
    nominal: float
    median: float
    share_mean: float
    share_least: float


@cache
def table() -> tuple[Coverage, ...]:
    """One line for each number of machines that the help page shows."""
    return tuple(coverage(machines) for machines in SHOWN)


def coverage(machines: int) -> Coverage:
    """The line for one number of machines. Raises ValueError below the floor."""
    evenly = (np.arange(GRID) + 0.5) / GRID
    return Coverage(
        machines,
        LEVEL,
        median_coverage(machines),
        float(share_coverage(machines, evenly).mean()),
        float(share_coverage(machines, _turning_points(machines)).min()),
    )


def median_coverage(machines: int) -> float:
    """Chance that the median lies between the two order statistics: 1 - 2 P(fewer than k of n tosses are heads)."""
    rank = median_rank(machines)
    if rank is None:
        raise ValueError(f"{machines} machines are below the floor: there is no interval")
    return float(1 - 2 * bdtr(rank - 1, machines, 0.5))


def share_coverage(machines: int, shares: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Chance that Wilson's interval holds the true share, for each of ``shares``: a sum of the binomial distribution.

    Both ends rise with the count, so that the counts whose interval holds a share are all those from one to another.
    """
    low, high = wilson_ends(np.arange(machines + 1), machines)
    true = np.asarray(shares, dtype=np.float64)
    first = np.searchsorted(high, true, side="left")
    last = np.searchsorted(low, true, side="right") - 1
    below = np.where(first > 0, bdtr(np.maximum(first - 1, 0).astype(np.float64), machines, true), 0.0)
    covered: npt.NDArray[np.float64] = bdtr(last.astype(np.float64), machines, true) - below
    return covered


def _turning_points(machines: int) -> npt.NDArray[np.float64]:
    """Shares next to an interval's end. Between two of them coverage rises and falls, so it is lowest at one of them."""
    low, high = wilson_ends(np.arange(machines + 1), machines)
    ends = np.concatenate([low, high])
    around = np.concatenate([np.nextafter(ends, 0), np.nextafter(ends, 1)])
    inside: npt.NDArray[np.float64] = around[(around > 0) & (around < 1)]
    return inside

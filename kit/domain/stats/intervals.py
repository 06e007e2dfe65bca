"""Confidence intervals for small groups of machines.

Medians by order statistics (Conover, Practical Nonparametric Statistics, section 3.2), shares by Wilson's score
interval (Wilson 1927), paired ratios by Student's t on logarithms. Each is checked by simulation in tests/domain.

The distribution functions come from scipy.special: scipy.stats would double the time that every server process
and every command takes to start.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import bdtr, ndtri, stdtrit

LEVEL = 0.95
MEDIAN_FLOOR = 6
"""Five machines cannot carry a 95 % interval: all of them lie on one side of the median too often (1 in 16)."""
PAIRED_FLOOR = 5


@dataclass(frozen=True, slots=True)
class Interval:
    """Both ends, in the unit of the values."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class PairedRatio:
    """How many times as large the second of each pair is: geometric mean, interval, and how many pairs went up or down."""

    ratio: float
    interval: Interval | None
    pairs: int
    above: int
    below: int


def median_interval(values: Sequence[float], level: float = LEVEL) -> Interval | None:
    """Interval of the median with a coverage of at least ``level`` for any distribution; ``None`` below the floor."""
    rank = median_rank(len(values), level)
    if rank is None:
        return None
    ordered = np.sort(np.asarray(values, dtype=np.float64))
    return Interval(float(ordered[rank - 1]), float(ordered[len(values) - rank]))


def median_rank(count: int, level: float = LEVEL) -> int | None:
    """The k of the interval from the k-th smallest to the k-th largest of ``count`` values; ``None`` below the floor."""
    if count < MEDIAN_FLOOR:
        return None
    # Of `count` values, k or fewer lie below the median with the probability of k or fewer heads in as many tosses.
    rank = int(np.count_nonzero(bdtr(np.arange(count), count, 0.5) <= (1 - level) / 2))
    return rank if rank >= 1 else None


def wilson(successes: int, trials: int, level: float = LEVEL) -> Interval | None:
    """Wilson's interval of a share; ``None`` without trials. Raises ValueError where successes exceed trials."""
    if not 0 <= successes <= trials:
        raise ValueError(f"{successes} of {trials} is no share")
    if trials == 0:
        return None
    share, z = successes / trials, float(ndtri((1 + level) / 2))
    middle = (share + z * z / (2 * trials)) / (1 + z * z / trials)
    half = z / (1 + z * z / trials) * np.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    return Interval(float(max(0.0, middle - half)), float(min(1.0, middle + half)))


def paired_ratio(pairs: Sequence[tuple[float, float]], level: float = LEVEL) -> PairedRatio | None:
    """Ratio second / first over pairs from the same machines; all values must be positive. ``None`` without pairs."""
    if not pairs:
        return None
    if any(first <= 0 or second <= 0 for first, second in pairs):
        raise ValueError("ratios need positive values")
    logs = np.array([np.log(second / first) for first, second in pairs])
    mean = float(logs.mean())
    interval = None
    if len(pairs) >= PAIRED_FLOOR:
        half = float(stdtrit(len(pairs) - 1, (1 + level) / 2) * logs.std(ddof=1) / np.sqrt(len(pairs)))
        interval = Interval(float(np.exp(mean - half)), float(np.exp(mean + half)))
    return PairedRatio(
        float(np.exp(mean)), interval, len(pairs), int((logs > 0).sum()), int((logs < 0).sum())
    )

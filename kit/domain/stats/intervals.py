"""Confidence intervals for small groups of machines.

Medians by order statistics (Conover, Practical Nonparametric Statistics, section 3.2), shares by Wilson's score
interval (Wilson 1927) with its ends near 0 and 1 mended, paired ratios by Student's t on logarithms. Each is checked by simulation in tests/domain.

The distribution functions come from scipy.special: scipy.stats would double the time that every server process
and every command takes to start.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy.special import bdtr, gammaincinv, ndtri, stdtrit

LEVEL = 0.95
MEDIAN_FLOOR = 6
"""Five machines cannot carry a 95 % interval: all of them lie on one side of the median too often (1 in 16)."""
PAIRED_FLOOR = 5
RARE = 3
"""Up to so many machines that answer otherwise, a share's interval is widened towards them: see ``wilson_ends``."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Both ends, in the unit of the values."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class PairedRatio:
    """How many times as large the second of each pair is: geometric mean, interval, and how many pairs went up or down.

    ``middle`` is the interval of the median ratio by order statistics, from six pairs on. It holds for any distribution,
    whereas ``interval`` ends too early where a few pairs differ far more than the rest.
    """

    ratio: float
    interval: Interval | None
    pairs: int
    above: int
    below: int
    middle: Interval | None = None

    @property
    def doubtful(self) -> bool:
        """The two intervals disagree on whether there is a difference: few pairs may have made the mean."""
        if self.interval is None or self.middle is None:
            return False
        return _without_one(self.interval) != _without_one(self.middle)


def median_interval(values: Sequence[float], level: float = LEVEL) -> Interval | None:
    """Interval of the median with a coverage of at least ``level`` for any distribution; ``None`` below the floor."""
    rank = median_rank(len(values), level)
    if rank is None:
        return None
    ordered = np.sort(np.asarray(values, dtype=np.float64))
    return Interval(float(ordered[rank - 1]), float(ordered[len(values) - rank]))


@lru_cache(maxsize=4_096)
def median_rank(count: int, level: float = LEVEL) -> int | None:
    """The k of the interval from the k-th smallest to the k-th largest of ``count`` values; ``None`` below the floor."""
    if count < MEDIAN_FLOOR:
        return None
    # Of `count` values, k or fewer lie below the median with the probability of k or fewer heads in as many tosses.
    rank = int(np.count_nonzero(bdtr(np.arange(count), count, 0.5) <= (1 - level) / 2))
    return rank if rank >= 1 else None


@lru_cache(maxsize=100_000)  # a page asks for thousands, most of them of small groups and so the same
def wilson(successes: int, trials: int, level: float = LEVEL) -> Interval | None:
    """Wilson's interval of a share; ``None`` without trials. Raises ValueError where successes exceed trials.

    See ``wilson_ends`` for what is done near 0 and 1.
    """
    if not 0 <= successes <= trials:
        raise ValueError(f"{successes} of {trials} is no share")
    if trials == 0:
        return None
    low, high = wilson_ends(np.array([successes]), trials, level)
    return Interval(float(low[0]), float(high[0]))


def wilson_ends(
    successes: npt.NDArray[np.int64], trials: int, level: float = LEVEL
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Both ends for many counts of ``trials`` machines.

    Wilson's own interval covers a share next to 0 or 1 in as few as 84 of 100 studies, at any number of machines: with
    one failure it ends too early. So where up to ``RARE`` machines succeed (or fail) the outer end is taken from the Poisson
    distribution, as Brown, Cai and DasGupta propose (Interval Estimation for a Binomial Proportion, Statistical Science 16,
    2001, section 4.1.1). It is never nearer than Wilson's.
    """
    share, z = successes / trials, float(ndtri((1 + level) / 2))
    middle = (share + z * z / (2 * trials)) / (1 + z * z / trials)
    half = z / (1 + z * z / trials) * np.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    low = np.minimum(middle - half, _rare_end(successes, trials, level))
    high = np.maximum(middle + half, 1 - _rare_end(trials - successes, trials, level))
    # At 0 of n and n of n the ends are 0 and 1, which subtraction may miss by a rounding.
    return np.where(successes == 0, 0.0, low), np.where(successes == trials, 1.0, high)


def _rare_end(successes: npt.NDArray[np.int64], trials: int, level: float) -> npt.NDArray[np.float64]:
    rare = (successes >= 1) & (successes <= min(RARE, trials // 2))
    expected = rare_ends(level)[np.clip(successes, 1, RARE) - 1]
    return np.where(rare, expected / trials, 1.0)


@lru_cache
def rare_ends(level: float = LEVEL) -> npt.NDArray[np.float64]:
    """The expected count at which so many successes or more (1 to ``RARE``) have a chance of 1 - ``level``, by Poisson."""
    ends = gammaincinv(np.arange(1.0, RARE + 1), 1 - level)
    return np.asarray(ends, dtype=np.float64)


def paired_ratio(pairs: Sequence[tuple[float, float]], level: float = LEVEL) -> PairedRatio | None:
    """Ratio second / first over pairs from the same machines; all values must be positive. ``None`` without pairs."""
    if not pairs:
        return None
    values = np.asarray(pairs, dtype=np.float64)
    if not (values > 0).all():
        raise ValueError("ratios need positive values")
    logs = np.log(values[:, 1] / values[:, 0])
    mean = float(logs.mean())
    interval = None
    if len(pairs) >= PAIRED_FLOOR:
        half = float(stdtrit(len(pairs) - 1, (1 + level) / 2) * logs.std(ddof=1) / np.sqrt(len(pairs)))
        interval = Interval(float(np.exp(mean - half)), float(np.exp(mean + half)))
    middle = median_interval(np.exp(logs).tolist(), level)
    above, below = int((logs > 0).sum()), int((logs < 0).sum())
    return PairedRatio(float(np.exp(mean)), interval, len(pairs), above, below, middle)


def _without_one(interval: Interval) -> bool:
    return not interval.low <= 1 <= interval.high

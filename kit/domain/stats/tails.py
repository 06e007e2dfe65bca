"""The slow end of a group: quantiles other than the median with their intervals, and the band of a distribution.

Intervals by order statistics as for the median (Conover, Practical Nonparametric Statistics, section 3.2): they hold for any
distribution, and an end exists only where there are enough machines. The band is that of Dvoretzky, Kiefer and Wolfowitz
with Massart's constant (1990): it holds everywhere at once.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import bdtr, bdtrc

from kit.domain.stats.group import Group
from kit.domain.stats.intervals import LEVEL, MEDIAN_FLOOR
from kit.domain.stats.tally import Tally

SLOWEST = 0.1


@dataclass(frozen=True, slots=True)
class Tail:
    """A quantile of machines: the smallest value that at least the share of machines is at or below.

    ``low`` and ``high`` are the ends of its interval, ``None`` where so few machines have no such end. ``error``: by what
    relative error values may be off because they were rounded to buckets; the interval is already widened by it.
    """

    value: float
    low: float | None
    high: float | None
    machines: int
    error: float = 0.0


def tail_ranks(count: int, share: float, level: float = LEVEL) -> tuple[int | None, int | None]:
    """Ranks r and s (1 is the smallest) so that the r-th and the s-th value enclose the quantile with at least ``level``."""
    middle, spread = count * share, np.sqrt(count * share * (1 - share))
    first, last = max(1, int(middle - 5 * spread - 5)), min(count, int(middle + 5 * spread + 5))
    ranks = np.arange(first, last + 1, dtype=np.float64)
    miss = (1 - level) / 2
    # The r-th value lies above the quantile where fewer than r values are at or below it, and so on for the s-th.
    low = np.flatnonzero(bdtr(ranks - 1, count, share) <= miss)
    high = np.flatnonzero(bdtrc(ranks - 1, count, share) <= miss)
    return (int(ranks[low[-1]]) if low.size else None, int(ranks[high[0]]) if high.size else None)


def tail(values: Tally, share: float = SLOWEST, *, below: int = 0) -> Tail | None:
    """A quantile with its interval; ``None`` under the floor of groups. ``below``: so many more are 0, below all values."""
    count = values.n + below
    if count < MEDIAN_FLOOR:
        return None
    own = max(1, int(np.ceil(share * count)))
    value, low, high = (_at(values, rank, below) for rank in (own, *tail_ranks(count, share)))
    wider = 1 + values.error
    return Tail(
        value or 0.0,
        None if low is None else low / wider,
        None if high is None else high * wider,
        count,
        values.error,
    )


def slowest_tenth(figures: Group, capability_ms: Tally) -> Tail | None:
    """Frames a second that the slowest tenth of machines does not exceed. ``None`` below the floor.

    Machines that failed, were wrong, too slow or without the mode count as 0 FPS: slower than all others, so that crashes
    never flatter. Machines of which nothing is known (stopped, lost, invalid) are left out.
    """
    unknown = next((share.unknown for share in figures.reach.values()), 0)
    refused = max(0, figures.started - unknown - figures.measured)
    return tail(capability_ms.reciprocal(), below=refused)


def _at(values: Tally, rank: int | None, below: int) -> float | None:
    if rank is None:
        return None
    return 0.0 if rank <= below else float(values.at_rank(rank - below))


def band(count: int, level: float = LEVEL) -> float:
    """How far the true distribution may lie above or below the observed one anywhere, as a share; 1 without machines."""
    return min(1.0, float(np.sqrt(np.log(2 / (1 - level)) / (2 * count)))) if count else 1.0

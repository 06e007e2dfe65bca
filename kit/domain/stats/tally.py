"""Many values as (value, how often): exact, or rounded to log-spaced buckets whose relative error is stated.

Rounding to buckets keeps the order of the values, so the k-th smallest rounded value is the rounded k-th smallest value.
Every quantile, and every end of an interval by order statistics, is therefore off by no more than one value is.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np
import numpy.typing as npt

from kit.domain.stats.intervals import LEVEL, Interval, median_rank

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class Buckets:
    """Log-spaced buckets for every number from 0 to the largest double.

    Bucket 0 holds 0 (and all below ``lowest``, a millionth: less than a nanosecond where the unit is ms) and stands for
    0. Bucket i >= 1 holds ``edges[i - 1] <= value < edges[i]``, each 2 % wide: the lower end is in it, the upper one is
    not. It stands for its geometric ``centre``, which is the choice that is equally far from both ends in ratio, so that
    milliseconds and their reciprocal, frames a second, have the same error: sqrt(1.02) - 1 = 0.995 %.

    The edges are made by multiplying again and again, which gives the same doubles on every processor (a logarithm may
    not), and an index is found by comparing with them. SQL may use ``1 + floor(ln(value / lowest) / ln(ratio))``: on an
    edge it may name the bucket beside, which moves the error by 10^-11 of itself and keeps ``error``.
    """

    lowest = 1e-6
    ratio = 1.02
    error = 0.01
    """A value t and the centre c that stands for it: c / (1 + error) <= t <= c * (1 + error)."""

    def __init__(self) -> None:
        steps = int((np.log(np.finfo(np.float64).max) - np.log(self.lowest)) / np.log(self.ratio))
        self.edges: Floats = np.cumprod(np.concatenate([[self.lowest], np.full(steps, self.ratio)]))
        self.edges.setflags(write=False)

    @property
    def largest(self) -> int:
        """The last index: of the largest doubles. It fits into two bytes."""
        return len(self.edges)

    def index(self, values: npt.ArrayLike) -> Ints:
        """Bucket of each value. Raises ValueError for what is negative, infinite or not a number."""
        return np.searchsorted(self.edges, _checked(values), side="right").astype(np.int64)

    def centre(self, indices: npt.ArrayLike) -> Floats:
        """The value that each bucket stands for. Raises ValueError for an index that is no bucket."""
        chosen = np.asarray(indices, dtype=np.int64)
        if chosen.size and (chosen.min() < 0 or chosen.max() > self.largest):
            raise ValueError(f"a bucket is a number from 0 to {self.largest}")
        return np.where(chosen == 0, 0.0, self.edges[np.maximum(chosen, 1) - 1] * np.sqrt(self.ratio))

    def histogram(self, values: npt.ArrayLike) -> tuple[Ints, Ints]:
        """Ascending bucket indices that hold something, and how many values each holds."""
        return _counted(self.index(values))


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """Values, strictly ascending, how often each came, and by what relative ``error`` a value may differ from the truth.

    A value v stands for something between v / (1 + error) and v * (1 + error); 0 means exact. Make one by
    ``from_values``, ``from_counts`` or ``from_histogram``, which check; the constructor does not.
    """

    values: Floats = field(default_factory=lambda: np.zeros(0))
    counts: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    error: float = 0.0

    @classmethod
    def from_values(cls, values: npt.ArrayLike) -> Self:
        """Exact. Raises ValueError for what is negative, infinite or not a number."""
        unique, counts = np.unique(_checked(values), return_counts=True)
        return cls(unique, counts.astype(np.int64))

    @classmethod
    def from_counts(cls, values: npt.ArrayLike, counts: npt.ArrayLike, error: float = 0.0) -> Self:
        """From values in any order, each as often as ``counts`` says; what comes 0 times is left out.

        Raises ValueError for a negative count, which only a broken store can give.
        """
        ordered, times = _checked(values), np.asarray(counts, dtype=np.int64)
        if ordered.shape != times.shape:
            raise ValueError("a tally needs one count for each value")
        if times.size and times.min() < 0:
            raise ValueError(
                "a count in a tally is below 0: the cached figures are broken, run `kit db rebuild`"
            )
        unique, where = np.unique(ordered[times > 0], return_inverse=True)
        summed = np.zeros(len(unique), dtype=np.int64)
        np.add.at(summed, where, times[times > 0])
        return cls(unique, summed, error)

    @classmethod
    def from_histogram(cls, indices: npt.ArrayLike, counts: npt.ArrayLike) -> Self:
        """From buckets of ``BUCKETS`` in any order; the same bucket may come several times, as from many cells."""
        return cls.from_counts(BUCKETS.centre(indices), counts, BUCKETS.error)

    @classmethod
    def merged(cls, tallies: Iterable["Tally"]) -> Self:
        """All of them together; the order never matters. The error is the largest one."""
        parts = [tally for tally in tallies if tally.n]
        if not parts:
            return cls()
        return cls.from_counts(
            np.concatenate([part.values for part in parts]),
            np.concatenate([part.counts for part in parts]),
            max(part.error for part in parts),
        )

    @property
    def n(self) -> int:
        return int(self.counts.sum())

    def merge(self, other: "Tally") -> "Tally":
        """Both together."""
        return Tally.merged([self, other])

    def bucketed(self) -> "Tally":
        """The same values as a histogram would give them back."""
        return Tally.from_histogram(BUCKETS.index(self.values), self.counts)

    def reciprocal(self, scale: float = 1000.0) -> "Tally":
        """scale / value for each: milliseconds become frames a second. The error stays; zeros, which have none, go."""
        known = self.values > 0
        return Tally((scale / self.values[known])[::-1], self.counts[known][::-1], self.error)

    def at_rank(self, ranks: npt.ArrayLike) -> Floats:
        """The value of each rank, 1 being the smallest. Raises ValueError outside 1..n."""
        wanted = np.asarray(ranks, dtype=np.int64)
        if wanted.size and not 1 <= wanted.min() <= wanted.max() <= self.n:
            raise ValueError(f"a rank is a number from 1 to {self.n}")
        found: Floats = self.values[np.searchsorted(np.cumsum(self.counts), wanted, side="left")]
        return found

    def quantiles(self, shares: Sequence[float]) -> Floats:
        """Quantiles, linear between order statistics (type 7 of Hyndman and Fan 1996). Raises ValueError without values."""
        asked = np.asarray(shares, dtype=np.float64)
        if not self.n:
            raise ValueError("an empty tally has no quantiles")
        if asked.size and not 0 <= asked.min() <= asked.max() <= 1:
            raise ValueError("a quantile is asked for by a share from 0 to 1")
        place = asked * (self.n - 1)
        before = np.floor(place)
        low, high = self.at_rank(before + 1), self.at_rank(np.ceil(place) + 1)
        found: Floats = low + (high - low) * (place - before)
        return found

    def quantile(self, share: float) -> float:
        """One quantile: ``quantile(0.5)`` is the median."""
        return float(self.quantiles([share])[0])

    def median_interval(self, level: float = LEVEL) -> Interval | None:
        """Interval of the median by order statistics, widened by the tally's error; ``None`` below the floor."""
        rank = median_rank(self.n, level)
        if rank is None:
            return None
        low, high = (float(value) for value in self.at_rank([rank, self.n + 1 - rank]))
        return Interval(low / (1 + self.error), high * (1 + self.error))

    def ecdf(self, points: int = 500) -> list[tuple[float, float]]:
        """(value, share of all that is at most so large), ascending, at most ``points`` of them; to be drawn as steps.

        Where there are more values, what is left out lies less than 1 / ``points`` above the step that is drawn.
        """
        if points < 1:
            raise ValueError("a curve needs at least one point")
        upto = np.cumsum(self.counts)
        if len(upto) > points:
            levels = -(-np.arange(1, points + 1, dtype=np.int64) * self.n // points)
            kept = np.unique(np.searchsorted(upto, levels, side="left"))
        else:
            kept = np.arange(len(upto))
        return [(float(self.values[at]), float(upto[at] / self.n)) for at in kept]


def _checked(values: npt.ArrayLike) -> Floats:
    numbers = np.asarray(values, dtype=np.float64)
    if numbers.size and not (np.isfinite(numbers).all() and numbers.min() >= 0):
        raise ValueError("a tally holds finite numbers from 0 on")
    return numbers


def _counted(indices: Ints) -> tuple[Ints, Ints]:
    unique, counts = np.unique(indices, return_counts=True)
    return unique, counts.astype(np.int64)


BUCKETS = Buckets()

"""Two conditions compared on one machine: the median of per-round ratios, with its interval over rounds.

Rounds go A B, B A, A B, ... (so A B B A A B), because a machine that warms up or is disturbed for a while must touch
both alike. The interval is that of a median by order statistics: from six rounds on it covers at least 95 %.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import median
from typing import Any

from kit.bench.rows import BenchRun
from kit.domain.stats.intervals import median_interval
from kit.domain.stats.run import median_ms

PER_ROUND = 2


@dataclass(frozen=True, slots=True)
class Ratio:
    """How many times the frame time of ``reference`` one of ``mode`` takes. ``low`` and ``high``: 95 % interval.

    ``speedup`` is the other way round: how many times as long as ``mode`` the reference takes, "theirs / ours".
    """

    model: str
    reference: str
    mode: str
    rounds: int
    ratio: float
    low: float | None
    high: float | None
    per_round: tuple[float, ...]

    @property
    def speedup(self) -> float:
        """How many times as long as one of ``mode`` a frame of ``reference`` takes."""
        return 1 / self.ratio

    @property
    def speedup_low(self) -> float | None:
        """Lower end of the interval; the order statistics of inverted values are those of the values, inverted."""
        return 1 / self.high if self.high else None

    @property
    def speedup_high(self) -> float | None:
        """Upper end."""
        return 1 / self.low if self.low else None

    def as_dict(self) -> dict[str, Any]:
        """The JSON shape: ``rounds`` lists the ratio of each round."""
        return {
            "model": self.model,
            "reference": self.reference,
            "mode": self.mode,
            "ratio": self.ratio,
            "low": self.low,
            "high": self.high,
            "speedup": self.speedup,
            "speedup_low": self.speedup_low,
            "speedup_high": self.speedup_high,
            "n": self.rounds,
            "rounds": list(self.per_round),
        }


def paired_ratio(model: str, reference: str, mode: str, runs: Sequence[BenchRun]) -> Ratio | None:
    """Compare ``mode`` with ``reference`` over the rounds in ``runs``; ``None`` where no round is complete."""
    ordered = sorted(runs, key=_round)
    rounds = [list(one) for _, one in groupby(ordered, key=_round)]
    ratios = [value for one in rounds if (value := _round_ratio(one, reference, mode)) is not None]
    if not ratios:
        return None
    interval = median_interval(ratios)
    low, high = (interval.low, interval.high) if interval else (None, None)
    return Ratio(model, reference, mode, len(ratios), median(ratios), low, high, tuple(ratios))


def _round(run: BenchRun) -> int:
    return run.report.block // PER_ROUND


def _round_ratio(runs: Sequence[BenchRun], reference: str, mode: str) -> float | None:
    under = _round_median(runs, reference)
    over = _round_median(runs, mode)
    return over / under if under and over else None


def _round_median(runs: Sequence[BenchRun], mode: str) -> float | None:
    good = (run.report for run in runs if run.asked == mode and run.report.outcome == "ok")
    window = next((report.capability for report in good), None)
    return median_ms(window) if window else None

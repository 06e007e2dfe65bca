"""The summary of one run, made by the server from the stored samples.

Frames a second of a run are frames / elapsed time of the window. Milliseconds a frame are the median over frames, where
a sample of k frames in ms milliseconds counts as k frames of ms / k each.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kit.domain.wire.run import RunReport, Samples

RULE_VERSION = 1
"""Raised whenever a summary of the same samples could come out differently; stored beside each summary."""


@dataclass(frozen=True, slots=True)
class RunSummary:
    """Figures of one run; ``None`` where there is no such figure.

    ``frames`` are those of the capability window (of the displayed window where there is no other, as in free play).
    ``bound_ms`` belongs to the outcome ``too_slow``: a frame takes, on average, more than so many milliseconds.
    """

    capability_ms_median: float | None
    capability_ms_p95: float | None
    capability_fps: float | None
    displayed_fps: float | None
    frames: int
    displayed_frames: int
    warmup_frames: int
    bound_ms: float | None


def summarise(report: RunReport) -> RunSummary:
    """Summarise one run. Never raises on a report that validated."""
    capability, displayed = report.capability, report.displayed
    timed = report.outcome == "ok" and capability is not None and len(capability.k) > 0
    counted = capability if capability is not None else displayed
    return RunSummary(
        capability_ms_median=median_ms(capability) if timed and capability else None,
        capability_ms_p95=percentile_ms(capability, 95) if timed and capability else None,
        capability_fps=frames_per_second(capability) if timed and capability else None,
        displayed_fps=frames_per_second(displayed) if report.outcome == "ok" and displayed else None,
        frames=frame_count(counted),
        displayed_frames=frame_count(displayed),
        warmup_frames=frame_count(report.warmup),
        bound_ms=bound_ms(capability) if report.outcome == "too_slow" else None,
    )


def frame_count(samples: Samples | None) -> int:
    """Frames in a window; 0 where there is none."""
    return sum(samples.k) if samples is not None else 0


def frames_per_second(samples: Samples) -> float | None:
    """Frames / elapsed seconds; ``None`` for a window of no length."""
    if samples.elapsed_ms <= 0:
        return None
    return frame_count(samples) / samples.elapsed_ms * 1000.0


def median_ms(samples: Samples) -> float | None:
    """Median milliseconds a frame, every frame counting once; ``None`` without samples."""
    if not samples.k:
        return None
    return weighted_median([ms / k for k, ms in zip(samples.k, samples.ms, strict=True)], samples.k)


def percentile_ms(samples: Samples, percent: float) -> float | None:
    """A percentile of single frames in milliseconds; ``None`` unless every sample is one frame."""
    if not samples.k or any(k > 1 for k in samples.k):
        return None
    return float(np.percentile(np.asarray(samples.ms, dtype=np.float64), percent))


def bound_ms(samples: Samples | None) -> float | None:
    """What a window with n finished frames proves: n + 1 frames did not fit, so one takes more than elapsed / (n + 1)."""
    if samples is None or samples.elapsed_ms <= 0:
        return None
    return samples.elapsed_ms / (frame_count(samples) + 1)


def weighted_median(values: Sequence[float], weights: Sequence[int]) -> float:
    """Median of ``values`` each repeated ``weights`` times (without repeating them); the mean of the two in the middle.

    Raises ValueError for no values.
    """
    if not values:
        raise ValueError("a median needs at least one value")
    order = np.argsort(np.asarray(values, dtype=np.float64), kind="stable")
    ordered = np.asarray(values, dtype=np.float64)[order]
    upto = np.cumsum(np.asarray(weights, dtype=np.int64)[order])
    total = int(upto[-1])
    low = ordered[np.searchsorted(upto, (total - 1) // 2, side="right")]
    high = ordered[np.searchsorted(upto, total // 2, side="right")]
    return float((low + high) / 2)

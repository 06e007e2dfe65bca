"""Figures over a set of test photographs: means with their standard errors, and comparisons photograph by photograph."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kit.train.quality import Doubles, Floats, decibels, l1_each, mse_each, ssim_each

MEASURES = ("l1", "psnr_db", "ssim")
DIGITS = {"l1": 5, "psnr_db": 3, "ssim": 5}
LESS_IS_BETTER = frozenset({"l1"})


@dataclass(frozen=True)
class Measured:
    """How far pictures are from the photographs that they should be: an array [n] for each measure.

    L1 and the squared error behind PSNR are on [-1, 1].
    """

    l1: Doubles
    psnr_db: Doubles
    ssim: Doubles

    def of(self, measure: str) -> Doubles:
        """The figures of one of ``MEASURES``."""
        values: Doubles = getattr(self, measure)
        return values


def measured(made: Floats, pictures: Floats) -> Measured:
    """Compare [n, h, w, 3] with [n, h, w, 3]."""
    return Measured(l1_each(made, pictures), decibels(mse_each(made, pictures)), ssim_each(made, pictures))


def joined(parts: Sequence[Measured]) -> Measured:
    """One after the other."""
    return Measured(*(np.concatenate([part.of(measure) for part in parts]) for measure in MEASURES))


def summary(figures: Measured) -> dict[str, Any]:
    """Mean and standard error of each measure."""
    return {measure: _mean(figures.of(measure), DIGITS[measure]) for measure in MEASURES}


def compared(ours: Measured, other: Measured) -> dict[str, Any]:
    """By how much ours is better (positive), paired by photograph, and for how many photographs."""
    rows = {}
    for measure in MEASURES:
        gain = ours.of(measure) - other.of(measure)
        gain = -gain if measure in LESS_IS_BETTER else gain
        mean = _mean(gain, DIGITS[measure])
        rows[measure] = {
            "better_by": mean["mean"],
            "standard_error": mean["standard_error"],
            "better_for": int((gain > 0).sum()),
        }
    return rows


def _mean(values: Doubles, digits: int) -> dict[str, float | None]:
    """One photograph has no spread, so no standard error either."""
    error = values.std(ddof=1) / np.sqrt(len(values)) if len(values) > 1 else None
    return {
        "mean": round(float(values.mean()), digits),
        "standard_error": None if error is None else round(float(error), digits),
    }

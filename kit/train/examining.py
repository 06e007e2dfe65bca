"""Networks measured on test photographs: against the photographs, the baselines, and themselves in fp32."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from kit.train.baselines import CHUNK, fit_colour_map, measure_baselines
from kit.train.data import Bytes, Floats, Photographs, blurred_grey, middle, scaled
from kit.train.measures import Measured, compared, joined, measured, summary
from kit.train.quality import Doubles, decibels, mse_each, ssim_each

Painter: TypeAlias = Callable[[Bytes], Floats]
"""Photographs uint8 [n, 256, 256, 3] -> what a network makes of them, [n, 256, 256, 3] in [-1, 1]."""


@dataclass(frozen=True)
class HeldOut:
    """Test photographs uint8 [n, 256, 256, 3], and how well the baselines do on them."""

    photographs: Bytes
    baselines: dict[str, Measured]

    def baseline_figures(self) -> dict[str, Any]:
        """Means and standard errors of each baseline."""
        return {name: summary(figures) for name, figures in self.baselines.items()}


@dataclass(frozen=True)
class Outcome:
    """Figures of one network; ``mse`` and ``ssim`` [n] compare it with the same network in fp32, where that is there."""

    figures: Measured
    mse: Doubles | None = None
    ssim: Doubles | None = None


def hold_out(photographs: Photographs) -> HeldOut:
    """Measure the baselines; the colour map is fitted on the training photographs."""
    shown = middle(photographs.test)
    pictures = scaled(shown)
    colours = fit_colour_map(photographs.train)
    return HeldOut(shown, measure_baselines(colours, blurred_grey(pictures), pictures))


def measure_all(
    painters: Mapping[str, Painter],
    test: HeldOut,
    exact: str | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> dict[str, Outcome]:
    """Measure networks side by side, a few photographs at a time. ``exact`` names the one that is fp32."""
    parts: dict[str, list[Outcome]] = {name: [] for name in painters}
    total = len(test.photographs)
    for at in range(0, total, CHUNK):
        photographs = test.photographs[at : at + CHUNK]
        pictures = scaled(photographs)
        made = {name: painter(photographs) for name, painter in painters.items()}
        for name, painted in made.items():
            against = None if exact is None or name == exact else made[exact]
            parts[name].append(_outcome(painted, pictures, against))
        progress(min(at + CHUNK, total), total)
    return {name: _joined(some) for name, some in parts.items()}


def figures_of(outcome: Outcome, test: HeldOut) -> dict[str, Any]:
    """What a manifest and ``kit evaluate --json`` say: means, standard errors, comparisons with each baseline."""
    figures = {"photographs": len(test.photographs), **summary(outcome.figures)}
    figures["against"] = {
        name: compared(outcome.figures, baseline) for name, baseline in test.baselines.items()
    }
    if outcome.mse is not None and outcome.ssim is not None:
        figures["psnr_db_vs_fp32"] = round(float(decibels(float(outcome.mse.mean()))), 2)
        figures["ssim_vs_fp32"] = round(float(outcome.ssim.mean()), 5)
    return figures


def _outcome(painted: Floats, pictures: Floats, exact: Floats | None) -> Outcome:
    figures = measured(painted, pictures)
    if exact is None:
        return Outcome(figures)
    return Outcome(figures, mse_each(painted, exact), ssim_each(painted, exact))


def _joined(parts: list[Outcome]) -> Outcome:
    figures = joined([part.figures for part in parts])
    mse = [part.mse for part in parts if part.mse is not None]
    ssim = [part.ssim for part in parts if part.ssim is not None]
    return Outcome(figures, np.concatenate(mse), np.concatenate(ssim)) if mse else Outcome(figures)

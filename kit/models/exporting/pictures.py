"""A bundle's preprocessing as a few matrices, for forms of a model that take the bytes of a picture.

Every step is linear, so grey, resampling and scale join: input = up . (down . x . grey) * gain + offset, along rows and
columns. The browser does the same (``planPreprocessing`` in web/src/engine/preprocess.ts).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from kit.models.manifest import Alpha, Area, Bicubic, Grey, Preprocess, Scale
from kit.models.preparing import FRAME
from kit.models.resampling import Matrix, area_matrix, bicubic_matrix

CHANNELS = 4
"""A form takes [256, 256, 4] floats: the bytes of an RGBA picture, row 0 on top. The fourth is left out."""


@dataclass(frozen=True, slots=True)
class Preparing:
    """``mixing`` [4, 1 or 3]: what of red, green, blue and alpha is in each channel, times the gain.

    ``rows`` and ``columns``: matrices [target, source] one after another, none where nothing is resampled. ``offset`` is
    added then; ``alpha`` is the value of a last channel, ``None`` where there is none.
    """

    mixing: Matrix
    rows: tuple[Matrix, ...]
    columns: tuple[Matrix, ...]
    offset: float
    alpha: float | None


def plan_preparing(steps: Iterable[Preprocess]) -> Preparing:
    """Join the steps of a manifest, for a picture of 256x256."""
    mixing, gain, offset = np.eye(CHANNELS, 3), 1.0, 0.0
    alpha: float | None = None
    rows: list[Matrix] = []
    columns: list[Matrix] = []
    for step in steps:
        match step:
            case Grey():
                mixing, offset = mixing @ np.array(step.weights)[:, None], offset * sum(step.weights)
            case Alpha():
                alpha = 255.0
            case Area() | Bicubic():
                _resample(step, rows, 0)
                _resample(step, columns, 1)
            case Scale():
                factor = (step.to[1] - step.to[0]) / (step.from_[1] - step.from_[0])
                gain, offset = gain * factor, (offset - step.from_[0]) * factor + step.to[0]
                alpha = None if alpha is None else (alpha - step.from_[0]) * factor + step.to[0]
    return Preparing(mixing * gain, _cut(rows), _cut(columns), offset, alpha)


def _resample(step: Area | Bicubic, factors: list[Matrix], axis: int) -> None:
    source, target = len(factors[-1]) if factors else FRAME[axis], step.size[axis]
    if source == target:
        return
    matrix = area_matrix(source, target) if isinstance(step, Area) else bicubic_matrix(source, target, step.a)
    factors.append(matrix)


def _cut(factors: list[Matrix]) -> tuple[Matrix, ...]:
    """At most two matrices, with the narrowest place between them."""
    if len(factors) < 2:
        return tuple(factors)
    sizes = [len(factor) for factor in factors]
    cut = sizes.index(min(sizes)) + 1 if min(sizes) < factors[0].shape[1] else 0
    return tuple(_joined(part) for part in (factors[:cut], factors[cut:]) if part)


def _joined(factors: list[Matrix]) -> Matrix:
    made = factors[0]
    for factor in factors[1:]:
        made = factor @ made
    return made

"""Resampling of pictures as matrices, with the exact weights that the browser uses too.

Both are separable: a picture [h, w] becomes ``rows @ picture @ columns.T``.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]


@lru_cache(maxsize=32)
def area_matrix(source: int, target: int) -> Matrix:
    """Weights [target, source] of the area average: each output covers source/target inputs, in fractions."""
    width = source / target
    starts = np.arange(target)[:, None] * width
    cells = np.arange(source)[None, :]
    overlap = np.minimum(starts + width, cells + 1) - np.maximum(starts, cells)
    weights: Matrix = np.clip(overlap, 0, None) / width
    return weights


def keys_weight(distance: NDArray[np.float64], a: float) -> NDArray[np.float64]:
    """Cubic convolution kernel of Keys (1981) at a distance in samples."""
    d = np.abs(distance)
    near = (a + 2) * d**3 - (a + 3) * d**2 + 1
    far = a * (d**3 - 5 * d**2 + 8 * d - 4)
    return np.where(d < 1, near, np.where(d < 2, far, 0.0))


@lru_cache(maxsize=32)
def bicubic_matrix(source: int, target: int, a: float) -> Matrix:
    """Weights [target, source] of bicubic resampling, half-pixel centres, no antialiasing.

    Samples beyond the edge are left out and the weights of the others are scaled to sum to 1: this is what
    ``tf.image.resize(method="bicubic", antialias=False)`` does, and differs from repeating the edge sample.
    """
    centres = (np.arange(target)[:, None] + 0.5) * source / target - 0.5
    weights = keys_weight(centres - np.arange(source)[None, :], a)
    normalised: Matrix = weights / weights.sum(axis=1, keepdims=True)
    return normalised

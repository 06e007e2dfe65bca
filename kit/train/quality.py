"""How far pictures are apart, on the scale [-1, 1]: for each pair by itself, and over many."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from kit.models.decibels import decibels as decibels_of

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
RANGE = 2.0
EQUAL_DB = 200.0


def l1_each(first: Floats, second: Floats) -> Doubles:
    """Mean absolute difference of each pair, [n, h, w, c] -> [n]."""
    each: Doubles = np.abs(first - second).mean(axis=(1, 2, 3), dtype=np.float64)
    return each


def mse_each(first: Floats, second: Floats) -> Doubles:
    """Mean squared difference of each pair, [n, h, w, c] -> [n]."""
    each: Doubles = np.square(first - second).mean(axis=(1, 2, 3), dtype=np.float64)
    return each


def ssim_each(first: Floats, second: Floats) -> Doubles:
    """Structural similarity of each pair, mean over channels: Wang et al. (2004), Gaussian window, sigma 1.5."""
    return np.array([_ssim_one(a, b) for a, b in zip(first, second, strict=True)])


def decibels(mse: Doubles | float) -> Doubles:
    """Peak signal-to-noise ratio of a mean squared difference; the peak is the whole range, 2. Equal pictures: 200 dB."""
    return decibels_of(mse, RANGE, EQUAL_DB)


def _ssim_one(first: Floats, second: Floats) -> float:
    a, b = np.asarray(first, np.float64), np.asarray(second, np.float64)
    mean_a, mean_b = _blurred(a), _blurred(b)
    variance_a, variance_b = _blurred(a * a) - mean_a**2, _blurred(b * b) - mean_b**2
    covariance = _blurred(a * b) - mean_a * mean_b
    c1, c2 = (0.01 * RANGE) ** 2, (0.03 * RANGE) ** 2
    shared = (2 * mean_a * mean_b + c1) * (2 * covariance + c2)
    apart = (mean_a**2 + mean_b**2 + c1) * (variance_a + variance_b + c2)
    return float(np.mean(shared / apart))


def _blurred(values: Doubles) -> Doubles:
    return gaussian_filter(values, sigma=(1.5, 1.5, 0), truncate=3.5)

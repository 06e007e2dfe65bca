"""How far two sets of pictures are apart, on the scale [-1, 1]."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

Floats = NDArray[np.float32]
RANGE = 2.0


def psnr_db(first: Floats, second: Floats) -> float:
    """Peak signal-to-noise ratio over all pictures together, in dB; the peak is the whole range, 2."""
    error = float(np.mean((np.asarray(first, np.float64) - second) ** 2))
    return float("inf") if error == 0 else float(10 * np.log10(RANGE**2 / error))


def ssim(first: Floats, second: Floats) -> float:
    """Structural similarity, mean over pictures and channels: Wang et al. (2004), Gaussian window, sigma 1.5."""
    return float(np.mean([_ssim_one(a, b) for a, b in zip(first, second, strict=True)]))


def _ssim_one(first: Floats, second: Floats) -> float:
    a, b = np.asarray(first, np.float64), np.asarray(second, np.float64)
    mean_a, mean_b = _blurred(a), _blurred(b)
    variance_a, variance_b = _blurred(a * a) - mean_a**2, _blurred(b * b) - mean_b**2
    covariance = _blurred(a * b) - mean_a * mean_b
    c1, c2 = (0.01 * RANGE) ** 2, (0.03 * RANGE) ** 2
    shared = (2 * mean_a * mean_b + c1) * (2 * covariance + c2)
    apart = (mean_a**2 + mean_b**2 + c1) * (variance_a + variance_b + c2)
    return float(np.mean(shared / apart))


def _blurred(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return gaussian_filter(values, sigma=(1.5, 1.5, 0), truncate=3.5)

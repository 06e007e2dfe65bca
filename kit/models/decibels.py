"""The one formula for how far pictures are apart in decibels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]


def decibels(mse: Doubles | float, span: float, most: float) -> Doubles:
    """Peak signal-to-noise ratio of mean squared differences: 10 log10(span^2 / mse).

    ``span`` is the whole range of values. Equal pictures give ``most``, since JSON knows no infinity; no figure is above.
    """
    least = span**2 / 10 ** (most / 10)
    return np.asarray(10 * np.log10(span**2 / np.maximum(np.asarray(mse, np.float64), least)))

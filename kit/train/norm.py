"""Batch norm's statistics, measured instead of averaged along a training."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import keras
import numpy as np
from numpy.typing import NDArray


def measure_norm(model: keras.Model, inputs: NDArray[np.float32]) -> None:
    """Set the moving mean and variance of every batch norm to what ``inputs`` give, dropout off.

    One pass over all inputs as one batch, so that each layer sees its predecessors already normalised by the
    same statistics. For networks that were never trained; trained ones keep their moving averages.
    """
    with _measuring(model):
        model(inputs, training=True)


@contextmanager
def _measuring(model: keras.Model) -> Iterator[None]:
    norms = [layer for layer in model.layers if isinstance(layer, keras.layers.BatchNormalization)]
    drops = [layer for layer in model.layers if isinstance(layer, keras.layers.Dropout)]
    momenta, rates = [norm.momentum for norm in norms], [drop.rate for drop in drops]
    for norm in norms:
        norm.momentum = 0.0
    for drop in drops:
        drop.rate = 0.0
    try:
        yield
    finally:
        for norm, momentum in zip(norms, momenta, strict=True):
            norm.momentum = momentum
        for drop, rate in zip(drops, rates, strict=True):
            drop.rate = rate

"""What a network must beat: the blurred grey that it is given, and the best colour for each level of that grey."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kit.train.data import Bytes, Floats, blurred_grey, middle, scaled
from kit.train.measures import Measured, joined, measured

BLURRED_GREY, COLOUR_MAP = "blurred grey", "colour map"
LEVELS = 256
CHUNK = 25
Counts = NDArray[np.int64]


@dataclass(frozen=True)
class ColourMap:
    """A colour [256, 3] in [-1, 1] for each level of grey: with the least L1 (medians), with the least squares (means)."""

    medians: Floats
    means: Floats


def fit_colour_map(train: Bytes) -> ColourMap:
    """The best single map from blurred grey to colour over training photographs [n, 286, 286, 3].

    Levels that never occur get what lies between their neighbours.
    """
    counts = np.zeros((3, LEVELS, LEVELS), np.int64)  # channel, level of grey, value of the photograph
    for at in range(0, len(train), CHUNK):
        photographs = middle(train[at : at + CHUNK])
        level = levels(blurred_grey(scaled(photographs)))[..., 0].astype(np.int64)
        for channel in range(3):
            pairs = level * LEVELS + photographs[..., channel]
            counts[channel] += np.bincount(pairs.ravel(), minlength=LEVELS**2).reshape(LEVELS, LEVELS)
    return ColourMap(_filled(counts, _median), _filled(counts, _mean))


def levels(greys: Floats) -> Bytes:
    """Grey in [-1, 1] as one of 256 levels; what the bicubic curve overshoots is cut off."""
    return np.clip(np.rint((greys + 1) * 127.5), 0, LEVELS - 1).astype(np.uint8)


def coloured(colours: Floats, greys: Floats) -> Floats:
    """Look up [n, h, w, 1] -> [n, h, w, 3]."""
    return colours[levels(greys)[..., 0]]


def measure_baselines(colour_map: ColourMap, greys: Floats, pictures: Floats) -> dict[str, Measured]:
    """Both baselines on test pictures. The colour map stands with its best foot forward: L1 of the map with the least
    L1, PSNR and SSIM of the map with the least squares.
    """
    grey, colour = [], []
    for at in range(0, len(greys), CHUNK):
        given, wanted = greys[at : at + CHUNK], pictures[at : at + CHUNK]
        grey.append(measured(np.repeat(given, 3, axis=-1), wanted))
        squares = measured(coloured(colour_map.means, given), wanted)
        least_l1 = np.abs(coloured(colour_map.medians, given) - wanted).mean(axis=(1, 2, 3), dtype=np.float64)
        colour.append(Measured(least_l1, squares.psnr_db, squares.ssim))
    return {BLURRED_GREY: joined(grey), COLOUR_MAP: joined(colour)}


def _filled(counts: Counts, value_of: Callable[[Counts], float]) -> Floats:
    """[3, levels, values] -> [levels, 3] in [-1, 1]."""
    columns = []
    for channel in counts:
        present = np.flatnonzero(channel.sum(axis=1))
        values = [value_of(channel[level]) for level in present]
        columns.append(np.interp(np.arange(LEVELS), present, values))
    return scaled(np.stack(columns, axis=-1).astype(np.float32))


def _median(counts: Counts) -> float:
    return float(np.searchsorted(np.cumsum(counts), counts.sum() / 2))


def _mean(counts: Counts) -> float:
    return float(counts @ np.arange(LEVELS) / counts.sum())

"""Pictures drawn by code: golden inputs and sketches, the same on every machine."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SIZE = 256


def draw_sketch(seed: int, blossoms: int = 3, strokes: int = 5) -> NDArray[np.uint8]:
    """A sketch in soft light and dark, uint8 RGB [256, 256, 3]: ground, stalks, blossoms with dark hearts."""
    rng = np.random.default_rng(seed)
    canvas = _ground(rng)
    for _ in range(strokes):
        canvas = _stroke(canvas, rng, level=rng.uniform(0.05, 0.45), radius=rng.uniform(6, 14))
    for _ in range(blossoms):
        canvas = _blossom(canvas, rng)
    bytes_ = np.rint(np.clip(canvas, 0, 1) * 255).astype(np.uint8)
    return np.repeat(bytes_[..., None], 3, axis=-1)


def draw_coloured_sketch(seed: int) -> NDArray[np.uint8]:
    """A sketch whose three channels differ, for networks that see colours: it would show two of them swapped."""
    return np.stack([draw_sketch(seed + channel)[..., 0] for channel in range(3)], axis=-1)


def _grid() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    rows, columns = np.mgrid[0:SIZE, 0:SIZE].astype(np.float64)
    return rows, columns


def _ground(rng: np.random.Generator) -> NDArray[np.float64]:
    rows, columns = _grid()
    angle = rng.uniform(0, 2 * np.pi)
    slope = (np.cos(angle) * rows + np.sin(angle) * columns) / SIZE
    ground: NDArray[np.float64] = rng.uniform(0.15, 0.4) + 0.15 * (slope - slope.mean())
    return ground


def _painted(
    canvas: NDArray[np.float64], distance: NDArray[np.float64], radius: float, level: float
) -> NDArray[np.float64]:
    """Blend ``level`` in where ``distance`` is below ``radius``, with a soft edge."""
    cover = 1 / (1 + np.exp((distance - radius) / (0.18 * radius)))
    painted: NDArray[np.float64] = canvas * (1 - cover) + level * cover
    return painted


def _stroke(
    canvas: NDArray[np.float64], rng: np.random.Generator, level: float, radius: float
) -> NDArray[np.float64]:
    rows, columns = _grid()
    start, bend, end = rng.uniform(0, SIZE, (3, 2))
    nearest = np.full((SIZE, SIZE), np.inf)
    for t in np.linspace(0, 1, 40):
        y, x = (1 - t) ** 2 * start + 2 * t * (1 - t) * bend + t**2 * end
        nearest = np.minimum(nearest, np.hypot(rows - y, columns - x))
    return _painted(canvas, nearest, radius, level)


def _blossom(canvas: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    rows, columns = _grid()
    y, x = rng.uniform(0.2 * SIZE, 0.8 * SIZE, 2)
    radius, petals, turn = rng.uniform(28, 62), int(rng.integers(5, 9)), rng.uniform(0, 2 * np.pi)
    distance = np.hypot(rows - y, columns - x)
    wave = 1 + 0.18 * np.cos(petals * (np.arctan2(rows - y, columns - x) + turn))
    petal_light = _painted(canvas, distance / wave, radius, rng.uniform(0.75, 0.98))
    return _painted(petal_light, distance, radius * 0.28, rng.uniform(0.15, 0.5))

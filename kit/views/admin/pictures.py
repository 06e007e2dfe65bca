"""What a network made of its test picture, as pictures that stand in the page."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from kit.models.manifest import Array, Grey, Manifest

Pixels = NDArray[np.uint8]
LARGEST_SIDE = 512


@dataclass(frozen=True, slots=True)
class Picture:
    """``source``: a data address. ``width`` and ``height`` in pixels."""

    source: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Pair:
    """What went in (grey where the network sees grey only) and what came out."""

    given: Picture
    made: Picture


def golden_pair(folder: Path, manifest: Manifest) -> Pair | None:
    """Both pictures of a bundle's golden triple, large ones thinned out; None where its files cannot be read."""
    try:
        given = np.asarray(_thinned(folder, manifest.golden.picture), np.uint8)
        made = np.asarray(_thinned(folder, manifest.golden.output), np.float32)
    except (OSError, ValueError):
        return None
    for step in manifest.preprocessing:
        if isinstance(step, Grey):
            grey = given[..., :3] @ np.array(step.weights)
            given = np.clip(np.nan_to_num(np.rint(grey)), 0, 255).astype(np.uint8)[..., None]
    return Pair(picture(given), picture(as_pixels(made, manifest.output.range_)))


def _thinned(folder: Path, array: Array) -> NDArray[np.generic]:
    """Every so many rows and columns, so that no side has more than ``LARGEST_SIDE`` places. Only these are read: an
    output may have a quarter of a gigabyte, and the process that shows it serves testers too.
    """
    file = folder / array.path
    if file.is_symlink() or not file.is_file():
        raise OSError(f"{array.path} is no plain file")
    dtype = np.dtype(array.dtype).newbyteorder("<")
    whole = np.memmap(file, dtype, mode="r", shape=array.shape)
    step = -(-max(array.shape[:2]) // LARGEST_SIDE)
    return np.array(whole[::step, ::step])


def as_pixels(made: NDArray[np.float32], span: tuple[float, float]) -> Pixels:
    """Values of a range as 0..255, cut off at its ends; a fourth channel is not shown."""
    low, high = span
    scaled = (made[..., : 3 if made.shape[-1] >= 3 else 1] - low) * (255 / (high - low))
    pixels: Pixels = np.rint(np.clip(np.nan_to_num(scaled), 0, 255)).astype(np.uint8)
    return pixels


def picture(pixels: Pixels) -> Picture:
    """[height, width, 1 or 3] as a PNG."""
    out = BytesIO()
    Image.fromarray(pixels[..., 0] if pixels.shape[-1] == 1 else pixels).save(out, "PNG")
    source = "data:image/png;base64," + b64encode(out.getvalue()).decode("ascii")
    return Picture(source, pixels.shape[1], pixels.shape[0])

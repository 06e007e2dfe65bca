"""Sheets of pictures to judge a network by."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

GAP = 4


def as_bytes(pictures: NDArray[np.floating]) -> NDArray[np.uint8]:
    """[-1, 1] to uint8; one channel becomes three."""
    clipped = np.clip((np.asarray(pictures, np.float32) + 1) * 127.5, 0, 255)
    rounded = np.rint(clipped).astype(np.uint8)
    return rounded if rounded.shape[-1] == 3 else np.repeat(rounded, 3, axis=-1)


def write_sheet(path: Path, columns: list[NDArray[np.floating]]) -> None:
    """Write columns of pictures [n, h, w, 1 or 3] in [-1, 1], one row for each of the n."""
    rows = [np.concatenate([_framed(as_bytes(column[row])) for column in columns], axis=1) for row in range(len(columns[0]))]
    Image.fromarray(np.concatenate(rows, axis=0)).save(path)


def _framed(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.pad(picture, ((0, GAP), (0, GAP), (0, 0)), constant_values=255)

"""Sheets of pictures to judge a network by."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

GAP = 4
HEADING = 28  # pixels above the columns


def as_bytes(pictures: NDArray[np.float32]) -> NDArray[np.uint8]:
    """[-1, 1] to uint8; one channel becomes three."""
    clipped = np.clip((np.asarray(pictures, np.float32) + 1) * 127.5, 0, 255)
    rounded = np.rint(clipped).astype(np.uint8)
    return rounded if rounded.shape[-1] == 3 else np.repeat(rounded, 3, axis=-1)


def write_sheet(path: Path, columns: list[NDArray[np.float32]]) -> None:
    """Write columns of pictures [n, h, w, 1 or 3] in [-1, 1], one row for each of the n."""
    Image.fromarray(np.concatenate([_column(column) for column in columns], axis=1)).save(path)


def write_comparison(path: Path, columns: dict[str, NDArray[np.float32]]) -> None:
    """Write columns of pictures [n, h, w, 1 or 3] in [-1, 1] under their names."""
    body = np.concatenate([_column(column) for column in columns.values()], axis=1)
    sheet = Image.new("RGB", (body.shape[1], body.shape[0] + HEADING), "white")
    sheet.paste(Image.fromarray(body), (0, HEADING))
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(size=15)
    for index, name in enumerate(columns):
        pen.text((index * body.shape[1] // len(columns) + GAP, 5), name, fill="black", font=font)
    sheet.save(path, quality=88)


def _column(pictures: NDArray[np.float32]) -> NDArray[np.uint8]:
    return np.concatenate([_framed(picture) for picture in as_bytes(pictures)], axis=0)


def write_pairs(
    path: Path, inputs: NDArray[np.float32], outputs: NDArray[np.float32], across: int = 4
) -> None:
    """Write inputs beside outputs, ``across`` pairs in a row; a suffix of .jpg keeps the file small."""
    pairs = [
        np.concatenate([_framed(as_bytes(a)), _framed(as_bytes(b))], axis=1)
        for a, b in zip(inputs, outputs, strict=True)
    ]
    pairs = [np.pad(pair, ((0, GAP), (0, 3 * GAP), (0, 0)), constant_values=255) for pair in pairs]
    rows = [
        np.concatenate(pairs[at : at + across], axis=1) for at in range(0, len(pairs) - across + 1, across)
    ]
    Image.fromarray(np.concatenate(rows, axis=0)).save(path, quality=82)


def _framed(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.pad(picture, ((0, GAP), (0, GAP), (0, 0)), constant_values=255)

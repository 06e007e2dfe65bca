"""Photographs as training pairs: each one is its own target, and its blurred grey is the input."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from kit.datasets.layout import SIDE, SPLIT, SUFFIXES, four_to_one
from kit.models.preparing import REC_601
from kit.models.resampling import area_matrix, bicubic_matrix

Bytes: TypeAlias = NDArray[np.uint8]
Floats: TypeAlias = NDArray[np.float32]

LOADED = SIDE
SIZE = 256
COARSE = 10
GREY = np.array(REC_601, np.float32)  # on sRGB values
BRIGHTNESS = 0.08  # of the whole range, up or down
CONTRAST = 0.15  # of the distance from the mean, more or less


class DataError(ValueError):
    """A folder of photographs that cannot be used; the message says which file and what to do."""


@dataclass(frozen=True)
class Photographs:
    """Training and test photographs, uint8 [n, 286, 286, 3] each, with their file names."""

    train: Bytes
    test: Bytes
    train_names: tuple[str, ...]
    test_names: tuple[str, ...]


def load_photographs(folder: Path, seed: int) -> Photographs:
    """Read a folder of photographs, split by its ``split.json`` or else 4:1 by ``seed``.

    Raises DataError for an empty folder, a split that names missing files, or a file that is no picture.
    """
    train_names, test_names = read_split(folder, seed)
    return Photographs(
        np.stack([_load(folder / name) for name in train_names]),
        np.stack([_load(folder / name) for name in test_names]),
        tuple(train_names),
        tuple(test_names),
    )


def find_dataset(data: Path, name: str) -> Path:
    """The folder of a dataset: ``data/name`` where there is one, else ``data`` itself. Raises DataError for neither."""
    if (data / name).is_dir():
        return data / name
    if holds_photographs(data):
        return data
    raise DataError(f"{data} holds neither photographs nor a folder {name} with photographs")


def holds_photographs(folder: Path) -> bool:
    """Whether photographs lie in the folder itself."""
    return any(path.suffix.lower() in SUFFIXES for path in folder.glob("*"))


def read_split(folder: Path, seed: int) -> tuple[list[str], list[str]]:
    """Return the names of training and test files of a folder."""
    names = sorted(p.name for p in folder.glob("*") if p.suffix.lower() in SUFFIXES)
    if len(names) < 2:
        raise DataError(
            f"{folder} holds {len(names)} photographs; training needs at least 2 (jpg, png or webp)"
        )
    written = folder / SPLIT
    if written.is_file():
        return _written_split(written, set(names))
    return four_to_one(names, seed)


def _written_split(path: Path, present: set[str]) -> tuple[list[str], list[str]]:
    try:
        split = json.loads(path.read_text(encoding="utf-8"))
        train, test = list(split["train"]), list(split["test"])
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(f'{path} must be an object with the lists "train" and "test"') from error
    missing = [name for name in [*train, *test] if name not in present]
    if missing:
        raise DataError(f"{path} names {missing[0]}, which is not in the folder")
    if not train or not test or set(train) & set(test):
        raise DataError(f'{path}: "train" and "test" must each name a file, and none in common')
    return train, test


def _load(path: Path) -> Bytes:
    try:
        with Image.open(path) as opened:
            picture = opened.convert("RGB")
    except (UnidentifiedImageError, OSError) as error:
        raise DataError(
            f"{path} is not a picture that can be read; make a dataset of the folder, which leaves such files out and "
            f"cuts squares: kit dataset prepare {path.parent} --out ..."
        ) from error
    if picture.size != (LOADED, LOADED):
        picture = _square(picture).resize((LOADED, LOADED), Image.Resampling.LANCZOS)
    return np.asarray(picture, np.uint8)


def _square(picture: Image.Image) -> Image.Image:
    side = min(picture.size)
    left, top = (picture.width - side) // 2, (picture.height - side) // 2
    return picture.crop((left, top, left + side, top + side))


def blurred_grey(pictures: Floats) -> Floats:
    """Grey, averaged to 10x10, brought back bicubically: [n, 256, 256, 3] -> [n, 256, 256, 1], same range.

    Not clipped: the bicubic curve may overshoot the range a little, as it does in the browser.
    """
    down, up = _blur()
    coarse = (
        down @ (pictures @ GREY) @ down.T
    )  # by way of 10x10, as said: one matrix for both would cost ten times as much
    blurred: Floats = (up @ coarse @ up.T)[..., None]
    return blurred


@lru_cache(maxsize=1)
def _blur() -> tuple[Floats, Floats]:
    down, up = area_matrix(SIZE, COARSE), bicubic_matrix(COARSE, SIZE, -0.5)
    return down.astype(np.float32), up.astype(np.float32)


def scaled(pictures: Bytes | Floats) -> Floats:
    """0..255 to -1..1."""
    return np.asarray(pictures, np.float32) / np.float32(127.5) - np.float32(1)


def middle(photographs: Bytes) -> Bytes:
    """The middle 256x256 of each photograph: what testing uses."""
    edge = (LOADED - SIZE) // 2
    return photographs[:, edge : edge + SIZE, edge : edge + SIZE]


def augmented(photograph: Bytes, rng: np.random.Generator) -> Floats:
    """A random crop, perhaps mirrored, a little lighter or darker, with a little more or less contrast."""
    top, left = rng.integers(0, LOADED - SIZE + 1, size=2)
    crop = scaled(photograph[top : top + SIZE, left : left + SIZE])
    if rng.random() < 0.5:
        crop = crop[:, ::-1]
    mean = crop.mean()
    contrast = np.float32(rng.uniform(1 - CONTRAST, 1 + CONTRAST))
    shift = np.float32(rng.uniform(-BRIGHTNESS, BRIGHTNESS) * 2)
    return np.clip((crop - mean) * contrast + mean + shift, -1, 1)


def batch_at(photographs: Bytes, step: int, size: int, seed: int) -> tuple[Floats, Floats]:
    """The batch of one step: (grey [n, 256, 256, 1], picture [n, 256, 256, 3]).

    Depends on nothing but its arguments, so a training that is resumed sees what it would have seen.
    """
    chosen = chosen_at(len(photographs), step, size, seed)
    rng = np.random.default_rng([seed, 1, step])
    pictures = np.stack([augmented(photographs[index], rng) for index in chosen]).astype(np.float32)
    return blurred_grey(pictures), pictures


def chosen_at(count: int, step: int, size: int, seed: int) -> list[int]:
    """Which of ``count`` photographs are in the batch of a step: every epoch takes each once, in a new order."""
    places = range(step * size, (step + 1) * size)
    return [int(_order(count, place // count, seed)[place % count]) for place in places]


def _order(count: int, epoch: int, seed: int) -> NDArray[np.int64]:
    return np.random.default_rng([seed, 0, epoch]).permutation(count)

"""HDF5 with care: groups and plain numbers in the file itself. No links to elsewhere, no objects, bounded sizes."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from kit.models.errors import BundleError
from kit.models.reading.archive import shown
from kit.models.reading.limits import JSON_BYTES, WEIGHT_VALUES

DEPTH, OBJECTS = 40, 100_000
BROKEN = (OSError, RuntimeError, KeyError, ValueError, TypeError)


@contextmanager
def opened(path: Path) -> Iterator[h5py.File]:
    """The file, open for reading. Whatever HDF5 finds wrong with it becomes one sentence."""
    try:
        with h5py.File(path, "r") as file:
            yield file
    except BundleError:
        raise
    except BROKEN as error:
        raise BundleError(
            f"the weights' file is damaged ({str(error)[:100]}); save the model again"
        ) from error


class Arrays:
    """Hands out arrays, and counts what it has handed out."""

    def __init__(self) -> None:
        self.values = 0

    def read(self, dataset: h5py.Dataset) -> NDArray[Any]:
        """A dataset of numbers as an array of its own type."""
        name = shown(str(dataset.name))
        if dataset.dtype.kind not in "fiub" or dataset.dtype.hasobject:
            raise BundleError(
                f"{name} holds {str(dataset.dtype)[:40]} instead of numbers; save the model again"
            )
        if dataset.external or dataset.is_virtual:
            raise BundleError(f"{name} keeps its values in another file; save the model as one file")
        self.values += math.prod(dataset.shape)
        if self.values > WEIGHT_VALUES:
            raise BundleError(f"the network has more than {WEIGHT_VALUES} weights; use a smaller one")
        return np.asarray(dataset[()])


def member(group: h5py.Group, name: str) -> h5py.Group | h5py.Dataset:
    """What a path within a group leads to, by plain links of this file only."""
    found: Any = group
    for part in name.split("/"):
        if not isinstance(found, h5py.Group) or part in {"", ".", ".."} or part not in found:
            raise BundleError(f"the weights {shown(name)} are missing; save the model again")
        if not isinstance(found.get(part, getlink=True), h5py.HardLink):
            raise BundleError(f"{shown(name)} is a link to elsewhere; save the model as one file")
        found = found[part]
    return found


def walk(group: h5py.Group, depth: int = DEPTH, seen: set[int] | None = None) -> Iterator[h5py.Group]:
    """The group and all groups below it, each once however it is linked."""
    seen = set() if seen is None else seen
    place = h5py.h5o.get_info(group.id).addr
    if place in seen:
        return
    seen.add(place)
    if len(seen) > OBJECTS or depth == 0:
        raise BundleError("the weights' file has too many groups to be a model's")
    yield group
    for name in group:
        if isinstance(group.get(name, getlink=True), h5py.HardLink) and isinstance(group[name], h5py.Group):
            yield from walk(group[name], depth - 1, seen)


def text_of(group: h5py.Group, name: str) -> bytes | None:
    """An attribute that holds text, or None."""
    if name not in group.attrs or group.attrs.get_id(name).get_storage_size() > JSON_BYTES:
        return None
    value = group.attrs[name]
    return (
        value.encode()
        if isinstance(value, str)
        else bytes(value)
        if isinstance(value, bytes | np.bytes_)
        else None
    )


def names_of(group: h5py.Group, name: str) -> list[str]:
    """An attribute that holds a list of names; Keras splits a long one into ``name0``, ``name1``, ..."""
    keys = (
        [name]
        if name in group.attrs
        else [key for index in range(1000) if (key := f"{name}{index}") in group.attrs]
    )
    values = [value for key in keys for value in np.asarray(group.attrs[key]).reshape(-1)]
    return [value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value) for value in values]

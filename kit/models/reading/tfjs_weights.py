"""The weights of a TensorFlow.js model: groups of shards, several types, and its three kinds of quantisation."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kit.models.errors import BundleError
from kit.models.reading.archive import FileSet, clean_name, shown
from kit.models.reading.fields import Fields
from kit.models.reading.limits import MEMBERS, RANK, WEIGHT_VALUES, WEIGHTS

Array = NDArray[Any]
STORED: dict[str, np.dtype[Any]] = {
    "float32": np.dtype("<f4"),
    "float16": np.dtype("<f2"),
    "int32": np.dtype("<i4"),
    "uint8": np.dtype("u1"),
    "uint16": np.dtype("<u2"),
    "bool": np.dtype("?"),
}
QUANTISED = {"uint8", "uint16", "float16"}
_KINDS = ("float32", "float16", "int32", "uint8", "uint16", "bool", "string")


def read_weights(files: FileSet, groups: object, folder: str) -> dict[str, Array]:
    """All weights by name, as float32, int32 or bool. ``folder``: where ``model.json`` lies, with a slash or empty.

    Raises BundleError: a shard is missing, too short or too long; types, shapes and scales that make no sense.
    """
    manifest = Fields("model.json", {"weightsManifest": groups})
    weights: dict[str, Array] = {}
    values = 0
    for index, group in enumerate(manifest.items("weightsManifest", 1000)):
        fields = Fields("model.json", {"group": group}).inner("group")
        entries = [_entry(entry, index) for entry in fields.items("weights", WEIGHTS)]
        values += sum(math.prod(_shape(entry)) for entry in entries)
        if values > WEIGHT_VALUES:
            raise BundleError(f"model.json lists {values} weights; at most {WEIGHT_VALUES} are read")
        data = _joined(files, fields, folder)
        for name, array in _taken(entries, data, index):
            if name in weights:
                raise BundleError(f"model.json lists the weight {shown(name)} twice; export the model again")
            weights[name] = array
    return weights


def _entry(entry: Any, index: int) -> Fields:
    outer = Fields(f"model.json: weightsManifest[{index}]", {"weights": entry}).inner("weights")
    return Fields(f"weight {shown(outer.text('name'))}", outer.values)


def _shape(entry: Fields) -> tuple[int, ...]:
    return entry.integers("shape", 0, WEIGHT_VALUES, RANK)


def _joined(files: FileSet, group: Fields, folder: str) -> memoryview:
    """The bytes of a group's shards, one after the other, each within what the file set allows."""
    paths = group.items("paths", MEMBERS)
    if not all(isinstance(path, str) for path in paths):
        raise group.wrong("paths", "a list of file names")
    names = [clean_name(folder + path.removeprefix("./")) for path in paths]
    if len(set(names)) != len(names):
        raise BundleError("model.json lists a weight file twice; export the model again")
    for name in names:
        files.size(name)
    return memoryview(b"".join(files.read(name) for name in names))


def _taken(entries: list[Fields], data: memoryview, index: int) -> list[tuple[str, Array]]:
    taken, at = [], 0
    for entry in entries:
        array, used = _array(entry, data[at:])
        at += used
        if array is not None:
            taken.append((entry.text("name"), array))
    if at != len(data):
        raise BundleError(
            f"the weight files of group {index + 1} have {len(data)} bytes, but model.json accounts for {at}; "
            "they belong to different exports"
        )
    return taken


def _array(entry: Fields, data: memoryview) -> tuple[Array | None, int]:
    """A weight, and the bytes that it takes. None for texts, which no network computes with."""
    kind, shape = entry.text("dtype"), _shape(entry)
    if kind not in _KINDS:
        raise BundleError(
            f"{entry.where}: weights of type {shown(kind)} cannot be read; store them as float32"
        )
    if kind == "string":
        return None, _string_bytes(entry, shape, data)
    quantised = "quantization" in entry
    stored = entry.inner("quantization").text("dtype") if quantised else kind
    if stored not in STORED or (quantised and stored not in QUANTISED):
        raise BundleError(f"{entry.where}: quantization to {shown(stored)} is not known; export without it")
    dtype = STORED[stored]
    needed = math.prod(shape) * dtype.itemsize
    if needed > len(data):
        raise BundleError(
            f"{entry.where} needs {needed} bytes, but its weight files hold only {len(data)} more; "
            "hand in all of them, whole"
        )
    values = np.frombuffer(data[:needed], dtype).reshape(shape)
    return (_scaled(entry, values, kind) if quantised else _native(entry, values)), needed


def _native(entry: Fields, values: Array) -> Array:
    if values.dtype.kind == "b":
        return values.view(np.uint8).astype(np.bool_)
    return _finite(entry, values.astype(np.float32 if values.dtype.kind == "f" else np.int32))


def _scaled(entry: Fields, values: Array, kind: str) -> Array:
    """value = stored * scale + min, as TensorFlow.js does it; integers are rounded."""
    if values.dtype.kind == "f":
        return _finite(entry, values.astype(np.float32))
    quantization = entry.inner("quantization")
    scale, low = quantization.number("scale"), quantization.number("min")
    with np.errstate(all="ignore"):
        # NumPy makes a plain number of an array without axes unless it is told not to.
        made = np.asarray(values.astype(np.float32) * np.float32(scale) + np.float32(low), np.float32)
    _finite(entry, made)
    if kind != "int32":
        return made
    return np.asarray(np.rint(made.astype(np.float64)).clip(-(2**31), 2**31 - 1), np.int32)


def _finite(entry: Fields, values: Array) -> Array:
    if values.dtype.kind == "f" and not np.isfinite(values).all():
        raise BundleError(
            f"{entry.where} holds values that are not finite; the training went wrong, or the file"
        )
    return values


def _string_bytes(entry: Fields, shape: tuple[int, ...], data: memoryview) -> int:
    at = 0
    for _ in range(math.prod(shape)):
        length = data[at : at + 4]
        at += 4 + int.from_bytes(length, "little")
        if len(length) < 4 or at > len(data):
            raise BundleError(f"{entry.where} is cut short; hand in all weight files, whole")
    return at


def manifest_of(model: Mapping[str, Any]) -> object:
    """The groups in a ``model.json``. Raises BundleError where there are none."""
    groups = model.get("weightsManifest")
    if not groups:
        raise BundleError("model.json lists no weights (weightsManifest); export the model with its weights")
    return groups

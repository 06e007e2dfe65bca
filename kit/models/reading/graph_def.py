"""TensorFlow's graph as plain Python: what a TensorFlow.js graph model and a frozen SavedModel have in common."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from kit.models.errors import BundleError
from kit.models.reading.archive import shown
from kit.models.reading.fields import Fields, told
from kit.models.reading.limits import FOLDED_VALUES, GRAPH_NODES, RANK

Array: TypeAlias = NDArray[Any]
Attribute: TypeAlias = (
    Any  # bool, int, float, str, or a tuple of these; a shape is a tuple with -1 for unknown
)

DTYPES: dict[str, type[np.generic]] = {
    "DT_FLOAT": np.float32,
    "DT_HALF": np.float16,
    "DT_DOUBLE": np.float64,
    "DT_INT32": np.int32,
    "DT_INT64": np.int64,
    "DT_INT16": np.int16,
    "DT_INT8": np.int8,
    "DT_UINT8": np.uint8,
    "DT_BOOL": np.bool_,
}
LISTED = {
    "DT_FLOAT": "floatVal",
    "DT_DOUBLE": "doubleVal",
    "DT_INT64": "int64Val",
    "DT_BOOL": "boolVal",
    "DT_INT32": "intVal",
    "DT_INT16": "intVal",
    "DT_INT8": "intVal",
    "DT_UINT8": "intVal",
}


@dataclass(frozen=True)
class GraphNode:
    """One operation. ``inputs`` as in a GraphDef ("name", "name:1", "^control"); ``value`` for Const only."""

    name: str
    op: str
    inputs: tuple[str, ...] = ()
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    value: Array | None = None

    @property
    def where(self) -> str:
        """How errors call it."""
        return f"node {shown(self.name)} ({shown(self.op)})"

    @property
    def fields(self) -> Fields:
        """Its attributes, to be read with checks."""
        return Fields(self.where, self.attributes)


@dataclass(frozen=True)
class GraphNodes:
    """A graph, in any order. ``inputs`` and ``outputs`` by the signature ("name" or "name:0"), where there is one."""

    nodes: tuple[GraphNode, ...]
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()

    def by_name(self) -> dict[str, GraphNode]:
        """Nodes by name. Raises BundleError when a name occurs twice or there are too many."""
        if not 1 <= len(self.nodes) <= GRAPH_NODES:
            raise BundleError(f"the graph has {len(self.nodes)} nodes; 1 to {GRAPH_NODES} are read")
        named = {node.name: node for node in self.nodes}
        if len(named) != len(self.nodes):
            raise BundleError("the graph has two nodes of one name; export the model again")
        return named


def plain_attributes(attributes: Mapping[str, Any], where: str) -> dict[str, Attribute]:
    """Attributes as protobuf's JSON writes them ({"strides": {"list": {"i": ["1", "2"]}}}) as plain values.

    Tensors and functions are left out: constants are read by ``tensor_value``, functions by nobody.
    """
    plain: dict[str, Attribute] = {}
    for name, value in attributes.items():
        if not isinstance(value, Mapping):
            raise BundleError(f"{where}: attribute {shown(name)} must be an object")
        if value.keys() & {"tensor", "func", "placeholder"}:
            continue
        plain[name] = _plain(Fields(f"{where}: {shown(name)}", value), value)
    return plain


def _plain(fields: Fields, value: Mapping[str, Any]) -> Attribute:
    if "list" in value:
        listed = fields.inner("list", {})
        kinds = [kind for kind in ("i", "f", "s", "b", "type", "shape") if kind in listed]
        if not kinds:
            return ()
        entries = listed.items(kinds[0], 10_000)
        return tuple(_single(fields, kinds[0], entry) for entry in entries)
    for kind in ("i", "f", "s", "b", "type", "shape"):
        if kind in value:
            return _single(fields, kind, value[kind])
    return ()


def _single(fields: Fields, kind: str, value: Any) -> Attribute:
    if kind == "i":
        return whole(value, fields.where)
    if kind == "f":
        return real(value, fields.where)
    if kind == "s":
        return _decoded(value, fields.where).decode("utf-8", "replace")
    if kind == "shape":
        return shape_of(value, fields.where)
    if kind == "b":
        if not isinstance(value, bool):
            raise BundleError(f"{fields.where} must be true or false")
        return value
    return value if isinstance(value, str | int) else told(value)


def whole(value: Any, where: str) -> int:
    """An integer, which protobuf's JSON writes as a text when it has 64 bits."""
    try:
        if isinstance(value, str) and len(value) < 25:
            return int(value)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
    except ValueError:
        pass
    raise BundleError(f"{where} must be a whole number, not {told(value)}")


def real(value: Any, where: str) -> float:
    """A float, which may be written "NaN" or "Infinity"."""
    try:
        if isinstance(value, int | float | str) and not isinstance(value, bool):
            return float(value)
    except (ValueError, OverflowError):
        pass
    raise BundleError(f"{where} must be a number, not {told(value)}")


def shape_of(value: Any, where: str) -> tuple[int, ...] | None:
    """A TensorShapeProto as a tuple, -1 for unknown extents; None when even the rank is unknown."""
    fields = Fields(where, {"shape": value}).inner("shape")
    if fields.values.get("unknownRank"):
        return None
    extents = []
    for entry in fields.items("dim", RANK, ()):
        size = entry.get("size", 0) if isinstance(entry, Mapping) else entry
        extents.append(max(whole(size, where), -1))
    return tuple(extents)


def _decoded(value: Any, where: str) -> bytes:
    if isinstance(value, list):  # older converters write the bytes as a list of numbers
        if all(isinstance(item, int) and 0 <= item < 256 for item in value):
            return bytes(value)
    elif isinstance(value, str):
        try:
            return base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError):
            pass
    raise BundleError(f"{where} must be base64 text")


def tensor_value(tensor: Any, where: str) -> Array | None:
    """A constant as protobuf's JSON holds it; None when it holds only dtype and shape (the values lie elsewhere)."""
    fields = Fields(where, {"tensor": tensor}).inner("tensor")
    name = fields.text("dtype", "DT_FLOAT")
    if name not in DTYPES:
        return None
    dtype = np.dtype(DTYPES[name])
    shape = shape_of(fields.values.get("tensorShape") or {}, where) or ()
    count = 1
    for extent in shape:
        count *= max(extent, 0)
    if count > FOLDED_VALUES or count * dtype.itemsize > 8 * FOLDED_VALUES:
        raise BundleError(f"{where}: a constant of {count} values does not belong in a graph's JSON")
    if fields.values.get("tensorContent"):
        content = _decoded(fields.values["tensorContent"], where)
        if len(content) != count * dtype.itemsize:
            raise BundleError(f"{where}: its content has {len(content)} bytes, but its shape needs others")
        return np.frombuffer(content, dtype.newbyteorder("<")).astype(dtype).reshape(shape)
    return _listed(fields, name, dtype, shape, count)


def _listed(
    fields: Fields, name: str, dtype: np.dtype[Any], shape: tuple[int, ...], count: int
) -> Array | None:
    listed = LISTED.get(name)
    if listed is None or fields.values.get(listed) is None:
        return np.zeros(shape, dtype) if count == 0 else None
    entries = fields.items(listed, max(count, 1))
    if not entries:
        return np.zeros(shape, dtype)
    if dtype.kind == "b":
        numbers: list[Any] = [bool(entry) for entry in entries]
    elif dtype.kind == "f":
        numbers = [real(entry, fields.where) for entry in entries]
    else:
        info = np.iinfo(dtype)
        numbers = [min(max(whole(entry, fields.where), int(info.min)), int(info.max)) for entry in entries]
    numbers += numbers[-1:] * (count - len(numbers))  # a list that ends early repeats its last value
    return np.array(numbers[:count], dtype).reshape(shape)

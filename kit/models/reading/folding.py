"""The small arithmetic that graphs do on constants, above all on shapes, done while reading.

The same operators as in web/src/engine/read/graphFold.ts, which tests/models/reading/tables.json holds both to.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

from kit.models.errors import BundleError
from kit.models.reading.graph_def import DTYPES
from kit.models.reading.graph_values import Array, Step
from kit.models.reading.limits import FOLDED_TOTAL, FOLDED_VALUES, RANK
from kit.models.reading.slicing import strided_index

Fold: TypeAlias = Callable[[Step], Array]


def fold(step: Step) -> Array | None:
    """What a node gives for constants, or None where it is not known here. Bounded in rank, and in size by each."""
    operation = FOLDS.get(step.node.op)
    if operation is None:
        return None
    with np.errstate(all="ignore"):
        made = np.asarray(operation(step))
    if made.ndim > RANK:
        raise BundleError(f"{step.where} makes a constant of {made.ndim} axes, which is too many")
    return made


def _bounded(step: Step, shape: tuple[int, ...]) -> tuple[int, ...]:
    if len(shape) > RANK or min(shape, default=0) < 0 or math.prod(shape) > FOLDED_VALUES:
        raise BundleError(f"{step.where} makes a constant of shape {list(shape)[:RANK]}, which is too large")
    return shape


def _binary(operation: Callable[[Any, Any], Any]) -> Fold:
    def made(step: Step) -> Array:
        first, second = step.constant(0), step.constant(1)
        shape = np.broadcast_shapes(first.shape, second.shape)
        if shape not in {first.shape, second.shape}:
            _bounded(step, shape)
        return np.asarray(operation(first, second), np.result_type(first, second))

    return made


def _unary(operation: Callable[[Any], Any]) -> Fold:
    return lambda step: np.asarray(operation(step.constant(0)))


def _same_type(operation: Callable[[Any], Any]) -> Fold:
    return lambda step: np.asarray(operation(step.constant(0)), step.constant(0).dtype)


def _divided(first: Array, second: Array) -> Array:
    if first.dtype.kind == "f":
        return np.asarray(first / second)
    return np.asarray(first // np.where(second == 0, 1, second))


def _whole_divided(first: Array, second: Array) -> Array:
    return np.asarray(np.floor_divide(first, np.where(second == 0, 1, second)))


def _cast(step: Step) -> Array:
    name = step.fields.values.get("DstT", "DT_FLOAT")
    if name not in DTYPES:
        raise step.fields.wrong("DstT", "a type of numbers")
    return step.constant(0).astype(DTYPES[name])


def _reshape(step: Step) -> Array:
    value, dims = step.constant(0), step.whole(1)
    return value.reshape(filled(dims, value.size, step.where))


def filled(dims: list[int], size: int, where: str) -> list[int]:
    """A shape with its one -1 worked out. Raises BundleError where the sizes do not fit."""
    known = math.prod(extent for extent in dims if extent != -1)
    if dims.count(-1) == 1 and known > 0 and size % known == 0:
        dims = [size // known if extent == -1 else extent for extent in dims]
    if -1 in dims or min(dims, default=1) < 0 or math.prod(dims) != size:
        raise BundleError(f"{where}: {size} values cannot take the shape {dims[:16]}")
    return dims


def _squeeze(step: Step) -> Array:
    value = step.constant(0)
    return value.reshape(squeezed(value.shape, step))


def squeezed(dims: tuple[int, ...], step: Step) -> list[int]:
    """The shape without the extents of 1 that the node names (all, where it names none)."""
    name = "squeeze_dims" if "squeeze_dims" in step.fields else "axis"
    axes = step.fields.integers(name, -RANK, RANK) if name in step.fields else ()
    gone = {axis % len(dims) for axis in axes} or {place for place, extent in enumerate(dims) if extent == 1}
    if any(dims[place] != 1 for place in gone):
        raise BundleError(f"{step.where} squeezes {list(dims)} along an axis that is longer than 1")
    return [extent for place, extent in enumerate(dims) if place not in gone]


def expanded(dims: tuple[int, ...], step: Step) -> list[int]:
    """The shape with an extent of 1 put in where the node says."""
    axis = step.one(1)
    if not -len(dims) - 1 <= axis <= len(dims):
        raise BundleError(f"{step.where}: there is no axis {axis}")
    at = axis if axis >= 0 else axis + len(dims) + 1
    return [*dims[:at], 1, *dims[at:]]


def _all(step: Step, count: int) -> list[Array]:
    arrays = [step.constant(index) for index in range(count)]
    if sum(array.size for array in arrays) > FOLDED_TOTAL:
        raise BundleError(f"{step.where} joins more than {FOLDED_TOTAL} values")
    return arrays


def _concat(step: Step) -> Array:
    arrays = _all(step, len(step.args) - 1)
    axis = step.one(-1)
    return np.concatenate(arrays, axis)


def _pack(step: Step) -> Array:
    arrays = _all(step, len(step.args))
    return np.stack(arrays, step.fields.integer("axis", -RANK, RANK, 0))


def _strided_slice(step: Step) -> Array:
    index = strided_index(step.fields, step.whole(1), step.whole(2), step.whole(3))
    return np.asarray(step.constant(0)[index])


def _slice(step: Step) -> Array:
    begins, sizes = step.whole(1), step.whole(2)
    index = tuple(slice(b, None if s == -1 else b + s) for b, s in zip(begins, sizes, strict=True))
    return np.asarray(step.constant(0)[index])


def _gather(step: Step) -> Array:
    axis = step.one(2) if len(step.args) > 2 else 0
    value, indices = step.constant(0), step.constant(1)
    _bounded(step, (*value.shape, *indices.shape))
    return np.take(value, indices.astype(np.int64), axis)


def _fill(step: Step) -> Array:
    return np.full(_bounded(step, tuple(step.whole(0))), step.constant(1))


def _broadcast_to(step: Step) -> Array:
    return np.broadcast_to(step.constant(0), _bounded(step, tuple(step.whole(1)))).copy()


def _tile(step: Step) -> Array:
    value, times = step.constant(0), step.whole(1)
    _bounded(step, tuple(n * max(t, 0) for n, t in zip(value.shape, times, strict=True)))
    return np.tile(value, times)


def _range(step: Step) -> Array:
    start, stop, by = (step.constant(index).item() for index in range(3))
    if not all(math.isfinite(number) for number in (start, stop, by)) or by == 0:
        raise BundleError(f"{step.where}: start, limit and delta make no range")
    _bounded(step, (max(math.ceil((stop - start) / by), 0),))
    return np.arange(start, stop, by, dtype=step.constant(0).dtype)


def _transpose(step: Step) -> Array:
    return np.transpose(step.constant(0), step.whole(1))


def _reduced(operation: Callable[..., Any]) -> Fold:
    def made(step: Step) -> Array:
        value = step.constant(0)
        axes = tuple({axis % max(value.ndim, 1) for axis in step.whole(1)}) if value.ndim else ()
        keep = step.fields.flag("keep_dims", False) or step.fields.flag("keepdims", False)
        return np.asarray(operation(value, axis=axes, keepdims=keep), value.dtype)

    return made


def _select(step: Step) -> Array:
    return np.where(step.constant(0), step.constant(1), step.constant(2))


def _identity(step: Step) -> Array:
    return step.constant(0)


FOLDS: dict[str, Fold] = {
    **dict.fromkeys(
        ("Identity", "StopGradient", "PreventGradient", "Snapshot", "EnsureShape", "PlaceholderWithDefault"),
        _identity,
    ),
    **{op: _binary(np.add) for op in ("Add", "AddV2")},
    "Sub": _binary(np.subtract),
    "Mul": _binary(np.multiply),
    "Maximum": _binary(np.maximum),
    "Minimum": _binary(np.minimum),
    "Div": _binary(_divided),
    "RealDiv": _binary(np.true_divide),
    "FloorDiv": _binary(_whole_divided),
    "FloorMod": _binary(lambda a, b: np.mod(a, np.where(b == 0, 1, b))),
    "SquaredDifference": _binary(lambda a, b: np.square(a - b)),
    "Neg": _unary(np.negative),
    "Abs": _unary(np.abs),
    "Square": _unary(np.square),
    "Exp": _same_type(np.exp),
    "Sqrt": _same_type(np.sqrt),
    "Rsqrt": _same_type(lambda value: 1 / np.sqrt(value)),
    "Reciprocal": _same_type(lambda value: 1 / value),
    "Ceil": _unary(np.ceil),
    "Floor": _unary(np.floor),
    "Round": _unary(np.rint),
    "Shape": lambda step: np.array(step.constant(0).shape, np.int32),
    "Rank": lambda step: np.array(step.constant(0).ndim, np.int32),
    "Size": lambda step: np.array(step.constant(0).size, np.int32),
    "Cast": _cast,
    "Reshape": _reshape,
    "Squeeze": _squeeze,
    "ExpandDims": lambda step: step.constant(0).reshape(expanded(step.constant(0).shape, step)),
    "ConcatV2": _concat,
    "Pack": _pack,
    "StridedSlice": _strided_slice,
    "Slice": _slice,
    "Gather": _gather,
    "GatherV2": _gather,
    "Fill": _fill,
    "BroadcastTo": _broadcast_to,
    "Tile": _tile,
    "Range": _range,
    "Transpose": _transpose,
    "Prod": _reduced(np.prod),
    "Sum": _reduced(np.sum),
    "Mean": _reduced(np.mean),
    "Max": _reduced(np.max),
    "Min": _reduced(np.min),
    "Select": _select,
    "SelectV2": _select,
    "Equal": lambda step: np.equal(step.constant(0), step.constant(1)),
    "Greater": lambda step: np.greater(step.constant(0), step.constant(1)),
    "Less": lambda step: np.less(step.constant(0), step.constant(1)),
    "LogicalAnd": lambda step: np.logical_and(step.constant(0), step.constant(1)),
    "LogicalNot": lambda step: np.logical_not(step.constant(0)),
    "ZerosLike": _unary(np.zeros_like),
    "OnesLike": _unary(np.ones_like),
}

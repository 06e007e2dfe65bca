"""Graph operators that only rename, join or cut: shapes, concatenation, slices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from kit.models.errors import BundleError
from kit.models.reading import convolving, elementwise
from kit.models.reading.build import Value
from kit.models.reading.folding import expanded, filled, squeezed
from kit.models.reading.graph_arithmetic import Handler
from kit.models.reading.graph_values import Result, Seen, Step, in_order, picture, renamed
from kit.models.reading.limits import FOLDED_VALUES, PICTURE_VALUES
from kit.models.reading.slicing import strided_index

_FLOATS = {"DT_FLOAT", "DT_HALF", "DT_BFLOAT16", "DT_DOUBLE"}


def _identity(step: Step) -> Result:
    return step.arg(0)


def _cast(step: Step) -> Result:
    if step.fields.values.get("DstT", "DT_FLOAT") not in _FLOATS | {1, 2, 14, 19}:
        raise BundleError(f"{step.where} rounds to whole numbers; save the model without it")
    return step.arg(0)


def _shape(step: Step) -> Result:
    return np.array(step.seen(0).dims, np.int32)


def _rank(step: Step) -> Result:
    return np.array(len(step.seen(0).dims), np.int32)


def _size(step: Step) -> Result:
    return np.array(np.prod(step.seen(0).dims), np.int32)


def _reshape(step: Step) -> Result:
    seen = step.seen(0)
    size = int(np.prod(seen.dims, dtype=np.int64))
    return renamed(seen, filled(step.whole(1), size, step.where), step.where)


def _squeeze(step: Step) -> Result:
    return renamed(step.seen(0), squeezed(step.seen(0).dims, step), step.where)


def _expand_dims(step: Step) -> Result:
    return renamed(step.seen(0), expanded(step.seen(0).dims, step), step.where)


def _transpose(step: Step) -> Result:
    seen, order = step.seen(0), step.whole(1)
    if sorted(order) != list(range(len(seen.dims))):
        raise BundleError(f"{step.where}: its order {order} names not each axis once")
    dims, axes = tuple(seen.dims[place] for place in order), tuple(seen.axes[place] for place in order)
    long = [axis if extent != 1 else None for extent, axis in zip(dims, axes, strict=True)]
    if not in_order(long):
        raise BundleError(
            f"{step.where} swaps the axes of a picture, as graphs with channels first do; export the model with "
            "channels last (NHWC)"
        )
    return Seen(seen.value, dims, axes if in_order(axes) else tuple(long))


def _concat(step: Step) -> Result:
    args = list(step.args[:-1])
    axis = step.one(-1)
    places = [arg for arg in args if isinstance(arg, Seen)]
    if axis not in {-1, 3} or not places or not all(seen.is_picture for seen in places):
        raise BundleError(f"{step.where}: only channels of pictures can be joined (axis 3)")
    high, wide, _ = places[0].value.shape
    values = [arg.value if isinstance(arg, Seen) else _spread(step, arg, high, wide) for arg in args]
    while len(values) > 16:
        values = [step.builder.add(f"{step.label}/part", "concat", values[:16], axis=-1), *values[16:]]
    made = values[0] if len(values) == 1 else step.builder.add(step.label, "concat", values, axis=-1)
    return picture(made)


def _spread(
    step: Step, array: np.ndarray[tuple[int, ...], np.dtype[np.generic]], high: int, wide: int
) -> Value:
    if array.ndim != 4 or array.shape[0] != 1 or array.size > PICTURE_VALUES:
        raise BundleError(
            f"{step.where}: a constant of shape {list(array.shape)} cannot be joined to a picture"
        )
    if array.shape[1:3] != (high, wide):
        raise BundleError(f"{step.where} joins pictures of different sizes")
    return elementwise.constant(step.builder, f"{step.label}/constant", array[0])


def _strided_slice(step: Step) -> Result:
    seen = step.seen(0)
    index = strided_index(step.fields, step.whole(1), step.whole(2), step.whole(3))
    if None in index or any(isinstance(entry, int) for entry in index):
        return _named_slice(step, seen, index)
    return _cut(step, seen, index)


def _named_slice(step: Step, seen: Seen, index: Sequence[Any]) -> Result:
    """Axes put in or taken out, where nothing is cut: x[0] of a batch, x[..., None]."""
    dummy = np.empty(seen.dims, np.int8)  # never touched, so it takes no memory
    made = dummy[tuple(index)]
    turned = any(stride < 0 for stride, extent in zip(made.strides, made.shape, strict=True) if extent > 1)
    if turned or made.size != dummy.size:
        raise BundleError(
            f"{step.where}: cutting, turning round and dropping axes at once cannot run in a bundle"
        )
    return renamed(seen, made.shape, step.where)


def _slice(step: Step) -> Result:
    begins, sizes = step.whole(1), step.whole(2)
    cuts = [slice(b, None if s == -1 else b + s, 1) for b, s in zip(begins, sizes, strict=True)]
    return _cut(step, step.seen(0), tuple(cuts))


def _cut(step: Step, seen: Seen, index: Sequence[object]) -> Result:
    """Rows and columns by cropping, channels by a convolution that picks them."""
    kept: list[list[int]] = []
    entries = _without_ellipsis(index, len(seen.dims))
    for extent, entry in zip(seen.dims, entries, strict=True):
        kept.append(list(range(extent))[entry])
    if any(not places for places in kept):
        raise BundleError(f"{step.where} keeps nothing of its input")
    if all(places == list(range(extent)) for places, extent in zip(kept, seen.dims, strict=True)):
        return seen
    value = step.picture(0)
    rows, columns = (
        _edges(step, places, extent) for places, extent in zip(kept[1:3], value.shape, strict=False)
    )
    if (rows, columns) != ((0, 0), (0, 0)):
        value = step.builder.add(step.label, "crop", [value], edges=(rows, columns))
    return picture(picked(step, value, kept[3]))


def _without_ellipsis(index: Sequence[object], rank: int) -> list[slice]:
    entries: list[slice] = []
    for entry in index:
        if entry is Ellipsis:
            entries += [slice(None)] * (rank - len(index) + 1)
        elif isinstance(entry, slice):
            entries.append(entry)
    return (entries + [slice(None)] * rank)[:rank]


def _edges(step: Step, places: list[int], extent: int) -> tuple[int, int]:
    if places != list(range(places[0], places[0] + len(places))):
        raise BundleError(
            f"{step.where} takes every other row or column, or turns them round; only cutting can run"
        )
    return places[0], extent - 1 - places[-1]


def picked(step: Step, value: Value, channels: Sequence[int]) -> Value:
    """Some channels in some order."""
    if list(channels) == list(range(value.shape[2])):
        return value
    if len(channels) * value.shape[2] > FOLDED_VALUES:
        raise BundleError(f"{step.where}: {value.shape[2]} channels are too many to pick from")
    matrix = np.zeros((value.shape[2], len(channels)), np.float32)
    matrix[list(channels), range(len(channels))] = 1
    return convolving.pointwise(step.builder, f"{step.label}/channels", value, matrix)


def _reverse(step: Step) -> Result:
    value = step.picture(0)
    if {axis % 4 for axis in step.whole(1)} != {3}:
        raise BundleError(f"{step.where}: only the order of the channels can be turned round")
    return picture(picked(step, value, range(value.shape[2] - 1, -1, -1)))


def _gather(step: Step) -> Result:
    value, indices = step.picture(0), step.constant(1)
    axis = step.one(2) if len(step.args) > 2 else 0
    if axis not in {-1, 3} or indices.ndim != 1 or not ((indices >= 0) & (indices < value.shape[2])).all():
        raise BundleError(f"{step.where}: only channels can be picked")
    return picture(picked(step, value, [int(index) for index in indices]))


def _tile(step: Step) -> Result:
    """Each row or column several times, as ``repeat`` writes it: ExpandDims, Tile, Reshape."""
    seen, times = step.seen(0), step.whole(1)
    if len(times) != len(seen.dims) or min(times) < 1 or seen.block != (1, 1):
        raise BundleError(f"{step.where}: its multiples {times} do not fit {list(seen.dims)}")
    factors, axes = [1, 1], list(seen.axes)
    for place, count in enumerate(times):
        if count == 1:
            continue
        before = [axis for axis in seen.axes[: place + 1] if axis is not None]
        axis = before[-1] if before else 0
        if axis == 2 or seen.dims[place] != 1 or factors[axis] != 1:
            raise BundleError(
                f"{step.where} sets copies of the picture side by side, which a bundle cannot do"
            )
        factors[axis], axes[place] = count, axis
    high, wide, channels = seen.value.shape
    made = seen.value
    if factors != [1, 1]:
        shape = (high * factors[0], wide * factors[1], channels)
        made = step.builder.add(
            step.label, "resize", [made], shape=shape, method="nearest", coordinates="asymmetric"
        )
    dims = tuple(extent * count for extent, count in zip(seen.dims, times, strict=True))
    return Seen(made, dims, tuple(axes))


HANDLERS: dict[str, Handler] = {
    **dict.fromkeys(
        [
            "Identity",
            "StopGradient",
            "PreventGradient",
            "Snapshot",
            "EnsureShape",
            "CheckNumerics",
            "PlaceholderWithDefault",
        ],
        _identity,
    ),
    "Cast": _cast,
    "Shape": _shape,
    "Rank": _rank,
    "Size": _size,
    "Reshape": _reshape,
    "Squeeze": _squeeze,
    "Tile": _tile,
    "ExpandDims": _expand_dims,
    "Transpose": _transpose,
    "ConcatV2": _concat,
    "StridedSlice": _strided_slice,
    "Slice": _slice,
    "ReverseV2": _reverse,
    **dict.fromkeys(("Gather", "GatherV2"), _gather),
}

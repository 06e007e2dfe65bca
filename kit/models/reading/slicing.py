"""TensorFlow's StridedSlice as NumPy's index."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kit.models.errors import BundleError
from kit.models.reading.fields import Fields


def strided_index(
    fields: Fields, begin: Sequence[int], end: Sequence[int], strides: Sequence[int]
) -> tuple[Any, ...]:
    """The index whose entries are slices, whole numbers, None (a new axis) and at most one Ellipsis."""
    if not len(begin) == len(end) == len(strides) or 0 in strides:
        raise BundleError(f"{fields.where}: begin, end and strides do not fit together")
    masks = {
        name: fields.integer(f"{name}_mask", 0, 2**31 - 1, 0)
        for name in ("begin", "end", "ellipsis", "new_axis", "shrink_axis")
    }
    index: list[Any] = []
    for place, (start, stop, stride) in enumerate(zip(begin, end, strides, strict=True)):
        bit = 1 << place
        if masks["ellipsis"] & bit:
            index.append(Ellipsis)
        elif masks["new_axis"] & bit:
            index.append(None)
        elif masks["shrink_axis"] & bit:
            index.append(start)
        else:
            index.append(
                slice(None if masks["begin"] & bit else start, None if masks["end"] & bit else stop, stride)
            )
    return tuple(index)

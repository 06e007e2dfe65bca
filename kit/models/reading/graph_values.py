"""What flows through a TensorFlow graph: constants as arrays, and values that depend on the picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeAlias

from numpy.typing import NDArray

from kit.models.errors import BundleError
from kit.models.reading.build import Builder, Value
from kit.models.reading.fields import Fields
from kit.models.reading.graph_def import GraphNode

Array: TypeAlias = NDArray[Any]
Axis: TypeAlias = int | None


@dataclass(frozen=True)
class Seen:
    """A value of the network under the shape that TensorFlow gives it.

    ``dims``: TensorFlow's extents. ``axes``: for each, which of the value's height (0), width (1) and channels (2) it
    is; None for an extent of 1 that is none of them. The axes that occur are in this order. ``block``: where
    TensorFlow has dealt every ``block``-th row and column to a picture of its own, to convolve with dilation; the
    value is then the picture before dealing.
    """

    value: Value
    dims: tuple[int, ...]
    axes: tuple[Axis, ...]
    block: tuple[int, int] = (1, 1)

    @property
    def is_picture(self) -> bool:
        """Whether it is [1, height, width, channels] plainly."""
        return (
            self.block == (1, 1)
            and self.dims == (1, *self.value.shape)
            and all(
                extent == 1 or axis == place - 1
                for place, (extent, axis) in enumerate(zip(self.dims, self.axes, strict=True))
            )
        )


Result: TypeAlias = Array | Seen


def picture(value: Value) -> Seen:
    """A value as [1, height, width, channels]."""
    return Seen(value, (1, *value.shape), (None, 0, 1, 2))


def dealt(value: Value, block: tuple[int, int]) -> Seen:
    """A value as SpaceToBatchND leaves it."""
    high, wide, channels = value.shape
    dims = (block[0] * block[1], high // block[0], wide // block[1], channels)
    return Seen(value, dims, (None, 0, 1, 2), block)


def renamed(seen: Seen, dims: Sequence[int], where: str) -> Seen:
    """The same values under another shape. Raises BundleError where values would change places."""
    new = tuple(dims)
    if seen.block != (1, 1):
        raise BundleError(f"{where}: a batch of pictures cannot be reshaped in a bundle")
    for rank in range(5):
        shape: tuple[int, ...] = (1, *seen.value.shape)
        if new == shape[rank:] and all(extent == 1 for extent in shape[:rank]):
            return Seen(seen.value, new, (None, 0, 1, 2)[rank:])
    kept = [(extent, axis) for axis, extent in enumerate(seen.value.shape) if extent != 1]
    if [extent for extent in new if extent != 1] != [extent for extent, _ in kept]:
        raise BundleError(
            f"{where}: reshaping {list(seen.dims)} to {list(new)} moves values between places, which a bundle cannot do"
        )
    left = iter([axis for _, axis in kept])
    return Seen(seen.value, new, tuple(None if extent == 1 else next(left) for extent in new))


def in_order(axes: Sequence[Axis]) -> bool:
    """Whether the axes that occur are height, width, channels in this order."""
    present = [axis for axis in axes if axis is not None]
    return all(a < b for a, b in pairwise(present))


@dataclass(frozen=True)
class Step:
    """One node while it is read: its attributes, what flows in, where nodes are added."""

    builder: Builder
    node: GraphNode
    args: tuple[Result, ...]

    @property
    def label(self) -> str:
        """The name for what it adds."""
        return self.node.name

    @property
    def where(self) -> str:
        """How errors call it."""
        return self.node.where

    @property
    def fields(self) -> Fields:
        """Its attributes."""
        return self.node.fields

    def arg(self, index: int) -> Result:
        """An input. Raises BundleError where there are fewer."""
        if not -len(self.args) <= index < len(self.args):
            raise BundleError(f"{self.where} has {len(self.args)} inputs, too few; export the model again")
        return self.args[index]

    def seen(self, index: int) -> Seen:
        """An input that depends on the picture."""
        arg = self.arg(index)
        if not isinstance(arg, Seen):
            raise BundleError(f"{self.where}: its input {index} must be computed from the picture")
        return arg

    def picture(self, index: int) -> Value:
        """An input [1, height, width, channels]; also a vector of channels, as a picture of one place."""
        seen = self.seen(index)
        if not seen.is_picture:
            raise BundleError(
                f"{self.where}: its input of shape {list(seen.dims)} must be [1, height, width, channels]"
            )
        return seen.value

    def constant(self, index: int) -> Array:
        """An input that does not depend on the picture."""
        arg = self.arg(index)
        if isinstance(arg, Seen):
            raise BundleError(f"{self.where}: its input {index} must be constant, but depends on the picture")
        return arg

    def whole(self, index: int, most: int = 16) -> list[int]:
        """A constant list of whole numbers (or one number)."""
        array = self.constant(index)
        if array.dtype.kind not in "iu" or array.size > most:
            raise BundleError(f"{self.where}: its input {index} must be a short list of whole numbers")
        return [int(number) for number in array.ravel()]

    def channels_last(self) -> None:
        """Refuse NCHW."""
        data_format = self.fields.text("data_format", "NHWC")
        if data_format not in {"NHWC", ""}:
            raise BundleError(
                f"{self.where} has its channels first ({data_format}); browsers run networks with channels last, "
                "so export the model as NHWC"
            )

    def one(self, index: int) -> int:
        """A constant whole number."""
        numbers = self.whole(index)
        if len(numbers) != 1:
            raise BundleError(f"{self.where}: its input {index} must be one whole number")
        return numbers[0]

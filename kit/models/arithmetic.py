"""What a window's shapes imply: padding, output size, taps that ever meet data, multiply-adds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

Pair: TypeAlias = tuple[int, int]
AxisPadding: TypeAlias = Literal["same", "valid"] | Pair
Padding: TypeAlias = Literal["same", "valid"] | tuple[Pair, Pair]


@dataclass(frozen=True)
class Axis:
    """One axis of a convolution or a pool. For a transposed one, ``size`` is the *output's*.

    ``padding`` as TensorFlow means it, or the places to add before and after (a transposed one: to cut).
    """

    size: int
    taps: int
    stride: int
    padding: AxisPadding = "same"

    @property
    def steps(self) -> int:
        """Places of the window along the axis; below 1 where the window is larger than all of it."""
        if self.padding == "same":
            return -(-self.size // self.stride)
        around = 0 if self.padding == "valid" else sum(self.padding)
        return (self.size + around - self.taps) // self.stride + 1

    @property
    def before(self) -> int:
        """Zeros before the first sample (TensorFlow's ``same``: the odd one goes to the end)."""
        if self.padding == "same":
            return max((self.steps - 1) * self.stride + self.taps - self.size, 0) // 2
        return 0 if self.padding == "valid" else self.padding[0]

    @property
    def reach(self) -> int:
        """Samples, with the added ones, from the first place of the first window to the last place of the last."""
        return (self.steps - 1) * self.stride + self.taps

    def meets(self, tap: int) -> int:
        """At how many places a tap lies on data and not on padding."""
        places = (step * self.stride + tap - self.before for step in range(self.steps))
        return sum(0 <= place < self.size for place in places)

    @property
    def live(self) -> list[int]:
        """Taps that lie on data somewhere."""
        return [tap for tap in range(self.taps) if self.meets(tap)]


def axes(
    op: str, source: Sequence[int], strides: Pair, kernel: Sequence[int], padding: Padding = "same"
) -> tuple[Axis, Axis]:
    """The two axes of a window on ``source`` (height, width, ...).

    A transposed convolution is the gradient of the plain one from its output to its input, so it has that one's axes.
    """
    sides: tuple[AxisPadding, AxisPadding] = (
        (padding, padding) if isinstance(padding, str) else (padding[0], padding[1])
    )
    rows, columns = (
        Axis(
            grown(source[i], kernel[i], strides[i], sides[i]) if op == "conv2d_transpose" else source[i],
            kernel[i],
            strides[i],
            sides[i],
        )
        for i in (0, 1)
    )
    return rows, columns


def grown(source: int, taps: int, stride: int, padding: AxisPadding) -> int:
    """Length of what a transposed convolution makes of ``source`` places, as Keras counts it."""
    if padding == "same":
        return source * stride
    if padding == "valid":
        return (source - 1) * stride + max(taps, stride)
    return (source - 1) * stride + taps - sum(padding)


def output_size(
    op: str, source: Sequence[int], strides: Pair, kernel: Sequence[int], padding: Padding = "same"
) -> Pair:
    """Height and width of what a window gives; 0 or less where it is larger than its padded input."""
    rows, columns = axes(op, source, strides, kernel, padding)
    if op == "conv2d_transpose":
        return rows.size, columns.size
    return rows.steps, columns.steps


def live_taps(pair: tuple[Axis, Axis]) -> list[tuple[int, int]] | None:
    """Taps (ky, kx) that ever meet data, or None where all do."""
    rows, columns = pair[0].live, pair[1].live
    if len(rows) == pair[0].taps and len(columns) == pair[1].taps:
        return None
    return [(ky, kx) for ky in rows for kx in columns]


def multiply_adds(pair: tuple[Axis, Axis], channels: int) -> tuple[int, int]:
    """Multiply-adds of one picture (all, only those that meet data); ``channels``: products at a tap, which is
    inputs * outputs, or the outputs alone where each has one input (depthwise).
    """
    rows, columns = pair
    everything = rows.steps * rows.taps * columns.steps * columns.taps
    met = sum(map(rows.meets, range(rows.taps))) * sum(map(columns.meets, range(columns.taps)))
    return everything * channels, met * channels

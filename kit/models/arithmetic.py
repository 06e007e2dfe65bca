"""What a convolution's shapes imply: padding, output size, taps that ever meet data, multiply-adds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Axis:
    """One axis of a convolution with ``same`` padding. For a transposed one, ``size`` is the *output's*."""

    size: int
    taps: int
    stride: int

    @property
    def steps(self) -> int:
        """Places of the kernel along the axis."""
        return -(-self.size // self.stride)

    @property
    def before(self) -> int:
        """Zeros before the first sample (TensorFlow's ``same``: the odd one goes to the end)."""
        return max((self.steps - 1) * self.stride + self.taps - self.size, 0) // 2

    def meets(self, tap: int) -> int:
        """At how many places a tap lies on data and not on padding."""
        places = (step * self.stride + tap - self.before for step in range(self.steps))
        return sum(0 <= place < self.size for place in places)

    @property
    def live(self) -> list[int]:
        """Taps that lie on data somewhere."""
        return [tap for tap in range(self.taps) if self.meets(tap)]


Pair = tuple[int, int]


def axes(op: str, source: Pair, strides: Pair, kernel: Pair) -> tuple[Axis, Axis]:
    """The two axes of a convolution on ``source`` (height, width).

    A transposed convolution is the gradient of the plain one from its output to its input, so it has that one's axes.
    """
    grown = strides if op == "conv2d_transpose" else (1, 1)
    return (
        Axis(source[0] * grown[0], kernel[0], strides[0]),
        Axis(source[1] * grown[1], kernel[1], strides[1]),
    )


def output_size(op: str, source: Pair, strides: Pair) -> Pair:
    """Height and width of what a ``same`` convolution gives."""
    if op == "conv2d_transpose":
        return source[0] * strides[0], source[1] * strides[1]
    return -(-source[0] // strides[0]), -(-source[1] // strides[1])


def live_taps(pair: tuple[Axis, Axis]) -> list[tuple[int, int]] | None:
    """Taps (ky, kx) that ever meet data, or None where all do."""
    rows, columns = pair
    if len(rows.live) == rows.taps and len(columns.live) == columns.taps:
        return None
    return [(ky, kx) for ky in rows.live for kx in columns.live]


def multiply_adds(pair: tuple[Axis, Axis], channels: int) -> tuple[int, int]:
    """Multiply-adds of one picture (all, only those that meet data); ``channels`` = inputs * outputs."""
    rows, columns = pair
    everything = rows.steps * rows.taps * columns.steps * columns.taps
    met = sum(map(rows.meets, range(rows.taps))) * sum(map(columns.meets, range(columns.taps)))
    return everything * channels, met * channels

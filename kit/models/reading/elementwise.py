"""Arithmetic between values and constants, and the activations that a bundle has no word for, in words it has."""

from __future__ import annotations

import math
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from kit.models.errors import BundleError
from kit.models.manifest import Shape
from kit.models.reading.build import BinaryOp, Builder, Value
from kit.models.reading.limits import PICTURE_VALUES

Array: TypeAlias = NDArray[Any]


def affine(builder: Builder, label: str, value: Value, scale: Array | float, shift: Array | float) -> Value:
    """value * scale + shift; each one number or one per channel."""
    channels = value.shape[2]
    both = {"scale": np.asarray(scale, np.float64), "shift": np.asarray(shift, np.float64)}
    for name, numbers in both.items():
        if numbers.size not in {1, channels}:
            raise BundleError(f"{label}: its {name} has {numbers.size} values for {channels} channels")
    scale_name, shift_name = (
        builder.store(f"{label}/{name}", np.broadcast_to(numbers.ravel(), (channels,)))
        for name, numbers in both.items()
    )
    return builder.add(label, "affine", [value], scale=scale_name, shift=shift_name)


def constant(builder: Builder, label: str, numbers: Array) -> Value:
    """A value [height, width, channels] that is always the same."""
    return builder.add(label, "constant", [], value=builder.store(f"{label}/value", numbers))


def activation(builder: Builder, label: str, value: Value, kind: str, **parameters: Any) -> Value:
    """An activation of a bundle's own."""
    return builder.add(label, "activation", [value], activation={"type": kind, **parameters})


def leaky(builder: Builder, label: str, value: Value, alpha: float) -> Value:
    """x where x > 0, else alpha * x; an alpha beyond [0, 1] as a slope per channel."""
    if 0 <= alpha <= 1:
        return activation(builder, label, value, "leaky_relu", alpha=alpha)
    return prelu(builder, label, value, np.full(value.shape[2], alpha))


def prelu(builder: Builder, label: str, value: Value, slopes: Array) -> Value:
    """x where x > 0, else slope * x. Slopes that differ from place to place are refused."""
    channels = value.shape[2]
    rows = slopes.reshape(-1, slopes.shape[-1]) if slopes.size else slopes
    if slopes.size == 0 or rows.shape[-1] not in {1, channels} or (rows != rows[:1]).any():
        raise BundleError(
            f"{label}: PReLU needs one slope per channel; set shared_axes=[1, 2] and train again"
        )
    name = builder.store(f"{label}/slopes", np.broadcast_to(rows[0], (channels,)))
    return activation(builder, label, value, "prelu", slopes=name)


def clip(builder: Builder, label: str, value: Value, low: float, high: float) -> Value:
    """min(max(x, low), high)."""
    if not (math.isfinite(low) and math.isfinite(high)):
        raise BundleError(f"{label}: its bounds must be finite numbers")
    return activation(builder, label, value, "clip", low=float(low), high=float(high))


def elu(builder: Builder, label: str, value: Value, alpha: float = 1.0, scale: float = 1.0) -> Value:
    """scale * (x where x > 0, else alpha * (exp(x) - 1)). SELU is one of these."""
    if alpha == 1 and scale == 1:
        return activation(builder, label, value, "elu")
    above = activation(builder, f"{label}/above", value, "relu")
    below = builder.add(f"{label}/below", "sub", [value, above])
    curved = affine(builder, f"{label}/curved", activation(builder, f"{label}/elu", below, "elu"), alpha, 0)
    made = builder.add(f"{label}/sum", "add", [above, curved])
    return made if scale == 1 else affine(builder, label, made, scale, 0)


def hard_sigmoid(builder: Builder, label: str, value: Value, slope: float) -> Value:
    """min(max(slope * x + 0.5, 0), 1)."""
    line = affine(builder, f"{label}/line", value, slope, 0.5)
    return clip(builder, label, line, 0, 1)


def softsign(builder: Builder, label: str, value: Value) -> Value:
    """x / (1 + abs(x))."""
    size = affine(builder, f"{label}/size", builder.add(f"{label}/abs", "abs", [value]), 1, 1)
    return builder.add(label, "div", [value, size])


def broadcast(first: Shape, second: tuple[int, ...], label: str) -> Shape:
    """The shape of two values taken together. Raises BundleError where they do not fit."""
    if any(a != b and 1 not in {a, b} for a, b in zip(first, second, strict=True)):
        raise BundleError(f"{label}: {list(first)} and {list(second)} do not fit together")
    high, wide, channels = (b if a == 1 else a for a, b in zip(first, second, strict=True))
    return high, wide, channels


def with_constant(
    builder: Builder, label: str, op: BinaryOp, value: Value, numbers: Array, *, swapped: bool = False
) -> Value:
    """``value op numbers`` (or the other way round) for numbers of [height, width, channels], any of them 1."""
    made = broadcast(value.shape, numbers.shape, label)
    if made[0] * made[1] * made[2] > PICTURE_VALUES:
        raise BundleError(f"{label}: a value of {list(made)} is too large")
    per_channel = numbers.shape[:2] == (1, 1) and made == value.shape
    if per_channel and op in {"add", "sub", "mul", "div"}:
        return _affine_of(builder, label, op, value, numbers.reshape(-1), swapped)
    if per_channel and op == "maximum" and not numbers.any():
        return activation(builder, label, value, "relu")
    other = constant(builder, f"{label}/constant", numbers)
    return builder.add(label, op, [other, value] if swapped else [value, other])


def _affine_of(
    builder: Builder, label: str, op: BinaryOp, value: Value, numbers: Array, swapped: bool
) -> Value:
    numbers = numbers.astype(np.float64)
    if op == "add":
        return affine(builder, label, value, 1, numbers)
    if op == "sub":
        return affine(builder, label, value, -1 if swapped else 1, numbers if swapped else -numbers)
    if op == "mul":
        return affine(builder, label, value, numbers, 0)
    if swapped:
        return affine(builder, label, builder.add(f"{label}/reciprocal", "reciprocal", [value]), numbers, 0)
    if not numbers.all():
        raise BundleError(f"{label}: it divides by zero")
    return affine(builder, label, value, 1 / numbers, 0)

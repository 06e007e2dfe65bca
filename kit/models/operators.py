"""Every operator of a graph in NumPy: slow, plain, and the oracle that faster code is compared with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import singledispatch

import numpy as np
from numpy.typing import NDArray

from kit.models.arithmetic import Axis, Padding, axes
from kit.models.manifest import (
    Activated,
    Activation,
    Affine,
    Binary,
    Clip,
    Concat,
    Constant,
    Convolution,
    Crop,
    DepthToSpace,
    Elu,
    InstanceNorm,
    Leaky,
    Mean,
    Node,
    Pad,
    Plain,
    Pool,
    Prelu,
    Resize,
    Unary,
)
from kit.models.network import Floats
from kit.models.resizing import bilinear_places, nearest_places

Tensors = Mapping[str, Floats]
Strides = tuple[int, int]


def evaluated(node: Node, inputs: Sequence[Floats], tensors: Tensors) -> Floats:
    """What ``node`` gives for values [h, w, channels], float32. Infinities and NaNs pass through without a word."""
    with np.errstate(all="ignore"):
        return np.asarray(_evaluated(node, inputs, tensors), np.float32)


@singledispatch
def _evaluated(node: Node, inputs: Sequence[Floats], tensors: Tensors) -> Floats:
    raise TypeError(f"{type(node).__name__} cannot be computed")


@_evaluated.register
def _(node: Convolution, inputs: Sequence[Floats], tensors: Tensors) -> Floats:
    convolve = CONVOLUTIONS[node.op]
    made = convolve(inputs[0], tensors[node.kernel], node.strides, node.padding)
    return activated(node.activation, made if node.bias is None else made + tensors[node.bias], tensors)


@_evaluated.register
def _(node: Concat, inputs: Sequence[Floats], tensors: Tensors) -> Floats:
    return np.concatenate(inputs, axis=-1)


@_evaluated.register
def _(node: Activated, inputs: Sequence[Floats], tensors: Tensors) -> Floats:
    return activated(node.activation, inputs[0], tensors)


@_evaluated.register
def _(node: Affine, inputs: Sequence[Floats], tensors: Tensors) -> Floats:
    return inputs[0] * tensors[node.scale] + tensors[node.shift]


@_evaluated.register
def _(node: InstanceNorm, inputs: Sequence[Floats], tensors: Tensors) -> Floats:
    value = inputs[0].astype(np.float64)
    spread = np.sqrt(value.var(axis=(0, 1)) + node.epsilon)
    normed = (value - value.mean(axis=(0, 1))) / spread
    scaled = normed if node.scale is None else normed * tensors[node.scale]
    return _single(scaled if node.shift is None else scaled + tensors[node.shift])


BINARY: dict[str, Callable[[Floats, Floats], Floats]] = {
    "add": np.add,
    "sub": np.subtract,
    "mul": np.multiply,
    "div": np.divide,
    "maximum": np.maximum,
    "minimum": np.minimum,
}


@_evaluated.register
def _(node: Binary, inputs: Sequence[Floats], tensors: Tensors) -> Floats:
    return BINARY[node.op](inputs[0], inputs[1])


UNARY: dict[str, Callable[[Floats], Floats]] = {
    "abs": np.abs,
    "exp": np.exp,
    "neg": np.negative,
    "reciprocal": lambda value: 1 / value,
    "rsqrt": lambda value: 1 / np.sqrt(value),
    "sqrt": np.sqrt,
    "square": np.square,
}


@_evaluated.register
def _(node: Unary, inputs: Sequence[Floats], tensors: Tensors) -> Floats:
    return UNARY[node.op](inputs[0])


@_evaluated.register
def _(node: Constant, inputs: Sequence[Floats], tensors: Tensors) -> Floats:
    return tensors[node.value]


@_evaluated.register
def _(node: Mean, inputs: Sequence[Floats], tensors: Tensors) -> Floats:
    return _single(inputs[0].mean(axis=(0, 1), keepdims=True, dtype=np.float64))


PAD_MODES = {"zero": "constant", "reflect": "reflect", "symmetric": "symmetric"}


@_evaluated.register
def _(node: Pad, inputs: Sequence[Floats], tensors: Tensors) -> Floats:
    mode: str = PAD_MODES[node.mode]
    padded: Floats = np.pad(inputs[0], (*node.edges, (0, 0)), mode)  # type: ignore[call-overload]
    return padded


@_evaluated.register
def _(node: Crop, inputs: Sequence[Floats], tensors: Tensors) -> Floats:
    (top, bottom), (left, right) = node.edges
    high, wide = inputs[0].shape[:2]
    return inputs[0][top : high - bottom, left : wide - right]


@_evaluated.register
def _(node: Resize, inputs: Sequence[Floats], tensors: Tensors) -> Floats:
    value = inputs[0]
    for axis in (0, 1):
        source, target = value.shape[axis], node.shape[axis]
        if node.method == "nearest":
            value = value.take(nearest_places(source, target, node.coordinates), axis)
        else:
            lower, upper, share = bilinear_places(source, target, node.coordinates)
            shares = share.astype(np.float32)[(...,) + (None,) * (2 - axis)]
            value = value.take(lower, axis) * (1 - shares) + value.take(upper, axis) * shares
    return value


@_evaluated.register
def _(node: Pool, inputs: Sequence[Floats], tensors: Tensors) -> Floats:
    value = inputs[0]
    pair = axes(node.op, value.shape, node.strides, node.window, node.padding)
    taps = list(np.ndindex(*node.window))
    if node.op == "max_pool":
        padded = _padded(value, pair, -np.inf)
        largest: Floats = np.maximum.reduce([_seen(padded, pair, ky, kx) for ky, kx in taps])
        return largest
    inside = _padded(np.ones_like(value[..., :1]), pair)
    padded = _padded(value, pair)
    total = sum(_seen(padded, pair, ky, kx) for ky, kx in taps)
    return np.asarray(total / sum(_seen(inside, pair, ky, kx) for ky, kx in taps))


@_evaluated.register
def _(node: DepthToSpace, inputs: Sequence[Floats], tensors: Tensors) -> Floats:
    (high, wide, channels), block = inputs[0].shape, node.block
    split: Floats = inputs[0].reshape(high, wide, block, block, channels // block**2)
    joined: Floats = split.transpose(0, 2, 1, 3, 4).reshape(high * block, wide * block, -1)
    return joined


def conv2d(value: Floats, kernel: Floats, strides: Strides, padding: Padding = "same") -> Floats:
    """Convolution of [h, w, in] with [kh, kw, in, out]."""
    pair = axes("conv2d", value.shape, strides, kernel.shape, padding)
    padded = _padded(value, pair)
    made = np.zeros((pair[0].steps, pair[1].steps, kernel.shape[3]), np.float32)
    for ky, kx in np.ndindex(kernel.shape[0], kernel.shape[1]):
        made += _seen(padded, pair, ky, kx) @ kernel[ky, kx]
    return made


def depthwise_conv2d(value: Floats, kernel: Floats, strides: Strides, padding: Padding = "same") -> Floats:
    """Convolution of each channel of [h, w, in] by itself with [kh, kw, in, multiplier]."""
    pair = axes("depthwise_conv2d", value.shape, strides, kernel.shape, padding)
    padded = _padded(value, pair)
    made = np.zeros((pair[0].steps, pair[1].steps, *kernel.shape[2:]), np.float32)
    for ky, kx in np.ndindex(kernel.shape[0], kernel.shape[1]):
        made += _seen(padded, pair, ky, kx)[..., None] * kernel[ky, kx]
    return made.reshape(*made.shape[:2], -1)


def conv2d_transpose(value: Floats, kernel: Floats, strides: Strides, padding: Padding = "same") -> Floats:
    """Transposed convolution of [h, w, in] with Keras' [kh, kw, out, in]: each place paints a kernel, then the
    edges are cut.
    """
    high, wide = value.shape[:2]
    rows, columns = axes("conv2d_transpose", value.shape, strides, kernel.shape, padding)
    tall = max((high - 1) * rows.stride + rows.taps, rows.before + rows.size)
    broad = max((wide - 1) * columns.stride + columns.taps, columns.before + columns.size)
    spread = np.zeros((tall, broad, kernel.shape[2]), np.float32)
    for ky, kx in np.ndindex(rows.taps, columns.taps):
        lower, right = ky + (high - 1) * rows.stride + 1, kx + (wide - 1) * columns.stride + 1
        spread[ky : lower : rows.stride, kx : right : columns.stride] += value @ kernel[ky, kx].T
    return spread[rows.before : rows.before + rows.size, columns.before : columns.before + columns.size]


CONVOLUTIONS: dict[str, Callable[[Floats, Floats, Strides, Padding], Floats]] = {
    "conv2d": conv2d,
    "conv2d_transpose": conv2d_transpose,
    "depthwise_conv2d": depthwise_conv2d,
}


def _padded(value: Floats, pair: tuple[Axis, Axis], fill: float = 0) -> Floats:
    """The value with everything around it that a window can reach."""
    rows, columns = pair
    high, wide, channels = value.shape
    size = (max(rows.reach, rows.before + high), max(columns.reach, columns.before + wide), channels)
    padded = np.full(size, fill, np.float32)
    padded[rows.before : rows.before + high, columns.before : columns.before + wide] = value
    return padded


def _seen(padded: Floats, pair: tuple[Axis, Axis], ky: int, kx: int) -> Floats:
    """What one tap of a window sees at all its places."""
    rows, columns = pair
    seen = padded[
        ky : ky + rows.steps * rows.stride : rows.stride,
        kx : kx + columns.steps * columns.stride : columns.stride,
    ]
    return seen[: rows.steps, : columns.steps]


PLAIN: dict[str, Callable[[Floats], Floats]] = {
    "linear": lambda value: value,
    "relu": lambda value: np.maximum(value, 0),
    "relu6": lambda value: np.clip(value, 0, 6),
    "tanh": np.tanh,
    "sigmoid": lambda value: 1 / (1 + np.exp(-value)),
    "swish": lambda value: value / (1 + np.exp(-value)),
}


def activated(activation: Activation, value: Floats, tensors: Tensors | None = None) -> Floats:
    """Apply an activation; ``tensors`` holds the slopes that a prelu names."""
    match activation:
        case Plain():
            made = PLAIN[activation.type](value)
        case Leaky():
            made = np.where(value > 0, value, np.float32(activation.alpha) * value)
        case Elu():
            made = np.where(value > 0, value, np.expm1(np.minimum(value, 0)))
        case Prelu():
            made = np.where(value > 0, value, (tensors or {})[activation.slopes] * value)
        case Clip():
            made = np.minimum(np.maximum(value, activation.low), activation.high)
    return np.asarray(made, np.float32)


def _single(value: NDArray[np.float64]) -> Floats:
    return value.astype(np.float32)

"""A bundle run by NumPy alone: slow, plain, and the oracle that faster code is compared with."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kit.models.arithmetic import axes
from kit.models.manifest import (
    Activation,
    Area,
    Bicubic,
    Concat,
    Convolution,
    Grey,
    Leaky,
    Manifest,
    Preprocess,
    Scale,
)
from kit.models.resampling import area_matrix, bicubic_matrix

Floats = NDArray[np.float32]


def preprocess(steps: tuple[Preprocess, ...], picture: NDArray[np.generic]) -> Floats:
    """Apply a manifest's preprocessing to an RGB picture [h, w, 3], 0..255; returns [h, w, channels]."""
    value = np.asarray(picture, np.float64)
    for step in steps:
        value = _prepared(step, value)
    return value.astype(np.float32)


def _prepared(step: Preprocess, value: NDArray[np.float64]) -> NDArray[np.float64]:
    match step:
        case Grey():
            grey: NDArray[np.float64] = (value @ np.array(step.weights))[..., None]
            return grey
        case Area():
            return _resampled(
                value, area_matrix(value.shape[0], step.size[0]), area_matrix(value.shape[1], step.size[1])
            )
        case Bicubic():
            rows = bicubic_matrix(value.shape[0], step.size[0], step.a)
            return _resampled(value, rows, bicubic_matrix(value.shape[1], step.size[1], step.a))
        case Scale():
            (low, high), (to_low, to_high) = step.from_, step.to
            return (value - low) * ((to_high - to_low) / (high - low)) + to_low


def _resampled(
    value: NDArray[np.float64], rows: NDArray[np.float64], columns: NDArray[np.float64]
) -> NDArray[np.float64]:
    made: NDArray[np.float64] = np.einsum("yh,hwc,xw->yxc", rows, value, columns, optimize=True)
    return made


def run(manifest: Manifest, tensors: dict[str, Floats], value: Floats) -> Floats:
    """The network's output [h, w, c] for an input [h, w, c]; ``tensors`` as ``weights.decode`` gives them."""
    values = {manifest.input.name: np.asarray(value, np.float32)}
    for node in manifest.graph:
        inputs = [values[name] for name in node.inputs]
        values[node.name] = (
            np.concatenate(inputs, axis=-1)
            if isinstance(node, Concat)
            else _convolved(node, inputs[0], tensors)
        )
    return values[manifest.output.name]


def _convolved(node: Convolution, value: Floats, tensors: dict[str, Floats]) -> Floats:
    kernel = tensors[node.kernel]
    plain = conv2d if node.op == "conv2d" else conv2d_transpose
    made = plain(value, kernel, node.strides)
    return activated(node.activation, made if node.bias is None else made + tensors[node.bias])


def conv2d(value: Floats, kernel: Floats, strides: tuple[int, int]) -> Floats:
    """``same`` convolution of [h, w, cin] with [kh, kw, cin, cout]."""
    high, wide = value.shape[:2]
    rows, columns = axes("conv2d", (high, wide), strides, (kernel.shape[0], kernel.shape[1]))
    tall = (rows.steps - 1) * rows.stride + rows.taps
    broad = (columns.steps - 1) * columns.stride + columns.taps
    padded = np.zeros(
        (max(tall, rows.before + high), max(broad, columns.before + wide), value.shape[2]), np.float32
    )
    padded[rows.before : rows.before + high, columns.before : columns.before + wide] = value
    made = np.zeros((rows.steps, columns.steps, kernel.shape[3]), np.float32)
    for ky, kx in np.ndindex(rows.taps, columns.taps):
        seen = padded[
            ky : ky + rows.steps * rows.stride : rows.stride,
            kx : kx + columns.steps * columns.stride : columns.stride,
        ]
        made += seen[: rows.steps, : columns.steps] @ kernel[ky, kx]
    return made


def conv2d_transpose(value: Floats, kernel: Floats, strides: tuple[int, int]) -> Floats:
    """``same`` transposed convolution of [h, w, cin] with Keras' [kh, kw, cout, cin]; the size grows by ``strides``."""
    high, wide = value.shape[:2]
    rows, columns = axes("conv2d_transpose", (high, wide), strides, (kernel.shape[0], kernel.shape[1]))
    tall = max((high - 1) * rows.stride + rows.taps, rows.before + rows.size)
    broad = max((wide - 1) * columns.stride + columns.taps, columns.before + columns.size)
    spread = np.zeros((tall, broad, kernel.shape[2]), np.float32)
    for ky, kx in np.ndindex(rows.taps, columns.taps):
        lower, right = ky + (high - 1) * rows.stride + 1, kx + (wide - 1) * columns.stride + 1
        spread[ky : lower : rows.stride, kx : right : columns.stride] += value @ kernel[ky, kx].T
    return spread[rows.before : rows.before + rows.size, columns.before : columns.before + columns.size]


def activated(activation: Activation, value: Floats) -> Floats:
    """Apply an activation."""
    if isinstance(activation, Leaky):
        return np.where(value > 0, value, np.float32(activation.alpha) * value)
    match activation.type:
        case "relu":
            return np.maximum(value, 0)
        case "tanh":
            return np.tanh(value)
        case "sigmoid":
            return (1 / (1 + np.exp(-value))).astype(np.float32)
        case _:
            return value

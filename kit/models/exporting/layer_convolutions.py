"""Convolutions and activations as Keras layers."""

from __future__ import annotations

from typing import Any

import numpy as np

from kit.models.exporting.layer_list import ZEROS, Writer, window
from kit.models.manifest import Activation, Clip, Convolution, Leaky, Node, Prelu

CONVOLUTIONS = {
    "conv2d": ("Conv2D", "kernel"),
    "conv2d_transpose": ("Conv2DTranspose", "kernel"),
    "depthwise_conv2d": ("DepthwiseConv2D", "depthwise_kernel"),
}


def convolved(node: Convolution, writer: Writer) -> str:
    """The layers of a convolution."""
    layers, source = writer.layers, writer.inputs(node)[0]
    kind, weight = CONVOLUTIONS[node.op]
    kernel = writer.network.tensors[node.kernel]
    padding = node.padding if isinstance(node.padding, str) else "valid"
    if node.op != "conv2d_transpose" and not isinstance(node.padding, str):
        source = layers.pad(f"{node.name}_edges", source, node.padding)
    inside = _name_of(node.activation) if node.op != "conv2d_transpose" or padding == node.padding else None
    config = {
        **window(kernel.shape[:2], node.strides, padding),
        **_filters(node, kernel.shape),
        "activation": inside or "linear",
        "use_bias": node.bias is not None,
        f"{weight.partition('_')[0]}_initializer": ZEROS,
        "bias_initializer": ZEROS,
    }
    bias = {} if node.bias is None else {"bias": writer.network.tensors[node.bias]}
    made = layers.add(kind, node.name, [source], config, {weight: kernel} | bias)
    if node.op == "conv2d_transpose" and not isinstance(node.padding, str):
        made = layers.crop(f"{node.name}_edges", made, _surplus(node, kernel.shape))
    return made if inside else activated(node, node.activation, writer, made)


def _filters(node: Convolution, kernel: tuple[int, ...]) -> dict[str, Any]:
    if node.op == "depthwise_conv2d":
        return {"depth_multiplier": kernel[3]}
    return {"filters": kernel[2 if node.op == "conv2d_transpose" else 3]}


def _surplus(node: Convolution, kernel: tuple[int, ...]) -> tuple[tuple[int, int], tuple[int, int]]:
    """What to cut from a valid transposed convolution. Keras adds zeros below where the kernel is shorter than the stride."""
    assert not isinstance(node.padding, str)
    (top, bottom), (left, right) = node.padding
    below, beside = (max(stride - taps, 0) for stride, taps in zip(node.strides, kernel, strict=False))
    return (top, bottom + below), (left, right + beside)


def _name_of(activation: Activation) -> str | None:
    """An activation that a layer can be told by name; None for those with a parameter."""
    return None if isinstance(activation, Leaky | Prelu | Clip) else activation.type


def activated(node: Node, activation: Activation, writer: Writer, value: str) -> str:
    """An activation as a layer of its own."""
    layers, name = writer.layers, f"{node.name}_{activation.type}"
    match activation:
        case Leaky():
            return layers.add("LeakyReLU", name, [value], {"alpha": activation.alpha})
        case Prelu():
            slopes = writer.network.tensors[activation.slopes][None, None]
            config = {"shared_axes": [1, 2], "alpha_initializer": ZEROS}
            return layers.add("PReLU", name, [value], config, {"alpha": slopes})
        case Clip(low=0.0):
            return layers.add("ReLU", name, [value], {"max_value": activation.high})
        case Clip():
            low, high = (layers.constant(name, _one(end)) for end in (activation.low, activation.high))
            return layers.merge("Minimum", name, [layers.merge("Maximum", name, [value, low]), high])
    if activation.type == "linear":
        return value
    return layers.add("Activation", name, [value], {"activation": activation.type})


def _one(value: float) -> np.ndarray[Any, np.dtype[np.float32]]:
    return np.full((1, 1, 1), value, np.float32)

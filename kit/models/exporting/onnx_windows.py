"""Kernels and padding as ONNX wants them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from kit.models.arithmetic import Axis, axes
from kit.models.manifest import Convolution, Node, Shape
from kit.models.network import Network


def kernel_of(node: Convolution, kernel: NDArray[np.float32]) -> tuple[NDArray[np.float32], int]:
    """The kernel in ONNX' order, and the number of groups."""
    if node.op == "depthwise_conv2d":
        high, wide, channels, multiplier = kernel.shape
        return kernel.transpose(2, 3, 0, 1).reshape(channels * multiplier, 1, high, wide), channels
    return kernel.transpose(3, 2, 0, 1), 1  # the transposed one's channels are the other way round in both


def source_size(node: Node, network: Network) -> Shape:
    """Shape of what a node takes first."""
    name = node.inputs[0]
    return next((each.shape for each in network.nodes if each.name == name), network.input_shape)


def pads(window: tuple[Axis, Axis]) -> list[int]:
    """Zeros before both axes, then behind both, as TensorFlow's padding gives them."""
    behind = [max(axis.reach - axis.size - axis.before, 0) for axis in window]
    return [axis.before for axis in window] + behind


def cut(node: Convolution, kernel: tuple[int, ...], network: Network) -> dict[str, Any]:
    """What is cut from the whole result of a transposed convolution, or added to it where the stride is longer."""
    source = source_size(node, network)
    window = axes(node.op, source, node.strides, kernel[2:], node.padding)
    whole = [(size - 1) * axis.stride + axis.taps for size, axis in zip(source, window, strict=False)]
    before = [axis.before for axis in window]
    behind = [full - axis.size - axis.before for full, axis in zip(whole, window, strict=True)]
    return {
        "pads": before + [max(edge, 0) for edge in behind],
        "output_padding": [max(-edge, 0) for edge in behind],
    }

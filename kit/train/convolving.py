"""Convolutions and activations of a network as Keras layers."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray

from kit.models.manifest import Activation, Clip, Convolution, Elu, Leaky, Plain, Prelu
from kit.train.building import Building, Value

Floats = NDArray[np.float32]
NONE = ((0, 0), (0, 0))
KERAS_NAMES = {"swish": "silu"}


def convolved(node: Convolution, value: Value, building: Building) -> Value:
    """Apply a convolution of any of the three kinds, with its padding and activation."""
    make = {"conv2d": _plain, "depthwise_conv2d": _by_channel, "conv2d_transpose": _transposed}
    return activated(node.activation, make[node.op](node, value, building), node.name, building)


def _weights(node: Convolution, building: Building) -> list[Floats]:
    return [building.tensors[name] for name in (node.kernel, node.bias) if name is not None]


def _plain(node: Convolution, value: Value, building: Building) -> Value:
    kernel = building.tensors[node.kernel]
    value, padding = _surrounded(node, value, building)
    layer = layers.Conv2D(kernel.shape[3], kernel.shape[:2], **_settings(node, padding, building))
    return building.layer(layer, value, *_weights(node, building))


def _by_channel(node: Convolution, value: Value, building: Building) -> Value:
    kernel = building.tensors[node.kernel]
    high, wide, taken, times = kernel.shape
    value, padding = _surrounded(node, value, building)
    settings = _settings(node, padding, building)
    if node.strides[0] == node.strides[1]:
        by_channel = layers.DepthwiseConv2D((high, wide), depth_multiplier=times, **settings)
        return building.layer(by_channel, value, *_weights(node, building))
    # TensorFlow's kernels take one stride for both sides; a whole convolution with zeros in it takes two.
    whole = np.zeros((high, wide, taken, taken, times), np.float32)
    whole[:, :, range(taken), range(taken)] = kernel
    layer = layers.Conv2D(taken * times, (high, wide), **settings)
    return building.layer(layer, value, whole.reshape(high, wide, taken, -1), *_weights(node, building)[1:])


def _transposed(node: Convolution, value: Value, building: Building) -> Value:
    kernel = building.tensors[node.kernel]
    padding, cut = ("valid", node.padding) if not isinstance(node.padding, str) else (node.padding, NONE)
    settings = _settings(node, padding, building)
    made = building.layer(
        layers.Conv2DTranspose(kernel.shape[2], kernel.shape[:2], **settings),
        value,
        *_weights(node, building),
    )
    # Where a stride is longer than the kernel, Keras adds places behind the last that explicit edges do not count.
    behind = [0 if padding == node.padding else max(node.strides[i] - kernel.shape[i], 0) for i in (0, 1)]
    edges = tuple((first, last + more) for (first, last), more in zip(cut, behind, strict=True))
    return made if edges == NONE else layers.Cropping2D(edges, name=building.free(f"{node.name}_cut"))(made)


def _surrounded(node: Convolution, value: Value, building: Building) -> tuple[Value, str]:
    if isinstance(node.padding, str):
        return value, node.padding
    return layers.ZeroPadding2D(node.padding, name=building.free(f"{node.name}_pad"))(value), "valid"


def _settings(node: Convolution, padding: str, building: Building) -> dict[str, Any]:
    use_bias = node.bias is not None
    return {
        "strides": node.strides,
        "padding": padding,
        "use_bias": use_bias,
        "name": building.free(node.name),
    }


def activated(activation: Activation, value: Value, name: str, building: Building) -> Value:
    """Apply an activation, as a layer of its own; ``name``: of the node that it belongs to."""
    label = building.free(f"{name}_activation")
    match activation:
        case Plain(type="linear"):
            return value
        case Plain(type="relu6"):
            return layers.ReLU(max_value=6.0, name=label)(value)
        case Plain():
            return layers.Activation(KERAS_NAMES.get(activation.type, activation.type), name=label)(value)
        case Leaky():
            return layers.LeakyReLU(negative_slope=activation.alpha, name=label)(value)
        case Elu():
            return layers.ELU(name=label)(value)
        case Prelu():
            slopes = building.tensors[activation.slopes].reshape(1, 1, -1)
            return building.layer(layers.PReLU(shared_axes=[1, 2], name=label), value, slopes)
        case Clip():
            return keras.ops.clip(value, activation.low, activation.high)

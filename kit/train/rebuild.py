"""A bundle's graph as a Keras model again: what makes golden outputs and measures what storage costs."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray

from kit.models.manifest import Activation, Concat, Convolution, Leaky, Node

Floats = NDArray[np.float32]


def rebuild(
    graph: tuple[Node, ...], input_shape: tuple[int, int, int], output: str, tensors: dict[str, Floats]
) -> keras.Model:
    """A Keras model of a graph, with the given weights (as stored, scales applied). Inference only."""
    start = keras.Input(input_shape, name="input")
    values: dict[str, Any] = {"input": start}
    for node in graph:
        inputs = [values[name] for name in node.inputs]
        if isinstance(node, Concat):
            values[node.name] = layers.Concatenate(name=node.name)(inputs)
        else:
            values[node.name] = _activated(node.activation)(_layer(node, tensors)(inputs[0]))
    model = keras.Model(start, values[output])
    for node in graph:
        if isinstance(node, Convolution):
            weights = [tensors[node.kernel]] + ([tensors[node.bias]] if node.bias else [])
            model.get_layer(node.name).set_weights(weights)
    return model


def _layer(node: Convolution, tensors: dict[str, Floats]) -> keras.Layer:
    transposed = node.op == "conv2d_transpose"
    shape = tensors[node.kernel].shape
    kind = layers.Conv2DTranspose if transposed else layers.Conv2D
    return kind(
        shape[2] if transposed else shape[3],
        shape[:2],
        strides=node.strides,
        padding=node.padding,
        use_bias=node.bias is not None,
        name=node.name,
    )


def _activated(activation: Activation) -> keras.Layer:
    if isinstance(activation, Leaky):
        return layers.LeakyReLU(negative_slope=activation.alpha)
    return layers.Activation(activation.type)

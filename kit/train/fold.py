"""A trained Keras network as a network of the kit: batch norm folded, dropout gone."""

from __future__ import annotations

from typing import Any, cast

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray

from kit.models.fusing import fused
from kit.models.manifest import Activated, Activation, Affine, Concat, Convolution, Leaky, Node, Plain
from kit.models.manifest import Shape as Extents
from kit.models.network import Network

Floats = NDArray[np.float32]
PLAIN = {"linear", "relu", "relu6", "tanh", "sigmoid"}
_ACTIVATIONS = layers.LeakyReLU | layers.ReLU | layers.Activation


class FoldError(ValueError):
    """A layer that training here does not make. (Models of others come in another way: ``kit models add``.)"""


def fold(model: keras.Model) -> Network:
    """The network of a functional model that is made of what ``kit.train.generator`` uses. Exact in inference mode:
    kernel * gamma / sqrt(variance + epsilon), bias = beta - mean * that factor.
    """
    return fused(unfused(model))


def own_biases(model: keras.Model) -> int:
    """Values of the biases that the model had by itself, not through a norm."""
    return sum(layer.bias.shape[0] for layer in model.layers if getattr(layer, "use_bias", False))


def unfused(model: keras.Model) -> Network:
    """The same network with a node for each layer."""
    folding = _Folding(model)
    for layer in model.layers:
        folding.add(layer)
    return Network("input", _shape(model.input), folding.names[id(model.output)], *folding.made())


class _Folding:
    """Nodes and tensors so far, and the name of each Keras tensor."""

    def __init__(self, model: keras.Model) -> None:
        self.names = {id(model.input): "input"}
        self.nodes: list[Node] = []
        self.tensors: dict[str, Floats] = {}

    def made(self) -> tuple[tuple[Node, ...], dict[str, Floats]]:
        return tuple(self.nodes), self.tensors

    def add(self, layer: keras.Layer) -> None:
        """Add the nodes of a layer. Raises FoldError for one that is not known."""
        if isinstance(layer, layers.InputLayer):
            return
        inputs = layer.input if isinstance(layer.input, list) else [layer.input]
        sources = tuple(self.names[id(value)] for value in inputs)
        if not isinstance(layer, layers.Dropout):
            self.nodes.append(self.node(layer, sources))
        self.names[id(layer.output)] = (
            sources[0] if isinstance(layer, layers.Dropout) else self.nodes[-1].name
        )

    def node(self, layer: keras.Layer, sources: tuple[str, ...]) -> Node:
        shape, source = _shape(layer.output), (sources[0],)
        if isinstance(layer, layers.Conv2D | layers.Conv2DTranspose):
            return self.convolution(layer, source, shape)
        if isinstance(layer, layers.Concatenate):
            return Concat(name=layer.name, op="concat", inputs=sources, axis=-1, shape=shape)
        if isinstance(layer, layers.BatchNormalization):
            return self.norm(layer, source, shape)
        if isinstance(layer, _ACTIVATIONS):
            activation = _activation(layer)
            return Activated(
                name=layer.name, op="activation", inputs=source, activation=activation, shape=shape
            )
        raise FoldError(f"layer {layer.name} ({type(layer).__name__}) cannot be stored in a bundle")

    def convolution(self, layer: keras.Layer, source: tuple[str], shape: Extents) -> Convolution:
        return Convolution(
            name=layer.name,
            op="conv2d_transpose" if isinstance(layer, layers.Conv2DTranspose) else "conv2d",
            inputs=source,
            kernel=self.tensor(layer, "kernel", layer.kernel),
            bias=self.tensor(layer, "bias", layer.bias) if layer.use_bias else None,
            strides=tuple(layer.strides),
            padding=layer.padding,
            activation=_plain(layer),
            shape=shape,
        )

    def norm(self, layer: keras.Layer, source: tuple[str], shape: Extents) -> Affine:
        gamma, beta, mean, variance = (
            np.asarray(part, np.float64)
            for part in (layer.gamma, layer.beta, layer.moving_mean, layer.moving_variance)
        )
        factor = gamma / np.sqrt(variance + layer.epsilon)
        return Affine(
            name=layer.name,
            op="affine",
            inputs=source,
            scale=self.tensor(layer, "scale", factor),
            shift=self.tensor(layer, "shift", beta - mean * factor),
            shape=shape,
        )

    def tensor(self, layer: keras.Layer, part: str, values: Any) -> str:
        name = f"{layer.name}/{part}"
        self.tensors[name] = np.asarray(values, np.float32)
        return name


def _activation(layer: keras.Layer) -> Activation:
    if isinstance(layer, layers.LeakyReLU):
        return Leaky(type="leaky_relu", alpha=float(layer.negative_slope))
    return Plain(type="relu") if isinstance(layer, layers.ReLU) else _plain(layer)


def _plain(layer: keras.Layer) -> Plain:
    name = layer.activation.__name__
    if name not in PLAIN:
        raise FoldError(f"layer {layer.name}: activation {name} cannot be stored in a bundle")
    return Plain.model_validate({"type": name})


def _shape(value: keras.KerasTensor) -> Extents:
    return cast(Extents, tuple(int(extent) for extent in value.shape[1:]))

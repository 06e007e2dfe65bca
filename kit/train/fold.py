"""A trained Keras network as a bundle's graph: batch norm folded, dropout gone, dead taps named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray

from kit.models.arithmetic import axes, live_taps, multiply_adds
from kit.models.manifest import Activation, Concat, Convolution, Leaky, Node, Parameters, Plain
from kit.models.weights import Kernel

Floats = NDArray[np.float32]


class FoldError(ValueError):
    """A layer that a bundle's graph has no word for."""


@dataclass(frozen=True)
class Folded:
    """A network ready to be stored."""

    graph: tuple[Node, ...]
    kernels: dict[str, Kernel]
    biases: dict[str, Floats]
    parameters: Parameters


def fold(model: keras.Model) -> Folded:
    """Fold a functional model whose convolutions are each followed by at most one norm and one activation.

    Exact in inference mode: kernel * gamma / sqrt(variance + epsilon), bias = beta - mean * that factor.
    """
    followers = _followers(model)
    names = {id(model.input): "input"}
    nodes: list[Node] = []
    kernels: dict[str, Kernel] = {}
    biases: dict[str, Floats] = {}
    for layer in model.layers:
        if isinstance(layer, layers.Conv2D | layers.Conv2DTranspose):
            chain = _chain(layer, followers)
            node, kernel, bias = _convolution(layer, chain, names[id(layer.input)])
            kernels[node.kernel] = kernel
            if bias is not None and node.bias is not None:
                biases[node.bias] = bias
            nodes.append(node)
            names[id(chain[-1].output)] = node.name
        elif isinstance(layer, layers.Concatenate):
            inputs = tuple(names[id(value)] for value in layer.input)
            nodes.append(Concat(name=layer.name, op="concat", inputs=inputs, axis=-1, shape=_shape(layer)))
            names[id(layer.output)] = layer.name
        elif not isinstance(
            layer, layers.InputLayer | layers.BatchNormalization | layers.Dropout | _ACTIVATIONS
        ):
            raise FoldError(f"layer {layer.name} ({type(layer).__name__}) cannot be stored in a bundle")
    return Folded(tuple(nodes), kernels, biases, _counted(model, nodes, kernels, biases))


_ACTIVATIONS = layers.LeakyReLU | layers.ReLU | layers.Activation


def _followers(model: keras.Model) -> dict[int, list[keras.Layer]]:
    """Layers that take a tensor, by the tensor's id."""
    taking: dict[int, list[keras.Layer]] = {}
    for layer in model.layers:
        if not isinstance(layer, layers.InputLayer):
            for value in layer.input if isinstance(layer.input, list) else [layer.input]:
                taking.setdefault(id(value), []).append(layer)
    return taking


def _chain(layer: keras.Layer, followers: dict[int, list[keras.Layer]]) -> list[keras.Layer]:
    """The convolution and what is folded into it: norm, dropout and activation that follow it alone."""
    chain = [layer]
    while True:
        after = followers.get(id(chain[-1].output), [])
        foldable = layers.BatchNormalization | layers.Dropout | _ACTIVATIONS
        if len(after) != 1 or not isinstance(after[0], foldable):
            return chain
        chain.append(after[0])


def _convolution(
    layer: keras.Layer, chain: list[keras.Layer], source: str
) -> tuple[Convolution, Kernel, Floats | None]:
    transposed = isinstance(layer, layers.Conv2DTranspose)
    op: Literal["conv2d", "conv2d_transpose"] = "conv2d_transpose" if transposed else "conv2d"
    values, bias = np.asarray(layer.kernel, np.float64), None
    if layer.use_bias:
        bias = np.asarray(layer.bias, np.float64)
    for norm in (part for part in chain if isinstance(part, layers.BatchNormalization)):
        values, bias = _normed(values, bias, norm, transposed)
    pair = axes(op, layer.input.shape[1:3], layer.strides, layer.kernel_size)
    node = Convolution(
        name=layer.name,
        op=op,
        inputs=(source,),
        kernel=f"{layer.name}/kernel",
        bias=None if bias is None else f"{layer.name}/bias",
        strides=tuple(layer.strides),
        padding=layer.padding,
        activation=_activation(chain),
        shape=_shape(layer),
    )
    kernel = Kernel(values.astype(np.float32), 2 if transposed else 3, live_taps(pair))
    return node, kernel, None if bias is None else bias.astype(np.float32)


def _normed(
    values: NDArray[np.float64], bias: NDArray[np.float64] | None, norm: keras.Layer, transposed: bool
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    mean, variance = np.asarray(norm.moving_mean, np.float64), np.asarray(norm.moving_variance, np.float64)
    factor = np.asarray(norm.gamma, np.float64) / np.sqrt(variance + norm.epsilon)
    shift = np.asarray(norm.beta, np.float64) + ((0 if bias is None else bias) - mean) * factor
    return values * (factor[:, None] if transposed else factor), shift


def _activation(chain: list[keras.Layer]) -> Activation:
    for layer in chain[1:]:
        if isinstance(layer, layers.LeakyReLU):
            return Leaky(type="leaky_relu", alpha=float(layer.negative_slope))
        if isinstance(layer, layers.ReLU):
            return Plain(type="relu")
    name = chain[0].activation.__name__
    if name not in {"linear", "relu", "tanh", "sigmoid"}:
        raise FoldError(f"layer {chain[0].name}: activation {name} cannot be stored in a bundle")
    return Plain(type=name)


def _shape(layer: keras.Layer) -> tuple[int, int, int]:
    return tuple(int(extent) for extent in layer.output.shape[1:])  # type: ignore[return-value]


def _counted(
    model: keras.Model, nodes: list[Node], kernels: dict[str, Kernel], biases: dict[str, Floats]
) -> Parameters:
    met = [_work(model, node, kernels[node.kernel]) for node in nodes if isinstance(node, Convolution)]
    kept = sum(kernel.kept().size for kernel in kernels.values())
    own_biases = sum(layer.bias.shape[0] for layer in model.layers if getattr(layer, "use_bias", False))
    return Parameters(
        total=model.count_params(),
        live=kept + own_biases,
        stored_values=kept + sum(bias.size for bias in biases.values()),
        multiply_adds=sum(work[0] for work in met),
        multiply_adds_live=sum(work[1] for work in met),
    )


def _work(model: keras.Model, node: Convolution, kernel: Kernel) -> tuple[int, int]:
    layer = model.get_layer(node.name)
    pair = axes(node.op, layer.input.shape[1:3], node.strides, kernel.values.shape[:2])
    return multiply_adds(pair, kernel.values.shape[2] * kernel.values.shape[3])

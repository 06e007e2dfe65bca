"""A network as a Keras model again: what makes golden outputs, measures what storage costs, and is exported.

Standard layers wherever Keras has them, so that other software reads the model; ``keras.ops`` for the rest. Each rule
gives what the NumPy reference gives (tests compare them).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import singledispatchmethod
from typing import Any

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray

from kit.models.graph import check_network, pruned
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
from kit.models.network import Network
from kit.models.resizing import resize_matrix

Floats = NDArray[np.float32]
Value = Any  # a Keras tensor
NONE = ((0, 0), (0, 0))
NAMED_BY_KERAS = r"(clip|divide|pad|reciprocal|rsqrt|sqrt)(_\d+)?"  # operations that cannot be given a name


def rebuild(network: Network) -> keras.Model:
    """A functional Keras model [n, h, w, c] -> [n, h, w, c] with the network's weights. Inference only.

    A layer has the name of its node where Keras allows it. Raises BundleError for a network that does not connect.
    """
    network = pruned(network)
    check_network(network)
    return _Rebuilding(network).model()


class _Rebuilding:
    """One rebuilding: values by name, and names that are still free."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.tensors = network.tensors
        self.taken: set[str] = set()
        self.start = keras.Input(network.input_shape, name=self.free(network.input))
        self.values: dict[str, Value] = {network.input: self.start}

    def model(self) -> keras.Model:
        for node in self.network.nodes:
            inputs = [self.values[name] for name in node.inputs]
            self.values[node.name] = self.apply(node, inputs)
        return keras.Model(self.start, self.values[self.network.output])

    def free(self, name: str) -> str:
        """A name that Keras takes (it keeps / for itself) and that no other layer has."""
        plain = re.sub(r"[^A-Za-z0-9_.-]", "_", name)
        if re.fullmatch(NAMED_BY_KERAS, plain):
            plain = f"{plain}_node"
        made, number = plain, 2
        while made in self.taken:
            made, number = f"{plain}_{number}", number + 1
        self.taken.add(made)
        return made

    def layer(self, layer: keras.Layer, value: Value, *weights: NDArray[Any]) -> Value:
        """Apply a layer and give it its weights."""
        made = layer(value)
        if weights:
            layer.set_weights([np.asarray(part, np.float32) for part in weights])
        return made

    @singledispatchmethod
    def apply(self, node: Node, inputs: Sequence[Value]) -> Value:
        raise TypeError(f"{type(node).__name__} cannot be rebuilt")

    @apply.register
    def _(self, node: Convolution, inputs: Sequence[Value]) -> Value:
        make = {
            "conv2d": self.convolved,
            "depthwise_conv2d": self.convolved_by_channel,
            "conv2d_transpose": self.convolved_back,
        }
        return self.activated(node.activation, make[node.op](node, inputs[0]), node.name)

    def weights(self, node: Convolution) -> list[Floats]:
        return [self.tensors[name] for name in (node.kernel, node.bias) if name is not None]

    def convolved(self, node: Convolution, value: Value) -> Value:
        kernel = self.tensors[node.kernel]
        value, padding = self.surrounded(node, value)
        layer = layers.Conv2D(kernel.shape[3], kernel.shape[:2], **self.settings(node, padding))
        return self.layer(layer, value, *self.weights(node))

    def convolved_by_channel(self, node: Convolution, value: Value) -> Value:
        kernel = self.tensors[node.kernel]
        high, wide, taken, times = kernel.shape
        value, padding = self.surrounded(node, value)
        settings = self.settings(node, padding)
        if node.strides[0] == node.strides[1]:
            by_channel = layers.DepthwiseConv2D((high, wide), depth_multiplier=times, **settings)
            return self.layer(by_channel, value, *self.weights(node))
        # TensorFlow's kernels take one stride for both sides; a whole convolution with zeros in it takes two.
        whole = np.zeros((high, wide, taken, taken, times), np.float32)
        whole[:, :, range(taken), range(taken)] = kernel
        layer = layers.Conv2D(taken * times, (high, wide), **settings)
        return self.layer(layer, value, whole.reshape(high, wide, taken, -1), *self.weights(node)[1:])

    def convolved_back(self, node: Convolution, value: Value) -> Value:
        kernel = self.tensors[node.kernel]
        padding, cut = ("valid", node.padding) if not isinstance(node.padding, str) else (node.padding, NONE)
        settings = self.settings(node, padding)
        made = self.layer(
            layers.Conv2DTranspose(kernel.shape[2], kernel.shape[:2], **settings), value, *self.weights(node)
        )
        # Where a stride is longer than the kernel, Keras adds places behind the last that explicit edges do not count.
        behind = [0 if padding == node.padding else max(node.strides[i] - kernel.shape[i], 0) for i in (0, 1)]
        edges = tuple((first, last + more) for (first, last), more in zip(cut, behind, strict=True))
        return made if edges == NONE else layers.Cropping2D(edges, name=self.free(f"{node.name}_cut"))(made)

    def surrounded(self, node: Convolution, value: Value) -> tuple[Value, str]:
        if isinstance(node.padding, str):
            return value, node.padding
        return layers.ZeroPadding2D(node.padding, name=self.free(f"{node.name}_pad"))(value), "valid"

    def settings(self, node: Convolution, padding: str) -> dict[str, Any]:
        use_bias = node.bias is not None
        return {
            "strides": node.strides,
            "padding": padding,
            "use_bias": use_bias,
            "name": self.free(node.name),
        }

    @apply.register
    def _(self, node: Concat, inputs: Sequence[Value]) -> Value:
        return layers.Concatenate(name=self.free(node.name))(list(inputs))

    @apply.register
    def _(self, node: Activated, inputs: Sequence[Value]) -> Value:
        return self.activated(node.activation, inputs[0], node.name)

    @apply.register
    def _(self, node: Affine, inputs: Sequence[Value]) -> Value:
        scale, shift = self.tensors[node.scale], self.tensors[node.shift]
        norm = layers.BatchNormalization(epsilon=0.0, name=self.free(node.name))
        return self.layer(norm, inputs[0], scale, shift, np.zeros_like(scale), np.ones_like(scale))

    @apply.register
    def _(self, node: InstanceNorm, inputs: Sequence[Value]) -> Value:
        channels = inputs[0].shape[-1]
        norm = layers.GroupNormalization(
            channels,
            epsilon=node.epsilon,
            scale=node.scale is not None,
            center=node.shift is not None,
            name=self.free(node.name),
        )
        weights = [self.tensors[name] for name in (node.scale, node.shift) if name is not None]
        return self.layer(norm, inputs[0], *weights)

    @apply.register
    def _(self, node: Binary, inputs: Sequence[Value]) -> Value:
        merges: dict[str, Callable[..., keras.Layer]] = {
            "add": layers.Add,
            "sub": layers.Subtract,
            "mul": layers.Multiply,
            "maximum": layers.Maximum,
            "minimum": layers.Minimum,
        }
        if node.op == "div":
            return keras.ops.divide(*inputs)
        return merges[node.op](name=self.free(node.name))(list(inputs))

    @apply.register
    def _(self, node: Unary, inputs: Sequence[Value]) -> Value:
        value = inputs[0]
        match node.op:
            case "exp":
                return layers.Activation("exponential", name=self.free(node.name))(value)
            case "neg":
                return layers.Rescaling(-1.0, name=self.free(node.name))(value)
            case "square":
                return layers.Multiply(name=self.free(node.name))([value, value])
            case "abs":
                mirrored = layers.Rescaling(-1.0, name=self.free(f"{node.name}_mirrored"))(value)
                return layers.Maximum(name=self.free(node.name))([value, mirrored])
            case _:
                return {
                    "reciprocal": keras.ops.reciprocal,
                    "rsqrt": keras.ops.rsqrt,
                    "sqrt": keras.ops.sqrt,
                }[node.op](value)

    @apply.register
    def _(self, node: Constant, inputs: Sequence[Value]) -> Value:
        # A layer needs an input: nothing of the picture's mean, and the constant as the bias.
        values = self.tensors[node.value]
        small = layers.GlobalAveragePooling2D(keepdims=True, name=self.free(f"{node.name}_mean"))(self.start)
        layer = layers.Conv2D(values.size, 1, name=self.free(node.name))
        flat = self.layer(
            layer, small, np.zeros((1, 1, self.start.shape[-1], values.size)), values.reshape(-1)
        )
        if values.shape[:2] == (1, 1):
            return flat
        return layers.Reshape(values.shape, name=self.free(f"{node.name}_shaped"))(flat)

    @apply.register
    def _(self, node: Mean, inputs: Sequence[Value]) -> Value:
        return layers.GlobalAveragePooling2D(keepdims=True, name=self.free(node.name))(inputs[0])

    @apply.register
    def _(self, node: Pad, inputs: Sequence[Value]) -> Value:
        if node.mode == "zero":
            return layers.ZeroPadding2D(node.edges, name=self.free(node.name))(inputs[0])
        return keras.ops.pad(inputs[0], ((0, 0), *node.edges, (0, 0)), mode=node.mode)

    @apply.register
    def _(self, node: Crop, inputs: Sequence[Value]) -> Value:
        return layers.Cropping2D(node.edges, name=self.free(node.name))(inputs[0])

    @apply.register
    def _(self, node: Resize, inputs: Sequence[Value]) -> Value:
        (_, high, wide, _), (to_high, to_wide, _) = inputs[0].shape, node.shape
        whole = to_high % high == 0 and to_wide % wide == 0
        if whole and (node.coordinates == "half_pixel" or (node.method, node.coordinates) == REPEATED):
            factor = (to_high // high, to_wide // wide)
            return layers.UpSampling2D(factor, interpolation=node.method, name=self.free(node.name))(
                inputs[0]
            )
        value = inputs[0]
        for axis, source, target, order in ((0, high, to_high, (3, 2, 1)), (1, wide, to_wide, (1, 3, 2))):
            matrix = resize_matrix(source, target, node.method, node.coordinates)
            dense = layers.Dense(target, use_bias=False, name=self.free(f"{node.name}_{axis}"))
            turn, back = (
                layers.Permute(order, name=self.free(f"{node.name}_{axis}_{way}")) for way in ("turn", "back")
            )
            value = back(self.layer(dense, turn(value), matrix.T))
        return value

    @apply.register
    def _(self, node: Pool, inputs: Sequence[Value]) -> Value:
        kind = layers.MaxPooling2D if node.op == "max_pool" else layers.AveragePooling2D
        return kind(node.window, strides=node.strides, padding=node.padding, name=self.free(node.name))(
            inputs[0]
        )

    @apply.register
    def _(self, node: DepthToSpace, inputs: Sequence[Value]) -> Value:
        _, high, wide, channels = inputs[0].shape
        blocks = (high, wide, node.block, node.block, channels // node.block**2)
        split = layers.Reshape(blocks, name=self.free(f"{node.name}_split"))(inputs[0])
        turned = layers.Permute((1, 3, 2, 4, 5), name=self.free(f"{node.name}_turn"))(split)
        return layers.Reshape(node.shape, name=self.free(node.name))(turned)

    def activated(self, activation: Activation, value: Value, name: str) -> Value:
        label = self.free(f"{name}_activation")
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
                slopes = self.tensors[activation.slopes].reshape(1, 1, -1)
                return self.layer(layers.PReLU(shared_axes=[1, 2], name=label), value, slopes)
            case Clip():
                return keras.ops.clip(value, activation.low, activation.high)


KERAS_NAMES = {"swish": "silu"}
REPEATED = ("nearest", "asymmetric")

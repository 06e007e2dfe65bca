"""A network as a Keras model again: what makes golden outputs, measures what storage costs, and is exported.

Standard layers wherever Keras has them, so that other software reads the model; ``keras.ops`` for the rest. Each rule
gives what the NumPy reference gives (tests compare them).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import singledispatch

import keras
import numpy as np
from keras import layers

from kit.models.graph import check_network, pruned
from kit.models.manifest import (
    Activated,
    Affine,
    Binary,
    Concat,
    Constant,
    Convolution,
    Crop,
    DepthToSpace,
    InstanceNorm,
    Mean,
    Node,
    Pad,
    Pool,
    Resize,
    Unary,
)
from kit.models.network import Network
from kit.models.resizing import resize_matrix
from kit.train.building import Building, Value
from kit.train.convolving import activated, convolved

REPEATED = ("nearest", "asymmetric")


def rebuild(network: Network) -> keras.Model:
    """A functional Keras model [n, h, w, c] -> [n, h, w, c] with the network's weights. Inference only.

    A layer has the name of its node where Keras allows it. Raises BundleError for a network that does not connect.
    """
    network = pruned(network)
    check_network(network)
    building = Building(network)
    values: dict[str, Value] = {network.input: building.start}
    for node in network.nodes:
        values[node.name] = _applied(node, [values[name] for name in node.inputs], building)
    return keras.Model(building.start, values[network.output])


@singledispatch
def _applied(node: Node, inputs: Sequence[Value], building: Building) -> Value:
    raise TypeError(f"{type(node).__name__} cannot be rebuilt")


@_applied.register
def _(node: Convolution, inputs: Sequence[Value], building: Building) -> Value:
    return convolved(node, inputs[0], building)


@_applied.register
def _(node: Concat, inputs: Sequence[Value], building: Building) -> Value:
    return layers.Concatenate(name=building.free(node.name))(list(inputs))


@_applied.register
def _(node: Activated, inputs: Sequence[Value], building: Building) -> Value:
    return activated(node.activation, inputs[0], node.name, building)


@_applied.register
def _(node: Affine, inputs: Sequence[Value], building: Building) -> Value:
    scale, shift = building.tensors[node.scale], building.tensors[node.shift]
    norm = layers.BatchNormalization(epsilon=0.0, name=building.free(node.name))
    return building.layer(norm, inputs[0], scale, shift, np.zeros_like(scale), np.ones_like(scale))


@_applied.register
def _(node: InstanceNorm, inputs: Sequence[Value], building: Building) -> Value:
    channels = inputs[0].shape[-1]
    norm = layers.GroupNormalization(
        channels,
        epsilon=node.epsilon,
        scale=node.scale is not None,
        center=node.shift is not None,
        name=building.free(node.name),
    )
    weights = [building.tensors[name] for name in (node.scale, node.shift) if name is not None]
    return building.layer(norm, inputs[0], *weights)


@_applied.register
def _(node: Binary, inputs: Sequence[Value], building: Building) -> Value:
    merges: dict[str, Callable[..., keras.Layer]] = {
        "add": layers.Add,
        "sub": layers.Subtract,
        "mul": layers.Multiply,
        "maximum": layers.Maximum,
        "minimum": layers.Minimum,
    }
    if node.op == "div":
        return keras.ops.divide(*inputs)
    return merges[node.op](name=building.free(node.name))(list(inputs))


@_applied.register
def _(node: Unary, inputs: Sequence[Value], building: Building) -> Value:
    value = inputs[0]
    match node.op:
        case "exp":
            return layers.Activation("exponential", name=building.free(node.name))(value)
        case "neg":
            return layers.Rescaling(-1.0, name=building.free(node.name))(value)
        case "square":
            return layers.Multiply(name=building.free(node.name))([value, value])
        case "abs":
            mirrored = layers.Rescaling(-1.0, name=building.free(f"{node.name}_mirrored"))(value)
            return layers.Maximum(name=building.free(node.name))([value, mirrored])
        case _:
            return {
                "reciprocal": keras.ops.reciprocal,
                "rsqrt": keras.ops.rsqrt,
                "sqrt": keras.ops.sqrt,
            }[node.op](value)


@_applied.register
def _(node: Constant, inputs: Sequence[Value], building: Building) -> Value:
    # A layer needs an input: nothing of the picture's mean, and the constant as the bias.
    values = building.tensors[node.value]
    small = layers.GlobalAveragePooling2D(keepdims=True, name=building.free(f"{node.name}_mean"))(
        building.start
    )
    layer = layers.Conv2D(values.size, 1, name=building.free(node.name))
    flat = building.layer(
        layer, small, np.zeros((1, 1, building.start.shape[-1], values.size)), values.reshape(-1)
    )
    if values.shape[:2] == (1, 1):
        return flat
    return layers.Reshape(values.shape, name=building.free(f"{node.name}_shaped"))(flat)


@_applied.register
def _(node: Mean, inputs: Sequence[Value], building: Building) -> Value:
    return layers.GlobalAveragePooling2D(keepdims=True, name=building.free(node.name))(inputs[0])


@_applied.register
def _(node: Pad, inputs: Sequence[Value], building: Building) -> Value:
    if node.mode == "zero":
        return layers.ZeroPadding2D(node.edges, name=building.free(node.name))(inputs[0])
    return keras.ops.pad(inputs[0], ((0, 0), *node.edges, (0, 0)), mode=node.mode)


@_applied.register
def _(node: Crop, inputs: Sequence[Value], building: Building) -> Value:
    return layers.Cropping2D(node.edges, name=building.free(node.name))(inputs[0])


@_applied.register
def _(node: Resize, inputs: Sequence[Value], building: Building) -> Value:
    (_, high, wide, _), (to_high, to_wide, _) = inputs[0].shape, node.shape
    whole = to_high % high == 0 and to_wide % wide == 0
    if whole and (node.coordinates == "half_pixel" or (node.method, node.coordinates) == REPEATED):
        factor = (to_high // high, to_wide // wide)
        return layers.UpSampling2D(factor, interpolation=node.method, name=building.free(node.name))(
            inputs[0]
        )
    value = inputs[0]
    for axis, source, target, order in ((0, high, to_high, (3, 2, 1)), (1, wide, to_wide, (1, 3, 2))):
        matrix = resize_matrix(source, target, node.method, node.coordinates)
        dense = layers.Dense(target, use_bias=False, name=building.free(f"{node.name}_{axis}"))
        turn, back = (
            layers.Permute(order, name=building.free(f"{node.name}_{axis}_{way}")) for way in ("turn", "back")
        )
        value = back(building.layer(dense, turn(value), matrix.T))
    return value


@_applied.register
def _(node: Pool, inputs: Sequence[Value], building: Building) -> Value:
    kind = layers.MaxPooling2D if node.op == "max_pool" else layers.AveragePooling2D
    return kind(node.window, strides=node.strides, padding=node.padding, name=building.free(node.name))(
        inputs[0]
    )


@_applied.register
def _(node: DepthToSpace, inputs: Sequence[Value], building: Building) -> Value:
    _, high, wide, channels = inputs[0].shape
    blocks = (high, wide, node.block, node.block, channels // node.block**2)
    split = layers.Reshape(blocks, name=building.free(f"{node.name}_split"))(inputs[0])
    turned = layers.Permute((1, 3, 2, 4, 5), name=building.free(f"{node.name}_turn"))(split)
    return layers.Reshape(node.shape, name=building.free(node.name))(turned)

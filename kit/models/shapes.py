"""What a node gives for what it gets: the shape of every operator's output, or a sentence about what does not fit."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import singledispatch
from typing import NoReturn

from kit.models.arithmetic import output_size
from kit.models.errors import BundleError
from kit.models.manifest import (
    LARGEST_CHANNELS,
    LARGEST_EXTENT,
    Activated,
    Activation,
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
    Prelu,
    Resize,
    Shape,
    Unary,
)

LARGEST_KERNEL = 64
LARGEST_VALUES = 2**26  # of one node: a quarter of a gigabyte of floats

Shapes = Sequence[Shape]
TensorShapes = Mapping[str, tuple[int, ...]]


def node_shape(node: Node, input_shapes: Shapes, tensors: TensorShapes) -> Shape:
    """Shape [height, width, channels] of what ``node`` gives; ``input_shapes`` in the order of its inputs.

    ``tensors``: the full shapes of the tensors by name. The node's own ``shape`` is read only where nothing else says
    it (a resize's size). Raises BundleError that names the node and the field.
    """
    if len(input_shapes) != len(node.inputs):
        _refuse(node, "inputs", f"there are {len(input_shapes)} shapes for {len(node.inputs)} inputs")
    shape = _shape(node, input_shapes, tensors)
    if min(shape) < 1:
        _refuse(node, "shape", f"it would give {list(shape)}: what it takes is too small for it")
    if max(shape[:2]) > LARGEST_EXTENT or shape[2] > LARGEST_CHANNELS or math.prod(shape) > LARGEST_VALUES:
        _refuse(node, "shape", f"it would give {list(shape)}, which is too large")
    return shape


def kernel_channels(op: str, shape: Sequence[int]) -> tuple[int, int]:
    """Channels that a kernel of this shape takes and makes."""
    if op == "conv2d_transpose":
        return shape[3], shape[2]
    return shape[2], shape[3] if op == "conv2d" else shape[2] * shape[3]


def _refuse(node: Node, field: str, says: str) -> NoReturn:
    raise BundleError(f"graph: {node.name}: {field}: {says}")


@singledispatch
def _shape(node: Node, inputs: Shapes, tensors: TensorShapes) -> Shape:
    raise TypeError(f"no shape is known for {type(node).__name__}")


@_shape.register
def _(node: Convolution, inputs: Shapes, tensors: TensorShapes) -> Shape:
    kernel = _tensor(node, "kernel", node.kernel, tensors)
    if len(kernel) != 4 or max(kernel[:2]) > LARGEST_KERNEL:
        _refuse(
            node,
            "kernel",
            f"{node.kernel} is {list(kernel)}, and no kernel of [height, width, channels, channels] up to 64x64",
        )
    taken, made = kernel_channels(node.op, kernel)
    if taken != inputs[0][2]:
        _refuse(node, "kernel", f"{node.name} gets {inputs[0][2]} channels, but {node.kernel} takes {taken}")
    if node.bias is not None:
        _expect(node, "bias", node.bias, (made,), tensors)
    _check_activation(node, node.activation, made, tensors)
    high, wide = output_size(node.op, inputs[0], node.strides, kernel, node.padding)
    return high, wide, made


@_shape.register
def _(node: Concat, inputs: Shapes, tensors: TensorShapes) -> Shape:
    high, wide, _channels = inputs[0]
    if any(shape[:2] != (high, wide) for shape in inputs):
        _refuse(node, "inputs", f"it joins inputs of different sizes, {_listed(inputs)}")
    return high, wide, sum(shape[2] for shape in inputs)


@_shape.register
def _(node: Activated, inputs: Shapes, tensors: TensorShapes) -> Shape:
    _check_activation(node, node.activation, inputs[0][2], tensors)
    return inputs[0]


@_shape.register(Affine)
@_shape.register(InstanceNorm)
def _(node: Affine | InstanceNorm, inputs: Shapes, tensors: TensorShapes) -> Shape:
    for field, name in (("scale", node.scale), ("shift", node.shift)):
        if name is not None:
            _expect(node, field, name, (inputs[0][2],), tensors)
    return inputs[0]


@_shape.register
def _(node: Unary, inputs: Shapes, tensors: TensorShapes) -> Shape:
    return inputs[0]


@_shape.register
def _(node: Binary, inputs: Shapes, tensors: TensorShapes) -> Shape:
    first, second = inputs
    if any(a != b and 1 not in {a, b} for a, b in zip(first, second, strict=True)):
        _refuse(node, "inputs", f"{_listed(inputs)} do not fit together")
    high, wide, channels = (b if a == 1 else a for a, b in zip(first, second, strict=True))
    return high, wide, channels


@_shape.register
def _(node: Constant, inputs: Shapes, tensors: TensorShapes) -> Shape:
    value = _tensor(node, "value", node.value, tensors)
    if len(value) != 3:
        _refuse(node, "value", f"{node.value} is {list(value)}, not [height, width, channels]")
    return value[0], value[1], value[2]


@_shape.register
def _(node: Mean, inputs: Shapes, tensors: TensorShapes) -> Shape:
    return 1, 1, inputs[0][2]


@_shape.register(Pad)
@_shape.register(Crop)
def _(node: Pad | Crop, inputs: Shapes, tensors: TensorShapes) -> Shape:
    high, wide, channels = inputs[0]
    if isinstance(node, Crop):
        return high - sum(node.edges[0]), wide - sum(node.edges[1]), channels
    for extent, edges in ((high, node.edges[0]), (wide, node.edges[1])):
        mirrored = {"zero": max(edges), "reflect": extent - 1, "symmetric": extent}[node.mode]
        if max(edges) > mirrored:
            _refuse(node, "edges", f"{node.mode} can add {mirrored} at most to {extent}, not {max(edges)}")
    return high + sum(node.edges[0]), wide + sum(node.edges[1]), channels


@_shape.register
def _(node: Resize, inputs: Shapes, tensors: TensorShapes) -> Shape:
    return node.shape[0], node.shape[1], inputs[0][2]


@_shape.register
def _(node: Pool, inputs: Shapes, tensors: TensorShapes) -> Shape:
    high, wide = output_size(node.op, inputs[0], node.strides, node.window, node.padding)
    return high, wide, inputs[0][2]


@_shape.register
def _(node: DepthToSpace, inputs: Shapes, tensors: TensorShapes) -> Shape:
    high, wide, channels = inputs[0]
    if channels % node.block**2:
        _refuse(node, "block", f"{channels} channels are no multiple of {node.block} x {node.block}")
    return high * node.block, wide * node.block, channels // node.block**2


def _check_activation(node: Node, activation: Activation, channels: int, tensors: TensorShapes) -> None:
    if isinstance(activation, Prelu):
        _expect(node, "activation.slopes", activation.slopes, (channels,), tensors)


def _tensor(node: Node, field: str, name: str, tensors: TensorShapes) -> tuple[int, ...]:
    if name not in tensors:
        _refuse(node, field, f"{name} is not among the tensors")
    return tensors[name]


def _expect(node: Node, field: str, name: str, shape: tuple[int, ...], tensors: TensorShapes) -> None:
    given = _tensor(node, field, name, tensors)
    if given != shape:
        _refuse(node, field, f"{name} must have the shape {list(shape)}, not {list(given)}")


def _listed(shapes: Shapes) -> str:
    return " and ".join(str(list(shape)) for shape in shapes)

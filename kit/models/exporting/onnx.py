"""A network as an ONNX file. Needs the ``onnx`` package.

Input and output are [1, height, width, channels], as everywhere in this kit; inside, where ONNX wants channels first,
they are turned. Opset 22 (ONNX 1.17, 2024): the newest that runtimes of the last two years read.
"""

from __future__ import annotations

from functools import singledispatch
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray

from kit.models.arithmetic import axes
from kit.models.errors import BundleError
from kit.models.exporting.notes import GENERATOR, Notes
from kit.models.exporting.onnx_graph import OnnxGraph
from kit.models.exporting.onnx_windows import cut, kernel_of, pads, source_size
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
    Edges,
    InstanceNorm,
    Leaky,
    Mean,
    Node,
    Pad,
    Pool,
    Prelu,
    Resize,
    Unary,
)
from kit.models.network import Network
from kit.models.resizing import nearest_places

OPSET = 22
IR_VERSION = 10  # what belongs to it
LARGEST_BYTES = 2_000_000_000  # a file of this kind ends at 2 GiB
INWARD, OUTWARD = (0, 3, 1, 2), (0, 2, 3, 1)
PLAIN = {"relu": "Relu", "tanh": "Tanh", "sigmoid": "Sigmoid", "elu": "Elu"}
BINARY = {"add": "Add", "sub": "Sub", "mul": "Mul", "div": "Div", "maximum": "Max", "minimum": "Min"}
UNARY = {name: (name.capitalize(),) for name in ("abs", "exp", "neg", "reciprocal", "sqrt")} | {
    "rsqrt": ("Sqrt", "Reciprocal")
}


def write_onnx(network: Network, file: Path, notes: Notes) -> None:
    """Write and check the file. Raises BundleError where the weights are too large for one."""
    if sum(tensor.nbytes for tensor in network.tensors.values()) > LARGEST_BYTES:
        raise BundleError(
            "an ONNX file holds 2 GB at most, and the weights are more; export to tfjs-graph instead"
        )
    model = onnx.helper.make_model(
        _graph(network, notes.name),
        opset_imports=[onnx.helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
        producer_name=GENERATOR.split()[0],
        producer_version=GENERATOR.split()[1],
        doc_string=notes.description,
    )
    onnx.helper.set_model_props(model, notes.as_texts())
    onnx.checker.check_model(model, full_check=True)
    file.write_bytes(model.SerializeToString())


def _graph(network: Network, name: str) -> Any:
    graph = OnnxGraph(network)
    values = {network.input: graph.add("Transpose", network.input, [graph.input], perm=INWARD)}
    for node in network.nodes:
        values[node.name] = _emit(node, graph, [values[each] for each in node.inputs])
    last = values[network.output]
    graph.nodes.append(
        onnx.helper.make_node("Transpose", [last], [graph.output], name=graph.output, perm=OUTWARD)
    )
    ends = (
        onnx.helper.make_tensor_value_info(each, onnx.TensorProto.FLOAT, (1, *shape))
        for each, shape in ((graph.input, network.input_shape), (graph.output, network.output_shape))
    )
    given, made = ends
    return onnx.helper.make_graph(graph.nodes, name, [given], [made], graph.constants)


@singledispatch
def _emit(node: Node, graph: OnnxGraph, inputs: list[str]) -> str:
    raise TypeError(f"{type(node).__name__} cannot be written")


@_emit.register
def _(node: Convolution, graph: OnnxGraph, inputs: list[str]) -> str:
    kernel, groups = kernel_of(node, graph.network.tensors[node.kernel])
    taken = [inputs[0], graph.constant(node.kernel, kernel)]
    if node.bias is not None:
        taken.append(graph.vector(node.bias))
    attributes: dict[str, Any] = {"strides": node.strides, "group": groups, "kernel_shape": kernel.shape[2:]}
    if node.op == "conv2d_transpose":
        made = graph.add(
            "ConvTranspose", node.name, taken, **attributes, **cut(node, kernel.shape, graph.network)
        )
    else:
        source = source_size(node, graph.network)
        window = axes(node.op, source, node.strides, kernel.shape[2:], node.padding)
        made = graph.add("Conv", node.name, taken, **attributes, pads=pads(window))
    return _activated(node.name, node.activation, graph, made)


def _activated(name: str, activation: Activation, graph: OnnxGraph, value: str) -> str:
    match activation:
        case Leaky():
            return graph.add("LeakyRelu", name, [value], alpha=activation.alpha)
        case Prelu():
            return graph.add("PRelu", name, [value, graph.per_channel(activation.slopes)])
        case Clip():
            return _clipped(name, activation.low, activation.high, graph, value)
    match activation.type:
        case "linear":
            return value
        case "relu6":
            return _clipped(name, 0, 6, graph, value)
        case "swish":
            return graph.add("Mul", name, [value, graph.add("Sigmoid", name, [value])])
        case _:
            return graph.add(PLAIN[activation.type], name, [value])


def _clipped(name: str, low: float, high: float, graph: OnnxGraph, value: str) -> str:
    ends = [graph.number(f"{name}/low", low), graph.number(f"{name}/high", high)]
    return graph.add("Clip", name, [value, *ends])


@_emit.register
def _(node: Activated, graph: OnnxGraph, inputs: list[str]) -> str:
    return _activated(node.name, node.activation, graph, inputs[0])


@_emit.register
def _(node: Concat, graph: OnnxGraph, inputs: list[str]) -> str:
    return graph.add("Concat", node.name, inputs, axis=1)


@_emit.register
def _(node: Affine, graph: OnnxGraph, inputs: list[str]) -> str:
    scaled = graph.add("Mul", node.name, [inputs[0], graph.per_channel(node.scale)])
    return graph.add("Add", node.name, [scaled, graph.per_channel(node.shift)])


@_emit.register
def _(node: InstanceNorm, graph: OnnxGraph, inputs: list[str]) -> str:
    channels = node.shape[2]
    scale = (
        graph.constant(f"{node.name}/ones", np.ones(channels, np.float32))
        if node.scale is None
        else graph.vector(node.scale)
    )
    shift = (
        graph.constant(f"{node.name}/zeros", np.zeros(channels, np.float32))
        if node.shift is None
        else graph.vector(node.shift)
    )
    return graph.add("InstanceNormalization", node.name, [inputs[0], scale, shift], epsilon=node.epsilon)


@_emit.register
def _(node: Binary, graph: OnnxGraph, inputs: list[str]) -> str:
    return graph.add(BINARY[node.op], node.name, inputs)


@_emit.register
def _(node: Unary, graph: OnnxGraph, inputs: list[str]) -> str:
    if node.op == "square":
        return graph.add("Mul", node.name, [inputs[0], inputs[0]])
    value = inputs[0]
    for op in UNARY[node.op]:
        value = graph.add(op, node.name, [value])
    return value


@_emit.register
def _(node: Constant, graph: OnnxGraph, inputs: list[str]) -> str:
    return graph.constant(node.name, graph.network.tensors[node.value].transpose(2, 0, 1)[None])


@_emit.register
def _(node: Mean, graph: OnnxGraph, inputs: list[str]) -> str:
    return graph.add("GlobalAveragePool", node.name, inputs)


@_emit.register
def _(node: Pad, graph: OnnxGraph, inputs: list[str]) -> str:
    if node.mode == "symmetric":  # which ONNX has not
        return _mirrored(node, graph, inputs[0])
    pads = graph.integers(f"{node.name}/edges", _four(node.edges))
    mode = "constant" if node.mode == "zero" else "reflect"
    return graph.add("Pad", node.name, [inputs[0], pads], mode=mode)


def _four(edges: Edges) -> list[int]:
    (top, bottom), (left, right) = edges
    return [0, 0, top, left, 0, 0, bottom, right]


def _mirrored(node: Pad, graph: OnnxGraph, value: str) -> str:
    source = source_size(node, graph.network)
    rows, columns = (
        np.pad(np.arange(source[axis], dtype=np.int64), node.edges[axis], mode="symmetric") for axis in (0, 1)
    )
    return _picked(node.name, graph, value, rows, columns)


def _picked(
    name: str, graph: OnnxGraph, value: str, rows: NDArray[np.int64], columns: NDArray[np.int64]
) -> str:
    value = graph.add("Gather", name, [value, graph.integers(f"{name}/rows", rows)], axis=2)
    return graph.add("Gather", name, [value, graph.integers(f"{name}/columns", columns)], axis=3)


@_emit.register
def _(node: Crop, graph: OnnxGraph, inputs: list[str]) -> str:
    (top, _), (left, _) = node.edges
    begin = graph.integers(f"{node.name}/begin", (top, left))
    end = graph.integers(f"{node.name}/end", (top + node.shape[0], left + node.shape[1]))
    return graph.add("Slice", node.name, [inputs[0], begin, end, graph.integers(f"{node.name}/axes", (2, 3))])


@_emit.register
def _(node: Resize, graph: OnnxGraph, inputs: list[str]) -> str:
    source = source_size(node, graph.network)
    doubled = node.shape[0] % source[0] == 0 and node.shape[1] % source[1] == 0
    if node.method == "bilinear":
        mode = {"mode": "linear", "coordinate_transformation_mode": node.coordinates}
    elif doubled and node.coordinates != "align_corners":
        mode = {"mode": "nearest", "nearest_mode": "floor", "coordinate_transformation_mode": "asymmetric"}
    else:  # by exact places, because runtimes round differently where the factor is no whole number
        rows, columns = (nearest_places(source[axis], node.shape[axis], node.coordinates) for axis in (0, 1))
        return _picked(node.name, graph, inputs[0], rows, columns)
    size = graph.integers(f"{node.name}/size", (1, node.shape[2], *node.shape[:2]))
    return graph.add("Resize", node.name, [inputs[0], "", "", size], **mode)


@_emit.register
def _(node: Pool, graph: OnnxGraph, inputs: list[str]) -> str:
    source = source_size(node, graph.network)
    window = axes(node.op, source, node.strides, node.window, node.padding)
    op = "MaxPool" if node.op == "max_pool" else "AveragePool"
    return graph.add(op, node.name, inputs, kernel_shape=node.window, strides=node.strides, pads=pads(window))


@_emit.register
def _(node: DepthToSpace, graph: OnnxGraph, inputs: list[str]) -> str:
    return graph.add("DepthToSpace", node.name, inputs, blocksize=node.block, mode="DCR")

"""A network as a TensorFlow.js graph model: a folder that ``tf.loadGraphModel`` loads.

All operators can be written. Input and output are [1, height, width, channels].
"""

from __future__ import annotations

from functools import singledispatch
from pathlib import Path
from typing import Any

import numpy as np

from kit.models.exporting.graph_def import Attributes, Graph, dimensions, integer, integers, text, texts
from kit.models.exporting.graph_steps import SIZES, activated, cut, mean, padded
from kit.models.exporting.notes import Notes
from kit.models.exporting.tfjs_files import write_model
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
    Leaky,
    Mean,
    Node,
    Pad,
    Pool,
    Resize,
    Unary,
)
from kit.models.network import Network

FUSED = {"relu": "Relu", "relu6": "Relu6", "elu": "Elu", "leaky_relu": "LeakyRelu"}
BINARY = {
    "add": "AddV2",
    "sub": "Sub",
    "mul": "Mul",
    "div": "RealDiv",
    "maximum": "Maximum",
    "minimum": "Minimum",
}
UNARY = {name: name.capitalize() for name in ("abs", "exp", "neg", "reciprocal", "rsqrt", "sqrt", "square")}
NHWC = {"data_format": text("NHWC")}


def write_tfjs_graph(network: Network, folder: Path, notes: Notes) -> None:
    """Write ``model.json`` and its shards into ``folder``, which must not exist."""
    graph = _graph(network)
    model = {
        "format": "graph-model",
        "signature": _signature(network, graph),
        "modelTopology": {"node": graph.nodes, "library": {}, "versions": {"producer": 1482}},
    }
    write_model(folder, model, graph.weights, notes)


def _signature(network: Network, graph: Graph) -> dict[str, Any]:
    ends = ((graph.input, network.input_shape), (graph.output, network.output_shape))
    given, made = (
        {name: {"name": f"{name}:0", "dtype": "DT_FLOAT", "tensorShape": dimensions((1, *shape))}}
        for name, shape in ends
    )
    return {"inputs": given, "outputs": made}


def _graph(network: Network) -> Graph:
    graph = Graph(network)
    values = {network.input: graph.input}
    for node in network.nodes:
        values[node.name] = _emit(node, graph, [values[name] for name in node.inputs])
    graph.add("Identity", graph.output, [values[network.output]], {}, own=True)
    return graph


@singledispatch
def _emit(node: Node, graph: Graph, inputs: list[str]) -> str:
    raise TypeError(f"{type(node).__name__} cannot be written")


@_emit.register
def _(node: Convolution, graph: Graph, inputs: list[str]) -> str:
    if node.op == "conv2d_transpose":
        made = _transposed(node, graph, inputs[0])
    else:
        source = inputs[0]
        if not isinstance(node.padding, str):
            source = padded(node.name, node.padding, graph, source)
        if node.op == "conv2d" and node.bias is not None:
            return _fused(node, graph, source)
        op = "Conv2D" if node.op == "conv2d" else "DepthwiseConv2dNative"
        made = graph.add(op, node.name, [source, graph.tensor(node.kernel)], _window(node))
    if node.bias is not None:
        made = graph.add("BiasAdd", node.name, [made, graph.tensor(node.bias)], NHWC)
    return activated(node.name, node.activation, graph, made)


def _window(node: Convolution) -> Attributes:
    padding = node.padding if isinstance(node.padding, str) else "valid"
    return {
        "strides": integers((1, *node.strides, 1)),
        "dilations": integers((1, 1, 1, 1)),
        "padding": text(padding.upper()),
        **NHWC,
    }


def _fused(node: Convolution, graph: Graph, source: str) -> str:
    """Convolution, bias and, where TensorFlow has it, activation as one node: one step on the GPU."""
    assert node.bias is not None
    kind = FUSED.get(node.activation.type)
    attributes = {
        **_window(node),
        "num_args": integer(1),
        "fused_ops": texts(["BiasAdd", *([kind] if kind else [])]),
        "epsilon": {"f": 0},
    }
    if isinstance(node.activation, Leaky):
        attributes["leakyrelu_alpha"] = {"f": node.activation.alpha}
    inputs = [source, graph.tensor(node.kernel), graph.tensor(node.bias)]
    made = graph.add("_FusedConv2D", node.name, inputs, attributes)
    return made if kind else activated(node.name, node.activation, graph, made)


def _transposed(node: Convolution, graph: Graph, source: str) -> str:
    high, wide, channels = node.shape
    if not isinstance(node.padding, str):  # all of it, then the edges off
        high, wide = high + sum(node.padding[0]), wide + sum(node.padding[1])
    size = graph.numbers(f"{node.name}/size", (1, high, wide, channels))
    kernel = graph.tensor(node.kernel)
    made = graph.add("Conv2DBackpropInput", node.name, [size, kernel, source], _window(node))
    return made if isinstance(node.padding, str) else cut(node.name, node.padding, node.shape, graph, made)


@_emit.register
def _(node: Activated, graph: Graph, inputs: list[str]) -> str:
    return activated(node.name, node.activation, graph, inputs[0])


@_emit.register
def _(node: Concat, graph: Graph, inputs: list[str]) -> str:
    axis = graph.constant(f"{node.name}/axis", np.array(3, np.int32))
    attributes = {"N": integer(len(inputs)), "Tidx": {"type": "DT_INT32"}}
    return graph.add("ConcatV2", node.name, [*inputs, axis], attributes)


@_emit.register
def _(node: Affine, graph: Graph, inputs: list[str]) -> str:
    scaled = graph.add("Mul", node.name, [inputs[0], graph.tensor(node.scale)], {})
    return graph.add("AddV2", node.name, [scaled, graph.tensor(node.shift)], {})


@_emit.register
def _(node: InstanceNorm, graph: Graph, inputs: list[str]) -> str:
    centred = graph.add("Sub", node.name, [inputs[0], mean(node.name, graph, inputs[0])], {})
    squares = graph.add("Square", node.name, [centred], {})
    epsilon = graph.number(f"{node.name}/epsilon", node.epsilon)
    variance = graph.add("AddV2", node.name, [mean(node.name, graph, squares), epsilon], {})
    made = graph.add("Mul", node.name, [centred, graph.add("Rsqrt", node.name, [variance], {})], {})
    if node.scale is not None:
        made = graph.add("Mul", node.name, [made, graph.tensor(node.scale)], {})
    if node.shift is not None:
        made = graph.add("AddV2", node.name, [made, graph.tensor(node.shift)], {})
    return made


@_emit.register
def _(node: Binary, graph: Graph, inputs: list[str]) -> str:
    return graph.add(BINARY[node.op], node.name, inputs, {})


@_emit.register
def _(node: Unary, graph: Graph, inputs: list[str]) -> str:
    return graph.add(UNARY[node.op], node.name, inputs, {})


@_emit.register
def _(node: Constant, graph: Graph, inputs: list[str]) -> str:
    return graph.constant(node.name, graph.network.tensors[node.value][None])


@_emit.register
def _(node: Mean, graph: Graph, inputs: list[str]) -> str:
    return mean(node.name, graph, inputs[0])


@_emit.register
def _(node: Pad, graph: Graph, inputs: list[str]) -> str:
    if node.mode == "zero":
        return padded(node.name, node.edges, graph, inputs[0])
    sizes = graph.numbers(f"{node.name}/edges", ((0, 0), *node.edges, (0, 0)))
    return graph.add("MirrorPad", node.name, [inputs[0], sizes], {"mode": text(node.mode.upper()), **SIZES})


@_emit.register
def _(node: Crop, graph: Graph, inputs: list[str]) -> str:
    return cut(node.name, node.edges, node.shape, graph, inputs[0])


@_emit.register
def _(node: Resize, graph: Graph, inputs: list[str]) -> str:
    size = graph.numbers(f"{node.name}/size", node.shape[:2])
    attributes = {
        "align_corners": {"b": node.coordinates == "align_corners"},
        "half_pixel_centers": {"b": node.coordinates == "half_pixel"},
    }
    op = "ResizeBilinear" if node.method == "bilinear" else "ResizeNearestNeighbor"
    return graph.add(op, node.name, [inputs[0], size], attributes)


@_emit.register
def _(node: Pool, graph: Graph, inputs: list[str]) -> str:
    attributes = {
        "ksize": integers((1, *node.window, 1)),
        "strides": integers((1, *node.strides, 1)),
        "padding": text(node.padding.upper()),
        **NHWC,
    }
    return graph.add("MaxPool" if node.op == "max_pool" else "AvgPool", node.name, inputs, attributes)


@_emit.register
def _(node: DepthToSpace, graph: Graph, inputs: list[str]) -> str:
    return graph.add("DepthToSpace", node.name, inputs, {"block_size": integer(node.block), **NHWC})

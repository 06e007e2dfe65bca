"""A network as a TensorFlow.js layers model: a folder that ``tf.loadLayersModel`` loads.

It means the same in Keras. A resize by anything but whole factors, and a padding with a mirror image, become matrices
(Dense): the layers for them differ between Keras and TensorFlow.js, or do not exist. What no layer can do is refused.
"""

from __future__ import annotations

from functools import singledispatch
from pathlib import Path
from typing import Any

import numpy as np

from kit.models.errors import BundleError
from kit.models.exporting.layer_convolutions import activated, convolved
from kit.models.exporting.layer_list import Writer, mirrored
from kit.models.exporting.notes import Notes
from kit.models.exporting.tfjs_files import Weight, write_model
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

MERGES = {"add": "Add", "mul": "Multiply", "maximum": "Maximum", "minimum": "Minimum"}


def write_tfjs_layers(network: Network, folder: Path, notes: Notes) -> None:
    """Write ``model.json`` and its shards into ``folder``, which must not exist.

    Raises BundleError, naming the node, where the network has an operator that no layer can stand for.
    """
    config, weights = layers_model(network, notes.name)
    topology = {
        "keras_version": "2.15.0",
        "backend": "tensorflow",
        "model_config": {"class_name": "Functional", "config": config},
    }
    write_model(folder, {"format": "layers-model", "modelTopology": topology}, weights, notes)


def layers_model(network: Network, name: str) -> tuple[dict[str, Any], list[Weight]]:
    """The configuration of a functional model as Keras 2 writes it, and its weights ("layer/weight"). Raises as above."""
    writer = Writer(network)
    for node in network.nodes:
        writer.values[node.name] = _emit(node, writer)
    layers, output = writer.layers, writer.values[network.output]
    needed = layers.needed_for(output)
    config = {
        "name": layers.names.fresh(name),
        "trainable": True,
        "layers": needed,
        "input_layers": [[layers.input, 0, 0]],
        "output_layers": [[output, 0, 0]],
    }
    return config, [weight for layer in needed for weight in layers.weights[layer["name"]]]


def _refuse(node: Node) -> BundleError:
    return BundleError(
        f"graph: {node.name}: no layer can stand for {node.op}; export to tfjs-graph, onnx or keras instead"
    )


@singledispatch
def _emit(node: Node, writer: Writer) -> str:
    raise TypeError(f"{type(node).__name__} cannot be written")


@_emit.register
def _(node: Convolution, writer: Writer) -> str:
    return convolved(node, writer)


@_emit.register
def _(node: Activated, writer: Writer) -> str:
    return activated(node, node.activation, writer, writer.inputs(node)[0])


@_emit.register
def _(node: Concat, writer: Writer) -> str:
    return writer.layers.add("Concatenate", node.name, writer.inputs(node), {"axis": -1})


@_emit.register
def _(node: Affine, writer: Writer) -> str:
    tensors = writer.network.tensors
    return writer.layers.affine(node.name, writer.inputs(node)[0], tensors[node.scale], tensors[node.shift])


@_emit.register
def _(node: InstanceNorm, writer: Writer) -> str:
    layers, tensors = writer.layers, writer.network.tensors
    high, wide, channels = node.shape
    # All places of a channel on the last axis: over two axes Keras and TensorFlow.js do not mean the same.
    flat = layers.permute(f"{node.name}_turn", writer.inputs(node)[0], (3, 1, 2))
    flat = layers.reshape(f"{node.name}_flat", flat, (channels, high * wide))
    config = {"axis": -1, "epsilon": node.epsilon, "center": False, "scale": False}
    flat = layers.add("LayerNormalization", node.name, [flat], config)
    flat = layers.reshape(f"{node.name}_places", flat, (channels, high, wide))
    made = layers.permute(f"{node.name}_back", flat, (2, 3, 1))
    if node.scale is None and node.shift is None:
        return made
    scale = np.ones(node.shape[2], np.float32) if node.scale is None else tensors[node.scale]
    shift = np.zeros(node.shape[2], np.float32) if node.shift is None else tensors[node.shift]
    return layers.affine(f"{node.name}_scale", made, scale, shift)


@_emit.register
def _(node: Binary, writer: Writer) -> str:
    layers, inputs = writer.layers, writer.inputs(node)
    if node.op in MERGES:
        return layers.merge(MERGES[node.op], node.name, inputs)
    if node.op == "sub":
        second = writer.shapes[node.inputs[1]]
        negative = layers.negative(f"{node.name}_neg", inputs[1], second[2])
        return layers.merge("Add", node.name, [inputs[0], negative])
    divisor = writer.nodes.get(node.inputs[1])
    if not isinstance(divisor, Constant) or (writer.network.tensors[divisor.value] == 0).any():
        raise _refuse(node)
    share = layers.constant(f"{node.name}_by", 1 / writer.network.tensors[divisor.value])
    return layers.merge("Multiply", node.name, [inputs[0], share])


@_emit.register
def _(node: Unary, writer: Writer) -> str:
    layers, value = writer.layers, writer.inputs(node)[0]
    if node.op == "square":
        return layers.merge("Multiply", node.name, [value, value])
    if node.op not in {"abs", "neg"}:
        raise _refuse(node)
    negative = layers.negative(f"{node.name}_neg", value, node.shape[2])
    return negative if node.op == "neg" else layers.merge("Maximum", node.name, [value, negative])


@_emit.register
def _(node: Constant, writer: Writer) -> str:
    return writer.layers.constant(node.name, writer.network.tensors[node.value])


@_emit.register
def _(node: Mean, writer: Writer) -> str:
    mean = writer.layers.mean(f"{node.name}_mean", writer.inputs(node)[0])
    return writer.layers.reshape(node.name, mean, node.shape)


@_emit.register
def _(node: Pad, writer: Writer) -> str:
    source = writer.inputs(node)[0]
    if node.mode == "zero":
        return writer.layers.pad(node.name, source, node.edges)
    taken = writer.shapes[node.inputs[0]]
    rows, columns = (mirrored(taken[axis], node.edges[axis], node.mode) for axis in (0, 1))
    return writer.layers.matrices(node.name, source, rows, columns)


@_emit.register
def _(node: Crop, writer: Writer) -> str:
    return writer.layers.crop(node.name, writer.inputs(node)[0], node.edges)


@_emit.register
def _(node: Resize, writer: Writer) -> str:
    source, taken = writer.inputs(node)[0], writer.shapes[node.inputs[0]]
    whole = node.shape[0] % taken[0] == 0 and node.shape[1] % taken[1] == 0
    if whole and node.method == "nearest" and node.coordinates != "align_corners":
        size = [node.shape[0] // taken[0], node.shape[1] // taken[1]]
        config = {"size": size, "data_format": "channels_last", "interpolation": "nearest"}
        return writer.layers.add("UpSampling2D", node.name, [source], config)
    rows, columns = (
        resize_matrix(taken[axis], node.shape[axis], node.method, node.coordinates).astype(np.float32)
        for axis in (0, 1)
    )
    return writer.layers.matrices(node.name, source, rows, columns)


@_emit.register
def _(node: Pool, writer: Writer) -> str:
    config = {
        "pool_size": list(node.window),
        "strides": list(node.strides),
        "padding": node.padding,
        "data_format": "channels_last",
    }
    kind = "MaxPooling2D" if node.op == "max_pool" else "AveragePooling2D"
    return writer.layers.add(kind, node.name, writer.inputs(node), config)


@_emit.register
def _(node: DepthToSpace, writer: Writer) -> str:
    layers, (high, wide, channels) = writer.layers, node.shape
    block = node.block
    apart = (high // block, wide // block, block, block, channels)
    split = layers.reshape(f"{node.name}_split", writer.inputs(node)[0], apart)
    return layers.reshape(node.name, layers.permute(f"{node.name}_turn", split, (1, 3, 2, 4, 5)), node.shape)

"""Keras layers as the JSON of a layers model, one after the other, with their weights."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from kit.models.exporting.names import Names
from kit.models.exporting.tfjs_files import Weight
from kit.models.manifest import Node, Shape
from kit.models.network import Floats, Network

EPSILON = 0.001  # Keras' own for batch norm; with this variance it divides by 1 exactly
VARIANCE = np.float32(1 - EPSILON)
ZEROS = {"class_name": "Zeros", "config": {}}  # random first values would cost seconds, for nothing


class LayerList:
    """Collects layers. A name handed back can be another layer's input."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.names = Names(folders=False)
        self.layers: list[dict[str, Any]] = []
        self.weights: dict[str, list[Weight]] = {}
        shape = [None, *network.input_shape]
        self.input = self.add("InputLayer", network.input, [], {"batch_input_shape": shape, "sparse": False})
        self.nothing: str | None = None

    def add(
        self,
        kind: str,
        wanted: str,
        inputs: Sequence[str],
        config: Mapping[str, Any],
        weights: Mapping[str, Floats] | None = None,
    ) -> str:
        """A layer of class ``kind`` on ``inputs``; ``weights`` in Keras' order, by Keras' names."""
        name = self.names.fresh(wanted)
        said = {"name": name, "trainable": True, "dtype": "float32", **config}
        taken = [[[giver, 0, 0, {}] for giver in inputs]] if inputs else []
        self.layers.append({"class_name": kind, "name": name, "config": said, "inbound_nodes": taken})
        self.weights[name] = [Weight(f"{name}/{each}", value) for each, value in (weights or {}).items()]
        return name

    def needed_for(self, output: str) -> list[dict[str, Any]]:
        """The layers that ``output`` depends on, in order; a loader would refuse weights of others."""
        wanted, kept = {output, self.input}, []
        for layer in reversed(self.layers):
            if layer["name"] in wanted:
                kept.append(layer)
                wanted.update(giver[0] for node in layer["inbound_nodes"] for giver in node)
        return kept[::-1]

    def affine(self, wanted: str, value: str, scale: Floats, shift: Floats) -> str:
        """x * scale + shift per channel: a batch norm that has nothing else to do."""
        zeros = {f"{name}_initializer": ZEROS for name in ("beta", "gamma", "moving_mean", "moving_variance")}
        config = {"axis": [3], "momentum": 0.99, "epsilon": EPSILON, "center": True, "scale": True, **zeros}
        weights = {
            "gamma": scale,
            "beta": shift,
            "moving_mean": np.zeros_like(scale),
            "moving_variance": np.full_like(scale, VARIANCE),
        }
        return self.add("BatchNormalization", wanted, [value], config, weights)

    def negative(self, wanted: str, value: str, channels: int) -> str:
        """-x."""
        ones = np.ones(channels, np.float32)
        return self.affine(wanted, value, -ones, np.zeros_like(ones))

    def dense(self, wanted: str, value: str, kernel: Floats, bias: Floats | None = None) -> str:
        """A matrix on the last axis, [taken, made]."""
        config = {
            "units": kernel.shape[1],
            "activation": "linear",
            "use_bias": bias is not None,
            "kernel_initializer": ZEROS,
            "bias_initializer": ZEROS,
        }
        weights = {"kernel": kernel} | ({} if bias is None else {"bias": bias})
        return self.add("Dense", wanted, [value], config, weights)

    def constant(self, wanted: str, value: Floats) -> str:
        """A picture that does not depend on the input. Layers know none: it is the bias of one that sees a zero."""
        if self.nothing is None:
            self.nothing = self._nothing()
        size = math.prod(value.shape)
        flat = self.dense(wanted, self.nothing, np.zeros((1, size), np.float32), value.reshape(size))
        return self.reshape(wanted, flat, value.shape)

    def _nothing(self) -> str:
        """A zero for each picture: one channel of the input's, times 0."""
        channels = self.network.input_shape[2]
        config = {
            "filters": 1,
            "kernel_size": [1, 1],
            "strides": [1, 1],
            "padding": "valid",
            "data_format": "channels_last",
            "dilation_rate": [1, 1],
            "activation": "linear",
            "use_bias": False,
            "kernel_initializer": ZEROS,
        }
        kernel = {"kernel": np.zeros((1, 1, channels, 1), np.float32)}
        grey = self.add("Conv2D", "nothing", [self.input], config, kernel)
        return self.mean("nothing_mean", grey)

    def mean(self, wanted: str, value: str) -> str:
        """The mean over height and width: [channels]."""
        return self.add("GlobalAveragePooling2D", wanted, [value], {"data_format": "channels_last"})

    def reshape(self, wanted: str, value: str, shape: Sequence[int]) -> str:
        """The same values in another shape (without the batch)."""
        return self.add("Reshape", wanted, [value], {"target_shape": list(shape)})

    def permute(self, wanted: str, value: str, order: Sequence[int]) -> str:
        """The axes in another order; 1 is the first behind the batch."""
        return self.add("Permute", wanted, [value], {"dims": list(order)})

    def matrices(self, wanted: str, value: str, rows: Floats, columns: Floats) -> str:
        """Every row of the result a mix of the rows of ``value``, then the same for columns: weights [made, taken]."""
        for matrix, order in ((rows, (3, 2, 1)), (columns, (1, 3, 2))):
            if matrix.shape[0] == matrix.shape[1] and (matrix == np.eye(len(matrix))).all():
                continue
            turned = self.permute(wanted, value, order)
            mixed = self.dense(wanted, turned, np.ascontiguousarray(matrix.T))
            value = self.permute(wanted, mixed, order)
        return value

    def crop(self, wanted: str, value: str, edges: tuple[tuple[int, int], tuple[int, int]]) -> str:
        """Rows and columns off."""
        config = {"cropping": [list(edge) for edge in edges], "data_format": "channels_last"}
        return self.add("Cropping2D", wanted, [value], config)

    def pad(self, wanted: str, value: str, edges: tuple[tuple[int, int], tuple[int, int]]) -> str:
        """Rows and columns of zeros around."""
        config = {"padding": [list(edge) for edge in edges], "data_format": "channels_last"}
        return self.add("ZeroPadding2D", wanted, [value], config)

    def merge(self, kind: str, wanted: str, inputs: Sequence[str]) -> str:
        """Add, Multiply, Maximum, Minimum."""
        return self.add(kind, wanted, inputs, {})


class Writer:
    """What is written so far: the layer that gives each value."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.layers = LayerList(network)
        self.shapes: dict[str, Shape] = shapes_of(network)
        self.values = {network.input: self.layers.input}
        self.nodes = {node.name: node for node in network.nodes}

    def inputs(self, node: Node) -> list[str]:
        """The layers that give a node's inputs."""
        return [self.values[name] for name in node.inputs]


def window(size: Sequence[int], strides: Sequence[int], padding: str) -> dict[str, Any]:
    """What convolutions share."""
    return {
        "kernel_size": list(size),
        "strides": list(strides),
        "padding": padding,
        "data_format": "channels_last",
        "dilation_rate": [1, 1],
    }


def mirrored(size: int, edges: tuple[int, int], mode: str) -> Floats:
    """Padding with a mirror image as weights [made, taken]."""
    places = np.pad(np.arange(size), edges, mode="reflect" if mode == "reflect" else "symmetric")
    return np.eye(size, dtype=np.float32)[places]


def shapes_of(network: Network) -> dict[str, Shape]:
    """The shape of each value by name."""
    return {network.input: network.input_shape} | {node.name: node.shape for node in network.nodes}

"""Small models that both readers, the server's and the browser's, must read to the same network, bit by bit.

They lie in ``same/``; after a change here write them again: ``python -m tests.models.reading.same_models``.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np

from kit.models.fusing import fused
from kit.models.graph import node_tensors
from kit.models.network import Network
from tests.models.reading.writers import Array, Graph, Layers, read, write_tfjs

FOLDER = Path(__file__).with_name("same")
NAMES = ("layers", "graph")
Weights = dict[str, Array]


def plain(network: Network) -> dict[str, Any]:
    """A network without its names: nodes by number, tensors by shape and the hash of their floats."""
    places = {network.input: -1} | {node.name: place for place, node in enumerate(network.nodes)}
    nodes = []
    for node in network.nodes:
        fields = node.model_dump(mode="json", exclude={"name", "inputs"})
        if "activation" in fields:
            fields["activation"].pop("slopes", None)
        tensors = {}
        for field, name in node_tensors(node).items():
            fields.pop(field, None)
            values = network.tensors[name]
            digest = hashlib.sha256(values.astype("<f4").tobytes()).hexdigest()
            tensors[field] = [list(values.shape), digest]
        kept = {field: value for field, value in fields.items() if value is not None}
        nodes.append(kept | {"inputs": [places[name] for name in node.inputs], "tensors": tensors})
    return {"input": list(network.input_shape), "nodes": nodes, "output": places[network.output]}


def network_of(name: str) -> Network:
    """What the server's reader makes of one of them."""
    return fused(read(FOLDER / name))


def _layers(normal: Any) -> Layers:
    """A tiny U-Net: convolutions of three kinds, norms of two, merges, sizes."""
    layers = Layers((8, 12, 1))
    same = {"padding": "same", "strides": [2, 2]}
    layers.add("Conv2D", "down", {"kernel": normal(4, 4, 1, 4)}, use_bias=False, **same)
    norm = {
        "gamma": normal(4),
        "beta": normal(4),
        "moving_mean": normal(4),
        "moving_variance": normal(4) ** 2,
    }
    layers.add("BatchNormalization", "norm", norm, epsilon=0.001)
    layers.add("LeakyReLU", "leaky", alpha=0.3)
    deep = {"depthwise_kernel": normal(3, 3, 4, 2), "bias": normal(8)}
    layers.add("DepthwiseConv2D", "deep", deep, padding="same", activation="relu6")
    layers.add(
        "InstanceNormalization", "instance", {"gamma": normal(8), "beta": normal(8)}, groups=8, epsilon=1e-5
    )
    layers.add("PReLU", "prelu", {"alpha": np.abs(normal(1, 1, 8))})
    layers.add("Conv2DTranspose", "up", {"kernel": normal(4, 4, 3, 8), "bias": normal(3)}, **same)
    layers.add("Rescaling", "scaled", scale=0.5, offset=0.25)
    layers.add("Concatenate", "joined", inputs=["scaled", "input"], axis=-1)
    layers.add("ZeroPadding2D", "around", padding=[[1, 1], [1, 1]])
    last = {"kernel": normal(3, 3, 4, 3), "bias": normal(3)}
    return layers.add("Conv2D", "picture", last, padding="valid", activation="tanh")


def _graph(normal: Any) -> Graph:
    """Arithmetic on shapes, a fused convolution, mirrored edges, slices, and a transposed convolution."""
    graph = Graph(-1, -1, 3)
    four = {"strides": [1, 1, 1, 1], "padding": "VALID"}
    graph.node(
        "MirrorPad", "mirrored", ["x", graph.whole("edges", [[0, 0], [1, 1], [1, 1], [0, 0]])], mode="REFLECT"
    )
    held = [graph.const("kernel", normal(3, 3, 3, 6)), graph.const("bias", normal(6))]
    graph.node("_FusedConv2D", "fused", ["mirrored", *held], fused_ops=["BiasAdd", "Elu"], **four)
    ends = [graph.whole(name, value) for name, value in (("from", [0, -1]), ("to", [0, 0]), ("by", [1, -1]))]
    graph.node("StridedSlice", "turned", ["fused", *ends], ellipsis_mask=1, end_mask=2)
    graph.node("Shape", "shape", ["x"])
    one, three = graph.whole("one", [1]), graph.whole("three", [3])
    graph.node("StridedSlice", "sides", ["shape", one, three, one])
    graph.node("Mul", "doubled", ["sides", graph.whole("two", 2)])
    batch = graph.whole("batch", [1])
    graph.node("ConcatV2", "size", [batch, "doubled", three, graph.whole("axis", 0)])
    up = {"strides": [1, 2, 2, 1], "padding": "SAME"}
    graph.node("Conv2DBackpropInput", "up", ["size", graph.const("grow", normal(4, 4, 3, 6)), "turned"], **up)
    graph.node("Minimum", "below", ["up", graph.const("most", 0.75)])
    graph.node("Maximum", "bounded", ["below", graph.const("least", -0.75)])
    return graph


def write() -> None:
    """Write the models, and what they are read to."""
    rng = np.random.default_rng(20)
    for name, made in (("layers", _layers), ("graph", _graph)):
        model = made(lambda *shape: rng.normal(0, 0.4, shape).astype(np.float32))
        folder = write_tfjs(FOLDER / name, model.model(), model.weights, shard=1500)
        (folder / "network.json").write_text(json.dumps(plain(network_of(name)), indent=1) + "\n")


if __name__ == "__main__":
    write()

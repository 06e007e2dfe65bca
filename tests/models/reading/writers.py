"""Models of other software, written by hand: TensorFlow.js layers and graph models in plain Python and NumPy."""

from __future__ import annotations

import base64
import copy
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kit.models import reference
from kit.models.network import Floats, Network
from kit.models.reading import open_files, read_tfjs

Array = NDArray[Any]
RNG = np.random.default_rng(3)


def normal(*shape: int) -> Floats:
    return RNG.normal(0, 0.4, shape).astype(np.float32)


def write_tfjs(
    folder: Path, model: Mapping[str, Any], weights: Mapping[str, Array], shard: int = 4_000_000
) -> Path:
    """``model`` without its weights; writes model.json and the shards, and gives the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    data = b"".join(np.ascontiguousarray(array).tobytes() for array in weights.values())
    pieces = [data[start : start + shard] for start in range(0, len(data), shard)]
    paths = [f"group1-shard{index + 1}of{len(pieces)}.bin" for index in range(len(pieces))]
    for path, piece in zip(paths, pieces, strict=True):
        (folder / path).write_bytes(piece)
    entries = [
        {"name": name, "shape": list(array.shape), "dtype": array.dtype.name}
        for name, array in weights.items()
    ]
    whole = {**model, "weightsManifest": [{"paths": paths, "weights": entries}]}
    (folder / "model.json").write_text(json.dumps(whole))
    return folder


def read(folder: Path, size: tuple[int, int] | None = None) -> Network:
    with open_files(folder) as files:
        return read_tfjs(files, size)


def run(network: Network, value: Array) -> Floats:
    return reference.run_network(network, value.astype(np.float32))


def picture(*shape: int) -> Floats:
    return RNG.uniform(-1, 1, shape).astype(np.float32)


class Layers:
    """A layers model, one layer after the other; ``inputs`` names others than the last."""

    def __init__(self, shape: Sequence[int | None], name: str = "input") -> None:
        config = {"batch_input_shape": [None, *shape], "dtype": "float32", "name": name}
        self.layers: list[dict[str, Any]] = [
            {"name": name, "class_name": "InputLayer", "config": config, "inbound_nodes": []}
        ]
        self.weights: dict[str, Array] = {}

    def add(
        self,
        kind: str,
        name: str,
        weights: Mapping[str, Array] | None = None,
        inputs: Iterable[str] = (),
        **config: Any,
    ) -> Layers:
        before = list(inputs) or [self.layers[-1]["name"]]
        self.layers.append(
            {
                "name": name,
                "class_name": kind,
                "config": {"name": name, **config},
                "inbound_nodes": [[[each, 0, 0, {}] for each in before]],
            }
        )
        self.weights |= {f"{name}/{leaf}": array for leaf, array in (weights or {}).items()}
        return self

    def config(self) -> dict[str, Any]:
        first, last = self.layers[0]["name"], self.layers[-1]["name"]
        return {
            "class_name": "Functional",
            "config": {
                "name": "model",
                "layers": copy.deepcopy(self.layers),
                "input_layers": [[first, 0, 0]],
                "output_layers": [[last, 0, 0]],
            },
        }

    def model(self) -> dict[str, Any]:
        topology = {"keras_version": "2.15.0", "backend": "tensorflow", "model_config": self.config()}
        return {"format": "layers-model", "generatedBy": "a test", "modelTopology": topology}

    def write(self, folder: Path) -> Path:
        return write_tfjs(folder, self.model(), self.weights)


def text(value: str) -> dict[str, str]:
    return {"s": base64.b64encode(value.encode()).decode()}


def attribute(value: Any) -> dict[str, Any]:
    """A Python value as protobuf's JSON writes attributes."""
    match value:
        case bool():
            return {"b": value}
        case int():
            return {"i": str(value)}
        case float():
            return {"f": value}
        case str():
            return {"type": value} if value.startswith("DT_") else text(value)
        case [str(), *_]:
            return {"list": {"s": [text(each)["s"] for each in value]}}
        case list():
            return {"list": {"i": [str(each) for each in value]}}
    return {"shape": {"dim": [{"size": str(each)} for each in value]}}


class Graph:
    """A graph model, node by node."""

    def __init__(self, *shape: int) -> None:
        self.nodes: list[dict[str, Any]] = []
        self.weights: dict[str, Array] = {}
        self.node("Placeholder", "x", [], shape=(-1, *shape), dtype="DT_FLOAT")

    def node(self, op: str, name: str, inputs: Sequence[str], **attributes: Any) -> str:
        attr = {key: attribute(value) for key, value in attributes.items()}
        self.nodes.append({"name": name, "op": op, "input": list(inputs), "attr": attr})
        return name

    def const(self, name: str, value: Any, dtype: str = "float32") -> str:
        self.weights[name] = np.asarray(value, dtype)
        return self.node("Const", name, [], dtype="DT_FLOAT")

    def whole(self, name: str, value: Any) -> str:
        return self.const(name, value, "int32")

    def conv(self, name: str, value: str, kernel: Array, strides: int = 1, padding: str = "SAME") -> str:
        held = self.const(f"{name}/kernel", kernel)
        four = [1, strides, strides, 1]
        return self.node("Conv2D", name, [value, held], strides=four, padding=padding)

    def model(self, output: str | None = None) -> dict[str, Any]:
        last = output or self.nodes[-1]["name"]
        signature = {"inputs": {"x": {"name": "x:0"}}, "outputs": {"y": {"name": f"{last}:0"}}}
        return {
            "format": "graph-model",
            "modelTopology": {"node": self.nodes, "versions": {}},
            "signature": signature,
        }

    def write(self, folder: Path, output: str | None = None) -> Path:
        return write_tfjs(folder, self.model(output), self.weights)

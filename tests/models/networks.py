"""Small networks made by code, one operator or many at a time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from kit.models.manifest import Node
from kit.models.network import Network
from kit.models.shapes import node_shape

Floats = NDArray[np.float32]
LINEAR = {"type": "linear"}
NODE: TypeAdapter[Node] = TypeAdapter(Node)


class Builder:
    """Builds a network node by node; shapes are inferred, weights drawn from a seed."""

    def __init__(self, shape: tuple[int, int, int], seed: int = 1) -> None:
        self.rng = np.random.default_rng(seed)
        self.shapes = {"input": shape}
        self.nodes: list[Node] = []
        self.tensors: dict[str, Floats] = {}

    def tensor(self, name: str, *shape: int, spread: float = 0.5) -> str:
        self.tensors[name] = self.rng.normal(0, spread, shape).astype(np.float32)
        return name

    def node(self, op: str, *inputs: str, name: str | None = None, **fields: Any) -> str:
        """Add a node and return its name. Leave ``shape`` out, except for a resize: its height and width."""
        name = name or f"{op}{len(self.nodes)}"
        size = fields.pop("size", (1, 1))
        plain = {"name": name, "op": op, "inputs": inputs, "shape": (*size, 1), **fields}
        draft = NODE.validate_python(plain)
        sizes = {tensor: values.shape for tensor, values in self.tensors.items()}
        shape = node_shape(draft, [self.shapes[source] for source in inputs], sizes)
        self.nodes.append(draft.model_copy(update={"shape": shape}))
        self.shapes[name] = shape
        return name

    def convolution(
        self,
        source: str,
        out: int,
        op: str = "conv2d",
        kernel: tuple[int, int] = (3, 3),
        bias: bool = False,
        **fields: Any,
    ) -> str:
        """Add a convolution with a kernel of its own; ``out``: channels, or the multiplier of a depthwise one."""
        name = fields.pop("name", f"{op}{len(self.nodes)}")
        taken = self.shapes[source][2]
        channels = (out, taken) if op == "conv2d_transpose" else (taken, out)
        made = taken * out if op == "depthwise_conv2d" else out
        weights = {
            "kernel": self.tensor(f"{name}/kernel", *kernel, *channels),
            "bias": self.tensor(f"{name}/bias", made) if bias else None,
        }
        defaults: dict[str, Any] = {"strides": (1, 1), "padding": "same", "activation": LINEAR}
        return self.node(op, source, name=name, **(defaults | weights | fields))

    def affine(self, source: str, name: str | None = None) -> str:
        name = name or f"affine{len(self.nodes)}"
        channels = self.shapes[source][2]
        names = {part: self.tensor(f"{name}/{part}", channels) for part in ("scale", "shift")}
        return self.node("affine", source, name=name, **names)

    def activation(self, source: str, **activation: Any) -> str:
        return self.node("activation", source, activation=activation)

    def prelu(self, source: str) -> str:
        slopes = self.tensor(f"slopes{len(self.nodes)}", self.shapes[source][2])
        return self.activation(source, type="prelu", slopes=slopes)

    def constant(self, *shape: int) -> str:
        name = f"constant{len(self.nodes)}"
        return self.node("constant", name=name, value=self.tensor(f"{name}/value", *shape))

    def network(self, output: str | None = None) -> Network:
        first = self.shapes["input"]
        name = output or self.nodes[-1].name
        return Network("input", first, name, tuple(self.nodes), dict(self.tensors))

    def value(self) -> Floats:
        return self.rng.normal(0, 1, self.shapes["input"]).astype(np.float32)


def weights(network: Network) -> Mapping[str, tuple[int, ...]]:
    return {name: values.shape for name, values in network.tensors.items()}

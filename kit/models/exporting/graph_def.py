"""A TensorFlow graph (GraphDef) as JSON, node by node, with the arrays that its constants hold."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kit.models.exporting.names import Names
from kit.models.exporting.tfjs_files import Weight
from kit.models.network import Network

Attributes = dict[str, Any]
TYPES = {"float32": "DT_FLOAT", "int32": "DT_INT32"}
FLOAT: Attributes = {"type": "DT_FLOAT"}


def text(value: str) -> Attributes:
    """Text in a GraphDef's JSON is base64."""
    return {"s": base64.b64encode(value.encode()).decode()}


def texts(values: Sequence[str]) -> Attributes:
    """Several texts."""
    return {"list": {"s": [text(value)["s"] for value in values]}}


def integer(value: int) -> Attributes:
    """A 64-bit number is text in JSON."""
    return {"i": str(value)}


def integers(values: Sequence[int]) -> Attributes:
    """Several of them."""
    return {"list": {"i": [str(value) for value in values]}}


def dimensions(shape: Sequence[int]) -> Attributes:
    """A shape."""
    return {"dim": [{"size": str(size)} for size in shape]}


class Graph:
    """Collects nodes and constants. A name handed back can be another node's input."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.names = Names(folders=True)
        self.nodes: list[dict[str, Any]] = []
        self.weights: list[Weight] = []
        self.constants: dict[str, str] = {}
        self.input = self._place(network)
        self.output = self.names.fresh(network.output)

    def _place(self, network: Network) -> str:
        shape = {"shape": dimensions((1, *network.input_shape))}
        return self.add(
            "Placeholder", self.names.fresh(network.input), [], {"dtype": FLOAT, "shape": shape}, own=True
        )

    def add(
        self, op: str, wanted: str, inputs: Sequence[str], attributes: Attributes, *, own: bool = False
    ) -> str:
        """A node; its name is ``wanted``/``op``, or ``wanted`` itself where the name is its ``own`` already."""
        name = wanted if own else self.names.fresh(f"{wanted}/{op}")
        typed = attributes if op == "Placeholder" else {"T": FLOAT, **attributes}
        self.nodes.append({"name": name, "op": op, "input": list(inputs), "attr": typed})
        return name

    def constant(self, wanted: str, value: NDArray[np.generic]) -> str:
        """A constant, float32 or int32."""
        name = self.names.fresh(wanted)
        kind = TYPES[value.dtype.name]
        tensor = {"dtype": kind, "tensorShape": dimensions(value.shape)}
        attributes = {"dtype": {"type": kind}, "value": {"tensor": tensor}}
        self.nodes.append({"name": name, "op": "Const", "attr": attributes})
        self.weights.append(Weight(name, value))
        return name

    def numbers(self, wanted: str, values: Sequence[int] | Sequence[Sequence[int]]) -> str:
        """Whole numbers, such as a size."""
        return self.constant(wanted, np.array(values, np.int32))

    def number(self, wanted: str, value: float) -> str:
        """One float."""
        return self.constant(wanted, np.array(value, np.float32))

    def tensor(self, name: str) -> str:
        """One of the network's tensors as it is; the same constant for all who ask."""
        if name not in self.constants:
            self.constants[name] = self.constant(name, self.network.tensors[name])
        return self.constants[name]

"""A network in the making: nodes are added one by one, each with its shape worked out and checked at once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter, ValidationError

from kit.models.errors import BundleError
from kit.models.manifest import Node, Shape
from kit.models.network import Floats, Network
from kit.models.reading.limits import NETWORK_NODES, PICTURE_VALUES, WEIGHT_VALUES
from kit.models.shapes import node_shape

_NODE: TypeAdapter[Node] = TypeAdapter(Node)
_UNFIT = re.compile(r"[^A-Za-z0-9_./:-]+")
_LONGEST = 80  # a manifest allows 100; what is left is for the names of a node's tensors

BinaryOp = Literal["add", "sub", "mul", "div", "maximum", "minimum"]


@dataclass(frozen=True)
class Value:
    """The input or what a node gives: its name and shape [height, width, channels]."""

    name: str
    shape: Shape


class Builder:
    """Collects nodes and tensors under names that a manifest allows."""

    def __init__(self, shape: Shape) -> None:
        self.input = Value("input", checked_shape(shape))
        self.nodes: list[Node] = []
        self.by_name: dict[str, Node] = {}
        self.tensors: dict[str, Floats] = {}
        self._sizes: dict[str, tuple[int, ...]] = {}
        self._names = {"input"}
        self._tensor_names: set[str] = set()
        self._kept = 0
        self._stored: dict[int, str] = {}

    def add(
        self, label: str, op: str, inputs: Sequence[Value], shape: Shape = (1, 1, 1), **fields: Any
    ) -> Value:
        """Add a node; ``shape`` counts for a resize only. Raises BundleError that names the node."""
        if len(self.nodes) >= NETWORK_NODES * 4:  # passes and pruning make it smaller
            raise BundleError("the network has too many steps for a bundle; use a smaller one")
        name = unique(label, self._names)
        values = {"name": name, "op": op, "inputs": tuple(value.name for value in inputs), "shape": shape}
        try:
            node = _NODE.validate_python(values | fields)
        except ValidationError as error:
            first = error.errors(include_url=False, include_context=False, include_input=False)[0]
            field = ".".join(str(step) for step in first["loc"][1:])
            raise BundleError(f"{name}: {field}: {first['msg']}; a bundle cannot hold this {op}") from error
        made = checked_shape(node_shape(node, [value.shape for value in inputs], self._sizes))
        node = node.model_copy(update={"shape": made})
        self.nodes.append(node)
        self.by_name[name] = node
        return Value(name, made)

    def store(self, label: str, values: NDArray[Any]) -> str:
        """Keep a tensor as floats; the same array, asked for again, is kept once."""
        if id(values) in self._stored and self.tensors[self._stored[id(values)]] is values:
            return self._stored[id(values)]
        floats = np.ascontiguousarray(values, np.float32)
        self._kept += floats.size
        if self._kept > WEIGHT_VALUES:
            raise BundleError(f"the network has more than {WEIGHT_VALUES} weights; use a smaller one")
        if floats.size == 0 or not np.isfinite(floats).all():
            raise BundleError(
                f"{label}: its weights are empty or not finite; the training went wrong, or the file"
            )
        name = unique(label, self._tensor_names)
        self.tensors[name] = floats
        self._sizes[name] = floats.shape
        self._stored[id(floats)] = name
        return name

    def network(self, output: Value) -> Network:
        """What was built, with everything in it."""
        return Network(self.input.name, self.input.shape, output.name, tuple(self.nodes), dict(self.tensors))


def checked_shape(shape: Shape) -> Shape:
    """The shape as given. Raises BundleError where a value would not fit in the memory."""
    if shape[0] * shape[1] * shape[2] > PICTURE_VALUES:
        raise BundleError(f"a value of {list(shape)} is too large; choose a smaller picture size")
    return shape


def unique(label: str, taken: set[str]) -> str:
    """A name made from ``label`` that a manifest allows and that is not taken; it is then."""
    base = _UNFIT.sub("_", label)[-_LONGEST:].lstrip("_./:-") or "node"
    name, number = base, 1
    while name.lower() in taken:
        name, number = f"{base}.{number}", number + 1
    taken.add(name.lower())
    return name

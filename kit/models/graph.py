"""Questions about graphs: does one connect, which tensors does a node name, who takes what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np

from kit.models.errors import BundleError
from kit.models.manifest import (
    Activated,
    Affine,
    Constant,
    Convolution,
    InstanceNorm,
    Node,
    Prelu,
    Shape,
)
from kit.models.network import Network
from kit.models.shapes import TensorShapes, node_shape

KERNEL_AXES: dict[str, tuple[int, ...]] = {
    "conv2d": (3,),
    "conv2d_transpose": (2,),
    "depthwise_conv2d": (2, 3),
}
"""Axes of a kernel along which its scales may lie, by operator."""


def check_graph(start: str, shape: Shape, nodes: Iterable[Node], tensors: TensorShapes) -> dict[str, Shape]:
    """Shapes of all values by name, for an input ``start`` of ``shape`` and tensors of these full shapes.

    Raises BundleError that names the first node that does not connect, and its field.
    """
    shapes = {start: shape}
    for node in nodes:
        if node.name in shapes:
            raise BundleError(f"graph: the name {node.name} occurs twice")
        for name in node.inputs:
            if name not in shapes:
                raise BundleError(f"graph: {node.name} takes {name}, which no earlier node gives")
        given = node_shape(node, [shapes[name] for name in node.inputs], tensors)
        if given != node.shape:
            raise BundleError(
                f"graph: {node.name} gives {list(given)}, but its shape says {list(node.shape)}"
            )
        shapes[node.name] = node.shape
    return shapes


def node_tensors(node: Node) -> dict[str, str]:
    """Tensors that a node names, by the field that names them."""
    fields: dict[str, str | None] = {}
    match node:
        case Convolution():
            fields = {"kernel": node.kernel, "bias": node.bias}
        case Affine() | InstanceNorm():
            fields = {"scale": node.scale, "shift": node.shift}
        case Constant():
            fields = {"value": node.value}
        case _:
            pass
    if isinstance(node, Convolution | Activated) and isinstance(node.activation, Prelu):
        fields["slopes"] = node.activation.slopes
    return {field: name for field, name in fields.items() if name is not None}


def takers(nodes: Iterable[Node], output: str) -> Counter[str]:
    """How often each value is taken, by name; being the network's output counts as once."""
    return Counter([output, *(name for node in nodes for name in node.inputs)])


def with_tensors(node: Node, names: Mapping[str, str]) -> Node:
    """The node with other names for its tensors, where ``names`` (old -> new) has them."""
    changed: dict[str, object] = {
        field: names[name] for field, name in node_tensors(node).items() if name in names
    }
    slopes = changed.pop("slopes", None)
    if slopes is not None:
        changed["activation"] = Prelu(type="prelu", slopes=str(slopes))
    return node.model_copy(update=changed) if changed else node


def pruned(network: Network) -> Network:
    """The network without nodes and tensors that its output does not depend on."""
    needed, kept = {network.output}, []
    for node in reversed(network.nodes):
        if node.name in needed:
            needed.update(node.inputs)
            kept.append(node)
    named = {name for node in kept for name in node_tensors(node).values()}
    tensors = {name: values for name, values in network.tensors.items() if name in named}
    return replace(network, nodes=tuple(reversed(kept)), tensors=tensors)


def check_network(network: Network) -> None:
    """Raise BundleError where a network does not connect, gives no picture, or holds weights that are no numbers."""
    sizes = {name: values.shape for name, values in network.tensors.items()}
    shapes = check_graph(network.input, network.input_shape, network.nodes, sizes)
    if network.output not in shapes or network.output == network.input:
        raise BundleError(f"output: no node is called {network.output}")
    for name, values in network.tensors.items():
        if not np.isfinite(values).all():
            raise BundleError(f"tensors: {name} holds values that are no finite numbers")

"""Questions about graphs: does one connect, which tensors does a node name, who takes what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

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

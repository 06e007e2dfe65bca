"""Groups of nodes that one node says better: instance norm, swish, repeated pixels."""

from __future__ import annotations

from dataclasses import replace

from kit.models.graph import takers
from kit.models.manifest import (
    Activated,
    Affine,
    Binary,
    InstanceNorm,
    Node,
    Plain,
    Resize,
    Shape,
)
from kit.models.network import Network
from kit.models.reading.instance_norms import Norm, instance_norm, with_instance_norms


def simplified(network: Network) -> Network:
    """The same network with fewer nodes, where groups were recognised. What is left over is for pruning."""
    return _resized(_gated(_normed(with_instance_norms(network))))


def _normed(network: Network) -> Network:
    """Scale and shift after an instance norm become its own, where nobody else takes it."""
    counts, tensors = takers(network.nodes, network.output), dict(network.tensors)
    made: dict[str, Node] = {}
    for node in network.nodes:
        before = made.get(node.inputs[0]) if isinstance(node, Affine) else None
        if isinstance(node, Affine) and isinstance(before, InstanceNorm) and counts[before.name] == 1:
            scale, shift = tensors[node.scale], tensors[node.shift]
            gamma = scale if before.scale is None else tensors[before.scale] * scale
            beta = shift if before.shift is None else tensors[before.shift] * scale + shift
            made[node.name] = instance_norm(
                node, Norm(before.inputs[0], before.epsilon, gamma, beta), tensors
            )
        else:
            made[node.name] = node
    return replace(network, nodes=tuple(made.values()), tensors=tensors)


def _gated(network: Network) -> Network:
    """x * sigmoid(x) is swish."""
    gates = {
        node.name: node.inputs[0]
        for node in network.nodes
        if isinstance(node, Activated) and node.activation.type == "sigmoid"
    }
    nodes = tuple(_as_swish(node, gates) if isinstance(node, Binary) else node for node in network.nodes)
    return replace(network, nodes=nodes)


def _as_swish(node: Binary, gates: dict[str, str]) -> Node:
    first, second = node.inputs
    value = first if gates.get(second) == first else second if gates.get(first) == second else None
    if node.op != "mul" or value is None:
        return node
    return Activated(
        name=node.name, op="activation", inputs=(value,), activation=Plain(type="swish"), shape=node.shape
    )


def _resized(network: Network) -> Network:
    """Pixels repeated along one axis and then the other are repeated at once."""
    counts = takers(network.nodes, network.output)
    shapes: dict[str, Shape] = {network.input: network.input_shape}
    made: dict[str, Node] = {}
    for node in network.nodes:
        shapes[node.name] = node.shape
        before = made.get(node.inputs[0]) if isinstance(node, Resize) else None
        if (
            isinstance(before, Resize)
            and counts[before.name] == 1
            and _repeats(before, shapes)
            and _repeats(node, shapes)
        ):
            made[node.name] = node.model_copy(update={"inputs": before.inputs})
        else:
            made[node.name] = node
    return replace(network, nodes=tuple(made.values()))


def _repeats(node: Node, shapes: dict[str, Shape]) -> bool:
    """Whether a resize repeats each pixel a whole number of times; then all its coordinates but corners agree."""
    taken = shapes[node.inputs[0]]
    whole = all(node.shape[axis] % taken[axis] == 0 for axis in (0, 1))
    return (
        isinstance(node, Resize)
        and node.method == "nearest"
        and node.coordinates != "align_corners"
        and whole
    )

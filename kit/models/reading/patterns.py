"""Groups of nodes that one node says better: instance norm in its several spellings, padding before a convolution."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from kit.models.graph import takers
from kit.models.manifest import Affine, Binary, Convolution, InstanceNorm, Mean, Node, Pad, Unary
from kit.models.network import Floats, Network


def simplified(network: Network) -> Network:
    """The same network with fewer nodes, where groups were recognised. What is left over is for pruning."""
    return _padded(_normed(_with_instance_norms(network)))


@dataclass(frozen=True)
class _Graph:
    """Nodes by name and their tensors, to be asked what a value is."""

    nodes: dict[str, Node]
    tensors: dict[str, Floats]

    def binary(self, name: str, op: str) -> tuple[str, str] | None:
        node = self.nodes.get(name)
        return node.inputs if isinstance(node, Binary) and node.op == op else None

    def unary(self, name: str, op: str) -> str | None:
        node = self.nodes.get(name)
        return node.inputs[0] if isinstance(node, Unary) and node.op == op else None

    def affine(self, name: str) -> tuple[str, Floats, Floats] | None:
        node = self.nodes.get(name)
        if not isinstance(node, Affine):
            return None
        return node.inputs[0], self.tensors[node.scale], self.tensors[node.shift]

    def mean(self, name: str) -> str | None:
        """What ``name`` is the mean of, over height and width."""
        node = self.nodes.get(name)
        return node.inputs[0] if isinstance(node, Mean) else None

    def centred(self, name: str) -> str | None:
        """x where ``name`` is x - mean(x)."""
        pair = self.binary(name, "sub")
        return pair[0] if pair and self.mean(pair[1]) == pair[0] else None

    def variance(self, name: str) -> str | None:
        """x where ``name`` is the variance of x: mean((x - mean)^2) or mean(x^2) - mean^2."""
        squares = self.mean(name)
        if squares is not None:
            return self.centred(self.square(squares) or "")
        pair = self.binary(name, "sub")
        if pair is None:
            return None
        inner, outer = self.square(self.mean(pair[0]) or ""), self.square(pair[1])
        return inner if inner is not None and outer is not None and self.mean(outer) == inner else None

    def square(self, name: str) -> str | None:
        pair = self.binary(name, "mul")
        return pair[0] if pair and pair[0] == pair[1] else self.unary(name, "square")

    def widened(self, name: str) -> tuple[str, float] | None:
        """(x, epsilon) where ``name`` is variance(x) + epsilon."""
        parts = self.affine(name)
        if parts is None or (parts[1] != 1).any() or (parts[2] != parts[2][0]).any():
            return None
        value, epsilon = self.variance(parts[0]), float(parts[2][0])
        return (value, epsilon) if value is not None and 0 < epsilon <= 1 else None

    def deviation(self, name: str) -> tuple[str, float] | None:
        """(x, epsilon) where ``name`` is sqrt(variance(x) + epsilon)."""
        return self.widened(self.unary(name, "sqrt") or "")

    def inverse(self, name: str) -> tuple[str, float, Floats | None] | None:
        """(x, epsilon, gamma) where ``name`` is gamma / sqrt(variance(x) + epsilon)."""
        gamma = None
        parts = self.affine(name)
        if parts is not None and not parts[2].any():
            name, gamma = parts[0], parts[1]
        found = self.widened(self.unary(name, "rsqrt") or "") or self.deviation(
            self.unary(name, "reciprocal") or ""
        )
        return (*found, gamma) if found else None


@dataclass(frozen=True)
class _Norm:
    value: str
    epsilon: float
    gamma: Floats | None = None
    beta: Floats | None = None


def _recognised(graph: _Graph, name: str) -> _Norm | None:
    return _product(graph, name) or _quotient(graph, name) or _sum(graph, name)


def _product(graph: _Graph, name: str) -> _Norm | None:
    """(x - mean) * inverse."""
    for first, second in _both_ways(graph.binary(name, "mul")):
        found = graph.inverse(second)
        if found and graph.centred(first) == found[0]:
            return _Norm(*found)
    return None


def _quotient(graph: _Graph, name: str) -> _Norm | None:
    """(x - mean) / deviation."""
    pair = graph.binary(name, "div")
    found = graph.deviation(pair[1]) if pair else None
    return _Norm(*found) if pair and found and graph.centred(pair[0]) == found[0] else None


def _sum(graph: _Graph, name: str) -> _Norm | None:
    """x * inverse + (beta - mean * inverse), the spelling of TensorFlow's batch_normalization."""
    for scaled, rest in _both_ways(graph.binary(name, "add")):
        moved, beta = rest, None
        parts = graph.affine(rest)
        if parts is not None and (parts[1] == -1).all():
            moved, beta = parts[0], parts[2]
        else:
            moved = graph.unary(rest, "neg") or ""
        norm = _matched(graph, scaled, moved, beta)
        if norm:
            return norm
    pair = graph.binary(name, "sub")
    return _matched(graph, pair[0], pair[1], None) if pair else None


def _matched(graph: _Graph, scaled: str, moved: str, beta: Floats | None) -> _Norm | None:
    for value, factor in _both_ways(graph.binary(scaled, "mul")):
        found = graph.inverse(factor)
        if not found or found[0] != value:
            continue
        for mean, again in _both_ways(graph.binary(moved, "mul")):
            if again == factor and graph.mean(mean) == value:
                return _Norm(*found, beta=beta)
    return None


def _both_ways(pair: tuple[str, str] | None) -> Iterator[tuple[str, str]]:
    if pair:
        yield pair
        yield pair[1], pair[0]


def _with_instance_norms(network: Network) -> Network:
    graph, tensors = (
        _Graph({node.name: node for node in network.nodes}, network.tensors),
        dict(network.tensors),
    )
    nodes: list[Node] = []
    for node in network.nodes:
        norm = _recognised(graph, node.name) if isinstance(node, Binary) else None
        nodes.append(_instance_norm(node, norm, tensors) if norm else node)
    return replace(network, nodes=tuple(nodes), tensors=tensors)


def _instance_norm(node: Node, norm: _Norm, tensors: dict[str, Floats]) -> Node:
    names: dict[str, str | None] = {}
    for field, values in (("scale", norm.gamma), ("shift", norm.beta)):
        names[field] = None if values is None else _stored(node, field, values, tensors)
    return InstanceNorm(
        name=node.name,
        op="instance_norm",
        inputs=(norm.value,),
        epsilon=norm.epsilon,
        scale=names["scale"],
        shift=names["shift"],
        shape=node.shape,
    )


def _stored(node: Node, field: str, values: Floats, tensors: dict[str, Floats]) -> str:
    name, number = f"{node.name}/{field}", 0
    while name in tensors:
        number += 1
        name = f"{node.name}/{field}.{number}"
    tensors[name] = np.ascontiguousarray(values, np.float32)
    return name


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
            made[node.name] = _instance_norm(
                node, _Norm(before.inputs[0], before.epsilon, gamma, beta), tensors
            )
        else:
            made[node.name] = node
    return replace(network, nodes=tuple(made.values()), tensors=tensors)


def _padded(network: Network) -> Network:
    """Zeros around a convolution that adds none itself become its padding."""
    counts = takers(network.nodes, network.output)
    pads = {
        node.name: node
        for node in network.nodes
        if isinstance(node, Pad) and node.mode == "zero" and counts[node.name] == 1
    }
    return replace(network, nodes=tuple(_with_padding(node, pads) for node in network.nodes))


def _with_padding(node: Node, pads: dict[str, Pad]) -> Node:
    if not isinstance(node, Convolution) or node.op == "conv2d_transpose" or node.padding != "valid":
        return node
    pad = pads.get(node.inputs[0])
    return node.model_copy(update={"inputs": pad.inputs, "padding": pad.edges}) if pad else node

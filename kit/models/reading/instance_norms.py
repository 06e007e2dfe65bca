"""Instance norm in the several ways that graphs spell it out, found by what its nodes compute."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from kit.models.manifest import Affine, Binary, InstanceNorm, Mean, Node, Unary
from kit.models.network import Floats, Network


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
class Norm:
    """Instance norm of ``value``, with gamma and beta per channel where there are any."""

    value: str
    epsilon: float
    gamma: Floats | None = None
    beta: Floats | None = None


def _recognised(graph: _Graph, name: str) -> Norm | None:
    return _product(graph, name) or _quotient(graph, name) or _sum(graph, name)


def _product(graph: _Graph, name: str) -> Norm | None:
    """(x - mean) * inverse."""
    for first, second in _both_ways(graph.binary(name, "mul")):
        found = graph.inverse(second)
        if found and graph.centred(first) == found[0]:
            return Norm(*found)
    return None


def _quotient(graph: _Graph, name: str) -> Norm | None:
    """(x - mean) / deviation."""
    pair = graph.binary(name, "div")
    found = graph.deviation(pair[1]) if pair else None
    return Norm(*found) if pair and found and graph.centred(pair[0]) == found[0] else None


def _sum(graph: _Graph, name: str) -> Norm | None:
    """x * inverse + (beta - mean * inverse), the spelling of TensorFlow's batch_normalization."""
    for scaled, rest in _both_ways(graph.binary(name, "add")):
        for product, sign, beta in _signed(graph, rest):
            norm = _matched(graph, scaled, product, beta) if sign < 0 else None
            if norm:
                return norm
    pair = graph.binary(name, "sub")
    return _matched(graph, pair[0], graph.binary(pair[1], "mul"), None) if pair else None


def _signed(graph: _Graph, name: str) -> Iterator[tuple[tuple[str, str], int, Floats | None]]:
    """What ``name`` is as sign * (a * b) + beta."""
    sign, beta = 1, None
    parts = graph.affine(name)
    if parts is not None and (np.abs(parts[1]) == 1).all() and (parts[1] == parts[1][0]).all():
        name, sign, beta = parts[0], int(parts[1][0]), parts[2]
    inner = graph.unary(name, "neg")
    if inner is not None:
        name, sign = inner, -sign
    product = graph.binary(name, "mul")
    if product is None:
        return
    yield product, sign, beta
    for first, second in _both_ways(product):
        inner = graph.unary(first, "neg")
        if inner is not None:
            yield (inner, second), -sign, beta


def _matched(graph: _Graph, scaled: str, moved: tuple[str, str] | None, beta: Floats | None) -> Norm | None:
    for value, factor in _both_ways(graph.binary(scaled, "mul")):
        found = graph.inverse(factor)
        if not found or found[0] != value:
            continue
        for mean, again in _both_ways(moved):
            if again == factor and graph.mean(mean) == value:
                return Norm(*found, beta=beta)
    return None


def _both_ways(pair: tuple[str, str] | None) -> Iterator[tuple[str, str]]:
    if pair:
        yield pair
        yield pair[1], pair[0]


def with_instance_norms(network: Network) -> Network:
    """The network with one node where the last step of such a spelling stood; the others are left for pruning."""
    graph, tensors = (
        _Graph({node.name: node for node in network.nodes}, network.tensors),
        dict(network.tensors),
    )
    nodes: list[Node] = []
    for node in network.nodes:
        norm = _recognised(graph, node.name) if isinstance(node, Binary) else None
        nodes.append(instance_norm(node, norm, tensors) if norm else node)
    return replace(network, nodes=tuple(nodes), tensors=tensors)


def instance_norm(node: Node, norm: Norm, tensors: dict[str, Floats]) -> InstanceNorm:
    """A node of ``node``'s name and shape; its gamma and beta are added to ``tensors``."""
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

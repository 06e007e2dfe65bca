"""Instance norm, spelled out by graphs in the ways of several libraries, is found and exact."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.models.reading.writers import Graph, normal, picture, read, run

VALUE = picture(6, 8, 3) * 3
GAMMA, BETA = normal(3) + 1, normal(3)
EPSILON = 0.01
PLAIN = (VALUE - VALUE.mean((0, 1))) / np.sqrt(VALUE.var((0, 1)) + EPSILON)


def moments(graph: Graph) -> None:
    axes = graph.whole("axes", [1, 2])
    graph.node("Mean", "mean", ["x", axes], keep_dims=True)
    graph.node("StopGradient", "still", ["mean"])
    graph.node("SquaredDifference", "squares", ["x", "still"])
    graph.node("Mean", "variance", ["squares", axes], keep_dims=True)
    graph.node("AddV2", "widened", ["variance", graph.const("epsilon", EPSILON)])
    graph.const("gamma", GAMMA)
    graph.const("beta", BETA)


def centred_times_inverse(graph: Graph) -> None:
    graph.node("Rsqrt", "inverse", ["widened"])
    graph.node("Sub", "centred", ["x", "mean"])
    graph.node("Mul", "normed", ["centred", "inverse"])
    graph.node("Mul", "scaled", ["gamma", "normed"])
    graph.node("AddV2", "out", ["scaled", "beta"])


def centred_by_deviation(graph: Graph) -> None:
    graph.node("Sqrt", "deviation", ["widened"])
    graph.node("Sub", "centred", ["x", "mean"])
    graph.node("RealDiv", "normed", ["centred", "deviation"])
    graph.node("Mul", "scaled", ["normed", "gamma"])
    graph.node("AddV2", "out", ["scaled", "beta"])


def batch_normalization(graph: Graph) -> None:
    graph.node("Rsqrt", "inverse", ["widened"])
    graph.node("Mul", "factor", ["inverse", "gamma"])
    graph.node("Mul", "scaled", ["x", "factor"])
    graph.node("Mul", "moved", ["mean", "factor"])
    graph.node("Sub", "shift", ["beta", "moved"])
    graph.node("AddV2", "out", ["scaled", "shift"])


def negated_mean(graph: Graph) -> None:
    graph.node("Rsqrt", "inverse", ["widened"])
    graph.node("Mul", "factor", ["inverse", "gamma"])
    graph.node("Mul", "scaled", ["factor", "x"])
    graph.node("Neg", "minus", ["mean"])
    graph.node("Mul", "moved", ["minus", "factor"])
    graph.node("AddV2", "shift", ["moved", "beta"])
    graph.node("AddV2", "out", ["shift", "scaled"])


SPELLINGS = [centred_times_inverse, centred_by_deviation, batch_normalization, negated_mean]


@pytest.mark.parametrize("spelling", SPELLINGS, ids=lambda spelling: spelling.__name__)
def test_each_spelling_is_one_node(tmp_path: Path, spelling: object) -> None:
    graph = Graph(6, 8, 3)
    moments(graph)
    spelling(graph)  # type: ignore[operator]
    network = read(graph.write(tmp_path))
    assert [node.op for node in network.nodes] == ["instance_norm"]
    assert np.allclose(run(network, VALUE), PLAIN * GAMMA + BETA, atol=1e-4)


def test_the_mean_of_something_else_is_not_taken_for_it(tmp_path: Path) -> None:
    graph = Graph(6, 8, 3)
    moments(graph)
    graph.node("Rsqrt", "inverse", ["widened"])
    graph.node("Relu", "other", ["x"])
    graph.node("Sub", "centred", ["other", "mean"])
    graph.node("Mul", "out", ["centred", "inverse"])
    network = read(graph.write(tmp_path))
    assert "instance_norm" not in [node.op for node in network.nodes]
    expected = (np.maximum(VALUE, 0) - VALUE.mean((0, 1))) / np.sqrt(VALUE.var((0, 1)) + EPSILON)
    assert np.allclose(run(network, VALUE), expected, atol=1e-4)

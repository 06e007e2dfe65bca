"""Arithmetic on constants against TensorFlow's own results, and its bounds. The browser's reader runs the same cases."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kit.models.errors import BundleError
from kit.models.reading import folding
from kit.models.reading.build import Builder
from kit.models.reading.folding import fold
from kit.models.reading.graph_def import GraphNode, plain_attributes
from kit.models.reading.graph_values import Step
from kit.models.reading.limits import FOLDED_VALUES
from tests.models.reading.folds import Case, cases
from tests.models.reading.writers import Graph, read


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.called)
def test_constants_come_out_as_tensorflow_makes_them(case: Case) -> None:
    node = GraphNode("made", case.op, attributes=plain_attributes(case.attributes, "made"))
    made = fold(Step(Builder((1, 1, 1)), node, case.inputs))
    assert made is not None
    assert made.shape == case.output.shape
    assert made.dtype.kind == case.output.dtype.kind
    assert np.allclose(made, case.output, rtol=1e-6)


def test_each_operator_that_is_folded_has_a_case() -> None:
    assert {case.op for case in cases()} == set(folding.FOLDS)


def test_one_constant_after_the_other_may_not_grow_without_end(tmp_path: Path) -> None:
    graph = Graph(6, 8, 3)
    value, axis = graph.const("value", [1.0]), graph.whole("axis", 0)
    for index in range(40):
        value = graph.node("ConcatV2", f"twice{index}", [value, value, axis])
    graph.node("Mul", "out", ["x", value])
    with pytest.raises(BundleError, match=r"node twice\d+ \(ConcatV2\)"):
        read(graph.write(tmp_path))


def test_many_constants_may_not_fill_the_memory(tmp_path: Path) -> None:
    graph = Graph(6, 8, 3)
    dims, value = graph.whole("dims", [FOLDED_VALUES]), graph.const("value", 1.0)
    made = "x"
    for index in range(20):
        full = graph.node("Fill", f"full{index}", [dims, value])
        least = graph.node("Min", f"least{index}", [full, graph.whole(f"axis{index}", 0)])
        made = graph.node("Mul", f"out{index}", [made, least])
    with pytest.raises(BundleError, match="computes too much from constants"):
        read(graph.write(tmp_path))

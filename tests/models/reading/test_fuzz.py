"""Whatever is done to a model.json: a network or a BundleError, and nothing else."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kit.models.errors import BundleError
from tests.models.reading.writers import Graph, Layers, normal, read, write_tfjs

ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 5),
    st.sampled_from([-1, 2**31, 2**63, 10**40, 1e308, -0.0, 0.3]),
    st.sampled_from(
        ["", "x", "conv", "same", "SAME", "Const", "Lambda", "../a", "\x00", "a" * 5000, "_CONSTANT_VALUE"]
    ),
    st.sampled_from(
        [[], {}, [[]], [1, 2], [None, 8, 8, 3], {"a": 1}, [["conv", 0, 0, {}]], {"class_name": "Add"}]
    ),
)
QUICK = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def layers_model() -> tuple[dict[str, Any], dict[str, Any]]:
    made = Layers([8, 8, 3])
    made.add(
        "Conv2D",
        "conv",
        {"kernel": normal(3, 3, 3, 4), "bias": normal(4)},
        kernel_size=[3, 3],
        padding="same",
    )
    moments = {name: np.abs(normal(4)) for name in ("gamma", "beta", "moving_mean", "moving_variance")}
    made.add("BatchNormalization", "norm", moments, epsilon=1e-3, axis=[3])
    made.add("UpSampling2D", "up", size=[2, 2]).add("Add", "sum", inputs=["up", "up"])
    made.add(
        "Conv2DTranspose", "out", {"kernel": normal(3, 3, 3, 4)}, strides=2, use_bias=False, activation="tanh"
    )
    return made.model(), made.weights


def graph_model() -> tuple[dict[str, Any], dict[str, Any]]:
    graph = Graph(8, 8, 3)
    graph.conv("conv", "x", normal(3, 3, 3, 4))
    graph.node("Shape", "shape", ["conv"])
    for name, value in (("begin", [1]), ("end", [3]), ("step", [1]), ("axis", [1, 2])):
        graph.whole(name, value)
    graph.node("StridedSlice", "size", ["shape", "begin", "end", "step"])
    graph.node("Mul", "double", ["size", graph.whole("two", 2)])
    graph.node("ResizeBilinear", "up", ["conv", "double"], half_pixel_centers=True)
    graph.node("Mean", "mean", ["up", "axis"], keep_dims=True)
    graph.node("Sub", "centred", ["up", "mean"])
    graph.node("BiasAdd", "biased", ["centred", graph.const("bias", normal(4))])
    graph.node("ConcatV2", "both", ["biased", "up", graph.whole("last", 3)])
    graph.conv("out", "both", normal(1, 1, 8, 3))
    return graph.model(), graph.weights


def more_operators() -> tuple[dict[str, Any], dict[str, Any]]:
    graph = Graph(8, 8, 3)
    block = graph.whole("block", [2, 2])
    graph.node("SpaceToBatchND", "dealt", ["x", block, graph.whole("pads", [[2, 2], [2, 2]])])
    held = graph.const("kernel", normal(3, 3, 3, 3))
    graph.node("Conv2D", "conv", ["dealt", held], strides=[1, 1, 1, 1], padding="VALID")
    graph.node("BatchToSpaceND", "whole", ["conv", block, graph.whole("crops", [[0, 0], [0, 0]])])
    graph.node("ExpandDims", "out", ["whole", graph.whole("axis", 2)])
    graph.node("Tile", "tile", ["out", graph.whole("tiles", [1, 1, 2, 1, 1])])
    graph.node("Reshape", "flat", ["tile", graph.whole("dims", [1, 16, 8, 3])])
    graph.node("Split", "parts", [graph.whole("last", 3), "flat"], num_split=3)
    graph.node("ConcatV2", "swapped", ["parts:2", "parts:1", "parts", "last"], N=3)
    cut = [
        graph.whole(name, four) for name, four in (("b", [0, 1, 0, 0]), ("e", [1, 9, 8, 3]), ("s", [1] * 4))
    ]
    graph.node("StridedSlice", "cut", ["swapped", *cut], end_mask=8)
    inputs = [
        "cut",
        graph.const("k", normal(3, 3, 3, 3)),
        graph.const("bias", normal(3)),
        graph.const("p", normal(3)),
    ]
    same = {"strides": [1, 2, 2, 1], "padding": "SAME", "dilations": [1, 1, 1, 1]}
    graph.node("_FusedConv2D", "fused", inputs, fused_ops=["BiasAdd", "Prelu"], epsilon=0.1, **same)
    size = graph.whole("size", [1, 8, 8, 3])
    graph.node("Conv2DBackpropInput", "up", [size, graph.const("k2", normal(4, 4, 3, 3)), "fused"], **same)
    graph.node("MaxPool", "pool", ["up"], ksize=[1, 2, 2, 1], strides=[1, 1, 1, 1], padding="VALID")
    return graph.model(), graph.weights


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Paths to everything within a JSON value."""
    entries = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    return [found for key, inner in entries for found in [(*path, key), *places(inner, (*path, key))]]


def damaged(model: dict[str, Any], draw: st.DataObject) -> dict[str, Any]:
    model = copy.deepcopy(model)
    for _ in range(draw.draw(st.integers(1, 3))):
        path = draw.draw(st.sampled_from(places(model)))
        inner: Any = model
        for step in path[:-1]:
            inner = inner[step]
        if isinstance(inner, list) or draw.draw(st.integers(0, 3)):
            inner[path[-1]] = draw.draw(ODD)
        else:
            del inner[path[-1]]
    return model


def refusal(folder: Path) -> str | None:
    """What the reader says against a model; any other error than a BundleError passes through."""
    try:
        network = read(folder)
    except BundleError as error:
        return str(error)
    assert network.output_shape[2] in {1, 3, 4}
    return None


@pytest.mark.parametrize("make", [layers_model, graph_model, more_operators])
@QUICK
@given(draw=st.data())
def test_a_damaged_model_json_is_read_or_refused(tmp_path: Path, make: Any, draw: st.DataObject) -> None:
    folder = write_tfjs(tmp_path, *make())
    model = damaged(json.loads((folder / "model.json").read_text()), draw)
    (folder / "model.json").write_text(json.dumps(model))
    said = refusal(folder)
    assert said is None or (10 < len(said) < 700 and said.isprintable())


@pytest.mark.parametrize("make", [layers_model, graph_model, more_operators])
def test_before_the_damage_they_are_read(tmp_path: Path, make: Any) -> None:
    assert refusal(write_tfjs(tmp_path, *make())) is None


@QUICK
@given(text=st.binary(max_size=200))
def test_a_model_json_of_any_bytes_is_refused(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "model.json").write_bytes(text)
    with pytest.raises(BundleError):
        read(tmp_path)


@pytest.mark.parametrize(
    "text", ['{"a":' * 5000, "[" * 200_000, '{"modelTopology": NaN}', '{"a": ' + "9" * 9000 + "}"]
)
def test_json_that_would_hurt_a_parser_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "model.json").write_text(text)
    with pytest.raises(BundleError, match=r"model\.json"):
        read(tmp_path)

"""The wiring of Keras configurations: three generations, models in models, layers that are called twice."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from kit.models.errors import BundleError
from kit.models.reading import read_keras_config, weights_by_layer
from tests.models.reading.writers import Layers, normal, picture, run

VALUE = picture(4, 4, 3)
FIRST, SECOND = normal(3, 3), normal(3, 3)


def dense(name: str, **more: Any) -> dict[str, Any]:
    return {"class_name": "Dense", "config": {"name": name, "use_bias": False, **more}}


def sequential(*layers: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"class_name": "Sequential", "config": {"name": "inner", "layers": list(layers), **more}}


@pytest.mark.parametrize(
    "config",
    [
        sequential(dense("a"), dense("b"), build_input_shape=[None, 4, 4, 3]),
        sequential(dense("a", batch_input_shape=[None, None, None, 3]), dense("b")),
        sequential(
            {"class_name": "InputLayer", "config": {"name": "in", "batch_shape": [None, 4, 4, 3]}},
            dense("a"),
            dense("b"),
        ),
    ],
    ids=["built", "first layer", "input layer"],
)
def test_sequential_models(config: dict[str, Any]) -> None:
    network = read_keras_config(config, {"a": [FIRST], "b": [SECOND]}, (4, 4))
    assert np.allclose(run(network, VALUE), VALUE @ FIRST @ SECOND, atol=1e-5)


def test_a_list_of_layers_as_old_files_have_it() -> None:
    config = {"class_name": "Sequential", "config": [dense("a", batch_input_shape=[None, 4, 4, 3])]}
    assert np.allclose(run(read_keras_config(config, {"a": [FIRST]}), VALUE), VALUE @ FIRST, atol=1e-5)


def tensor(layer: str, call: int = 0) -> dict[str, Any]:
    return {"class_name": "__keras_tensor__", "config": {"shape": [], "keras_history": [layer, call, 0]}}


def test_the_wiring_of_keras_3_with_numbers() -> None:
    entry = {
        "class_name": "InputLayer",
        "name": "in",
        "config": {"batch_shape": [None, 4, 4, 3]},
        "inbound_nodes": [],
    }
    layers = [
        entry,
        {**dense("a"), "name": "a", "inbound_nodes": [{"args": [tensor("in")], "kwargs": {}}]},
        {
            "class_name": "Multiply",
            "name": "half",
            "config": {},
            "inbound_nodes": [{"args": [tensor("a"), 0.5], "kwargs": {}}],
        },
        {
            "class_name": "Subtract",
            "name": "from",
            "config": {},
            "inbound_nodes": [{"args": [1.0, tensor("half")], "kwargs": {}}],
        },
        {
            "class_name": "Add",
            "name": "sum",
            "config": {},
            "inbound_nodes": [{"args": [[tensor("from"), tensor("in")]], "kwargs": {}}],
        },
    ]
    config = {"layers": layers, "input_layers": ["in", 0, 0], "output_layers": ["sum", 0, 0]}
    network = read_keras_config({"class_name": "Functional", "config": config}, {"a": [FIRST]})
    assert np.allclose(run(network, VALUE), 1 - VALUE @ FIRST * 0.5 + VALUE, atol=1e-5)


def with_model_within(reference: int) -> dict[str, Any]:
    outer = Layers([4, 4, 3])
    inner = sequential(dense("a"), dense("b"), build_input_shape=[None, 4, 4, 3])
    outer.layers.append({**inner, "name": "inner", "inbound_nodes": [[["input", 0, 0, {}]]]})
    outer.layers.append({**dense("last"), "name": "last", "inbound_nodes": [[["inner", reference, 0, {}]]]})
    return outer.config()


@pytest.mark.parametrize("reference", [0, 1], ids=["counted from 0", "counted from 1"])
@pytest.mark.parametrize("flat", [False, True])
def test_models_in_models(reference: int, flat: bool) -> None:
    weights = {"inner": [FIRST, SECOND]} if flat else {"inner/a": [FIRST], "inner/b": [SECOND]}
    network = read_keras_config(with_model_within(reference), {**weights, "last": [FIRST]})
    assert np.allclose(run(network, VALUE), VALUE @ FIRST @ SECOND @ FIRST, atol=1e-4)


def test_a_flat_list_has_what_training_changes_first() -> None:
    norm = {"class_name": "BatchNormalization", "config": {"name": "norm", "epsilon": 1e-3}}
    outer = Layers([4, 4, 3])
    inner = sequential(norm, dense("a"), build_input_shape=[None, 4, 4, 3])
    outer.layers.append({**inner, "name": "inner", "inbound_nodes": [[["input", 0, 0, {}]]]})
    gamma, beta, mean, variance = (np.abs(normal(3)) for _ in range(4))
    network = read_keras_config(outer.config(), {"inner": [gamma, beta, FIRST, mean, variance]})
    expected = ((VALUE - mean) / np.sqrt(variance + 1e-3) * gamma + beta) @ FIRST
    assert np.allclose(run(network, VALUE), expected, atol=1e-4)


def test_a_layer_that_is_called_twice_keeps_one_kernel() -> None:
    layers = Layers([4, 4, 3]).add("Dense", "a", use_bias=False)
    layers.layers[-1]["inbound_nodes"].append([["a", 0, 0, {}]])
    layers.add("Activation", "last", activation="linear")
    layers.layers[-1]["inbound_nodes"] = [[["a", 1, 0, {}]]]
    network = read_keras_config(layers.config(), {"a": [FIRST]})
    assert np.allclose(run(network, VALUE), VALUE @ FIRST @ FIRST, atol=1e-5)


def test_batch_norm_that_was_called_as_in_training_uses_the_picture() -> None:
    layers = Layers([4, 4, 3]).add("BatchNormalization", "norm", epsilon=0.01, scale=False, center=False)
    layers.layers[-1]["inbound_nodes"] = [[["input", 0, 0, {"training": True}]]]
    network = read_keras_config(layers.config(), {"norm": [np.zeros(3), np.ones(3)]})
    expected = (VALUE - VALUE.mean((0, 1))) / np.sqrt(VALUE.var((0, 1)) + 0.01)
    assert np.allclose(run(network, VALUE), expected, atol=1e-4)


def test_functions_that_keras_2_keeps_by_name() -> None:
    layers = Layers([4, 4, 3]).add("TFOpLambda", "plus", function="__operators__.add")
    layers.layers[-1]["inbound_nodes"] = [["input", 0, 0, {"y": 2.0, "name": None}]]
    layers.add("TFOpLambda", "relu", function="nn.relu")
    assert np.allclose(run(read_keras_config(layers.config(), {}), VALUE), np.maximum(VALUE + 2, 0))
    layers.layers[-1]["config"]["function"] = "io.write_file"
    with pytest.raises(BundleError, match=r"layer relu \(TFOpLambda\) is not a layer that can run"):
        read_keras_config(layers.config(), {})


def test_weights_of_keras_files_are_found_by_class_and_count() -> None:
    config = with_model_within(0)
    stored = {
        "layers/sequential/layers/dense/vars/0": FIRST,
        "layers/sequential/layers/dense_1/vars/0": SECOND,
        "layers/dense/vars/0": FIRST,
    }
    network = read_keras_config(config, weights_by_layer(config, stored))
    assert np.allclose(run(network, VALUE), VALUE @ FIRST @ SECOND @ FIRST, atol=1e-4)


def test_hard_sigmoid_changed_with_keras_3() -> None:
    config = Layers([4, 4, 3]).add("Activation", "gate", activation="hard_sigmoid").config()
    assert np.allclose(
        run(read_keras_config({**config, "keras_version": "3.3.0"}, {}), VALUE), VALUE / 6 + 0.5
    )
    assert np.allclose(
        run(read_keras_config({**config, "keras_version": "2.15.0"}, {}), VALUE), VALUE * 0.2 + 0.5
    )


@pytest.mark.parametrize(
    ("version", "coordinates"), [("2.15.0", "half_pixel"), ("tfjs-layers 4.22.0", "asymmetric")]
)
def test_keras_and_tensorflow_js_resize_from_different_places(version: str, coordinates: str) -> None:
    config = Layers([4, 4, 3]).add("UpSampling2D", "up", size=2, interpolation="bilinear").config()
    [node] = read_keras_config({**config, "keras_version": version}, {}).nodes
    assert getattr(node, "coordinates", "") == coordinates


def nested(depth: int) -> dict[str, Any]:
    config = sequential(dense("a"), build_input_shape=[None, 4, 4, 3])
    for _ in range(depth):
        config = sequential(config, build_input_shape=[None, 4, 4, 3])
    return config


def circle() -> dict[str, Any]:
    layers = Layers([4, 4, 3]).add("ReLU", "a").add("ReLU", "b").add("Add", "sum", inputs=["b", "input"])
    layers.layers[1]["inbound_nodes"] = [[["b", 0, 0, {}]]]
    return layers.config()


def two_ends() -> dict[str, Any]:
    config = Layers([4, 4, 3]).add("ReLU", "a").config()
    config["config"]["output_layers"] *= 2
    return config


def doubled() -> dict[str, Any]:
    """Each level calls the one within twice: 2 ** 8 calls of a model of hundreds of layers."""
    inner = Layers([4, 4, 3])
    for index in range(300):
        inner.add("Dropout", f"d{index}")
    config = inner.config()
    for _ in range(7):
        outer = Layers([4, 4, 3])
        entry = {**config, "name": "inner", "inbound_nodes": [[["input", 0, 0, {}]], [["inner", 0, 0, {}]]]}
        outer.layers.append(entry)
        outer.add("ReLU", "last")
        outer.layers[-1]["inbound_nodes"] = [[["inner", 1, 0, {}]]]
        config = outer.config()
    return config


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "deep": (nested(12), "nested more than 8 deep"),
    "circle": (circle(), "takes what it gives itself"),
    "two outputs": (two_ends(), "2 outputs"),
    "own class": ({"class_name": "MyModel", "config": {}}, "a class of its own, whose code is never run"),
    "no layers": ({"class_name": "Sequential", "config": {"layers": []}}, "no layers"),
    "no size": (sequential(dense("a")), "batch_shape is missing"),
    "too many calls": (doubled(), "calls more than 5000 layers"),
    "no weights": (
        sequential(dense("a"), build_input_shape=[None, 4, 4, 3]),
        r"layer a \(Dense\) needs 1 weights \(kernel\)",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_read_is_one_sentence(case: str) -> None:
    config, says = REFUSED[case]
    with pytest.raises(BundleError, match=says):
        read_keras_config(config, {})

"""Every operator: NumPy against Keras, and where Keras has no word for it, against TensorFlow's own."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

keras = pytest.importorskip("keras", reason="the train extra is not installed")

from kit.models.fusing import fused  # noqa: E402
from kit.models.reference import run_network  # noqa: E402
from kit.train.rebuild import rebuild  # noqa: E402
from tests.models.exporting.networks import (  # noqa: E402
    EDGES,
    all_cases,
    every_operator,
    picture,
    resizes,
    uneven,
)
from tests.models.networks import Builder, Floats  # noqa: E402

pytestmark = pytest.mark.train
NEAR = 2e-5
CASES = all_cases() | uneven()
RESIZES = resizes()


def apart(first: Floats, second: Floats) -> float:
    assert first.shape == second.shape
    return float(np.abs(first - second).max() / max(1, np.abs(second).max()))


@pytest.mark.parametrize("name", CASES)
def test_numpy_and_keras_give_the_same(name: str) -> None:
    network, value = CASES[name], picture(CASES[name])
    by_keras = np.asarray(rebuild(network)(value[None]))[0]
    assert apart(run_network(network, value), by_keras) < NEAR


def test_all_operators_in_one_network_give_the_same_when_fused() -> None:
    network = every_operator()
    value = picture(network)
    by_keras = np.asarray(rebuild(network)(value[None]))[0]
    assert apart(np.asarray(rebuild(fused(network))(value[None]))[0], by_keras) < NEAR


def test_a_network_of_odd_names_is_rebuilt() -> None:
    build = Builder((5, 5, 3))
    value = build.node("sqrt", build.node("abs", "input", name="a/b:c"), name="sqrt")
    value = build.node("div", value, build.constant(1, 1, 1), name="divide")
    build.node("neg", value, name="a_b_c")
    given = build.value()
    assert apart(
        np.asarray(rebuild(build.network())(given[None]))[0], run_network(build.network(), given)
    ) < (NEAR)


@pytest.mark.parametrize("name", RESIZES)
def test_resizing_is_that_of_tensorflow(name: str) -> None:
    tf = pytest.importorskip("tensorflow")
    method, coordinates, _ = name.split("-")
    network = RESIZES[name]
    value = picture(network)
    resize = tf.raw_ops.ResizeBilinear if method == "bilinear" else tf.raw_ops.ResizeNearestNeighbor
    flags = {
        "align_corners": coordinates == "align_corners",
        "half_pixel_centers": coordinates == "half_pixel",
    }
    made = resize(images=value[None], size=network.output_shape[:2], **flags).numpy()[0]
    assert apart(run_network(network, value), made) < NEAR


def tensorflow_calls() -> dict[str, Callable[[Floats], Floats]]:
    import tensorflow as tf

    edges = [[0, 0], *EDGES, [0, 0]]
    return {
        "pad-reflect": lambda value: tf.pad(value, edges, "REFLECT"),
        "pad-symmetric": lambda value: tf.pad(value, edges, "SYMMETRIC"),
        "avg_pool-same-3": lambda value: tf.nn.avg_pool2d(value, (3, 2), 2, "SAME"),
        "max_pool-same-3": lambda value: tf.nn.max_pool2d(value, (3, 2), 2, "SAME"),
        "elu-in-activation": tf.nn.elu,
        "swish-in-activation": tf.nn.silu,
        "relu6-in-activation": tf.nn.relu6,
        "rsqrt": lambda value: tf.math.rsqrt(tf.sigmoid(value) + 0.5),
    }


def test_other_operators_are_those_of_tensorflow() -> None:
    pytest.importorskip("tensorflow")
    for name, call in tensorflow_calls().items():
        network, value = CASES[name], picture(CASES[name])
        assert apart(run_network(network, value), np.asarray(call(value[None]))[0]) < NEAR, name


def test_shuffled_pixels_are_those_of_tensorflow() -> None:
    tf = pytest.importorskip("tensorflow")
    build = Builder((3, 5, 12))
    build.node("depth_to_space", "input", block=2)
    value = build.value()
    assert (run_network(build.network(), value) == tf.nn.depth_to_space(value[None], 2)[0].numpy()).all()

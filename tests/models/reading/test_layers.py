"""Layers models and Keras configurations: each layer against NumPy; what cannot run is named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kit.models.errors import BundleError
from kit.models.network import Network
from tests.models.reading.writers import Array, Layers, normal, picture, read, run

VALUE = picture(6, 8, 3)
MATRIX, BIAS = normal(3, 3), normal(3)


def read_layers(folder: Path, layers: Layers) -> Network:
    return read(layers.write(folder))


def leaky(x: Array, slope: float) -> Array:
    return np.where(x > 0, x, slope * x)


ONE_LAYER: dict[str, tuple[str, dict[str, Any], dict[str, Array], Callable[[Array], Array]]] = {
    "conv": (
        "Conv2D",
        {"activation": "relu"},
        {"kernel": MATRIX[None, None], "bias": BIAS},
        lambda x: np.maximum(x @ MATRIX + BIAS, 0),
    ),
    "conv stride": (
        "Conv2D",
        {"strides": [2, 2], "use_bias": False},
        {"kernel": MATRIX[None, None]},
        lambda x: x[::2, ::2] @ MATRIX,
    ),
    "dense": ("Dense", {}, {"kernel": MATRIX, "bias": BIAS}, lambda x: x @ MATRIX + BIAS),
    "depthwise": (
        "DepthwiseConv2D",
        {"use_bias": False},
        {"depthwise_kernel": BIAS.reshape(1, 1, 3, 1)},
        lambda x: x * BIAS,
    ),
    "separable": (
        "SeparableConv2D",
        {},
        {"depthwise_kernel": BIAS.reshape(1, 1, 3, 1), "pointwise_kernel": MATRIX[None, None], "bias": BIAS},
        lambda x: (x * BIAS) @ MATRIX + BIAS,
    ),
    "transposed": (
        "Conv2DTranspose",
        {"strides": 2, "padding": "same", "use_bias": False},
        {"kernel": np.ones((2, 2, 1, 3), "f4")},
        lambda x: x.sum(-1, keepdims=True).repeat(2, 0).repeat(2, 1),
    ),
    "batch norm": (
        "BatchNormalization",
        {"axis": [3], "epsilon": 0.01, "scale": False},
        {"beta": BIAS, "moving_mean": MATRIX[0], "moving_variance": MATRIX[1] ** 2},
        lambda x: (x - MATRIX[0]) / np.sqrt(MATRIX[1] ** 2 + 0.01) + BIAS,
    ),
    "instance norm": (
        "Addons>InstanceNormalization",
        {"groups": -1, "axis": -1, "epsilon": 0.01},
        {"gamma": MATRIX[0], "beta": BIAS},
        lambda x: (x - x.mean((0, 1))) / np.sqrt(x.var((0, 1)) + 0.01) * MATRIX[0] + BIAS,
    ),
    "keras-contrib's instance norm": (
        "InstanceNormalization",
        {"axis": -1, "epsilon": 0.01, "scale": False, "center": False},
        {},
        lambda x: (x - x.mean((0, 1))) / (x.std((0, 1)) + 0.01),
    ),
    "group norm": (
        "GroupNormalization",
        {"groups": 3, "epsilon": 0.01, "scale": False, "center": False},
        {},
        lambda x: (x - x.mean((0, 1))) / np.sqrt(x.var((0, 1)) + 0.01),
    ),
    "normalization": (
        "Normalization",
        {"mean": [1, 2, 3], "variance": 4.0},
        {},
        lambda x: (x - [1, 2, 3]) / 2,
    ),
    "rescaling": ("Rescaling", {"scale": 2, "offset": [1, 2, 3]}, {}, lambda x: x * 2 + [1, 2, 3]),
    "relu bounded": ("ReLU", {"max_value": 0.5}, {}, lambda x: np.clip(x, 0, 0.5)),
    "relu leaking": (
        "ReLU",
        {"negative_slope": 0.1, "max_value": 0.5},
        {},
        lambda x: np.minimum(leaky(x, 0.1), 0.5),
    ),
    "leaky old": ("LeakyReLU", {"alpha": 0.1}, {}, lambda x: leaky(x, 0.1)),
    "leaky new": ("LeakyReLU", {"negative_slope": 1.5}, {}, lambda x: leaky(x, 1.5)),
    "elu": ("ELU", {"alpha": 2.0}, {}, lambda x: np.where(x > 0, x, 2 * (np.exp(x) - 1))),
    "prelu": (
        "PReLU",
        {"shared_axes": [1, 2]},
        {"alpha": BIAS.reshape(1, 1, 3)},
        lambda x: np.where(x > 0, x, BIAS * x),
    ),
    "zero padding": (
        "ZeroPadding2D",
        {"padding": [[1, 2], [0, 3]]},
        {},
        lambda x: np.pad(x, [(1, 2), (0, 3), (0, 0)]),
    ),
    "reflection": (
        "ReflectionPadding2D",
        {"padding": [1, 2]},
        {},
        lambda x: np.pad(x, [(1, 1), (2, 2), (0, 0)], "reflect"),
    ),
    "cropping": ("Cropping2D", {"cropping": 1}, {}, lambda x: x[1:-1, 1:-1]),
    "up": ("UpSampling2D", {"size": [2, 3]}, {}, lambda x: x.repeat(2, 0).repeat(3, 1)),
    "max pool": ("MaxPooling2D", {"pool_size": 2}, {}, lambda x: x.reshape(3, 2, 4, 2, 3).max((1, 3))),
    "mean pool": (
        "AveragePooling2D",
        {"pool_size": [2, 2], "strides": None},
        {},
        lambda x: x.reshape(3, 2, 4, 2, 3).mean((1, 3)),
    ),
    "global mean": (
        "GlobalAveragePooling2D",
        {"keepdims": True},
        {},
        lambda x: x.mean((0, 1), keepdims=True),
    ),
    "dropout": ("Dropout", {"rate": 0.5}, {}, lambda x: x),
    "activation layer in a layer": (
        "Conv2D",
        {"use_bias": False, "activation": {"class_name": "LeakyReLU", "config": {"alpha": 0.1}}},
        {"kernel": MATRIX[None, None]},
        lambda x: leaky(x @ MATRIX, 0.1),
    ),
}


@pytest.mark.parametrize("case", ONE_LAYER)
def test_each_layer(tmp_path: Path, case: str) -> None:
    kind, config, weights, expected = ONE_LAYER[case]
    layers = Layers([6, 8, 3]).add(kind, "made", weights, **config).add("Rescaling", "last", scale=2.0)
    made = run(read_layers(tmp_path, layers), VALUE)
    assert np.allclose(made, 2 * expected(VALUE), atol=1e-4)


ACTIVATIONS: dict[str, Callable[[Array], Array]] = {
    "relu6": lambda x: np.clip(x, 0, 6),
    "swish": lambda x: x / (1 + np.exp(-x)),
    "selu": lambda x: 1.0507009873554805 * np.where(x > 0, x, 1.6732632423543772 * (np.exp(x) - 1)),
    "hard_sigmoid": lambda x: np.clip(0.2 * x + 0.5, 0, 1),
    "exponential": np.exp,
    "softsign": lambda x: x / (1 + np.abs(x)),
    "hard_silu": lambda x: x * np.clip(x / 6 + 0.5, 0, 1),
}


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activations_by_name(tmp_path: Path, name: str) -> None:
    network = read_layers(tmp_path, Layers([6, 8, 3]).add("Activation", "made", activation=name))
    assert np.allclose(run(network, VALUE * 4), ACTIVATIONS[name](VALUE * 4), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    ("kind", "operation"),
    [
        ("Add", np.add),
        ("Subtract", np.subtract),
        ("Multiply", np.multiply),
        ("Maximum", np.maximum),
        ("Minimum", np.minimum),
        ("Average", lambda a, b: (a + b) / 2),
    ],
)
def test_merges(tmp_path: Path, kind: str, operation: Callable[..., Array]) -> None:
    layers = (
        Layers([6, 8, 3])
        .add("Activation", "tanh", activation="tanh")
        .add(kind, "made", inputs=["input", "tanh"])
    )
    assert np.allclose(run(read_layers(tmp_path, layers), VALUE), operation(VALUE, np.tanh(VALUE)), atol=1e-5)


def test_channels_are_joined_in_order(tmp_path: Path) -> None:
    layers = (
        Layers([6, 8, 1])
        .add("ELU", "elu")
        .add("Concatenate", "made", inputs=["elu", "input", "input"], axis=-1)
    )
    value = picture(6, 8, 1)
    assert np.array_equal(run(read_layers(tmp_path, layers), value)[..., 1:], value.repeat(2, -1))


def groups(x: Array, kernel: Array) -> Array:
    return np.concatenate([x[..., :2] @ kernel[0, 0, :, :2], x[..., 2:] @ kernel[0, 0, :, 2:]], -1)


def test_grouped_and_dilated_kernels_are_spread_out(tmp_path: Path) -> None:
    kernel, value = normal(1, 1, 2, 4), picture(6, 8, 4)
    layers = Layers([6, 8, 4]).add("Conv2D", "grouped", {"kernel": kernel}, use_bias=False, groups=2)
    assert np.allclose(run(read_layers(tmp_path / "groups", layers), value), groups(value, kernel), atol=1e-5)
    ones = np.ones((2, 2, 1, 1), "f4")
    layers = Layers([6, 8, 1]).add("Conv2D", "wide", {"kernel": ones}, use_bias=False, dilation_rate=[3, 2])
    value = value[..., :1]
    expected = value[:-3, :-2] + value[3:, :-2] + value[:-3, 2:] + value[3:, 2:]
    assert np.allclose(run(read_layers(tmp_path / "dilated", layers), value), expected, atol=1e-5)


@pytest.mark.parametrize(
    ("padding", "added", "size"), [("same", None, 12), ("same", 1, 12), ("valid", None, 13), ("valid", 1, 14)]
)
def test_transposed_convolutions_have_the_size_that_keras_gives_them(
    tmp_path: Path, padding: str, added: int | None, size: int
) -> None:
    config = {"strides": 2, "padding": padding, "output_padding": added, "use_bias": False}
    layers = Layers([6, 6, 3]).add("Conv2DTranspose", "up", {"kernel": normal(3, 3, 1, 3)}, **config)
    assert read_layers(tmp_path, layers).output_shape == (size, size, 1)


def test_open_sizes_are_chosen_and_fixed_ones_kept(tmp_path: Path) -> None:
    folder = Layers([None, None, 1]).add("ReLU", "relu").write(tmp_path / "open")
    assert read(folder).input_shape == (256, 256, 1)
    assert read(folder, (40, 48)).output_shape == (40, 48, 1)
    fixed = Layers([64, 64, 1]).add("ReLU", "relu").write(tmp_path / "fixed")
    with pytest.raises(BundleError, match="64 x 64 only"):
        read(fixed, (40, 48))


REFUSED: dict[str, tuple[Layers, str]] = {
    "lambda": (
        Layers([8, 8, 3]).add("Lambda", "trick", function=["4wEAAAA", None, None]),
        r"layer trick \(Lambda\) holds code",
    ),
    "unknown": (
        Layers([8, 8, 3]).add("LSTM", "memory"),
        r"layer memory \(LSTM\) is not a layer that can run",
    ),
    "own activation": (
        Layers([8, 8, 3]).add("Activation", "act", activation="my_function"),
        "the activation my_function",
    ),
    "activation code": (
        Layers([8, 8, 3]).add("Activation", "act", activation={"class_name": "function", "config": "evil"}),
        "a function of its own, which is never run",
    ),
    "channels first": (
        Layers([8, 8, 3]).add(
            "Conv2D", "conv", {"kernel": normal(1, 1, 3, 3), "bias": BIAS}, data_format="channels_first"
        ),
        r"layer conv \(Conv2D\): data_format is channels_first",
    ),
    "kernel of another": (
        Layers([8, 8, 3]).add("Conv2D", "conv", {"kernel": normal(1, 1, 5, 3), "bias": BIAS}),
        "made for 5 channels, but it gets 3",
    ),
    "no weights": (
        Layers([8, 8, 3]).add("Dense", "dense", {"kernel": MATRIX}),
        "dense/bias is not among the weights",
    ),
    "groups": (
        Layers([8, 8, 3]).add("GroupNormalization", "norm", groups=1, scale=False, center=False),
        "1 groups for 3 channels",
    ),
    "slopes": (Layers([2, 2, 1]).add("PReLU", "prelu", {"alpha": normal(2, 2, 1)}), "one slope per channel"),
    "flat": (Layers([8, 8, 3]).add("Flatten", "flat"), "moves values between places"),
    "axis": (
        Layers([8, 8, 3]).add("GroupNormalization", "norm", axis=1, scale=False, center=False),
        "axis must be -1",
    ),
    "stride": (Layers([8, 8, 3]).add("MaxPooling2D", "pool", pool_size=100), "pool_size must be"),
    "channels": (
        Layers([8, 8, 3]).add("Concatenate", "wide", inputs=["input", "input"]),
        "1, 3 or 4 channels",
    ),
    "input channels": (Layers([8, 8, 7]).add("ReLU", "relu"), "1, 3 or 4 channels, not 7"),
    "input first": (Layers([3, 8, 8]).add("ReLU", "relu"), "channels first"),
    "huge": (
        Layers([8, 8, 3]).add("UpSampling2D", "a", size=64).add("UpSampling2D", "b", size=64),
        "at most 8192",
    ),
    "nothing": (Layers([8, 8, 3]).add("Dropout", "drop"), "nothing to run"),
    "bicubic": (Layers([8, 8, 3]).add("UpSampling2D", "up", interpolation="bicubic"), "resizing by bicubic"),
    "resizing": (
        Layers([8, 8, 3]).add("Resizing", "fit", height=4, width=4, crop_to_aspect_ratio=True),
        "crop_to_aspect",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_run_is_named(tmp_path: Path, case: str) -> None:
    layers, says = REFUSED[case]
    layers.weights.setdefault("unused", BIAS)
    with pytest.raises(BundleError, match=says):
        read_layers(tmp_path, layers)

"""Keras' activations by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from kit.models.errors import BundleError
from kit.models.reading import elementwise
from kit.models.reading.archive import shown
from kit.models.reading.build import Builder, Value
from kit.models.reading.fields import Fields

Make = Callable[[Builder, str, Value], Value]
_OWN = ("relu", "relu6", "tanh", "sigmoid", "swish")
SELU = {"alpha": 1.6732632423543772, "scale": 1.0507009873554805}


def _own(kind: str) -> Make:
    return lambda builder, label, value: elementwise.activation(builder, label, value, kind)


def _hard_swish(builder: Builder, label: str, value: Value) -> Value:
    gate = elementwise.hard_sigmoid(builder, f"{label}/gate", value, 1 / 6)
    return builder.add(label, "mul", [value, gate])


NAMED: dict[str, Make] = {
    **{kind: _own(kind) for kind in _OWN},
    "linear": lambda builder, label, value: value,
    "silu": _own("swish"),
    "elu": elementwise.elu,
    "selu": lambda builder, label, value: elementwise.elu(builder, label, value, **SELU),
    "exponential": lambda builder, label, value: builder.add(label, "exp", [value]),
    "softsign": elementwise.softsign,
    "hard_silu": _hard_swish,
    "hard_swish": _hard_swish,
}
NAMES = (*NAMED, "leaky_relu", "hard_sigmoid")


def by_name(builder: Builder, label: str, value: Value, name: str, keras: int) -> Value:
    """Apply the activation that Keras calls ``name``. ``keras``: major version, for the one that changed."""
    name = (
        name.removeprefix("keras.activations.").removeprefix("tf.nn.").replace("hardSigmoid", "hard_sigmoid")
    )
    if name == "leaky_relu":
        return elementwise.leaky(builder, label, value, 0.2)
    if name == "hard_sigmoid":
        return elementwise.hard_sigmoid(builder, label, value, 1 / 6 if keras >= 3 else 0.2)
    if name not in NAMED:
        known = ", ".join(sorted(NAMES))
        raise BundleError(f"{label}: the activation {shown(name)} cannot run in a bundle; use one of {known}")
    return NAMED[name](builder, label, value)


def relu(builder: Builder, label: str, value: Value, fields: Fields) -> Value:
    """Keras' ReLU layer with its three settings."""
    slope = fields.number("negative_slope", 0.0)
    if fields.number("threshold", 0.0) != 0:
        raise fields.wrong("threshold", "0 (another one cannot run in a bundle)")
    if "max_value" not in fields:
        if slope == 0:
            return elementwise.activation(builder, label, value, "relu")
        return elementwise.leaky(builder, label, value, slope)
    high = fields.number("max_value")
    if slope == 0:
        if high == 6:
            return elementwise.activation(builder, label, value, "relu6")
        return elementwise.clip(builder, label, value, 0, high)
    bounded = elementwise.constant(builder, f"{label}/most", np.full((1, 1, 1), high))
    return builder.add(label, "minimum", [elementwise.leaky(builder, label, value, slope), bounded])


def of_layer(builder: Builder, label: str, value: Value, fields: Fields, keras: int) -> Value:
    """The activation that a layer's configuration names: a text, or an activation layer's own configuration."""
    given: Any = fields.values.get("activation")
    if given is None:
        return value
    label = f"{label}/activation"
    if isinstance(given, str):
        return by_name(builder, label, value, fields.text("activation"), keras)
    inner = fields.inner("activation")
    settings = (
        inner.inner("config") if isinstance(inner.values.get("config"), dict) else Fields(inner.where, {})
    )
    match inner.text("class_name", ""):
        case "LeakyReLU":
            return elementwise.leaky(builder, label, value, leaky_slope(settings))
        case "ReLU":
            return relu(builder, label, value, settings)
        case "ELU":
            return elementwise.elu(builder, label, value, settings.number("alpha", 1.0))
    raise BundleError(
        f"{fields.where}: its activation is a function of its own, which is never run; use a built-in one"
    )


def leaky_slope(fields: Fields) -> float:
    """LeakyReLU's slope: ``negative_slope`` in Keras 3, ``alpha`` before."""
    name = "negative_slope" if "negative_slope" in fields else "alpha"
    return fields.number(name, 0.3)

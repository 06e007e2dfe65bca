"""Layers that normalise: batch norm as in inference, and instance norm as several libraries write it."""

from __future__ import annotations

import numpy as np

from kit.models.errors import BundleError
from kit.models.reading import elementwise
from kit.models.reading.build import Value
from kit.models.reading.fields import Fields
from kit.models.reading.layer_call import Array, Kind, LayerCall, Weight, last_axis


def _scale_and_shift(fields: Fields) -> list[Weight]:
    weights = [Weight(("gamma",))] if fields.flag("scale", True) else []
    return weights + ([Weight(("beta",))] if fields.flag("center", True) else [])


def _batch_weights(fields: Fields) -> list[Weight]:
    return [
        *_scale_and_shift(fields),
        Weight(("moving_mean",), trained=False),
        Weight(("moving_variance",), trained=False),
    ]


def _batch_norm(call: LayerCall) -> Value:
    last_axis(call.fields)
    channels = call.value.shape[2]
    if call.training:  # of one picture this is its own mean and variance
        return _instance_norm(call)
    gamma, beta = _own(call)
    mean = call.weight(len(call.weights) - 2, channels).astype(np.float64)
    variance = call.weight(len(call.weights) - 1, channels).astype(np.float64)
    inside = variance + call.fields.number("epsilon", 1e-3)
    if (inside <= 0).any():
        raise BundleError(
            f"{call.fields.where}: its moving variance is negative; the training went wrong, or the file"
        )
    scale = (1 if gamma is None else gamma) / np.sqrt(inside)
    return elementwise.affine(
        call.builder, call.label, call.value, scale, (0 if beta is None else beta) - mean * scale
    )


def _own(call: LayerCall) -> tuple[Array | None, Array | None]:
    """gamma and beta, where the layer has them."""
    channels, index = call.value.shape[2], 0
    gamma = beta = None
    if call.fields.flag("scale", True):
        gamma, index = call.weight(index, channels).astype(np.float64), 1
    if call.fields.flag("center", True):
        beta = call.weight(index, channels).astype(np.float64)
    return gamma, beta


def _group_norm(call: LayerCall) -> Value:
    last_axis(call.fields)
    groups, channels = call.fields.integer("groups", -1, 65_536, 32), call.value.shape[2]
    if groups not in {-1, channels}:
        raise BundleError(
            f"{call.fields.where}: {groups} groups for {channels} channels cannot run in a bundle; "
            "only one channel per group can (instance norm)"
        )
    return _instance_norm(call)


def _instance_norm(call: LayerCall) -> Value:
    gamma, beta = _own(call)
    stored = {
        name: None if numbers is None else call.builder.store(f"{call.label}/{name}", numbers)
        for name, numbers in (("scale", gamma), ("shift", beta))
    }
    return call.builder.add(
        call.label,
        "instance_norm",
        [call.value],
        epsilon=call.fields.number("epsilon", 1e-3),
        scale=stored["scale"],
        shift=stored["shift"],
    )


def _either_instance_norm(call: LayerCall) -> Value:
    """TensorFlow Addons writes ``groups``; keras-contrib does not, and adds epsilon to the deviation itself."""
    if "groups" in call.fields:
        last_axis(call.fields)
        return _instance_norm(call)
    if call.fields.values.get("axis") is None:
        raise BundleError(
            f"{call.fields.where}: axis=None mixes the channels; only axis=-1 can run in a bundle"
        )
    last_axis(call.fields)
    builder, label = call.builder, call.label
    centred = builder.add(
        f"{label}/centred", "sub", [call.value, builder.add(f"{label}/mean", "mean", [call.value])]
    )
    square = builder.add(f"{label}/square", "square", [centred])
    variance = builder.add(f"{label}/variance", "mean", [square])
    deviation = builder.add(f"{label}/deviation", "sqrt", [variance])
    below = elementwise.affine(builder, f"{label}/below", deviation, 1, call.fields.number("epsilon", 1e-3))
    made = builder.add(f"{label}/normed", "div", [centred, below])
    gamma, beta = _own(call)
    if gamma is None and beta is None:
        return made
    return elementwise.affine(
        builder, label, made, 1 if gamma is None else gamma, 0 if beta is None else beta
    )


def _normalization_weights(fields: Fields) -> list[Weight]:
    if fields.values.get("mean") is not None:
        return []
    return [Weight((name,), trained=False) for name in ("mean", "variance", "count")]


def _normalization(call: LayerCall) -> Value:
    """(x - mean) / sqrt(variance), or back, with what was learned or what the configuration says."""
    last_axis(call.fields)
    numbers = []
    for index, name in enumerate(("mean", "variance")):
        given = call.weights[index] if call.weights else _listed(call.fields, name)
        numbers.append(np.asarray(given, np.float64).ravel())
    mean, deviation = numbers[0], np.sqrt(np.maximum(numbers[1], 1e-14))  # Keras' own floor is 1e-7, squared
    if call.fields.flag("invert", False):
        return elementwise.affine(call.builder, call.label, call.value, deviation, mean)
    return elementwise.affine(call.builder, call.label, call.value, 1 / deviation, -mean / deviation)


def _listed(fields: Fields, name: str) -> list[float]:
    value = fields.values.get(name)
    while isinstance(value, list) and len(value) == 1 and isinstance(value[0], list):
        value = value[0]
    if not isinstance(value, list):
        return [fields.number(name)]
    return [Fields(fields.where, {name: item}).number(name) for item in value]


KINDS: dict[str, Kind] = {
    "BatchNormalization": Kind(_batch_norm, _batch_weights),
    "BatchNormalizationV1": Kind(_batch_norm, _batch_weights),
    "BatchNormalizationV2": Kind(_batch_norm, _batch_weights),
    "SyncBatchNormalization": Kind(_batch_norm, _batch_weights),
    "GroupNormalization": Kind(_group_norm, _scale_and_shift),
    "InstanceNormalization": Kind(_either_instance_norm, _scale_and_shift),
    "Normalization": Kind(_normalization, _normalization_weights),
}

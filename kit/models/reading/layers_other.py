"""Layers without kernels: activations, merges, sizes and edges, pooling, and those that do nothing in inference."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from kit.models.errors import BundleError
from kit.models.reading import activations, elementwise
from kit.models.reading.archive import shown
from kit.models.reading.build import BinaryOp, Value
from kit.models.reading.fields import Fields
from kit.models.reading.layer_call import Kind, LayerCall, Weight, channels_last, last_axis
from kit.models.reading.limits import SIDE


def _identity(call: LayerCall) -> Value:
    return call.value


def _activation(call: LayerCall) -> Value:
    return activations.of_layer(call.builder, call.label, call.value, call.fields, call.keras)


def _named(name: str) -> Kind:
    return Kind(lambda call: activations.by_name(call.builder, call.label, call.value, name, call.keras))


def _relu(call: LayerCall) -> Value:
    return activations.relu(call.builder, call.label, call.value, call.fields)


def _leaky(call: LayerCall) -> Value:
    return elementwise.leaky(call.builder, call.label, call.value, activations.leaky_slope(call.fields))


def _elu(call: LayerCall) -> Value:
    return elementwise.elu(call.builder, call.label, call.value, call.fields.number("alpha", 1.0))


def _prelu(call: LayerCall) -> Value:
    slopes = call.weight(0)
    if slopes.ndim != 3:
        raise BundleError(
            f"{call.fields.where}: its slopes have the shape {list(slopes.shape)}, not three axes"
        )
    return elementwise.prelu(call.builder, call.label, call.value, slopes)


def _merged(call: LayerCall, op: BinaryOp) -> Value:
    if call.numbers:
        return _with_number(call, op)
    if len(call.inputs) < 2:
        raise BundleError(f"{call.fields.where} needs two inputs or more")
    made = call.inputs[0]
    for index, other in enumerate(call.inputs[1:]):
        last = index == len(call.inputs) - 2
        made = call.builder.add(call.label if last else f"{call.label}/{index}", op, [made, other])
    return made


def _with_number(call: LayerCall, op: BinaryOp) -> Value:
    """``x * 2`` or ``2 - x``, which Keras keeps as layers of their own."""
    [(place, number)] = call.numbers.items() if len(call.numbers) == 1 else [(2, 0.0)]
    if place > 1:
        raise BundleError(f"{call.fields.where} takes one number at most")
    numbers = np.full((1, 1, 1), number)
    return elementwise.with_constant(call.builder, call.label, op, call.value, numbers, swapped=place == 0)


def _merge(op: BinaryOp) -> Kind:
    return Kind(partial(_merged, op=op))


def _paired(call: LayerCall, op: BinaryOp) -> Value:
    if len(call.inputs) + len(call.numbers) != 2:
        raise BundleError(f"{call.fields.where} takes exactly two inputs, not {len(call.inputs)}")
    return _merged(call, op)


def _pair(op: BinaryOp) -> Kind:
    return Kind(partial(_paired, op=op))


def _average(call: LayerCall) -> Value:
    return elementwise.affine(
        call.builder, f"{call.label}/mean", _merged(call, "add"), 1 / len(call.inputs), 0
    )


def _concatenate(call: LayerCall) -> Value:
    last_axis(call.fields)
    if len(call.inputs) == 1:
        return call.value
    return joined(call, call.label, list(call.inputs))


def joined(call: LayerCall, label: str, values: list[Value]) -> Value:
    """Channels of values one after the other, sixteen at a time."""
    while len(values) > 16:
        values = [call.builder.add(f"{label}/part", "concat", values[:16], axis=-1), *values[16:]]
    return call.builder.add(label, "concat", values, axis=-1)


def _zero_padding(call: LayerCall) -> Value:
    channels_last(call.fields)
    edges = call.fields.edges("padding")
    return call.builder.add(call.label, "pad", [call.value], mode="zero", edges=edges)


def _reflection_padding(call: LayerCall) -> Value:
    if "padding" not in call.fields:
        raise BundleError(
            f"{call.fields.where} does not say its padding; give the layer a get_config() that holds `padding`, "
            "or export the model as a TensorFlow.js graph model"
        )
    edges = call.fields.edges("padding")
    return call.builder.add(call.label, "pad", [call.value], mode="reflect", edges=edges)


def _cropping(call: LayerCall) -> Value:
    channels_last(call.fields)
    return call.builder.add(call.label, "crop", [call.value], edges=call.fields.edges("cropping"))


def resized(call: LayerCall, size: tuple[int, int], method: str) -> Value:
    """To a size, with half-pixel centres, as Keras does it in all its versions, or as TensorFlow.js' own models do."""
    if method not in {"nearest", "bilinear"}:
        raise BundleError(
            f"{call.fields.where}: resizing by {shown(method)} cannot run in a bundle; use nearest or bilinear"
        )
    if max(size) > SIDE:
        raise BundleError(
            f"{call.fields.where} makes a picture of {list(size)}; at most {SIDE} a side can run"
        )
    shape = (*size, call.value.shape[2])
    coordinates = "asymmetric" if call.keras == 1 else "half_pixel"
    return call.builder.add(
        call.label, "resize", [call.value], shape=shape, method=method, coordinates=coordinates
    )


def _up_sampling(call: LayerCall) -> Value:
    channels_last(call.fields)
    factors = call.fields.pair("size", 1, 64, 2)
    high, wide, _ = call.value.shape
    return resized(call, (high * factors[0], wide * factors[1]), call.fields.text("interpolation", "nearest"))


def _resizing(call: LayerCall) -> Value:
    channels_last(call.fields)
    for name in ("crop_to_aspect_ratio", "pad_to_aspect_ratio", "antialias"):
        if call.fields.flag(name, False):
            raise call.fields.wrong(name, "false (with it the layer cannot run in a bundle)")
    size = call.fields.integer("height", 1, SIDE), call.fields.integer("width", 1, SIDE)
    return resized(call, size, call.fields.text("interpolation", "bilinear"))


def _pool(call: LayerCall, op: str) -> Value:
    channels_last(call.fields)
    window = call.fields.pair("pool_size", 1, 16, 2)
    strides = call.fields.pair("strides", 1, 16) if "strides" in call.fields else window
    padding = call.fields.text("padding", "valid").lower()
    return call.builder.add(call.label, op, [call.value], window=window, strides=strides, padding=padding)


def _global_mean(call: LayerCall) -> Value:
    channels_last(call.fields)
    return call.builder.add(call.label, "mean", [call.value])


def _global_max(call: LayerCall) -> Value:
    channels_last(call.fields)
    window = call.value.shape[:2]
    return call.builder.add(
        call.label, "max_pool", [call.value], window=window, strides=(1, 1), padding="valid"
    )


def _rescaling(call: LayerCall) -> Value:
    numbers = []
    for name, default in (("scale", 1.0), ("offset", 0.0)):
        value: Any = call.fields.values.get(name)
        listed = value if isinstance(value, list | tuple) else [call.fields.number(name, default)]
        numbers.append(np.array([Fields(call.fields.where, {name: item}).number(name) for item in listed]))
    return elementwise.affine(call.builder, call.label, call.value, numbers[0], numbers[1])


def _reshape(call: LayerCall) -> Value:
    """Only where it is a name: the same height, width and channels, or 1 x 1 pictures written flat."""
    target = call.fields.integers("target_shape", -1, 2**31, 8) if "target_shape" in call.fields else (-1,)
    high, wide, channels = call.value.shape
    known = int(np.prod([extent for extent in target if extent > 0], dtype=object))
    total = high * wide * channels
    if target.count(-1) == 1 and known and total % known == 0:
        target = tuple(total // known if extent == -1 else extent for extent in target)
    if target in {(high, wide, channels)} or (
        (high, wide) == (1, 1) and target in {(channels,), (1, channels)}
    ):
        return call.value
    raise BundleError(
        f"{call.fields.where}: reshaping {list(call.value.shape)} to {list(target)} moves values between places, "
        "which a bundle cannot do"
    )


def _depth_to_space(call: LayerCall) -> Value:
    channels_last(call.fields)
    name = next((each for each in ("block_size", "scale", "size") if each in call.fields), "block_size")
    block = call.fields.integer(name, 2, 16)
    return call.builder.add(call.label, "depth_to_space", [call.value], block=block)


def _unary(op: str) -> Callable[[LayerCall], Value]:
    return lambda call: call.builder.add(call.label, op, [call.value])


_NOTHING = [
    "Dropout",
    "SpatialDropout2D",
    "SpatialDropout1D",
    "GaussianNoise",
    "GaussianDropout",
    "AlphaDropout",
    "ActivityRegularization",
    "Identity",
    "InputLayer",
]
_ACTIVATIONS = {"Relu": "relu", "Relu6": "relu6", "Tanh": "tanh", "Sigmoid": "sigmoid", "Silu": "swish"}

KINDS: dict[str, Kind] = {
    **{name: Kind(_identity) for name in _NOTHING},
    **{name: _named(kind) for name, kind in _ACTIVATIONS.items()},
    "Activation": Kind(_activation),
    "ReLU": Kind(_relu),
    "LeakyReLU": Kind(_leaky),
    "ELU": Kind(_elu),
    "PReLU": Kind(_prelu, lambda fields: [Weight(("alpha",))]),
    "Add": _merge("add"),
    "Multiply": _merge("mul"),
    "Maximum": _merge("maximum"),
    "Minimum": _merge("minimum"),
    "Subtract": _pair("sub"),
    "TrueDivide": _pair("div"),
    "Divide": _pair("div"),
    "Average": Kind(_average),
    "Concatenate": Kind(_concatenate),
    "ZeroPadding2D": Kind(_zero_padding),
    "ReflectionPadding2D": Kind(_reflection_padding),
    "Cropping2D": Kind(_cropping),
    "UpSampling2D": Kind(_up_sampling),
    "Resizing": Kind(_resizing),
    "MaxPooling2D": Kind(partial(_pool, op="max_pool")),
    "AveragePooling2D": Kind(partial(_pool, op="avg_pool")),
    "GlobalAveragePooling2D": Kind(_global_mean),
    "GlobalMaxPooling2D": Kind(_global_max),
    "Rescaling": Kind(_rescaling),
    "Reshape": Kind(_reshape),
    "Flatten": Kind(_reshape),
    "DepthToSpace": Kind(_depth_to_space),
    "PixelShuffle": Kind(_depth_to_space),
    "Exp": Kind(_unary("exp")),
    "Absolute": Kind(_unary("abs")),
    "Negative": Kind(_unary("neg")),
    "Square": Kind(_unary("square")),
    "Sqrt": Kind(_unary("sqrt")),
}

"""Layers with kernels: convolutions of all kinds, and dense layers on channels."""

from __future__ import annotations

from functools import partial

from kit.models.errors import BundleError
from kit.models.reading import activations, convolving
from kit.models.reading.build import Value
from kit.models.reading.convolving import Padding, Pair
from kit.models.reading.fields import Fields
from kit.models.reading.layer_call import Kind, LayerCall, Weight, channels_last


def _with_bias(*names: tuple[str, ...]) -> list[Weight]:
    return [Weight(each) for each in (*names, ("bias",))]


def _kernel_and_bias(fields: Fields) -> list[Weight]:
    weights = _with_bias(("kernel", "depthwise_kernel"))
    return weights if fields.flag("use_bias", True) else weights[:-1]


def _separable_weights(fields: Fields) -> list[Weight]:
    weights = _with_bias(("depthwise_kernel",), ("pointwise_kernel",))
    return weights if fields.flag("use_bias", True) else weights[:-1]


def _padding(fields: Fields) -> Padding:
    padding = fields.text("padding", "valid").lower()
    if padding == "same":
        return "same"
    if padding == "valid":
        return "valid"
    raise fields.wrong("padding", '"same" or "valid"')


def _strides(fields: Fields) -> Pair:
    return fields.pair("strides", 1, 16, 1)


def _dilation(fields: Fields) -> Pair:
    return fields.pair("dilation_rate", 1, 64, 1)


def _activated(call: LayerCall, value: Value) -> Value:
    return activations.of_layer(call.builder, call.label, value, call.fields, call.keras)


def _convolved(call: LayerCall, depthwise: bool) -> Value:
    channels_last(call.fields)
    kernel = call.weight(0, None, None, call.value.shape[2] if depthwise else None, None)
    made = kernel.shape[3] * (kernel.shape[2] if depthwise else 1)
    bias = call.weight(1, made) if len(call.weights) > 1 else None
    window = _strides(call.fields), _padding(call.fields), _dilation(call.fields)
    convolve = convolving.depthwise if depthwise else convolving.convolution
    return _activated(call, convolve(call.builder, call.label, call.value, kernel, *window, bias))


_conv2d = partial(_convolved, depthwise=False)
_depthwise = partial(_convolved, depthwise=True)


def _separable(call: LayerCall) -> Value:
    channels_last(call.fields)
    kernel = call.weight(0, None, None, call.value.shape[2], None)
    mixing = call.weight(1, 1, 1, kernel.shape[2] * kernel.shape[3], None)
    bias = call.weight(2, mixing.shape[3]) if len(call.weights) > 2 else None
    inner = convolving.depthwise(
        call.builder,
        f"{call.label}/depthwise",
        call.value,
        kernel,
        _strides(call.fields),
        _padding(call.fields),
        _dilation(call.fields),
    )
    return _activated(call, convolving.pointwise(call.builder, call.label, inner, mixing[0, 0], bias))


def _conv2d_transpose(call: LayerCall) -> Value:
    channels_last(call.fields)
    fields, value = call.fields, call.value
    kernel, bias = call.weight(0, None, None, None, value.shape[2]), None
    if len(call.weights) > 1:
        bias = call.weight(1, kernel.shape[2])
    if _dilation(fields) != (1, 1):
        raise BundleError(f"{fields.where}: dilation in a transposed convolution cannot run in a bundle")
    strides, padding = _strides(fields), _padding(fields)
    size = _grown(fields, value, strides, padding, (kernel.shape[0], kernel.shape[1]))
    made = convolving.transposed(call.builder, call.label, value, kernel, strides, padding, size, bias)
    return _activated(call, made)


def _grown(fields: Fields, value: Value, strides: Pair, padding: Padding, kernel: Pair) -> Pair:
    """Height and width of the output, as Keras counts them (`output_padding` is what it adds itself otherwise)."""
    added = fields.pair("output_padding", 0, 64) if "output_padding" in fields else None
    size = []
    for axis in (0, 1):
        whole = (value.shape[axis] - 1) * strides[axis]
        if added is None:
            own = value.shape[axis] * strides[axis]
            size.append(own if padding == "same" else whole + max(kernel[axis], strides[axis]))
        else:
            size.append(whole + (kernel[axis] % 2 if padding == "same" else kernel[axis]) + added[axis])
    return size[0], size[1]


def _dense(call: LayerCall) -> Value:
    kernel = call.weight(0, call.value.shape[2], None)
    bias = call.weight(1, kernel.shape[1]) if len(call.weights) > 1 else None
    return _activated(call, convolving.pointwise(call.builder, call.label, call.value, kernel, bias))


KINDS: dict[str, Kind] = {
    "Conv2D": Kind(_conv2d, _kernel_and_bias),
    "Convolution2D": Kind(_conv2d, _kernel_and_bias),
    "Conv2DTranspose": Kind(_conv2d_transpose, _kernel_and_bias),
    "DepthwiseConv2D": Kind(_depthwise, _kernel_and_bias),
    "SeparableConv2D": Kind(_separable, _separable_weights),
    "Dense": Kind(_dense, _kernel_and_bias),
}

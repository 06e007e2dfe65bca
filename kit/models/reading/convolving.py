"""Convolutions as other formats write them, brought to the three kinds that a bundle has."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from kit.models.errors import BundleError
from kit.models.reading.build import Builder, Value
from kit.models.reading.limits import KERNEL_VALUES
from kit.models.shapes import LARGEST_KERNEL

Array: TypeAlias = NDArray[Any]
Pair: TypeAlias = tuple[int, int]
Edges: TypeAlias = tuple[Pair, Pair]
Padding: TypeAlias = Literal["same", "valid"] | Edges
LINEAR = {"type": "linear"}


def convolution(
    builder: Builder,
    label: str,
    value: Value,
    kernel: Array,
    strides: Pair = (1, 1),
    padding: Padding = "same",
    dilation: Pair = (1, 1),
    bias: Array | None = None,
) -> Value:
    """A convolution with a kernel [kh, kw, in / groups, out]; the groups follow from the kernel."""
    kernel = dilated(label, _checked(label, kernel), dilation)
    channels, taken, made = value.shape[2], kernel.shape[2], kernel.shape[3]
    groups = channels // max(taken, 1)
    if taken * groups != channels or made % max(groups, 1):
        raise BundleError(f"{label}: its kernel is made for {taken} channels, but it gets {channels}")
    if groups == channels and groups > 1:
        kernel = kernel.reshape(*kernel.shape[:2], channels, made // channels)
        return _plain(builder, label, "depthwise_conv2d", value, kernel, strides, padding, bias)
    if groups > 1:
        kernel = _ungrouped(label, kernel, groups)
    return _plain(builder, label, "conv2d", value, kernel, strides, padding, bias)


def depthwise(
    builder: Builder,
    label: str,
    value: Value,
    kernel: Array,
    strides: Pair = (1, 1),
    padding: Padding = "same",
    dilation: Pair = (1, 1),
    bias: Array | None = None,
) -> Value:
    """A depthwise convolution with a kernel [kh, kw, in, multiplier]."""
    kernel = dilated(label, _checked(label, kernel), dilation)
    return _plain(builder, label, "depthwise_conv2d", value, kernel, strides, padding, bias)


def pointwise(builder: Builder, label: str, value: Value, matrix: Array, bias: Array | None = None) -> Value:
    """A matrix [in, out] applied to the channels of each place."""
    if matrix.ndim != 2:
        raise BundleError(f"{label}: its matrix has the shape {list(matrix.shape)}, not [channels, channels]")
    return convolution(builder, label, value, matrix[None, None], bias=bias)


def transposed(
    builder: Builder,
    label: str,
    value: Value,
    kernel: Array,
    strides: Pair,
    padding: Padding,
    size: Pair,
    bias: Array | None = None,
) -> Value:
    """A transposed convolution with Keras' kernel [kh, kw, out, in] that gives the height and width ``size``."""
    kernel = _checked(label, kernel)
    cuts: list[Pair] = []
    for axis in (0, 1):
        before, after = (None, None) if isinstance(padding, str) else padding[axis]
        whole = (value.shape[axis] - 1) * strides[axis] + kernel.shape[axis]
        if before is None:
            before = max(whole - size[axis], 0) // 2 if padding == "same" else 0
            _check_fit(
                label, padding == "same", value.shape[axis], size[axis], strides[axis], kernel.shape[axis]
            )
            after = whole - size[axis] - before
        if after is None or whole - before - after != size[axis]:
            raise BundleError(f"{label}: its output size {list(size)} does not fit its strides and padding")
        cuts.append((before, after))
    if padding == "same" and size == (value.shape[0] * strides[0], value.shape[1] * strides[1]):
        return _plain(builder, label, "conv2d_transpose", value, kernel, strides, "same", bias)
    inner = tuple((before, max(after, 0)) for before, after in cuts)
    beyond = tuple((0, max(-after, 0)) for _, after in cuts)
    if beyond == ((0, 0), (0, 0)):
        return _plain(builder, label, "conv2d_transpose", value, kernel, strides, inner, bias)
    # Rows that no input reaches hold zeros before the bias is added.
    grown = _plain(builder, label, "conv2d_transpose", value, kernel, strides, inner, None)
    padded = builder.add(f"{label}/pad", "pad", [grown], mode="zero", edges=beyond)
    if bias is None:
        return padded
    scale = builder.store(f"{label}/scale", np.ones(len(bias), np.float32))
    return builder.add(
        f"{label}/bias", "affine", [padded], scale=scale, shift=builder.store(f"{label}/shift", bias)
    )


def _check_fit(label: str, same: bool, taken: int, made: int, stride: int, kernel: int) -> None:
    """Is this the gradient of a convolution from ``made`` places to ``taken``?"""
    steps = -(-made // stride) if same else -(-(made - kernel + 1) // stride)
    if steps != taken:
        raise BundleError(f"{label}: {taken} rows or columns cannot become {made} with a stride of {stride}")


def _plain(
    builder: Builder,
    label: str,
    op: str,
    value: Value,
    kernel: Array,
    strides: Pair,
    padding: Any,
    bias: Array | None,
) -> Value:
    return builder.add(
        label,
        op,
        [value],
        kernel=builder.store(f"{label}/kernel", kernel),
        bias=None if bias is None else builder.store(f"{label}/bias", bias),
        strides=strides,
        padding=padding,
        activation=LINEAR,
    )


def _checked(label: str, kernel: Array) -> Array:
    if kernel.ndim != 4 or 0 in kernel.shape or max(kernel.shape[:2]) > LARGEST_KERNEL:
        raise BundleError(
            f"{label}: its kernel has the shape {list(kernel.shape)}; kernels of up to {LARGEST_KERNEL} x "
            f"{LARGEST_KERNEL} and four axes can be used"
        )
    return kernel


def dilated(label: str, kernel: Array, rates: Pair) -> Array:
    """The kernel with zeros between its taps, which is the same convolution without dilation."""
    if rates == (1, 1):
        return kernel
    high, wide = ((kernel.shape[axis] - 1) * rates[axis] + 1 for axis in (0, 1))
    if max(high, wide) > LARGEST_KERNEL or high * wide * kernel.shape[2] * kernel.shape[3] > KERNEL_VALUES:
        raise BundleError(
            f"{label}: with its dilation the kernel would be {high} x {wide}, which is too large"
        )
    spread = np.zeros((high, wide, *kernel.shape[2:]), np.float32)
    spread[:: rates[0], :: rates[1]] = kernel
    return spread


def _ungrouped(label: str, kernel: Array, groups: int) -> Array:
    """A grouped kernel [kh, kw, in / groups, out] as a whole one, with zeros where groups do not meet."""
    high, wide, taken, made = kernel.shape
    if high * wide * taken * groups * made > KERNEL_VALUES:
        raise BundleError(f"{label}: its {groups} groups are too large to be spread out")
    each = made // groups
    whole = np.zeros((high, wide, taken * groups, made), np.float32)
    for group in range(groups):
        outs = slice(group * each, (group + 1) * each)
        whole[:, :, group * taken : (group + 1) * taken, outs] = kernel[..., outs]
    return whole

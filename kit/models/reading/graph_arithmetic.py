"""Graph operators that work place by place, and means: with constants, with other values, and activations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from kit.models.errors import BundleError
from kit.models.reading import convolving, elementwise
from kit.models.reading.activations import NAMED, SELU
from kit.models.reading.build import BinaryOp, Builder, Value
from kit.models.reading.graph_values import Array, Axis, Result, Seen, Step, in_order, picture

Handler = Callable[[Step], Result]


def same(seen: Seen, value: Value) -> Seen:
    """A value of the same extents, under the same shape."""
    return replace(seen, value=value)


def combined(builder: Builder, label: str, where: str, op: BinaryOp, first: Result, second: Result) -> Seen:
    """``first op second`` with TensorFlow's broadcasting, at least one of them from the picture."""
    if isinstance(first, Seen) and isinstance(second, Seen):
        dims, axes = _aligned(first, second, where)
        made = builder.add(label, op, [first.value, second.value])
        return _fitting(made, dims, axes, where)
    if isinstance(first, Seen):
        return _with_constant(builder, label, where, op, first, np.asarray(second), swapped=False)
    if isinstance(second, Seen):
        return _with_constant(builder, label, where, op, second, first, swapped=True)
    raise BundleError(f"{where}: neither of its inputs is computed from the picture")


def _with_constant(
    builder: Builder, label: str, where: str, op: BinaryOp, seen: Seen, array: Array, *, swapped: bool
) -> Seen:
    extents = _as_value(seen, array, where)
    own: tuple[Axis, ...] = ((None,) * array.ndim + seen.axes)[
        len(seen.axes) :
    ]  # as many, aligned at the end
    dims, axes = _aligned(seen, Seen(seen.value, array.shape, own), where)
    made = elementwise.with_constant(builder, label, op, seen.value, array.reshape(extents), swapped=swapped)
    return _fitting(made, dims, axes, where)


def _fitting(value: Value, dims: tuple[int, ...], axes: tuple[Axis, ...], where: str) -> Seen:
    held = [extent for extent, axis in zip(dims, axes, strict=True) if axis is not None and extent != 1]
    if held != [extent for extent in value.shape if extent != 1]:
        raise BundleError(
            f"{where}: the shapes of its inputs do not fit together in a way that a bundle knows"
        )
    return Seen(value, dims, axes)


def _aligned(first: Seen, second: Seen, where: str) -> tuple[tuple[int, ...], tuple[Axis, ...]]:
    """Extents and axes of two values together, aligned at their ends as in NumPy."""
    rank = max(len(first.dims), len(second.dims))
    if (first.block, second.block) != ((1, 1), (1, 1)):
        raise BundleError(f"{where}: arithmetic within a dilated convolution cannot run in a bundle")
    dims: list[int] = []
    axes: list[Axis] = []
    for place in range(-rank, 0):
        sides = [(s.dims[place], s.axes[place]) for s in (first, second) if place >= -len(s.dims)]
        long = {side for side in sides if side[0] != 1}
        if len(long) > 1:
            raise BundleError(
                f"{where}: {list(first.dims)} and {list(second.dims)} do not fit together in a way that a bundle knows"
            )
        extent, axis = next(iter(long), (1, next((side[1] for side in sides if side[1] is not None), None)))
        dims.append(extent)
        axes.append(axis)
    if not in_order(axes):
        raise BundleError(
            f"{where}: its inputs have their axes in different orders, which a bundle cannot mix"
        )
    return tuple(dims), tuple(axes)


def _as_value(seen: Seen, array: Array, where: str) -> tuple[int, int, int]:
    """The shape [height, width, channels] under which a constant meets a value."""
    if array.ndim > len(seen.dims) and set(array.shape[: -len(seen.dims)]) != {1}:
        raise BundleError(f"{where}: its constant has more axes than the picture")
    extents = [1, 1, 1]
    for place in range(-min(array.ndim, len(seen.dims)), 0):
        axis = seen.axes[place]
        if array.shape[place] != 1:
            if axis is None:
                raise BundleError(
                    f"{where}: its constant of shape {list(array.shape)} has an extent that the picture lacks"
                )
            extents[axis] = array.shape[place]
    return extents[0], extents[1], extents[2]


def _binary(op: BinaryOp) -> Handler:
    return lambda step: combined(step.builder, step.label, step.where, op, step.arg(0), step.arg(1))


def _unary(op: str) -> Handler:
    return lambda step: same(step.seen(0), step.builder.add(step.label, op, [step.seen(0).value]))


def _named(kind: str) -> Handler:
    return lambda step: same(step.seen(0), NAMED[kind](step.builder, step.label, step.seen(0).value))


def _squared_difference(step: Step) -> Result:
    between = combined(step.builder, f"{step.label}/difference", step.where, "sub", step.arg(0), step.arg(1))
    return same(between, step.builder.add(step.label, "square", [between.value]))


def _sum_of_all(step: Step) -> Result:
    made = step.arg(0)
    for index in range(1, len(step.args)):
        label = f"{step.label}/{index}"
        made = combined(step.builder, label, step.where, "add", made, step.arg(index))
    return made


def _bias_add(step: Step) -> Result:
    step.channels_last()
    seen, bias = step.seen(0), step.constant(1)
    if bias.ndim != 1 or seen.axes[-1] != 2:
        raise BundleError(f"{step.where}: its bias must be one value per channel")
    return same(seen, elementwise.affine(step.builder, step.label, seen.value, 1, bias))


def _power(step: Step) -> Result:
    exponent = step.constant(1)
    known = {2.0: "square", 0.5: "sqrt", -0.5: "rsqrt", -1.0: "reciprocal"}
    if exponent.size != 1 or float(exponent.ravel()[0]) not in known:
        raise BundleError(f"{step.where}: only the powers 2, 0.5, -0.5 and -1 can run in a bundle")
    return _unary(known[float(exponent.ravel()[0])])(step)


def _leaky(step: Step) -> Result:
    alpha = step.fields.number("alpha", 0.2)
    return same(step.seen(0), elementwise.leaky(step.builder, step.label, step.seen(0).value, alpha))


def _prelu(step: Step) -> Result:
    seen = step.seen(0)
    return same(seen, elementwise.prelu(step.builder, step.label, seen.value, step.constant(1)))


def _clip(step: Step) -> Result:
    low, high = step.constant(1), step.constant(2)
    if low.size != 1 or high.size != 1:
        raise BundleError(f"{step.where}: its bounds must be single numbers")
    bounds = float(low.ravel()[0]), float(high.ravel()[0])
    return same(step.seen(0), elementwise.clip(step.builder, step.label, step.seen(0).value, *bounds))


def _maximum(step: Step) -> Result:
    bounded = _clipped(step)
    return bounded or combined(step.builder, step.label, step.where, "maximum", step.arg(0), step.arg(1))


def _clipped(step: Step) -> Seen | None:
    """maximum(minimum(x, high), low), which is how clip_by_value is written, as one clip."""
    seen, low = (step.arg(0), step.arg(1)) if isinstance(step.arg(0), Seen) else (step.arg(1), step.arg(0))
    if not isinstance(seen, Seen) or isinstance(low, Seen) or low.size != 1:
        return None
    nodes = step.builder.by_name
    least = nodes.get(seen.value.name)
    if least is None or least.op != "minimum":
        return None
    inputs = [nodes.get(name) for name in least.inputs]
    high = next((node for node in inputs if node is not None and node.op == "constant"), None)
    other = next((name for name in least.inputs if high is not None and name != high.name), None)
    if high is None or other is None or high.op != "constant":
        return None
    numbers = step.builder.tensors[high.value]
    if numbers.size != 1:
        return None
    value = Value(other, least.shape)
    bounds = float(np.ravel(low)[0]), float(numbers.ravel()[0])
    if bounds[0] > bounds[1]:
        return None
    return same(seen, elementwise.clip(step.builder, step.label, value, *bounds))


def mean(builder: Builder, label: str, where: str, seen: Seen, axes: list[int], keep: bool) -> Seen:
    """The mean over some of TensorFlow's axes: height and width together, channels by a convolution."""
    rank = len(seen.dims)
    if seen.block != (1, 1):
        raise BundleError(f"{where}: a mean within a dilated convolution cannot run in a bundle")
    if any(not -rank <= axis < rank for axis in axes):
        raise BundleError(f"{where}: there is no axis {axes[:8]} in {list(seen.dims)}")
    gone = {axis % rank for axis in axes}
    over = {seen.axes[place] for place in gone if seen.dims[place] != 1}
    value = seen.value
    if over & {0, 1}:
        if any(value.shape[axis] != 1 and axis not in over for axis in (0, 1)):
            raise BundleError(
                f"{where}: a mean over height or width alone cannot run in a bundle; only over both"
            )
        value = builder.add(label, "mean", [value])
    if 2 in over:
        channels = value.shape[2]
        matrix = np.full((channels, 1), 1 / channels, np.float32)
        value = convolving.pointwise(builder, f"{label}/channels", value, matrix)
    dims = [1 if place in gone else extent for place, extent in enumerate(seen.dims)]
    kept = [place for place in range(rank) if keep or place not in gone]
    return Seen(value, tuple(dims[place] for place in kept), tuple(seen.axes[place] for place in kept))


def _keep(step: Step) -> bool:
    return step.fields.flag("keep_dims", False) or step.fields.flag("keepdims", False)


def _mean(step: Step) -> Result:
    return mean(step.builder, step.label, step.where, step.seen(0), step.whole(1), _keep(step))


def _sum(step: Step) -> Result:
    seen, axes = step.seen(0), step.whole(1)
    count = 1
    for place in {axis % len(seen.dims) for axis in axes}:
        count *= seen.dims[place]
    made = mean(step.builder, f"{step.label}/mean", step.where, seen, axes, _keep(step))
    return same(made, elementwise.affine(step.builder, step.label, made.value, count, 0))


def _max(step: Step) -> Result:
    value, rank = step.picture(0), 4
    if {axis % rank for axis in step.whole(1)} != {1, 2}:
        raise BundleError(f"{step.where}: a maximum can run over height and width only")
    window = value.shape[:2]
    made = step.builder.add(step.label, "max_pool", [value], window=window, strides=(1, 1), padding="valid")
    return picture(made) if _keep(step) else Seen(made, (1, made.shape[2]), (None, 2))


HANDLERS: dict[str, Handler] = {
    **dict.fromkeys(("Add", "AddV2"), _binary("add")),
    "Sub": _binary("sub"),
    "Mul": _binary("mul"),
    **dict.fromkeys(("Div", "RealDiv"), _binary("div")),
    "Maximum": _maximum,
    "Minimum": _binary("minimum"),
    "SquaredDifference": _squared_difference,
    "AddN": _sum_of_all,
    "BiasAdd": _bias_add,
    "Pow": _power,
    "Neg": _unary("neg"),
    "Abs": _unary("abs"),
    "Exp": _unary("exp"),
    "Square": _unary("square"),
    "Sqrt": _unary("sqrt"),
    "Rsqrt": _unary("rsqrt"),
    **dict.fromkeys(("Reciprocal", "Inv"), _unary("reciprocal")),
    "Relu": _named("relu"),
    "Relu6": _named("relu6"),
    "Tanh": _named("tanh"),
    "Sigmoid": _named("sigmoid"),
    "Elu": _named("elu"),
    "Selu": lambda step: same(
        step.seen(0), elementwise.elu(step.builder, step.label, step.seen(0).value, **SELU)
    ),
    "Softsign": _named("softsign"),
    "LeakyRelu": _leaky,
    "Prelu": _prelu,
    "ClipByValue": _clip,
    "_MklSwish": _named("swish"),
    "Mean": _mean,
    "Sum": _sum,
    "Max": _max,
}

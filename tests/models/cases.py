"""One small network for each operator and each of its settings, at odd shapes; also one with all of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kit.models.network import Network
from tests.models.networks import Builder

Make = Callable[[Builder], object]
SHAPE = (7, 10, 3)
PADDINGS: tuple[Any, ...] = ("same", "valid", ((1, 0), (2, 3)))
ACTIVATIONS: tuple[dict[str, Any], ...] = (
    *({"type": name} for name in ("linear", "relu", "relu6", "tanh", "sigmoid", "swish", "elu")),
    {"type": "leaky_relu", "alpha": 0.2},
    {"type": "clip", "low": -0.5, "high": 0.75},
)


def _convolution(**settings: Any) -> Make:
    return lambda build: build.convolution("input", **settings)


def _convolutions() -> dict[str, Make]:
    cases: dict[str, Make] = {}
    for op in ("conv2d", "conv2d_transpose", "depthwise_conv2d"):
        for strides, kernel in (((1, 1), (3, 3)), ((2, 2), (4, 4)), ((2, 3), (3, 5)), ((3, 3), (2, 1))):
            for padding in PADDINGS:
                settings = {"op": op, "kernel": kernel, "strides": strides, "padding": padding, "bias": True}
                cases[f"{op} {kernel} by {strides} {padding}"] = _convolution(out=2, **settings)
    return cases


def _node(op: str, *inputs: str, **fields: Any) -> Make:
    return lambda build: build.node(op, *(inputs or ("input",)), **fields)


def _activations() -> dict[str, Make]:
    cases: dict[str, Make] = {
        settings["type"]: lambda build, settings=settings: build.activation("input", **settings)
        for settings in ACTIVATIONS
    }
    cases["prelu"] = lambda build: build.prelu("input")
    cases["relu6 in a convolution"] = _convolution(out=2, activation={"type": "relu6"})
    return cases


def _instance_norm(*parts: str) -> Make:
    def make(build: Builder) -> None:
        names = {part: build.tensor(part, 3) if part in parts else None for part in ("scale", "shift")}
        build.node("instance_norm", "input", epsilon=1e-3, **names)

    return make


def _elementwise() -> dict[str, Make]:
    cases: dict[str, Make] = {}
    for op in ("add", "sub", "mul", "div", "maximum", "minimum"):
        cases[op] = lambda build, op=op: build.node(op, "input", build.constant(*SHAPE))
        cases[f"{op} stretched"] = lambda build, op=op: build.node(
            op, build.node("mean", "input"), build.constant(7, 1, 1)
        )
    for op in ("abs", "exp", "neg", "square"):
        cases[op] = _node(op)
    for op in ("reciprocal", "rsqrt", "sqrt"):
        cases[op] = lambda build, op=op: build.node(op, build.node("exp", "input"))
    return cases


def _resizes() -> dict[str, Make]:
    sizes = {"larger": (16, 23), "smaller": (4, 3), "twice": (14, 20), "one": (1, 1)}
    return {
        f"{method} {coordinates} {name}": _node("resize", method=method, coordinates=coordinates, size=size)
        for method in ("nearest", "bilinear")
        for coordinates in ("asymmetric", "half_pixel", "align_corners")
        for name, size in sizes.items()
    }


def _pools() -> dict[str, Make]:
    return {
        f"{op} {window} by {strides} {padding}": _node(op, window=window, strides=strides, padding=padding)
        for op in ("max_pool", "avg_pool")
        for window, strides in (((2, 2), (2, 2)), ((3, 2), (1, 3)), ((5, 5), (3, 3)))
        for padding in ("same", "valid")
    }


def _others() -> dict[str, Make]:
    edges = ((2, 1), (0, 3))
    cases: dict[str, Make] = {
        f"pad {mode}": _node("pad", mode=mode, edges=edges) for mode in ("zero", "reflect", "symmetric")
    }
    cases["concat"] = lambda build: build.node("concat", "input", build.constant(7, 10, 2), "input", axis=-1)
    cases["affine"] = lambda build: build.affine("input")
    cases["instance_norm"] = _instance_norm("scale", "shift")
    cases["instance_norm alone"] = _instance_norm()
    cases["constant"] = lambda build: build.constant(7, 10, 3)
    cases["constant per channel"] = lambda build: build.constant(1, 1, 3)
    cases["mean"] = _node("mean")
    cases["crop"] = _node("crop", edges=edges)
    cases["depth_to_space"] = lambda build: build.node(
        "depth_to_space", build.convolution("input", 8), block=2
    )
    return cases


CASES: dict[str, Make] = {
    **_convolutions(),
    **_activations(),
    **_elementwise(),
    **_resizes(),
    **_pools(),
    **_others(),
}


def case(name: str) -> Builder:
    """The builder of a case, with its nodes."""
    build = Builder(SHAPE)
    CASES[name](build)
    return build


def every_operator(shape: tuple[int, int, int] = (24, 20, 3)) -> Network:
    """A network [24, 20, 3] -> [24, 20, 3], values near [-1, 1], in which each operator and activation occurs."""
    build = Builder(shape, seed=4)
    high, wide, _ = shape
    value = build.node("pad", "input", mode="reflect", edges=((1, 2), (2, 1)))
    value = build.convolution(value, 6, kernel=(4, 4), padding="valid", activation={"type": "relu6"})
    skip = build.affine(value)
    value = build.convolution(
        skip, 2, op="depthwise_conv2d", strides=(2, 2), activation={"type": "leaky_relu", "alpha": 0.2}
    )
    value = build.node("instance_norm", value, epsilon=1e-3, scale=build.tensor("norm/scale", 12), shift=None)
    value = build.prelu(value)
    pools = [
        build.node(op, value, window=(3, 3), strides=(1, 1), padding="same")
        for op in ("max_pool", "avg_pool")
    ]
    value = build.node("maximum", build.node("minimum", *pools), build.node("mean", value))
    value = build.activation(build.node("sub", value, build.constant(1, 1, 12)), type="swish")
    value = build.convolution(
        value, 4, op="conv2d_transpose", kernel=(4, 4), strides=(2, 2), activation={"type": "elu"}
    )
    spread = build.node("add", build.node("square", value), build.node("exp", build.node("abs", value)))
    value = build.node("mul", value, build.node("rsqrt", spread))
    value = build.node("div", value, build.node("sqrt", spread))
    value = build.node("add", value, build.node("reciprocal", build.node("neg", spread)))
    value = build.activation(build.node("concat", value, skip, axis=-1), type="tanh")
    shuffled = build.node("depth_to_space", build.convolution(value, 12), block=2)
    value = build.node(
        "resize", shuffled, method="bilinear", coordinates="half_pixel", size=(high + 3, wide + 5)
    )
    value = build.node("crop", value, edges=((1, 2), (3, 2)))
    value = build.activation(build.activation(value, type="sigmoid"), type="clip", low=0.2, high=0.8)
    sized = build.node("resize", value, method="nearest", coordinates="asymmetric", size=(high, wide))
    value = build.activation(build.node("add", sized, build.constant(high, wide, 3)), type="linear")
    build.convolution(
        build.activation(value, type="relu"), 3, bias=True, name="last", activation={"type": "tanh"}
    )
    return build.network()

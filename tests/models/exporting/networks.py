"""Small networks for each operator and each of its forms, and one that has every operator."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np

from kit.models.manifest import Shape
from kit.models.network import Network
from tests.models.networks import Builder

SOURCE: Shape = (9, 7, 3)
ACTIVATIONS: dict[str, dict[str, Any]] = {
    name: {"type": name} for name in ("relu", "relu6", "tanh", "sigmoid", "swish", "elu")
} | {
    "leaky_relu": {"type": "leaky_relu", "alpha": 0.3},
    "clip": {"type": "clip", "low": -0.5, "high": 0.75},
    "clip_from_0": {"type": "clip", "low": 0.0, "high": 0.75},
    "prelu": {"type": "prelu", "slopes": "slopes"},
}
BINARY = ("add", "sub", "mul", "div", "maximum", "minimum")
UNARY = ("abs", "exp", "neg", "reciprocal", "rsqrt", "sqrt", "square")
EDGES = ((2, 1), (0, 3))
# Of all_cases: those that end in what no layer can do.
NO_LAYER = ["div-pictures", "div-stretched", "exp", "reciprocal", "rsqrt", "sqrt"]


class Maker(Builder):
    """A builder whose nodes take the one before unless told otherwise."""

    def __init__(self, shape: Shape = SOURCE) -> None:
        super().__init__(shape, seed=3)
        self.last = "input"

    def tensor(self, name: str, *shape: int, spread: float = 0.6, middle: float = 0.0) -> str:
        self.tensors[name] = self.rng.uniform(middle - spread, middle + spread, shape).astype(np.float32)
        return name

    def add(self, op: str, name: str, inputs: tuple[str, ...] | None = None, **fields: Any) -> str:
        self.last = self.node(op, *((self.last,) if inputs is None else inputs), name=name, **fields)
        return self.last

    def convolve(self, op: str, name: str, made: int, size: int = 3, stride: int = 1, **fields: Any) -> str:
        """The kernel is one wider than high, unless it is 1x1."""
        usual = {"kernel": (size, size + (size > 1)), "strides": (stride, stride), "bias": True}
        self.last = self.convolution(self.last, made, op, name=name, **(usual | fields))
        return self.last

    def positive(self, name: str) -> str:
        """Values in [0.5, 1.5], for what has no result, or too large a one, elsewhere."""
        self.add("activation", f"{name}-share", activation={"type": "sigmoid"})
        self.tensors[f"{name}-half"] = np.full((1, 1, 1), 0.5, np.float32)
        share = self.last
        self.add("constant", f"{name}-half", (), value=f"{name}-half")
        return self.add("add", name, (share, f"{name}-half"))

    def network(self) -> Network:
        return Network("input", self.shapes["input"], self.last, tuple(self.nodes), self.tensors)


def convolutions() -> dict[str, Network]:
    """Every kind with every kind of padding, with strides longer than the kernel too."""
    made = {}
    paddings = {"same": "same", "valid": "valid", "edges": ((1, 0), (2, 1))}
    ops = ("conv2d", "conv2d_transpose", "depthwise_conv2d")
    for op, word, (size, stride) in product(ops, paddings, ((3, 1), (3, 2), (1, 3), (4, 2))):
        little = op == "conv2d_transpose" and size == 1  # more cannot be cut from it
        padding = ((0, 1), (1, 0)) if little and word == "edges" else paddings[word]
        maker = Maker()
        maker.convolve(op, "conv", 2 if op == "depthwise_conv2d" else 4, size, stride, padding=padding)
        made[f"{op}-{word}-{size}-{stride}"] = maker.network()
    return made


def uneven() -> dict[str, Network]:
    """Convolutions whose strides differ between rows and columns; TensorFlow has no depthwise one on the CPU."""
    made = {}
    for op, padding in product(("conv2d", "conv2d_transpose"), ("same", "valid", ((1, 0), (2, 3)))):
        maker = Maker()
        maker.convolve(op, "conv", 2, kernel=(3, 5), strides=(2, 3), padding=padding)
        made[f"{op}-uneven-{padding}"] = maker.network()
    return made


def activations() -> dict[str, Network]:
    """Every activation by itself and within a convolution."""
    made = {}
    for name, activation in ACTIVATIONS.items():
        for op in ("activation", "conv2d", "conv2d_transpose"):
            maker = Maker()
            maker.tensor("slopes", 3)
            if op == "activation":
                maker.add(op, "act", activation=activation)
            else:
                maker.convolve(op, "conv", 3, activation=activation)
            if name != "prelu":
                del maker.tensors["slopes"]
            made[f"{name}-in-{op}"] = maker.network()
    return made


def resizes() -> dict[str, Network]:
    """Every method and every way to count, larger, smaller and by odd factors."""
    made = {}
    sizes = {"doubled": (18, 14), "odd": (16, 10), "smaller": (5, 3), "one": (1, 1)}
    ways = product(("nearest", "bilinear"), ("asymmetric", "half_pixel", "align_corners"), sizes.items())
    for method, coordinates, (word, size) in ways:
        maker = Maker()
        maker.add("resize", "resize", method=method, coordinates=coordinates, size=size)
        made[f"{method}-{coordinates}-{word}"] = maker.network()
    return made


def others() -> dict[str, Network]:
    """The operators that have few forms."""
    made = {}
    for mode in ("zero", "reflect", "symmetric"):
        maker = Maker()
        maker.add("pad", "pad", mode=mode, edges=EDGES)
        made[f"pad-{mode}"] = maker.network()
    for op, padding, window in product(("max_pool", "avg_pool"), ("same", "valid"), ((2, 2), (3, 2))):
        maker = Maker()
        maker.add(op, "pool", window=window, strides=(2, 2), padding=padding)
        made[f"{op}-{padding}-{window[0]}"] = maker.network()
    for scale, shift in product((False, True), repeat=2):
        maker = Maker()
        named = {
            "scale": maker.tensor("s", 3) if scale else None,
            "shift": maker.tensor("t", 3) if shift else None,
        }
        maker.add("instance_norm", "norm", epsilon=1e-3, **named)
        made[f"instance_norm-{scale:d}{shift:d}"] = maker.network()
    return made | binaries() | unaries() | {"mean": _mean(), "blocks": _blocks(), "crop": _crop()}


def binaries() -> dict[str, Network]:
    """Two pictures; one and a constant; a constant and one per channel."""
    made = {}
    for op in BINARY:
        for form in ("pictures", "constant", "stretched"):
            maker = Maker()
            first = maker.positive("divisor") if form != "constant" else "input"
            second = "input"
            if form == "constant":
                shape = (1, 1, 3) if op in {"add", "div"} else SOURCE
                maker.tensor("value", *shape, spread=0.5, middle=1)
                second = maker.add("constant", "constant", (), value="value")
            elif form == "stretched":
                second, first = maker.positive("divisor-2"), maker.add("mean", "mean")
            else:
                second, first = first, "input"
            maker.add(op, "binary", (first, second))
            made[f"{op}-{form}"] = maker.network()
    return made


def unaries() -> dict[str, Network]:
    """Each function, of values that it has a result for."""
    made = {}
    for op in UNARY:
        maker = Maker()
        if op in {"reciprocal", "rsqrt", "sqrt"}:
            maker.positive("positive")
        maker.add(op, "unary")
        made[op] = maker.network()
    return made


def _mean() -> Network:
    maker = Maker()
    maker.add("mean", "mean")
    return maker.network()


def _crop() -> Network:
    maker = Maker()
    maker.add("crop", "crop", edges=EDGES)
    return maker.network()


def _blocks() -> Network:
    maker = Maker((4, 3, 12))
    maker.add("depth_to_space", "blocks", block=2)
    return maker.network()


def every_operator(*, for_layers: bool = False) -> Network:
    """One network that has every operator and every activation; without those that no layer can do, if asked."""
    maker = Maker((8, 8, 3))
    maker.convolve("conv2d", "down", 8, 4, 2, activation=ACTIVATIONS["leaky_relu"])
    maker.tensor("slopes", 8)
    maker.convolve("conv2d", "edges", 8, 3, padding=((1, 1), (2, 1)), activation=ACTIVATIONS["prelu"])
    maker.convolve("depthwise_conv2d", "deep", 1, 3, activation=ACTIVATIONS["relu6"])
    maker.convolve("conv2d", "mix", 8, 1)
    maker.add("affine", "affine", scale=maker.tensor("scale", 8), shift=maker.tensor("shift", 8))
    maker.add("instance_norm", "norm", epsilon=1e-5, scale=maker.tensor("s", 8), shift=None)
    for name in ("swish", "elu", "clip", "tanh"):
        maker.add("activation", name, activation=ACTIVATIONS[name])
    normed = maker.last
    maker.add("mean", "mean")
    maker.add("maximum", "larger", (normed, "mean"))
    maker.add("constant", "constant", (), value=maker.tensor("value", 1, 1, 8))
    maker.add("minimum", "smaller", ("larger", "constant"))
    maker.add("sub", "difference", ("larger", "smaller"))
    for op in ("neg", "abs", "square"):
        maker.add(op, op)
    if not for_layers:
        maker.add("exp", "exp")
        for op in ("sqrt", "rsqrt", "reciprocal"):
            maker.add(op, op)
        maker.add("div", "share", ("square", maker.last))
    maker.add("mul", "product", (maker.last, normed))
    maker.add("pad", "zero", mode="zero", edges=((1, 0), (0, 1)))
    maker.add("pad", "reflect", mode="reflect", edges=((1, 1), (0, 0)))
    maker.add("pad", "symmetric", mode="symmetric", edges=((0, 0), (1, 1)))
    maker.add("max_pool", "max", window=(2, 2), strides=(1, 1), padding="same")
    maker.add("avg_pool", "avg", window=(2, 2), strides=(1, 1), padding="valid")
    maker.add("resize", "bilinear", method="bilinear", coordinates="half_pixel", size=(6, 6))
    maker.add("depth_to_space", "blocks", block=2)
    maker.convolve("conv2d_transpose", "up", 4, 4, 2, activation=ACTIVATIONS["relu"])
    maker.add("resize", "nearest", method="nearest", coordinates="asymmetric", size=(48, 48))
    maker.add("crop", "crop", edges=((20, 20), (20, 20)))
    maker.convolve("conv2d", "again", 3, activation=ACTIVATIONS["sigmoid"])
    maker.add("concat", "joined", ("again", "input"), axis=-1)
    maker.add("add", "sum", ("joined", "joined"))
    maker.convolve("conv2d", "picture", 3, 3, activation=ACTIVATIONS["tanh"])
    maker.tensors["picture/kernel"] *= np.float32(0.1)  # the middle of tanh, where every difference shows
    return maker.network()


def concats() -> dict[str, Network]:
    """Pictures joined with another, with a constant, and with themselves; names with odd signs, and a plain output."""
    maker = Maker()
    maker.convolve("conv2d", "a:b/c", 2, bias=False)
    maker.add("constant", "constant", (), value=maker.tensor("input", 9, 7, 2))
    maker.add("concat", "joined", ("a:b/c", "constant", "input", "a:b/c"), axis=-1)
    scale, shift = maker.tensor("joined", 9), maker.tensor("A:b/c", 9)
    maker.add("affine", "A.b/c", scale=scale, shift=shift)
    return {"concat": maker.network()}


def all_cases() -> dict[str, Network]:
    """All of them by name."""
    return {
        **convolutions(),
        **activations(),
        **resizes(),
        **others(),
        **concats(),
        "every-operator": every_operator(),
        "every-layer": every_operator(for_layers=True),
    }


def picture(network: Network) -> np.ndarray:
    """An input of values between -1 and 1."""
    return np.random.default_rng(11).uniform(-1, 1, network.input_shape).astype(np.float32)

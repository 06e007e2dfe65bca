"""Graph models, each operator against NumPy; what cannot run is named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from kit.models.errors import BundleError
from kit.models.network import Floats, Network
from tests.models.reading.writers import Array, Graph, normal, picture, read, run

VALUE = picture(6, 8, 3)
GAMMA, BETA, MEAN, VARIANCE = np.abs(normal(3)) + 0.5, normal(3), normal(3), np.abs(normal(3))
MATRIX = normal(3, 3)


def ops(network: Network) -> list[str]:
    return [node.op for node in network.nodes]


def read_graph(folder: Path, graph: Graph) -> Network:
    return read(graph.write(folder))


UNARY: dict[str, Callable[[Array], Array]] = {
    "Neg": np.negative,
    "Abs": np.abs,
    "Exp": np.exp,
    "Square": np.square,
    "Reciprocal": np.reciprocal,
    "Relu": lambda x: np.maximum(x, 0),
    "Relu6": lambda x: np.clip(x, 0, 6),
    "Tanh": np.tanh,
    "Sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "Elu": lambda x: np.where(x > 0, x, np.exp(x) - 1),
    "Selu": lambda x: 1.0507009873554805 * np.where(x > 0, x, 1.6732632423543772 * (np.exp(x) - 1)),
    "Softsign": lambda x: x / (1 + np.abs(x)),
    "Identity": lambda x: x,
}


@pytest.mark.parametrize("op", UNARY)
def test_operators_of_one_value(tmp_path: Path, op: str) -> None:
    graph = Graph(6, 8, 3)
    graph.node(op, "made", ["x"])
    graph.node("Mul", "out", ["made", graph.const("two", 2)])
    assert np.allclose(run(read_graph(tmp_path, graph), VALUE), UNARY[op](VALUE) * 2, atol=1e-5)


@pytest.mark.parametrize(
    "numbers", [2.5, np.full(3, -2.0), normal(1, 1, 3), normal(6, 8, 1) + 3, normal(1, 8, 3)]
)
@pytest.mark.parametrize(
    ("op", "operation"),
    [
        ("AddV2", np.add),
        ("Sub", np.subtract),
        ("Mul", np.multiply),
        ("RealDiv", np.divide),
        ("Maximum", np.maximum),
        ("Minimum", np.minimum),
        ("SquaredDifference", lambda a, b: (a - b) ** 2),
    ],
)
@pytest.mark.parametrize("swapped", [False, True])
def test_arithmetic_with_constants_of_any_shape(
    tmp_path: Path, op: str, operation: Callable[..., Array], numbers: Array, swapped: bool
) -> None:
    graph = Graph(6, 8, 3)
    names, values = ["x", graph.const("c", numbers)], [VALUE, np.asarray(numbers, np.float32)]
    order = slice(None, None, -1 if swapped else 1)
    graph.node(op, "out", names[order])
    made = run(read_graph(tmp_path, graph), VALUE)
    assert np.allclose(made, operation(*values[order]), rtol=1e-4, atol=1e-5)


def test_leaky_prelu_and_clip(tmp_path: Path) -> None:
    graph = Graph(6, 8, 3)
    graph.node("LeakyRelu", "leaky", ["x"], alpha=0.1)
    graph.node("Prelu", "prelu", ["leaky", graph.const("slopes", [[[2, 3, 4]]])])
    graph.node("ClipByValue", "out", ["prelu", graph.const("low", -0.5), graph.const("high", 0.25)])
    leaky = np.where(VALUE > 0, VALUE, VALUE * 0.1)
    expected = np.clip(np.where(leaky > 0, leaky, leaky * [2, 3, 4]), -0.5, 0.25)
    assert np.allclose(run(read_graph(tmp_path, graph), VALUE), expected, atol=1e-6)


def test_a_clip_written_as_minimum_and_maximum_is_one(tmp_path: Path) -> None:
    graph = Graph(6, 8, 3)
    graph.node("Minimum", "least", ["x", graph.const("high", 0.5)])
    graph.node("Maximum", "out", ["least", graph.const("low", -0.5)])
    network = read_graph(tmp_path, graph)
    assert ops(network) == ["activation"]
    assert np.allclose(run(network, VALUE), np.clip(VALUE, -0.5, 0.5))


FUSED: list[tuple[list[str], Callable[[Array], Array]]] = [
    (["BiasAdd"], lambda y: y + BETA),
    (["BiasAdd", "Relu"], lambda y: np.maximum(y + BETA, 0)),
    (["BiasAdd", "Relu6"], lambda y: np.clip(y + BETA, 0, 6)),
    (["BiasAdd", "Elu"], lambda y: np.where(y + BETA > 0, y + BETA, np.exp(y + BETA) - 1)),
    (["BiasAdd", "LeakyRelu"], lambda y: np.where(y + BETA > 0, y + BETA, 0.2 * (y + BETA))),
    (["BiasAdd", "Prelu"], lambda y: np.where(y + BETA > 0, y + BETA, GAMMA * (y + BETA))),
    (["FusedBatchNorm"], lambda y: (y - MEAN) / np.sqrt(VARIANCE + 1e-3) * GAMMA + BETA),
]


@pytest.mark.parametrize(
    ("names", "after"), FUSED, ids=lambda part: "+".join(part) if isinstance(part, list) else ""
)
@pytest.mark.parametrize("op", ["_FusedConv2D", "FusedDepthwiseConv2dNative"])
def test_fused_convolutions(
    tmp_path: Path, op: str, names: list[str], after: Callable[[Array], Array]
) -> None:
    graph, depthwise = Graph(6, 8, 3), "Depthwise" in op
    kernel = np.array([[[[2], [3], [4]]]], "f4") if depthwise else MATRIX[None, None]
    inputs = ["x", graph.const("kernel", kernel)]
    if "FusedBatchNorm" in names:
        given = (("gamma", GAMMA), ("beta", BETA), ("mean", MEAN), ("variance", VARIANCE))
        inputs += [graph.const(name, array) for name, array in given]
    else:
        inputs += [graph.const("bias", BETA), graph.const("slopes", GAMMA)]
    graph.node(
        op,
        "out",
        inputs,
        strides=[1, 1, 1, 1],
        padding="SAME",
        fused_ops=names,
        epsilon=0.001,
        leakyrelu_alpha=0.2,
    )
    plain = VALUE * [2, 3, 4] if depthwise else VALUE @ MATRIX
    assert np.allclose(run(read_graph(tmp_path, graph), VALUE), after(plain), atol=1e-4)


def normed(graph: Graph, **attributes: object) -> None:
    held = [graph.const(n, v) for n, v in (("g", GAMMA), ("b", BETA), ("m", MEAN), ("v", VARIANCE))]
    graph.node("FusedBatchNormV3", "out", ["x", *held], epsilon=0.01, **attributes)


def test_batch_norm_uses_what_was_learned_and_in_training_the_picture(tmp_path: Path) -> None:
    graph = Graph(6, 8, 3)
    normed(graph, is_training=False)
    expected = (VALUE - MEAN) / np.sqrt(VARIANCE + 0.01) * GAMMA + BETA
    assert np.allclose(run(read_graph(tmp_path, graph), VALUE), expected, atol=1e-5)
    training = Graph(6, 8, 3)
    normed(training, is_training=True)
    assert ops(read_graph(tmp_path / "training", training)) == ["instance_norm"]


def spread(value: Floats, stride: int, kernel: int) -> Floats:
    """The whole result of a transposed convolution of one channel by a kernel of ones."""
    high, wide = ((side - 1) * stride + kernel for side in value.shape[:2])
    made = np.zeros((high, wide, 1), np.float32)
    for row, column in np.ndindex(*value.shape[:2]):
        made[row * stride : row * stride + kernel, column * stride : column * stride + kernel] += value[
            row, column
        ]
    return made


@pytest.mark.parametrize(
    ("stride", "kernel", "size"), [(2, 4, (12, 16)), (2, 3, (11, 15)), (2, 3, (12, 16)), (3, 3, (16, 22))]
)
def test_transposed_convolutions_of_constant_size(
    tmp_path: Path, stride: int, kernel: int, size: tuple[int, int]
) -> None:
    graph, value = Graph(6, 8, 1), picture(6, 8, 1)
    inputs = [graph.whole("size", [1, *size, 1]), graph.const("kernel", np.ones((kernel, kernel, 1, 1))), "x"]
    graph.node("Conv2DBackpropInput", "out", inputs, strides=[1, stride, stride, 1], padding="SAME")
    whole = spread(value, stride, kernel)
    before = [max(whole.shape[axis] - size[axis], 0) // 2 for axis in (0, 1)]
    expected = whole[before[0] : before[0] + size[0], before[1] : before[1] + size[1]]
    assert np.allclose(run(read_graph(tmp_path, graph), value), expected, atol=1e-5)


def test_a_size_that_is_computed_from_the_picture_is_folded(tmp_path: Path) -> None:
    graph = Graph(-1, -1, 1)
    graph.node("Shape", "shape", ["x"], out_type="DT_INT32")
    for name, value in (("zero", [0]), ("one", [1]), ("two", [2]), ("three", [3])):
        graph.whole(name, value)
    sides = []
    for name, begin, end in (("batch", "zero", "one"), ("high", "one", "two"), ("wide", "two", "three")):
        graph.node("StridedSlice", name, ["shape", begin, end, "one"], shrink_axis_mask=1)
        double = graph.whole(f"{name}/by", 1 if name == "batch" else 2)
        sides.append(graph.node("Mul", f"{name}/double", [name, double]))
    graph.node("Pack", "size", [*sides, graph.whole("channels", 1)], axis=0)
    kernel = graph.const("kernel", normal(4, 4, 1, 1))
    graph.node("Conv2DBackpropInput", "out", ["size", kernel, "x"], strides=[1, 2, 2, 1], padding="SAME")
    folder = graph.write(tmp_path)
    assert read(folder, (10, 20)).output_shape == (20, 40, 1)
    assert read(folder).output_shape == (512, 512, 1)


@pytest.mark.parametrize(
    ("op", "attributes", "pads"),
    [
        ("MirrorPad", {"mode": "REFLECT"}, "reflect"),
        ("MirrorPad", {"mode": "SYMMETRIC"}, "symmetric"),
        ("Pad", {}, "constant"),
    ],
)
def test_padding(tmp_path: Path, op: str, attributes: dict[str, str], pads: str) -> None:
    graph, edges = Graph(6, 8, 3), [[0, 0], [1, 2], [3, 0], [0, 0]]
    graph.node(op, "out", ["x", graph.whole("pads", edges)], **attributes)
    assert np.allclose(run(read_graph(tmp_path, graph), VALUE), np.pad(VALUE, edges[1:], mode=pads))  # type: ignore[call-overload]


def test_padding_with_something_else_than_zero_is_refused(tmp_path: Path) -> None:
    graph = Graph(6, 8, 3)
    pads = graph.whole("pads", [[0, 0], [1, 1], [1, 1], [0, 0]])
    graph.node("PadV2", "out", ["x", pads, graph.const("with", 1)])
    with pytest.raises(BundleError, match=r"node out \(PadV2\) pads with"):
        read_graph(tmp_path, graph)


@pytest.mark.parametrize("op", ["ResizeNearestNeighbor", "ResizeBilinear"])
@pytest.mark.parametrize("flag", ["align_corners", "half_pixel_centers", "neither"])
def test_resizing_keeps_its_coordinates(tmp_path: Path, op: str, flag: str) -> None:
    graph = Graph(6, 8, 3)
    graph.node(op, "out", ["x", graph.whole("size", [9, 5])], **{flag: True})
    [node] = read_graph(tmp_path, graph).nodes
    coordinates = {
        "align_corners": "align_corners",
        "half_pixel_centers": "half_pixel",
        "neither": "asymmetric",
    }
    assert (node.shape, getattr(node, "coordinates", "")) == ((9, 5, 3), coordinates[flag])


def test_channels_are_cut_joined_and_turned_round(tmp_path: Path) -> None:
    graph = Graph(6, 8, 3)
    graph.node("Split", "parts", [graph.whole("axis", 3), "x"], num_split=3)
    graph.node("ConcatV2", "swapped", ["parts:2", "parts:1", "parts", "axis"], N=3)
    graph.node("ReverseV2", "back", ["swapped", graph.whole("last", [-1])])
    cut = [
        graph.whole(name, four)
        for name, four in (("b", [0, 1, 0, 0]), ("e", [1, 5, 6, 2]), ("s", [1, 1, 1, 1]))
    ]
    graph.node("StridedSlice", "cut", ["back", *cut])
    graph.node("Mean", "out", ["cut", "last"], keep_dims=True)
    made = run(read_graph(tmp_path, graph), VALUE)
    assert np.allclose(made, VALUE[1:5, :6, :2].mean(-1, keepdims=True), atol=1e-6)


def test_a_gate_by_the_mean_runs_through_vectors(tmp_path: Path) -> None:
    graph = Graph(6, 8, 3)
    graph.node("Mean", "mean", ["x", graph.whole("axes", [1, 2])], keep_dims=False)
    graph.node("MatMul", "dense", ["mean", graph.const("matrix", MATRIX)])
    graph.node("BiasAdd", "biased", ["dense", graph.const("bias", BETA)])
    graph.node("Sigmoid", "gate", ["biased"])
    graph.node("Reshape", "wide", ["gate", graph.whole("shape", [-1, 1, 1, 3])])
    graph.node("Mul", "out", ["x", "wide"])
    gate = 1 / (1 + np.exp(-(VALUE.mean((0, 1)) @ MATRIX + BETA)))
    assert np.allclose(run(read_graph(tmp_path, graph), VALUE), VALUE * gate, atol=1e-5)


def test_pixels_that_are_repeated_by_tiles_are_one_resize(tmp_path: Path) -> None:
    graph, dims = Graph(6, 8, 3), [1, 12, 8, 3]
    for axis, tiles in ((2, [1, 1, 2, 1, 1]), (3, [1, 1, 1, 2, 1])):
        before = graph.nodes[-1]["name"] if axis == 3 else "x"
        graph.node("ExpandDims", f"out{axis}", [before, graph.whole(f"axis{axis}", axis)])
        graph.node("Tile", f"tile{axis}", [f"out{axis}", graph.whole(f"tiles{axis}", tiles)])
        graph.node("Reshape", f"flat{axis}", [f"tile{axis}", graph.whole(f"dims{axis}", dims)])
        dims = [1, 12, 16, 3]
    network = read_graph(tmp_path, graph)
    assert ops(network) == ["resize"]
    assert np.array_equal(run(network, VALUE), VALUE.repeat(2, 0).repeat(2, 1))


def test_a_dilated_convolution_that_deals_out_places(tmp_path: Path) -> None:
    graph, kernel = Graph(6, 8, 3), normal(3, 3, 3, 3)
    block, held = graph.whole("block", [2, 2]), graph.const("kernel", kernel)
    graph.node("SpaceToBatchND", "dealt", ["x", block, graph.whole("pads", [[2, 2], [2, 2]])])
    graph.node("Conv2D", "conv", ["dealt", held], strides=[1, 1, 1, 1], padding="VALID")
    graph.node("BatchToSpaceND", "out", ["conv", block, graph.whole("crops", [[0, 0], [0, 0]])])
    padded = np.pad(VALUE, [(2, 2), (2, 2), (0, 0)])
    expected = sum(padded[2 * y :][:6, 2 * x :][:, :8] @ kernel[y, x] for y, x in np.ndindex(3, 3))
    assert np.allclose(run(read_graph(tmp_path, graph), VALUE), expected, atol=1e-4)


def test_blocks_go_to_channels_and_back(tmp_path: Path) -> None:
    graph = Graph(6, 8, 3)
    graph.node("SpaceToDepth", "deep", ["x"], block_size=2)
    graph.node("DepthToSpace", "back", ["deep"], block_size=2)
    assert np.allclose(run(read_graph(tmp_path, graph), VALUE), VALUE)


@pytest.mark.parametrize("op", ["MaxPool", "AvgPool"])
def test_pooling(tmp_path: Path, op: str) -> None:
    graph = Graph(6, 8, 3)
    graph.node(op, "out", ["x"], ksize=[1, 2, 2, 1], strides=[1, 2, 2, 1], padding="VALID")
    blocks = VALUE.reshape(3, 2, 4, 2, 3)
    expected = blocks.max((1, 3)) if op == "MaxPool" else blocks.mean((1, 3))
    assert np.allclose(run(read_graph(tmp_path, graph), VALUE), expected, atol=1e-6)


def refused_softmax(graph: Graph) -> None:
    graph.node("Softmax", "soft", ["x"])


def refused_channels_first(graph: Graph) -> None:
    four = [1, 1, 1, 1]
    graph.node(
        "Conv2D",
        "conv",
        ["x", graph.const("k", normal(1, 1, 3, 3))],
        strides=four,
        padding="SAME",
        data_format="NCHW",
    )


def refused_transpose(graph: Graph) -> None:
    graph.node("Transpose", "first", ["x", graph.whole("order", [0, 3, 1, 2])])


def refused_circle(graph: Graph) -> None:
    graph.node("AddV2", "a", ["x", "b"])
    graph.node("Relu", "b", ["a"])


def refused_function(graph: Graph) -> None:
    graph.node("PartitionedCall", "call", ["x"])


def refused_reshape(graph: Graph) -> None:
    graph.node("Reshape", "flat", ["x", graph.whole("shape", [1, 8, 6, 3])])


def refused_turned(graph: Graph) -> None:
    begin, end, by = (
        graph.whole(name, each) for name, each in (("b", [0, 5]), ("e", [1, 0]), ("s", [1, -1]))
    )
    graph.node("StridedSlice", "turned", ["x", begin, end, by], end_mask=2, shrink_axis_mask=1)


def refused_second_input(graph: Graph) -> None:
    graph.node("Placeholder", "mask", [], shape=(-1, 6, 8, 3))
    graph.node("AddV2", "sum", ["x", "mask"])


def refused_constant_output(graph: Graph) -> None:
    graph.node("Relu", "out", [graph.const("c", normal(1, 6, 8, 3))])


def refused_missing(graph: Graph) -> None:
    graph.node("AddV2", "sum", ["x", "nowhere"])


def refused_huge(graph: Graph) -> None:
    graph.node("ResizeBilinear", "huge", ["x", graph.whole("size", [2**30, 2**30])])


def refused_huge_constant(graph: Graph) -> None:
    graph.node("Fill", "fill", [graph.whole("dims", [2**15, 2**15]), graph.const("with", 1)])
    graph.node("Mul", "out", ["x", "fill"])


def refused_channels(graph: Graph) -> None:
    graph.conv("out", "x", normal(1, 1, 3, 7))


def refused_batch(graph: Graph) -> None:
    graph.nodes[0]["attr"]["shape"]["shape"]["dim"][0]["size"] = "4"
    graph.node("Relu", "out", ["x"])


REFUSED = {
    refused_softmax: r"node soft \(Softmax\) is an operator that cannot run",
    refused_channels_first: r"node conv \(Conv2D\) has its channels first \(NCHW\)",
    refused_transpose: r"node first \(Transpose\) swaps the axes",
    refused_circle: "takes what it gives itself",
    refused_function: r"node call \(PartitionedCall\)",
    refused_reshape: r"node flat \(Reshape\): reshaping \[1, 6, 8, 3\] to \[1, 8, 6, 3\]",
    refused_turned: r"node turned \(StridedSlice\): cutting, turning round",
    refused_second_input: "2 inputs that its output needs",
    refused_constant_output: "0 inputs that its output needs",
    refused_missing: "takes nowhere, which is not among the nodes",
    refused_huge: r"node huge \(ResizeBilinear\) makes a picture of",
    refused_huge_constant: r"node fill \(Fill\) makes a constant",
    refused_channels: "a picture has 1, 3 or 4 channels",
    refused_batch: "wants 4 pictures at once",
}


@pytest.mark.parametrize("build", REFUSED, ids=lambda build: build.__name__)
def test_what_cannot_run_is_named(tmp_path: Path, build: Callable[[Graph], None]) -> None:
    graph = Graph(6, 8, 3)
    build(graph)
    with pytest.raises(BundleError, match=REFUSED[build]):
        read_graph(tmp_path, graph)


def test_two_outputs_are_refused(tmp_path: Path) -> None:
    graph = Graph(6, 8, 3)
    graph.node("Relu", "a", ["x"])
    model = graph.model()
    model["signature"]["outputs"]["z"] = {"name": "x:0"}
    from tests.models.reading.writers import write_tfjs

    with pytest.raises(BundleError, match="2 outputs"):
        read(write_tfjs(tmp_path, model, {"none": np.zeros(1, "f4")}))

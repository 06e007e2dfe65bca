"""Fusing changes the nodes and not the picture."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from kit.models.fusing import fused
from kit.models.graph import check_network
from kit.models.network import Network
from kit.models.reference import run_network
from tests.models.networks import Builder


def check(build: Builder, *ops: str) -> Network:
    """The fused network gives the same values and has these operators left."""
    network = build.network()
    before = {name: values.copy() for name, values in network.tensors.items()}
    again = fused(network)
    check_network(again)
    value = build.value()
    given, made = run_network(network, value), run_network(again, value)
    assert np.abs(made - given).max() < 1e-5 * max(1, float(np.abs(given).max()))
    assert [node.op for node in again.nodes] == list(ops)
    assert all((network.tensors[name] == values).all() for name, values in before.items())
    return again


@pytest.mark.parametrize("bias", [False, True])
@pytest.mark.parametrize("op", ["conv2d", "conv2d_transpose", "depthwise_conv2d"])
def test_norm_and_activation_go_into_the_convolution_before_them(op: str, bias: bool) -> None:
    build = Builder((5, 6, 3))
    value = build.affine(build.convolution("input", 2, op=op, bias=bias, name="conv"), name="norm")
    build.activation(value, type="leaky_relu", alpha=0.2)
    again = check(build, op)
    assert set(again.tensors) == {"conv/kernel", "conv/bias"}
    assert again.output == "conv"


def test_slopes_go_with_their_activation() -> None:
    build = Builder((5, 6, 3))
    build.prelu(build.convolution("input", 2))
    assert "slopes1" in check(build, "conv2d").tensors


def test_a_value_that_another_node_takes_stays() -> None:
    build = Builder((5, 6, 3))
    first = build.convolution("input", 3)
    build.node("add", build.affine(first), first)
    check(build, "conv2d", "affine", "add")


def test_a_value_that_is_the_output_stays() -> None:
    build = Builder((5, 6, 3))
    first = build.convolution("input", 3)
    build.activation(first, type="relu")
    again = fused(build.network(output=first))
    assert [node.op for node in again.nodes] == ["conv2d"]
    assert again.nodes[0] == build.nodes[0]


def test_a_norm_behind_an_activation_stays_and_joins_the_next_one() -> None:
    build = Builder((5, 6, 3))
    value = build.convolution("input", 3, activation={"type": "relu"})
    build.affine(build.affine(value))
    check(build, "conv2d", "affine")


def test_a_kernel_that_two_convolutions_share_is_changed_for_one() -> None:
    build = Builder((5, 6, 3))
    first = build.convolution("input", 3, name="first")
    normed = build.affine(first)
    build.convolution(normed, 3, name="second")
    build.nodes[-1] = build.nodes[-1].model_copy(update={"kernel": "first/kernel"})
    build.node("sub", "second", "input")
    assert set(check(build, "conv2d", "conv2d", "sub").tensors) == {
        "first/kernel",
        "first/kernel_2",
        "first/bias",
    }


def test_what_nobody_takes_is_dropped() -> None:
    build = Builder((5, 6, 3))
    build.convolution("input", 4, name="unused")
    build.convolution("input", 3, name="used")
    assert set(check(build, "conv2d").tensors) == {"used/kernel"}


def no_effect(build: Builder) -> str:
    value = build.activation("input", type="linear")
    value = build.node("pad", value, mode="reflect", edges=((0, 0), (0, 0)))
    value = build.node("crop", value, edges=((0, 0), (0, 0)))
    value = build.node("resize", value, method="bilinear", coordinates="half_pixel", size=(5, 6))
    return build.node("max_pool", value, window=(1, 1), strides=(1, 1), padding="same")


def test_nodes_without_effect_are_dropped() -> None:
    build = Builder((5, 6, 3))
    build.node("square", no_effect(build))
    check(build, "square")


def test_a_network_without_effect_keeps_one_node() -> None:
    build = Builder((5, 6, 3))
    no_effect(build)
    again = check(build, "activation")
    assert again.output == build.nodes[-1].name


@pytest.mark.parametrize("constant_first", [False, True])
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("op", ["add", "sub", "mul", "div"])
def test_constants_per_channel_become_a_bias_or_a_factor(
    op: str, channels: int, constant_first: bool
) -> None:
    build = Builder((5, 6, 3))
    first, constant = build.convolution("input", 3), build.constant(1, 1, channels)
    build.node(op, *((constant, first) if constant_first else (first, constant)))
    check(build, *(("conv2d", "constant", "div") if op == "div" and constant_first else ("conv2d",)))


def test_zero_as_the_least_value_is_a_relu() -> None:
    build = Builder((5, 6, 3))
    constant = build.constant(1, 1, 1)
    build.tensors["constant0/value"][:] = 0
    build.node("maximum", constant, build.convolution("input", 3))
    assert check(build, "conv2d").nodes[0].activation.type == "relu"  # type: ignore[union-attr]


def division_by_zero(build: Builder) -> None:
    build.tensors["constant1/value"][:] = 0
    build.node("maximum", build.node("div", "conv2d0", "constant1"), build.constant(1, 1, 3))


def stretched(build: Builder) -> None:
    small = build.node("mean", "conv2d0")
    build.node("add", small, build.constant(5, 6, 3))


@pytest.mark.parametrize("made", [division_by_zero, stretched])
def test_other_constants_stay_constants(made: Callable[[Builder], None]) -> None:
    build = Builder((5, 6, 3))
    build.convolution("input", 3)
    build.constant(1, 1, 3)
    made(build)
    assert "constant" in {node.op for node in fused(build.network()).nodes}


def test_constants_among_themselves_are_computed_beforehand() -> None:
    build = Builder((5, 6, 3))
    value = build.node("mul", build.constant(5, 6, 1), build.constant(1, 1, 3))
    build.node("add", "input", build.node("square", value))
    assert len(check(build, "constant", "add").tensors) == 1


@pytest.mark.parametrize("padding", ["valid", ((1, 0), (0, 2))])
def test_zeros_around_become_the_padding(padding: object) -> None:
    build = Builder((5, 6, 3))
    padded = build.node("pad", "input", mode="zero", edges=((1, 2), (0, 1)))
    build.convolution(padded, 2, padding=padding, strides=(2, 2))
    check(build, "conv2d")


def test_other_edges_stay() -> None:
    build = Builder((5, 6, 3))
    padded = build.node("pad", "input", mode="reflect", edges=((1, 2), (0, 1)))
    zeros = build.node("pad", padded, mode="zero", edges=((1, 0), (0, 0)))
    build.convolution(zeros, 2, padding="same")
    check(build, "pad", "pad", "conv2d")


@pytest.mark.parametrize(("taps", "left"), [(3, 1), (1, 2)])
def test_edges_cut_from_a_transposed_convolution_are_not_made(taps: int, left: int) -> None:
    build = Builder((5, 6, 3))
    large = build.convolution(
        "input", 2, op="conv2d_transpose", kernel=(taps, taps), strides=(2, 2), padding="valid"
    )
    build.node("crop", build.activation(large, type="tanh"), edges=((1, 0), (0, 1)))
    check(build, *("conv2d_transpose", "crop")[:left])


def test_long_names_stay_within_their_limit() -> None:
    build = Builder((5, 6, 3))
    name = "a" * 92
    build.affine(build.convolution("input", 3, name=name), name="norm")
    build.tensors = {key[-90:]: values for key, values in build.tensors.items()}
    build.nodes[0] = build.nodes[0].model_copy(update={"kernel": f"{name}/kernel"[-90:]})
    assert max(map(len, check(build, "conv2d").tensors)) <= 100

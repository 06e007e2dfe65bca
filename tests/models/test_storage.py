"""What is left out or rounded when a network is stored."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from kit.models.catalog import BUNDLED
from kit.models.loaded import load_network
from kit.models.manifest import read_manifest
from kit.models.reference import run_network
from kit.models.storage import counted, kernels_of, stored
from tests.models.networks import Builder

SMALL = BUNDLED / "flowers-small" / "1.1.0"
DEAD: list[tuple[str, tuple[int, int, int], dict[str, Any]]] = [
    ("conv2d", (2, 2, 3), {"strides": (2, 2)}),
    ("conv2d", (1, 5, 3), {"padding": ((2, 1), (0, 0))}),
    ("conv2d_transpose", (1, 1, 3), {"strides": (2, 2)}),
    ("conv2d_transpose", (2, 2, 3), {"strides": (2, 2), "padding": ((3, 2), (0, 0))}),
    ("depthwise_conv2d", (1, 2, 3), {}),
]


@pytest.mark.parametrize(("op", "shape", "settings"), DEAD)
def test_taps_that_never_meet_data_are_left_out_and_no_output_changes(
    op: str, shape: tuple[int, int, int], settings: dict[str, Any]
) -> None:
    build = Builder(shape)
    name = build.convolution("input", 2, op=op, kernel=(4, 4), **settings)
    network = build.network()
    kept = stored(network, "float32")
    (tensor,) = kept.tensors
    assert tensor.taps is not None
    assert len(tensor.taps) < 16
    assert np.count_nonzero(kept.network.tensors[f"{name}/kernel"]) < build.tensors[f"{name}/kernel"].size
    value = build.value()
    assert (run_network(kept.network, value) == run_network(network, value)).all()


@pytest.mark.parametrize("times", [1, 5])
def test_eight_bits_of_a_depthwise_kernel_are_half_a_step_off_at_most(times: int) -> None:
    build = Builder((4, 4, 3))
    build.convolution("input", times, op="depthwise_conv2d", name="deep")
    kernel = build.tensors["deep/kernel"]
    kernel *= np.logspace(-3, 2, 3, dtype=np.float32)[:, None]
    again = stored(build.network(), "int8").network.tensors["deep/kernel"]
    longer = 2 if times == 1 else 3
    others = tuple(axis for axis in range(4) if axis != longer)
    step = np.abs(kernel).max(axis=others, keepdims=True) / 127
    assert (np.abs(again - kernel) <= step * 0.5001).all()


def test_a_kernel_of_two_kinds_of_convolution_is_stored_twice() -> None:
    build = Builder((4, 4, 3))
    build.convolution("input", 3, name="first")
    build.convolution("first", 3, op="conv2d_transpose", name="second")
    shared = build.nodes[1].model_copy(update={"kernel": "first/kernel"})
    network = replace(build.network(), nodes=(build.nodes[0], shared))
    kept = stored(network, "float32").network
    assert set(kept.tensors) == {"first/kernel", "first/kernel_2"}
    value = build.value()
    assert (run_network(kept, value) == run_network(network, value)).all()


def test_the_small_network_that_ships_is_counted_and_stored_as_before() -> None:
    manifest, network = read_manifest(SMALL), load_network(SMALL)
    counts = manifest.parameters
    assert counted(network, 16_786_211, 10_484_611) == counts
    for tensor in manifest.tensors:
        if tensor.dtype == "int8":
            kernel = kernels_of(network)[tensor.name]
            assert (None if kernel.taps is None else tuple(kernel.taps)) == tensor.taps
            assert kernel.channel_axis == tensor.channel_axis

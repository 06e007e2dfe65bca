from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kit.models import reference
from kit.models.catalog import BUNDLED
from kit.models.loaded import golden_error
from kit.models.manifest import Leaky, Plain
from tests.models.conftest import Bundle


def test_preprocessing_is_that_of_the_golden_triple(blocks: Bundle) -> None:
    golden = blocks.manifest.golden
    made = reference.preprocess(blocks.manifest.preprocessing, blocks.array(golden.picture))
    assert np.abs(made - blocks.array(golden.input)).max() < 1e-4


def test_the_network_gives_the_golden_output(blocks: Bundle) -> None:
    golden = blocks.manifest.golden
    made = reference.run(blocks.manifest, blocks.tensors(), blocks.array(golden.input))
    assert np.abs(made - blocks.array(golden.output)).max() < 1e-3


@pytest.mark.parametrize("folder", sorted(BUNDLED.glob("*/*")), ids=lambda path: path.parent.name)
def test_bundles_that_ship_give_their_golden_output_from_the_picture_on(folder: Path) -> None:
    assert golden_error(folder) < 1e-3


def test_the_golden_output_would_show_a_flip_and_a_channel_swap(blocks: Bundle) -> None:
    output = blocks.array(blocks.manifest.golden.output).astype(np.float32)
    for wrong in (output[::-1], output[:, ::-1], output[..., ::-1]):
        assert np.abs(output - wrong).max() > 0.5


def test_taps_that_were_left_out_change_no_output(blocks: Bundle) -> None:
    value, tensors = blocks.array(blocks.manifest.golden.input), blocks.tensors()
    plain = reference.run(blocks.manifest, tensors, value)
    noise = np.random.default_rng(0)
    for tensor in blocks.manifest.tensors:
        if tensor.taps:
            live = np.zeros(tensor.shape, bool)
            live[tuple(np.transpose(tensor.taps))] = True
            tensors[tensor.name] = np.where(
                live, tensors[tensor.name], noise.normal(size=tensor.shape)
            ).astype("f4")
    assert (reference.run(blocks.manifest, tensors, value) == plain).all()


def test_activations() -> None:
    value = np.array([-2, 0.5], np.float32)
    assert reference.activated(Leaky(type="leaky_relu", alpha=0.3), value).tolist() == pytest.approx(
        [-0.6, 0.5]
    )
    assert reference.activated(Plain(type="relu"), value).tolist() == [0, 0.5]
    assert reference.activated(Plain(type="sigmoid"), value).tolist() == pytest.approx(
        [0.1192, 0.6225], abs=1e-4
    )
    assert reference.activated(Plain(type="linear"), value).tolist() == [-2, 0.5]


@pytest.mark.parametrize("taps", [3, 4])
def test_a_transposed_convolution_is_the_gradient_of_the_plain_one(taps: int) -> None:
    rng = np.random.default_rng(9)
    small, large = rng.normal(size=(3, 5, 2)).astype("f4"), rng.normal(size=(6, 10, 4)).astype("f4")
    kernel = rng.normal(size=(taps, taps, 4, 2)).astype("f4")
    forward = float((reference.conv2d(large, kernel, (2, 2)) * small).sum())
    backward = float((reference.conv2d_transpose(small, kernel, (2, 2)) * large).sum())
    assert forward == pytest.approx(backward, rel=1e-4)

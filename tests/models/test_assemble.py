"""From a network to a bundle: counts, storage, golden triple, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kit.models.assemble import Label, golden_input, publish_network
from kit.models.errors import BundleError
from kit.models.loaded import golden_error, load_array, load_network
from kit.models.manifest import Manifest
from kit.models.network import Network
from kit.models.preparing import steps_for
from kit.models.reference import run_network
from kit.models.verify import verify_bundle
from tests.models.conftest import BLOCKS, Bundle
from tests.models.networks import Builder

LABEL = Label("tried", "1.0.0", "Tried", "For a test.")


def colours(side: int = 16) -> Builder:
    build = Builder((side, side, 3))
    build.convolution("input", 2, op="depthwise_conv2d", name="deep", bias=True)
    build.convolution("deep", 3, name="last", activation={"type": "tanh"})
    return build


def published(network: Network, root: Path, **given: Any) -> tuple[Path, Manifest]:
    settings: dict[str, Any] = {
        "precision": "int8",
        "preprocessing": steps_for(network.input_shape, (-1, 1)),
        "output_range": (-1.0, 1.0),
    }
    folder = publish_network(network, given.pop("label", LABEL), root, **(settings | given))
    return folder, verify_bundle(folder)


def test_a_bundle_published_again_has_the_same_weights_and_figures(blocks: Bundle, tmp_path: Path) -> None:
    manifest = blocks.manifest
    label = replace(LABEL, name=manifest.name, internal=True)
    _, again = published(
        load_network(BLOCKS),
        tmp_path,
        label=label,
        preprocessing=manifest.preprocessing,
        total_parameters=manifest.parameters.total,
        live_parameters=manifest.parameters.live,
    )
    assert again.parameters == manifest.parameters
    assert (again.graph, again.tensors) == (manifest.graph, manifest.tensors)
    assert (tmp_path / "test-blocks/1.0.0/weights-0.bin").read_bytes() == (
        BLOCKS / "weights-0.bin"
    ).read_bytes()


@pytest.mark.parametrize("precision", ["int8", "float16", "float32"])
def test_a_network_comes_back_as_it_was_stored(tmp_path: Path, precision: str) -> None:
    network = colours().network()
    folder, manifest = published(network, tmp_path, precision=precision)
    again = load_network(folder)
    assert again.nodes == network.nodes
    value = golden_input(manifest.preprocessing)
    apart = np.abs(run_network(again, value) - run_network(network, value)).max()
    assert apart <= {"int8": 0.1, "float16": 2e-3, "float32": 0}[precision]
    assert golden_error(folder) < 1e-3


def test_counts_of_a_depthwise_convolution(tmp_path: Path) -> None:
    _, manifest = published(colours().network(), tmp_path)
    counts = manifest.parameters
    assert counts.total == counts.live == counts.stored_values == 3 * 3 * 3 * 2 + 6 + 3 * 3 * 6 * 3
    assert counts.multiply_adds == 16 * 16 * 9 * (6 + 18)
    assert counts.multiply_adds_live == (3 * 16 - 2) ** 2 * (6 + 18)


def test_scales_of_a_depthwise_kernel_lie_along_its_longer_side(tmp_path: Path) -> None:
    build = Builder((8, 8, 1))
    build.convolution("input", 4, op="depthwise_conv2d", name="many")
    build.convolution("many", 1, op="depthwise_conv2d", name="one")
    _, manifest = published(build.network(), tmp_path)
    axes = {tensor.name: tensor.channel_axis for tensor in manifest.tensors if tensor.dtype == "int8"}
    assert axes == {"many/kernel": 3, "one/kernel": 2}


def test_a_kernel_that_two_places_share_keeps_the_taps_of_both(tmp_path: Path) -> None:
    build = Builder((4, 4, 3))
    small = build.node("avg_pool", "input", window=(4, 4), strides=(4, 4), padding="valid")
    once = build.convolution(small, 3, name="once")
    large = build.convolution("input", 3, name="twice", kernel=(3, 3))
    shared = build.nodes[-1].model_copy(update={"kernel": "once/kernel"})
    build.nodes[-1] = shared
    build.node("add", once, large)
    _, manifest = published(build.network(), tmp_path)
    (kernel,) = [tensor for tensor in manifest.tensors if tensor.dtype == "int8"]
    assert kernel.taps is None


def test_names_that_could_be_mistaken_are_replaced(tmp_path: Path) -> None:
    build = colours()
    renamed = dict(build.tensors) | {"deep/kernel:scale": build.tensors["deep/bias"]}
    node = build.nodes[0].model_copy(update={"bias": "deep/kernel:scale"})
    network = replace(build.network(), nodes=(node, build.nodes[1]), tensors=renamed)
    folder, manifest = published(network, tmp_path)
    again = load_network(folder)
    assert again.tensors["deep/kernel_2"] == pytest.approx(build.tensors["deep/bias"])
    assert {"deep/kernel", "deep/kernel:scale"} < {tensor.name for tensor in manifest.tensors}


def test_the_output_that_the_maker_gives_is_kept(tmp_path: Path) -> None:
    network = colours().network()
    mine = np.full(network.output_shape, 0.25, np.float32)
    folder, manifest = published(network, tmp_path, golden_output=mine)
    assert (load_array(folder, manifest.golden.output) == 0.25).all()


def test_a_golden_picture_for_colours_has_colours(tmp_path: Path) -> None:
    folder, manifest = published(colours().network(), tmp_path)
    picture = load_array(folder, manifest.golden.picture)
    assert (picture[..., 0] != picture[..., 2]).any()


def test_values_beyond_half_floats_are_kept_as_floats(tmp_path: Path) -> None:
    network = colours().network()
    loud = np.full(network.output_shape, 1e5, np.float32)
    _, manifest = published(network, tmp_path, golden_output=loud, output_range=(0.0, 1e5))
    assert manifest.golden.output.dtype == "float32"


def spoilt(name: str) -> Network:
    network = colours().network()
    values = network.tensors[name].copy()
    values.flat[0] = np.nan
    return replace(network, tensors=network.tensors | {name: values})


def without_weights() -> Network:
    build = Builder((8, 8, 3))
    build.activation("input", type="relu")
    return build.network()


def exploding() -> Network:
    build = colours()
    build.node("reciprocal", build.activation("last", type="relu"))
    return build.network()


def two_channels() -> Network:
    build = Builder((8, 8, 3))
    build.convolution("input", 2)
    return build.network()


@pytest.mark.parametrize(
    ("network", "given", "says"),
    [
        (spoilt("deep/bias"), {}, "deep/bias holds values that are no finite numbers"),
        (without_weights(), {}, "has no weights"),
        (exploding(), {}, "check the range of values"),
        (two_channels(), {}, "1, 3 or 4 channels, not 2"),
        (colours().network(), {"label": replace(LABEL, name="Bad Name")}, "name: "),
        (colours().network(), {"label": replace(LABEL, name="local-model")}, "local-model is kept for"),
        (colours().network(), {"output_range": (1.0, 1.0)}, "output.range"),
        (colours().network(), {"preprocessing": ()}, "preprocessing gives"),
        (replace(colours().network(), output="nothing"), {}, "no node is called nothing"),
    ],
)
def test_what_cannot_be_a_bundle_is_refused_and_leaves_nothing(
    tmp_path: Path, network: Network, given: dict[str, Any], says: str
) -> None:
    with pytest.raises(BundleError, match=says):
        published(network, tmp_path, **given)
    assert list(tmp_path.rglob("*.bin")) == []

"""Exported TensorFlow.js folders as files; what they compute is tested in a browser."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from kit.models.errors import BundleError
from kit.models.exporting import tfjs_files
from kit.models.exporting.notes import Notes, notes_of_bundle
from kit.models.exporting.tfjs_graph import write_tfjs_graph
from kit.models.exporting.tfjs_layers import write_tfjs_layers
from kit.models.loaded import load_network
from tests.models.conftest import Bundle
from tests.models.exporting.networks import NO_LAYER, all_cases, every_operator

WRITERS = {"graph-model": write_tfjs_graph, "layers-model": write_tfjs_layers}


@pytest.mark.parametrize("format", WRITERS)
def test_the_folder_says_what_it_holds(format: str, blocks: Bundle, tmp_path: Path) -> None:
    notes = notes_of_bundle(blocks.folder, blocks.manifest)
    WRITERS[format](load_network(blocks.folder), tmp_path / "made", notes)
    model = json.loads((tmp_path / "made" / "model.json").read_text())
    said = model["userDefinedMetadata"]
    assert (model["format"], said["name"], said["version"]) == (format, "test-blocks", "1.0.0")
    assert said["output"]["range"] == [-1, 1]
    assert [step["op"] for step in said["preprocessing"]] == ["grey", "area", "bicubic", "scale"]


@pytest.mark.parametrize("format", WRITERS)
def test_shards_hold_the_weights_and_are_not_too_long(
    format: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tfjs_files, "SHARD_BYTES", 1001)
    WRITERS[format](every_operator(for_layers=True), tmp_path / "made", Notes("cut"))
    (group,) = json.loads((tmp_path / "made" / "model.json").read_text())["weightsManifest"]
    sizes = [(tmp_path / "made" / path).stat().st_size for path in group["paths"]]
    assert set(sizes[:-1]) == {1001}
    assert sum(sizes) == sum(4 * int(np.prod(weight["shape"])) for weight in group["weights"])


@pytest.mark.parametrize("name", NO_LAYER)
def test_an_operator_without_a_layer_is_named(name: str, tmp_path: Path) -> None:
    network = all_cases()[name]
    node = network.nodes[-1]
    message = f"graph: {node.name}: no layer can stand for {node.op}; export to tfjs-graph"
    with pytest.raises(BundleError, match=message):
        write_tfjs_layers(network, tmp_path / "made", Notes("refused"))

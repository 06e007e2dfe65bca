"""Exported ONNX files, run by ONNX Runtime, against NumPy."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

onnx = pytest.importorskip("onnx", reason="the train extra is not installed")
onnxruntime = pytest.importorskip("onnxruntime", reason="ONNX Runtime is not installed")

from kit.models.errors import BundleError  # noqa: E402
from kit.models.exporting import onnx as writer  # noqa: E402
from kit.models.exporting.notes import Notes, notes_of_bundle  # noqa: E402
from kit.models.loaded import load_network  # noqa: E402
from kit.models.network import Network  # noqa: E402
from kit.models.reference import run_network  # noqa: E402
from tests.models.conftest import Bundle  # noqa: E402
from tests.models.exporting.networks import all_cases, picture  # noqa: E402

CASES = all_cases()
Run = Callable[[Network, np.ndarray], np.ndarray]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """What ONNX Runtime makes of an exported network and a picture."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1

    def measure(network: Network, value: np.ndarray) -> np.ndarray:
        file = tmp_path / "network.onnx"
        writer.write_onnx(network, file, Notes("network"))
        session = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
        made: np.ndarray = session.run([network.output], {network.input: value[None]})[0]
        return made[0]

    return measure


@pytest.mark.parametrize("name", CASES)
def test_every_operator_gives_what_numpy_gives(name: str, run: Run) -> None:
    network = CASES[name]
    made, wanted = run(network, picture(network)), run_network(network, picture(network))
    assert made.shape == wanted.shape
    assert np.abs(made - wanted).max() < 1e-5


def test_a_bundle_gives_its_golden_output(blocks: Bundle, run: Run) -> None:
    golden = blocks.manifest.golden
    value, wanted = blocks.array(golden.input), blocks.array(golden.output)
    assert np.abs(run(load_network(blocks.folder), value) - wanted).max() < 0.001


def test_the_file_says_what_it_holds(blocks: Bundle, tmp_path: Path) -> None:
    notes = notes_of_bundle(blocks.folder, blocks.manifest)
    writer.write_onnx(load_network(blocks.folder), tmp_path / "blocks.onnx", notes)
    model = onnx.load(tmp_path / "blocks.onnx")
    said = {entry.key: entry.value for entry in model.metadata_props}
    assert (said["name"], said["version"], model.producer_name) == ("test-blocks", "1.0.0", "Fieldkit")
    assert json.loads(said["preprocessing"])[0]["op"] == "grey"
    assert json.loads(said["output"])["range"] == [-1, 1]
    assert [size.dim_value for size in model.graph.input[0].type.tensor_type.shape.dim] == [1, 256, 256, 1]


def test_weights_beyond_the_format_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "LARGEST_BYTES", 100)
    with pytest.raises(BundleError, match=r"2 GB at most, .* export to tfjs-graph instead"):
        writer.write_onnx(CASES["every-operator"], tmp_path / "large.onnx", Notes("large"))

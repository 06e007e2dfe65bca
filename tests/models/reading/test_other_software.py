"""Models that Keras saved and TensorFlow.js' converter wrote give what Keras gives."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kit.models.fusing import fused
from kit.models.network import Network
from kit.models.reading import open_files, read_keras_config, weights_by_layer
from tests.models.reading.writers import read, run

pytestmark = [pytest.mark.train, pytest.mark.slow]
PROGRAM = Path(__file__).with_name("other_software.py")


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the models, made by a program of its own: TensorFlow warns about much when it is imported."""
    pytest.importorskip("tensorflow")
    folder = tmp_path_factory.mktemp("models")
    made = subprocess.run([sys.executable, PROGRAM, folder], capture_output=True, text=True, timeout=600)
    assert made.returncode == 0, made.stderr[-3000:]
    return folder


def keras_file(models: Path) -> Network:
    h5py = pytest.importorskip("h5py")
    with open_files(models / "new.keras") as files:
        config = json.loads(files.read("config.json"))
        weights = h5py.File(io.BytesIO(files.read("model.weights.h5")))
    stored: dict[str, Any] = {}
    weights.visititems(lambda name, held: stored.update({name: held[()]}) if hasattr(held, "dtype") else None)
    return read_keras_config(config, weights_by_layer(config, stored), (16, 16))


def h5_file(models: Path) -> Network:
    h5py = pytest.importorskip("h5py")
    with h5py.File(models / "old.h5") as file:
        config = json.loads(file.attrs["model_config"]) | {"keras_version": file.attrs["keras_version"]}
        groups = file["model_weights"]
        weights = {name: [groups[name][w][()] for w in groups[name].attrs["weight_names"]] for name in groups}
    return read_keras_config(config, weights)


def tfjs(name: str) -> Callable[[Path], Network]:
    return lambda models: read(models / name, (16, 16))


@pytest.mark.parametrize(
    ("which", "reader", "allowed"),
    [
        ("new", tfjs("new_graph"), 1e-5),
        ("new", tfjs("new_layers"), 1e-5),
        ("new", keras_file, 1e-5),
        ("old", tfjs("old_layers"), 1e-5),
        ("old", tfjs("old_graph"), 2e-3),  # 16 bit weights
        ("old", h5_file, 1e-5),
    ],
    ids=[
        "Keras 3 to graph",
        "Keras 3 to layers",
        ".keras",
        "legacy to layers",
        "legacy to graph, uint16",
        ".h5",
    ],
)
def test_what_was_read_gives_what_keras_gives(
    models: Path, which: str, reader: Callable[[Path], Network], allowed: float
) -> None:
    arrays = np.load(models / "arrays.npz")
    network = reader(models)
    for each in (network, fused(network)):
        difference = np.abs(run(each, arrays[f"{which}_input"]) - arrays[f"{which}_output"]).max()
        assert difference < allowed


def test_what_keras_3_writes_becomes_few_nodes(models: Path) -> None:
    ops = [node.op for node in fused(read(models / "new_graph", (16, 16))).nodes]
    assert ops.count("instance_norm") == 1
    assert not {"rsqrt", "square", "sub"} & set(ops)

"""Exported Keras files, loaded by Keras as anybody would, against NumPy."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

keras = pytest.importorskip("keras", reason="the train extra is not installed")

import h5py  # noqa: E402

from kit.models.catalog import BUNDLED  # noqa: E402
from kit.models.errors import BundleError  # noqa: E402
from kit.models.exporting.notes import Notes, notes_of_bundle  # noqa: E402
from kit.models.loaded import load_network  # noqa: E402
from kit.models.manifest import read_manifest  # noqa: E402
from kit.models.network import Network  # noqa: E402
from kit.models.reference import run_network  # noqa: E402
from kit.train.to_keras import write_h5, write_keras  # noqa: E402
from tests.models.exporting.networks import every_operator, picture  # noqa: E402

pytestmark = pytest.mark.train
BLOCKS = BUNDLED / "test-blocks" / "1.0.0"
WRITERS = {".keras": write_keras, ".h5": write_h5}


def difference(ending: str, network: Network, folder: Path) -> float:
    """To NumPy's result, after the file was written, loaded by Keras and run."""
    file = folder / f"network{ending}"
    WRITERS[ending](network, file, Notes("network"))
    made = np.asarray(keras.models.load_model(file, compile=False)(picture(network)[None]))[0]
    return float(np.abs(made - run_network(network, picture(network))).max())


def test_every_operator_comes_back_from_a_keras_file(tmp_path: Path) -> None:
    assert difference(".keras", every_operator(), tmp_path) < 1e-5


def test_every_layer_comes_back_from_an_h5_file(tmp_path: Path) -> None:
    assert difference(".h5", every_operator(for_layers=True), tmp_path) < 1e-5


def test_what_no_layer_can_do_is_refused_for_h5(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match=r"exp: no layer can stand for exp; export to .* or keras"):
        write_h5(every_operator(), tmp_path / "network.h5", Notes("network"))


@pytest.mark.parametrize("ending", WRITERS)
def test_a_bundle_comes_back_from_the_file(ending: str, tmp_path: Path) -> None:
    assert difference(ending, load_network(BLOCKS), tmp_path) < 1e-5


def facts_of(file: Path) -> dict[str, Any]:
    if file.suffix == ".keras":
        with zipfile.ZipFile(file) as archive:
            facts: dict[str, Any] = json.loads(archive.read("fieldkit.json"))
            return facts
    with h5py.File(file) as opened:
        texts = {name: value[()].decode() for name, value in opened["fieldkit"].items()}
    return texts | {"output": json.loads(texts["output"])}


@pytest.mark.parametrize("ending", WRITERS)
def test_the_file_says_what_it_holds(ending: str, tmp_path: Path) -> None:
    file = tmp_path / f"blocks{ending}"
    WRITERS[ending](load_network(BLOCKS), file, notes_of_bundle(BLOCKS, read_manifest(BLOCKS)))
    said = facts_of(file)
    assert (said["name"], said["version"], said["output"]["range"]) == ("test-blocks", "1.0.0", [-1, 1])
    assert keras.models.load_model(file, compile=False).name == "test-blocks"

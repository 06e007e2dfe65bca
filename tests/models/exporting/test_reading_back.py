"""What the kit writes for TensorFlow.js, its own readers read, and nothing is changed on the way."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kit.models.exporting.notes import Notes
from kit.models.exporting.tfjs_graph import write_tfjs_graph
from kit.models.exporting.tfjs_layers import write_tfjs_layers
from kit.models.network import Network
from kit.models.reading import open_files, read_tfjs
from kit.models.reference import run_network
from tests.models.exporting.networks import activations, all_cases, convolutions, picture

PICTURES = {1, 3, 4}  # channels that a picture has; networks of others are refused


def is_picture(network: Network) -> bool:
    return {network.input_shape[2], network.output_shape[2]} <= PICTURES


GRAPHS = {name: network for name, network in all_cases().items() if is_picture(network)}
LAYERS = {name: each for name, each in (convolutions() | activations()).items() if is_picture(each)}


def difference(network: Network, folder: Path) -> float:
    with open_files(folder) as files:
        read = read_tfjs(files)
    return float(np.abs(run_network(read, picture(network)) - run_network(network, picture(network))).max())


@pytest.mark.parametrize("name", GRAPHS)
def test_graph_models_come_back(name: str, tmp_path: Path) -> None:
    write_tfjs_graph(GRAPHS[name], tmp_path / "model", Notes("graph"))
    assert difference(GRAPHS[name], tmp_path / "model") < 1e-6


@pytest.mark.parametrize("name", LAYERS)
def test_layers_models_come_back(name: str, tmp_path: Path) -> None:
    write_tfjs_layers(LAYERS[name], tmp_path / "model", Notes("layers"))
    assert difference(LAYERS[name], tmp_path / "model") < 1e-6

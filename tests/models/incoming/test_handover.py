"""A network's way from the child to its parent, who believes nothing."""

import json
from pathlib import Path

import numpy as np
import pytest

from kit.models.catalog import BUNDLED
from kit.models.errors import BundleError
from kit.models.incoming import handover
from kit.models.incoming.facts import Counted, Said
from kit.models.loaded import load_network

COUNTED = Counted(7, True, ("a note",), Said(title="A title", input_range=(0, 255), credits=("Me | CC0",)))


@pytest.fixture
def room(tmp_path: Path) -> Path:
    network = load_network(BUNDLED / "test-blocks" / "1.0.0")
    handover.write_network(tmp_path, "tfjs", network, COUNTED)
    return tmp_path


def test_it_comes_back_as_it_went(room: Path) -> None:
    kind, network, counted = handover.read_network(room)
    original = load_network(BUNDLED / "test-blocks" / "1.0.0")
    assert (kind, counted) == ("tfjs", COUNTED)
    assert network.nodes == original.nodes
    assert all(np.array_equal(values, original.tensors[name]) for name, values in network.tensors.items())


def test_weights_that_are_cut_short_are_refused(room: Path) -> None:
    file = room / handover.WEIGHTS
    file.write_bytes(file.read_bytes()[:-4])
    with pytest.raises(BundleError, match="is cut short"):
        handover.read_network(room)


@pytest.mark.parametrize("change", [{"nodes": [{"op": "exec"}]}, {"tensors": [["x", [-1]]]}, {"more": 1}])
def test_another_graph_is_refused(room: Path, change: dict[str, object]) -> None:
    file = room / handover.GRAPH
    file.write_text(json.dumps(json.loads(file.read_text()) | change))
    with pytest.raises(BundleError, match="hand the model in again"):
        handover.read_network(room)


def test_a_link_is_not_followed(room: Path) -> None:
    file = room / handover.GRAPH
    file.rename(room / "elsewhere.json")
    file.symlink_to(room / "elsewhere.json")
    with pytest.raises(BundleError, match="nothing usable was read"):
        handover.read_network(room)

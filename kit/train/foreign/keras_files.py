"""``.keras`` (a zip of JSON and HDF5) and ``.h5`` (HDF5 with JSON in an attribute), without Keras."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import h5py
from numpy.typing import NDArray

from kit.models.errors import BundleError
from kit.models.incoming.facts import Counted
from kit.models.incoming.tfjs import takes_any_size
from kit.models.network import Network
from kit.models.reading.archive import FileSet, shown
from kit.models.reading.json_text import parse_object
from kit.models.reading.keras_config import read_keras_config
from kit.models.reading.keras_store import weights_by_layer
from kit.models.reading.opening import open_files
from kit.train.foreign.hdf5 import Arrays, member, names_of, opened, text_of, walk

CONFIG, WEIGHTS = "config.json", "model.weights.h5"
Config = dict[str, Any]
Weights = Mapping[str, Sequence[NDArray[Any]]]


def read_keras(
    files: FileSet, name: str, size: tuple[int, int] | None, room: Path
) -> tuple[Network, Counted]:
    """The network of a Keras file. Raises BundleError."""
    if name.endswith(CONFIG):
        config, weights = _keras(files, name, room)
    elif name.endswith(".keras"):
        config, weights = _packed(files, name, room)
    else:
        config, weights = _h5(_copied(files, name, room))
    network = read_keras_config(config, weights, size)
    free = takes_any_size(network, lambda other: read_keras_config(config, weights, other))
    return network, Counted(sum(array.size for own in weights.values() for array in own), free)


def _packed(files: FileSet, name: str, room: Path) -> tuple[Config, Weights]:
    with open_files(_copied(files, name, room)) as inner:
        if CONFIG not in inner.sizes:
            raise BundleError(f"{shown(name)} holds no {CONFIG}; save the model again with model.save")
        return _keras(inner, CONFIG, room)


def _keras(files: FileSet, name: str, room: Path) -> tuple[Config, Weights]:
    config = parse_object(files.read(name), CONFIG)
    arrays = Arrays()
    stored: dict[str, NDArray[Any]] = {}
    with opened(_copied(files, name.removesuffix(CONFIG) + WEIGHTS, room)) as file:
        for group in walk(file):
            # What belongs to the optimizer, and random seeds of dropout layers, is not the network's.
            path = str(group.name).lstrip("/")
            if path.endswith("/vars") and not path.startswith("optimizer") and "seed_generator" not in path:
                stored |= {f"{path}/{key}": arrays.read(member(group, key)) for key in group}
    return config, weights_by_layer(config, stored)


def _copied(files: FileSet, name: str, room: Path) -> Path:
    """The file in the child's own folder, where libraries can open it by path."""
    target = room / ("handed-in" + Path(name).suffix)
    target.unlink(missing_ok=True)
    files.copy(name, target)
    return target


def _h5(path: Path) -> tuple[Config, Weights]:
    arrays = Arrays()
    with opened(path) as file:
        text = text_of(file, "model_config")
        if text is None:
            raise BundleError("the .h5 file holds weights without their network; save the whole model")
        groups = member(file, "model_weights")
        weights = {name: _listed(member(groups, name), arrays) for name in names_of(groups, "layer_names")}
        return parse_object(text, "model_config"), weights


def _listed(group: h5py.Group, arrays: Arrays) -> list[NDArray[Any]]:
    return [arrays.read(member(group, name)) for name in names_of(group, "weight_names")]

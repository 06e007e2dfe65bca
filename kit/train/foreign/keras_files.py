"""``.keras`` (a zip of JSON and HDF5) and ``.h5`` (HDF5 with JSON in an attribute), without Keras."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py

from kit.models.errors import BundleError
from kit.models.incoming.facts import Counted
from kit.models.incoming.tfjs import takes_any_size
from kit.models.network import Network
from kit.models.reading import read_keras_config
from kit.models.reading.archive import FileSet, shown
from kit.models.reading.json_text import parse_object
from kit.models.reading.limits import NESTING
from kit.models.reading.opening import open_files
from kit.train.foreign.hdf5 import Arrays, member, names_of, opened, text_of, walk

CONFIG, WEIGHTS = "config.json", "model.weights.h5"
Weights = dict[str, list[Any]]


def read_keras(
    files: FileSet, name: str, size: tuple[int, int] | None, room: Path
) -> tuple[Network, Counted]:
    """The network of a Keras file. Raises BundleError."""
    if name.endswith(CONFIG):
        config, weights, count = _keras(files, name, room)
    elif name.endswith(".keras"):
        config, weights, count = _packed(files, name, room)
    else:
        config, weights, count = _h5(_copied(files, name, room))
    network = read_keras_config(config, weights, size)
    free = takes_any_size(network, lambda other: read_keras_config(config, weights, other))
    return network, Counted(count, free)


def _packed(files: FileSet, name: str, room: Path) -> tuple[dict[str, Any], Weights, int]:
    with open_files(_copied(files, name, room)) as inner:
        if CONFIG not in inner.sizes:
            raise BundleError(f"{shown(name)} holds no {CONFIG}; save the model again with model.save")
        return _keras(inner, CONFIG, room)


def _keras(files: FileSet, name: str, room: Path) -> tuple[dict[str, Any], Weights, int]:
    config = parse_object(files.read(name), CONFIG)
    file = _copied(files, name.removesuffix(CONFIG) + WEIGHTS, room)
    arrays = Arrays()
    with opened(file) as stored:
        weights = {name: [arrays.read(one) for one in own] for name, own in _by_layer(stored, config)}
    return config, weights, arrays.values


def _copied(files: FileSet, name: str, room: Path) -> Path:
    target = room / ("handed-in" + Path(name).suffix)
    target.unlink(missing_ok=True)
    files.copy(name, target)
    return target


def _by_layer(stored: h5py.File, config: Mapping[str, Any]) -> Iterator[tuple[str, list[h5py.Dataset]]]:
    """Layers ("layer" or "outer/inner") with their own variables.

    Keras names the groups after classes (conv2d, conv2d_1, ...) in the order of the layers. Since 3.0 it also writes the
    layer's name beside its variables, which counts where the two differ.
    """
    named = {text_of(group, "name"): group for group in walk(stored) if group.name.endswith("/vars")}
    for layer in inner_layers(config):
        group = _at(stored, f"{layer.group}/vars")
        if group is None or text_of(group, "name") not in {None, layer.name.encode()}:
            group = named.get(layer.name.encode(), group)
        if group is not None:
            yield layer.path, [member(group, key) for key in sorted(group, key=_number)]


@dataclass(frozen=True)
class Place:
    """A layer of a configuration: its name, its name with those of the models around it, and its group in a file."""

    name: str
    path: str
    group: str
    config: Mapping[str, Any]


def inner_layers(
    config: Mapping[str, Any], path: str = "", group: str = "", depth: int = NESTING
) -> Iterator[Place]:
    """All layers of a model's configuration, those of models within it too."""
    used: dict[str, int] = {}
    settings = config.get("config")
    layers = settings.get("layers") if isinstance(settings, Mapping) and depth else None
    for layer in layers if isinstance(layers, list) else []:
        own = layer.get("config") if isinstance(layer, Mapping) else None
        if not isinstance(own, Mapping) or not isinstance(layer.get("class_name"), str):
            continue
        kind = _snake(layer["class_name"])
        used[kind] = used.get(kind, 0) + 1
        name = str(own.get("name", layer.get("name", "")))
        numbered = f"{kind}_{used[kind] - 1}" if used[kind] > 1 else kind
        place = Place(name, f"{path}{name}", f"{group}layers/{numbered}", layer)
        yield place
        yield from inner_layers(layer, f"{place.path}/", f"{place.group}/", depth - 1)


def _snake(name: str) -> str:
    """As Keras does it: Conv2DTranspose is conv2d_transpose."""
    name = re.sub(r"\W+", "", name)
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()


def _at(stored: h5py.File, path: str) -> h5py.Group | None:
    for start in ("", "_layer_checkpoint_dependencies"):
        place = path if not start else path.replace("layers/", f"{start}/", 1)
        try:
            found = member(stored, place)
        except BundleError:
            continue
        if isinstance(found, h5py.Group):
            return found
    return None


def _number(key: str) -> tuple[int, str]:
    return (int(key), key) if key.isdigit() and len(key) < 9 else (10**9, key)


def _h5(file: Path) -> tuple[dict[str, Any], Weights, int]:
    arrays = Arrays()
    with opened(file) as stored:
        text = text_of(stored, "model_config")
        if text is None:
            raise BundleError("the .h5 file holds weights without their network; save the whole model")
        config = parse_object(text, "model_config")
        groups = member(stored, "model_weights")
        weights: Weights = {}
        for layer in inner_layers(config):
            if "/" not in layer.path.removeprefix(layer.name) and layer.name in groups:
                _add_group(weights, layer, member(groups, layer.name), arrays)
    return config, weights, arrays.values


def _add_group(weights: Weights, layer: Place, group: h5py.Group, arrays: Arrays) -> None:
    """The weights of a layer; those of a model within the model stand in one list, each under its own layer's name."""
    inner = {one.name: one.path for one in inner_layers(layer.config, f"{layer.path}/")}
    for name in names_of(group, "weight_names"):
        owner = inner.get(name.split("/")[-2] if "/" in name else "", layer.path)
        weights.setdefault(owner, []).append(arrays.read(member(group, name)))

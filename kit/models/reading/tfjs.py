"""TensorFlow.js models of both kinds, by the ``model.json`` among the files."""

from __future__ import annotations

from kit.models.errors import BundleError
from kit.models.network import Network
from kit.models.reading.archive import FileSet
from kit.models.reading.guard import guarded
from kit.models.reading.json_text import parse_object
from kit.models.reading.limits import JSON_BYTES
from kit.models.reading.tfjs_graph import read_graph_model
from kit.models.reading.tfjs_layers import read_layers_model
from kit.models.reading.tfjs_weights import manifest_of, read_weights


def read_tfjs(files: FileSet, size: tuple[int, int] | None = None) -> Network:
    """A network from a TensorFlow.js layers or graph model. ``size``: height and width where the model takes any.

    Raises BundleError, one sentence that names the file, layer or node and says what to do.
    """
    name = find_model(files)
    model = parse_object(files.read(name, JSON_BYTES), name)
    with guarded(name):
        topology = model.get("modelTopology")
        if not isinstance(topology, dict):
            raise BundleError(f"{name} has no modelTopology, so it is not a TensorFlow.js model")
        weights = read_weights(files, manifest_of(model), name[: name.rfind("/") + 1])
        if model.get("format") == "graph-model" or "node" in topology:
            return read_graph_model(model, weights, size)
        return read_layers_model(model, weights, size)


def find_model(files: FileSet) -> str:
    """The one ``model.json``, or the one JSON file at all. Raises BundleError for none and for several."""
    found = files.ending("model.json") or files.ending(".json")
    if len(found) != 1:
        raise BundleError(
            f"there are {len(found)} model.json files; hand in one TensorFlow.js model: model.json and its weight files"
        )
    return found[0]

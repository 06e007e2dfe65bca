"""SavedModels: every operator is looked up on a list before TensorFlow loads anything, and what it would run while it
loads is taken away; then the graph is frozen and handed over as plain Python.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kit.models.errors import BundleError
from kit.models.incoming.facts import Counted
from kit.models.incoming.tfjs import takes_any_size
from kit.models.network import Network
from kit.models.reading import read_graph_def
from kit.models.reading.archive import FileSet, shown
from kit.models.reading.graph_def import GraphNodes
from kit.models.reading.limits import FILE_BYTES, GRAPH_NODES
from kit.train.foreign.graph_nodes import graph_nodes
from kit.train.foreign.loading import check_starts, defused
from kit.train.foreign.operators import ALLOWED

FILE = "saved_model.pb"
PLAIN_OBJECTS = {
    "user_object",
    "variable",
    "function",
    "bare_concrete_function",
    "constant",
    "captured_tensor",
    None,
}


def read_saved_model(
    files: FileSet, name: str, size: tuple[int, int] | None, room: Path
) -> tuple[Network, Counted]:
    """The network of a SavedModel's serving signature. Raises BundleError."""
    folder = _unpacked(files, name.removesuffix(FILE), room)
    tags, harmless = check_operators((folder / FILE).read_bytes())
    (folder / FILE).write_bytes(harmless)
    graph, parameters = _frozen(folder, tags)
    network = read_graph_def(graph, size)
    free = takes_any_size(network, lambda other: read_graph_def(graph, other))
    return network, Counted(parameters, free)


def _unpacked(files: FileSet, prefix: str, room: Path) -> Path:
    """Only the graph and the variables are copied: assets and whatever else lies there are for nobody."""
    folder = room / "saved-model"
    (folder / "variables").mkdir(parents=True, exist_ok=True)
    wanted = [name for name in files.names if name.startswith(f"{prefix}variables/variables.")]
    for name in [f"{prefix}{FILE}", *wanted]:
        target = folder / name.removeprefix(prefix)
        target.unlink(missing_ok=True)
        files.copy(name, target)
    return folder


def check_operators(data: bytes) -> tuple[list[str], bytes]:
    """The tags of the graph to load, and what may be loaded: the SavedModel without what would be run meanwhile.

    Raises BundleError for an operator, or an object, that is not on the list.
    """
    try:
        from google.protobuf.message import DecodeError
        from tensorflow.core.protobuf import saved_model_pb2
    except ImportError as error:
        raise BundleError(
            f"TensorFlow does not start ({shown(str(error))}); with KIT_CONVERT_MB below 3000 it lacks memory"
        ) from error

    if len(data) > FILE_BYTES:
        raise BundleError(f"{FILE} has {len(data)} bytes; at most {FILE_BYTES} are read")
    saved = saved_model_pb2.SavedModel()
    try:
        saved.ParseFromString(data)
    except DecodeError as error:
        raise BundleError(f"{FILE} is damaged; export the model again") from error
    graphs = [graph for graph in saved.meta_graphs if "serve" in graph.meta_info_def.tags]
    if len(graphs) != 1:
        raise BundleError(
            f"{FILE} holds {len(graphs)} graphs for serving instead of one; export the model again"
        )
    _check_graph(graphs[0])
    check_starts(graphs[0])
    return list(graphs[0].meta_info_def.tags), defused(saved, graphs[0]).SerializeToString()


def _check_graph(graph: Any) -> None:
    functions = _function_names(graph.graph_def)
    for index, node in enumerate(_nodes(graph.graph_def)):
        if index > 4 * GRAPH_NODES:
            raise BundleError(f"{FILE} has too many operators to be a network of this kind")
        if node.op not in ALLOWED and node.op not in functions:
            raise BundleError(
                f"node {shown(node.name)}: the operator {shown(node.op)} is not allowed; "
                "export the network for inference, without reading files, tables or Python code"
            )
    for index, item in enumerate(graph.object_graph_def.nodes):
        if item.WhichOneof("kind") not in PLAIN_OBJECTS:
            raise BundleError(
                f"{FILE}: object {index} is a file or a table, which no network of this kind needs"
            )
    if graph.asset_file_def:
        raise BundleError(f"{FILE} brings files of its own; export the network without assets")


def _function_names(graph: Any) -> set[str]:
    """Functions are called as operators are, by their name; TensorFlow's own operators come first, so that a function
    called as one of those would open a way around the list.
    """
    from tensorflow.python.framework import op_def_registry

    names = {function.signature.name for function in graph.library.function}
    for name in sorted(names):
        if op_def_registry.get(name) is not None:
            raise BundleError(
                f"{FILE}: a function is called {shown(name)}, as an operator is; export the model again"
            )
    return names


def _nodes(graph: Any) -> Iterator[Any]:
    """All nodes, those in functions too."""
    yield from graph.node
    for function in graph.library.function:
        yield from function.node_def


def _frozen(folder: Path, tags: list[str]) -> tuple[GraphNodes, int]:
    import tensorflow as tf
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

    try:
        loaded = tf.saved_model.load(str(folder), tags=tags)
        function = _signature(loaded.signatures)
        parameters = sum(math.prod(variable.shape) for variable in function.variables)
        frozen = convert_variables_to_constants_v2(function)
    except BundleError:
        raise
    except (
        tf.errors.OpError,
        ValueError,
        TypeError,
        LookupError,
        AttributeError,
        RuntimeError,
        OSError,
    ) as error:
        reason = " ".join(str(error).split())[:160]
        raise BundleError(f"TensorFlow cannot load it ({shown(reason)}); export the model again") from error
    given = [tensor.name for tensor in frozen.inputs if tensor.dtype != tf.resource]
    outputs = tuple(tensor.name for tensor in frozen.outputs)
    if len(given) != 1 or len(outputs) != 1:
        raise BundleError(
            f"the network takes {len(given)} values and gives {len(outputs)}; it must take one picture and give one"
        )
    return graph_nodes(frozen.graph.as_graph_def(), (given[0],), outputs), parameters


def _signature(signatures: Any) -> Any:
    names = list(signatures)
    if "serving_default" in names:
        return signatures["serving_default"]
    if len(names) != 1:
        raise BundleError(
            "the SavedModel has no signature serving_default; write one with model.export or tf.saved_model.save(signatures=...)"
        )
    return signatures[names[0]]

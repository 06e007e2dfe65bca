"""What TensorFlow would run by itself while it loads a SavedModel: looked at, and all but the restoring taken away.

One of TensorFlow 1 names operators that its loader runs: a main operator, what fills tables and local variables, and one
that restores the variables. One of TensorFlow 2 may name functions that restore single objects. Networks need the
restoring of their variables and nothing else; TensorFlow 2 has a way of its own for that, which the file has no say in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from kit.models.errors import BundleError
from kit.models.reading.archive import shown
from kit.train.foreign.operators import ON_LOAD

VARIABLES = {"variables", "trainable_variables"}
NAMED = ("saved_model_main_op", "main_op", "legacy_init_op", "table_initializer")
INIT = "__saved_model_init_op"
RESTORE = "RestoreV2"


def check_starts(graph: Any) -> None:
    """Raise BundleError where loading would run an operator that has no business there."""
    if graph.HasField("object_graph_def"):
        return  # TensorFlow 2 runs none of these; ``defused`` takes the functions that it would run
    nodes = {node.name: node for node in graph.graph_def.node}
    for node in _reached(nodes, _names(graph)):
        if node.op not in ON_LOAD:
            raise BundleError(_sentence(node))
    saver = graph.saver_def
    for node in _reached(nodes, [saver.restore_op_name] if saver.restore_op_name else []):
        if node.op == RESTORE:
            _check_source(node, _node(saver.filename_tensor_name))
        elif node.op not in ON_LOAD:
            raise BundleError(_sentence(node))


def defused(saved: Any, graph: Any) -> Any:
    """The SavedModel with this graph alone, without what would be run beside the restoring of its variables."""
    left = type(saved)(saved_model_schema_version=saved.saved_model_schema_version)
    kept = left.meta_graphs.add()
    kept.CopyFrom(graph)
    for name in [name for name in kept.collection_def if name not in VARIABLES]:
        del kept.collection_def[name]
    if INIT in kept.signature_def:
        del kept.signature_def[INIT]
    for item in kept.object_graph_def.nodes if kept.HasField("object_graph_def") else ():
        item.ClearField("saveable_objects")
        item.ClearField("registered_saver")
    return left


def _names(graph: Any) -> Iterator[str]:
    """What the loader would run before anybody asks for a picture."""
    for name in NAMED:
        if name in graph.collection_def:
            yield from graph.collection_def[name].node_list.value
    if INIT in graph.signature_def:
        yield from (output.name for output in graph.signature_def[INIT].outputs.values())


def _reached(nodes: dict[str, Any], names: Iterable[str]) -> Iterator[Any]:
    """The nodes of these names and all that they depend on."""
    waiting, seen = [_node(name) for name in names], set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        if name not in nodes:
            raise BundleError(f"node {shown(name)} is missing from the graph; export the model again")
        yield nodes[name]
        waiting += map(_node, nodes[name].input)


def _check_source(restore: Any, given: str) -> None:
    """Variables come from the SavedModel's own files, whose name the loader hands in, and from nowhere else."""
    if not restore.input or _node(restore.input[0]) != given:
        raise BundleError(
            f"node {shown(restore.name)} restores variables from a file that the model itself names; "
            "export the model again with tf.saved_model.save"
        )


def _node(name: str) -> str:
    """ "^save/Assign" and "save/Const:0" are nodes' names too."""
    return name.removeprefix("^").partition(":")[0]


def _sentence(node: Any) -> str:
    return (
        f"node {shown(node.name)}: the operator {shown(node.op)} would be run while the model is loaded; "
        "export the model again with tf.saved_model.save"
    )

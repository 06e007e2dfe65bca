"""A protobuf GraphDef as the neutral graph that the readers know."""

from __future__ import annotations

from typing import Any

from kit.models.reading.graph_def import GraphNode, GraphNodes


def graph_nodes(graph: Any, inputs: tuple[str, ...], outputs: tuple[str, ...]) -> GraphNodes:
    """All nodes of a ``GraphDef`` message; ``inputs`` and ``outputs`` by name ("name:0")."""
    return GraphNodes(tuple(_node(node) for node in graph.node), inputs, outputs)


def _node(node: Any) -> GraphNode:
    from tensorflow import make_ndarray

    value = make_ndarray(node.attr["value"].tensor) if node.op == "Const" else None
    attributes = {name: _plain(attr) for name, attr in node.attr.items() if _is_plain(attr)}
    return GraphNode(node.name, node.op, tuple(node.input), attributes, value)


def _is_plain(attribute: Any) -> bool:
    return attribute.WhichOneof("value") in {"s", "i", "f", "b", "type", "shape", "list"}


def _plain(attribute: Any) -> Any:
    kind = attribute.WhichOneof("value")
    if kind == "list":
        listed = attribute.list
        kinds = [name for name in ("s", "i", "f", "b", "type", "shape") if getattr(listed, name)]
        return tuple(_single(kinds[0], entry) for entry in getattr(listed, kinds[0])) if kinds else ()
    return _single(kind, getattr(attribute, kind))


def _single(kind: str, value: Any) -> Any:
    from tensorflow.core.framework import types_pb2

    match kind:
        case "s":
            return value.decode("utf-8", "replace")
        case "type":
            return types_pb2.DataType.Name(value)
        case "shape":
            return None if value.unknown_rank else tuple(max(int(extent.size), -1) for extent in value.dim)
    return value

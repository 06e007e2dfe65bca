"""TensorFlow.js graph models: a GraphDef as JSON, its constants among the weights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kit.models.errors import BundleError
from kit.models.network import Network
from kit.models.reading.archive import shown
from kit.models.reading.fields import Fields
from kit.models.reading.graph_def import Array, GraphNode, GraphNodes, plain_attributes, tensor_value
from kit.models.reading.graph_reader import read_graph_def
from kit.models.reading.limits import GRAPH_NODES


def read_graph_model(
    model: Mapping[str, Any], weights: Mapping[str, Array], size: tuple[int, int] | None
) -> Network:
    """A network from a graph model's ``model.json`` and its weights by name."""
    topology = Fields("model.json", model).inner("modelTopology")
    listed = Fields("model.json", topology.values).items("node", GRAPH_NODES)
    nodes = tuple(_node(entry, index, weights) for index, entry in enumerate(listed))
    signature = model.get("signature") or _user_signature(model)
    inputs, outputs = (_ports(signature, name) for name in ("inputs", "outputs"))
    return read_graph_def(GraphNodes(nodes, inputs, outputs), size)


def _user_signature(model: Mapping[str, Any]) -> object:
    """Where converters before version 2 kept it."""
    metadata = model.get("userDefinedMetadata")
    return metadata.get("signature") if isinstance(metadata, Mapping) else None


def _node(entry: Any, index: int, weights: Mapping[str, Array]) -> GraphNode:
    fields = Fields(f"model.json: node[{index}]", {"node": entry}).inner("node")
    name, op = fields.text("name"), fields.text("op")
    inputs = fields.items("input", 1000, ())
    if not all(isinstance(each, str) and len(each) <= 1000 for each in inputs):
        raise fields.wrong("input", "a list of names")
    where = GraphNode(name, op).where
    attributes = fields.inner("attr", {}).values
    value = _value(name, attributes, weights, where) if op == "Const" else None
    return GraphNode(name, op, tuple(inputs), plain_attributes(attributes, where), value)


def _value(
    name: str, attributes: Mapping[str, Any], weights: Mapping[str, Array], where: str
) -> Array | None:
    if name in weights:
        return weights[name]
    given = attributes.get("value")
    if not isinstance(given, Mapping) or "tensor" not in given:
        return None
    return tensor_value(given["tensor"], where)


def _ports(signature: object, name: str) -> tuple[str, ...]:
    if signature is None:
        return ()
    sides = Fields("model.json", {"signature": signature}).inner("signature").inner(name, {})
    names = []
    for key in sides.values:
        port = sides.inner(key).values.get("name", key)
        if not isinstance(port, str):
            raise BundleError(f"{sides.where}: the name of {shown(key)} must be a text")
        names.append(port)
    return tuple(names)

"""A TensorFlow graph as a network: from the output backwards, each node by its own reader, constants folded."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kit.models.errors import BundleError
from kit.models.network import Network
from kit.models.reading import graph_arithmetic, graph_layers, graph_shaping
from kit.models.reading.archive import shown
from kit.models.reading.build import Builder
from kit.models.reading.finishing import chosen_size, finished
from kit.models.reading.folding import fold
from kit.models.reading.graph_arithmetic import Handler
from kit.models.reading.graph_def import GraphNode, GraphNodes
from kit.models.reading.graph_values import Array, Result, Seen, Step, picture
from kit.models.reading.guard import guarded
from kit.models.reading.limits import FOLDED_TOTAL

HANDLERS: dict[str, Handler] = {
    **graph_arithmetic.HANDLERS,
    **graph_layers.HANDLERS,
    **graph_shaping.HANDLERS,
}
SPLITS = ("Split", "SplitV", "IdentityN")
_FREE = {
    "Identity",
    "StopGradient",
    "PreventGradient",
    "Snapshot",
    "EnsureShape",
    "PlaceholderWithDefault",
    "Reshape",
    "Squeeze",
    "ExpandDims",
}
"""Whose results take no memory of their own."""


def read_graph_def(graph: GraphNodes, size: tuple[int, int] | None = None) -> Network:
    """A network from a graph of TensorFlow operators. ``size``: height and width where the graph takes any.

    Raises BundleError that names the node: operators that a bundle has no word for, channels first, several inputs or
    outputs, shapes that do not fit.
    """
    with guarded("the graph"):
        return _read(graph, size)


def _read(graph: GraphNodes, size: tuple[int, int] | None) -> Network:
    nodes = graph.by_name()
    output = _output(graph, nodes)
    order = _order(nodes, output[0])
    start = _input(graph, [nodes[name] for name in order])
    with guarded(start.where):
        dims = start.fields.values.get("shape")
        extents = dims if isinstance(dims, tuple) and len(dims) else (-1, -1, -1, 3)
        builder = Builder(chosen_size([int(e) for e in extents], size, start.where))
    results = _Results(nodes, builder, start.name)
    for name in order:
        results.read(nodes[name])
    made = results.of(output)
    if not isinstance(made, Seen):
        raise BundleError("the network's output does not depend on its input; save the whole model")
    if not made.is_picture and made.dims != made.value.shape:
        raise BundleError(
            f"the output has the shape {list(made.dims)}, which is no picture [1, height, width, channels]"
        )
    return finished(builder, made.value)


class _Results:
    """What each node gives, one or several values."""

    def __init__(self, nodes: dict[str, GraphNode], builder: Builder, start: str) -> None:
        self._builder = builder
        self._nodes = nodes
        self._made: dict[str, Sequence[Result]] = {start: (picture(builder.input),)}
        self._folded = 0

    def of(self, port: tuple[str, int]) -> Result:
        """One output of a node that was read."""
        made = self._made[port[0]]
        if port[1] >= len(made):
            raise BundleError(f"node {shown(port[0])} has no output {port[1]} that can be used")
        return made[port[1]]

    def read(self, node: GraphNode) -> None:
        """Work out a node from those before it."""
        if node.name in self._made:
            return
        with guarded(node.where):
            self._made[node.name] = self._results(node)

    def _results(self, node: GraphNode) -> Sequence[Result]:
        if node.op == "Const":
            if node.value is None:
                raise BundleError(f"{node.where}: its values are missing; hand in all weight files")
            return (np.asarray(node.value),)
        step = Step(self._builder, node, tuple(self.of(port) for port in data_inputs(node)))
        if node.op in SPLITS:
            return _parts(step)
        if not any(isinstance(arg, Seen) for arg in step.args):
            return (self._constant(step),)
        handler = HANDLERS.get(node.op)
        if handler is None:
            raise BundleError(
                f"{node.where} is an operator that cannot run in a bundle; replace it, or end the model before it"
            )
        return (handler(step),)

    def _constant(self, step: Step) -> Array:
        made = fold(step)
        if made is None:
            raise BundleError(
                f"{step.where} is an operator that cannot run in a bundle; freeze the model before exporting it"
            )
        if step.node.op not in _FREE:
            self._folded += made.size
            if self._folded > FOLDED_TOTAL:
                raise BundleError(
                    f"{step.where}: the graph computes too much from constants; freeze it first"
                )
        return made


def _parts(step: Step) -> Sequence[Result]:
    """Operators with several outputs."""
    if step.node.op == "IdentityN":
        return step.args
    place, of = (0, 1) if step.node.op == "Split" else (2, 0)
    if step.one(place) not in {-1, 3}:
        raise BundleError(f"{step.where}: only channels can be split (axis 3)")
    value = step.picture(of)
    channels = value.shape[2]
    if step.node.op == "Split":
        count = step.fields.integer("num_split", 1, 1024)
        sizes = [channels // count] * count
    else:
        sizes = step.whole(1, 1024)
        if sizes.count(-1) == 1:
            sizes = [channels - sum(sizes) - 1 if each == -1 else each for each in sizes]
    if sum(sizes) != channels or min(sizes) < 1:
        raise BundleError(f"{step.where}: {channels} channels cannot be split into {sizes[:16]}")
    starts = [sum(sizes[:index]) for index in range(len(sizes))]
    return [
        picture(graph_shaping.picked(step, value, range(start, start + count)))
        for start, count in zip(starts, sizes, strict=True)
    ]


def port_of(name: str) -> tuple[str, int]:
    """A node's name and the number of its output, from "name" or "name:1"."""
    base, colon, number = name.rpartition(":")
    if colon and number.isascii() and number.isdigit() and len(number) < 4:
        return base, int(number)
    return name, 0


def data_inputs(node: GraphNode) -> list[tuple[str, int]]:
    """What flows into a node; those that only order execution (^name) are left out."""
    return [port_of(name) for name in node.inputs if not name.startswith("^")]


def _output(graph: GraphNodes, nodes: dict[str, GraphNode]) -> tuple[str, int]:
    outputs = [port_of(name) for name in dict.fromkeys(graph.outputs)]
    if not outputs:
        taken = {name for node in nodes.values() for name, _ in data_inputs(node)}
        outputs = [
            (name, 0)
            for name, node in nodes.items()
            if name not in taken and node.op not in {"Const", "NoOp"}
        ]
    if len(outputs) != 1:
        raise BundleError(
            f"the graph has {len(outputs)} outputs; save a model that has only the picture as its output"
        )
    if outputs[0][0] not in nodes:
        raise BundleError(
            f"the graph's output {shown(outputs[0][0])} is not among its nodes; export the model again"
        )
    return outputs[0]


def _input(graph: GraphNodes, needed: list[GraphNode]) -> GraphNode:
    starts = [node for node in needed if node.op == "Placeholder"]
    if len(starts) != 1:
        raise BundleError(
            f"the graph has {len(starts)} inputs that its output needs; a model with one picture as its input can be used"
        )
    return starts[0]


def _order(nodes: dict[str, GraphNode], output: str) -> list[str]:
    """Names that the output needs, each after those that it needs itself. Raises BundleError for circles."""
    done: dict[str, bool] = {}
    order: list[str] = []
    left = [output]
    while left:
        name = left[-1]
        if name in done:
            left.pop()
            if not done[name]:
                done[name] = True
                order.append(name)
            continue
        done[name] = False
        for need, _ in data_inputs(nodes[name]):
            if need not in nodes:
                raise BundleError(f"{nodes[name].where} takes {shown(need)}, which is not among the nodes")
            if done.get(need) is False:
                raise BundleError(
                    f"{nodes[name].where} takes what it gives itself; loops cannot run in a bundle"
                )
            if need not in done:
                left.append(need)
    return order

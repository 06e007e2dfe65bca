"""A network that is being rewritten, node by node, while what nodes take is kept in order."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from kit.models.graph import node_tensors, pruned, takers
from kit.models.manifest import Activated, Constant, Node, Plain, Shape
from kit.models.network import Floats, Network

LONGEST_NAME = 80  # of a tensor, before a number is added
Doubles: TypeAlias = NDArray[np.float64]


@dataclass
class Draft:
    """The network as rewritten so far; nodes come in the order of the graph.

    ``names``: what a value is called now; ``takers``: how often a value is taken; ``uses``: how often a tensor is.
    """

    start: Network
    nodes: dict[str, Node] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    tensors: dict[str, Floats] = field(init=False)
    takers: Counter[str] = field(init=False)
    uses: Counter[str] = field(init=False)

    def __post_init__(self) -> None:
        self.tensors = dict(self.start.tensors)
        self.takers = takers(self.start.nodes, self.start.output)
        self.uses = Counter(name for node in self.start.nodes for name in node_tensors(node).values())

    def renamed(self, node: Node) -> Node:
        """The node with its inputs as they are called now."""
        inputs = tuple(self.names.get(name, name) for name in node.inputs)
        return node.model_copy(update={"inputs": inputs})

    def replace(self, name: str, into: str) -> None:
        """From now on the value ``name``, the only taker of ``into`` or its equal, is called ``into``."""
        self.names[name] = into
        self.takers[into] += self.takers[name] - 1

    def shape(self, name: str) -> Shape:
        """Shape of a value."""
        return self.start.input_shape if name == self.start.input else self.nodes[name].shape

    def alone(self, name: str) -> bool:
        """Whether a value has one taker only."""
        return self.takers[name] == 1

    def constant(self, name: str) -> Floats | None:
        """A value that is known beforehand."""
        node = self.nodes.get(name)
        return self.tensors[node.value] if isinstance(node, Constant) else None

    def put(self, name: str, values: Doubles | Floats, instead_of: str | None = None) -> str:
        """Keep a tensor, in place of one that nobody else uses where there is one. Returns its name."""
        if instead_of is None or self.uses[instead_of] > 1:
            self.uses.subtract([instead_of] if instead_of else [])
            instead_of = self._free(name)
        self.tensors[instead_of] = values.astype(np.float32)
        self.uses[instead_of] = 1
        return instead_of

    def _free(self, name: str) -> str:
        made, number = name[-LONGEST_NAME:].lstrip("/_.:-"), 2
        while made in self.tensors:
            made, number = f"{name[-LONGEST_NAME:].lstrip('/_.:-')}_{number}", number + 1
        return made

    def finished(self) -> Network:
        """The network as rewritten."""
        output = self.names.get(self.start.output, self.start.output)
        nodes = [*self.nodes.values()]
        if output == self.start.input:  # nothing is left, but a network has at least one node
            last = Activated(
                name=self.start.output,
                op="activation",
                inputs=(output,),
                activation=Plain(type="linear"),
                shape=self.start.input_shape,
            )
            nodes, output = [last], last.name
        return pruned(replace(self.start, output=output, nodes=tuple(nodes), tensors=self.tensors))

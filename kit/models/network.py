"""A network in memory: the graph of a bundle with its weights as floats, wherever it came from.

Readers of other formats make it, passes rewrite it, bundles and exports are written from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from kit.models.manifest import Node, Shape

Floats: TypeAlias = NDArray[np.float32]


@dataclass(frozen=True)
class Network:
    """One picture in, one picture out. Shapes are [height, width, channels], without a batch.

    ``tensors`` holds every tensor that a node names, float32, in its full shape.
    """

    input: str
    input_shape: Shape
    output: str
    nodes: tuple[Node, ...]
    tensors: dict[str, Floats]

    @property
    def output_shape(self) -> Shape:
        """Shape of the node that ``output`` names."""
        return next(node.shape for node in self.nodes if node.name == self.output)

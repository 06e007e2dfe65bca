"""What a network is rebuilt with: its tensors, the names that are still free, layers that get their weights."""

from __future__ import annotations

import re
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from kit.models.network import Network

Value = Any  # a Keras tensor
NAMED_BY_KERAS = r"(clip|divide|pad|reciprocal|rsqrt|sqrt)(_\d+)?"  # operations that cannot be given a name


class Building:
    """One rebuilding of a network; ``start`` is the Keras input."""

    def __init__(self, network: Network) -> None:
        self.tensors = network.tensors
        self.taken: set[str] = set()
        self.start: Value = keras.Input(network.input_shape, name=self.free(network.input))

    def free(self, name: str) -> str:
        """A name that Keras takes (it keeps / for itself) and that no other layer has."""
        plain = re.sub(r"[^A-Za-z0-9_.-]", "_", name)
        if re.fullmatch(NAMED_BY_KERAS, plain):
            plain = f"{plain}_node"
        made, number = plain, 2
        while made in self.taken:
            made, number = f"{plain}_{number}", number + 1
        self.taken.add(made)
        return made

    def layer(self, layer: keras.Layer, value: Value, *weights: NDArray[Any]) -> Value:
        """Apply a layer and give it its weights."""
        made = layer(value)
        if weights:
            layer.set_weights([np.asarray(part, np.float32) for part in weights])
        return made

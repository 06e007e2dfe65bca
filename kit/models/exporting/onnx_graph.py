"""Nodes and constants of an ONNX graph. Needs the ``onnx`` package; the values are [1, channels, height, width]."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray

from kit.models.exporting.names import Names
from kit.models.network import Floats, Network


class OnnxGraph:
    """Collects nodes and constants. A name handed back can be another node's input."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.names = Names(folders=True)
        self.input = self.names.fresh(network.input)
        self.output = self.names.fresh(network.output)
        self.nodes: list[Any] = []
        self.constants: list[Any] = []
        self.kept: dict[tuple[str, str], str] = {}

    def add(self, op: str, wanted: str, inputs: Sequence[str], **attributes: Any) -> str:
        """A node; its result is called ``wanted``/``op``."""
        name = self.names.fresh(f"{wanted}/{op}")
        self.nodes.append(onnx.helper.make_node(op, list(inputs), [name], name=name, **attributes))
        return name

    def constant(self, wanted: str, value: NDArray[np.generic]) -> str:
        """A constant, float32 or int64."""
        name = self.names.fresh(wanted)
        self.constants.append(onnx.numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def integers(self, wanted: str, values: Sequence[int] | NDArray[np.int64]) -> str:
        """Whole numbers, such as a size."""
        return self.constant(wanted, np.array(values, np.int64))

    def number(self, wanted: str, value: float) -> str:
        """One float."""
        return self.constant(wanted, np.array(value, np.float32))

    def vector(self, name: str) -> str:
        """A tensor as it is, once."""
        return self._kept(name, "plain", self.network.tensors[name])

    def per_channel(self, name: str) -> str:
        """A tensor of [channels] so that it stretches over height and width, once."""
        return self._kept(name, "channels", self.network.tensors[name].reshape(1, -1, 1, 1))

    def _kept(self, name: str, form: str, value: Floats) -> str:
        if (name, form) not in self.kept:
            self.kept[name, form] = self.constant(name, value)
        return self.kept[name, form]

"""A bundle as an ONNX file that takes the bytes of a picture: what ONNX Runtime is measured with in the browser.

``python -m kit.models.exporting.onnx_pictures FOLDER FILE`` writes it; a process of its own, because ONNX is large. Input
``picture`` [256, 256, 4] floats 0..255, RGBA; output [1, height, width, channels] in the output's own range.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import onnx

from kit.models.exporting.notes import notes_of_bundle
from kit.models.exporting.onnx import write_onnx
from kit.models.exporting.pictures import CHANNELS, Preparing, plan_preparing
from kit.models.loaded import load_network
from kit.models.manifest import read_manifest
from kit.models.preparing import FRAME

INPUT = "picture"
OPSET = 21
"""22 says the same of these operators, but ONNX Runtime Web 1.30 runs its transposed convolution on the processor only."""
PREFIX = (
    "fieldkit.picture/"  # no node of a bundle starts like this once it is written: names are made plain there
)


def write_pictures(folder: Path, file: Path) -> None:
    """Write the form of the bundle in ``folder``. Raises BundleError where it cannot be one."""
    manifest = read_manifest(folder)
    write_onnx(load_network(folder), file, notes_of_bundle(folder, manifest))
    model = onnx.load(file)
    before = model.graph.input[0].name
    head = _Head(plan_preparing(manifest.preprocessing), before)
    nodes = [*head.nodes, *model.graph.node]
    del model.graph.node[:], model.graph.input[:]
    model.graph.node.extend(nodes)
    model.graph.initializer.extend(head.constants)
    picture = onnx.helper.make_tensor_value_info(INPUT, onnx.TensorProto.FLOAT, (*FRAME, CHANNELS))
    model.graph.input.append(picture)
    model.opset_import[0].version = OPSET
    onnx.checker.check_model(model, full_check=True)
    file.write_bytes(model.SerializeToString())


class _Head:
    """The nodes from the picture to the value that was the network's input."""

    def __init__(self, preparing: Preparing, target: str) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []
        mixed = self._add("MatMul", INPUT, self._constant("mixing", preparing.mixing))
        value = self._add("Transpose", mixed, perm=(2, 0, 1))  # [channels, rows, columns]
        for turn in range(2):
            for axis, factors in (("rows", preparing.rows), ("columns", preparing.columns)):
                if turn < len(factors):
                    value = self._resampled(value, axis, factors[turn], turn)
        value = self._add("Add", value, self._constant("offset", np.array(preparing.offset)))
        if preparing.alpha is not None:
            height, width = (factors[-1].shape[0] if factors else side for factors, side in _sides(preparing))
            plane = self._constant("alpha", np.full((1, height, width), preparing.alpha))
            value = self._add("Concat", value, plane, axis=0)
        value = self._add("Transpose", value, perm=(1, 2, 0))
        axes = onnx.numpy_helper.from_array(np.array([0], np.int64), f"{PREFIX}axes")
        self.constants.append(axes)
        self._add("Unsqueeze", value, axes.name, gives=target)

    def _resampled(self, value: str, axis: str, matrix: Any, turn: int) -> str:
        if axis == "rows":
            return self._add("MatMul", self._constant(f"rows-{turn}", matrix), value)
        return self._add("MatMul", value, self._constant(f"columns-{turn}", matrix.T))

    def _add(self, op: str, *inputs: str, gives: str | None = None, **attributes: Any) -> str:
        name = gives or f"{PREFIX}{len(self.nodes)}"
        self.nodes.append(onnx.helper.make_node(op, list(inputs), [name], **attributes))
        return name

    def _constant(self, name: str, value: Any) -> str:
        made = onnx.numpy_helper.from_array(np.ascontiguousarray(value, np.float32), f"{PREFIX}{name}")
        self.constants.append(made)
        return str(made.name)


def _sides(preparing: Preparing) -> tuple[tuple[tuple[Any, ...], int], tuple[tuple[Any, ...], int]]:
    return (preparing.rows, FRAME[0]), (preparing.columns, FRAME[1])


if __name__ == "__main__":
    write_pictures(Path(sys.argv[1]), Path(sys.argv[2]))

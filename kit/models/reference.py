"""A network run by NumPy alone, from the picture on: slow, plain, and the oracle that faster code is compared with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from kit.models.manifest import Alpha, Area, Bicubic, Grey, Manifest, Node, Preprocess, Scale
from kit.models.network import Network
from kit.models.operators import activated, conv2d, conv2d_transpose, depthwise_conv2d, evaluated
from kit.models.resampling import area_matrix, bicubic_matrix

__all__ = ["activated", "conv2d", "conv2d_transpose", "depthwise_conv2d", "preprocess", "run", "run_network"]

Floats = NDArray[np.float32]


def preprocess(steps: tuple[Preprocess, ...], picture: NDArray[np.generic]) -> Floats:
    """Apply a manifest's preprocessing to an RGB picture [h, w, 3], 0..255; returns [h, w, channels]."""
    value = np.asarray(picture, np.float64)
    for step in steps:
        value = _prepared(step, value)
    return value.astype(np.float32)


def _prepared(step: Preprocess, value: NDArray[np.float64]) -> NDArray[np.float64]:
    match step:
        case Grey():
            grey: NDArray[np.float64] = (value @ np.array(step.weights))[..., None]
            return grey
        case Area():
            return _resampled(
                value, area_matrix(value.shape[0], step.size[0]), area_matrix(value.shape[1], step.size[1])
            )
        case Bicubic():
            rows = bicubic_matrix(value.shape[0], step.size[0], step.a)
            return _resampled(value, rows, bicubic_matrix(value.shape[1], step.size[1], step.a))
        case Scale():
            (low, high), (to_low, to_high) = step.from_, step.to
            return (value - low) * ((to_high - to_low) / (high - low)) + to_low
        case Alpha():
            return np.concatenate([value, np.full((*value.shape[:2], 1), 255.0)], axis=-1)


def _resampled(
    value: NDArray[np.float64], rows: NDArray[np.float64], columns: NDArray[np.float64]
) -> NDArray[np.float64]:
    made: NDArray[np.float64] = np.einsum("yh,hwc,xw->yxc", rows, value, columns, optimize=True)
    return made


def run_network(network: Network, value: Floats) -> Floats:
    """The network's output [h, w, c] for an input [h, w, c]."""
    return _run(network.nodes, network.input, network.output, network.tensors, value)


def run(manifest: Manifest, tensors: Mapping[str, Floats], value: Floats) -> Floats:
    """The same for a bundle; ``tensors`` as ``weights.decode`` gives them."""
    return _run(manifest.graph, manifest.input.name, manifest.output.name, tensors, value)


def _run(
    nodes: Sequence[Node], start: str, output: str, tensors: Mapping[str, Floats], value: Floats
) -> Floats:
    values = {start: np.asarray(value, np.float32)}
    last = {name: index for index, node in enumerate(nodes) for name in node.inputs} | {output: len(nodes)}
    for index, node in enumerate(nodes):
        values[node.name] = evaluated(node, [values[name] for name in node.inputs], tensors)
        for name in set(node.inputs):
            if last[name] == index:  # nobody asks for it any more, and large networks make large values
                del values[name]
    return values[output]

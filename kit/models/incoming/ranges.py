"""What the operators of a network say about the range of its values: known, or to be asked for."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kit.models.manifest import (
    LARGEST_END,
    LEAST_WIDTH,
    Activated,
    Activation,
    Affine,
    Binary,
    Clip,
    Concat,
    Constant,
    Convolution,
    Crop,
    DepthToSpace,
    Node,
    Pad,
    Plain,
    Pool,
    Resize,
)
from kit.models.network import Network

Range = tuple[float, float]
USUAL: tuple[Range, ...] = ((-1, 1), (0, 1), (0, 255))
OF_ACTIVATIONS: dict[str, Range] = {"tanh": (-1, 1), "sigmoid": (0, 1), "relu6": (0, 6)}
STEPS = 100


def known_output_range(network: Network) -> Range | None:
    """The range that the last activation and what follows it hold the output in; None where nothing does, and where they
    hold it in one that no picture has.
    """
    found = _range_of(network, network.output, STEPS)
    if found is None:
        return None
    low, high = map(_tidy, found)
    return (low, high) if max(-low, high) <= LARGEST_END and high - low >= LEAST_WIDTH else None


def known_input_range(network: Network) -> Range | None:
    """0 to 255 where the network begins by bringing that range to about -1 to 1 or 0 to 1; else None."""
    scale, shift, name = 1.0, 0.0, network.input
    for _ in range(STEPS):
        takers = [node for node in network.nodes if name in node.inputs]
        step = _linear(network, takers[0]) if len(takers) == 1 else None
        if step is None:
            break
        scale, shift, name = scale * step[0], shift * step[0] + step[1], takers[0].name
    ends = shift, 255 * scale + shift
    brought = any(np.allclose(ends, usual, atol=0.02) for usual in ((-1, 1), (0, 1), (-0.5, 0.5)))
    return (0, 255) if name != network.input and brought else None


def guessed_input_range(output: Range | None) -> Range:
    """What the input most likely is: the same as the output, where that is known; else -1 to 1."""
    return output if output in USUAL else (-1, 1)


def guessed_output_range(observed: Range) -> Range:
    """Which usual range holds the values that were seen."""
    low, high = observed
    if low >= -0.05 and high > 3:
        return 0, 255
    return (0, 1) if low >= -0.05 and high <= 1.5 else (-1, 1)


def _range_of(network: Network, name: str, steps: int) -> Range | None:
    node = next((node for node in network.nodes if node.name == name), None)
    if node is None or steps == 0:
        return None
    match node:
        case Convolution():
            return _of_activation(node.activation)
        case Activated():
            return _of_activation(node.activation) or _passed(network, node, steps)
        case Resize() | Crop() | DepthToSpace() | Pool():
            return _range_of(network, node.inputs[0], steps - 1)
        case Pad():
            inside = _range_of(network, node.inputs[0], steps - 1)
            return _joined([inside, (0.0, 0.0)]) if node.mode == "zero" else inside
        case Concat():
            return _joined([_range_of(network, each, steps - 1) for each in node.inputs])
        case Constant():
            values = network.tensors[node.value]
            return float(values.min()), float(values.max())
        case Affine():
            return _stretched(network, node, steps)
        case Binary():
            return _combined(node.op, [_range_of(network, each, steps - 1) for each in node.inputs])
    return None


def _of_activation(activation: Activation) -> Range | None:
    if isinstance(activation, Clip):
        return activation.low, activation.high
    return OF_ACTIVATIONS.get(activation.type) if isinstance(activation, Plain) else None


def _passed(network: Network, node: Activated, steps: int) -> Range | None:
    linear = isinstance(node.activation, Plain) and node.activation.type == "linear"
    return _range_of(network, node.inputs[0], steps - 1) if linear else None


def _joined(ranges: Sequence[Range | None]) -> Range | None:
    whole = [each for each in ranges if each is not None]
    if len(whole) < len(ranges):
        return None
    return min(low for low, _ in whole), max(high for _, high in whole)


def _stretched(network: Network, node: Affine, steps: int) -> Range | None:
    inside = _range_of(network, node.inputs[0], steps - 1)
    if inside is None:
        return None
    scale, shift = network.tensors[node.scale], network.tensors[node.shift]
    ends = np.stack([inside[0] * scale + shift, inside[1] * scale + shift])
    return float(ends.min()), float(ends.max())


def _combined(op: str, ranges: list[Range | None]) -> Range | None:
    first, second = ranges
    if first is None or second is None:
        return None
    match op:
        case "add":
            return first[0] + second[0], first[1] + second[1]
        case "sub":
            return first[0] - second[1], first[1] - second[0]
        case "mul":
            products = [a * b for a in first for b in second]
            return min(products), max(products)
        case "div" if second[0] == second[1] != 0:
            return _combined("mul", [first, (1 / second[0], 1 / second[0])])
        case "maximum":
            return max(first[0], second[0]), max(first[1], second[1])
        case "minimum":
            return min(first[0], second[0]), min(first[1], second[1])
    return None


def _linear(network: Network, node: Node) -> tuple[float, float] | None:
    """Scale and shift of a step that only stretches and moves, about the same for all channels."""
    if isinstance(node, Affine):
        return _same(network.tensors[node.scale]), _same(network.tensors[node.shift])
    if not isinstance(node, Binary):
        return None
    constants = {each.name: each for each in network.nodes if isinstance(each, Constant)}
    first, second = (constants.get(name) for name in node.inputs)
    constant = first or second
    if constant is None:
        return None
    value = _same(network.tensors[constant.value])
    match node.op, second is not None:
        case "add", _:
            return 1, value
        case "mul", _:
            return value, 0
        case "sub", True:
            return 1, -value
        case "div", True if value:
            return 1 / value, 0
    return None


def _same(values: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> float:
    return float(values.mean())


def _tidy(value: float) -> float:
    """Without the dust of single floats: 0.99999994 is 1."""
    return round(value, 5)

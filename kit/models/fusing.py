"""Fewer nodes for the same picture: norms, biases, activations and zeros around go into the convolution beside them.

Every rule is exact in inference: the values stay the same but for the rounding of floats. A node is taken in only where
nobody else takes the value that would vanish.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from kit.models.draft import Doubles, Draft
from kit.models.folding import constant_operand, folded_constant
from kit.models.graph import pruned
from kit.models.manifest import Activated, Affine, Convolution, Crop, Mean, Node, Pad, Plain, Pool, Resize
from kit.models.network import Network

MOST_ADDED = 1024  # rows or columns that a convolution's padding may name


Rule = Callable[[Draft, Node], str | None]


def fused(network: Network) -> Network:
    """The same network with as few nodes as these rules can make it; unused nodes and tensors are dropped."""
    draft = Draft(pruned(network))
    for node in draft.start.nodes:
        _take(draft, draft.renamed(node))
    return draft.finished()


def _take(draft: Draft, node: Node) -> None:
    for change in CHANGES:
        node = change(draft, node)
    for rule in RULES:
        if (into := rule(draft, node)) is not None:
            draft.replace(node.name, into)
            return
    draft.nodes[node.name] = node


def _zeros_around(draft: Draft, node: Node) -> Node:
    """Zeros added before a convolution become its padding."""
    if not isinstance(node, Convolution) or node.op == "conv2d_transpose" or node.padding == "same":
        return node
    pad = draft.nodes.get(node.inputs[0])
    if not isinstance(pad, Pad) or pad.mode != "zero":
        return node
    edges = _added(pad.edges, ((0, 0), (0, 0)) if node.padding == "valid" else node.padding)
    if max(*edges[0], *edges[1]) > MOST_ADDED:
        return node
    draft.takers.subtract([pad.name])
    draft.takers.update(pad.inputs)
    return node.model_copy(update={"inputs": pad.inputs, "padding": edges})


Edges = tuple[tuple[int, int], tuple[int, int]]


def _added(first: Edges, second: Edges) -> Edges:
    (a, b), (c, d) = first
    (e, f), (g, h) = second
    return (a + e, b + f), (c + g, d + h)


CHANGES: tuple[Callable[[Draft, Node], Node], ...] = (folded_constant, constant_operand, _zeros_around)


def _without_effect(draft: Draft, node: Node) -> str | None:
    """A node that changes nothing: its input."""
    match node:
        case Activated(activation=Plain(type="linear")):
            nothing = True
        case Pad() | Crop():
            nothing = node.edges == ((0, 0), (0, 0))
        case Resize() | Mean():
            nothing = draft.shape(node.inputs[0]) == node.shape
        case Pool():
            nothing = node.window == node.strides == (1, 1)
        case Affine():
            scale, shift = draft.tensors[node.scale], draft.tensors[node.shift]
            nothing = bool((scale == 1).all() and not shift.any())
        case _:
            nothing = False
    return node.inputs[0] if nothing else None


def _affine_into_convolution(draft: Draft, node: Node) -> str | None:
    if not isinstance(node, Affine):
        return None
    into = _taking(draft, node.inputs[0], linear=True)
    if into is None:
        return None
    scale, shift = _doubles(draft, node.scale), _doubles(draft, node.shift)
    kernel = _scaled(into.op, _doubles(draft, into.kernel), scale)
    bias = shift if into.bias is None else _doubles(draft, into.bias) * scale + shift
    return _with(draft, into, kernel=kernel, bias=bias)


def _affine_into_affine(draft: Draft, node: Node) -> str | None:
    into = draft.nodes.get(node.inputs[0]) if isinstance(node, Affine) else None
    if not isinstance(node, Affine) or not isinstance(into, Affine) or not draft.alone(into.name):
        return None
    factor = _doubles(draft, node.scale)
    scale = _doubles(draft, into.scale) * factor
    shift = _doubles(draft, into.shift) * factor + _doubles(draft, node.shift)
    return _with(draft, into, scale=scale, shift=shift)


def _with(draft: Draft, into: Convolution | Affine, **values: Doubles) -> str | None:
    """Give a node other tensors, by the fields that name them; None where single floats do not hold the values."""
    if not _fit(*values.values()):
        return None
    names = {
        field: draft.put(f"{into.name}/{field}", held, getattr(into, field)) for field, held in values.items()
    }
    draft.nodes[into.name] = into.model_copy(update=names)
    return into.name


def _activation_into_convolution(draft: Draft, node: Node) -> str | None:
    if not isinstance(node, Activated):
        return None
    into = _taking(draft, node.inputs[0], linear=True)
    if into is None:
        return None
    draft.nodes[into.name] = into.model_copy(update={"activation": node.activation})
    return into.name


def _cut_into_convolution(draft: Draft, node: Node) -> str | None:
    """Edges cut from what a transposed convolution gives: it need not make them."""
    if not isinstance(node, Crop):
        return None
    into = _taking(draft, node.inputs[0], linear=False)
    if into is None or into.op != "conv2d_transpose" or into.padding == "same":
        return None
    kernel = draft.tensors[into.kernel].shape
    if into.padding == "valid" and (kernel[0] < into.strides[0] or kernel[1] < into.strides[1]):
        return None  # what Keras adds behind the last place has no name among explicit edges
    edges = _added(node.edges, ((0, 0), (0, 0)) if into.padding == "valid" else into.padding)
    if max(*edges[0], *edges[1]) > MOST_ADDED:
        return None
    draft.nodes[into.name] = into.model_copy(update={"padding": edges, "shape": node.shape})
    return into.name


def _taking(draft: Draft, name: str, *, linear: bool) -> Convolution | None:
    """The convolution that gives a value which nobody else takes, where it may take something in."""
    into = draft.nodes.get(name)
    if not isinstance(into, Convolution) or not draft.alone(name):
        return None
    return into if not linear or into.activation == Plain(type="linear") else None


def _doubles(draft: Draft, name: str) -> Doubles:
    return draft.tensors[name].astype(np.float64)


def _scaled(op: str, kernel: Doubles, scale: Doubles) -> Doubles:
    """The kernel with its output channels multiplied."""
    match op:
        case "conv2d":
            return kernel * scale
        case "conv2d_transpose":
            return kernel * scale[:, None]
        case _:
            return kernel * scale.reshape(kernel.shape[2:])


def _fit(*values: Doubles) -> bool:
    largest = np.finfo(np.float32).max
    return all(bool((np.abs(part) <= largest).all()) for part in values)


RULES: tuple[Rule, ...] = (
    _without_effect,
    _affine_into_convolution,
    _affine_into_affine,
    _activation_into_convolution,
    _cut_into_convolution,
)

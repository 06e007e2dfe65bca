"""What is known before any picture comes: constants among themselves, and constants per channel."""

from __future__ import annotations

import math

import numpy as np

from kit.models.draft import Doubles, Draft
from kit.models.manifest import Activated, Affine, Binary, Constant, Node, Plain
from kit.models.operators import evaluated

LARGEST_CONSTANT = 2**20  # values of a node that is computed beforehand


def folded_constant(draft: Draft, node: Node) -> Node:
    """A node all of whose inputs are constants becomes one."""
    inputs = [draft.constant(name) for name in node.inputs]
    known = [value for value in inputs if value is not None]
    if not inputs or len(known) < len(inputs) or math.prod(node.shape) > LARGEST_CONSTANT:
        return node
    made = evaluated(node, known, draft.tensors)
    if not np.isfinite(made).all():
        return node
    draft.takers.subtract(node.inputs)
    value = draft.put(f"{node.name}/value", made)
    return Constant(name=node.name, op="constant", inputs=(), value=value, shape=node.shape)


def constant_operand(draft: Draft, node: Node) -> Node:
    """A constant per channel that is added to a value or multiplied with it becomes an affine, 0 as the least
    value a relu.
    """
    if not isinstance(node, Binary):
        return node
    first, second = (draft.constant(name) for name in node.inputs)
    constant, other = (second, node.inputs[0]) if first is None else (first, node.inputs[1])
    if constant is None or constant.shape[:2] != (1, 1) or draft.shape(other) != node.shape:
        return node
    if node.op == "maximum" and not constant.any():
        draft.takers.subtract([node.inputs[0 if first is not None else 1]])
        relu = Plain(type="relu")
        return Activated(name=node.name, op="activation", inputs=(other,), activation=relu, shape=node.shape)
    values = np.broadcast_to(constant.reshape(-1).astype(np.float64), (node.shape[2],))
    pair = _as_affine(node.op, values, constant_first=first is not None)
    if pair is None:
        return node
    draft.takers.subtract([node.inputs[0 if first is not None else 1]])
    scale, shift = (
        draft.put(f"{node.name}/{part}", v) for part, v in zip(("scale", "shift"), pair, strict=True)
    )
    return Affine(name=node.name, op="affine", inputs=(other,), scale=scale, shift=shift, shape=node.shape)


def _as_affine(op: str, constant: Doubles, *, constant_first: bool) -> tuple[Doubles, Doubles] | None:
    """Scale and shift that do what ``op`` does with a constant, or None where none do."""
    one, zero = np.ones_like(constant), np.zeros_like(constant)
    match op, constant_first:
        case ("add", _):
            return one, constant
        case ("sub", False):
            return one, -constant
        case ("sub", True):
            return -one, constant
        case ("mul", _):
            return constant, zero
        case ("div", False) if constant.all():
            return 1 / constant, zero
    return None

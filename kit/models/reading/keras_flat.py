"""Weights of models in models as an ``.h5`` keeps them, in one flat list, given back to the layers within."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kit.models.errors import BundleError
from kit.models.reading.keras_graph import Layer, topology
from kit.models.reading.keras_kinds import allowed
from kit.models.reading.layer_call import Array
from kit.models.reading.limits import NESTING

Slot = tuple[str, int]  # a layer's path and the place of the weight in its list


def spread(kind: str, config: Any, weights: Mapping[str, Sequence[Array]]) -> dict[str, Sequence[Array]]:
    """Weights by layer path; a nested model's flat list becomes lists of its layers'.

    Keras writes all weights that training changes, layer by layer, and then all others.
    """
    made = dict(weights)
    for layer in topology(kind, config, "the model").layers.values():
        flat = made.get(layer.name)
        if not layer.is_model or not flat:
            continue
        trained, fixed = _slots(layer, "", 0)
        slots = trained + fixed
        if len(slots) != len(flat):
            raise BundleError(
                f"{layer.fields.where} needs {len(slots)} weights, but the file has {len(flat)} for it; "
                "save model and weights together"
            )
        del made[layer.name]
        given = dict(zip(slots, flat, strict=True))
        for path in {slot[0] for slot in slots}:
            made[path] = [given[slot] for slot in sorted(slot for slot in slots if slot[0] == path)]
    return made


def _slots(layer: Layer, prefix: str, depth: int) -> tuple[list[Slot], list[Slot]]:
    """The weights within that training changes, and the others, each in Keras' order."""
    path = prefix + layer.name
    trained: list[Slot] = []
    fixed: list[Slot] = []
    if layer.is_model:
        if depth > NESTING:
            raise BundleError(f"models are nested more than {NESTING} deep; flatten the model")
        for inner in topology(layer.kind, layer.config, layer.fields.where).layers.values():
            more, others = _slots(inner, f"{path}/", depth + 1)
            trained += more
            fixed += others
    else:
        for index, weight in enumerate(allowed(layer).weights(layer.fields)):
            (trained if weight.trained else fixed).append((path, index))
    if layer.config.get("trainable") is False:
        return [], trained + fixed
    return trained, fixed

"""Weights of a ``.keras`` file, which are stored by kind and count of layers and not by their names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from kit.models.errors import BundleError
from kit.models.reading.keras_config import unwrapped
from kit.models.reading.keras_graph import topology
from kit.models.reading.layer_call import Array
from kit.models.reading.limits import NESTING

_PATH = re.compile(r"^(?P<layer>.+)/vars/(?P<index>\d{1,3})$")


def weights_by_layer(config: Mapping[str, Any], stored: Mapping[str, Array]) -> dict[str, Sequence[Array]]:
    """Weights by layer path ("outer/inner") from those by place in the file ("layers/conv2d_1/vars/0").

    Keras names each layer's place after its class in snake case and counts those of one class, in the order of the
    configuration; nested models hold their own ``layers``.
    """
    lists: dict[str, dict[int, Array]] = {}
    for name, array in stored.items():
        match = _PATH.match(name.replace("\\", "/").replace("_layer_checkpoint_dependencies/", "layers/"))
        if match:
            lists.setdefault(match["layer"], {})[int(match["index"])] = array
    kind, inner, _ = unwrapped(config)
    places = _places(kind, inner, "", "", 0)
    made: dict[str, Sequence[Array]] = {}
    for path, place in places.items():
        held = lists.get(place)
        if held is not None:
            made[path] = [held[index] for index in sorted(held)]
    if lists and not made:
        raise BundleError("the weights do not belong to the layers of the model; save the model again")
    return made


def _places(kind: str, config: Any, prefix: str, place: str, depth: int) -> dict[str, str]:
    """Where each layer's weights lie, by its path."""
    if depth > NESTING:
        raise BundleError(f"models are nested more than {NESTING} deep; flatten the model")
    counts: Counter[str] = Counter()
    places: dict[str, str] = {}
    for layer in topology(kind, config, "the model").layers.values():
        snake = snake_case(layer.kind)
        own = snake if not counts[snake] else f"{snake}_{counts[snake]}"
        counts[snake] += 1
        path, inner = f"{prefix}{layer.name}", f"{place}layers/{own}"
        if layer.is_model:
            places |= _places(layer.kind, layer.config, f"{path}/", f"{inner}/", depth + 1)
        else:
            places[path] = inner
    return places


def snake_case(kind: str) -> str:
    """A class' name as Keras writes it in files: Conv2DTranspose is conv2d_transpose."""
    name = re.sub(r"\W+", "", kind)
    name = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower()

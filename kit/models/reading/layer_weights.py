"""Which weights belong to which layer, by the several ways in which files say it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from kit.models.errors import BundleError
from kit.models.reading.archive import shown
from kit.models.reading.fields import Fields
from kit.models.reading.layer_call import Array, Weight


class WeightSource(Protocol):
    """Gives a layer its weights. ``path``: names of the models around it and its own."""

    def take(self, path: tuple[str, ...], fields: Fields, wanted: list[Weight]) -> list[Array]:
        """The wanted weights in order. Raises BundleError where one is missing."""


class Listed:
    """Weights in Keras' order under "layer" or "outer/inner"."""

    def __init__(self, weights: Mapping[str, Sequence[Array]]) -> None:
        self._weights = weights

    def take(self, path: tuple[str, ...], fields: Fields, wanted: list[Weight]) -> list[Array]:
        given = list(self._weights.get("/".join(path), ()))
        if len(given) != len(wanted):
            names = ", ".join(weight.names[0] for weight in wanted)
            raise BundleError(
                f"{fields.where} needs {len(wanted)} weights ({names}), but the file has {len(given)} for it; "
                "save model and weights together"
            )
        return given


class Named:
    """Weights by names such as "conv2d/kernel", as TensorFlow.js keeps them."""

    def __init__(self, weights: Mapping[str, Array]) -> None:
        self._weights = weights
        self._endings: dict[tuple[str, str], list[str]] = {}
        for name in weights:
            parts = name.removesuffix(":0").split("/")
            if len(parts) > 1:
                self._endings.setdefault((parts[-2], parts[-1]), []).append(name)

    def take(self, path: tuple[str, ...], fields: Fields, wanted: list[Weight]) -> list[Array]:
        return [self._find(path, fields, weight) for weight in wanted]

    def _find(self, path: tuple[str, ...], fields: Fields, weight: Weight) -> Array:
        for leaf in weight.names:
            for start in range(len(path)):
                name = "/".join((*path[start:], leaf))
                if name in self._weights:
                    return self._weights[name]
            ends = self._endings.get((path[-1].rsplit("/", 1)[-1], leaf), [])
            if len(ends) == 1:
                return self._weights[ends[0]]
        raise BundleError(
            f"{fields.where}: its weight {shown('/'.join((*path, weight.names[0])))} is not among the weights; "
            "save model and weights together"
        )

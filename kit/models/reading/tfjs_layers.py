"""TensorFlow.js layers models: a Keras configuration in ``modelTopology``, weights by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kit.models.errors import BundleError
from kit.models.network import Network
from kit.models.reading.keras_config import build, unwrapped
from kit.models.reading.keras_flat import spread
from kit.models.reading.keras_store import weights_by_layer
from kit.models.reading.layer_call import Array
from kit.models.reading.layer_weights import Listed, Named, WeightSource


def read_layers_model(
    model: Mapping[str, Any], weights: Mapping[str, Array], size: tuple[int, int] | None
) -> Network:
    """A network from a layers model's ``model.json`` and its weights by name."""
    topology = model.get("modelTopology")
    if not isinstance(topology, Mapping):
        raise BundleError("model.json: modelTopology must be an object; export the model again")
    kind, config, version = unwrapped(topology)
    source: WeightSource = Named(weights)
    if any("/vars/" in name for name in weights):  # converted from a .keras file, whose weights have no names
        source = Listed(spread(kind, config, weights_by_layer(topology, weights)))
    return build(kind, config, source, version, size)

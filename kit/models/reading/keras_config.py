"""Keras models by their JSON configuration, of Keras 2, 3 and TensorFlow.js alike. Only listed layers; no code is run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kit.models.errors import BundleError
from kit.models.network import Network
from kit.models.reading.archive import shown
from kit.models.reading.build import Builder, Value
from kit.models.reading.fields import Fields
from kit.models.reading.finishing import chosen_size, finished
from kit.models.reading.guard import guarded
from kit.models.reading.keras_flat import spread
from kit.models.reading.keras_graph import MODELS, Call, Layer, Ref, Topology, topology
from kit.models.reading.keras_kinds import allowed
from kit.models.reading.layer_call import Array, LayerCall
from kit.models.reading.layer_weights import Listed, WeightSource
from kit.models.reading.limits import LAYERS, NESTING


def read_keras_config(
    config: Mapping[str, Any],
    weights: Mapping[str, Sequence[Array]],
    size: tuple[int, int] | None = None,
) -> Network:
    """A network from a model's configuration and its weights by layer ("outer/inner" in nested models).

    Each layer's weights in the order of Keras' ``layer.weights``; a nested model of an ``.h5`` may also come as one
    flat list under its own name. ``size``: height and width where the model takes any. Raises BundleError that names
    the layer.
    """
    with guarded("the model"):
        kind, inner, version = unwrapped(config)
        return build(kind, inner, Listed(spread(kind, inner, weights)), version, size)


def unwrapped(config: Mapping[str, Any]) -> tuple[str, Any, int]:
    """The model's kind, its own configuration, and the major version of Keras, out of what is wrapped around."""
    version = config.get("keras_version")
    for _ in range(3):
        inner = config.get("model_config") or config.get("modelTopology")
        if not isinstance(inner, Mapping):
            break
        config = inner
        version = config.get("keras_version") or version
    fields = Fields("the model", config)
    kind = fields.text("class_name").rsplit(">", 1)[-1]
    if kind not in MODELS:
        raise BundleError(
            f"the model is a {shown(kind)}, a class of its own, whose code is never run; "
            "save it as a SavedModel or a TensorFlow.js graph model"
        )
    return kind, config.get("config"), _major(version, config.get("module"))


def _major(version: object, module: object) -> int:
    """Major version of Keras, 1 for TensorFlow.js; where nobody says it, by the package that only Keras 3 has."""
    if isinstance(version, str):
        if version.startswith("tfjs"):
            return 1
        return 3 if version.startswith("3.") else 2
    return 3 if isinstance(module, str) and module.startswith("keras.src.models") else 2


def build(kind: str, config: Any, weights: WeightSource, keras: int, size: tuple[int, int] | None) -> Network:
    """A network from a model's own configuration."""
    wiring = topology(kind, config, "the model")
    first = wiring.layers.get(wiring.start)
    if first is None:
        raise BundleError(f"the model begins at {shown(wiring.start)}, which is not among its layers")
    builder = Builder(input_shape(first, size))
    walk = _Walk(builder, weights, keras)
    return finished(builder, walk.through(wiring, (), [builder.input]))


def input_shape(layer: Layer, size: tuple[int, int] | None) -> tuple[int, int, int]:
    """Height, width and channels of the model's input."""
    if layer.is_model:
        inner = topology(layer.kind, layer.config, layer.fields.where)
        start = inner.layers.get(inner.start)
        if start is None or start.is_model:
            raise BundleError(
                f"{layer.fields.where}: its input's size is not written down; add an Input layer"
            )
        layer = start
    fields = layer.fields
    name = next(
        (each for each in ("batch_shape", "batch_input_shape", "shape") if each in fields), "batch_shape"
    )
    extents = list(fields.items(name, 8))
    if name == "shape":
        extents = [None, *extents]
    return chosen_size([-1 if extent is None else extent for extent in extents], size, fields.where)


@dataclass
class _Walk:
    """Builds nodes call by call; counts the calls, so that models in models cannot multiply without end."""

    builder: Builder
    weights: WeightSource
    keras: int
    calls: int = 0
    taken: dict[tuple[str, ...], list[Array]] = field(default_factory=dict)
    inner: dict[int, Topology] = field(default_factory=dict)

    def through(self, wiring: Topology, path: tuple[str, ...], inputs: list[Value]) -> Value:
        """What a model gives for its input."""
        if len(path) > NESTING:
            raise BundleError(f"models are nested more than {NESTING} deep; flatten the model")
        values: dict[Ref, Value] = {}
        end = wiring.resolved(wiring.end)
        for ref in _order(wiring, end):
            layer = wiring.layers[ref.layer]
            if ref.layer == wiring.start:
                if len(inputs) != 1:
                    raise BundleError(f"{layer.fields.where} gets {len(inputs)} inputs, but takes one")
                values[ref] = inputs[0]
                if layer.kind == "InputLayer":
                    continue
                call = Call(())
                given: list[Value | float] = [inputs[0]]
            else:
                call = layer.calls[ref.call]
                given = [values[wiring.resolved(o)] if isinstance(o, Ref) else o for o in call.operands]
            with guarded(layer.fields.where):
                values[ref] = self._called(layer, call, path, given)
        return values[end]

    def _inside(self, layer: Layer) -> Topology:
        """The wiring of a nested model, read once however often it is called."""
        key = id(layer.config)
        if key not in self.inner:
            self.inner[key] = topology(layer.kind, layer.config, layer.fields.where)
        return self.inner[key]

    def _called(self, layer: Layer, call: Call, path: tuple[str, ...], given: list[Value | float]) -> Value:
        self.calls += 1
        if self.calls > LAYERS:
            raise BundleError(f"the model calls more than {LAYERS} layers; use a smaller one")
        inputs = [value for value in given if isinstance(value, Value)]
        where = (*path, layer.name)
        if layer.is_model:
            return self.through(self._inside(layer), where, inputs)
        kind = allowed(layer)
        wanted = kind.weights(layer.fields)
        if where not in self.taken:
            self.taken[where] = self.weights.take(where, layer.fields, wanted) if wanted else []
        numbers = {place: value for place, value in enumerate(given) if not isinstance(value, Value)}
        return kind.read(
            LayerCall(
                self.builder,
                "/".join(where),
                layer.fields,
                inputs,
                self.taken[where],
                self.keras,
                call.training,
                numbers,
            )
        )


def _order(wiring: Topology, end: Ref) -> list[Ref]:
    """The calls that ``end`` needs, each after those that it needs itself. Raises BundleError for a circle."""
    done: dict[Ref, bool] = {}
    order: list[Ref] = []
    left = [end]
    while left:
        ref = left[-1]
        if ref in done:
            left.pop()
            if not done[ref]:
                done[ref] = True
                order.append(ref)
            continue
        done[ref] = False
        layer = wiring.layers[ref.layer]
        if ref.layer == wiring.start:
            continue
        operands = [o for o in layer.calls[ref.call].operands if isinstance(o, Ref)]
        if not operands:
            raise BundleError(f"{layer.fields.where} is connected to nothing; save the model with its wiring")
        for operand in operands:
            need = wiring.resolved(operand)
            if done.get(need) is False:
                raise BundleError(f"{layer.fields.where} takes what it gives itself; save the model again")
            if need not in done:
                left.append(need)
    return order

"""The wiring of a Keras configuration: which layer is called on what, in the ways that three generations wrote it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

from kit.models.errors import BundleError
from kit.models.reading.archive import shown
from kit.models.reading.fields import Fields
from kit.models.reading.limits import LAYERS

MODELS = {"Functional", "Model", "Sequential"}
_MOST_OPERANDS = 512


@dataclass(frozen=True)
class Ref:
    """What the ``call``-th call of a layer gave."""

    layer: str
    call: int


Operand: TypeAlias = Ref | float


@dataclass(frozen=True)
class Call:
    """One call of a layer on what others gave, and on numbers."""

    operands: tuple[Operand, ...]
    training: bool = False


@dataclass(frozen=True)
class Layer:
    """A layer's entry: its kind without the package, its settings, its calls."""

    name: str
    kind: str
    fields: Fields
    calls: tuple[Call, ...]

    @property
    def config(self) -> Mapping[str, Any]:
        """Its configuration as it stands."""
        return self.fields.values

    @property
    def is_model(self) -> bool:
        """Whether it is a model within the model."""
        return self.kind in MODELS


@dataclass(frozen=True)
class Topology:
    """The layers of one model by name, in the order of the file, and where it begins and ends."""

    layers: dict[str, Layer]
    start: str
    end: Ref

    @cached_property
    def from_one(self) -> frozenset[str]:
        """Nested models whose calls are counted from 1: Keras counts their own making as their first call."""
        refs = [
            self.end,
            *(o for layer in self.layers.values() for call in layer.calls for o in call.operands),
        ]
        beyond = {ref.layer for ref in refs if isinstance(ref, Ref) and ref.call >= self._calls(ref.layer)}
        return frozenset(name for name in beyond if name in self.layers and self.layers[name].is_model)

    def _calls(self, name: str) -> int:
        return len(self.layers[name].calls) if name in self.layers else 0

    def resolved(self, ref: Ref) -> Ref:
        """The call that is meant, counted from 0. Raises BundleError where there is none."""
        layer = self.layers.get(ref.layer)
        if layer is None:
            raise BundleError(f"the layer {shown(ref.layer)} is used, but not among the model's layers")
        call = ref.call - (ref.layer in self.from_one)
        if not 0 <= call < len(layer.calls):
            raise BundleError(
                f"{layer.fields.where} is used more often than it is called; save the model again"
            )
        return Ref(ref.layer, call)


def topology(kind: str, config: object, where: str) -> Topology:
    """The wiring of one model (not of models within). Raises BundleError that names the layer."""
    if kind == "Sequential":
        listed = {"layers": config} if isinstance(config, list) else config
        return _sequential(Fields(where, {"config": listed}).inner("config"))
    fields = Fields(where, {"config": config}).inner("config")
    layers = _layers(fields, sequential=False)
    starts, ends = (_ends(fields, name) for name in ("input_layers", "output_layers"))
    if len(starts) != 1:
        raise BundleError(
            f"{where} has {len(starts)} inputs; a model with one picture as its input can be used"
        )
    if len(ends) != 1:
        raise BundleError(
            f"{where} has {len(ends)} outputs; save a model that has only the picture as its output"
        )
    return Topology(layers, starts[0].layer, ends[0])


def _sequential(fields: Fields) -> Topology:
    layers = _layers(fields, sequential=True)
    shape = next((fields.values[n] for n in ("build_input_shape", "batch_input_shape") if n in fields), None)
    first = next(iter(layers.values()))
    wired: dict[str, Layer] = {}
    if first.kind != "InputLayer":
        settings = {
            key: first.config[key] for key in ("batch_input_shape", "batch_shape") if key in first.config
        }
        start = Fields(f"layer {first.name}: input", settings or {"batch_shape": shape})
        # No layer of a file can have this name: it is too long for one.
        wired["input" * 60] = Layer("input" * 60, "InputLayer", start, (Call(()),))
    for layer in layers.values():
        before = (Ref(next(reversed(wired)), 0),) if wired else ()
        wired[layer.name] = Layer(layer.name, layer.kind, layer.fields, (Call(before),))
    return Topology(wired, next(iter(wired)), Ref(next(reversed(wired)), 0))


def _layers(fields: Fields, *, sequential: bool) -> dict[str, Layer]:
    layers: dict[str, Layer] = {}
    for index, entry in enumerate(fields.items("layers", LAYERS)):
        outer = Fields(f"{fields.where}: layers[{index}]", {"layer": entry}).inner("layer")
        layer = _layer(outer, sequential=sequential)
        if layer.name in layers:
            raise BundleError(f"two layers are called {shown(layer.name)}; give each its own name")
        layers[layer.name] = layer
    if not layers:
        raise BundleError(f"{fields.where} has no layers; save the model again")
    return layers


def _layer(outer: Fields, *, sequential: bool) -> Layer:
    kind = outer.text("class_name").rsplit(">", 1)[-1]
    config: Any = outer.values.get("config")
    name = outer.values.get("name") or (config.get("name") if isinstance(config, Mapping) else None)
    if not isinstance(name, str) or not 0 < len(name) <= 200:
        raise BundleError(f"{outer.where}: it has no name of 1 to 200 characters; save the model again")
    where = f"layer {shown(name)} ({shown(kind)})"
    fields = Fields(where, {"layers": config} if isinstance(config, list) else config or {})
    if not isinstance(fields.values, Mapping):
        raise BundleError(f"{where}: its configuration must be an object; save the model again")
    calls = () if sequential else _calls(Fields(where, outer.values))
    return Layer(name, kind, fields, calls or (Call(()),))


def _ends(fields: Fields, name: str) -> list[Ref]:
    value = fields.items(name, 100)
    entries = [value] if value and isinstance(value[0], str) else value
    return [_ref(entry, fields.where) for entry in entries]


def _calls(fields: Fields) -> tuple[Call, ...]:
    calls = []
    for entry in fields.items("inbound_nodes", _MOST_OPERANDS, ()):
        if isinstance(entry, Mapping):
            calls.append(_new_call(entry, fields.where))
        else:
            inner = Fields(fields.where, {"inbound_nodes": entry}).items("inbound_nodes", _MOST_OPERANDS)
            calls.append(
                _old_call([list(inner)] if inner and isinstance(inner[0], str) else list(inner), fields)
            )
    return tuple(calls)


def _old_call(entries: list[Any], fields: Fields) -> Call:
    """Keras 2 and TensorFlow.js: [[layer, call, output, settings], ...], the second operand perhaps in the settings."""
    operands: list[Operand] = []
    settings: Mapping[str, Any] = {}
    for entry in entries:
        if isinstance(entry, list) and len(entry) > 2 and entry[0] == "_CONSTANT_VALUE":
            operands.append(Fields(fields.where, {"constant": entry[2]}).number("constant"))
        else:
            operands.append(_ref(entry, fields.where))
        if isinstance(entry, list) and len(entry) > 3 and isinstance(entry[3], Mapping):
            settings = entry[3]
    return Call((*operands, *_second(settings, fields.where)), settings.get("training") is True)


def _new_call(entry: Mapping[str, Any], where: str) -> Call:
    """Keras 3: {"args": [...], "kwargs": {...}} with the layers named inside."""
    operands: list[Operand] = []
    left: list[Any] = list(reversed(Fields(where, entry).items("args", _MOST_OPERANDS, ())))
    while left:
        item = left.pop()
        if isinstance(item, list):
            left.extend(reversed(item))
        elif item is not None:
            operands.append(_new_operand(item, where))
        if len(operands) > _MOST_OPERANDS:
            raise BundleError(f"{where} is called on more than {_MOST_OPERANDS} values")
    settings = Fields(where, entry).inner("kwargs", {}).values
    return Call((*operands, *_second(settings, where)), settings.get("training") is True)


def _second(settings: Mapping[str, Any], where: str) -> tuple[Operand, ...]:
    value = next((settings[name] for name in ("y", "x2") if settings.get(name) is not None), None)
    return () if value is None else (_new_operand(value, where),)


def _new_operand(item: Any, where: str) -> Operand:
    if isinstance(item, Mapping):
        history = Fields(where, item).inner("config").values.get("keras_history")
        return _ref(history, where)
    if isinstance(item, list):
        return _ref(item, where)
    return Fields(where, {"operand": item}).number("operand")


def _ref(entry: Any, where: str) -> Ref:
    if (
        isinstance(entry, list)
        and len(entry) >= 3
        and isinstance(entry[0], str)
        and all(isinstance(number, int) and 0 <= number < 10_000 for number in entry[1:3])
    ):
        if entry[2] != 0:
            raise BundleError(
                f"{where} uses output {entry[2]} of {shown(entry[0])}; layers with one output can be used"
            )
        return Ref(entry[0], int(entry[1]))
    raise BundleError(f"{where}: its inputs are written in a way that is not known; save the model again")

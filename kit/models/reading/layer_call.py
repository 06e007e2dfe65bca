"""What the reader of one layer gets: its settings, what flows into it, its weights."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from numpy.typing import NDArray

from kit.models.errors import BundleError
from kit.models.reading.build import Builder, Value
from kit.models.reading.fields import Fields

Array: TypeAlias = NDArray[Any]


@dataclass(frozen=True)
class Weight:
    """A weight that a layer has: the names it goes by, and whether training changes it."""

    names: tuple[str, ...]
    trained: bool = True


@dataclass(frozen=True)
class LayerCall:
    """One call of a layer. ``weights`` in the order of the kind's list; ``keras``: major version of the writer,
    1 for TensorFlow.js, which differs from Keras 2 where it resizes.

    ``training``: called as in training even in inference. ``numbers``: operands that are plain numbers, by place.
    """

    builder: Builder
    label: str
    fields: Fields
    inputs: Sequence[Value]
    weights: Sequence[Array]
    keras: int
    training: bool = False
    numbers: Mapping[int, float] = field(default_factory=dict)

    @property
    def value(self) -> Value:
        """The one input. Raises BundleError where there are several."""
        if len(self.inputs) != 1:
            raise BundleError(f"{self.fields.where} gets {len(self.inputs)} inputs, but takes one")
        return self.inputs[0]

    def weight(self, index: int, *shape: int | None) -> Array:
        """A weight. Raises BundleError where its shape is not as given (None: any extent)."""
        array = self.weights[index]
        fits = len(array.shape) == len(shape) and all(
            want in {None, have} for want, have in zip(shape, array.shape, strict=True)
        )
        if shape and not fits:
            needed = [extent if extent is not None else "any" for extent in shape]
            raise BundleError(
                f"{self.fields.where}: a weight has the shape {list(array.shape)}, not {needed}; "
                "the weights belong to another model"
            )
        return array


Read: TypeAlias = Callable[[LayerCall], Value]
Weights: TypeAlias = Callable[[Fields], list[Weight]]


def no_weights(fields: Fields) -> list[Weight]:
    """For layers that have none."""
    return []


@dataclass(frozen=True)
class Kind:
    """An allowed kind of layer."""

    read: Read
    weights: Weights = no_weights


def channels_last(fields: Fields) -> None:
    """Refuse what works with channels first."""
    if fields.text("data_format", "channels_last") != "channels_last":
        raise BundleError(
            f"{fields.where}: data_format is channels_first; browsers run networks with channels last, "
            "so build the model with channels_last"
        )


def last_axis(fields: Fields, default: int = -1) -> None:
    """Refuse an axis that is not the channels'."""
    value: Any = fields.values.get("axis", default)
    axes = list(value) if isinstance(value, list | tuple) else [value]
    if axes not in ([-1], [3]):
        raise fields.wrong("axis", "-1, the channels'")

"""Values out of an object whose maker is unknown: each getter checks type and range, each refusal names the field."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kit.models.errors import BundleError

_MISSING: Any = object()


@dataclass(frozen=True)
class Fields:
    """An object's fields; ``where`` begins each error ("layer conv2d_3 (Conv2D)")."""

    where: str
    values: Mapping[str, Any]

    def __contains__(self, name: str) -> bool:
        return self.values.get(name) is not None

    def wrong(self, name: str, needed: str) -> BundleError:
        """The error for a field that is not what is needed."""
        found = told(self.values.get(name))
        return BundleError(f"{self.where}: {name} must be {needed}, not {found}")

    def _get(self, name: str, default: Any) -> Any:
        value = self.values.get(name)
        if value is None:
            if default is _MISSING:
                raise BundleError(f"{self.where}: {name} is missing; export the model again")
            return default
        return value

    def text(self, name: str, default: str = _MISSING) -> str:
        """A string of at most 1,000 characters."""
        value = self._get(name, default)
        if not isinstance(value, str) or len(value) > 1000:
            raise self.wrong(name, "a text")
        return value

    def flag(self, name: str, default: bool = _MISSING) -> bool:
        """true or false."""
        value = self._get(name, default)
        if not isinstance(value, bool):
            raise self.wrong(name, "true or false")
        return value

    def integer(self, name: str, low: int, high: int, default: int = _MISSING) -> int:
        """A whole number between two bounds, both allowed."""
        value = self._get(name, default)
        if not _is_whole(value) or not low <= value <= high:
            raise self.wrong(name, f"a whole number from {low} to {high}")
        return int(value)

    def number(self, name: str, default: float = _MISSING) -> float:
        """A finite number."""
        value = self._get(name, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not _is_finite(value):
            raise self.wrong(name, "a number")
        return float(value)

    def integers(self, name: str, low: int, high: int, most: int = 64) -> tuple[int, ...]:
        """A list of whole numbers."""
        value = self._get(name, _MISSING)
        if not _is_list(value) or len(value) > most:
            raise self.wrong(name, f"a list of at most {most} whole numbers")
        if not all(_is_whole(item) and low <= item <= high for item in value):
            raise self.wrong(name, f"whole numbers from {low} to {high}")
        return tuple(int(item) for item in value)

    def pair(self, name: str, low: int, high: int, default: int = _MISSING) -> tuple[int, int]:
        """Two whole numbers, or one that stands for both."""
        value = self._get(name, default)
        if _is_whole(value):
            value = [value, value]
        if (
            not _is_list(value)
            or len(value) != 2
            or not all(_is_whole(item) and low <= item <= high for item in value)
        ):
            raise self.wrong(name, f"one or two whole numbers from {low} to {high}")
        return int(value[0]), int(value[1])

    def edges(self, name: str, high: int = 1024) -> tuple[tuple[int, int], tuple[int, int]]:
        """Rows above and below, columns left and right, in any of the three ways that Keras writes them."""
        value = self._get(name, _MISSING)
        if _is_list(value) and len(value) == 2 and all(_is_list(item) for item in value):
            sides = [Fields(self.where, {name: item}).pair(name, 0, high) for item in value]
            return sides[0], sides[1]
        rows, columns = self.pair(name, 0, high)
        return (rows, rows), (columns, columns)

    def items(self, name: str, most: int, default: Sequence[Any] = _MISSING) -> Sequence[Any]:
        """A list of anything."""
        value = self._get(name, default)
        if not _is_list(value) or len(value) > most:
            raise self.wrong(name, f"a list of at most {most} entries")
        return list(value)

    def inner(self, name: str, default: Mapping[str, Any] = _MISSING) -> Fields:
        """An object within."""
        value = self._get(name, default)
        if not isinstance(value, Mapping):
            raise self.wrong(name, "an object")
        return Fields(f"{self.where}: {name}", value)


def told(value: object) -> str:
    """A value for an error message; what is large or nested is only named."""
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, list | tuple) and (
        len(value) > 8 or not all(isinstance(v, int | float) for v in value)
    ):
        return f"a list of {len(value)}"
    if isinstance(value, int) and abs(value) > 10**30:
        return "a number that is far too large"
    return repr(value)[:60]


def _is_list(value: object) -> bool:
    return isinstance(value, list | tuple)


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:  # an int that no float can hold
        return False

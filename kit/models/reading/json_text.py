"""JSON from strangers: bounded, without NaN, and every way to be wrong is one sentence."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from kit.models.errors import BundleError
from kit.models.reading.limits import JSON_BYTES


def parse_object(data: bytes, where: str) -> dict[str, Any]:
    """The JSON object in ``data``. Raises BundleError that names ``where``."""
    if len(data) > JSON_BYTES:
        raise BundleError(f"{where} has {len(data)} bytes; at most {JSON_BYTES} are read")
    try:
        value = json.loads(data.decode("utf-8-sig"), parse_constant=_refuse)
    except RecursionError as error:
        raise BundleError(f"{where} is nested too deeply to be a model") from error
    except ValueError as error:  # also what is not UTF-8, and numbers of thousands of digits
        raise BundleError(
            f"{where} is not valid JSON ({str(error)[:100]}); export the model again"
        ) from error
    if not isinstance(value, dict):
        raise BundleError(f"{where} must hold a JSON object, as a model's description does")
    return value


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number that JSON knows")

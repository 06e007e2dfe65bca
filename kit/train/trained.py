"""What a training left: the network that would be shipped, and how far it came. The rest of the checkpoint stays on disk."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import keras
import numpy as np

from kit.train.checkpoint import NAME, Progress
from kit.train.data import DataError
from kit.train.generator import build_generator
from kit.train.presets import Preset

SETTINGS = "settings.json"


@dataclass(frozen=True)
class Trained:
    """The moving average of a training's generator, in float32."""

    preset: Preset
    progress: Progress
    model: keras.Model


def load_trained(folder: Path) -> Trained:
    """Read a training's folder. Raises DataError where it is none, or where settings and checkpoint do not agree."""
    preset = read_preset(folder)
    model = build_generator(preset.filters)
    path = folder / NAME
    if not path.is_file():
        raise DataError(f"{path} is missing; give the folder that `kit train` wrote")
    with np.load(path) as stored:
        values = [stored.get(f"average/{index}") for index in range(len(model.weights))]
        step, seconds = stored["progress"][:2]
    if any(
        value is None or value.shape != tuple(w.shape) for value, w in zip(values, model.weights, strict=True)
    ):
        raise DataError(f"{path} is of another network than {folder / SETTINGS} says")
    model.set_weights(values)
    return Trained(preset, Progress(int(step), float(seconds)), model)


def read_settings(folder: Path) -> dict[str, Any]:
    """The settings that a training wrote down. Raises DataError where they cannot be read."""
    path = folder / SETTINGS
    try:
        settings = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(f"{path} cannot be read; give the folder that `kit train` wrote") from error
    if not isinstance(settings, dict):
        raise DataError(f"{path} must hold an object")
    return settings


def read_preset(folder: Path) -> Preset:
    """The preset of a training as it was resolved then; a setting of another version of the kit is left out."""
    written = read_settings(folder).get("preset")
    known = {about.name for about in fields(Preset)}
    try:
        return Preset(**{key: value for key, value in dict(written or {}).items() if key in known})
    except (TypeError, ValueError) as error:
        raise DataError(f"{folder / SETTINGS} holds no preset that can be read") from error

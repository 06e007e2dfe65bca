"""Checkpoints: everything that a training needs to go on, in one file that is whole or absent."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np

from kit.train.data import DataError

NAME = "checkpoint.npz"


@dataclass
class Progress:
    """How far a training is: steps done and seconds spent in it, over all its sittings."""

    step: int = 0
    seconds: float = 0.0


@dataclass(frozen=True)
class Parts:
    """What a training moves."""

    generator: keras.Model
    average: keras.Model
    discriminator: keras.Model
    generator_optimizer: keras.Optimizer
    discriminator_optimizer: keras.Optimizer

    def variables(self) -> dict[str, list[keras.Variable]]:
        """Variables by part, in a fixed order (dropout's seeds among them)."""
        return {
            "generator": self.generator.variables,
            "average": self.average.weights,
            "discriminator": self.discriminator.variables,
            "generator_optimizer": self.generator_optimizer.variables,
            "discriminator_optimizer": self.discriminator_optimizer.variables,
        }


def save(folder: Path, parts: Parts, progress: Progress) -> None:
    """Write ``checkpoint.npz``: first beside it, then in its place."""
    arrays = {
        f"{part}/{index}": np.asarray(keras.ops.convert_to_numpy(variable))
        for part, variables in parts.variables().items()
        for index, variable in enumerate(variables)
    }
    arrays["progress"] = np.array([progress.step, progress.seconds], np.float64)
    partial = folder / f"{NAME}.part"
    with partial.open("wb") as file:
        np.savez(file, **arrays)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(folder / NAME)


def restore(folder: Path, parts: Parts) -> Progress:
    """Read ``checkpoint.npz`` into the parts. Raises DataError where it belongs to another network."""
    with np.load(folder / NAME) as stored:
        for part, variables in parts.variables().items():
            for index, variable in enumerate(variables):
                key = f"{part}/{index}"
                if key not in stored or stored[key].shape != tuple(variable.shape):
                    raise DataError(
                        f"{folder / NAME} is of another network ({key} does not fit); choose another --out"
                    )
                variable.assign(stored[key])
        step, seconds = stored["progress"][:2]
    return Progress(int(step), float(seconds))

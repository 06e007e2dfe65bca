"""What ``kit train`` calls."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from kit.train.data import DataError, load_photographs
from kit.train.loop import Limits, Training
from kit.train.presets import PRESETS
from kit.train.release import release


def train(
    preset: str,
    data: Path,
    out: Path,
    *,
    steps: int | None = None,
    minutes: float | None = None,
    say: Callable[[str], None] = print,
) -> int:
    """Train a preset on a folder of photographs and return the steps done; goes on where ``out`` has a checkpoint.

    Writes settings.json, curves.csv, tests.csv, preview sheets and checkpoint.npz into ``out``. Raises DataError for
    an unknown preset or a folder that cannot be used, ValueError where neither steps nor minutes are given.
    """
    if preset not in PRESETS:
        raise DataError(f"there is no preset {preset!r}; choose one of {', '.join(PRESETS)}")
    chosen = PRESETS[preset]
    photographs = load_photographs(data, chosen.seed)
    say(f"{len(photographs.train)} photographs to learn from, {len(photographs.test)} to test on")
    training = Training(chosen, photographs, out, Limits(steps=steps, minutes=minutes), say)
    return training.run().step


def publish(
    preset: str,
    trained: Path,
    data: Path,
    *,
    version: str,
    root: Path,
    pictures: Path | None = None,
    say: Callable[[str], None] = print,
) -> Path:
    """Publish a training's network as the bundle ``root/preset/version`` and return its folder.

    Measures it on the test photographs first and says the figures. Into ``pictures`` it writes a contact sheet without
    photographs and the curves. Raises DataError or BundleError.
    """
    if preset not in PRESETS:
        raise DataError(f"there is no preset {preset!r}; choose one of {', '.join(PRESETS)}")
    return release(preset, trained, data, version, root, pictures=pictures, say=say)

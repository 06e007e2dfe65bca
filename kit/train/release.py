"""From a finished training to a published bundle and the pictures that show it."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from kit.datasets.layout import CREDITS
from kit.models.assemble import Label
from kit.models.golden import draw_sketch
from kit.models.manifest import Credit
from kit.train.chart import Line, chart
from kit.train.convert import Stored, publish
from kit.train.data import DataError, Photographs, blurred_grey, load_photographs, middle, scaled
from kit.train.examining import hold_out
from kit.train.loop import paint
from kit.train.presets import PRESETS
from kit.train.sheet import write_pairs
from kit.train.shipping import choose_storage
from kit.train.trained import Trained, load_trained, read_settings

KEPT_POINTS = 120  # of the curves, in the manifest


def release(
    preset: str,
    trained: Path,
    data: Path,
    version: str,
    root: Path,
    *,
    pictures: Path | None = None,
    say: Callable[[str], None] = print,
) -> Path:
    """Publish what ``trained`` holds (a checkpoint and its curves) as ``root/preset/version``; returns that folder.

    The moving average of the generator's weights is shipped. Raises DataError where the training or the photographs
    cannot be read, BundleError where the version exists.
    """
    chosen, result = PRESETS[preset], load_trained(trained)
    if result.preset.name != preset:
        raise DataError(f"{trained} holds a training of {result.preset.name}, not of {preset}")
    photographs = load_photographs(data, chosen.seed)
    found = choose_storage(result.model, hold_out(photographs))
    for name, value in found.quality.items():
        if not isinstance(value, dict):
            say(f"{name}: {value}")
    label = Label(
        name=preset,
        version=version,
        title=chosen.title,
        description=chosen.description,
        training=_training(result, trained, photographs),
        quality=found.quality,
        credits=(Credit(**chosen.credit),) if chosen.credit else (),
        extra_files=_credits(data),
    )
    folder = publish(found.stored, label, root)
    if pictures is not None:
        pictures.mkdir(parents=True, exist_ok=True)
        show(found.stored, photographs, pictures / f"{preset}.jpg")
        for kind, svg in (("curves", curves_svg(trained)), ("losses", losses_svg(trained))):
            (pictures / f"{preset}-{kind}.svg").write_text(svg, encoding="utf-8")
    return folder


def show(stored: Stored, photographs: Photographs, path: Path, count: int = 12) -> None:
    """A contact sheet of inputs and outputs, no photographs: test photographs' blurred greys, then sketches."""
    chosen = np.linspace(0, len(photographs.test) - 1, count).astype(int)
    sketches = np.stack([draw_sketch(seed) for seed in range(4)])
    inputs = blurred_grey(np.concatenate([scaled(middle(photographs.test[chosen])), scaled(sketches)]))
    write_pairs(path, inputs, paint(stored.model, inputs))


def curves_svg(trained: Path) -> str:
    """The curve of the test L1 against its baseline."""
    rows = read_rows(trained / "tests.csv")
    named = (
        ("baseline_l1", "blurred grey", "#888888"),
        ("average_test_l1", "network (averaged weights)", "#b3261e"),
    )
    lines = [
        Line(name, [(row["step"], row[key]) for row in rows], colour, dashed=key == "baseline_l1")
        for key, name, colour in named
    ]
    return chart("L1 on test photographs", "steps", lines)


def losses_svg(trained: Path) -> str:
    """What drove the training: how well the discriminator tells, and how well the generator deceives it."""
    rows = read_rows(trained / "curves.csv")
    named = (
        ("adversarial", "generator, adversarial part", "#b3261e"),
        ("discriminator", "discriminator", "#1e5fb3"),
    )
    lines = [Line(name, [(row["step"], row[key]) for row in rows], colour) for key, name, colour in named]
    return chart("Losses while training (cross-entropy)", "steps", lines)


def read_rows(path: Path) -> list[dict[str, float]]:
    """Rows of a CSV file of numbers. Raises DataError where it is missing."""
    try:
        with path.open(newline="", encoding="utf-8") as file:
            return [{key: float(value) for key, value in row.items()} for row in csv.DictReader(file)]
    except OSError as error:
        raise DataError(f"{path} cannot be read; give the folder that `kit train` wrote") from error


def _training(result: Trained, folder: Path, photographs: Photographs) -> dict[str, Any]:
    curve, tests = read_rows(folder / "curves.csv"), read_rows(folder / "tests.csv")
    every = max(1, len(curve) // KEPT_POINTS)
    losses = {
        name: [row[name] for row in curve[::every]]
        for name in ("generator_l1", "adversarial", "discriminator")
    }
    return {
        **read_settings(folder),
        "preset": asdict(result.preset),
        "steps": result.progress.step,
        "epochs": round(result.progress.step * result.preset.batch / len(photographs.train), 1),
        "minutes": round(result.progress.seconds / 60, 1),
        "curves": {
            "step": [int(row["step"]) for row in curve[::every]],
            **losses,
            "test_step": [int(row["step"]) for row in tests],
            "test_l1": [row["average_test_l1"] for row in tests],
        },
    }


def _credits(data: Path) -> dict[str, bytes]:
    path = data / CREDITS
    return {CREDITS: path.read_bytes()} if path.is_file() else {}

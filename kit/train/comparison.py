"""Contact sheets that show networks side by side."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from kit.datasets.layout import CREDITS
from kit.models.golden import draw_sketch
from kit.train.data import Photographs, blurred_grey, middle, scaled
from kit.train.examining import Painter
from kit.train.sheet import write_comparison

SKETCHES = 4


def write_comparisons(
    sheets: Path, folder: Path, painters: Mapping[str, Painter], photographs: Photographs, shown: int
) -> None:
    """Write ``NAME.jpg`` (inputs and what each network makes of them) and ``NAME-with-targets.jpg`` (the photographs
    too, for the eyes of whoever may see them), with ``NAME-with-targets.csv`` for their credits.

    Rows: test photographs at equal distances, then sketches drawn by code. NAME is that of the dataset's folder.
    """
    sheets.mkdir(parents=True, exist_ok=True)
    chosen = np.linspace(0, len(photographs.test) - 1, min(shown, len(photographs.test))).astype(int)
    sketches = np.stack([draw_sketch(seed) for seed in range(SKETCHES)])
    pictures = np.concatenate([middle(photographs.test[chosen]), sketches])
    columns = {"input": blurred_grey(scaled(pictures))}
    columns |= {name: painter(pictures) for name, painter in painters.items()}
    write_comparison(sheets / f"{folder.name}.jpg", columns)
    path = sheets / f"{folder.name}-with-targets.jpg"
    write_comparison(path, columns | {"photograph": scaled(pictures)})
    _write_credits(folder, [photographs.test_names[index] for index in chosen], path.with_suffix(".csv"))


def _write_credits(folder: Path, names: Sequence[str], path: Path) -> None:
    """The rows of ``CREDITS.csv`` for these photographs, in the order of the sheet."""
    if not (folder / CREDITS).is_file():
        return
    with (folder / CREDITS).open(newline="", encoding="utf-8-sig") as file:
        reader = csv.DictReader(file)
        rows = {row.get("file"): row for row in reader}
        columns = list(reader.fieldnames or [])
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows[name] for name in names if name in rows)

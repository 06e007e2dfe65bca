"""What a dataset is on disk: a folder of square photographs, perhaps with a split and credits."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath
from typing import TypeAlias

import numpy as np

SIDE = 286  # pixels; training cuts random squares of 256 out of it
SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp"})
SPLIT = "split.json"
CREDITS = "CREDITS.csv"
CROPS = ("left", "right", "top", "bottom")  # what the two squares of one still are called

Split: TypeAlias = tuple[list[str], list[str]]


def four_to_one(names: Sequence[str], seed: int) -> Split:
    """Split file names into (train, test), about 4:1, by a seed; both sorted.

    Both squares of one still (``clip-0001-left.jpg``, ``clip-0001-right.jpg``) go to the same side, because they
    overlap. Needs at least two names.
    """
    groups = _grouped(names)
    shuffled = [groups[i] for i in np.random.default_rng(seed).permutation(len(groups))]
    tests: list[str] = []
    while len(tests) < max(1, len(names) // 5) and len(shuffled) > 1:
        tests += shuffled.pop(0)
    return sorted(name for group in shuffled for name in group), sorted(tests)


def _grouped(names: Sequence[str]) -> list[list[str]]:
    groups: dict[str, list[str]] = {}
    for name in sorted(names):
        stem, _, crop = PurePath(name).stem.rpartition("-")
        groups.setdefault(stem if crop in CROPS else name, []).append(name)
    return list(groups.values()) if len(groups) > 1 else [[name] for name in sorted(names)]

"""Photographs made by code, and the smallest training that is one."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

if TYPE_CHECKING:
    from kit.train.loop import Training

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of ten small colour pictures of two sizes, without a split."""
    folder = tmp_path_factory.mktemp("pictures")
    rng = np.random.default_rng(0)
    for number in range(10):
        coarse = Image.fromarray(rng.integers(0, 256, (6, 6, 3), dtype=np.uint8))
        size = (286, 286) if number % 2 else (320, 300)
        coarse.resize(size, Image.Resampling.BICUBIC).save(folder / f"{number}.png")
    return folder


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder with the real photographs, where KIT_TEST_DATA names it."""
    folder = os.environ.get("KIT_TEST_DATA")
    if not folder:
        pytest.skip("KIT_TEST_DATA names no folder that holds datasets/flowers")
    return Path(folder)


TINY = {
    "name": "tiny-test",
    "title": "Test",
    "description": "For a test.",
    "dataset": "pictures",
    "filters": 1,
    "discriminator_filters": 2,
    "batch": 2,
}


def train_tiny(
    pictures: Path, out: Path, steps: int, say: Callable[[str], None] = lambda _: None
) -> Training:
    """The smallest training: one filter, two photographs a step."""
    from kit.train.data import load_photographs
    from kit.train.loop import Limits, Training
    from kit.train.presets import Preset

    limits = Limits(steps=steps, report_every=2)
    training = Training(Preset(**TINY), load_photographs(pictures, 1), out, limits, say)
    training.run()
    return training


@pytest.fixture(scope="session")
def trained_folder(pictures: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What four steps of it leave, and in said.txt what was said."""
    folder = tmp_path_factory.mktemp("trained")
    lines: list[str] = []
    train_tiny(pictures, folder, steps=4, say=lines.append)
    (folder / "said.txt").write_text("\n".join(lines))
    return folder

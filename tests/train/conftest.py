"""Photographs made by code, and the smallest training that is one."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

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

"""Bundles to try things on: the very small one as it ships, and copies of it to break."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from kit.models.catalog import BUNDLED
from kit.models.loaded import load_array, load_tensors
from kit.models.manifest import Array, Manifest, read_manifest

BLOCKS = BUNDLED / "test-blocks" / "1.0.0"


class Bundle:
    """A bundle's folder, read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest: Manifest = read_manifest(folder)

    def tensors(self) -> dict[str, NDArray[np.float32]]:
        return load_tensors(self.folder, self.manifest)

    def array(self, array: Array) -> NDArray[Any]:
        return load_array(self.folder, array)


@pytest.fixture(scope="session")
def blocks() -> Bundle:
    return Bundle(BLOCKS)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of test-blocks that may be damaged, in a root of its own."""
    target = tmp_path / "models" / "test-blocks" / "1.0.0"
    shutil.copytree(BLOCKS, target)
    return target


@pytest.fixture
def changed(copy: Path) -> Callable[[Callable[[dict[str, Any]], object]], Path]:
    """Apply a change to the copy's manifest (as plain JSON) and return the folder."""

    def change(edit: Callable[[dict[str, Any]], object]) -> Path:
        manifest = json.loads((copy / "manifest.json").read_text())
        edit(manifest)
        (copy / "manifest.json").write_text(json.dumps(manifest))
        return copy

    return change

"""A bundle as something that paints photographs over, by Keras where it is installed, else by NumPy."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from kit.models.loaded import load_network
from kit.models.manifest import Manifest, read_manifest
from kit.models.network import Network
from kit.models.reference import preprocess, run_network
from kit.train.data import SIZE, Bytes, DataError, Floats, blurred_grey, scaled
from kit.train.examining import Painter


def bundle_painter(folder: Path) -> Painter:
    """Preprocessing, network and value range of a bundle in one function.

    Raises BundleError for a bundle that cannot be read, DataError for one whose pictures are of another size than
    the photographs that they would be compared with.
    """
    manifest = read_manifest(folder)
    if manifest.output.shape[:2] != (SIZE, SIZE) or manifest.output.shape[2] == 2:
        shape = " x ".join(map(str, manifest.output.shape))
        raise DataError(
            f"{manifest.name} makes pictures of {shape}, which cannot be compared with photographs"
        )
    run = _runner(load_network(folder))

    def painted(photographs: Bytes) -> Floats:
        inputs = np.stack([preprocess(manifest.preprocessing, photograph) for photograph in photographs])
        return in_colour(manifest, run(inputs))

    return painted


def generator_painter(network: Network) -> Painter:
    """A network that was trained here, with its weights as they are given."""
    run = _runner(network)
    return lambda photographs: run(blurred_grey(scaled(photographs)))


def keras_is_there() -> bool:
    """Whether networks run by Keras on the back end that is chosen, or by NumPy alone."""
    backend = os.environ.get("KERAS_BACKEND", "tensorflow")
    return find_spec("keras") is not None and find_spec(backend) is not None


def in_colour(manifest: Manifest, outputs: Floats) -> Floats:
    """Outputs [n, h, w, 1, 3 or 4] in the manifest's range -> [n, h, w, 3] in [-1, 1]."""
    low, high = manifest.output.range_
    values = ((outputs - low) * (2 / (high - low)) - 1).astype(np.float32)
    return np.repeat(values, 3, axis=-1) if values.shape[-1] == 1 else values[..., :3]


def _runner(network: Network) -> Callable[[Floats], Floats]:
    """Inputs [n, h, w, c] -> outputs. Keras is loaded when the first picture comes."""
    if not keras_is_there():
        return lambda inputs: np.stack([run_network(network, value) for value in inputs])

    @cache
    def model() -> Any:
        from kit.train.rebuild import rebuild

        return rebuild(network)

    def run(inputs: Floats) -> Floats:
        from kit.train.loop import paint

        return paint(model(), inputs)

    return run

"""A bundle's arrays in memory, and the question that matters: does it still give its golden output?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kit.models import reference
from kit.models.consistency import check_manifest
from kit.models.manifest import Array, Manifest, read_manifest
from kit.models.network import Network
from kit.models.weights import decode

Floats = NDArray[np.float32]


def load_tensors(folder: Path, manifest: Manifest) -> dict[str, Floats]:
    """All tensors as float32, scales applied, zeros where taps were left out."""
    shards = [(folder / name).read_bytes() for name in manifest.shards]
    return decode(manifest.tensors, shards.__getitem__)


def load_array(folder: Path, array: Array) -> NDArray[Any]:
    """A golden file as an array of its own type and shape."""
    return np.fromfile(folder / array.path, np.dtype(array.dtype).newbyteorder("<")).reshape(array.shape)


def load_network(folder: Path) -> Network:
    """The network of a bundle's folder, with its weights as stored.

    Raises BundleError where the manifest does not agree with itself (``verify_bundle`` checks the files too).
    """
    manifest = read_manifest(folder)
    check_manifest(manifest)
    return Network(
        input=manifest.input.name,
        input_shape=manifest.input.shape,
        output=manifest.output.name,
        nodes=manifest.graph,
        tensors=load_tensors(folder, manifest),
    )


def golden_error(folder: Path) -> float:
    """Largest difference between the golden output and what NumPy makes of the golden picture; whatever range the
    output has, on the scale of [-1, 1].

    About 0.0003 for a whole bundle (the output is kept as half floats). Takes a second for the small network.
    """
    manifest = read_manifest(folder)
    value = reference.preprocess(manifest.preprocessing, load_array(folder, manifest.golden.picture))
    made = reference.run(manifest, load_tensors(folder, manifest), value)
    low, high = manifest.output.range_
    return float(np.abs(made - load_array(folder, manifest.golden.output)).max()) * 2 / (high - low)

"""What Keras makes of a bundle's golden input, as float32: the bundle itself keeps half floats where they hold it.

``python -m kit.train.golden_floats FOLDER FILE`` writes [height, width, channels], little-endian. Compared with it, a mode
that rounds each value as Keras does agrees on every byte.
"""

from __future__ import annotations

import sys
from pathlib import Path

import keras
import numpy as np

from kit.models.loaded import load_array, load_network
from kit.models.manifest import read_manifest
from kit.train.rebuild import rebuild


def write_golden_floats(folder: Path, file: Path) -> None:
    """Raises BundleError for a bundle that cannot be read or that has no golden input."""
    given = load_array(folder, read_manifest(folder).golden.input).astype(np.float32)
    made = rebuild(load_network(folder))(given[None], training=False)
    np.asarray(keras.ops.convert_to_numpy(made), "<f4").tofile(file)


if __name__ == "__main__":
    write_golden_floats(Path(sys.argv[1]), Path(sys.argv[2]))

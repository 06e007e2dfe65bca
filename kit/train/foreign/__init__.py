"""Keras files and SavedModels of strangers, read in the child process of ``kit.models.incoming``: Keras by its JSON
configuration and plain arrays, of which nothing is run; a SavedModel only after each of its operators was found on a list,
and without what TensorFlow would run of it while loading, but for the restoring of its variables.
"""

from __future__ import annotations

from pathlib import Path

from kit.models.incoming.facts import Counted
from kit.models.network import Network
from kit.models.reading.archive import FileSet


def read(files: FileSet, name: str, size: tuple[int, int] | None, room: Path) -> tuple[Network, Counted]:
    """The network of a ``.keras``, ``.h5`` or ``saved_model.pb`` in ``files``. Raises BundleError."""
    if name.endswith("saved_model.pb"):
        from kit.train.foreign.saved_model import read_saved_model

        return read_saved_model(files, name, size, room)
    from kit.train.foreign.keras_files import read_keras

    return read_keras(files, name, size, room)

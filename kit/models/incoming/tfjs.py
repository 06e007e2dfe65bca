"""The child's reader of TensorFlow.js models."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kit.models.errors import BundleError
from kit.models.incoming.facts import Counted
from kit.models.incoming.said import said_by
from kit.models.network import Network
from kit.models.reading import read_tfjs
from kit.models.reading.archive import FileSet
from kit.models.reading.json_text import parse_object


def read(files: FileSet, name: str, size: tuple[int, int] | None, room: Path) -> tuple[Network, Counted]:
    """The network of a ``model.json``; the parameters are those that its own list of weights names."""
    network = read_tfjs(files, size)
    described = parse_object(files.read(name), name)
    free = takes_any_size(network, lambda other: read_tfjs(files, other))
    return network, Counted(
        _parameters(described) or _held(network), free, said=said_by(described.get("userDefinedMetadata"))
    )


def takes_any_size(network: Network, read: Callable[[tuple[int, int]], Network]) -> bool:
    """Whether the size of the input was left open: then it can be read with another one too."""
    other = 2 * network.input_shape[0], 2 * network.input_shape[1]  # what fits one size fits the double, too
    try:
        return read(other).input_shape[:2] == other
    except BundleError:
        return False


def _parameters(described: dict[str, Any]) -> int:
    groups = described.get("weightsManifest", [])
    listed = (
        [entry for group in groups for entry in group["weights"]]
        if "layers" in str(described.get("format"))
        else []
    )
    return sum(math.prod(entry["shape"]) for entry in listed)


def _held(network: Network) -> int:
    return sum(values.size for values in network.tensors.values())

"""A network as two files, for the way from the child to its parent: the graph as JSON, the weights as plain floats."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kit.models.errors import BundleError
from kit.models.incoming.facts import Counted, Said, Size
from kit.models.manifest import Node, Shape
from kit.models.network import Network

GRAPH, WEIGHTS = "network.json", "network.bin"
GRAPH_BYTES = 32_000_000
WEIGHT_BYTES = 2_000_000_000


class Written(BaseModel):
    """``network.json``. ``size``: the size that was asked for, where one was."""

    model_config = ConfigDict(extra="forbid", strict=True)

    kind: str
    size: Size | None
    parameters: int
    size_is_free: bool
    notes: tuple[str, ...]
    said: Said
    input: str
    input_shape: Shape
    output: str
    nodes: tuple[Node, ...]
    tensors: tuple[tuple[str, tuple[int, ...]], ...] = Field(max_length=20_000)


def write_network(
    room: Path, kind: str, network: Network, counted: Counted, size: Size | None = None
) -> None:
    """Write both files."""
    written = Written(
        kind=kind,
        size=size,
        parameters=counted.parameters,
        size_is_free=counted.size_is_free,
        notes=counted.notes,
        said=counted.said,
        input=network.input,
        input_shape=network.input_shape,
        output=network.output,
        nodes=network.nodes,
        tensors=tuple((name, values.shape) for name, values in network.tensors.items()),
    )
    with (room / WEIGHTS).open("wb") as file:
        for values in network.tensors.values():
            file.write(np.ascontiguousarray(values, "<f4").tobytes())
    (room / GRAPH).write_text(written.model_dump_json(by_alias=True), encoding="utf-8")


def has_network(room: Path, size: Size | None, *, besides: str) -> bool:
    """Whether the room holds a network that was read with this size before, and is of another kind than ``besides``."""
    if not ((room / GRAPH).is_file() and (room / WEIGHTS).is_file()):
        return False
    written = _graph(room / GRAPH)
    return written.size == size and written.kind != besides


def read_network(room: Path) -> tuple[str, Network, Counted]:
    """Kind, network and counts. Raises BundleError where the files are not what ``write_network`` makes."""
    written = _graph(room / GRAPH)
    tensors: dict[str, Any] = {}
    with _plain(room / WEIGHTS, WEIGHT_BYTES).open("rb") as file:
        for name, shape in written.tensors:
            if any(extent < 1 for extent in shape) or len(shape) > 4 or name in tensors:
                raise BundleError(f"what was read has a wrong tensor {name}; hand the model in again")
            data = file.read(4 * math.prod(shape))
            if len(data) != 4 * math.prod(shape):
                raise BundleError("what was read is cut short; hand the model in again")
            tensors[name] = np.frombuffer(data, "<f4").reshape(shape)
    network = Network(written.input, written.input_shape, written.output, written.nodes, tensors)
    return (
        written.kind,
        network,
        Counted(written.parameters, written.size_is_free, written.notes, written.said),
    )


def _graph(file: Path) -> Written:
    try:
        return Written.model_validate_json(_plain(file, GRAPH_BYTES).read_bytes())
    except (ValidationError, json.JSONDecodeError) as error:
        raise BundleError("what was read cannot be used; hand the model in again") from error


def _plain(file: Path, most: int) -> Path:
    """The file, if it is one and not too large: a child could have put a link there."""
    if file.is_symlink() or not file.is_file() or file.stat().st_size > most:
        raise BundleError("nothing usable was read; hand the model in again")
    return file

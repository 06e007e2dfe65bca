"""From a network in memory to a published bundle: the one way, for networks trained here and those brought along."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from kit.models.errors import BundleError
from kit.models.golden import draw_coloured_sketch, draw_sketch
from kit.models.graph import check_network, pruned
from kit.models.manifest import (
    Array,
    Credit,
    File,
    Golden,
    Grey,
    Manifest,
    Port,
    Precision,
    Preprocess,
    Shape,
    first_problem,
)
from kit.models.network import Floats, Network
from kit.models.preparing import prepared_shape
from kit.models.publish import write_bundle
from kit.models.reference import preprocess, run_network
from kit.models.storage import counted, stored

GOLDEN_SEED = 7
LARGEST_HALF = 60_000.0
Range = tuple[float, float]
Steps = tuple[Preprocess, ...]


@dataclass(frozen=True)
class Label:
    """What a bundle says about itself beside its numbers."""

    name: str
    version: str
    title: str
    description: str
    internal: bool = False
    training: dict[str, Any] | None = None
    quality: dict[str, Any] | None = None
    credits: tuple[Credit, ...] = ()
    extra_files: dict[str, bytes] = field(default_factory=dict)


def publish_network(
    network: Network,
    label: Label,
    root: Path,
    *,
    precision: Precision,
    preprocessing: Steps,
    output_range: Range,
    input_range: Range = (-1, 1),
    total_parameters: int | None = None,
    live_parameters: int | None = None,
    golden_output: Floats | None = None,
) -> Path:
    """Write a network as the bundle ``root/name/version`` and return that folder.

    Taps that never meet data are left out. ``total_parameters`` and ``live_parameters`` as the software counts that
    made the network; the network's own tensors where they are not given. ``golden_output``: what that software makes
    of ``golden_input(preprocessing)`` with the weights as stored; without it NumPy makes it here. Hand in a network
    from ``fusing.fused`` where speed matters. Raises BundleError, and nothing is left behind then.
    """
    network = pruned(network)
    _check(network, preprocessing)
    with _refusals(label):
        kept = stored(network, precision)
        golden, golden_files = _golden(kept.network, preprocessing, golden_output)
        shards = {f"weights-{index}.bin": data for index, data in enumerate(kept.shards)}
        draft = Manifest(
            schema_=1,
            name=label.name,
            version=label.version,
            title=label.title,
            description=label.description,
            internal=label.internal,
            input=_port(label, "input", network.input, network.input_shape, input_range),
            output=_port(label, "output", network.output, network.output_shape, output_range),
            preprocessing=preprocessing,
            graph=kept.network.nodes,
            tensors=kept.tensors,
            shards=tuple(shards),
            parameters=counted(network, total_parameters, live_parameters),
            precision=precision,
            training=label.training,
            quality=label.quality,
            credits=label.credits,
            golden=golden,
            files=(File(path="weights-0.bin", bytes=0, sha256="0" * 64),),
        )
    return write_bundle(root, draft, {**shards, **golden_files, **label.extra_files})


@contextmanager
def _refusals(label: Label, part: str = "") -> Iterator[None]:
    """A field that no manifest may have, said in the words of this package; ``part`` names what it stands in."""
    try:
        yield
    except ValidationError as error:
        raise BundleError(f"{label.name} {label.version}: {part}{first_problem(error)}") from error


def _port(label: Label, side: str, name: str, shape: Shape, ends: Range) -> Port:
    with _refusals(label, f"{side}."):
        return Port.model_validate({"name": name, "shape": shape, "range": ends})


def golden_picture(preprocessing: Steps) -> NDArray[np.uint8]:
    """The drawn picture of a golden triple, [256, 256, 3]; coloured where the network sees colours."""
    return _drawn(coloured=not any(isinstance(step, Grey) for step in preprocessing))


@lru_cache
def _drawn(coloured: bool) -> NDArray[np.uint8]:
    picture = draw_coloured_sketch(GOLDEN_SEED) if coloured else draw_sketch(GOLDEN_SEED)
    picture.setflags(write=False)
    return picture


def golden_input(preprocessing: Steps) -> Floats:
    """What the network sees of it."""
    return preprocess(preprocessing, golden_picture(preprocessing))


def _check(network: Network, preprocessing: Steps) -> None:
    check_network(network)
    if not network.tensors:
        raise BundleError("the network has no weights, so there is nothing to publish")
    given = prepared_shape(preprocessing, golden_picture(preprocessing).shape)
    if given != network.input_shape:
        raise BundleError(f"preprocessing gives {list(given)}, but the input is {list(network.input_shape)}")


def _golden(network: Network, preprocessing: Steps, output: Floats | None) -> tuple[Golden, dict[str, bytes]]:
    """Picture, input and output. The output is kept as half floats where they hold it: on [-1, 1] at most 0.0005 off,
    a 40th of the error that a runner is allowed.
    """
    value = golden_input(preprocessing)
    made = run_network(network, value) if output is None else output
    if made.shape != network.output_shape or not np.isfinite(made).all():
        raise BundleError(
            f"output: for the test picture the network gives values that are no finite numbers, or no "
            f"{list(network.output_shape)}; check the range of values that it expects"
        )
    half = float(np.abs(made).max()) < LARGEST_HALF
    arrays: dict[str, NDArray[Any]] = {
        "picture": golden_picture(preprocessing),
        "input": value.astype("<f4"),
        "output": made.astype("<f2" if half else "<f4"),
    }
    described = {
        part: Array.model_validate(
            {"path": f"golden/{part}.bin", "dtype": array.dtype.name, "shape": array.shape}
        )
        for part, array in arrays.items()
    }
    return Golden(**described), {
        described[part].path: np.ascontiguousarray(array).tobytes() for part, array in arrays.items()
    }

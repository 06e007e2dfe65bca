"""Does a manifest agree with itself? Graph, tensors, golden triple and preprocessing, without reading other files."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from itertools import pairwise

from kit.models.errors import BundleError
from kit.models.graph import KERNEL_AXES, check_graph, node_tensors
from kit.models.manifest import (
    ALIGNMENT,
    BYTES_PER_VALUE,
    Array,
    Convolution,
    Golden,
    Manifest,
    Tensor,
)
from kit.models.preparing import PICTURE_CHANNELS, prepared_shape
from kit.models.shapes import LARGEST_VALUES

MOST_VALUES = 2**28  # of all tensors: a gigabyte of floats
PICTURE = (256, 256, 3)
RESERVED = "local-model"


def check_manifest(manifest: Manifest) -> None:
    """Raise BundleError, one sentence that names the field, for the first thing that does not fit."""
    listed = _unique("files", [file.path for file in manifest.files])
    _unique("shards", list(manifest.shards))
    for path in [*manifest.shards, *(array.path for array in _arrays(manifest.golden))]:
        if path not in listed:
            raise BundleError(f"files: {path} is used but not listed")
    _check_names(manifest)
    tensors = {tensor.name: tensor for tensor in manifest.tensors}
    _unique("tensors", [tensor.name for tensor in manifest.tensors])
    _check_sizes(manifest.tensors)
    _check_graph(manifest, tensors)
    _check_tensors(manifest, tensors)
    _check_golden(manifest)
    _check_preprocessing(manifest)


def _unique(field: str, names: list[str]) -> set[str]:
    # Letter case must not be what tells two files apart: some file systems fold it.
    seen: set[str] = set()
    for name in names:
        if name.lower() in seen:
            raise BundleError(f"{field}: {name} occurs twice")
        seen.add(name.lower())
    return set(names)


def _check_names(manifest: Manifest) -> None:
    if manifest.name == RESERVED:
        raise BundleError(
            f"name: {RESERVED} is kept for models that testers try by themselves; choose another"
        )


def _check_graph(manifest: Manifest, tensors: dict[str, Tensor]) -> None:
    sizes = {name: tensor.shape for name, tensor in tensors.items()}
    shapes = check_graph(manifest.input.name, manifest.input.shape, manifest.graph, sizes)
    for node in manifest.graph:
        if isinstance(node, Convolution):
            axis, possible = tensors[node.kernel].channel_axis, KERNEL_AXES[node.op]
            if axis not in possible:
                wanted = " or ".join(map(str, possible))
                raise BundleError(f"tensors: {node.kernel}: channel_axis must be {wanted} for {node.op}")
    output = manifest.output
    if output.name not in shapes or output.name == manifest.input.name or shapes[output.name] != output.shape:
        raise BundleError(f"output: no node {output.name} gives {list(output.shape)}")
    if output.shape[2] not in PICTURE_CHANNELS:
        raise BundleError(f"output: a picture has 1, 3 or 4 channels, not {output.shape[2]}")


def _check_tensors(manifest: Manifest, tensors: dict[str, Tensor]) -> None:
    named = {name for node in manifest.graph for name in node_tensors(node).values()}
    scales = {tensor.scale for tensor in tensors.values()}
    for tensor in tensors.values():
        _check_scale(tensor, tensors)
        _check_taps(tensor)
        _check_parts(tensor, len(manifest.shards))
    for name in tensors:
        if name not in named | scales:
            raise BundleError(f"tensors: {name} is used by no node")
        if name in named & scales:
            raise BundleError(f"tensors: {name} is both a node's and the scale of another tensor")
    _check_overlaps(tensors)


def _check_sizes(tensors: Iterable[Tensor]) -> None:
    # Taps that are left out take no room in a shard, so a small file could ask for any amount of memory.
    sizes = {tensor.name: math.prod(tensor.shape) for tensor in tensors}
    for name, size in sizes.items():
        if size > LARGEST_VALUES:
            raise BundleError(f"tensors: {name} has more than {LARGEST_VALUES} values")
    if sum(sizes.values()) > MOST_VALUES:
        raise BundleError(f"tensors: they hold more than {MOST_VALUES} values together")


def _check_scale(tensor: Tensor, tensors: dict[str, Tensor]) -> None:
    if (tensor.dtype == "int8") != (tensor.scale is not None):
        raise BundleError(f"tensors: {tensor.name}: a scale belongs to int8 tensors, and to no other")
    if tensor.channel_axis >= len(tensor.shape):
        raise BundleError(f"tensors: {tensor.name}: channel_axis {tensor.channel_axis} is beyond its shape")
    if tensor.scale is None:
        return
    scale = tensors.get(tensor.scale)
    if scale is None or scale.dtype != "float32" or scale.shape != (tensor.shape[tensor.channel_axis],):
        raise BundleError(
            f"tensors: {tensor.name}: scale {tensor.scale} must be float32, one value per output channel"
        )


def _check_taps(tensor: Tensor) -> None:
    if tensor.taps is None:
        return
    if len(tensor.shape) != 4 or tensor.channel_axis < 2:
        raise BundleError(f"tensors: {tensor.name}: only a kernel can have taps")
    if len(set(tensor.taps)) != len(tensor.taps):
        raise BundleError(f"tensors: {tensor.name}: taps has one place twice")
    for ky, kx in tensor.taps:
        if ky >= tensor.shape[0] or kx >= tensor.shape[1]:
            raise BundleError(f"tensors: {tensor.name}: tap [{ky}, {kx}] is outside the kernel")


def _check_parts(tensor: Tensor, shards: int) -> None:
    for part in tensor.parts:
        if part.shard >= shards:
            raise BundleError(f"tensors: {tensor.name}: there is no shard {part.shard}")
        if part.offset % ALIGNMENT:
            raise BundleError(
                f"tensors: {tensor.name}: offset {part.offset} is not a multiple of {ALIGNMENT}"
            )
        if part.bytes % BYTES_PER_VALUE[tensor.dtype]:
            raise BundleError(f"tensors: {tensor.name}: a part of {part.bytes} bytes splits a value")
    held = sum(part.bytes for part in tensor.parts)
    if held != tensor.stored_bytes:
        raise BundleError(
            f"tensors: {tensor.name} needs {tensor.stored_bytes} bytes, but its parts hold {held}"
        )


def _check_overlaps(tensors: dict[str, Tensor]) -> None:
    spans = sorted((p.shard, p.offset, p.offset + p.bytes, t.name) for t in tensors.values() for p in t.parts)
    for (shard, _, end, name), (other, start, _, next_name) in pairwise(spans):
        if shard == other and start < end:
            raise BundleError(f"tensors: {name} and {next_name} overlap in shard {shard}")


def _arrays(golden: Golden) -> Iterator[Array]:
    yield from (golden.picture, golden.input, golden.output)


def _check_golden(manifest: Manifest) -> None:
    golden = manifest.golden
    sizes = {file.path: file.bytes for file in manifest.files}
    if golden.picture.dtype != "uint8" or golden.picture.shape != PICTURE:
        raise BundleError(f"golden.picture must be uint8 with the shape {list(PICTURE)}")
    for field, array, port in (
        ("input", golden.input, manifest.input),
        ("output", golden.output, manifest.output),
    ):
        if array.dtype not in {"float16", "float32"} or array.shape != port.shape:
            raise BundleError(f"golden.{field} must be floats with the shape {list(port.shape)}")
    for array in _arrays(golden):
        needed = math.prod(array.shape) * BYTES_PER_VALUE[array.dtype]
        if sizes[array.path] != needed:
            raise BundleError(f"golden: {array.path} must have {needed} bytes, not {sizes[array.path]}")


def _check_preprocessing(manifest: Manifest) -> None:
    given = prepared_shape(manifest.preprocessing, manifest.golden.picture.shape)
    if given != manifest.input.shape:
        raise BundleError(f"preprocessing gives {list(given)}, but the input is {list(manifest.input.shape)}")

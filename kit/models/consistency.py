"""Does a manifest agree with itself? Graph, tensors, golden triple and preprocessing, without reading other files."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise

from kit.models.arithmetic import output_size
from kit.models.errors import BundleError
from kit.models.manifest import (
    ALIGNMENT,
    BYTES_PER_VALUE,
    Array,
    Concat,
    Convolution,
    Golden,
    Manifest,
    Tensor,
)
from kit.models.preparing import prepared_shape


def check_manifest(manifest: Manifest) -> None:
    """Raise BundleError, one sentence that names the field, for the first thing that does not fit."""
    listed = _unique("files", [file.path for file in manifest.files])
    _unique("shards", list(manifest.shards))
    for path in [*manifest.shards, *(array.path for array in _arrays(manifest.golden))]:
        if path not in listed:
            raise BundleError(f"files: {path} is used but not listed")
    tensors = {tensor.name: tensor for tensor in manifest.tensors}
    _unique("tensors", [tensor.name for tensor in manifest.tensors])
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


def _check_graph(manifest: Manifest, tensors: dict[str, Tensor]) -> None:
    shapes = {manifest.input.name: manifest.input.shape}
    for node in manifest.graph:
        if node.name in shapes:
            raise BundleError(f"graph: the name {node.name} occurs twice")
        for name in node.inputs:
            if name not in shapes:
                raise BundleError(f"graph: {node.name} takes {name}, which no earlier node gives")
        inputs = [shapes[name] for name in node.inputs]
        given = _joined(node, inputs) if isinstance(node, Concat) else _convolved(node, inputs[0], tensors)
        if given != node.shape:
            raise BundleError(
                f"graph: {node.name} gives {list(given)}, but its shape says {list(node.shape)}"
            )
        shapes[node.name] = node.shape
    if shapes.get(manifest.output.name) != manifest.output.shape:
        raise BundleError(f"output: no node {manifest.output.name} gives {list(manifest.output.shape)}")


def _joined(node: Concat, inputs: list[tuple[int, int, int]]) -> tuple[int, int, int]:
    high, wide, _ = inputs[0]
    if any(shape[:2] != (high, wide) for shape in inputs):
        raise BundleError(f"graph: {node.name} joins inputs of different sizes")
    return high, wide, sum(shape[2] for shape in inputs)


def _convolved(
    node: Convolution, source: tuple[int, int, int], tensors: dict[str, Tensor]
) -> tuple[int, int, int]:
    kernel = _tensor(node, "kernel", node.kernel, tensors)
    if len(kernel.shape) != 4 or max(kernel.shape[:2]) > 64:
        raise BundleError(
            f"tensors: {kernel.name} is no kernel of [height, width, channels, channels] up to 64x64"
        )
    taken, made = (2, 3) if node.op == "conv2d" else (3, 2)
    if kernel.shape[taken] != source[2]:
        raise BundleError(
            f"graph: {node.name} gets {source[2]} channels, but {kernel.name} takes {kernel.shape[taken]}"
        )
    if kernel.channel_axis != made:
        raise BundleError(f"tensors: {kernel.name}: channel_axis must be {made} for {node.op}")
    if node.bias is not None and _tensor(node, "bias", node.bias, tensors).shape != (kernel.shape[made],):
        raise BundleError(f"tensors: {node.bias} must have the shape [{kernel.shape[made]}]")
    return (*output_size(node.op, source[:2], node.strides), kernel.shape[made])


def _tensor(node: Convolution, field: str, name: str, tensors: dict[str, Tensor]) -> Tensor:
    if name not in tensors:
        raise BundleError(f"graph: {node.name}: {field} {name} is not among the tensors")
    return tensors[name]


def _check_tensors(manifest: Manifest, tensors: dict[str, Tensor]) -> None:
    nodes = [node for node in manifest.graph if isinstance(node, Convolution)]
    used = {name for node in nodes for name in (node.kernel, node.bias)} | {t.scale for t in tensors.values()}
    for tensor in tensors.values():
        _check_scale(tensor, tensors)
        _check_taps(tensor)
        _check_parts(tensor, len(manifest.shards))
    for name in tensors:
        if name not in used:
            raise BundleError(f"tensors: {name} is used by no node")
    _check_overlaps(tensors)


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
    if golden.picture.dtype != "uint8" or len(golden.picture.shape) != 3 or golden.picture.shape[2] != 3:
        raise BundleError("golden.picture must be uint8 with the shape [height, width, 3]")
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

"""Is this folder a bundle that can be trusted? Each way to be wrong has one sentence."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np

from kit.models.consistency import check_manifest
from kit.models.errors import BundleError
from kit.models.manifest import MANIFEST, SHARD_BYTES, File, Manifest, Tensor, read_manifest

CHUNK = 1 << 20


def verify_bundle(folder: Path) -> Manifest:
    """Check a bundle's folder whole and return its manifest.

    Raises BundleError, one sentence that names the file or the field: files missing, unlisted, altered or outside the
    folder; a graph that does not connect; tensors that overlap, are misaligned, or do not fit their nodes.
    """
    manifest = read_manifest(folder)
    check_manifest(manifest)
    _check_folder(folder, manifest)
    for file in manifest.files:
        _check_file(folder, file)
    _check_shards(folder, manifest)
    return manifest


def _check_folder(folder: Path, manifest: Manifest) -> None:
    listed = {file.path for file in manifest.files} | {MANIFEST}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            raise BundleError(f"{name} is a symbolic link; a bundle holds plain files only")
        if path.is_file() and name not in listed:
            raise BundleError(f"{name} is in the folder but not listed in files")


def _check_file(folder: Path, file: File) -> None:
    path = folder / file.path
    if not path.is_file():
        raise BundleError(f"{file.path} is listed in files but missing")
    size = path.stat().st_size
    if size != file.bytes:
        raise BundleError(f"{file.path} has {size} bytes; the manifest says {file.bytes}")
    if sha256_of(path) != file.sha256:
        raise BundleError(
            f"{file.path} is not what the manifest describes (its sha256 differs); fetch or convert it again"
        )


def _check_shards(folder: Path, manifest: Manifest) -> None:
    """Shards within their limit, tensors within their shards, floats that are numbers."""
    for index, name in enumerate(manifest.shards):
        data = (folder / name).read_bytes()
        if len(data) > SHARD_BYTES:
            raise BundleError(f"{name} has {len(data)} bytes; a shard has at most {SHARD_BYTES}")
        for tensor in manifest.tensors:
            for part in tensor.parts:
                if part.shard == index:
                    _check_part(name, tensor, data[part.offset : part.offset + part.bytes], part.bytes)


def _check_part(shard: str, tensor: Tensor, data: bytes, expected: int) -> None:
    if len(data) != expected:
        raise BundleError(f"tensors: {tensor.name} reaches beyond the end of {shard}")
    if tensor.dtype != "int8":
        values = np.frombuffer(data, "<f2" if tensor.dtype == "float16" else "<f4")
        if not np.isfinite(values).all():
            raise BundleError(f"tensors: {tensor.name} in {shard} holds values that are no finite numbers")


def sha256_of(path: Path) -> str:
    """Hex sha256 of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()

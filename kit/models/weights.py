"""Weights on disk: 8 bit with a scale per output channel, half or single floats, in shards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kit.models.errors import BundleError
from kit.models.manifest import ALIGNMENT, SHARD_BYTES, Precision, Span, Tensor

Floats = NDArray[np.float32]
STORED: dict[Precision, np.dtype[np.generic]] = {
    "int8": np.dtype("i1"),
    "float16": np.dtype("<f2"),
    "float32": np.dtype("<f4"),
}


@dataclass(frozen=True)
class Kernel:
    """A kernel to be stored: [kh, kw, a, b], the axis of its output channels, and the taps that are kept."""

    values: Floats
    channel_axis: int
    taps: list[tuple[int, int]] | None = None

    def kept(self) -> Floats:
        """The values without those of the taps that never meet data."""
        if self.taps is None:
            return self.values
        return np.stack([self.values[ky, kx] for ky, kx in self.taps])


def quantised(kernel: Kernel) -> tuple[NDArray[np.int8], Floats]:
    """Round to 8 bit: (values as stored, scale per output channel); value = stored * scale[channel]."""
    kept = kernel.kept()
    axis = kept.ndim - 4 + kernel.channel_axis  # with taps left out, [kh, kw] has become one axis
    others = tuple(a for a in range(kept.ndim) if a != axis)
    largest = np.abs(kept).max(axis=others)
    scale = np.where(largest > 0, largest / 127, 1).astype(np.float32)
    shape = [1] * kept.ndim
    shape[axis] = -1
    return np.clip(np.rint(kept / scale.reshape(shape)), -127, 127).astype(np.int8), scale


@dataclass
class ShardWriter:
    """Packs arrays into shards of at most ``limit`` bytes; an array that does not fit goes on in the next one."""

    limit: int = SHARD_BYTES
    shards: list[bytearray] = field(default_factory=lambda: [bytearray()])

    def add(self, data: bytes) -> tuple[Span, ...]:
        """Append bytes, aligned, and say where they lie."""
        parts: list[Span] = []
        view = memoryview(data)
        while view:
            self._align()
            shard = self.shards[-1]
            taken = view[: self.limit - len(shard)]
            parts.append(Span(shard=len(self.shards) - 1, offset=len(shard), bytes=len(taken)))
            shard.extend(taken)
            view = view[len(taken) :]
        return tuple(parts)

    def _align(self) -> None:
        shard = self.shards[-1]
        shard.extend(bytes(-len(shard) % ALIGNMENT))
        if len(shard) >= self.limit:
            self.shards.append(bytearray())


def encode(
    kernels: dict[str, Kernel], biases: dict[str, Floats], precision: Precision
) -> tuple[list[Tensor], list[bytes]]:
    """Store kernels in ``precision`` and biases as float32. Returns the manifest's tensors and the shards."""
    writer, tensors = ShardWriter(), []
    for name, kernel in kernels.items():
        stored: NDArray[np.generic]
        if precision == "int8":
            stored, scale = quantised(kernel)
            tensors.append(_plain(writer, f"{name}:scale", scale))
        else:
            stored = kernel.kept().astype(STORED[precision])
        tensors.append(
            Tensor(
                name=name,
                shape=kernel.values.shape,
                dtype=precision,
                scale=f"{name}:scale" if precision == "int8" else None,
                channel_axis=kernel.channel_axis,
                taps=None if kernel.taps is None else tuple(kernel.taps),
                parts=writer.add(np.ascontiguousarray(stored).tobytes()),
            )
        )
    tensors += [_plain(writer, name, values) for name, values in biases.items()]
    return tensors, [bytes(shard) for shard in writer.shards]


def _plain(writer: ShardWriter, name: str, values: Floats) -> Tensor:
    data = np.ascontiguousarray(values, STORED["float32"]).tobytes()
    return Tensor(name=name, shape=values.shape, dtype="float32", channel_axis=0, parts=writer.add(data))


def decode(tensors: tuple[Tensor, ...] | list[Tensor], shard: Callable[[int], bytes]) -> dict[str, Floats]:
    """Read all tensors as float32, with zeros where taps were left out; scales are applied, not returned."""
    stored = {tensor.name: _stored(tensor, shard) for tensor in tensors}
    scales = {tensor.scale for tensor in tensors if tensor.scale}
    return {t.name: _expanded(t, _scaled(t, stored)) for t in tensors if t.name not in scales}


def _stored(tensor: Tensor, shard: Callable[[int], bytes]) -> NDArray[np.generic]:
    data = b"".join(shard(part.shard)[part.offset : part.offset + part.bytes] for part in tensor.parts)
    if len(data) != tensor.stored_bytes:
        raise BundleError(
            f"tensor {tensor.name} needs {tensor.stored_bytes} bytes, but its parts hold {len(data)}"
        )
    return np.frombuffer(data, STORED[tensor.dtype]).reshape(tensor.stored_shape)


def _scaled(tensor: Tensor, stored: dict[str, NDArray[np.generic]]) -> Floats:
    values = stored[tensor.name].astype(np.float32)
    if tensor.scale is None:
        return values
    shape = [1] * values.ndim
    shape[values.ndim - len(tensor.shape) + tensor.channel_axis] = -1
    return values * stored[tensor.scale].astype(np.float32).reshape(shape)


def _expanded(tensor: Tensor, values: Floats) -> Floats:
    if tensor.taps is None:
        return values
    whole = np.zeros(tensor.shape, np.float32)
    for index, (ky, kx) in enumerate(tensor.taps):
        whole[ky, kx] = values[index]
    return whole

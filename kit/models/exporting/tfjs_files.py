"""``model.json`` and its weight files, as TensorFlow.js' loaders expect them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kit.models.exporting.notes import GENERATOR, Notes

SHARD_BYTES = 4_000_000  # the size that the bundles' own shards have


@dataclass(frozen=True)
class Weight:
    """A named array, float32 or int32."""

    name: str
    value: NDArray[np.generic]

    @property
    def entry(self) -> dict[str, Any]:
        """What ``weightsManifest`` says about it."""
        return {"name": self.name, "shape": list(self.value.shape), "dtype": self.value.dtype.name}

    @property
    def bytes(self) -> bytes:
        """Little-endian, in C order."""
        return np.ascontiguousarray(self.value, self.value.dtype.newbyteorder("<")).tobytes()


def write_model(folder: Path, model: dict[str, Any], weights: Sequence[Weight], notes: Notes) -> None:
    """Write ``model.json`` with ``model``'s entries, the weights in shards of 4 MB, and the network's texts."""
    folder.mkdir()
    entry = {"paths": _write_shards(folder, weights), "weights": [weight.entry for weight in weights]}
    whole = {
        **model,
        "generatedBy": GENERATOR,
        "convertedBy": None,
        "userDefinedMetadata": dict(notes.facts),
        "weightsManifest": [entry],
    }
    (folder / "model.json").write_text(json.dumps(whole, ensure_ascii=False), encoding="utf-8")
    for name, text in notes.texts.items():
        (folder / name).write_text(text, encoding="utf-8")


def _write_shards(folder: Path, weights: Sequence[Weight]) -> list[str]:
    count = max(1, -(-sum(weight.value.nbytes for weight in weights) // SHARD_BYTES))
    names = [f"group1-shard{number}of{count}.bin" for number in range(1, count + 1)]
    (folder / names[0]).touch()
    for name, data in zip(names, _cut(weight.bytes for weight in weights), strict=False):
        (folder / name).write_bytes(data)
    return names


def _cut(pieces: Iterable[bytes]) -> Iterable[bytes]:
    held = bytearray()
    for piece in pieces:
        held += piece
        while len(held) >= SHARD_BYTES:
            yield bytes(held[:SHARD_BYTES])
            del held[:SHARD_BYTES]
    if held:
        yield bytes(held)

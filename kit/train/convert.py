"""From a Keras generator to a published bundle."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from kit.models.golden import draw_sketch
from kit.models.manifest import (
    Area,
    Array,
    Bicubic,
    Credit,
    File,
    Golden,
    Grey,
    Manifest,
    Port,
    Preprocess,
    Scale,
    Tensor,
)
from kit.models.publish import write_bundle
from kit.models.reference import preprocess
from kit.models.weights import Precision, decode, encode
from kit.train.fold import Folded, fold
from kit.train.loop import paint
from kit.train.rebuild import rebuild

Floats = NDArray[np.float32]
SIDE = 256
GOLDEN_SEED = 7

PREPROCESSING: tuple[Preprocess, ...] = (
    Grey(op="grey", weights=(0.299, 0.587, 0.114)),
    Area(op="area", size=(10, 10)),
    Bicubic(op="bicubic", size=(SIDE, SIDE), a=-0.5),
    Scale(op="scale", from_=(0, 255), to=(-1, 1)),
)


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


@dataclass(frozen=True)
class Stored:
    """A folded network as it will lie on disk, and the Keras model of exactly that."""

    folded: Folded
    precision: Precision
    tensors: tuple[Tensor, ...]
    shards: tuple[bytes, ...]
    model: keras.Model


def store(model: keras.Model, precision: Precision) -> Stored:
    """Fold and round a network, and rebuild what was stored."""
    folded = fold(model)
    tensors, shards = encode(folded.kernels, folded.biases, precision)
    again = rebuild(folded.graph, (SIDE, SIDE, 1), folded.graph[-1].name, decode(tensors, shards.__getitem__))
    return Stored(folded, precision, tuple(tensors), tuple(shards), again)


def publish(stored: Stored, label: Label, root: Path) -> Path:
    """Write the bundle to ``root/name/version``; its golden triple is made here, by Keras, with what was stored."""
    shards = {f"weights-{index}.bin": data for index, data in enumerate(stored.shards)}
    golden, golden_files = make_golden(stored.model)
    draft = Manifest(
        schema_=1,
        name=label.name,
        version=label.version,
        title=label.title,
        description=label.description,
        internal=label.internal,
        input=Port(name="input", shape=(SIDE, SIDE, 1), range_=(-1, 1)),
        output=Port(name=stored.folded.graph[-1].name, shape=stored.folded.graph[-1].shape, range_=(-1, 1)),
        preprocessing=PREPROCESSING,
        graph=stored.folded.graph,
        tensors=stored.tensors,
        shards=tuple(shards),
        parameters=stored.folded.parameters,
        precision=stored.precision,
        training=label.training,
        quality=label.quality,
        credits=label.credits,
        golden=golden,
        files=(File(path="weights-0.bin", bytes=0, sha256="0" * 64),),
    )
    return write_bundle(root, draft, {**shards, **golden_files, **label.extra_files})


def make_golden(model: keras.Model) -> tuple[Golden, dict[str, bytes]]:
    """Picture (drawn), input and output. The output is kept as half floats: at most 0.0005 off, a 40th of the
    error that a runner is allowed.
    """
    picture = draw_sketch(GOLDEN_SEED)
    value = keras_preprocess(picture)
    made = paint(model, value[None])[0]
    arrays = {"picture": picture, "input": value.astype("<f4"), "output": made.astype("<f2")}
    golden = Golden(
        **{
            part: Array(path=f"golden/{part}.bin", dtype=array.dtype.name, shape=array.shape)
            for part, array in arrays.items()
        }
    )
    return golden, {
        f"golden/{part}.bin": np.ascontiguousarray(array).tobytes() for part, array in arrays.items()
    }


def keras_preprocess(picture: NDArray[np.uint8]) -> Floats:
    """The network's input for a picture. On TensorFlow by its own resizing, which is the reference; else by ours."""
    if keras.backend.backend() != "tensorflow":
        return preprocess(PREPROCESSING, picture)
    import tensorflow as tf

    grey = np.asarray(picture, np.float32) @ np.array([0.299, 0.587, 0.114], np.float32)
    coarse = tf.image.resize(grey[..., None], (10, 10), method="area")
    made = tf.image.resize(coarse, (SIDE, SIDE), method="bicubic", antialias=False)
    return np.asarray(made.numpy() / 127.5 - 1, np.float32)

"""Small models to be handed in: TensorFlow.js written by hand, and a bundle of the kit."""

import io
import json
import zipfile
from typing import Any

import numpy as np

from kit.models.catalog import BUNDLED

Files = dict[str, bytes]


def layers_model(size: int | None = 32, activation: str = "tanh", seed: int = 1) -> Files:
    """``model.json`` and its weights: one 3x3 convolution from colour to colour, some 500 bytes."""
    rng = np.random.default_rng(seed)
    kernel = rng.normal(0, 0.3, (3, 3, 3, 3)).astype("<f4")
    layer: dict[str, Any] = {
        "name": "paint",
        "filters": 3,
        "kernel_size": [3, 3],
        "strides": [1, 1],
        "padding": "same",
        "activation": activation,
        "use_bias": True,
    }
    layers = [
        {"class_name": "InputLayer", "config": {"name": "in", "batch_input_shape": [None, size, size, 3]}},
        {"class_name": "Conv2D", "config": layer},
    ]
    weights = [
        {"name": "paint/kernel", "shape": [3, 3, 3, 3], "dtype": "float32"},
        {"name": "paint/bias", "shape": [3], "dtype": "float32"},
    ]
    config = {"class_name": "Sequential", "config": {"name": "painter", "layers": layers}}
    model = {
        "format": "layers-model",
        "modelTopology": {"keras_version": "2.15.0", "backend": "tensorflow", "model_config": config},
        "weightsManifest": [{"paths": ["group1-shard1of1.bin"], "weights": weights}],
    }
    return {
        "model.json": json.dumps(model).encode(),
        "group1-shard1of1.bin": kernel.tobytes() + np.zeros(3, "<f4").tobytes(),
    }


def bundle(**changes: Any) -> Files:
    """The files of a small bundle of the kit, called blocks 2.0.0; ``changes`` of its manifest, "__" leading inwards."""
    folder = BUNDLED / "test-blocks" / "1.0.0"
    paths = [path for path in folder.rglob("*") if path.is_file()]
    files = {f"blocks/{path.relative_to(folder).as_posix()}": path.read_bytes() for path in paths}
    manifest = json.loads(files["blocks/manifest.json"])
    for where, value in ({"name": "blocks", "version": "2.0.0", "internal": False} | changes).items():
        *outer, last = where.split("__")
        part = manifest
        for step in outer:
            part = part[step]
        part[last] = value
    return files | {"blocks/manifest.json": json.dumps(manifest).encode()}


def zipped(files: Files) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()

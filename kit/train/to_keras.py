"""A network as a Keras file: ``.keras``, or the older ``.h5`` that more software reads."""

from __future__ import annotations

import json
import logging
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np

from kit.models.exporting.notes import Notes
from kit.models.exporting.tfjs_layers import layers_model
from kit.models.network import Network
from kit.train.rebuild import rebuild

NOTE = "fieldkit.json"
GROUP = "fieldkit"


def write_keras(network: Network, file: Path, notes: Notes) -> None:
    """Write a ``.keras`` file. What is known of the network is in it as ``fieldkit.json``, which Keras passes over."""
    made = rebuild(network)
    name = re.sub(r"[^A-Za-z0-9_.-]", "_", notes.name)
    _save(keras.Model(made.input, made.output, name=name), file, ".keras")
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(NOTE, json.dumps(dict(notes.facts), ensure_ascii=False, indent=1))
        for text_name, text in notes.texts.items():
            archive.writestr(text_name, text)


def write_h5(network: Network, file: Path, notes: Notes) -> None:
    """Write an ``.h5`` file. What is known of the network is in it as a group ``fieldkit``, which Keras passes over.

    It consists of layers alone, which is all that these files can hold, and the same ones as a TensorFlow.js layers
    model. Raises BundleError, naming the node, where no layer can stand for an operator.
    """
    config, weights = layers_model(network, notes.name)
    model = keras.Model.from_config(_of_today(config))
    by_layer = groupby(weights, key=lambda weight: weight.name.partition("/")[0])
    for layer, parts in by_layer:
        model.get_layer(layer).set_weights([part.value for part in parts])
    _save(model, file, ".h5")
    with h5py.File(file, "a") as opened:
        group = opened.create_group(GROUP)
        for name, text in notes.as_texts().items():
            group.create_dataset(name, data=np.bytes_(text.encode()))


def _of_today(config: dict[str, Any]) -> dict[str, Any]:
    """The configuration as Keras 3 wants it: one value in and out, and no older name for the slope of a LeakyReLU."""
    ends = {end: config[end][0] for end in ("input_layers", "output_layers")}
    return config | ends | {"layers": [_layer_of_today(layer) for layer in config["layers"]]}


def _layer_of_today(layer: dict[str, Any]) -> dict[str, Any]:
    if layer["class_name"] != "LeakyReLU":
        return layer
    said = dict(layer["config"])
    return layer | {"config": {"negative_slope": said.pop("alpha"), **said}}


def _save(model: keras.Model, file: Path, ending: str) -> None:
    # Keras tells the formats apart by the name's ending, and the caller's name may have another.
    kept = file.with_name(f"{file.name}{ending}")
    with _quiet():
        model.save(kept)
    kept.replace(file)


@contextmanager
def _quiet() -> Iterator[None]:
    """Without Keras' advice to write ``.keras`` instead: whoever asked for ``.h5`` has a reason."""
    logger = logging.getLogger("absl")
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(before)

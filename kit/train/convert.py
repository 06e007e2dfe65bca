"""From a Keras generator to a published bundle."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import keras

from kit.models.assemble import Label, golden_input, publish_network
from kit.models.manifest import Area, Bicubic, Grey, Precision, Preprocess, Scale
from kit.models.network import Network
from kit.models.preparing import REC_601
from kit.models.storage import kernels_of, stored
from kit.train.fold import fold, own_biases
from kit.train.loop import paint
from kit.train.rebuild import rebuild

SIDE = 256

PREPROCESSING: tuple[Preprocess, ...] = (
    Grey(op="grey", weights=REC_601),
    Area(op="area", size=(10, 10)),
    Bicubic(op="bicubic", size=(SIDE, SIDE), a=-0.5),
    Scale(op="scale", from_=(0, 255), to=(-1, 1)),
)


@dataclass(frozen=True)
class Stored:
    """A folded network, how it will be stored, what Keras counts in it, and the Keras model of what is stored."""

    network: Network
    precision: Precision
    total_parameters: int
    live_parameters: int
    model: keras.Model


def store(model: keras.Model, precision: Precision) -> Stored:
    """Fold and round a network, and rebuild what will be read from the bundle."""
    network = fold(model)
    kept = sum(kernel.kept().size for kernel in kernels_of(network).values())
    again = rebuild(stored(network, precision).network)
    return Stored(network, precision, model.count_params(), kept + own_biases(model), again)


def publish(stored: Stored, label: Label, root: Path) -> Path:
    """Write the bundle to ``root/name/version``; its golden output is made by Keras, with the weights as stored."""
    return publish_network(
        stored.network,
        label,
        root,
        precision=stored.precision,
        preprocessing=PREPROCESSING,
        output_range=(-1, 1),
        total_parameters=stored.total_parameters,
        live_parameters=stored.live_parameters,
        golden_output=paint(stored.model, golden_input(PREPROCESSING)[None])[0],
    )

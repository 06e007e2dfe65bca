"""``test-blocks``: the same structure with one to four filters and random weights, for fast tests."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np

from kit.models.assemble import Label
from kit.models.golden import draw_sketch
from kit.train.convert import publish, store
from kit.train.data import blurred_grey, scaled
from kit.train.generator import build_generator
from kit.train.norm import measure_norm

WIDEST = 4


def publish_blocks(root: Path, version: str = "1.0.0", seed: int = 5) -> Path:
    """Make and publish it. Weights are random; norms are measured, so values neither vanish nor saturate."""
    label = Label(
        name="test-blocks",
        version=version,
        title="Test blocks",
        description="Random weights in the structure of the real networks, for tests only.",
        internal=True,
    )
    return publish(store(random_network(seed), "int8"), label, root)


def random_network(seed: int) -> keras.Model:
    """The generator with at most four filters, random weights and measured norms."""
    keras.utils.set_random_seed(seed)
    model = build_generator(1, widest=WIDEST)
    rng = np.random.default_rng(seed)
    for weight in model.trainable_variables:
        spread = {"gamma": (1.0, 0.2), "beta": (0.0, 0.3)}.get(weight.name, (0.0, 0.35))
        weight.assign(rng.normal(*spread, size=weight.shape).astype(np.float32))
    sketches = scaled(np.stack([draw_sketch(number) for number in range(100, 116)]))
    measure_norm(model, blurred_grey(sketches))
    return model

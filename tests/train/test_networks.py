"""The networks are exactly those of the design: counts, folding, dead taps, storage."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

keras = pytest.importorskip("keras", reason="the train extra is not installed")

from kit.models import reference  # noqa: E402
from kit.models.assemble import Label  # noqa: E402
from kit.models.catalog import BUNDLED  # noqa: E402
from kit.models.loaded import golden_error  # noqa: E402
from kit.models.manifest import read_manifest  # noqa: E402
from kit.models.storage import counted, stored  # noqa: E402
from kit.models.verify import verify_bundle  # noqa: E402
from kit.train.blocks import random_network  # noqa: E402
from kit.train.convert import PREPROCESSING, publish, store  # noqa: E402
from kit.train.discriminator import build_discriminator  # noqa: E402
from kit.train.fold import FoldError, fold  # noqa: E402
from kit.train.generator import build_generator  # noqa: E402
from kit.train.quality import decibels, mse_each, ssim_each  # noqa: E402

pytestmark = pytest.mark.train


@pytest.mark.parametrize(
    ("filters", "total", "live", "work", "live_work"),
    [
        (64, 54_423_811, 48.1, 6_015, 5_667),
        (8, 16_786_211, 10.48, 174, 145),
        (4, 6_297_491, 3.15, 49, 40),
    ],
)
def test_counts(filters: int, total: int, live: float, work: int, live_work: int) -> None:
    model = build_generator(filters)
    kept = store(model, "int8")
    counts = counted(kept.network, kept.total_parameters, kept.live_parameters)
    assert model.count_params() == counts.total == total
    assert counts.live / 1e6 == pytest.approx(live, abs=0.06 if filters == 64 else 0.006)
    assert (round(counts.multiply_adds / 1e6), round(counts.multiply_adds_live / 1e6)) == (work, live_work)


def test_the_discriminator_judges_thirty_by_thirty_patches() -> None:
    assert build_discriminator(2).output.shape == (None, 30, 30, 1)


@pytest.fixture(scope="module")
def network() -> keras.Model:
    return random_network(seed=3)


@pytest.fixture(scope="module")
def inputs() -> np.ndarray:
    return np.random.default_rng(1).normal(0, 0.4, (2, 256, 256, 1)).astype(np.float32)


def test_folding_is_exact(network: keras.Model, inputs: np.ndarray) -> None:
    folded = store(network, "float32").model
    assert np.abs(folded(inputs) - network(inputs, training=False)).max() < 1e-4


def test_numpy_and_keras_agree(network: keras.Model, inputs: np.ndarray) -> None:
    kept = store(network, "int8")
    made = reference.run_network(stored(kept.network, "int8").network, inputs[0])
    assert np.abs(made - np.asarray(kept.model(inputs[:1]))[0]).max() < 1e-4


def test_what_is_published_is_what_keras_paints(network: keras.Model, tmp_path: Path) -> None:
    folder = publish(store(network, "int8"), Label("tried", "1.0.0", "Tried", ""), tmp_path)
    shipped = read_manifest(BUNDLED / "test-blocks" / "1.0.0")
    manifest = verify_bundle(folder)
    assert manifest.parameters == shipped.parameters
    assert [node.model_dump() for node in manifest.graph] == [node.model_dump() for node in shipped.graph]
    assert golden_error(folder) < 1e-3


def test_dead_taps_change_no_output(network: keras.Model, inputs: np.ndarray) -> None:
    before = np.asarray(network(inputs, training=False))
    rng = np.random.default_rng(0)
    for name in ("down8", "up1"):
        kernel = network.get_layer(name).kernel
        values = np.asarray(kernel).copy()
        alive = values[1:3, 1:3].copy()
        values[:] = rng.normal(size=values.shape)
        values[1:3, 1:3] = alive
        kernel.assign(values)
    assert (np.asarray(network(inputs, training=False)) == before).all()


def test_eight_bits_cost_little(network: keras.Model, inputs: np.ndarray) -> None:
    exact, rounded = np.asarray(network(inputs)), np.asarray(store(network, "int8").model(inputs))
    assert 30 < decibels(mse_each(rounded, exact).mean()) < 100
    assert 0.9 < ssim_each(rounded, exact).mean() < 1


def test_preprocessing_agrees_with_tensorflow_to_one_level() -> None:
    tf = pytest.importorskip("tensorflow", reason="TensorFlow's resizing is the reference")
    picture = np.random.default_rng(2).integers(0, 256, (256, 256, 3), dtype=np.uint8)
    picture[:, :100] = 255
    grey = picture.astype(np.float32) @ np.array([0.299, 0.587, 0.114], np.float32)
    coarse = tf.image.resize(grey[..., None], (10, 10), method="area")
    made = tf.image.resize(coarse, (256, 256), method="bicubic", antialias=False).numpy() / 127.5 - 1
    assert np.abs(made - reference.preprocess(PREPROCESSING, picture)).max() < 1 / 255


def test_a_layer_that_cannot_be_stored_is_named() -> None:
    start = keras.Input((8, 8, 1))
    model = keras.Model(start, keras.layers.MaxPooling2D(name="pool")(start))
    with pytest.raises(FoldError, match="pool"):
        fold(model)

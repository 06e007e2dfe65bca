"""Keras files read without Keras, in a child, and compared with what Keras paints."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kit.models.errors import BundleError
from kit.models.incoming import Choices, examine, read_network
from kit.models.reference import run_network

keras = pytest.importorskip("keras")
layers = keras.layers
pytestmark = pytest.mark.train


def painter(size: int | None = 32) -> Any:
    """A small network of everything that pix2pix has, with a nested model."""
    keras.utils.set_random_seed(4)
    inner = keras.Sequential(
        [keras.Input((None, None, 4)), layers.Conv2D(4, 3, padding="same", name="deep")], name="inner"
    )
    picture = keras.Input((size, size, 3))
    down = layers.LeakyReLU(negative_slope=0.2)(
        layers.BatchNormalization()(layers.Conv2D(4, 3, padding="same")(picture))
    )
    small = layers.Dropout(0.5)(layers.Conv2D(8, 4, strides=2, padding="same", activation="relu")(down))
    up = layers.ReLU()(
        layers.BatchNormalization()(layers.Conv2DTranspose(4, 4, strides=2, padding="same")(small))
    )
    joined = layers.Concatenate()([inner(up), down])
    model = keras.Model(picture, layers.Conv2D(3, 3, padding="same", activation="tanh")(joined))
    for norm in (layer for layer in model.layers if isinstance(layer, layers.BatchNormalization)):
        norm.set_weights(
            [np.linspace(0.5, 1.5, value.size, dtype=np.float32) for value in norm.get_weights()]
        )
    return model


@pytest.fixture(scope="module")
def model() -> Any:
    return painter()


@pytest.fixture(scope="module")
def saved(model: Any, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    folder = tmp_path_factory.mktemp("saved")
    for ending in ("keras", "h5"):
        model.save(folder / f"painter.{ending}")
    return lambda ending: folder / f"painter.{ending}"


@pytest.mark.parametrize("ending", ["keras", "h5"])
def test_it_paints_as_keras_does(model: Any, saved: Callable[[str], Path], ending: str) -> None:
    network, kind = read_network(saved(ending))
    value = np.random.default_rng(0).uniform(-1, 1, (32, 32, 3)).astype(np.float32)
    expected = model.predict(value[None], verbose=0)[0]
    assert kind == ending
    assert np.abs(run_network(network, value) - expected).max() < 1e-5


def test_parameters_are_counted_as_keras_counts(
    model: Any, saved: Callable[[str], Path], tmp_path: Path
) -> None:
    facts = examine(saved("keras"), Choices(input_range=(-1, 1)), tmp_path)
    assert facts.parameters == model.count_params()
    assert facts.known_output_range == (-1, 1)
    assert not facts.size_is_free


def test_a_network_that_takes_any_size_is_told_its_size(tmp_path: Path) -> None:
    painter(None).save(tmp_path / "free.keras")
    room = tmp_path / "room"
    room.mkdir()
    facts = examine(tmp_path / "free.keras", Choices(size=(24, 40), input_range=(0, 1)), room)
    assert (facts.input_shape, facts.size_is_free) == ((24, 40, 3), True)


def repacked(source: Path, target: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """A copy of a .keras file with other members."""
    with zipfile.ZipFile(source) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return target


def test_code_in_a_configuration_is_refused(saved: Callable[[str], Path], tmp_path: Path) -> None:
    marker = tmp_path / "ran"

    def inject(members: dict[str, bytes]) -> None:
        config = json.loads(members["config.json"])
        code = {"class_name": "__lambda__", "config": {"code": f"open({str(marker)!r}, 'w')"}}
        config["config"]["layers"][1] |= {"class_name": "Lambda", "config": {"name": "x", "function": code}}
        members["config.json"] = json.dumps(config).encode()

    with pytest.raises(BundleError, match="Lambda"):
        read_network(repacked(saved("keras"), tmp_path / "evil.keras", inject))
    assert not marker.exists()


def test_missing_weights_are_named(saved: Callable[[str], Path], tmp_path: Path) -> None:
    file = repacked(
        saved("keras"), tmp_path / "cut.keras", lambda members: members.pop("model.weights.h5") and None
    )
    with pytest.raises(BundleError, match=r"model\.weights\.h5 is missing"):
        read_network(file)

"""Trainings, finished or under way, as something to be measured."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("keras", reason="the train extra is not installed")

from kit.models.catalog import BUNDLED, bundle_info
from kit.models.loaded import load_network
from kit.train.checkpoint import restore
from kit.train.data import DataError, load_photographs, middle
from kit.train.evaluation import SEED, bundle_subject, evaluate_all, training_subject
from kit.train.examining import hold_out
from kit.train.loop import make_parts
from kit.train.painting import bundle_painter, generator_painter
from kit.train.shipping import choose_storage
from kit.train.trained import load_trained

pytestmark = pytest.mark.train
BLOCKS = BUNDLED / "test-blocks" / "1.0.0"


def test_a_training_is_measured_in_every_storage(trained_folder: Path, pictures: Path) -> None:
    rows = evaluate_all([training_subject(trained_folder)], pictures)["datasets"][0]["models"]
    assert [(row["stored_as"], row["steps"]) for row in rows] == [("float32", 4), ("float16", 4), ("int8", 4)]
    assert rows[0]["bytes"] > rows[1]["bytes"] > rows[2]["bytes"] > 0
    assert rows[1]["psnr_db_vs_fp32"] > rows[2]["psnr_db_vs_fp32"] > 20
    assert "psnr_db_vs_fp32" not in rows[0]


def test_a_manifest_and_an_evaluation_say_the_same(trained_folder: Path, pictures: Path) -> None:
    rows = evaluate_all([training_subject(trained_folder)], pictures)["datasets"][0]["models"]
    held_out = hold_out(load_photographs(pictures, SEED))
    measured = choose_storage(load_trained(trained_folder).model, held_out).quality["measured"]
    assert measured == {
        row["stored_as"]: {key: row[key] for key in measured[row["stored_as"]]} for row in rows
    }


def test_what_is_read_is_the_average_of_the_checkpoint(trained_folder: Path) -> None:
    trained = load_trained(trained_folder)
    parts = make_parts(trained.preset)
    assert restore(trained_folder, parts).step == trained.progress.step == 4
    for mine, kept in zip(trained.model.get_weights(), parts.average.get_weights(), strict=True):
        assert (mine == kept).all()


def test_a_folder_that_no_training_wrote_is_named(tmp_path: Path) -> None:
    with pytest.raises(
        DataError, match=r"settings\.json cannot be read; give the folder that `kit train` wrote"
    ):
        load_trained(tmp_path)


def test_settings_and_checkpoint_of_two_trainings_are_refused(trained_folder: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(trained_folder, tmp_path / "copy")
    settings = json.loads((folder / "settings.json").read_text())
    settings["preset"] |= {"filters": 2, "later_setting": 1}
    (folder / "settings.json").write_text(json.dumps(settings))
    with pytest.raises(DataError, match=r"of another network than .*settings\.json says"):
        load_trained(folder)


def test_keras_and_numpy_paint_the_same(pictures: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    photographs = middle(load_photographs(pictures, 1).test)
    by_keras = bundle_painter(BLOCKS)(photographs)
    monkeypatch.setattr("kit.train.painting.find_spec", lambda name: None)
    assert np.abs(bundle_painter(BLOCKS)(photographs) - by_keras).max() < 1e-3
    assert np.abs(generator_painter(load_network(BLOCKS))(photographs) - by_keras).max() < 2e-3


def test_a_training_gives_its_bundle_the_fp32_row(trained_folder: Path, pictures: Path) -> None:
    """The manifest's own fp32 figures step back where the weights themselves are measured."""
    training = training_subject(trained_folder)
    bundle = bundle_subject(bundle_info(BLOCKS))
    bundle.labels["int8"]["model"] = "tiny-test"
    bundle.known["float32"] = {"model": "tiny-test", "stored_as": "float32", "figures_from": "manifest"}
    alone, beside = (
        evaluate_all(some, pictures)["datasets"][0]["models"] for some in ([bundle], [bundle, training])
    )
    assert [row["figures_from"] for row in alone] == ["manifest", "measured"]
    assert {row["figures_from"] for row in beside} == {"measured"}

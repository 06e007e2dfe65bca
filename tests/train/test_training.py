"""A real training, as small as one can be: it learns, stops, goes on and is published."""

from __future__ import annotations

import json
import re
import shutil
import signal
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

keras = pytest.importorskip("keras", reason="the train extra is not installed")

from kit.cli import main as kit  # noqa: E402
from kit.models.errors import BundleError  # noqa: E402
from kit.models.manifest import Manifest  # noqa: E402
from kit.models.verify import verify_bundle  # noqa: E402
from kit.train import main, release  # noqa: E402
from kit.train.ahead import Ahead  # noqa: E402
from kit.train.checkpoint import Progress, restore  # noqa: E402
from kit.train.data import DataError  # noqa: E402
from kit.train.loop import Limits, make_parts, rate_at  # noqa: E402
from kit.train.presets import Preset  # noqa: E402
from kit.train.release import read_rows  # noqa: E402
from tests.train.conftest import TINY as SETTINGS  # noqa: E402
from tests.train.conftest import train_tiny  # noqa: E402

pytestmark = pytest.mark.train
TINY = Preset(**SETTINGS)


@pytest.fixture(scope="module")
def out(trained_folder: Path) -> Path:
    return trained_folder


def test_losses_are_finite_and_written_down(out: Path) -> None:
    rows = read_rows(out / "curves.csv")
    assert [row["step"] for row in rows] == [2, 4]
    assert all(np.isfinite(list(row.values())).all() for row in rows)
    assert read_rows(out / "tests.csv")[-1]["baseline_l1"] > 0
    assert json.loads((out / "settings.json").read_text())["preset"]["filters"] == 1
    assert (out / "preview-000004.png").is_file()


def test_l1_weighs_more_in_the_later_part(out: Path) -> None:
    rows = read_rows(out / "curves.csv")
    weights = [(row["generator_total"] - row["adversarial"]) / row["generator_l1"] for row in rows]
    assert weights == pytest.approx([TINY.l1_weight, TINY.late_l1_weight], rel=1e-3)


def test_weights_change_and_the_average_follows(out: Path) -> None:
    start, moved = make_parts(TINY), make_parts(TINY)
    assert restore(out, moved).step == 4
    for before, after in zip(start.variables()["generator"], moved.variables()["generator"], strict=True):
        if before.name == "kernel":
            assert np.abs(np.asarray(after) - np.asarray(before)).max() > 0


def test_a_training_goes_on_where_it_was_and_saves_when_it_is_ended(
    out: Path, pictures: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(out, tmp_path / "again")

    def end_at_the_first_report(line: str) -> None:
        if not line.startswith("test"):
            signal.raise_signal(signal.SIGTERM)

    training = train_tiny(pictures, folder, steps=50, say=end_at_the_first_report)
    assert training.progress.step == 6
    assert restore(folder, make_parts(TINY)).step == 6
    assert [int(row["step"]) for row in read_rows(folder / "tests.csv")] == [4, 6]


def test_a_checkpoint_of_another_network_is_refused(out: Path) -> None:
    other = make_parts(Preset("o", "o", "o", "p", filters=2, discriminator_filters=2))
    with pytest.raises(DataError, match="is of another network"):
        restore(out, other)


def test_the_rate_is_held_and_then_falls_to_zero() -> None:
    rates = [rate_at(TINY, share) for share in (0, 0.5, 0.75, 1)]
    assert rates == pytest.approx([2e-4, 2e-4, 1e-4, 0])


def test_time_and_steps_both_end_a_training() -> None:
    limits = Limits(steps=100, minutes=1)
    assert limits.share(Progress(step=50, seconds=6)) == 0.5
    assert limits.share(Progress(step=10, seconds=45)) == 0.75


def test_a_finished_training_is_left_as_it_is(out: Path, pictures: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(out, tmp_path / "again")
    before = {path: path.stat().st_mtime_ns for path in folder.iterdir() if path.name != "settings.json"}
    assert train_tiny(pictures, folder, steps=4).finished
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_the_batch_that_is_made_ahead_is_the_one_of_its_step() -> None:
    asked: list[int] = []
    with Ahead(lambda step: asked.append(step) or step * 10) as ahead:
        assert [ahead.take(step) for step in (3, 4, 9)] == [30, 40, 90]
    assert sorted(set(asked)) == asked[:2] + sorted(asked[2:])
    assert asked[:2] == [3, 4]


def test_a_script_is_told_what_was_trained(
    out: Path, pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(main, "PRESETS", {TINY.name: replace(TINY, steps=4)})
    folder = str(shutil.copytree(out, tmp_path / "run"))
    said = CliRunner().invoke(kit, ["train", TINY.name, "--data", str(pictures), "--out", folder, "--json"])
    row = {"preset": TINY.name, "steps": 4, "finished": True, "folder": folder, "bundle": None}
    assert json.loads(said.stdout) == [row]


def test_a_report_says_how_long_is_left(out: Path) -> None:
    first = (out / "said.txt").read_text().splitlines()[0]
    assert re.match(r" 50\.0%  (\d+ min )?\d+ s left  step 2  generator_total", first)


@pytest.mark.parametrize("version", ["1", "1.0", "v1.0.0"])
def test_a_version_that_cannot_be_is_said_before_the_training(
    pictures: Path, tmp_path: Path, version: str
) -> None:
    with pytest.raises(BundleError, match="must be three numbers"):
        main.train("flowers-small", pictures, tmp_path, main.Plan(publishing=main.Release(version, tmp_path)))
    assert list(tmp_path.iterdir()) == []


def test_all_needs_every_dataset_before_it_starts(pictures: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="flowers holds 0 photographs"):
        main.train_all(pictures, tmp_path, main.Plan())


def test_an_unknown_preset_names_those_that_are_there(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="flowers-small"):
        main.train("nothing", tmp_path, tmp_path, main.Plan(steps=1))


def test_one_command_trains_measures_and_publishes(
    out: Path, pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (main, release):
        monkeypatch.setattr(module, "PRESETS", {TINY.name: replace(TINY, steps=4)})
    shutil.copytree(out, tmp_path / "runs" / TINY.name)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / TINY.dataset).symlink_to(pictures)
    to = main.Release("0.1.0", tmp_path / "models", tmp_path / "shown")
    plan = main.Plan(publishing=to, say=lambda _: None)
    done = main.train_all(tmp_path / "data", tmp_path / "runs", plan)
    folder = tmp_path / "models" / TINY.name / "0.1.0"
    assert done == {TINY.name: main.Done(4, True, folder)}
    shown = sorted(path.name for path in to.pictures.iterdir())
    assert shown == ["tiny-test-curves.svg", "tiny-test-losses.svg", "tiny-test.jpg"]
    _check_manifest(verify_bundle(folder))
    assert main.train_all(tmp_path / "data", tmp_path / "runs", plan) == {}
    with pytest.raises(BundleError, match="exists already"):
        main.publish(TINY.name, out, pictures, version="0.1.0", root=tmp_path / "models")


def _check_manifest(manifest: Manifest) -> None:
    quality, training = manifest.quality or {}, manifest.training or {}
    assert quality["psnr_db_vs_fp32"] > 35
    assert quality["measured"].keys() == {"float32", "float16", "int8"}
    assert quality["baselines"].keys() == {"blurred grey", "colour map"}
    assert training["steps"] == 4
    assert training["curves"].keys() >= {"generator_l1", "adversarial", "discriminator", "test_l1"}


def test_the_step_for_pytorch(pictures: Path) -> None:
    pytest.importorskip(
        "torch", reason="PyTorch is not installed; this step is for machines where only it has a GPU"
    )
    if keras.backend.backend() != "torch":
        pytest.skip("run with KERAS_BACKEND=torch")
    training = train_tiny(pictures, pictures / "torch", steps=2)
    assert training.progress.step == 2

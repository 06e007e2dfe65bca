"""A real training, as small as one can be: it learns, stops, goes on and is published."""

from __future__ import annotations

import json
import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

keras = pytest.importorskip("keras", reason="the train extra is not installed")

from kit.models.errors import BundleError  # noqa: E402
from kit.models.verify import verify_bundle  # noqa: E402
from kit.train import main, presets  # noqa: E402
from kit.train.checkpoint import Progress, restore  # noqa: E402
from kit.train.data import DataError, load_photographs  # noqa: E402
from kit.train.loop import Limits, Training, make_parts, rate_at  # noqa: E402
from kit.train.presets import Preset  # noqa: E402
from kit.train.release import read_rows  # noqa: E402

pytestmark = pytest.mark.train
TINY = Preset("tiny-test", "Test", "For a test.", "pictures", filters=1, discriminator_filters=2, batch=2)


def trained(pictures: Path, out: Path, steps: int, say: Callable[[str], None] = lambda _: None) -> Training:
    limits = Limits(steps=steps, report_every=2)
    training = Training(TINY, load_photographs(pictures, 1), out, limits, say)
    training.run()
    return training


@pytest.fixture(scope="module")
def out(pictures: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trained")
    trained(pictures, folder, steps=4)
    return folder


def test_losses_are_finite_and_written_down(out: Path) -> None:
    rows = read_rows(out / "curves.csv")
    assert [row["step"] for row in rows] == [2, 4]
    assert all(np.isfinite(list(row.values())).all() for row in rows)
    assert read_rows(out / "tests.csv")[-1]["baseline_l1"] > 0
    assert json.loads((out / "settings.json").read_text())["preset"]["filters"] == 1
    assert (out / "preview-000004.png").is_file()


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

    training = trained(pictures, folder, steps=50, say=end_at_the_first_report)
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


def test_an_unknown_preset_names_those_that_are_there(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="flowers-small"):
        main.train("nothing", tmp_path, tmp_path, steps=1)


def test_what_was_trained_is_published(
    out: Path, pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(presets.PRESETS, TINY.name, TINY)
    given: dict[str, Any] = {"version": "0.1.0", "root": tmp_path / "models", "say": lambda _: None}
    folder = main.publish(TINY.name, out, pictures, pictures=tmp_path / "shown", **given)
    manifest = verify_bundle(folder)
    assert manifest.quality is not None
    assert manifest.quality["psnr_db_vs_fp32"] > 35
    assert manifest.training is not None
    assert manifest.training["steps"] == 4
    assert sorted(p.name for p in (tmp_path / "shown").iterdir()) == ["tiny-test-curves.svg", "tiny-test.jpg"]
    with pytest.raises(BundleError, match="exists already"):
        main.publish(TINY.name, out, pictures, **given)


def test_the_step_for_pytorch(pictures: Path) -> None:
    pytest.importorskip(
        "torch", reason="PyTorch is not installed; this step is for machines where only it has a GPU"
    )
    if keras.backend.backend() != "torch":
        pytest.skip("run with KERAS_BACKEND=torch")
    training = trained(pictures, pictures / "torch", steps=2)
    assert training.progress.step == 2

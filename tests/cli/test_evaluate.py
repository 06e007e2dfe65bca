"""``kit evaluate`` and ``kit train``: what they print, and how they refuse."""

from pathlib import Path

import pytest

from kit.train import painting
from tests.cli.conftest import Kit, OneLine
from tests.datasets.conftest import picture


@pytest.fixture
def photographs(tmp_path: Path) -> Path:
    folder = tmp_path / "flowers"
    folder.mkdir()
    for number in range(10):
        picture(number, (286, 286)).save(folder / f"{number}.png")
    return folder


@pytest.fixture(autouse=True)
def numpy_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """The very small bundle does not need TensorFlow."""
    monkeypatch.setattr(painting, "find_spec", lambda name: None)


def test_a_table_of_figures_and_one_of_comparisons(kit: Kit, photographs: Path, tmp_path: Path) -> None:
    result = kit("evaluate", "test-blocks", "--data", str(photographs), "--sheet", str(tmp_path / "sheets"))
    assert "flowers: 2 test photographs; mean ± standard error; L1 on the scale [-1, 1]" in result.stdout
    lines = [line.split() for line in result.stdout.splitlines()]
    assert ["blurred", "grey"] in [words[:2] for words in lines]
    assert ["test-blocks", "1.0.0", "8", "bit"] in [words[:4] for words in lines]
    assert "* test-blocks 1.0.0, fp32: not in its manifest" in result.stdout
    assert (tmp_path / "sheets" / "flowers.jpg").is_file()
    assert "2 of 2 photographs" in result.stderr


def test_one_photograph_is_said_to_prove_nothing(kit: Kit, photographs: Path) -> None:
    for path in sorted(photographs.iterdir())[5:]:
        path.unlink()
    result = kit("evaluate", "test-blocks", "--data", str(photographs))
    assert "flowers: 1 test photograph, which proves nothing" in result.stdout
    assert "±" not in result.stdout


def test_a_raw_folder_is_told_how_to_become_a_dataset(kit: Kit, photographs: Path, one_line: OneLine) -> None:
    (photographs / "broken.jpg").write_text("nothing")
    line = one_line(kit("evaluate", "test-blocks", "--data", str(photographs), code=2))
    assert f"kit dataset prepare {photographs} --out" in line


def test_the_same_as_json(kit: Kit, photographs: Path) -> None:
    (dataset,) = kit.json("evaluate", "test-blocks", "--data", str(photographs))["datasets"]
    assert (dataset["dataset"], dataset["photographs"]) == ("flowers", 2)
    assert dataset["models"][0].keys() >= {
        "model",
        "version",
        "stored_as",
        "l1",
        "psnr_db",
        "ssim",
        "against",
    }
    assert dataset["models"][0]["against"]["colour map"]["l1"].keys() == {
        "better_by",
        "standard_error",
        "better_for",
    }


def test_models_without_their_dataset_are_named(kit: Kit, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    result = kit("evaluate", "--data", str(tmp_path / "empty"), code=2)
    assert "kit: flowers-small is left out: it learned from flowers, which is not at" in result.stderr
    assert "no model fits" in result.stderr


def test_an_unknown_model_is_one_line(kit: Kit, photographs: Path, one_line: OneLine) -> None:
    assert "there is no model roses" in one_line(kit("evaluate", "roses", "--data", str(photographs), code=2))


def test_too_few_photographs_are_one_line(kit: Kit, photographs: Path, one_line: OneLine) -> None:
    for path in sorted(photographs.iterdir())[1:]:
        path.unlink()
    line = one_line(kit("evaluate", "test-blocks", "--data", str(photographs), code=2))
    assert "flowers holds 1 photographs; training needs at least 2" in line


def test_a_training_without_keras_is_one_line(
    kit: Kit, photographs: Path, tmp_path: Path, one_line: OneLine
) -> None:
    (tmp_path / "training").mkdir()
    (tmp_path / "training" / "checkpoint.npz").touch()
    line = one_line(kit("evaluate", str(tmp_path / "training"), "--data", str(photographs), code=2))
    assert "a training is measured with TensorFlow, which is not installed; pip install" in line


def test_training_names_presets_and_what_goes_together(
    kit: Kit, photographs: Path, tmp_path: Path, one_line: OneLine
) -> None:
    data, out = ["--data", str(photographs)], ["--out", str(tmp_path / "out")]
    line = one_line(kit("train", "roses", *data, *out, code=2))
    assert "there is no preset 'roses'; choose one of flowers-small, flowers-tiny" in line
    line = one_line(kit("train", "flowers-tiny", *data, *out, "--root", str(tmp_path), code=2))
    assert "--root and --pictures go with --publish" in line
    line = one_line(kit("train", "flowers-tiny", *data, *out, "--publish", "one", code=2))
    assert "version 'one' must be three numbers" in line

"""``kit evaluate`` below the command: which models, on which photographs, with which figures and pictures."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from kit.models.catalog import BUNDLED, BundleInfo, bundle_info
from kit.models.manifest import Port, read_manifest
from kit.train import painting
from kit.train.data import DataError
from kit.train.evaluation import Subject, bundle_subject, evaluate_all, fitting
from kit.train.painting import bundle_painter, in_colour

BLOCKS = BUNDLED / "test-blocks" / "1.0.0"


@pytest.fixture(autouse=True)
def numpy_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where TensorFlow is not installed."""
    monkeypatch.setattr(painting, "find_spec", lambda name: None)


def altered(folder: Path, name: str, **changes: Any) -> BundleInfo:
    """A copy of the small bundle under another name, with other entries in its manifest."""
    copy = folder / name / "1.0.0"
    shutil.copytree(BLOCKS, copy)
    manifest = json.loads((copy / "manifest.json").read_text())
    (copy / "manifest.json").write_text(json.dumps(manifest | {"name": name} | changes))
    return bundle_info(copy)


def trained_on(dataset: str) -> dict[str, Any]:
    return {"training": {"preset": {"dataset": dataset}}}


def test_a_bundle_is_measured_in_its_own_storage(pictures: Path) -> None:
    found = evaluate_all([bundle_subject(bundle_info(BLOCKS))], pictures)["datasets"][0]
    assert (found["dataset"], found["photographs"]) == (pictures.name, 2)
    assert found["baselines"].keys() == {"blurred grey", "colour map"}
    (row,) = found["models"]
    assert (row["model"], row["stored_as"], row["figures_from"]) == ("test-blocks", "int8", "measured")
    assert row["against"].keys() == found["baselines"].keys()
    assert row["l1"]["mean"] > 0


def test_fp32_figures_come_from_the_manifest(pictures: Path, tmp_path: Path) -> None:
    exact = {"photographs": 200, "l1": {"mean": 0.3, "standard_error": 0.01}}
    info = altered(tmp_path, "known", quality={"measured": {"float32": exact}, "psnr_db_vs_fp32": 50.5})
    first, second = evaluate_all([bundle_subject(info)], pictures)["datasets"][0]["models"]
    assert (first["stored_as"], first["figures_from"], first["l1"]["mean"]) == ("float32", "manifest", 0.3)
    assert (second["stored_as"], second["psnr_db_vs_fp32"]) == ("int8", 50.5)


def test_each_model_is_measured_on_its_own_dataset(pictures: Path, tmp_path: Path) -> None:
    infos = [altered(tmp_path, name, **trained_on(name)) for name in ("flowers", "clouds")]
    for name in ("flowers", "clouds"):
        shutil.copytree(pictures, tmp_path / "data" / name)
    found = evaluate_all(map(bundle_subject, infos), tmp_path / "data")["datasets"]
    assert [(d["dataset"], [row["model"] for row in d["models"]]) for d in found] == [
        ("flowers", ["flowers"]),
        ("clouds", ["clouds"]),
    ]


def test_a_model_without_a_dataset_needs_photographs(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    with pytest.raises(DataError, match="does not say which photographs it learned from"):
        evaluate_all([bundle_subject(altered(tmp_path, "foreign", training=None))], tmp_path / "data")


def test_without_names_the_models_of_a_dataset_are_taken(pictures: Path, tmp_path: Path) -> None:
    infos = [altered(tmp_path, name, **trained_on(name)) for name in ("flowers", "clouds")]
    shutil.copytree(pictures, tmp_path / "data" / "flowers")
    for data in (tmp_path / "data", tmp_path / "data" / "flowers"):
        wanted, left_out = fitting(infos, data)
        assert [info.name for info in wanted] == ["flowers"]
        assert "learned from clouds" in left_out["clouds"]
    assert fitting(infos, pictures) == (infos, {})


@pytest.mark.parametrize(
    ("channels", "given", "seen"),
    [(1, [255], [1, 1, 1]), (3, [0, 255, 0], [-1, 1, -1]), (4, [0, 255, 0, 9], [-1, 1, -1])],
)
def test_every_output_becomes_colour_between_minus_one_and_one(
    channels: int, given: list[int], seen: list[int]
) -> None:
    port = Port(name="output", shape=(256, 256, channels), range_=(0, 255))
    manifest = read_manifest(BLOCKS).model_copy(update={"output": port})
    assert in_colour(manifest, np.array(given, np.float32).reshape(1, 1, 1, -1)).ravel() == pytest.approx(
        seen
    )


def test_a_model_of_another_size_is_refused(tmp_path: Path) -> None:
    output = json.loads((BLOCKS / "manifest.json").read_text())["output"] | {"shape": [128, 128, 3]}
    with pytest.raises(DataError, match="128 x 128 x 3, which cannot be compared"):
        bundle_painter(altered(tmp_path, "small", output=output).path)


@pytest.fixture
def subjects() -> list[Subject]:
    """Two networks that give back what they see, one of them upside down."""
    plain = Subject("plain", None, {"int8": _seen}, {"int8": {"model": "plain"}}, {})
    return [plain, replace(plain, name="turned", painters={"int8": lambda given: _seen(given)[:, ::-1]})]


def _seen(photographs: np.ndarray) -> np.ndarray:
    return photographs.astype(np.float32) / 127.5 - 1


def test_sheets_show_inputs_outputs_and_apart_from_that_targets(
    subjects: list[Subject], pictures: Path, tmp_path: Path
) -> None:
    data = shutil.copytree(pictures, tmp_path / "flowers")
    (data / "CREDITS.csv").write_text("file,author\n" + "".join(f"{n}.png,Author {n}\n" for n in range(10)))
    evaluate_all(subjects, data, sheets=tmp_path / "sheets")
    names = ["flowers-with-targets.csv", "flowers-with-targets.jpg", "flowers.jpg"]
    assert sorted(path.name for path in (tmp_path / "sheets").iterdir()) == names
    for name, columns in ((names[2], 3), (names[1], 4)):
        with Image.open(tmp_path / "sheets" / name) as opened:
            assert opened.size == (columns * 260, 6 * 260 + 28)
    assert len((tmp_path / "sheets" / names[0]).read_text().splitlines()) == 1 + 2


def test_the_sheet_to_be_published_holds_no_photograph(
    subjects: list[Subject], tmp_path: Path, pictures: Path
) -> None:
    """A network that paints black leaves nothing but greys on it."""
    black = replace(
        subjects[0], painters={"int8": lambda given: np.full((*given.shape[:3], 3), -1, np.float32)}
    )
    evaluate_all([black], pictures, sheets=tmp_path)
    with Image.open(tmp_path / f"{pictures.name}.jpg") as opened:
        sheet = np.asarray(opened, np.int16)[28:]
    assert np.ptp(sheet, axis=-1).max() < 12

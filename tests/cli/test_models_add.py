"""``kit models add``: what it prints, asks for and refuses."""

from pathlib import Path

import pytest

from kit.models.verify import verify_bundle
from tests.cli.conftest import Kit, OneLine
from tests.dashboard.model_files import bundle, layers_model, zipped


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A TensorFlow.js model's folder."""
    made = tmp_path / "My Painter"
    made.mkdir()
    for name, data in layers_model().items():
        (made / name).write_bytes(data)
    return made


def test_a_folder_is_published_under_its_name(kit: Kit, folder: Path) -> None:
    said = kit.json("models", "add", str(folder), "--input-range", "-1,1", "--credit", "Ours | CC0")
    assert {
        "name": "my-painter",
        "version": "1.0.0",
        "kind": "tfjs",
        "parameters": 84,
    }.items() <= said.items()
    assert said["output"] == {"shape": [32, 32, 3], "range": [-1, 1]}
    assert verify_bundle(Path(said["path"])).credits[0].what == "Ours"
    assert "my-painter" in {row["name"] for row in kit.json("models", "list")}


def test_the_next_version_is_free_and_a_taken_one_is_refused(
    kit: Kit, folder: Path, one_line: OneLine
) -> None:
    add = ("models", "add", str(folder / "model.json"), "--input-range=0,1", "--name", "painter")
    kit(*add)
    assert kit(*add).stdout.startswith("painter 1.0.1 is published; studies can use it now\n")
    line = one_line(kit(*add, "--version", "1.0.0", code=2))
    assert "painter 1.0.0 exists already; versions never change, 1.0.2 would be free" in line


def test_a_range_that_nobody_can_know_is_asked_for(kit: Kit, folder: Path, one_line: OneLine) -> None:
    line = one_line(kit("models", "add", str(folder), code=2))
    assert "does not say which values its input has; add --input-range=-1,1 if that is it" in line
    assert not (kit.home / "models").exists()


def test_what_an_export_says_of_itself_is_suggested(kit: Kit, tmp_path: Path, one_line: OneLine) -> None:
    out = str(tmp_path / "flowers")
    kit("models", "export", "flowers-tiny", "--to", "tfjs-layers", "--out", out)
    line = one_line(kit("models", "add", out, code=2))
    assert (
        "the file says of itself: --title='Flowers, tiny' --input-range=-1,1 --credit='Learned from" in line
    )
    said = kit.json("models", "add", out, "--input-range=-1,1", "--title", "Mine", "--credit", "Mine")
    assert said["notes"] == []


def test_a_bundle_keeps_its_words(kit: Kit, tmp_path: Path, one_line: OneLine) -> None:
    (tmp_path / "blocks.zip").write_bytes(zipped(bundle()))
    refused = one_line(kit("models", "add", str(tmp_path / "blocks.zip"), "--title", "Mine", code=2))
    assert "a bundle keeps what its manifest says" in refused
    assert "blocks 2.0.0 is published" in kit("models", "add", str(tmp_path / "blocks.zip")).stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--input-range", "1"], "--input-range: write the lowest and the highest value"),
        (["--size", "big"], "--size: write height and width, such as 256x256"),
        (["--input-range=0,1", "--name", "No!"], "name: use small letters, digits and -"),
        (["--input-range=0,1", "--size", "64x64"], "the network takes pictures of 32 x 32 only"),
    ],
)
def test_options_that_make_no_sense_are_named(
    kit: Kit, folder: Path, one_line: OneLine, arguments: list[str], sentence: str
) -> None:
    assert sentence in one_line(kit("models", "add", str(folder), *arguments, code=2))
    assert not (kit.home / "models").exists()


def test_bounds_are_settings(kit: Kit, folder: Path, one_line: OneLine) -> None:
    result = kit("models", "add", str(folder), code=2, KIT_CONVERT_MB="5")
    assert "KIT_CONVERT_MB must be a whole number from 1000" in one_line(result)

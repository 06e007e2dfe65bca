"""``kit convert``: what goes along, what is read apart, what is refused."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

import pytest

from kit.models import loaded
from kit.models.catalog import BUNDLED
from kit.models.verify import verify_bundle
from tests.cli.conftest import Kit, OneLine

BLOCKS = BUNDLED / "test-blocks" / "1.0.0"
CREDITS = {"what": "A garden", "licence": "CC0", "url": "https://example.org/"}


@pytest.fixture
def zipped(tmp_path: Path) -> Path:
    """A bundle with a credit, as a zip under another name."""
    with zipfile.ZipFile(tmp_path / "bundle.zip", "w") as archive:
        for path in (path for path in BLOCKS.rglob("*") if path.is_file()):
            data = path.read_bytes()
            if path.name == "manifest.json":
                data = json.dumps(json.loads(data) | {"credits": [CREDITS]}).encode()
            archive.writestr(f"blocks/{path.relative_to(BLOCKS)}", data)
    return tmp_path / "bundle.zip"


@pytest.fixture
def graph(kit: Kit, tmp_path: Path) -> Path:
    """A TensorFlow.js model of which nobody knows the ranges."""
    out = tmp_path / "painter"
    kit("models", "export", "test-blocks", "--to", "tfjs-graph", "--out", str(out))
    return out


def test_a_zipped_bundle_takes_its_words_along(kit: Kit, zipped: Path, tmp_path: Path) -> None:
    said = kit.json("convert", str(zipped), "--to", "tfjs-graph", "--out", str(tmp_path / "made"))
    assert (said["name"], said["version"], said["files"]) == ("test-blocks", "1.0.0", 2)
    facts = json.loads((tmp_path / "made" / "model.json").read_text())["userDefinedMetadata"]
    assert (facts["title"], facts["licence"], facts["credits"]) == ("Test blocks", "CC0", [CREDITS])
    assert facts["output"]["range"] == [-1, 1]


def test_a_bundle_stays_the_same_bundle(kit: Kit, zipped: Path, tmp_path: Path) -> None:
    said = kit.json("convert", str(zipped), "--to", "bundle", "--out", str(tmp_path / "models"))
    assert said["path"] == str(tmp_path / "models" / "test-blocks" / "1.0.0")
    assert verify_bundle(Path(said["path"])).credits[0].what == "A garden"


@pytest.mark.parametrize("bundle", ["folder", "zip"])
def test_bundles_are_read_in_the_child_alone(
    kit: Kit, zipped: Path, tmp_path: Path, bundle: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*arguments: object) -> None:
        raise AssertionError("weights of a stranger were read in this process")

    monkeypatch.setattr(loaded, "load_network", refuse)
    shutil.copytree(BLOCKS, tmp_path / "folder")
    path = tmp_path / "folder" if bundle == "folder" else zipped
    kit("convert", str(path), "--to", "tfjs-layers", "--out", str(tmp_path / "made"))


def test_bounds_are_settings(kit: Kit, zipped: Path, tmp_path: Path, one_line: OneLine) -> None:
    arguments = ("convert", str(zipped), "--to", "tfjs-graph", "--out", str(tmp_path / "made"))
    assert "KIT_CONVERT_MB must be a whole number" in one_line(kit(*arguments, code=2, KIT_CONVERT_MB="5"))


@pytest.mark.parametrize("option", [["--name", "mine"], ["--size", "64x64"]])
def test_what_a_bundle_says_itself_is_refused(
    kit: Kit, zipped: Path, tmp_path: Path, one_line: OneLine, option: list[str]
) -> None:
    result = kit("convert", str(zipped), *option, "--to", "tfjs-graph", "--out", str(tmp_path / "o"), code=2)
    assert (
        f"a bundle keeps what its manifest says, so that it stays the same everywhere; leave out {option[0]}"
        in (one_line(result))
    )
    assert not (tmp_path / "o").exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--to", "onnx", "--out", "a.onnx", "--version", "7.0.0"], "--version goes with --to bundle"),
        (["--to", "onnx", "--out", "a.onnx", "--input-range=0,1"], "--input-range goes with --to bundle"),
        (
            ["--to", "onnx", "--out", "a.onnx", "--name", "My Model!!"],
            "name: use small letters, digits and -",
        ),
        (["--to", "onnx", "--out", "a.txt"], "a file that ends in .onnx; give a.txt that ending"),
        (["--to", "keras", "--out", "a.h5"], "a file that ends in .keras; give a.h5 that ending"),
        (["--to", "tfjs-graph", "--out", "a.json"], "a folder, which has no ending .json; leave that out"),
        (["--to", "bundle", "--out", "here.txt"], "here.txt is a file; name the folder"),
    ],
)
def test_what_makes_no_sense_is_named(
    kit: Kit,
    graph: Path,
    tmp_path: Path,
    one_line: OneLine,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    sentence: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "here.txt").touch()
    assert sentence in one_line(kit("convert", str(graph), *arguments, code=2))
    assert {path.name for path in tmp_path.iterdir()} == {"here.txt", "painter"}


def test_a_model_in_this_folder_is_called_by_the_folder(
    kit: Kit, graph: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(graph)
    assert kit.json("convert", "model.json", "--to", "tfjs-layers", "--out", "../made")["name"] == "painter"


def test_a_bundle_is_made_as_by_adding_and_the_next_step_is_named(
    kit: Kit, graph: Path, tmp_path: Path
) -> None:
    options = ("--input-range=-1,1", "--precision", "int8", "--credit", "Ours", "--title", "Painter")
    made = tmp_path / "models" / "painter" / "1.0.0"
    said = kit("convert", str(graph), "--to", "bundle", "--out", str(tmp_path / "models"), *options).stdout
    assert f"{made}: painter 1.0.0 as bundle, " in said
    assert f"models add {made}\n" in said
    manifest = verify_bundle(made)
    assert (manifest.title, manifest.precision, manifest.credits[0].what) == ("Painter", "int8", "Ours")

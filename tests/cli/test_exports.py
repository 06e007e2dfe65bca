"""``kit models export`` and ``kit convert``."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from kit.commands.quiet import import_quietly
from kit.models.catalog import BUNDLED
from tests.cli.conftest import Kit, OneLine

BLOCKS = BUNDLED / "test-blocks" / "1.0.0"


@pytest.mark.parametrize(("format", "is_"), [("tfjs-graph", "graph-model"), ("tfjs-layers", "layers-model")])
def test_a_model_is_written_as_a_folder(format: str, is_: str, kit: Kit, tmp_path: Path) -> None:
    out = tmp_path / "blocks"
    said = kit("models", "export", "test-blocks", "--to", format, "--out", str(out)).stdout
    assert said.startswith(f"{out}: test-blocks 1.0.0 as TensorFlow.js")
    assert json.loads((out / "model.json").read_text())["format"] == is_


def test_a_bundle_anywhere_is_converted(kit: Kit, tmp_path: Path) -> None:
    onnx = pytest.importorskip("onnx", reason="the train extra is not installed")
    kit("convert", str(BLOCKS), "--to", "onnx", "--out", str(tmp_path / "blocks.onnx"))
    assert onnx.load(tmp_path / "blocks.onnx").graph.name == "test-blocks"


def test_a_model_of_other_software_is_converted(kit: Kit, tmp_path: Path) -> None:
    graph, layers = str(tmp_path / "painter"), str(tmp_path / "layers")
    kit("models", "export", "test-blocks", "--to", "tfjs-graph", "--out", graph)
    said = kit("convert", graph, "--to", "tfjs-layers", "--out", layers).stdout
    assert said.startswith(f"{layers}: painter as TensorFlow.js layers model")
    assert json.loads((tmp_path / "layers" / "model.json").read_text())["format"] == "layers-model"


def test_a_bundle_needs_the_range_of_values(kit: Kit, tmp_path: Path, one_line: OneLine) -> None:
    graph, models = str(tmp_path / "painter"), str(tmp_path / "models")
    kit("models", "export", "test-blocks", "--to", "tfjs-graph", "--out", graph)
    asked = ("convert", graph, "--to", "bundle", "--out", models)
    assert "add --input-range=-1,1 if that is it" in one_line(kit(*asked, code=2))
    assert "--input-range" in one_line(kit(*asked, "--input-range=nan,1", code=2))
    kit(*asked, "--input-range=-1,1")
    assert "ok  painter 1.0.0" in kit("models", "verify", f"{models}/painter/1.0.0").stdout


def test_what_is_there_is_not_written_over(kit: Kit, tmp_path: Path, one_line: OneLine) -> None:
    (tmp_path / "notes").write_text("mine")
    arguments = ("models", "export", "test-blocks", "--to", "tfjs-graph", "--out", str(tmp_path))
    assert "is not empty; name another" in one_line(kit(*arguments, code=2))
    assert [path.name for path in tmp_path.iterdir()] == ["notes"]


def test_an_unknown_model_is_named(kit: Kit, tmp_path: Path, one_line: OneLine) -> None:
    arguments = ("models", "export", "roses", "--to", "tfjs-graph", "--out", str(tmp_path / "roses"))
    assert "there is no model roses; `kit models list` shows" in one_line(kit(*arguments, code=2))


def test_a_script_is_told_what_was_written(kit: Kit, tmp_path: Path) -> None:
    out = tmp_path / "blocks"
    said = kit.json("models", "export", "test-blocks", "--to", "tfjs-graph", "--out", str(out))
    size = sum(path.stat().st_size for path in out.iterdir())
    assert said == {
        "name": "test-blocks",
        "version": "1.0.0",
        "format": "tfjs-graph",
        "path": str(out),
        "files": 2,
        "bytes": size,
    }


def test_a_missing_package_is_named(
    kit: Kit, tmp_path: Path, one_line: OneLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kit.commands.formats.find_spec", lambda name: None)
    arguments = ("models", "export", "test-blocks", "--to", "onnx", "--out", str(tmp_path / "blocks.onnx"))
    assert '--to onnx needs onnx, which is not installed: pip install "fieldkit[train]"' in one_line(
        kit(*arguments, code=2)
    )


def test_importing_quietly_silences_native_code_and_nothing_later(
    capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "talkative.py").write_text("import os; os.write(2, b'a word about graphics cards')")
    monkeypatch.syspath_prepend(tmp_path)
    import_quietly("talkative")
    os.write(2, b"said afterwards")
    assert capfd.readouterr().err == "said afterwards"

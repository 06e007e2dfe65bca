"""Which format a set of files is, by names alone."""

from pathlib import Path

import pytest

from kit.models.errors import BundleError
from kit.models.incoming import kinds
from kit.models.incoming.child import reader
from kit.models.incoming.kinds import detect
from kit.models.reading import open_files

BUNDLE = b'{"schema": 1, "shards": []}'


def found(folder: Path, *names: str, **contents: bytes) -> tuple[str, str]:
    for name in names:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(contents.get(file.stem, b"{}"))
    with open_files(folder) as files:
        kind, path = detect(files)
    return kind.name, path


@pytest.mark.parametrize(
    ("names", "kind", "path"),
    [
        (["model.json", "group1-shard1of1.bin"], "tfjs", "model.json"),
        (["web/model.json", "web/weights.bin"], "tfjs", "web/model.json"),
        (["painter.json", "painter.weights.bin"], "tfjs", "painter.json"),
        (["saved_model.pb", "variables/variables.index", "fingerprint.pb"], "saved_model", "saved_model.pb"),
        (["net.keras"], "keras", "net.keras"),
        (["config.json", "metadata.json", "model.weights.h5"], "keras", "config.json"),
        (["net.h5"], "h5", "net.h5"),
        (["model.json", "weights.bin", "backup/old.h5"], "tfjs", "model.json"),
    ],
)
def test_kinds_are_told_apart(tmp_path: Path, names: list[str], kind: str, path: str) -> None:
    assert found(tmp_path, *names) == (kind, path)


def test_a_manifest_is_a_bundles_only_if_it_lists_shards(tmp_path: Path) -> None:
    assert found(tmp_path, "manifest.json", "weights-0.bin", manifest=BUNDLE) == ("bundle", "manifest.json")
    page = tmp_path / "page"
    page.mkdir()
    assert found(page, "manifest.json", "model.json", "weights.bin")[0] == "tfjs"


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (["net.onnx"], "is an ONNX model; export the network"),
        (["net.pt"], "is a PyTorch file, which can hold programs"),
        (["net.pkl"], "is a pickle, which can hold programs and is never opened"),
        (["net.tflite"], "is a TensorFlow Lite model"),
        (["net.weights.h5"], "are weights without their network"),
        (["frozen.pb"], "is a graph by itself; hand in the whole SavedModel"),
        (["weights.bin"], "weight files without their model.json"),
        (["notes.txt"], "no model is recognised among the 1 files"),
        ([], "there is no file in it"),
        (["a.keras", "b.h5"], "there is more than one model (a.keras, b.h5)"),
    ],
)
def test_what_is_no_model_is_named_with_a_way_out(tmp_path: Path, names: list[str], sentence: str) -> None:
    with pytest.raises(BundleError) as caught:
        found(tmp_path, *names)
    assert sentence in str(caught.value)


def test_without_the_extra_a_keras_file_is_refused_with_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(kinds, "find_spec", lambda package: None)
    with pytest.raises(BundleError, match=r"needs .*the extra \[train\] on this server: pip install"):
        reader(kinds.KERAS)
    assert reader(kinds.TFJS).__module__ == "kit.models.incoming.tfjs"

"""Bundles of the kit that somebody hands in: what they say of themselves is held against what they hold."""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kit.models.catalog import BUNDLED, list_bundles
from kit.models.errors import BundleError
from kit.models.incoming import Choices, Facts, examine, publish_trial
from kit.models.incoming.bundle import unpack
from kit.models.manifest import Manifest
from kit.models.reading import open_files
from tests.dashboard.model_files import Files, bundle


def written(folder: Path, files: Files) -> Path:
    for name, data in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    return folder / "blocks"


def unpacked(tmp_path: Path, **changes: Any) -> Manifest:
    with open_files(written(tmp_path, bundle(**changes))) as files:
        return unpack(files, "manifest.json", tmp_path / "copy")


def test_a_whole_one_is_taken_as_it_is(tmp_path: Path) -> None:
    assert unpacked(tmp_path).name == "blocks"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"parameters__total": 1}, "parameters.total: the manifest says 1, its graph gives between"),
        ({"parameters__total": 10**9}, "parameters.total: the manifest says 1,000,000,000"),
        ({"parameters__live": 1}, "parameters.live: the manifest says 1,"),
        (
            {"parameters__stored_values": 3843},
            "stored_values: the manifest says 3,843, its graph gives 3,844",
        ),
        (
            {"parameters__multiply_adds": 1},
            "parameters.multiply_adds: the manifest says 1, its graph gives 2,883,072",
        ),
        ({"parameters__multiply_adds_live": 1}, "parameters.multiply_adds_live: the manifest says 1"),
        ({"precision": "float32"}, "precision: the manifest says float32, but"),
        ({"output__range": [-1e300, 1e300]}, "output.range: values of pictures lie within 1e+06"),
        (
            {"input__range": [0, 1e-9]},
            "input.range: values of pictures lie within 1e+06, and not all in one place",
        ),
        ({"output__range": [-1e6, 1e6]}, "output.range: on the test picture the values differ by"),
    ],
)
def test_a_figure_that_the_graph_contradicts_is_named(
    tmp_path: Path, changes: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(BundleError) as caught:
        unpacked(tmp_path, **changes)
    assert sentence in str(caught.value)


def test_a_golden_output_of_one_colour_proves_nothing(tmp_path: Path) -> None:
    files = bundle(output__range=[-9e5, 9e5])
    files["blocks/golden/output.bin"] = np.ones(len(files["blocks/golden/output.bin"]) // 2, "<f2").tobytes()
    digest = hashlib.sha256(files["blocks/golden/output.bin"]).hexdigest().encode()
    manifest = files["blocks/manifest.json"]
    old = hashlib.sha256(bundle()["blocks/golden/output.bin"]).hexdigest().encode()
    folder = written(tmp_path, files | {"blocks/manifest.json": manifest.replace(old, digest)})
    with (
        open_files(folder) as opened,
        pytest.raises(BundleError, match="no browser could be held against it"),
    ):
        unpack(opened, "manifest.json", tmp_path / "copy")


@pytest.fixture
def room(tmp_path: Path) -> Path:
    folder = tmp_path / "room"
    folder.mkdir()
    return folder


def added(tmp_path: Path, room: Path, facts: Facts | None = None, **changes: Any) -> Path:
    facts = facts or examine(written(tmp_path, bundle(**changes)), Choices(), room)
    return publish_trial(room, facts, Choices(), None, tmp_path / "models", list_bundles([BUNDLED]))


def test_a_hidden_one_is_not_added(tmp_path: Path, room: Path) -> None:
    sentence = "internal: this bundle is marked as one for tests, which no list would show"
    with pytest.raises(BundleError, match=sentence):
        added(tmp_path, room, internal=True)
    assert not (tmp_path / "models").exists()


def test_no_shipped_model_is_followed_by_a_strangers(tmp_path: Path, room: Path) -> None:
    with pytest.raises(
        BundleError, match="name: flowers-small comes with Fieldkit, and studies that ask for it"
    ):
        added(tmp_path, room, name="flowers-small", version="999999.0.0")
    assert not (tmp_path / "models").exists()


def test_examined_again_a_bundle_stays_the_bundle(tmp_path: Path, room: Path) -> None:
    source = written(tmp_path, bundle())
    first = examine(source, Choices(), room)
    again = examine(source, Choices(output_range=(0, 1)), room)
    assert again == first
    assert added(tmp_path, room, again) == tmp_path / "models" / "blocks" / "2.0.0"


@pytest.mark.parametrize("trial", ["../files", "/etc", "trial/../../other", "trial/a/1.0.0/..", "room"])
def test_a_trial_lies_in_its_room(trial: str) -> None:
    with pytest.raises(ValueError, match=r"trial\n  String should match pattern"):
        Facts.model_validate({"trial": trial})


def test_a_link_in_its_place_is_not_followed(tmp_path: Path, room: Path) -> None:
    (room / "trial").symlink_to(tmp_path)
    with pytest.raises(BundleError, match="the trial is not where it should be"):
        Facts.model_construct(trial="trial").trial_in(room)

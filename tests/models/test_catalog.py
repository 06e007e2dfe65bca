from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from kit.models.catalog import BUNDLED, broken_bundles, find_bundle, list_bundles, resolve_file, version_key
from kit.models.errors import BundleError
from tests.models.conftest import BLOCKS

Change = Callable[[Callable[[dict[str, Any]], object]], Path]


def test_a_bundle_in_short() -> None:
    info = find_bundle([BUNDLED], "test-blocks")
    assert (info.parameters, info.live_parameters, info.internal) == (4375, 3795, True)
    assert info.sha256 == sha256((BLOCKS / "manifest.json").read_bytes()).hexdigest()
    assert info.bytes == sum((BLOCKS / name).stat().st_size for name in ("manifest.json", "weights-0.bin"))


def test_internal_bundles_can_be_left_out() -> None:
    assert "test-blocks" not in {info.name for info in list_bundles([BUNDLED], internal=False)}


def test_the_first_root_counts(copy: Path) -> None:
    root = copy.parent.parent
    assert find_bundle([root, BUNDLED], "test-blocks").path == copy


def test_a_version_that_no_list_shows_is_not_the_newest(changed: Change) -> None:
    name, far = "flowers-tiny", "999999.0.0"
    hidden = changed(lambda manifest: manifest.update(name=name, version=far))
    root = hidden.parent.parent.parent
    target = root / "later" / name / far
    target.parent.mkdir(parents=True)
    hidden.rename(target)
    assert find_bundle([root / "later", BUNDLED], name, far).internal
    assert find_bundle([root / "later", BUNDLED], name).version != far


def test_versions_are_sorted_as_numbers() -> None:
    assert sorted(["1.10.0", "1.9.0", "0.2.0"], key=version_key) == ["0.2.0", "1.9.0", "1.10.0"]


def test_a_name_that_is_not_there_says_what_to_do() -> None:
    with pytest.raises(BundleError, match=r"no model nothing 1\.0\.0; `kit models list`"):
        find_bundle([BUNDLED], "nothing", "1.0.0")


def test_a_broken_bundle_is_left_out_and_named(changed: Change) -> None:
    root = changed(lambda manifest: manifest.update(title="")).parent.parent
    assert list_bundles([root]) == []
    assert "title" in broken_bundles([root])[0][1]


def test_a_bundle_in_the_wrong_folder_is_named(changed: Change) -> None:
    root = changed(lambda manifest: manifest.update(name="another")).parent.parent
    assert "rename the folder" in broken_bundles([root])[0][1]


def test_a_changed_manifest_is_read_again(copy: Path) -> None:
    root = copy.parent.parent
    before = find_bundle([root], "test-blocks").title
    text = json.loads((copy / "manifest.json").read_text()) | {"title": "Another title"}
    (copy / "manifest.json").write_text(json.dumps(text))
    assert find_bundle([root], "test-blocks").title == "Another title" != before


@pytest.mark.parametrize("file", ["manifest.json", "weights-0.bin", "golden/input.bin"])
def test_files_that_the_manifest_lists_can_be_read(file: str) -> None:
    found = resolve_file([BUNDLED], "test-blocks", "1.0.0", file)
    assert found is not None
    assert found.sha256 == sha256(found.path.read_bytes()).hexdigest()
    assert found.bytes == found.path.stat().st_size


@pytest.mark.parametrize(
    ("name", "version", "file"),
    [
        ("test-blocks", "1.0.0", "../1.0.0/manifest.json"),
        ("test-blocks", "1.0.0", "golden/../manifest.json"),
        ("test-blocks", "1.0.0", "/etc/passwd"),
        ("test-blocks", "1.0.0", "golden"),
        ("test-blocks", "1.0.0", ""),
        ("test-blocks", "..", "1.0.0/manifest.json"),
        ("..", "bundled", "manifest.json"),
        ("test-blocks", "9.9.9", "manifest.json"),
        ("test-blocks", "1.0.0", "manifest.json\x00"),
    ],
)
def test_no_other_file_can_be_read(name: str, version: str, file: str) -> None:
    assert resolve_file([BUNDLED], name, version, file) is None

from __future__ import annotations

from pathlib import Path

import pytest

from kit.models.errors import BundleError
from kit.models.publish import publish_folder, write_bundle
from kit.models.verify import verify_bundle
from tests.models.conftest import BLOCKS, Bundle


def contents(bundle: Bundle) -> dict[str, bytes]:
    return {file.path: (bundle.folder / file.path).read_bytes() for file in bundle.manifest.files}


def test_a_bundle_is_written_as_it_was(blocks: Bundle, tmp_path: Path) -> None:
    made = write_bundle(tmp_path, blocks.manifest, contents(blocks))
    assert made == tmp_path / "test-blocks" / "1.0.0"
    assert verify_bundle(made) == blocks.manifest
    assert (made / "manifest.json").read_bytes() == (BLOCKS / "manifest.json").read_bytes()


def test_a_version_never_changes(blocks: Bundle, tmp_path: Path) -> None:
    made = publish_folder(tmp_path, BLOCKS)
    before = (made / "manifest.json").stat().st_mtime_ns
    with pytest.raises(BundleError, match=r"test-blocks 1\.0\.0 exists already"):
        write_bundle(tmp_path, blocks.manifest, contents(blocks))
    assert (made / "manifest.json").stat().st_mtime_ns == before


def test_a_wrong_bundle_leaves_nothing_behind(blocks: Bundle, tmp_path: Path) -> None:
    files = contents(blocks)
    files["weights-0.bin"] = files["weights-0.bin"][:-64]
    with pytest.raises(BundleError, match="beyond the end"):
        write_bundle(tmp_path, blocks.manifest, files)
    assert list(tmp_path.iterdir()) == []


def test_a_copied_link_is_refused(copy: Path, tmp_path: Path) -> None:
    (copy / "golden" / "input.bin").unlink()
    (copy / "golden" / "input.bin").symlink_to("/etc/hostname")
    with pytest.raises(BundleError, match="symbolic link"):
        publish_folder(tmp_path / "root", copy)

"""Uploads that wait: how many, how long, and what others leave in their folder."""

import os
import time
from pathlib import Path

import pytest

from kit.models.errors import BundleError
from kit.models.incoming import Drafts


@pytest.fixture
def drafts(tmp_path: Path) -> Drafts:
    return Drafts(tmp_path / "uploads")


def aged(folder: Path, hours: float) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    os.utime(folder, (time.time() - 3600 * hours,) * 2)
    return folder


def test_ten_wait_at_most(drafts: Drafts) -> None:
    for _ in range(10):
        drafts.new()
    with pytest.raises(BundleError, match="10 uploads wait"):
        drafts.new()


def test_what_a_command_uses_does_not_count_and_goes_when_it_was_killed(drafts: Drafts) -> None:
    busy = [aged(drafts.root / f"kit-add-{number:08}", 1) for number in range(10)]
    left = aged(drafts.root / "kit-add-abcdefgh", 4)
    drafts.new()
    assert not left.exists()
    assert all(folder.exists() for folder in busy)


def test_an_upload_is_kept_for_a_day(drafts: Drafts) -> None:
    old, young = drafts.new(), drafts.new()
    aged(old.folder, 25)
    aged(young.folder, 23)
    drafts.new()
    assert (old.folder.exists(), young.folder.exists()) == (False, True)

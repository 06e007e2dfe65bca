"""Exports appear whole or not at all, and write over nothing."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from kit.models.errors import BundleError
from kit.models.exporting.names import Names
from kit.models.exporting.placing import placed


def write_folder(target: Path) -> None:
    with placed(target) as made:
        made.mkdir()
        (made / "model.json").write_text("{}")


@pytest.mark.parametrize("before", ["nothing", "an empty folder", "an empty file"])
def test_a_free_place_is_taken(before: str, tmp_path: Path) -> None:
    target = tmp_path / "new" / "model"
    target.parent.mkdir()
    {"nothing": lambda: None, "an empty folder": target.mkdir, "an empty file": target.touch}[before]()
    write_folder(target)
    assert [path.name for path in tmp_path.rglob("*")] == ["new", "model", "model.json"]


@pytest.mark.parametrize("kind", ["folder", "file", "link"])
def test_what_is_there_stays(kind: str, tmp_path: Path) -> None:
    target = tmp_path / "model"
    if kind == "folder":
        target.mkdir()
        (target / "notes").write_text("mine")
    elif kind == "file":
        target.write_text("mine")
    else:
        target.symlink_to(tmp_path / "elsewhere")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(BundleError, match=r"name another|name a place"):
        write_folder(target)
    assert sorted(tmp_path.rglob("*")) == before


def stop_in_the_middle(target: Path) -> None:
    with placed(target) as made:
        made.mkdir()
        (made / "model.json").write_text("{")
        raise OSError(errno.ENOSPC, "No space left on device")


def test_nothing_half_written_stays(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="model cannot be written: No space left"):
        stop_in_the_middle(tmp_path / "model")
    assert list(tmp_path.iterdir()) == []


def test_names_are_told_apart_whatever_signs_they_have() -> None:
    names = Names(folders=False)
    assert [names.fresh(name) for name in ("a/b", "a:b", "A_b", "c")] == ["a_b", "a_b_2", "A_b_3", "c"]

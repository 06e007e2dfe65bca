"""Exported files take their place whole or not at all, and nothing that is there is written over."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kit.models.errors import BundleError


@contextmanager
def placed(target: Path) -> Iterator[Path]:
    """Gives a path beside ``target`` to write a file or a folder at; it becomes ``target`` when all went well.

    Raises BundleError where ``target`` holds something already or cannot be written; nothing is left behind then.
    """
    check_free(target)
    target = target.resolve()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".writing-") as room:
            made = Path(room) / target.name
            yield made
            for path in [made, *made.rglob("*")]:
                path.chmod(0o755 if path.is_dir() else 0o644)
            _take_place(made, target)
    except OSError as error:
        raise BundleError(f"{target} cannot be written: {error.strerror or error}") from error


def check_free(target: Path) -> None:
    """Raise BundleError where something is at ``target``; an empty folder or an empty file may be."""
    if target.is_symlink():
        raise BundleError(f"{target} is a link; name a place where nothing is")
    if target.is_dir():
        if any(target.iterdir()):
            raise BundleError(f"the folder {target} is not empty; name another, or empty it first")
    elif target.exists() and (not target.is_file() or target.stat().st_size):
        raise BundleError(f"{target} exists already; name another, or remove it first")


def _take_place(made: Path, target: Path) -> None:
    # What is empty goes first: a folder takes the place of a file nowhere, and of a folder not everywhere.
    if target.is_dir():
        target.rmdir()
    elif made.is_dir():
        target.unlink(missing_ok=True)
    made.replace(target)

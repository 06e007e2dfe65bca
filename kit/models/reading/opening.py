"""A path that somebody names, as a set of files."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kit.models.errors import BundleError
from kit.models.reading.archive import FileSet, Folder, clean_name, listed, shown
from kit.models.reading.zipped import Zip


@contextmanager
def open_files(path: Path) -> Iterator[FileSet]:
    """The files of a folder, of a zip (known by its first bytes, so also ``.keras``), or a file by itself.

    With a ``.json`` come the weight files that lie beside it. Raises BundleError: not there, a zip that is broken or
    a trap, too many or too large files, odd names.
    """
    try:
        files = _opened(path)
    except OSError as error:
        raise BundleError(f"{shown(path.name)} cannot be read ({error.strerror or error})") from error
    try:
        yield files
    finally:
        files.close()


def _opened(path: Path) -> FileSet:
    mode = path.stat().st_mode
    if stat.S_ISDIR(mode):
        return Folder(path)
    if not stat.S_ISREG(mode):
        raise BundleError(f"{shown(path.name)} is neither a file nor a folder")
    if Zip.recognises(path):
        return Zip(path)
    sizes = {clean_name(path.name): path.stat().st_size}
    if path.suffix.lower() == ".json":
        beside = dict(listed(path.parent, depth=1))
        sizes |= {name: size for name, size in beside.items() if name.endswith(".bin") or "-shard" in name}
    return Folder(path.parent, sizes)

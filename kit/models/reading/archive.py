"""A model's files, wherever they lie: a folder, a zip, or one file. Nothing is unpacked that was not asked for."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from kit.models.errors import BundleError
from kit.models.reading.limits import FILE_BYTES, MEMBERS, PATH_CHARACTERS, PATH_DEPTH, TOTAL_BYTES

CHUNK = 1 << 20
IGNORED = {"__MACOSX", ".DS_Store", "Thumbs.db", ".git"}


class FileSet(ABC):
    """Files by name. Names are relative, with ``/``, without ``..``; only what is listed can be read."""

    def __init__(self, sizes: dict[str, int]) -> None:
        self.sizes = sizes
        if len(sizes) > MEMBERS:
            raise BundleError(f"there are more than {MEMBERS} files; hand in the model's own files only")
        for name, size in sizes.items():
            if size > FILE_BYTES:
                raise BundleError(f"{shown(name)} has {size} bytes; at most {FILE_BYTES} are read")
        if sum(sizes.values()) > TOTAL_BYTES:
            raise BundleError(f"the files together have more than {TOTAL_BYTES} bytes; no model needs that")

    @property
    def names(self) -> tuple[str, ...]:
        """All names, sorted."""
        return tuple(sorted(self.sizes))

    def size(self, name: str) -> int:
        """Bytes of a file."""
        if name not in self.sizes:
            raise BundleError(f"{shown(name)} is missing; hand in all files of the model together")
        return self.sizes[name]

    def ending(self, suffix: str) -> tuple[str, ...]:
        """Names whose last part is ``suffix``, or ends with it where that begins with a dot."""
        lasts = ((name, name.rsplit("/", 1)[-1]) for name in self.names)
        dotted = suffix.startswith(".")
        return tuple(name for name, last in lasts if (last.endswith(suffix) if dotted else last == suffix))

    def read(self, name: str, limit: int = FILE_BYTES) -> bytes:
        """A whole file of at most ``limit`` bytes."""
        if self.size(name) > limit:
            raise BundleError(f"{shown(name)} has {self.size(name)} bytes; at most {limit} are read")
        return b"".join(self._chunks(name))

    def copy(self, name: str, target: Path) -> None:
        """Write a file to ``target``, which must not exist yet."""
        with target.open("xb") as opened:
            for chunk in self._chunks(name):
                opened.write(chunk)

    def _chunks(self, name: str) -> Iterator[bytes]:
        """The file's bytes, exactly as many as were listed."""
        left = self.size(name)
        with self._opened(name) as source:
            while left:
                chunk = source.read(min(CHUNK, left))
                if not chunk:
                    raise BundleError(f"{shown(name)} is cut short; copy it again")
                left -= len(chunk)
                yield chunk

    @abstractmethod
    def _opened(self, name: str) -> BinaryIO:
        """The file, open for reading."""

    @abstractmethod
    def close(self) -> None:
        """Give back what is held open."""


class Folder(FileSet):
    """Files of a folder; links and special files are not followed, and not listed."""

    def __init__(self, root: Path, sizes: dict[str, int] | None = None) -> None:
        self._root = root
        super().__init__(dict(islice(listed(root), MEMBERS + 1)) if sizes is None else sizes)

    def _opened(self, name: str) -> BinaryIO:
        try:
            handle = os.open(self._root / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError as error:
            raise BundleError(f"{shown(name)} cannot be read ({error.strerror})") from error
        return os.fdopen(handle, "rb")

    def close(self) -> None:
        pass


def listed(root: Path, prefix: str = "", depth: int = PATH_DEPTH) -> Iterator[tuple[str, int]]:
    """Names and sizes of a folder's files, down to a depth; links are left out."""
    seen = 0
    try:
        with os.scandir(root / prefix) as entries:
            for entry in entries:
                seen += 1
                if seen > MEMBERS:
                    raise BundleError(
                        f"{root.name} holds more than {MEMBERS} files; name the model's own folder"
                    )
                if entry.name in IGNORED or entry.is_symlink():
                    continue
                name = f"{prefix}{entry.name}"
                if entry.is_dir(follow_symlinks=False) and depth > 1:
                    yield from listed(root, f"{name}/", depth - 1)
                # Names that are not clean cannot be named by a model, and need not stop the rest.
                elif entry.is_file(follow_symlinks=False) and is_clean(name):
                    yield name, entry.stat(follow_symlinks=False).st_size
    except OSError as error:
        raise BundleError(f"{root.name} cannot be read ({error.strerror})") from error


def is_clean(name: str) -> bool:
    """Whether a name can be listed: relative, without ``..``, control characters and the like, not too long."""
    parts = name.split("/")
    return (
        len(name) <= PATH_CHARACTERS
        and len(parts) <= PATH_DEPTH + 1
        and not any(part in {"", ".", ".."} for part in parts)
        and not any(sign in '\\:"<>|?*' for sign in name)
        and name.isprintable()
    )


def clean_name(name: str) -> str:
    """The name, if it is clean. Raises BundleError where not."""
    if not is_clean(name):
        raise BundleError(f"{shown(name)} is not a file name that is accepted; rename it")
    return name


def shown(name: str) -> str:
    """A stranger's name, fit for an error message."""
    safe = "".join(sign if sign.isprintable() else "?" for sign in name)
    return safe if len(safe) <= 120 else safe[:117] + "..."

"""A zip read with care: its table of contents is weighed before it is parsed, its members before they are read."""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from kit.models.errors import BundleError
from kit.models.reading.archive import IGNORED, FileSet, clean_name, shown
from kit.models.reading.limits import DIRECTORY_BYTES, MEMBERS, PACKED_RATIO

_END, _END64 = b"PK\x05\x06", b"PK\x06\x07"
_END_BYTES = 22
_SMALL = 10_000_000  # what a trap would have to exceed to hurt
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError)


class Zip(FileSet):
    """Members of a zip."""

    def __init__(self, path: Path) -> None:
        _weigh_directory(path)
        self._label = path.name
        try:
            self._zip = zipfile.ZipFile(path)
        except _BROKEN as error:
            raise BundleError(f"{shown(path.name)} is a broken zip ({error}); pack it again") from error
        try:
            members = {name: info for info in self._zip.infolist() if (name := _name(info))}
            self._check(members, path.stat().st_size)
            super().__init__({name: info.file_size for name, info in members.items()})
        except BaseException:
            self._zip.close()
            raise
        self._members = members

    @staticmethod
    def recognises(path: Path) -> bool:
        """Whether a file begins as a zip does."""
        with path.open("rb") as opened:
            return opened.read(4) in {b"PK\x03\x04", _END}

    def _check(self, members: dict[str, zipfile.ZipInfo], packed: int) -> None:
        listed = [info for info in self._zip.infolist() if _name(info)]
        if len(listed) != len({name.lower() for name in members}):
            raise BundleError(f"{shown(self._label)} holds two files of one name; pack it again")
        for info in listed:
            if info.flag_bits & 1:
                raise BundleError(f"{shown(info.filename)} is locked with a password; pack it without")
            if stat.S_ISLNK(info.external_attr >> 16):
                raise BundleError(f"{shown(info.filename)} is a link; pack the file itself")
        unpacked = sum(info.file_size for info in listed)
        if unpacked > max(_SMALL, PACKED_RATIO * packed):
            raise BundleError(
                f"{shown(self._label)} would unpack from {packed} to {unpacked} bytes; pack the model's files only"
            )

    def _opened(self, name: str) -> BinaryIO:
        try:
            return self._zip.open(self._members[name])  # type: ignore[return-value]
        except _BROKEN as error:
            raise BundleError(f"{shown(name)} cannot be unpacked ({error}); pack the zip again") from error

    def _chunks(self, name: str) -> Iterator[bytes]:
        try:
            yield from super()._chunks(name)
        except BundleError:
            raise
        except _BROKEN as error:
            raise BundleError(f"{shown(name)} cannot be unpacked ({error}); pack the zip again") from error

    def close(self) -> None:
        self._zip.close()


def _name(info: zipfile.ZipInfo) -> str | None:
    """The member's name, or None for folders and what file managers leave behind."""
    parts = info.filename.split("/")
    return None if info.is_dir() or set(parts) & IGNORED else clean_name(info.filename)


def _weigh_directory(path: Path) -> None:
    """Refuse a table of contents that would fill the memory: the end record says how large it is.

    Python parses the whole table on opening, so this must come first; zips of the 64-bit form, which could say
    something else, are needed by no model of an allowed size.
    """
    with path.open("rb") as opened:
        size = opened.seek(0, 2)
        opened.seek(max(0, size - _END_BYTES - 65_536))
        tail = opened.read()
    last = tail[-_END_BYTES:]
    plain = last.startswith(_END) and last.endswith(b"\0\0")
    at = len(tail) - _END_BYTES if plain else tail.rfind(_END)
    if at < 0 or len(tail) - at < _END_BYTES:
        raise BundleError(f"{shown(path.name)} is a zip without its end; copy it again")
    entries = int.from_bytes(tail[at + 10 : at + 12], "little")
    table = int.from_bytes(tail[at + 12 : at + 16], "little")
    if tail[max(0, at - 20) : at].startswith(_END64) or entries > MEMBERS or table > DIRECTORY_BYTES:
        raise BundleError(f"{shown(path.name)} lists too many files; pack the model's own files only")

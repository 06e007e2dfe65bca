"""The Oxford 102 flowers: 8,189 photographs in one archive (Nilsback and Zisserman, 2008)."""

from __future__ import annotations

import gzip
import json
import shutil
import tarfile
import zlib
from pathlib import Path, PurePosixPath

from kit.datasets.download import Progress, Source, download, matches
from kit.datasets.layout import SUFFIXES
from kit.errors import CallerError

ADDRESS = "https://www.robots.ox.ac.uk/~vgg/data/flowers/102/102flowers.tgz"
PUBLISHED = Source(ADDRESS, 344_862_509, "2d01ecc807db462958cfe3d92f57a8c252b4abd240eb955770201e45f783b246")
ARCHIVE = "102flowers.tgz"
NOTE = "SOURCE.json"
RIGHTS = (
    "Collected from the web by the Visual Geometry Group, University of Oxford, for research. Rights stay with the "
    "photographers, who are not named: train with it, do not publish the photographs."
)


def get(source: Source, out: Path, progress: Progress) -> int:
    """Fetch and unpack into ``out``; returns how many photographs are there. Does nothing where all is there.

    A copy of the archive that lies in ``out`` already is used. ``SOURCE.json``, written last, says where it all came
    from. Raises CallerError where the archive cannot be had or is not the published one.
    """
    note = out / NOTE
    if note.is_file():
        return int(json.loads(note.read_text(encoding="utf-8"))["photographs"])
    out.mkdir(parents=True, exist_ok=True)
    archive = out / ARCHIVE
    if not archive.is_file():
        download(source, archive, progress)
    elif not matches(archive, source):
        raise CallerError(f"{archive} is not the published archive (its sha256 differs); remove it")
    count = unpack(archive, out)
    about = {"url": source.url, "sha256": source.sha256, "photographs": count, "rights": RIGHTS}
    note.write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")
    archive.unlink()
    return count


def unpack(archive: Path, out: Path) -> int:
    """Take the pictures out of a tar archive, flat, whatever folders they lie in; returns how many.

    Links and anything else than plain picture files stay where they are. Raises CallerError for a broken archive.
    """
    count = 0
    try:
        with tarfile.open(archive) as packed:
            for member in packed:
                name = PurePosixPath(member.name).name
                stream = packed.extractfile(member) if member.isfile() else None
                if stream is None or PurePosixPath(name).suffix.lower() not in SUFFIXES:
                    continue
                with (out / name).open("wb") as file:
                    shutil.copyfileobj(stream, file)
                count += 1
    except (tarfile.TarError, gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise CallerError(f"{archive} cannot be unpacked: {error}; remove it and fetch it again") from error
    if not count:
        raise CallerError(f"{archive} holds no photographs (jpg, png or webp)")
    return count

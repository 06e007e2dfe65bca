"""The bundles that are there, and the files in them that may be read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from kit.models.errors import BundleError
from kit.models.manifest import MANIFEST, Manifest, read_manifest

BUNDLED = Path(__file__).parent / "bundled"


@dataclass(frozen=True)
class BundleInfo:
    """A bundle in short. ``bytes``: what a tester downloads (manifest and shards); ``sha256``: its identity."""

    name: str
    version: str
    title: str
    description: str
    parameters: int
    live_parameters: int
    bytes: int
    psnr_db: float | None
    internal: bool
    precision: str
    path: Path
    sha256: str


@dataclass(frozen=True)
class BundleFile:
    """A file that may be served: where it is, how long, and its sha256 (a strong ETag)."""

    path: Path
    bytes: int
    sha256: str


def list_bundles(roots: Iterable[Path], *, internal: bool = True) -> list[BundleInfo]:
    """All bundles below the roots, by name and version; of the same name and version the first root's counts.

    Reads manifests only (``verify_bundle`` checks files). A folder whose manifest cannot be read is left out: see
    ``broken_bundles``.
    """
    found: dict[tuple[str, str], BundleInfo] = {}
    for folder in _folders(roots):
        try:
            info = bundle_info(folder)
        except BundleError:
            continue
        if internal or not info.internal:
            found.setdefault((info.name, info.version), info)
    return sorted(found.values(), key=lambda info: (info.name, version_key(info.version)))


def broken_bundles(roots: Iterable[Path]) -> list[tuple[Path, str]]:
    """Folders that look like bundles but cannot be read, each with the reason."""
    broken = []
    for folder in _folders(roots):
        try:
            bundle_info(folder)
        except BundleError as error:
            broken.append((folder, str(error)))
    return broken


def find_bundle(roots: Iterable[Path], name: str, version: str | None = None) -> BundleInfo:
    """The bundle of a name: the given version, or else the newest that is no internal one, or else the newest.

    Raises BundleError where there is none.
    """
    fitting = [info for info in list_bundles(roots) if info.name == name and version in {None, info.version}]
    if not fitting:
        wanted = name if version is None else f"{name} {version}"
        raise BundleError(f"there is no model {wanted}; `kit models list` shows those that are there")
    public = [
        info for info in fitting if not info.internal
    ]  # a version that no list shows must not win unseen
    return (public or fitting)[-1]


def bundle_info(folder: Path) -> BundleInfo:
    """Read what a bundle says about itself. Raises BundleError where it is in the wrong folder or unreadable."""
    manifest, sha256 = _read(folder)
    if (manifest.name, manifest.version) != (folder.parent.name, folder.name):
        raise BundleError(
            f"{folder}: the manifest says {manifest.name}/{manifest.version}; rename the folder to that"
        )
    sizes = {file.path: file.bytes for file in manifest.files}
    psnr = (manifest.quality or {}).get("psnr_db_vs_fp32")
    return BundleInfo(
        name=manifest.name,
        version=manifest.version,
        title=manifest.title,
        description=manifest.description,
        parameters=manifest.parameters.total,
        live_parameters=manifest.parameters.live,
        bytes=(folder / MANIFEST).stat().st_size + sum(sizes.get(shard, 0) for shard in manifest.shards),
        psnr_db=float(psnr) if isinstance(psnr, int | float) else None,
        internal=manifest.internal,
        precision=manifest.precision,
        path=folder,
        sha256=sha256,
    )


def resolve_file(roots: Iterable[Path], name: str, version: str, file: str) -> BundleFile | None:
    """The file of a bundle that an address names, or None. Only files that the manifest lists exist here.

    The three strings may be anything: they are compared with what is there and never joined to a path before that.
    """
    for folder in _folders(roots):
        if (folder.parent.name, folder.name) == (name, version):
            try:
                manifest, sha256 = _read(folder)
            except BundleError:
                return None
            if file == MANIFEST:
                return BundleFile(folder / MANIFEST, (folder / MANIFEST).stat().st_size, sha256)
            entry = next((entry for entry in manifest.files if entry.path == file), None)
            return None if entry is None else BundleFile(folder / entry.path, entry.bytes, entry.sha256)
    return None


def version_key(version: str) -> tuple[int, ...]:
    """What to sort versions by: 1.10.0 comes after 1.9.0."""
    return tuple(int(part) for part in version.split("."))


def _folders(roots: Iterable[Path]) -> Iterator[Path]:
    for root in roots:
        for manifest in sorted(root.glob(f"[a-z0-9]*/[0-9]*/{MANIFEST}")):
            yield manifest.parent


def _read(folder: Path) -> tuple[Manifest, str]:
    file = folder / MANIFEST
    try:
        status = file.stat()
    except OSError:
        read_manifest(folder)  # says in its own words what is wrong
        raise
    return _cached(file, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=64)
def _cached(file: Path, changed_ns: int, size: int) -> tuple[Manifest, str]:
    """Read once for each state of the file: ``changed_ns`` and ``size`` are here to tell states apart."""
    return read_manifest(file), hashlib.sha256(file.read_bytes()).hexdigest()
